"""The trace in Google Cloud: each way in, and beside it the same way with one thing taken away or changed."""

from collections.abc import Callable

import pytest

from tests.sandbox import trace_gcp as gcp
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
    world = gcp.cell()
    kafka(world, gcp.KUBE, lb_per_broker(gcp.INTERNAL))
    return world


def public() -> World:
    world = gcp.cell()
    kafka(world, gcp.KUBE, lb_per_broker(gcp.EXTERNAL, ["198.51.100.0/24"]))
    world.change("ManagedZone", "a-internal", visibility="public")
    return world


def direct() -> World:
    world = gcp.cell()
    kafka(world, gcp.KUBE, LISTENERS["direct"], [{"ipBlock": {"cidr": "10.0.0.0/8"}}])
    headless(world, gcp.KUBE)
    allows = [{"protocol": "tcp", "ports": ["9092-9099"]}]
    gcp.firewall(
        world,
        gcp.net("a", "p-a"),
        "clients",
        1000,
        gcp.OWN,
        allows=allows,
        sourceRanges=["10.50.0.0/16"],
        targetTags=["a-node"],
    )
    return world


def through_gateway(fan_out: str = "sni") -> World:
    world = gcp.cell()
    ports = (443,) if fan_out == "sni" else PORTS
    kafka(world, gcp.KUBE, LISTENERS[fan_out], GATEWAY_PEERS)
    gateway(world, gcp.KUBE, gcp.address(world), ports)
    return world


CLIENT = f"network:{gcp.net('c', 'p-c')}"
WAYS: dict[str, tuple[Callable[[], World], str]] = {
    "cell, lb": (per_broker, "cell:a"),
    "public, lb": (public, "internet:198.51.100.7"),
    "peering, lb": (lambda: gcp.peered(per_broker()), CLIENT),
    "peering, direct": (lambda: gcp.peered(direct()), "network:c"),
    "peering, sni": (lambda: gcp.peered(through_gateway()), CLIENT),
    "peering, port": (lambda: gcp.peered(through_gateway("port-per-broker")), CLIENT),
    "hub, lb": (lambda: gcp.hub(per_broker()), CLIENT),
    "hub, direct": (lambda: gcp.hub(direct()), CLIENT),
    "office, sni": (lambda: gcp.hub(through_gateway()), "hub:h:10.90.1.1"),
    "link, sni": (lambda: gcp.linked(through_gateway()), CLIENT),
    "link, port": (lambda: gcp.linked(through_gateway("port-per-broker")), CLIENT),
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


def spec(**told: object) -> Callable[[World], None]:
    def apply(world: World) -> None:
        old = world.one("ServiceAttachment")
        world.change("ServiceAttachment", spec={**old.inputs["spec"], **told})

    return apply


BROKEN: list[tuple[str, Callable[[World], None], str, str]] = [
    ("cell, lb", change("ManagedZone", privateVisibilityConfig={"networks": []}), "dns", "is not associated with"),
    ("cell, lb", remove("Release", "external-dns"), "dns", "no release of external-dns"),
    (
        "public, lb",
        change("Network", "networks/a", deleteDefaultRoutesOnCreate=True),
        "route",
        "no route to the internet",
    ),
    (
        "peering, lb",
        remove("NetworkPeering", "networks/c"),
        "peering",
        "projects/p-c/global/networks/c has not made its side",
    ),
    (
        "peering, lb",
        remove("NetworkPeering", "networks/a"),
        "peering",
        "projects/p-a/global/networks/a has not made its side",
    ),
    ("peering, lb", remove("ManagedZone", "c-peering"), "dns", "is not associated with"),
    ("peering, lb", remove("ManagedZone", "a-internal"), "dns", "sees no zone of it"),
    (
        "peering, lb",
        change("Cluster", "clusters/a", disableL4LbFirewallReconciliation=True),
        "firewall",
        "denied at priority 65000",
    ),
    ("peering, lb", change("Firewall", "deny", priority=999), "firewall", "denied at priority 999"),
    ("peering, lb", change("Firewall", "deny", priority=1000), "firewall", "denied at priority 1000"),
    ("peering, direct", remove("Firewall", "clients"), "firewall", "denied at priority 65000"),
    ("peering, direct", change("Firewall", "clients", targetTags=["others"]), "firewall", "denied at priority 65000"),
    ("hub, lb", remove("Group"), "hub", "has not accepted project p-c"),
    ("hub, lb", remove("Spoke", "p-a"), "peering", "share no hub"),
    (
        "hub, direct",
        change("Spoke", "p-a", linkedVpcNetwork={"uri": gcp.net("a", "p-a"), "excludeExportRanges": ["10.0.192.0/18"]}),
        "hub",
        "10.0.192.0/18 is not exported",
    ),
    ("office, sni", remove("Spoke", "p-a"), "hub", "is no spoke of it"),
    ("peering, sni", remove("RecordSet"), "dns", "no such record"),
    ("peering, sni", change("Address", "a-gateway", name="other"), "balancer", "has this address"),
    ("peering, sni", remove("Release", "gateway"), "gateway", "no release of gateway-helm"),
    ("peering, sni", remove("GatewayClass"), "gateway", "it is not there"),
    ("peering, port", remove("TCPRoute", "9101"), "gateway", "no TCPRoute"),
    ("link, sni", spec(consumerAllowList=[]), "endpoint", "PENDING: project p-c"),
    ("link, sni", spec(consumerRejectList=["p-c"]), "endpoint", "REJECTED"),
    ("link, sni", spec(natSubnets=["a-lb"]), "endpoint", "PRIVATE_SERVICE_CONNECT"),
    ("link, sni", remove("ServiceAttachment"), "endpoint", "no such service attachment"),
    ("link, sni", change("Firewall", "deny", priority=10), "firewall", "denied at priority 10"),
    ("link, sni", remove("RecordSet", "c-link"), "dns", "no such record"),
    ("link, sni", remove("ForwardingRule"), "balancer", "has this address"),
]


@pytest.mark.parametrize(("way", "apply", "kind", "why"), BROKEN, ids=lambda one: one if isinstance(one, str) else "")
def test_broken(way: str, apply: Callable[[World], None], kind: str, why: str) -> None:
    build, source = WAYS[way]
    world = build()
    apply(world)
    broken = first(world.trace(source)).broken
    assert broken is not None
    assert (broken.kind, why in broken.reason) == (kind, True), broken


def test_egress_of_the_clients_network() -> None:
    world = gcp.peered(per_broker())
    denied = {"direction": "EGRESS", "denies": [{"protocol": "all"}], "destinationRanges": ["0.0.0.0/0"]}
    gcp.firewall(world, gcp.net("c", "p-c"), "out", 1000, gcp.OTHER, **denied)
    assert ends(world.trace(CLIENT)) == {"firewall"}


def test_source_ranges_hold() -> None:
    assert ends(public().trace("internet:203.0.113.9")) == {"firewall"}


def test_without_global_access_only_the_own_region_is_served() -> None:
    world = gcp.cell()
    kafka(world, gcp.KUBE, lb_per_broker({"networking.gke.io/load-balancer-type": "Internal"}))
    assert ends(gcp.peered(world, region="us-east1").trace(CLIENT)) == {"balancer"}


def test_a_links_endpoint_is_not_reached_over_a_peering() -> None:
    world = gcp.linked(through_gateway())
    other = gcp.net("d", "p-d")
    world.add("gcp:compute/network:Network", other, gcp.OTHER, {"name": "d"})
    gcp.subnet(world, other, "d-1", "10.60.0.0/20", gcp.OTHER)
    visible = [{"networkUrl": gcp.URL + net} for net in (gcp.net("c", "p-c"), other)]
    world.change("ManagedZone", "c-link", privateVisibilityConfig={"networks": visible})
    broken = first(world.trace("network:d")).broken
    assert broken is not None
    assert (broken.kind, broken.reason) == ("route", "the endpoint is only reached from c itself")
