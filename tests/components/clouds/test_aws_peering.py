"""Peerings of an AWS cell: both ends or our own, asked by us or by the others, in this account and in another."""

from typing import Any

import pytest

from components.clouds.aws.peering_told import commands
from tests.components.clouds.aws_plan import ACCOUNT, CELL, IDENTITY, ZONES, Plan, plan, request

OTHER = "999988887777"
VPC = "vpc-0aaaaaaaaaaaaaaaa"
TABLES = {f"private-{zone}" for zone in ZONES} | {"public"}


def peered(**peering: Any) -> Plan:
    asked = {"network": VPC, "cidrs": ("10.90.0.0/16", "10.80.0.0/16"), **peering}
    return plan(request(reachability="peering", peerings={"team": asked}))


@pytest.fixture(scope="module")
def here() -> Plan:
    return peered(side="both", route_tables=("rtb-0bbbbbbbbbbbbbbbb",))


@pytest.fixture(scope="module")
def there() -> Plan:
    return peered(
        side="both",
        account=OTHER,
        region="eu-central-1",
        principal=f"arn:aws:iam::{OTHER}:role/peering",
        route_tables=("rtb-0bbbbbbbbbbbbbbbb",),
    )


def test_the_cell_asks_and_accepts_where_it_may_do_both(here: Plan) -> None:
    asked, accepted = here.one("peering-team"), here.one("peering-team-accepted")
    assert asked.inputs == {
        "vpcId": f"{CELL}-vpc-id",
        "peerVpcId": VPC,
        "tags": {"Name": f"kf-{CELL}-peering-team"},
    }
    assert accepted.inputs["vpcPeeringConnectionId"] == f"{CELL}-peering-team-id"
    assert accepted.inputs["autoAccept"] is True
    # One resource in AWS: other tags at the other end would be taken back and forth.
    assert accepted.inputs["tags"] == asked.inputs["tags"]
    assert {r.provider for r in here.cloud} == {f"{CELL}-provider"}


def test_every_table_of_the_cell_leads_to_every_range_of_the_peer(here: Plan) -> None:
    over = {
        (role, r.inputs["destinationCidrBlock"])
        for role, r in here.of("Route").items()
        if "-to-team-" in role and r.inputs["vpcPeeringConnectionId"] == f"{CELL}-peering-team-id"
    }
    ranges = {"10.80.0.0/16": "10-80-0-0-16", "10.90.0.0/16": "10-90-0-0-16"}
    assert over == {(f"{table}-to-team-{mark}", cidr) for table in TABLES for cidr, mark in ranges.items()}
    for role, route in here.of("Route").items():
        if "-to-team-" in role:
            assert route.inputs["routeTableId"] == f"{CELL}-{role.partition('-to-')[0]}-routes-id"
            assert f"{CELL}-peering-team-accepted" in route.after


def test_the_peers_tables_lead_back_to_the_whole_block(here: Plan) -> None:
    back = here.one("peering-team-back-rtb-0bbbbbbbbbbbbbbbb-10-20-0-0-16").inputs
    assert back == {
        "routeTableId": "rtb-0bbbbbbbbbbbbbbbb",
        "destinationCidrBlock": "10.20.0.0/16",
        "vpcPeeringConnectionId": f"{CELL}-peering-team-id",
    }


def test_both_ends_resolve_the_others_names_once_the_peering_is_active(here: Plan, there: Plan) -> None:
    allowed = {"allowRemoteVpcDnsResolution": True}
    (both,) = here.of("PeeringConnectionOptions").values()
    assert (both.inputs["requester"], both.inputs["accepter"]) == (allowed, allowed)
    ends = there.of("PeeringConnectionOptions")
    assert ends["peering-team-ours"].inputs["requester"] == allowed
    assert ends["peering-team-theirs"].inputs["accepter"] == allowed
    for end in (both, *ends.values()):
        assert "vpcPeeringConnectionId" in end.inputs
        assert len({"requester", "accepter"} & set(end.inputs)) == (2 if end is both else 1)
        assert f"{CELL}-peering-team-accepted" in end.after


def test_within_one_account_the_zone_is_associated_without_being_asked(here: Plan) -> None:
    assert here.one("peering-team-dns").inputs == {
        "zoneId": f"{CELL}-dns-id",
        "vpcId": VPC,
        "vpcRegion": "eu-west-1",
    }
    assert not here.of("VpcAssociationAuthorization")
    # A refresh lists the peer's network in the zone; putting the list back would cut the peer's names off.
    assert here.one("dns").ignore == ("vpcs",)


def test_in_another_account_the_fleet_acts_as_the_principal_and_nowhere_else(there: Plan) -> None:
    (provider,) = [r for r in there.seen if r.name == f"{CELL}-peer-team"]
    assert provider.inputs["region"] == "eu-central-1"
    assert OTHER in str(provider.inputs["allowedAccountIds"])
    assert f"arn:aws:iam::{OTHER}:role/peering" in str(provider.inputs["assumeRoles"])
    theirs = {r.name.removeprefix(f"{CELL}-") for r in there.cloud if r.provider == f"{CELL}-peer-team"}
    assert theirs == {
        "peering-team-accepted",
        "peering-team-theirs",
        "peering-team-dns",
        "peering-team-back-rtb-0bbbbbbbbbbbbbbbb-10-20-0-0-16",
    }
    asked = there.one("peering-team").inputs
    assert (asked["peerOwnerId"], asked["peerRegion"]) == (OTHER, "eu-central-1")
    assert "region" not in there.one("peering-team-accepted").inputs


def test_across_accounts_the_zones_owner_allows_and_the_networks_owner_associates(there: Plan) -> None:
    allowed, done = there.one("peering-team-dns-allowed"), there.one("peering-team-dns")
    assert allowed.provider == f"{CELL}-provider"
    assert allowed.inputs == done.inputs == {"zoneId": f"{CELL}-dns-id", "vpcId": VPC, "vpcRegion": "eu-central-1"}
    assert f"{CELL}-peering-team-dns-allowed" in done.after


def test_in_another_region_of_the_account_the_resources_say_the_region() -> None:
    found = peered(side="both", region="eu-central-1", route_tables=("rtb-0bbbbbbbbbbbbbbbb",))
    theirs = ("peering-team-accepted", "peering-team-theirs", "peering-team-back-rtb-0bbbbbbbbbbbbbbbb-10-20-0-0-16")
    assert {found.one(role).inputs["region"] for role in theirs} == {"eu-central-1"}
    assert "region" not in found.one("peering-team-ours").inputs
    assert {r.provider for r in found.cloud} == {f"{CELL}-provider"}


def test_without_rights_there_only_our_end_is_made_and_the_rest_is_told() -> None:
    found = peered(account=OTHER)
    assert not found.of("VpcPeeringConnectionAccepter")
    assert not found.of("PeeringConnectionOptions"), "a pending peering has no options"
    assert not found.of("ZoneAssociation")
    assert set(found.of("VpcAssociationAuthorization")) == {"peering-team-dns-allowed"}
    assert {r.provider for r in found.cloud} == {f"{CELL}-provider"}
    told = found.outputs["told"]["peerings"]["team"]
    assert told["id"] == f"{CELL}-peering-team-id"
    assert told["state"] == "asked: the others have to accept"
    accept, route, zone = told["instructions"]
    assert accept == (
        f"aws ec2 accept-vpc-peering-connection --region eu-west-1 --vpc-peering-connection-id {CELL}-peering-team-id"
    )
    assert f"<each route table of {VPC}> --destination-cidr-block 10.20.0.0/16" in route
    assert zone == (
        f"aws route53 associate-vpc-with-hosted-zone --hosted-zone-id {CELL}-dns-id "
        f"--vpc VPCRegion=eu-west-1,VPCId={VPC}"
    )


def test_a_request_of_the_others_is_accepted_and_not_made_a_second_time() -> None:
    found = peered(account=OTHER, request="pcx-0cccccccccccccccc")
    assert not found.of("VpcPeeringConnection")
    accepted = found.one("peering-team-accepted")
    assert accepted.inputs["vpcPeeringConnectionId"] == "pcx-0cccccccccccccccc"
    assert accepted.provider == f"{CELL}-provider"
    assert found.one("peering-team-ours").inputs["accepter"] == {"allowRemoteVpcDnsResolution": True}
    assert set(found.of("PeeringConnectionOptions")) == {"peering-team-ours"}
    told = found.outputs["told"]["peerings"]["team"]
    assert told["state"] == "active"
    assert not [line for line in told["instructions"] if "accept-vpc-peering" in line]
    routes = [r.inputs["vpcPeeringConnectionId"] for role, r in found.of("Route").items() if "-to-team-" in role]
    assert set(routes) == {"pcx-0cccccccccccccccc"}


def test_names_stay_at_home_where_they_are_not_asked_for() -> None:
    found = peered(side="both", dns=False)
    for kind in ("ZoneAssociation", "VpcAssociationAuthorization", "PeeringConnectionOptions"):
        assert not found.of(kind)
    elsewhere = peered(account=OTHER, dns=False)
    assert not elsewhere.of("VpcAssociationAuthorization")
    told = elsewhere.outputs["told"]["peerings"]["team"]["instructions"]
    assert not [line for line in told if "associate-vpc" in line]


def test_a_peer_may_reach_kafkas_ports() -> None:
    rules = peered().of("SecurityGroupIngressRule")
    assert {r.inputs["cidrIpv4"] for r in rules.values()} == {"10.20.0.0/16", "10.80.0.0/16", "10.90.0.0/16"}
    assert {(r.inputs["fromPort"], r.inputs["toPort"]) for r in rules.values()} == {(9092, 9099)}


def test_nothing_is_told_where_nothing_is_left_to_do() -> None:
    asked = request(
        peerings={
            "team": {"network": VPC, "cidrs": ("10.90.0.0/16",), "side": "both", "route_tables": ("rtb-0bbbbbbb",)}
        }
    )
    assert commands(asked, asked.spec.peerings["team"], "pcx-1", "Z1") == []


def test_both_sides_in_another_account_need_somebody_to_act_as() -> None:
    with pytest.raises(ValueError, match="need a `principal` there"):
        peered(side="both", account=OTHER)


def test_the_cells_own_account_named_is_no_other_account() -> None:
    assert IDENTITY.account == ACCOUNT
    found = peered(side="both", account=ACCOUNT)
    assert "peerOwnerId" not in found.one("peering-team").inputs
    assert not found.of("VpcAssociationAuthorization")
