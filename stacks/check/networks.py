"""How a cell is reached: what its cloud does, and what each word of it needs.

Owns      pairs of reachability and fan-out, the gateway with its ports, private link, address family, public names.
Refuses   what the network is joined to (`joins.py`), an existing network (`existing.py`), and addresses.
"""

from collections.abc import Iterable

from components import catalog
from components.cell.ports import span
from components.clouds.contract import Cloud
from components.clouds.reach import GATEWAY_FAN_OUTS
from stacks.check.told import in_network
from stacks.fleet import Cell, Fleet
from stacks.problem import Problem
from stacks.resolve import Path

FIRST_PORT, LAST_PORT = 1024, 65535
KEPT_PORTS = {
    10443: "the gateway's own port behind 443",
    19000: "the proxy's administration",
    19001: "the proxy's statistics",
    19003: "the proxy's readiness",
}
"""Ports inside the gateway's pods that a broker port would take away (Envoy Gateway adds 10000 to ports below 1024)."""
MOST_PORTS = 63
"""A Gateway has at most 64 listeners (Gateway API, maxItems of spec.listeners), and one of them is 443."""


def problems(fleet: Fleet) -> Iterable[Problem]:
    """What is missing, refused or without effect in each cell's `network`."""
    for cell in fleet.cells.values():
        cloud = catalog.clouds().get(cell.spec.cloud)
        if cloud is not None:
            yield from _way(cell, cloud)
            yield from _gateway(cell, cloud)
            yield from _private_link(cell)
            yield from _public(fleet, cell)


def _way(cell: Cell, cloud: Cloud) -> Iterable[Problem]:
    net = cell.spec.network
    built = cloud.ways.built(net.reachability)
    if net.fan_out is not None and (refused := cloud.ways.refusal(net.reachability, net.fan_out)):
        yield in_network(
            cell,
            ("fan_out",),
            "way-refused",
            f"'{net.fan_out}' with reachability '{net.reachability}' on {cloud.title}: {refused.why}",
            ", ".join(built),
            f"take {refused.nearest}",
        )
    if family := cloud.ways.families.get(net.ip_family):
        yield in_network(
            cell,
            ("ip_family",),
            "family-refused",
            f"{cloud.kubernetes_title} with '{net.ip_family}': {family.why}",
            family.nearest,
        )
    needs = {"peering": ("peerings", bool(net.peerings)), "hub": ("hub", net.hub is not None)}
    field, there = needs.get(net.reachability, ("", True))
    if not there:
        yield in_network(
            cell,
            ("reachability",),
            f"no-{field}",
            f"reachability '{net.reachability}' without `{field}`: nothing is joined to the network",
            hint=f"add network.{field}, or say 'private'",
        )


def _gateway(cell: Cell, cloud: Cloud) -> Iterable[Problem]:
    net = cell.spec.network
    fan_out = net.fan_out or cloud.ways.default[net.reachability]
    if fan_out in GATEWAY_FAN_OUTS and not net.has_gateway:
        yield in_network(
            cell,
            ("fan_out",),
            "no-gateway",
            f"fan-out '{fan_out}' goes through the cell's gateway, and it has none",
            hint="add `gateway: {}` to network",
        )
    ports = net.gateway.broker_ports if net.gateway else None
    if fan_out == "port-per-broker" and net.has_gateway and ports is None:
        yield in_network(
            cell,
            ("fan_out",),
            "no-broker-ports",
            "fan-out 'port-per-broker' without ports that brokers could take",
            hint='add `broker_ports: "9100-9139"` to network.gateway',
        )
    if ports is not None:
        yield from _ports(cell, ports)


def _ports(cell: Cell, ports: str) -> Iterable[Problem]:
    path: Path = ("gateway", "broker_ports")
    first, last = span(ports)
    if not FIRST_PORT <= first < last <= LAST_PORT:
        allowed = f"two ports from {FIRST_PORT} to {LAST_PORT}, the lower one first"
        yield in_network(cell, path, "bad-ports", f"'{ports}' is no range of ports", allowed)
        return
    if last - first >= MOST_PORTS:
        message = f"'{ports}' are {last - first + 1} ports of one gateway"
        yield in_network(
            cell, path, "too-many-ports", message, f"at most {MOST_PORTS}", f"end at {first + MOST_PORTS - 1}"
        )
    for port, use in KEPT_PORTS.items():
        if first <= port <= last:
            yield in_network(
                cell, path, "port-kept", f"{port} is {use}", hint=f"end at {port - 1}, or begin at {port + 1}"
            )


def _private_link(cell: Cell) -> Iterable[Problem]:
    net = cell.spec.network
    link = net.privatelink
    if net.reachability == "privatelink" and link is None:
        yield in_network(
            cell,
            ("reachability",),
            "no-privatelink",
            "reachability 'privatelink' without `privatelink`: nobody may connect",
            hint="add network.privatelink with the consumers",
        )
    if link is None:
        return
    if net.reachability != "privatelink":
        yield in_network(
            cell,
            ("privatelink",),
            "unused-privatelink",
            f"privatelink has no effect while network.reachability is '{net.reachability}'",
            hint="remove it, or say 'privatelink'",
            key=True,
        )
    if link.accepted and link.acceptance == "listed":
        yield in_network(
            cell,
            ("privatelink", "accepted"),
            "unused-accepted",
            "accepted has no effect while acceptance is 'listed': listed consumers are accepted by themselves",
            hint="remove it, or say 'manual'",
            key=True,
        )


def _public(fleet: Fleet, cell: Cell) -> Iterable[Problem]:
    if cell.spec.network.reachability == "public" and fleet.settings and fleet.settings.public_dns_domain is None:
        yield in_network(
            cell,
            ("reachability",),
            "no-public-domain",
            "a public cell without a public DNS domain: its brokers would have no names that others resolve",
            hint="add public_dns_domain to fleet/fleet.yaml, a domain of yours",
        )
