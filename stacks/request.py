"""From specs to the requests that components are built from. Pure: `check`, `render` and `build` share it.

Owns      tags and annotations, DNS names, and what a service may know of the cell that it stands on.
Refuses   Pulumi.
"""

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path

from components import catalog
from components.apps.contract import AppRequest
from components.cell.network_spec import NetworkSpec
from components.cell.ports import gateway_ports, span
from components.clouds.contract import KUBERNETES_GROUPS, LinkRequest
from components.clouds.machines import volumes
from components.model import Spec
from components.names import namespace
from components.platform.request import FromCloud, PlatformGateway, PlatformRequest
from components.services.access import Access, HttpAccess, KafkaAccess, Peer, Reference
from components.services.contract import Demand, Place, Service, ServiceRequest
from components.services.telemetry import Telemetry
from stacks.fleet import App, Cell, Cluster, Fleet, app_uses
from stacks.today import today


def tags(fleet: Fleet, cell: Cell) -> dict[str, str]:
    """Ownership and cost of a cell, for everything that can carry a tag."""
    return {
        "cell": cell.name,
        "cost-center": cell.cost_center.lower(),
        "environment": cell.environment,
        "fleet": fleet.settings.name if fleet.settings else "",
        "managed-by": "kafka-fleet",
        "owner": cell.owner,
    }


def _annotations(fleet: Fleet, owner: str, cost_center: str, file: str) -> dict[str, str]:
    """Ownership and cost of Kubernetes objects. Annotations: a changed label would roll every broker."""
    return {
        "kafka-fleet/cost-center": cost_center,
        "kafka-fleet/declared-in": file,
        "kafka-fleet/fleet": fleet.settings.name if fleet.settings else "",
        "kafka-fleet/owner": owner,
    }


def dns_zone(fleet: Fleet, cell: Cell) -> str:
    """The cell's private DNS zone, no final dot."""
    return f"{cell.name}.{fleet.settings.dns_domain}" if fleet.settings else cell.name


def public_dns_zone(fleet: Fleet, cell: Cell) -> str:
    """The public DNS zone of a public cell, no final dot; empty for any other, and where the fleet has no domain."""
    domain = fleet.settings.public_dns_domain if fleet.settings else None
    return f"{cell.name}.{domain}" if domain and cell.spec.network.reachability == "public" else ""


def links(fleet: Fleet, cell: Cell) -> dict[str, LinkRequest]:
    """The private links that a cell consumes; those of a cell that the fleet does not have are left to the check."""
    found = {}
    for name, link in sorted(cell.spec.network.links.items()):
        provider = fleet.cells.get(link.cell) if link.cell else None
        zone = dns_zone(fleet, provider) if provider else link.dns_zone
        if zone:
            found[name] = LinkRequest(service=link.service, dns_zone=zone)
    return found


def place(fleet: Fleet, cell: Cell) -> Place:
    """What services may know of a cell."""
    spec = cell.spec
    net = spec.network
    cloud = catalog.clouds()[spec.cloud]
    kept = net.gateway_or_default.broker_ports if net.has_gateway else None
    return Place(
        cell=cell.name,
        cloud=spec.cloud,
        region=spec.region,
        zones=spec.zones,
        machine=spec.kubernetes.kafka_nodes.machine,
        kafka_nodes_per_zone=spec.kubernetes.kafka_nodes.most_per_zone,
        storage_classes=tuple(volumes(spec.cloud)),
        reachability=net.reachability,
        allowed_cidrs=net.allowed_cidrs,
        fan_out=net.fan_out or cloud.ways.default[net.reachability],
        ways=cloud.ways,
        dns_zone=dns_zone(fleet, cell),
        operator_version=spec.strimzi.version,
        image_registry=spec.strimzi.image_registry,
        load_balancers=cloud.load_balancers,
        apis=spec.kubernetes.apis,
        gateway=net.has_gateway,
        broker_ports=span(kept) if kept else None,
        public_dns_zone=public_dns_zone(fleet, cell),
        client_cidrs=net.client_cidrs,
        inside=net.inside,
    )


def platform(fleet: Fleet, cell: Cell, cloud_gives: FromCloud, crds: Path | None = None) -> PlatformRequest:
    """What runs in the cell's Kubernetes. `cloud_gives`: outputs of its cloud, or names for them offline.

    crds  folder that stands for the operator's CRDs where they need not be had themselves
    """
    from tools.strimzi import folder  # obtains the CRDs where the cache has none

    spec = cell.spec
    cloud = catalog.clouds()[spec.cloud]
    subject = catalog.load(cloud.subject)
    return PlatformRequest(
        cell=cell.name,
        production=cell.protected,
        strimzi_version=spec.strimzi.version,
        chart_digest=spec.strimzi.chart_digest,
        image_registry=spec.strimzi.image_registry,
        zones=spec.zones,
        storage_classes=catalog.load(cloud.storage_classes)(cloud_gives.disk_key),
        subjects={
            group: subject(principal, group)
            for kind, group in sorted(KUBERNETES_GROUPS.items())
            if (principal := getattr(spec.kubernetes.access, kind)) is not None
        },
        annotations=tags(fleet, cell),
        crds=crds or folder(spec.strimzi.version),
        apis=spec.kubernetes.apis,
        dns_zones=tuple(sorted(filter(None, (dns_zone(fleet, cell), public_dns_zone(fleet, cell))))),
        dns_writer=cloud_gives.dns_writer,
        gateway=_gateway(spec.network, cloud_gives),
    )


def _gateway(network: NetworkSpec, cloud_gives: FromCloud) -> PlatformGateway | None:
    if cloud_gives.gateway is None:
        return None
    return PlatformGateway(
        ports=gateway_ports(network),
        replicas=network.gateway_or_default.replicas,
        service=cloud_gives.gateway,
        objects=cloud_gives.objects,
    )


def service(fleet: Fleet, cluster: Cluster, key: str) -> tuple[Service, ServiceRequest]:
    """The catalog's entry of a service, and the request for it. The cell must be known, and all that it needs too."""
    entry = catalog.services()[key]
    ours = fleet.clusters.get(cluster.name) is cluster
    found = fleet.requests.get((cluster.name, key)) if ours else None
    if found is None:
        found = _whole(fleet, cluster, entry)
        if ours:
            fleet.requests[cluster.name, key] = found
    return entry, found


def _whole(fleet: Fleet, cluster: Cluster, entry: Service) -> ServiceRequest:
    asked = _bare(fleet, cluster, entry.name)
    return dataclasses.replace(
        asked,
        published={
            other: _published(fleet, cluster, other)
            for other in (*entry.requires, *entry.uses)
            if other in cluster.services and catalog.services()[other].publish
        },
        peers={peer.cluster: peer for peer in _peers(fleet, entry, asked)},
        telemetry=_telemetry(fleet, cluster, entry.name) if entry.gathers_telemetry else {},
    )


def _bare(fleet: Fleet, cluster: Cluster, key: str) -> ServiceRequest:
    """A request as far as the cluster's own file goes."""
    spec = cluster.spec
    return ServiceRequest(
        cluster=cluster.name,
        namespace=namespace(cluster.name),
        team=cluster.team,
        environment=spec.environment,
        production=spec.production,
        place=place(fleet, fleet.cells[cluster.cell]),
        spec=cluster.services[key],
        services=cluster.services,
        annotations=_annotations(fleet, cluster.team, spec.cost_center, cluster.resolved.file),
        offered_as_a_service=fleet.settings is not None and fleet.settings.offered_as_a_service,
        given_up=cluster.given_up(key),
    )


def demands(fleet: Fleet, cluster: Cluster) -> Iterator[tuple[str, Demand]]:
    """The ways into a cluster from outside of Kubernetes, each with its service's key; none where it does not stand."""
    if not fleet.stands(cluster):
        return
    for key in sorted(cluster.services):
        if catalog.services()[key].demands:
            entry, asked = service(fleet, cluster, key)
            yield from ((key, each) for each in catalog.load(entry.demands)(asked))


def kafka_access(fleet: Fleet, cluster: Cluster) -> KafkaAccess:
    """What a cluster's Kafka publishes. The cluster must stand."""
    found = _published(fleet, cluster, "kafka")
    if not isinstance(found, KafkaAccess):
        raise TypeError(f"kafka publishes a {type(found).__name__}")
    return found


def _published(fleet: Fleet, cluster: Cluster, key: str) -> Access:
    entry, asked = service(fleet, cluster, key)
    found: Access = catalog.load(entry.publish)(asked)
    return found


def _peers(fleet: Fleet, entry: Service, asked: ServiceRequest) -> Iterator[Peer]:
    """The clusters that a section names, as far as they exist and stand; `check` tells of the others."""
    for name in sorted({reference.cluster for reference in references(entry, asked.spec)}):
        other = fleet.clusters.get(name)
        if other is None or name == asked.cluster or not fleet.stands(other):
            continue
        cell = fleet.cells[other.cell]
        yield Peer(
            cluster=name,
            namespace=namespace(name),
            team=other.team,
            production=other.spec.production,
            cell=cell.name,
            cloud=cell.spec.cloud,
            region=cell.spec.region,
            zone=dns_zone(fleet, cell),
            kafka=kafka_access(fleet, other),
            services=other.services,
        )


def _telemetry(fleet: Fleet, cluster: Cluster, watcher: str) -> dict[str, Telemetry]:
    found = {}
    for key in sorted(cluster.services):
        entry = catalog.services()[key]
        if entry.telemetry and key != watcher and not entry.gathers_telemetry:
            found[key] = catalog.load(entry.telemetry)(service(fleet, cluster, key)[1])
    return found


def references(entry: Service, spec: Spec) -> Sequence[Reference]:
    """The other clusters that a section names."""
    return tuple(catalog.load(entry.references)(spec)) if entry.references else ()


def app(fleet: Fleet, declared: App, kafka: ServiceRequest | None = None) -> AppRequest:
    """The request for an app. Its cluster must be known; who asks for all its apps gives the cluster's `kafka` once."""
    cluster = fleet.clusters[declared.spec.cluster]
    kafka = kafka or service(fleet, cluster, "kafka")[1]
    cost_center = declared.spec.cost_center or cluster.spec.cost_center
    uses = app_uses(declared, cluster)
    return AppRequest(
        app=declared.name,
        team=declared.team,
        production=cluster.spec.production,
        spec=declared.spec,
        kafka=kafka,
        annotations=_annotations(fleet, declared.team, cost_center, declared.resolved.file),
        today=today(),
        connect=_http(fleet, cluster, "connect") if "connect" in uses else None,
        schema_registry=_http(fleet, cluster, "schema_registry") if "schema_registry" in uses else None,
    )


def _http(fleet: Fleet, cluster: Cluster, key: str) -> HttpAccess | None:
    found = _published(fleet, cluster, key) if catalog.services()[key].publish else None
    return found if isinstance(found, HttpAccess) else None
