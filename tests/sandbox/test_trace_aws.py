"""The trace in AWS: each way in, and beside it the same way with one thing taken away."""

from collections.abc import Callable

import pytest

from tests.sandbox import trace_aws as aws
from tests.sandbox.trace_world import (
    GATEWAY_PEERS,
    LISTENERS,
    World,
    ends,
    first,
    gateway,
    headless,
    kafka,
    lb_per_broker,
)

PORTS = (443, 9100, 9101, 9102, 9103)


def per_broker() -> World:
    world = aws.cell()
    kafka(world, aws.KUBE, lb_per_broker(aws.NLB))
    return world


def public() -> World:
    world = aws.cell()
    kafka(world, aws.KUBE, lb_per_broker(aws.PUBLIC, ["198.51.100.0/24"]))
    world.change("Zone", "Z1", vpcs=[])
    return world


def direct() -> World:
    world = aws.cell()
    kafka(world, aws.KUBE, LISTENERS["direct"], [{"namespaceSelector": {}}, {"ipBlock": {"cidr": "10.0.0.0/8"}}])
    headless(world, aws.KUBE)
    aws.rule(world, "Ingress", "joined", "sg-kafka", 9092, 9099, cidrIpv4="10.50.0.0/16")
    return world


def through_gateway(fan_out: str = "sni", *, linked: bool = False) -> World:
    world = aws.cell()
    ports = (443,) if fan_out == "sni" else PORTS
    kafka(world, aws.KUBE, LISTENERS[fan_out], GATEWAY_PEERS)
    gateway(world, aws.KUBE, aws.service(ports), ports)
    aws.balancer(world, ports, linked=linked)
    return world


WAYS: dict[str, tuple[Callable[[], World], str]] = {
    "cell, lb": (per_broker, "cell:a"),
    "public, lb": (public, "internet:198.51.100.7"),
    "peering, lb": (lambda: aws.peered(per_broker()), "network:vpc-c"),
    "peering, direct": (lambda: aws.peered(direct()), "network:vpc-c"),
    "peering, sni": (lambda: aws.peered(through_gateway()), "network:vpc-c"),
    "peering, port": (lambda: aws.peered(through_gateway("port-per-broker")), "network:vpc-c"),
    "hub, lb": (lambda: aws.hub(per_broker()), "network:vpc-c"),
    "hub, direct": (lambda: aws.hub(direct()), "network:vpc-c"),
    "office, sni": (lambda: aws.hub(through_gateway()), "hub:tgw-1:10.90.1.1"),
    "link, sni": (lambda: aws.linked(through_gateway(linked=True)), "network:vpc-c"),
    "link by hand": (lambda: aws.linked(through_gateway(linked=True), acceptance=True), "network:vpc-c"),
}


@pytest.mark.parametrize("way", WAYS)
def test_reachable(way: str) -> None:
    build, source = WAYS[way]
    traced = build().trace(source)
    assert ends(traced) == {"reachable"}, first(traced)
    assert [one.name for one in traced.targets] == ["bootstrap", "broker 100", "broker 101", "broker 102"]


def remove(kind: str, part: str = "") -> Callable[[World], None]:
    return lambda world: world.remove(kind, part)


def change(kind: str, part: str = "", **inputs: object) -> Callable[[World], None]:
    return lambda world: world.change(kind, part, **inputs)


def every(kind: str, part: str) -> Callable[[World], None]:
    def apply(world: World) -> None:
        found = [one for one in world.records if one.type.endswith(f":{kind}") and part in one.id]
        assert found
        for one in found:
            world.records.remove(one)

    return apply


BROKEN: list[tuple[str, Callable[[World], None], str, str]] = [
    ("cell, lb", remove("Zone"), "dns", "NXDOMAIN: no private zone"),
    ("cell, lb", change("Zone", vpcs=[{"vpcId": "vpc-other"}]), "dns", "would, but is not associated with vpc-a"),
    ("cell, lb", remove("Release", "external-dns"), "dns", "no release of external-dns is installed"),
    (
        "cell, lb",
        change("Release", "external-dns", values={"domainFilters": ["other.test"]}),
        "dns",
        "only writes names of other.test",
    ),
    ("public, lb", every("Route", "0.0.0.0/0"), "route", "no route to 198.51.100.7"),
    ("peering, lb", remove("VpcPeeringConnectionAccepter"), "peering", "pending-acceptance"),
    ("peering, lb", remove("Route", "r-vpc-c-a-"), "route", "no route to 10.0."),
    ("peering, lb", remove("Route", "r-vpc-a-b-"), "route", "no route back to 10.50."),
    ("peering, lb", remove("RouteTableAssociation", "assoc-vpc-a-b"), "route", "(the main one)"),
    ("peering, lb", remove("ZoneAssociation"), "dns", "is not associated with vpc-c"),
    ("peering, direct", remove("SecurityGroupIngressRule", "joined"), "firewall", "no rule of sg-nodes, sg-kafka"),
    ("peering, direct", remove("Service", "pods"), "dns", "nothing asks external-dns for it"),
    ("hub, lb", remove("VpcAttachmentAccepter"), "hub", "waits for tgw-1's owner"),
    ("hub, lb", remove("VpcAttachment", "vpc-a"), "hub", "vpc-a is not attached"),
    ("hub, lb", remove("Route", "r-vpc-a-a-10.50"), "route", "no route back"),
    ("hub, lb", change("TransitGateway", defaultRouteTablePropagation="disable"), "hub", "nothing propagates it"),
    (
        "hub, lb",
        change("TransitGateway", defaultRouteTableAssociation="disable"),
        "hub",
        "associated with no route table",
    ),
    ("hub, lb", change("VpcAttachment", "vpc-a", subnetIds=["subnet-vpc-a-a"]), "hub", "serves eu-west-1a only"),
    ("office, sni", remove("Route", "r-vpc-a-c-10.90"), "route", "no route back to 10.90.1.1"),
    ("peering, sni", remove("Record"), "dns", "no such record"),
    ("peering, sni", remove("SecurityGroupIngressRule", "gateway-443"), "firewall", "no rule of sg-gateway"),
    ("peering, sni", remove("SecurityGroupEgressRule", "out-443"), "firewall", "no rule of sg-gateway"),
    ("peering, sni", remove("SecurityGroupIngressRule", "in-443"), "firewall", "no rule of sg-nodes"),
    ("peering, sni", remove("Listener", "443"), "balancer", "it has none"),
    ("peering, sni", remove("TargetGroup", "443"), "balancer", "is not there"),
    ("peering, sni", every("Attachment", "attachment-443"), "balancer", "no node is registered"),
    ("peering, port", remove("TCPRoute", "9102"), "gateway", "no TCPRoute"),
    ("peering, port", every("Attachment", "attachment-9103"), "balancer", "no node is registered"),
    ("link, sni", remove("VpcEndpointServiceAllowedPrinciple"), "endpoint", "not among its allowed principals"),
    ("link, sni", remove("SecurityGroupIngressRule", "sgr-link"), "firewall", "no rule of sg-link"),
    ("link, sni", remove("Record", "Z2"), "dns", "no such record"),
    ("link, sni", every("Attachment", "attachment-443"), "balancer", "no node is registered"),
    ("link by hand", remove("VpcEndpointConnectionAccepter"), "endpoint", "has not accepted"),
]


@pytest.mark.parametrize(("way", "apply", "kind", "why"), BROKEN, ids=lambda one: one if isinstance(one, str) else "")
def test_broken(way: str, apply: Callable[[World], None], kind: str, why: str) -> None:
    build, source = WAYS[way]
    world = build()
    apply(world)
    traced = world.trace(source)
    broken = first(traced).broken
    assert broken is not None, first(traced)
    assert (broken.kind, why in broken.reason or why in broken.resource) == (kind, True), broken


def test_only_the_broker_of_a_broken_zone_is_lost() -> None:
    world = aws.peered(direct())
    world.remove("Route", "r-vpc-a-b-10.50")
    found = {one.name: one.result for one in world.trace("network:vpc-c").targets}
    assert found == {
        "bootstrap": "broken",
        "broker 100": "reachable",
        "broker 101": "broken",
        "broker 102": "reachable",
    }


def test_only_the_broker_of_a_missing_route_is_lost() -> None:
    world = aws.peered(through_gateway("port-per-broker"))
    world.remove("TCPRoute", "9102")
    found = {one.name: one.result for one in world.trace("network:vpc-c").targets}
    assert found == {
        "bootstrap": "reachable",
        "broker 100": "reachable",
        "broker 101": "broken",
        "broker 102": "reachable",
    }


def test_source_ranges_hold_at_the_load_balancer() -> None:
    assert ends(public().trace("internet:203.0.113.9")) == {"firewall"}


def test_a_private_load_balancer_is_not_on_the_internet() -> None:
    world = per_broker()
    world.change("Zone", "Z1", vpcs=[])
    assert ends(world.trace("internet:198.51.100.7")) == {"route"}


def test_what_the_sandbox_does_not_have_is_unknown_and_not_reachable() -> None:
    world = aws.peered(per_broker())
    for one in [
        r for r in world.records if r.id in {"vpc-c"} or (r.inputs.get("vpcId") == "vpc-c" and "Subnet" in r.type)
    ]:
        world.records.remove(one)
    traced = world.trace("network:vpc-c:10.50.0.9")
    assert ends(traced) == {"unknown"}
    assert not traced.reachable
    linked = aws.linked(through_gateway(linked=True))
    linked.remove("VpcEndpointService", "vpce-svc-1")
    assert ends(linked.trace("network:vpc-c")) == {"unknown"}


def test_a_client_of_another_vpc_without_any_join_has_no_route() -> None:
    world = per_broker()
    aws.network(world, "vpc-c", "10.50", aws.THERE)
    aws._named(world, "vpc-c")
    assert ends(world.trace("network:vpc-c")) == {"route"}


def test_the_controller_that_a_class_is_for_must_be_there() -> None:
    world = aws.cell()
    listener = lb_per_broker({"service.beta.kubernetes.io/aws-load-balancer-type": "external"})
    kafka(world, aws.KUBE, listener)
    traced = world.trace("cell:a")
    assert ends(traced) == {"balancer"}
    world.add(
        "kubernetes:helm.sh/v3:Release", "x/lbc", aws.KUBE, {"chart": "aws-load-balancer-controller", "name": "lbc"}
    )
    assert ends(world.trace("cell:a")) == {"reachable"}
