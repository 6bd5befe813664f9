"""The stock engine links networks of two accounts and two regions on AWS, against the AWS model, by a plain program."""

from collections.abc import Iterator
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from tests.engine.harness import Engine

ACCOUNT, THEIRS = "111122223333", "999988887777"


class Company:
    """A network of its own with two subnets, made by whoever has one already."""

    def __init__(self, name: str, start: str, provider: aws.Provider, region: str = "eu-west-1") -> None:
        self.by = pulumi.ResourceOptions(provider=provider)
        self.vpc = aws.ec2.Vpc(
            name, cidr_block=f"{start}.0.0/16", enable_dns_hostnames=True, region=region, opts=self.by
        )
        self.subnets = [
            aws.ec2.Subnet(
                f"{name}-{zone}",
                vpc_id=self.vpc.id,
                cidr_block=f"{start}.{number}.0/24",
                availability_zone=f"{region}{zone}",
                region=region,
                opts=self.by,
            )
            for number, zone in enumerate("ab")
        ]
        self.table = aws.ec2.RouteTable(name, vpc_id=self.vpc.id, region=region, opts=self.by)


def linked(allowed: bool = True) -> None:
    here = aws.Provider("here", region="eu-west-1", allowed_account_ids=[ACCOUNT])
    role = aws.ProviderAssumeRoleArgs(role_arn=f"arn:aws:iam::{THEIRS}:role/peer")
    there = aws.Provider("there", region="eu-west-1", assume_roles=[role], allowed_account_ids=[THEIRS])
    ours, theirs = Company("ours", "10.0", here), Company("theirs", "10.1", there)
    far = Company("far", "10.2", here, "eu-central-1")
    peered(ours, theirs, "10.0", "10.1", account=THEIRS)
    peered(ours, far, "10.0", "10.2", region="eu-central-1")
    hub(ours, theirs)
    link(ours, theirs, allowed)


def peered(one: Company, two: Company, start: str, other: str, account: str = "", region: str = "") -> None:
    name = f"to-{other}"
    peering = aws.ec2.VpcPeeringConnection(
        name,
        vpc_id=one.vpc.id,
        peer_vpc_id=two.vpc.id,
        peer_owner_id=account or None,
        peer_region=region or None,
        opts=one.by,
    )
    accepted = aws.ec2.VpcPeeringConnectionAccepter(
        name, vpc_peering_connection_id=peering.id, auto_accept=True, region=region or None, opts=two.by
    )
    aws.ec2.PeeringConnectionOptions(
        name,
        vpc_peering_connection_id=accepted.id,
        requester=aws.ec2.PeeringConnectionOptionsRequesterArgs(allow_remote_vpc_dns_resolution=True),
        opts=one.by,
    )
    for mark, end, there, where in (("", one, other, ""), ("-back", two, start, region)):
        aws.ec2.Route(
            f"{name}{mark}",
            route_table_id=end.table.id,
            destination_cidr_block=f"{there}.0.0/16",
            vpc_peering_connection_id=peering.id,
            region=where or None,
            opts=end.by,
        )


def hub(ours: Company, theirs: Company) -> None:
    made = aws.ec2transitgateway.TransitGateway("hub", auto_accept_shared_attachments="disable", opts=ours.by)
    share = aws.ram.ResourceShare("hub", name="hub", allow_external_principals=True, opts=ours.by)
    shared = aws.ram.ResourceAssociation("hub", resource_arn=made.arn, resource_share_arn=share.arn, opts=ours.by)
    named = aws.ram.PrincipalAssociation("hub", principal=THEIRS, resource_share_arn=share.arn, opts=ours.by)
    attachment = aws.ec2transitgateway.VpcAttachment(
        "theirs",
        transit_gateway_id=made.id,
        vpc_id=theirs.vpc.id,
        subnet_ids=[subnet.id for subnet in theirs.subnets],
        opts=pulumi.ResourceOptions.merge(theirs.by, pulumi.ResourceOptions(depends_on=[shared, named])),
    )
    accepted = aws.ec2transitgateway.VpcAttachmentAccepter(
        "theirs", transit_gateway_attachment_id=attachment.id, opts=ours.by
    )
    aws.ec2.Route(
        "theirs-to-hub",
        route_table_id=theirs.table.id,
        destination_cidr_block="172.16.0.0/12",
        transit_gateway_id=made.id,
        opts=pulumi.ResourceOptions.merge(theirs.by, pulumi.ResourceOptions(depends_on=[accepted])),
    )


def link(ours: Company, theirs: Company, allowed: bool) -> None:
    balancer = aws.lb.LoadBalancer(
        "gateway",
        name="gateway",
        internal=True,
        load_balancer_type="network",
        subnets=[subnet.id for subnet in ours.subnets],
        opts=ours.by,
    )
    group = aws.lb.TargetGroup("gateway", name="gateway", port=30443, protocol="TCP", vpc_id=ours.vpc.id, opts=ours.by)
    action = aws.lb.ListenerDefaultActionArgs(type="forward", target_group_arn=group.arn)
    aws.lb.Listener(
        "gateway", load_balancer_arn=balancer.arn, port=443, protocol="TCP", default_actions=[action], opts=ours.by
    )
    principals = [f"arn:aws:iam::{THEIRS}:root"] if allowed else []
    service = aws.ec2.VpcEndpointService(
        "gateway",
        acceptance_required=True,
        network_load_balancer_arns=[balancer.arn],
        allowed_principals=principals,
        opts=ours.by,
    )
    endpoint = aws.ec2.VpcEndpoint(
        "link",
        vpc_id=theirs.vpc.id,
        service_name=service.service_name,
        vpc_endpoint_type="Interface",
        subnet_ids=[theirs.subnets[0].id],
        opts=theirs.by,
    )
    aws.ec2.VpcEndpointConnectionAccepter(
        "link", vpc_endpoint_id=endpoint.id, vpc_endpoint_service_id=service.id, opts=ours.by
    )
    zone = aws.route53.Zone(
        "names", name="kafka.internal", vpcs=[aws.route53.ZoneVpcArgs(vpc_id=theirs.vpc.id)], opts=theirs.by
    )
    aws.route53.Record(
        "names",
        zone_id=zone.zone_id,
        name="*.kafka.internal",
        type="CNAME",
        ttl=60,
        records=[endpoint.dns_entries[0].dns_name],
        opts=theirs.by,
    )
    pulumi.export("endpoint", endpoint.dns_entries[0].dns_name)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    made = Engine(tmp_path_factory.mktemp("aws-links"))
    yield made
    made.close()


def changed(result: Any) -> dict[str, list[str]]:
    return {name: steps for name, steps in result.steps.items() if set(steps) - {"same"}}


def test_two_accounts_are_linked_seen_again_and_taken_apart(engine: Engine) -> None:
    seen = engine.run(linked, "preview", "links")
    assert seen.ok, seen.text
    made = engine.run(linked, "up", "links")
    assert made.ok, made.text
    assert made.outputs["endpoint"].endswith(".eu-west-1.vpce.amazonaws.com")
    again = engine.run(linked, "up", "links")
    assert again.ok, again.text
    assert set(again.summary) == {"same"}, changed(again)
    assert set(engine.run(linked, "refresh", "links").summary) == {"same"}
    gone = engine.run(linked, "destroy", "links")
    assert gone.ok, gone.text


def test_a_link_that_is_not_allowed_is_refused_in_the_consumers_account(engine: Engine) -> None:
    refused = engine.run(lambda: linked(allowed=False), "up", "closed")
    assert not refused.ok
    assert "InvalidServiceName" in refused.text
    assert f"account {THEIRS} is none of its allowed principals" in refused.text
