"""Whether an AWS cell's subnets hold what it declares, and AWS' limits as data."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.cell.ranges import ranges
from components.cell.spec import CellBody, CellSpec
from components.clouds.aws import ENTRY, room
from components.clouds.aws.counts import LOAD_BALANCERS_PER_REGION
from components.clouds.contract import Room
from components.clouds.limits import KEYS, limits
from components.clouds.machines import machines
from tests.components.clouds.test_aws_existing import EXISTING

FOLDER = Path(room.__file__).parent


def spec(network: Mapping[str, Any] | None = None, **kafka: Any) -> CellBody:
    body = yaml.safe_load((FOLDER / "examples/minimal.yaml").read_text("utf-8"))
    body["network"] = {"address_block": "10.64.0.0/16", **(network or {})}
    body["kubernetes"]["kafka_nodes"] = {"machine": "m7g.large", "least_per_zone": 1, "most_per_zone": 2, **kafka}
    return CellSpec.model_validate(body)


def rooms(asked: CellBody) -> dict[str, Room]:
    cut = ranges(asked.network, asked.zones, ENTRY.zone_pattern)
    return {each.what: each for each in room.room(asked, cut)}


def test_nodes_are_counted_with_the_interfaces_that_their_pods_take() -> None:
    found = rooms(spec())["nodes and pods of zone eu-west-1a"]
    # 5 control plane, 2 x 20 Kafka, 1 x 36 system (t4g.large), 36 for a node more, 4 brokers' balancers + bootstrap.
    assert found.needed == 5 + 2 * 20 + 36 + 36 + 5
    assert found.range == "10.64.0.0/20"
    assert found.available == 4096 - 5
    assert "2 Kafka nodes of 20 addresses (m7g.large)" in found.why


def test_more_nodes_need_more_room_and_a_small_block_has_too_little() -> None:
    small = rooms(spec({"address_block": "10.64.0.0/20"}, most_per_zone=8))["nodes and pods of zone eu-west-1b"]
    assert small.available == 251
    assert small.needed > small.available
    larger = rooms(spec(most_per_zone=8))["nodes and pods of zone eu-west-1b"]
    assert larger.needed == small.needed < larger.available


def test_only_a_public_cell_keeps_load_balancers_apart() -> None:
    public = rooms(spec({"reachability": "public", "allowed_cidrs": ["203.0.113.0/24"]}))
    assert public["load balancers of zone eu-west-1a"].needed == 5 + 1, "four brokers, bootstrap, NAT"
    private = rooms(spec())
    assert "load balancers of zone eu-west-1a" not in private
    name = "nodes and pods of zone eu-west-1a"
    assert private[name].needed == public[name].needed + 5


def test_one_gateway_takes_the_place_of_a_balancer_for_each_broker() -> None:
    name = "nodes and pods of zone eu-west-1a"
    by_name = rooms(spec({"gateway": {}, "fan_out": "sni"}))[name]
    assert rooms(spec())[name].needed - by_name.needed == 5 - 1
    linked = rooms(spec({"reachability": "privatelink", "privatelink": {"consumers": ["555566667777"]}}))[name]
    assert linked.needed == by_name.needed


def test_no_more_load_balancers_are_counted_than_a_region_has() -> None:
    name = "nodes and pods of zone eu-west-1a"
    found = rooms(spec(most_per_zone=200))[name]
    assert f"{LOAD_BALANCERS_PER_REGION} load balancers of brokers on 400 nodes" in found.why


def test_endpoints_and_attachments_are_counted() -> None:
    name = "nodes and pods of zone eu-west-1a"
    plain = rooms(spec())[name].needed
    link = {"shared": {"service": "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0", "cell": "other"}}
    assert rooms(spec({"links": link}))[name].needed == plain + 1
    assert rooms(spec({"egress": {"allowed_cidrs": ["203.0.113.0/24"]}}))[name].needed == plain + 10
    hub = rooms(spec({"reachability": "hub", "hub": {"new": {}, "cidrs": ["10.200.0.0/16"]}}))
    attachment = hub["hub attachment of zone eu-west-1a"]
    assert (attachment.needed, attachment.available) == (1, 11)


def test_subnets_that_are_there_are_judged_the_same_way() -> None:
    hub = {"id": "tgw-0123456789abcdef0", "cidrs": ["10.200.0.0/16"]}
    found = rooms(spec({"existing": EXISTING, "reachability": "hub", "hub": hub}))
    nodes = found["nodes and pods of zone eu-west-1b"]
    assert (nodes.range, nodes.available) == ("172.16.16.0/20", 4091)
    assert "1 for the hub's attachment" in nodes.why
    balancers = found["load balancers of zone eu-west-1b"]
    assert (balancers.range, balancers.available, balancers.needed) == ("172.16.200.32/27", 27, 5)
    assert "hub attachment of zone eu-west-1b" not in found


def test_one_subnet_for_both_holds_both() -> None:
    both = {
        zone: {"nodes": each["nodes"], "load_balancers": each["nodes"]}
        for zone, each in EXISTING["zones"].items()  # type: ignore[attr-defined] # a literal
    }
    found = rooms(spec({"existing": {**EXISTING, "zones": both}}))
    assert set(found) == {"nodes and pods of zone eu-west-1a", "nodes and pods of zone eu-west-1b"}
    assert (
        found["nodes and pods of zone eu-west-1a"].needed == rooms(spec())["nodes and pods of zone eu-west-1a"].needed
    )


def test_every_machine_says_how_many_addresses_it_holds() -> None:
    rows = json.loads((FOLDER / "interfaces.json").read_text("utf-8"))
    assert set(rows) == set(machines("aws"))
    assert all(row["source"] for row in rows.values())
    assert room.addresses_of("m7g.xlarge") == 60
    assert room.addresses_of("m7g.xlarge", 2) == 30
    assert room.addresses_of("m7g.large", 9) == 30


@pytest.mark.parametrize("key", sorted(limits("aws")))
def test_each_limit_says_where_it_is_from(key: str) -> None:
    limit = limits("aws")[key]
    assert key in KEYS
    assert limit.limit > 0
    assert "docs.aws.amazon.com/" in limit.source
    assert limit.date >= "2026-01-01"


def test_counts_follow_the_limits() -> None:
    assert limits("aws")["load_balancers_per_region"].limit == LOAD_BALANCERS_PER_REGION
