"""All Kubernetes objects of one ksqlDB, in the order in which they must exist.

Owns      what a server is: its program, its state, whom it talks to.
Refuses   pods, budgets and policies as such: `components.services.workload_objects` makes those for every service.
Identity  the roles are logical names, so part of every URN.
"""

from collections.abc import Mapping, Sequence

from components.services.access import HttpAccess
from components.services.contract import Manifest, ServiceRequest
from components.services.images import pulled
from components.services.kafka_user import kafka_user
from components.services.ksqldb import identity, settings
from components.services.workload import Destination, Probe, Workload, pods_of
from components.services.workload_objects import manifests

START_SECONDS = 600
"""How long a server may take until it answers: it reads every command ever given before it does."""


def _port(url: str) -> int:
    scheme, _, rest = url.partition("://")
    port = rest.partition("/")[0].partition(":")[2]
    return int(port) if port else {"https": 443}.get(scheme, 80)


def _destinations(request: ServiceRequest) -> tuple[Destination, ...]:
    others = (request.http("connect"), request.http("schema_registry"))
    return tuple(Destination(_port(other.url), dict(other.pods)) for other in others if other and other.url)


def _secrets(request: ServiceRequest) -> Mapping[str, str]:
    spec, registry = identity.ksqldb_spec(request), request.http("schema_registry")
    found = {settings.USERS: spec.mode.auth.users_secret} if spec.mode.auth else {}
    if registry and registry.ca_secret:
        found[settings.REGISTRY_CA] = registry.ca_secret
    return found


def workload(request: ServiceRequest) -> Workload:
    """The servers."""
    spec, name = identity.ksqldb_spec(request), identity.name(request)
    # Headless servers have no REST API, so what shows metrics tells whether they live.
    headless = Probe("/metrics", "/metrics", START_SECONDS, port=identity.METRICS_PORT)
    return Workload(
        name=name,
        image=pulled(identity.image(spec), request.place),
        port=identity.PORT,
        replicas=spec.replicas,
        cpu=spec.size.cpu,
        memory_mib=round(spec.size.memory_gib * 1024),
        # `/healthcheck` fails while Kafka does: a restart would not help.
        probe=headless if spec.mode.queries else Probe("/healthcheck", "/info", START_SECONDS),
        tls_secret=spec.mode.tls.secret if spec.mode.tls else "",
        metrics_port=identity.METRICS_PORT,
        command=("/bin/sh", f"{settings.FOLDER}/start.sh"),
        environment=settings.environment(request),
        files=settings.files(request),
        secrets=_secrets(request),
        stable_names=True,
        disk_gib=spec.disk_gib,
        disk_path=settings.STATE,
        storage_class=spec.storage_class or "",
        kafka_user=name,
        # State that is handed over in order is not restored from Kafka.
        grace_seconds=120,
        egress=_destinations(request),
        clients=() if spec.mode.queries or spec.mode.open_to == "cell" else ({},),
        anyone=not spec.mode.queries and spec.mode.open_to == "cell",
    )


def objects(request: ServiceRequest) -> Sequence[Manifest]:
    """The objects of a request."""
    user = kafka_user(request, identity.name(request), identity.grants(request))
    return [Manifest("kafka-user", user), *manifests(request, workload(request), after=("kafka-user",))]


def publish(request: ServiceRequest) -> HttpAccess:
    """How the cluster's other services reach it. A headless one has no URL."""
    spec = identity.ksqldb_spec(request)
    return HttpAccess(
        name=identity.name(request),
        url="" if spec.mode.queries else identity.base_url(request),
        pods=pods_of(identity.name(request)),
        ca_secret=spec.mode.tls.secret if spec.mode.tls else "",
        facts={
            "service_id": identity.service_id(request),
            "authentication": "basic" if spec.mode.auth else "none",
            "output_prefix": identity.output_prefix(request),
        },
    )


def endpoints(request: ServiceRequest) -> Mapping[str, str]:
    """The REST API. A headless ksqlDB has none."""
    return {} if identity.ksqldb_spec(request).mode.queries else {"rest": identity.base_url(request)}


def explain(request: ServiceRequest) -> Sequence[str]:
    """What a server's memory and disk are for."""
    spec = identity.ksqldb_spec(request)
    heap = spec.size.memory_gib * spec.size.heap_share
    copies = spec.standby_replicas + 1
    return (
        f"{spec.size.memory_gib:g} GiB a server: {heap:.1f} GiB heap, the rest for state stores and the page cache",
        f"{spec.replicas} servers with {spec.disk_gib} GiB each hold {copies} copies of the state: "
        f"at most {spec.replicas * spec.disk_gib // copies} GiB of it",
    )
