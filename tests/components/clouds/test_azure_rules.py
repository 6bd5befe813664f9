"""Azure: what is judged offline: room, limits, references, and what only Azure refuses."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

import components.clouds.azure
from components.cell.ranges import ranges
from components.cell.spec import CellSpec
from components.clouds.azure import ENTRY, addresses
from components.clouds.azure.check import check
from components.clouds.azure.references import parts
from components.clouds.azure.room import room
from components.clouds.contract import Room
from components.clouds.limits import KEYS, limits
from tests.components.clouds.azure_plan import NETWORKS, OTHER, OTHERS, SUBSCRIPTION

HERE = Path(components.clouds.azure.__file__).parent
APPS = f"{NETWORKS}/virtualNetworks/apps"
PEERING = {"network": APPS, "cidrs": ["10.90.0.0/16"]}
SERVICE = f"{OTHERS}/privateLinkServices/kafka"


def cell(zones: Iterable[str] = ("westeurope-1",), **network: Any) -> Any:
    """The example cell with another network."""
    text = yaml.safe_load((HERE / "examples/minimal.yaml").read_text("utf-8"))
    text["zones"] = list(zones)
    text["network"] = {"address_block": "10.40.0.0/20", **network}
    return CellSpec.model_validate(text)


def existing(
    name: str = "company", cidr: str = "10.77.4.0/26", nodes: str = "10.77.0.0/22", within: str = NETWORKS
) -> dict[str, Any]:
    at = f"{within}/virtualNetworks/{name}/subnets"
    zone = {"nodes": {"id": f"{at}/nodes", "cidr": nodes}, "load_balancers": {"id": f"{at}/front", "cidr": cidr}}
    return {"network": f"{within}/virtualNetworks/company", "zones": {"westeurope-1": zone}}


def found(**network: Any) -> list[tuple[str, str]]:
    return [(finding.code, ".".join(map(str, finding.path))) for finding in check(cell(**network))]


def rooms(spec: Any) -> dict[str, Room]:
    return {each.what: each for each in room(spec, ranges(spec.network, spec.zones, ENTRY.zone_pattern))}


def links(*names: str) -> dict[str, Any]:
    return {name: {"service": SERVICE, "dns_zone": f"{name}.internal"} for name in names}


def clash(block: str) -> tuple[str, str]:
    """Two names whose endpoints would have one address."""
    seen: dict[str, str] = {}
    for n in range(1000):
        before = seen.setdefault(addresses.endpoint(block, f"link-{n}"), f"link-{n}")
        if before != f"link-{n}":
            return before, f"link-{n}"
    raise AssertionError(block)


def test_a_good_cell_has_no_findings() -> None:
    assert (
        found(
            peerings={"apps": PEERING},
            links=links("orders"),
            hub={"id": f"{NETWORKS}/virtualHubs/h", "cidrs": ["10.128.0.0/9"]},
        )
        == []
    )
    assert found(existing=existing(), links=links("orders"), gateway={}) == []


@pytest.mark.parametrize(
    ("network", "code", "path"),
    [
        (
            {"peerings": {"a": PEERING, "b": {**PEERING, "cidrs": ["10.91.0.0/16"]}}},
            "peering-twice",
            "network.peerings.b.network",
        ),
        ({"peerings": {"a": {**PEERING, "account": OTHER}}}, "peering-subscription", "network.peerings.a.account"),
        (
            {"hub": {"new": {"asn": 64600, "address_block": "10.250.0.0/23"}, "cidrs": ["10.128.0.0/9"]}},
            "hub-asn-fixed",
            "network.hub.new.asn",
        ),
        (
            {"existing": existing(name="other")},
            "subnet-elsewhere",
            "network.existing.zones.westeurope-1.nodes.id",
        ),
        (
            {"existing": existing(within=OTHERS)},
            "network-elsewhere",
            "network.existing.network",
        ),
        (
            {"existing": existing(cidr="10.77.4.0/30")},
            "subnet-too-small",
            "network.existing.zones.westeurope-1.load_balancers.cidr",
        ),
        (
            {"existing": existing(), "egress": {"allowed_cidrs": ["203.0.113.0/24"]}},
            "egress-not-ours",
            "network.egress",
        ),
    ],
)
def test_what_only_azure_refuses(network: dict[str, Any], code: str, path: str) -> None:
    assert (code, path) in found(**network)
    assert {each for each, _ in found(**network)} == {code}


def test_a_peering_that_states_its_own_subscription_is_fine() -> None:
    assert found(peerings={"a": {**PEERING, "account": SUBSCRIPTION}}) == []


def test_two_links_with_one_address_are_told_at_the_second() -> None:
    one, two = clash("10.40.9.16/28")
    assert found(links=links(one, two)) == [("link-address-taken", f"network.links.{two}")]


def test_in_an_existing_subnet_a_link_cannot_have_the_gateways_address() -> None:
    gateway = addresses.front("10.77.4.0/28")
    taker = next(f"l{n}" for n in range(1000) if addresses.endpoint("10.77.4.0/28", f"l{n}") == gateway)
    here = existing(cidr="10.77.4.0/28")
    assert found(existing=here, links=links(taker), gateway={}) == [("link-address-taken", f"network.links.{taker}")]
    assert found(existing=here, links=links(taker)) == []


def test_a_block_that_cannot_be_cut_is_left_to_the_check_of_blocks() -> None:
    spec = cell(links=links("orders"))
    wrong = spec.model_copy(update={"network": spec.network.model_copy(update={"address_block": "10.40.0.0/24"})})
    assert list(check(wrong)) == []


def test_nodes_of_a_zone_have_the_zones_range_and_pods_the_overlay() -> None:
    told = rooms(cell(("westeurope-1", "westeurope-2")))
    nodes = told["nodes of zone westeurope-1"]
    assert (nodes.range, nodes.available, nodes.needed) == ("10.40.0.0/24", 251, 6 + 2 + 2)
    assert "load balancers" in nodes.why
    assert "load balancers" not in told["nodes of zone westeurope-2"].why
    pods = told["pods (an overlay)"]
    assert (pods.available, pods.needed) == (2**20, 2 * 10 * 256)


def test_the_smallest_block_has_room_for_everything_once() -> None:
    spec = cell(
        reachability="privatelink", privatelink={"consumers": [OTHER]}, links=links("a", "b"), gateway={"replicas": 3}
    )
    told = rooms(spec)
    assert all(each.needed <= each.available for each in told.values())
    assert told["the gateway's load balancer"].range == "10.40.8.0/27"
    assert (told["addresses of the private link"].range, told["addresses of the private link"].needed) == (
        "10.40.9.160/28",
        8,
    )
    assert (told["endpoints of links"].range, told["endpoints of links"].needed) == ("10.40.9.16/28", 2)


def test_a_public_gateway_takes_no_private_address() -> None:
    spec = cell(reachability="public", allowed_cidrs=["203.0.113.0/24"], gateway={})
    assert "the gateway's load balancer" not in rooms(spec)


def test_an_existing_subnet_is_judged_with_all_that_stands_in_it() -> None:
    spec = cell(
        existing=existing(cidr="10.77.4.0/29"),
        reachability="privatelink",
        privatelink={"consumers": [OTHER]},
        links=links("a"),
    )
    (front,) = [each for each in rooms(spec).values() if each.range == "10.77.4.0/29"]
    assert (front.available, front.needed) == (3, 1 + 8 + 1)
    same = existing(nodes="10.77.4.0/26")
    (shared,) = [each for each in rooms(cell(existing=same, gateway={})).values() if each.range == "10.77.4.0/26"]
    assert shared.needed == 6 + 2 + 2 + 1


def test_limits_are_known_by_key_and_each_has_a_source_and_a_date() -> None:
    rows = json.loads((HERE / "limits.json").read_text("utf-8"))
    assert len(rows) == len(limits("azure"))
    assert {row["key"] for row in rows} <= set(KEYS)
    for row in rows:
        assert row["source"]
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", row["date"])
        assert row["limit"] > 0


def test_an_id_is_taken_apart_and_anything_else_refused() -> None:
    subnet = parts(f"{OTHERS}/virtualNetworks/company/subnets/front")
    assert (subnet.subscription, subnet.group, subnet.names, subnet.name) == (
        OTHER,
        "theirs",
        ("company", "front"),
        "front",
    )
    assert subnet.group_id == f"/subscriptions/{OTHER}/resourceGroups/theirs"
    for text in ("company", f"/subscriptions/{OTHER}/resourceGroups/theirs", f"{OTHERS}/virtualNetworks"):
        with pytest.raises(ValueError, match="is no id of an Azure resource"):
            parts(text)
