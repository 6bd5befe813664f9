"""The trace in Azure: each way in, and beside it the same way with one thing taken away or changed."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox import trace_azure as azure
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


def per_broker(*, hub: bool = False) -> World:
    world = azure.cell(hub=hub)
    kafka(world, azure.KUBE, lb_per_broker(azure.INTERNAL))
    return world


def public() -> World:
    world = azure.cell("198.51.100.0/24")
    kafka(world, azure.KUBE, lb_per_broker({}, ["198.51.100.0/24"]))
    world.remove("PrivateZone")
    zone = "/subscriptions/s-a/resourceGroups/a/providers/Microsoft.Network/dnsZones/c.kafka.test"
    world.add("azure-native:dns:Zone", zone, azure.OWN, {"zoneName": "c.kafka.test"})
    return world


def through_gateway(fan_out: str = "sni", *, hub: bool = False, approval: str | None = None) -> World:
    world = azure.cell("10.0.0.0/8", hub=hub)
    ports = (443,) if fan_out == "sni" else PORTS
    kafka(world, azure.KUBE, LISTENERS[fan_out], GATEWAY_PEERS)
    told = azure.service(world)
    gateway(world, azure.KUBE, told if approval is None else azure.offered(told, approval), ports)
    return world


CLIENT = f"network:{azure.CLIENT}"


def by_hand() -> World:
    world = azure.linked(through_gateway(approval=""))
    azure.approve(world)
    return world


WAYS: dict[str, tuple[Callable[[], World], str]] = {
    "cell, lb": (per_broker, "cell:a"),
    "public, lb": (public, "internet:198.51.100.7"),
    "peering, lb": (lambda: azure.peered(per_broker()), CLIENT),
    "peering, sni": (lambda: azure.peered(through_gateway()), CLIENT),
    "peering, port": (lambda: azure.peered(through_gateway("port-per-broker")), CLIENT),
    "hub, lb": (lambda: azure.hub(per_broker(hub=True)), CLIENT),
    "office, sni": (lambda: azure.hub(through_gateway(hub=True)), "hub:h:10.90.1.1"),
    "link, sni": (lambda: azure.linked(through_gateway(approval="s-c")), CLIENT),
    "link, port": (lambda: azure.linked(through_gateway("port-per-broker", approval="s-c")), CLIENT),
    "link by hand": (by_hand, CLIENT),
}


@pytest.mark.parametrize("way", WAYS)
def test_reachable(way: str) -> None:
    build, source = WAYS[way]
    traced = build().trace(source)
    assert ends(traced) == {"reachable"}, first(traced)
    assert [one.name for one in traced.targets] == ["bootstrap", "broker 100", "broker 101", "broker 102"]


def remove(kind: str, part: str = "") -> Callable[[World], None]:
    return lambda world: world.remove(kind, part)


def change(kind: str, part: str = "", **inputs: Any) -> Callable[[World], None]:
    return lambda world: world.change(kind, part, **inputs)


def denied(part: str) -> Callable[[World], None]:
    def apply(world: World) -> None:
        rules = world.one("NetworkSecurityGroup", part).inputs["securityRules"]
        world.change("NetworkSecurityGroup", part, securityRules=rules[1:])

    return apply


BROKEN: list[tuple[str, Callable[[World], None], str, str]] = [
    ("cell, lb", remove("VirtualNetworkLink"), "dns", "is not associated with"),
    ("cell, lb", remove("Release", "external-dns"), "dns", "no release of external-dns"),
    ("peering, lb", remove("VirtualNetworkPeering", "virtualNetworks/c"), "peering", "c has not made its side"),
    ("peering, lb", remove("VirtualNetworkPeering", "virtualNetworks/a"), "peering", "a has not made its side"),
    (
        "peering, lb",
        change("VirtualNetworkPeering", "virtualNetworks/c", allowVirtualNetworkAccess=False),
        "peering",
        "allowVirtualNetworkAccess is off",
    ),
    ("peering, lb", denied("nodes"), "firewall", "rule deny-inbound at priority 4096"),
    (
        "peering, lb",
        change("VirtualNetwork", "virtualNetworks/c", addressSpace={"addressPrefixes": []}),
        "route",
        "leads to Internet",
    ),
    ("peering, lb", remove("VirtualNetworkLink", "virtualNetworkLinks/c"), "dns", "is not associated with"),
    ("hub, lb", remove("HubVirtualNetworkConnection", "Connections/a"), "hub", "a is not connected to the hub"),
    ("hub, lb", remove("HubVirtualNetworkConnection", "Connections/c"), "hub", "c is not connected to the hub"),
    ("hub, lb", change("RouteTable", disableBgpRoutePropagation=True), "route", "leads to Internet"),
    ("office, sni", remove("HubVirtualNetworkConnection", "Connections/a"), "hub", "is not connected to it"),
    ("office, sni", change("RouteTable", disableBgpRoutePropagation=True), "route", "leads to Internet"),
    ("peering, sni", remove("PrivateRecordSet"), "dns", "no such record"),
    ("peering, sni", denied("balancers"), "firewall", "rule deny-inbound"),
    ("peering, sni", remove("Subnet", "subnets/lb"), "balancer", "has this address"),
    ("peering, port", remove("TCPRoute", "9100"), "gateway", "it has no port at the gateway"),
    (
        "link, sni",
        change("Subnet", "subnets/link", privateLinkServiceNetworkPolicies="Enabled"),
        "endpoint",
        "not Disabled",
    ),
    ("link, sni", remove("Subnet", "subnets/link"), "endpoint", "it is not there"),
    ("link, sni", denied("nodes"), "firewall", "rule deny-inbound"),
    ("link, sni", remove("PrivateEndpoint"), "balancer", "has this address"),
    ("link by hand", remove("PrivateLinkServicePrivateEndpointConnection"), "endpoint", "Pending"),
    (
        "link by hand",
        change("PrivateLinkServicePrivateEndpointConnection", privateLinkServiceConnectionState={"status": "Rejected"}),
        "endpoint",
        "Rejected",
    ),
]


@pytest.mark.parametrize(("way", "apply", "kind", "why"), BROKEN, ids=lambda one: one if isinstance(one, str) else "")
def test_broken(way: str, apply: Callable[[World], None], kind: str, why: str) -> None:
    build, source = WAYS[way]
    world = build()
    apply(world)
    broken = first(world.trace(source)).broken
    assert broken is not None
    assert (broken.kind, why in broken.reason) == (kind, True), broken


def test_pods_of_an_overlay_are_not_routed() -> None:
    world = azure.cell()
    kafka(world, azure.KUBE, LISTENERS["direct"])
    headless(world, azure.KUBE)
    assert ends(world.trace("cell:a")) == {"route"}


def test_source_ranges_hold() -> None:
    assert ends(public().trace("internet:203.0.113.9")) == {"firewall"}


def test_an_appliance_on_the_way_is_unknown() -> None:
    world = azure.peered(per_broker())
    appliance = {
        "name": "fw",
        "addressPrefix": "10.50.0.0/16",
        "nextHopType": "VirtualAppliance",
        "nextHopIpAddress": "10.0.200.4",
    }
    world.change("RouteTable", routes=[appliance])
    assert ends(world.trace(CLIENT)) == {"unknown"}


def test_a_subscription_that_may_not_see_the_service() -> None:
    world = azure.linked(through_gateway(approval="s-c"))
    settings = world.one("EnvoyProxy").inputs["spec"]["provider"]["kubernetes"]["envoyService"]
    settings["annotations"][f"{azure.P}pls-visibility"] = "s-x"
    assert ends(world.trace(CLIENT)) == {"endpoint"}
