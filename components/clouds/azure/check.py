"""What only Azure refuses in a cell's file, beyond the patterns of its entry.

Owns      laws that two fields of a file make together on Azure.
Refuses   any SDK, and files: a finding has a path, the spine finds the line.
"""

from collections.abc import Iterable, Iterator, Mapping

from components.cell.layout import cut
from components.cell.network_spec import Existing, Peering
from components.cell.spec import CellBody
from components.clouds.azure import addresses
from components.clouds.azure.references import parts
from components.finding import Finding

HUB_ASN = 65515
"""What every virtual hub has: Azure gives it, and no other."""


def check(spec: CellBody) -> Iterable[Finding]:
    """Everything wrong with a cell on Azure; references are known to have its form. Paths are of the cell's file."""
    net = spec.network
    if net.existing:
        yield from _existing(net.existing, spec.account)
        if net.egress:
            yield Finding(
                code="egress-not-ours",
                path=("network", "egress"),
                message="egress has no effect in an existing network: its security groups are the company's",
                hint="remove it, and have the company's groups say it",
            )
    yield from _peerings(net.peerings)
    new = net.hub.new if net.hub else None
    if new and "asn" in new.model_fields_set and new.asn != HUB_ASN:
        yield Finding(
            code="hub-asn-fixed",
            path=("network", "hub", "new", "asn"),
            message=f"asn {new.asn} has no effect: Azure gives every hub the number {HUB_ASN}",
            hint="remove it, and let nothing that the hub is connected to have that number",
            severity="warning",
        )
    yield from _addresses(spec)


def _existing(existing: Existing, account: str) -> Iterator[Finding]:
    theirs = parts(existing.network).subscription
    if theirs != account:
        yield Finding(
            code="network-elsewhere",
            path=("network", "existing", "network"),
            message=f"the network is of subscription {theirs}: on Azure machines and their network are of one",
            allowed=account,
            hint="put the cell into that subscription, or peer a network of its own",
        )
    for zone, subnets in sorted(existing.zones.items()):
        for role in ("nodes", "load_balancers"):
            given = getattr(subnets, role).id
            if _length(getattr(subnets, role).cidr) > addresses.LONGEST:
                yield Finding(
                    code="subnet-too-small",
                    path=("network", "existing", "zones", zone, role, "cidr"),
                    message=f"a subnet of Azure is not smaller than a /{addresses.LONGEST}, and this says "
                    f"{getattr(subnets, role).cidr}",
                )
            if not given.lower().startswith(f"{existing.network}/subnets/".lower()):
                yield Finding(
                    code="subnet-elsewhere",
                    path=("network", "existing", "zones", zone, role, "id"),
                    message=f"subnet '{parts(given).name}' is of network '{parts(given).names[0]}', and the cell is in "
                    f"'{parts(existing.network).name}'",
                    allowed=f"{existing.network}/subnets/…",
                )


def _peerings(peerings: Mapping[str, Peering]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for name, peering in sorted(peerings.items()):
        theirs = parts(peering.network)
        if peering.account not in (None, theirs.subscription):
            yield Finding(
                code="peering-subscription",
                path=("network", "peerings", name, "account"),
                message=f"the network is of subscription {theirs.subscription}, and this says {peering.account}",
                allowed=theirs.subscription,
            )
        before = seen.setdefault(peering.network.lower(), name)
        if before != name:
            yield Finding(
                code="peering-twice",
                path=("network", "peerings", name, "network"),
                message=f"peering '{before}' is with the same network: Azure has one between two networks",
                hint=f"give '{before}' the ranges of both",
            )


def _addresses(spec: CellBody) -> Iterator[Finding]:
    """Two things with one address: a link's follows from its name, so that a new link moves no other."""
    net = spec.network
    within = _endpoints(spec)
    if not within:
        return
    taken: dict[str, str] = {}
    if net.existing and net.has_gateway and net.reachability != "public":
        taken[addresses.front(within)] = "the gateway"
    for name in net.links:
        at = addresses.endpoint(within, name)
        before = taken.setdefault(at, f"link '{name}'")
        if before != f"link '{name}'":
            yield Finding(
                code="link-address-taken",
                path=("network", "links", name),
                message=f"the endpoint of link '{name}' would have the address of {before}, {at}: it follows from the "
                "link's name",
                hint=f"rename '{name}'",
            )


def _endpoints(spec: CellBody) -> str:
    """Range of private endpoints; empty where the file's addresses are wrong, which is told elsewhere."""
    net = spec.network
    if net.existing:
        zone = net.existing.zones.get(min(spec.zones))
        return zone.load_balancers.cidr if zone and _length(zone.load_balancers.cidr) <= addresses.LONGEST else ""
    try:
        return cut(net.layout, net.address_block, (), "").endpoints
    except ValueError:
        return ""


def _length(cidr: str) -> int:
    return int(cidr.partition("/")[2])
