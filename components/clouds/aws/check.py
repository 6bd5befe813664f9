"""What only AWS refuses in a cell's file, beyond the patterns of its entry.

Owns      laws about routes, regions and EKS' service range that two fields of a file make together.
Refuses   any SDK, and files: a finding has a path, the spine finds the line.
"""

import ipaddress
from collections.abc import Iterable, Iterator

from components.cell.network_spec import NetworkSpec
from components.cell.spec import CellBody
from components.finding import Finding

_Net = ipaddress.IPv4Network

SERVICE_SPACE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
"""Where EKS takes a range of services from."""


def check(spec: CellBody) -> Iterable[Finding]:
    """Everything wrong with a cell on AWS; references are known to have AWS' form. Paths are of the cell's file."""
    net = spec.network
    if net.existing is not None and net.egress is not None:
        yield Finding(
            code="egress-existing",
            path=("network", "egress"),
            message=f"an allow-list of ways out in {net.existing.network}: its routes are the company's own",
            hint="remove it, and let the network's owner say where its subnets lead",
        )
    yield from _routes(net)
    for name, link in sorted(net.links.items()):
        region = link.service.split(".")[3]
        if link.cell is not None and region != spec.region:
            yield Finding(
                code="link-region",
                path=("network", "links", name, "service"),
                message=f"the service is in {region} and the cell in {spec.region}: cells offer theirs in their own "
                "region",
                allowed=spec.region,
                hint=f"consume it from a cell in {region}",
            )
    if net.existing is not None and net.existing.services is not None:
        yield from _services(net.existing.services)


def _routes(net: NetworkSpec) -> Iterator[Finding]:
    """A table takes one route to a range, and the whole internet has one already."""
    if net.existing is not None:
        return
    for n, cidr in enumerate(net.hub.cidrs if net.hub else ()):
        if cidr == "0.0.0.0/0":
            yield Finding(
                code="hub-default-route",
                path=("network", "hub", "cidrs", n),
                message="0.0.0.0/0 over the hub: the cell's own network leads there by its gateways already",
                allowed="the ranges of the networks on the hub, e.g. 10.0.0.0/8",
                hint="put the cell into an existing network whose way out is the hub",
            )
    for n, cidr in enumerate(net.egress.allowed_cidrs if net.egress else ()):
        if cidr in net.joined_cidrs:
            yield Finding(
                code="egress-joined",
                path=("network", "egress", "allowed_cidrs", n),
                message=f"{cidr} is joined by a peering or the hub: a route table has one way to a range",
                hint="remove it here: what is joined is reached without being allowed",
            )


def _services(cidr: str) -> Iterator[Finding]:
    given = _Net(cidr)
    if any(given.subnet_of(_Net(space)) for space in SERVICE_SPACE) and 12 <= given.prefixlen <= 24:
        return
    yield Finding(
        code="services-range",
        path=("network", "existing", "services"),
        message=f"{cidr} cannot be the services' range of an EKS cluster",
        allowed=f"a /12 to a /24 inside of {', '.join(SERVICE_SPACE)}",
    )
