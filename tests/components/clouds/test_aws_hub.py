"""The hub of an AWS cell: a Transit Gateway of its own with sharing, or the company's."""

from ipaddress import IPv4Network
from typing import Any

import pytest

from tests.components.clouds.aws_plan import CELL, ZONES, Plan, plan, request

HUB = "tgw-0123456789abcdef0"
CIDRS = ("10.200.0.0/16", "192.168.0.0/16")


def attached(**hub: Any) -> Plan:
    return plan(request(reachability="hub", hub={"cidrs": CIDRS, **hub}))


@pytest.fixture(scope="module")
def new() -> Plan:
    return attached(new={"asn": 64600, "shared_with": ("999988887777", "555566667777")})


@pytest.fixture(scope="module")
def joined() -> Plan:
    return attached(id=HUB)


def test_a_hub_of_the_cells_own_lets_every_attachment_meet_every_other(new: Plan) -> None:
    made = new.one("hub")
    assert made.protect
    assert made.inputs["amazonSideAsn"] == 64600
    for setting in ("defaultRouteTableAssociation", "defaultRouteTablePropagation", "autoAcceptSharedAttachments"):
        assert made.inputs[setting] == "enable", setting


def test_a_hub_that_is_shared_with_nobody_accepts_nobody() -> None:
    alone = attached(new={})
    assert alone.one("hub").inputs["autoAcceptSharedAttachments"] == "disable"
    assert not alone.of("ResourceShare")


def test_the_hub_is_shared_with_the_listed_accounts_and_no_other(new: Plan) -> None:
    assert {r.inputs["principal"] for r in new.of("PrincipalAssociation").values()} == {"555566667777", "999988887777"}
    assert new.one("hub-shared").inputs == {
        "resourceArn": f"arn:{CELL}-hub",
        "resourceShareArn": f"arn:{CELL}-hub-share",
    }
    told = new.outputs["told"]["hub"]
    assert told["id"] == f"{CELL}-hub-id"
    assert sum("accept-resource-share-invitation" in line for line in told["instructions"]) == 2
    assert not [line for line in told["instructions"] if "accept-transit-gateway-vpc-attachment" in line]


def test_the_attachment_has_small_subnets_of_its_own_inside_the_block(joined: Plan) -> None:
    attachment = joined.one("hub-attachment").inputs
    assert attachment["transitGatewayId"] == HUB
    assert attachment["subnetIds"] == [f"{CELL}-hub-{zone}-id" for zone in ZONES]
    part = IPv4Network(joined.one("infrastructure-range").inputs["cidrBlock"])
    for zone in ZONES:
        subnet = joined.one(f"hub-{zone}").inputs
        assert subnet["availabilityZone"] == zone
        assert IPv4Network(subnet["cidrBlock"]).prefixlen == 28
        assert IPv4Network(subnet["cidrBlock"]).subnet_of(part)
        assert f"{CELL}-infrastructure-range" in joined.one(f"hub-{zone}").after
        assert joined.one(f"hub-{zone}-routed").inputs["routeTableId"] == f"{CELL}-hub-routes-id"
    assert not [r for r in joined.of("Route").values() if r.inputs["routeTableId"] == f"{CELL}-hub-routes-id"]


def test_every_table_of_the_cell_leads_to_every_range_of_the_hub(joined: Plan) -> None:
    over = {r.name: r for r in joined.of("Route").values() if "transitGatewayId" in r.inputs}
    assert {r.inputs["destinationCidrBlock"] for r in over.values()} == set(CIDRS)
    assert len(over) == (len(ZONES) + 1) * len(CIDRS)
    for route in over.values():
        assert route.inputs["transitGatewayId"] == HUB
        # A route over a gateway that the network is not attached to is refused.
        assert f"{CELL}-hub-attachment" in route.after


def test_what_is_on_the_hub_may_reach_kafka(joined: Plan) -> None:
    rules = joined.of("SecurityGroupIngressRule")
    assert {r.inputs["cidrIpv4"] for r in rules.values()} == {"10.20.0.0/16", *CIDRS}


def test_the_owner_of_a_hub_elsewhere_is_told_what_to_accept_and_to_route(joined: Plan) -> None:
    told = joined.outputs["told"]["hub"]
    assert (told["id"], told["attachment"]) == (HUB, f"{CELL}-hub-attachment-id")
    accept, route, names = told["instructions"]
    assert f"--transit-gateway-attachment-id {CELL}-hub-attachment-id" in accept
    assert "--destination-cidr-block 10.20.0.0/16" in route
    assert f"--hosted-zone-id {CELL}-dns-id" in names


def test_a_cell_without_a_hub_has_nothing_of_one() -> None:
    plain = plan(request())
    for kind in ("TransitGateway", "VpcAttachment", "ResourceShare"):
        assert not plain.of(kind)
    assert set(plain.of("VpcIpv4CidrBlockAssociation")) == {f"private-{zone}-range" for zone in ZONES}
