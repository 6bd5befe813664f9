"""Whether a cell on GCP fits its ranges, what only GCP refuses, and the limits that are counted."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.cell.ranges import ranges
from components.cell.spec import CellBody, InlineCellSpec
from components.clouds.contract import Room
from components.clouds.gcp import ENTRY
from components.clouds.gcp.check import check
from components.clouds.gcp.pods import addresses
from components.clouds.gcp.room import room
from tests.components.clouds.gcp_plan import EXISTING, HERE, SERVICE, SUBNETS

ZONES = ["europe-west1-b", "europe-west1-c", "europe-west1-d"]


def cell(**network: Any) -> CellBody:
    """A cell of three zones with at most 3 Kafka and 2 other nodes in each."""
    text = yaml.safe_load((HERE / "examples/minimal.yaml").read_text("utf-8"))
    body = {k: text[k] for k in ("cloud", "region", "kubernetes", "strimzi", "gcp")}
    body["kubernetes"]["kafka_nodes"]["most_per_zone"] = 3
    net = {"address_block": "10.64.0.0/20", **network}
    return InlineCellSpec.model_validate({**body, "account": "acme-kafka-prod", "zones": ZONES, "network": net})


def rooms(**network: Any) -> dict[str, Room]:
    spec = cell(**network)
    return {each.range: each for each in room(spec, ranges(spec.network, spec.zones, ENTRY.zone_pattern))}


def test_every_range_of_a_plain_cell_is_counted() -> None:
    found = rooms()
    assert {r: (f.what, f.available, f.needed) for r, f in found.items()} == {
        "10.64.0.0/21": ("nodes", 2044, (3 + 2 + 2) * 3),
        "10.64.8.0/24": ("internal load balancers", 252, 9 + 3),
        # A Kafka node takes a /26 and any other a /25, and one more of each comes during upgrades.
        "10.64.12.0/22": ("pods", 1024, 3 * (4 * 64 + 3 * 128)),
        "10.64.10.0/24": ("Kubernetes services", 256, 9 * 8 + 64),
    }
    assert all(each.why for each in found.values())


def test_the_smallest_block_has_too_few_pods_for_three_zones() -> None:
    pods = rooms()["10.64.12.0/22"]
    assert pods.needed > pods.available


@pytest.mark.parametrize(("pods", "taken"), [(8, 16), (32, 64), (33, 128), (64, 128), (110, 256)])
def test_a_node_takes_twice_its_pods_rounded_up(pods: int, taken: int) -> None:
    assert addresses(pods) == taken


def test_consumers_of_a_private_link_need_an_address_each() -> None:
    offered = {"consumers": ["acme-web", "acme-data"], "connections_per_consumer": 6}
    nat = rooms(reachability="privatelink", privatelink=offered)["10.64.9.160/28"]
    assert (nat.available, nat.needed) == (12, 12)


def test_links_that_are_consumed_take_endpoints() -> None:
    links = {"orders": {"service": SERVICE, "dns_zone": "orders.example.com"}}
    assert (rooms(links=links)["10.64.9.16/28"].available, rooms(links=links)["10.64.9.16/28"].needed) == (12, 1)
    shared = rooms(links=links, existing=EXISTING)["10.140.16.0/24"]
    assert (shared.what, shared.needed) == ("internal load balancers and endpoints of private links", 12 + 1)


def test_existing_subnetworks_are_judged_the_same_way() -> None:
    found = rooms(existing=EXISTING)
    assert {r: (f.available, f.needed) for r, f in found.items()} == {
        "10.140.0.0/20": (4092, 21),
        "10.140.16.0/24": (252, 12),
        "10.141.0.0/16": (65536, 3 * (4 * 64 + 3 * 128)),
        "10.142.0.0/20": (4096, 136),
    }


def test_one_subnetwork_for_two_purposes_holds_both() -> None:
    both = {"nodes": SUBNETS["nodes"], "load_balancers": SUBNETS["nodes"]}
    found = rooms(existing={**EXISTING, "zones": dict.fromkeys(ZONES, both)})["10.140.0.0/20"]
    assert (found.what, found.needed) == ("nodes and internal load balancers", 21 + 12)


PEERED = {"network": "projects/acme-data/global/networks/data", "cidrs": ["10.200.0.0/16"]}
OTHER = {**SUBNETS, "nodes": {"id": "other-nodes", "cidr": "10.143.0.0/20"}}
FAR = SERVICE.replace("europe-west1", "us-central1")
WRONG: dict[str, tuple[dict[str, Any], str, tuple[str | int, ...]]] = {
    "a peering without the other project": (
        {"peerings": {"data": PEERED}}, "peering-project", ("network", "peerings", "data", "network"),
    ),
    "a peering with a third project": (
        {"peerings": {"data": {**PEERED, "account": "acme-third"}}},
        "peering-project", ("network", "peerings", "data", "account"),
    ),
    "a service of another region": (
        {"links": {"orders": {"service": FAR, "dns_zone": "orders.example.com"}}},
        "link-region", ("network", "links", "orders", "service"),
    ),
    "a stranger who is accepted": (
        {
            "reachability": "privatelink",
            "privatelink": {"consumers": ["acme-web"], "acceptance": "manual", "accepted": ["acme-web", "acme-spy"]},
        },
        "accepted-stranger", ("network", "privatelink", "accepted", 1),
    ),
    "a network of another project": (
        {"existing": {**EXISTING, "network": "projects/acme-net/global/networks/shared"}},
        "shared-vpc", ("network", "existing", "network"),
    ),
    "other subnetworks in another zone": (
        {"existing": {**EXISTING, "zones": {**dict.fromkeys(ZONES, SUBNETS), ZONES[2]: OTHER}}},
        "subnets-differ", ("network", "existing", "zones", ZONES[2], "nodes", "id"),
    ),
    "no range for pods": (
        {"existing": {k: v for k, v in EXISTING.items() if k not in ("pods", "pods_name")}},
        "no-secondary-range", ("network", "existing"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_only_gcp_refuses_is_told_with_its_place(case: str) -> None:
    network, code, path = WRONG[case]
    (found,) = check(cell(**network))
    assert (found.code, found.path) == (code, path)
    assert re.match(r"[a-z]", found.message)
    assert not found.message.endswith(".")
    assert found.hint or found.allowed


def test_what_is_right_is_not_refused() -> None:
    right = {
        "peerings": {"data": {**PEERED, "account": "acme-data"}},
        "links": {"orders": {"service": SERVICE, "dns_zone": "orders.example.com"}},
        "reachability": "privatelink",
        "privatelink": {"consumers": ["acme-web"], "acceptance": "manual", "accepted": ["acme-web"]},
        "existing": EXISTING,
    }
    assert list(check(cell(**right))) == []


def test_judging_a_cell_loads_no_sdk() -> None:
    code = (
        "import sys, components.clouds.gcp.room, components.clouds.gcp.check\n"
        "print([m for m in sys.modules if m.split('.')[0].startswith('pulumi')])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_every_limit_has_a_source_and_a_date() -> None:
    root = Path(__file__).parents[3]
    rows = json.loads((root / ENTRY.limits).read_text("utf-8"))
    assert len({row["key"] for row in rows}) == len(rows) == 9
    for row in rows:
        assert set(row) == {"key", "what", "limit", "adjustable", "source", "date"}
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", row["date"])
        assert row["limit"] > 0
        assert "google.com" in row["source"]
        assert ("read in a stored copy" in row["source"]) != ("unverified" in row["source"])
