"""What only GCP refuses in a cell's file, beyond the patterns of its entry.

Owns      laws about projects and regions that two fields of a file make together.
Refuses   any SDK, and files: a finding has a path, the spine finds the line.
"""

from collections.abc import Iterable, Iterator

from components.cell.network_spec import Existing
from components.cell.spec import CellBody
from components.clouds.gcp import paths
from components.finding import Finding

_AT = ("network", "existing")


def check(spec: CellBody) -> Iterable[Finding]:
    """Everything wrong with a cell on GCP; references are known to have GCP's form. Paths are of the cell's file."""
    net = spec.network
    if net.existing:
        yield from _existing(spec, net.existing)
    for name, peering in sorted(net.peerings.items()):
        project = paths.project(peering.network)
        if peering.account not in (None, project) or (peering.account is None and project != spec.account):
            yield Finding(
                code="peering-project",
                path=("network", "peerings", name, "account" if peering.account else "network"),
                message=f"network {peering.network} is of project '{project}', and this peering of "
                f"'{peering.account or spec.account}'",
                allowed=project,
                hint=f"say `account: {project}`",
            )
    for name, link in sorted(net.links.items()):
        region = paths.region(link.service)
        if region != spec.region:
            yield Finding(
                code="link-region",
                path=("network", "links", name, "service"),
                message=f"the service is in {region} and the cell in {spec.region}: an endpoint stands where its "
                "service does",
                allowed=spec.region,
                hint=f"consume it from a cell in {region}",
            )
    link_out = net.privatelink
    for n, project in enumerate(link_out.accepted if link_out else ()):
        if link_out and project not in link_out.consumers:
            yield Finding(
                code="accepted-stranger",
                path=("network", "privatelink", "accepted", n),
                message=f"project '{project}' is accepted and is none of the consumers",
                allowed=", ".join(link_out.consumers),
                hint="add it to consumers, or take it out here",
            )


def _existing(spec: CellBody, existing: Existing) -> Iterator[Finding]:
    project = paths.project(existing.network)
    if project != spec.account:
        yield Finding(
            code="shared-vpc",
            path=(*_AT, "network"),
            message=f"the network is of project '{project}': a cell's network is of its own project (no shared VPC)",
            allowed=spec.account,
            hint="peer a network of the cell's own with it, or move the cell into that project",
        )
    first = existing.zones.get(min(spec.zones))
    for zone, subnets in sorted(existing.zones.items()):
        for role in ("nodes", "load_balancers"):
            given = getattr(subnets, role)
            if first is not None and given != getattr(first, role):
                yield Finding(
                    code="subnets-differ",
                    path=(*_AT, "zones", zone, role, "id"),
                    message=f"subnetwork {given.id}, and {getattr(first, role).id} in another zone: GCP's subnetworks "
                    "span a region, and a cell has one of each kind",
                    allowed=getattr(first, role).id,
                )
    for field, name in (("pods", "pods_name"), ("services", "services_name")):
        missing = [each for each in (field, name) if getattr(existing, each) is None]
        if missing:
            yield Finding(
                code="no-secondary-range",
                path=_AT,
                message=f"no {' and no '.join(missing)}: GKE takes {field}' addresses from a secondary range of the "
                "nodes' subnetwork",
                hint="state the range and its name",
            )
