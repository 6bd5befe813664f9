"""The objects that lead clients to brokers where Strimzi makes none: routes of the cell's gateway, records of pods.

Owns      a TCPRoute for each port of a listener, the TLSRoute of zonal names, the Service from which external-dns reads
          the pods' addresses.
Refuses   the gateway itself (the cell's), and routes of brokers by name: Strimzi makes those as brokers come and go.
Identity  the names of these objects; a role has the broker's id in it, never an index.
"""

from collections.abc import Iterator
from typing import Any

from components.cell.ports import FIRST_BROKER_ID, broker_port
from components.services.contract import Manifest, ServiceRequest
from components.services.kafka import addresses
from components.services.kafka.fan_outs import HOSTNAME, SECTION, parent
from components.services.kafka.listeners import Way, bootstrap_service, ways
from components.services.kafka.place import kafka_spec

_GROUP = "gateway.networking.k8s.io"


def _object(request: ServiceRequest, api: str, kind: str, name: str, **content: Any) -> dict[str, Any]:
    more: dict[str, str] = content.pop("annotations", {})
    annotations = {**request.annotations, **more}
    metadata = {"name": name, "namespace": request.namespace, "annotations": annotations}
    return {"apiVersion": api, "kind": kind, "metadata": metadata, **content}


def _route(
    request: ServiceRequest, way: Way, kind: str, name: str, section: str, service: str, **more: Any
) -> dict[str, Any]:
    version = "v1alpha2" if kind == "TCPRoute" else "v1"
    rules = [{"backendRefs": [{"group": "", "kind": "Service", "name": service, "port": way.port}]}]
    spec = {"parentRefs": [parent(section)], **more, "rules": rules}
    return _object(request, f"{_GROUP}/{version}", kind, name, spec=spec)


def _by_port(request: ServiceRequest, way: Way, first: int, last: int) -> Iterator[Manifest]:
    """A route for every port of the span, also for brokers that are still to come.

    Which ids are in use depends on which brokers were once removed, and only the operator knows that: with a route
    for each of the current number, one that is still needed would be missing. A port without a broker is refused.
    """
    start = f"{request.cluster}-{way.name}"
    service = bootstrap_service(request.cluster, way)
    body = _route(request, way, "TCPRoute", f"{start}-bootstrap", f"port-{first}", service)
    yield Manifest(f"route-{way.name}-bootstrap", body, after=("namespace",))
    for broker in range(FIRST_BROKER_ID, FIRST_BROKER_ID + last - first):
        section = f"port-{broker_port(first, broker)}"
        service = addresses.broker_service(request.cluster, way, broker)
        body = _route(request, way, "TCPRoute", f"{start}-{broker}", section, service)
        yield Manifest(f"route-{way.name}-broker{broker}", body, after=("namespace",))


def _zonal(request: ServiceRequest, way: Way, names: tuple[str, ...]) -> Manifest:
    """Strimzi's own route has one host name for the bootstrap, and no place for more."""
    service = bootstrap_service(request.cluster, way)
    name = f"{request.cluster}-{way.name}-zonal"
    body = _route(request, way, "TLSRoute", name, SECTION, service, hostnames=list(names))
    return Manifest(f"route-{way.name}-zonal", body, after=("namespace",))


def _pods(request: ServiceRequest, way: Way) -> Manifest:
    """external-dns makes records for the pods behind a headless Service: its own name leads to all of them, and
    `<pod>.<its name>` to each. Strimzi's headless Service would do, but for the controllers that it has too: clients
    would be sent to them.
    """
    body = _object(
        request,
        "v1",
        "Service",
        f"{request.cluster}-{way.name}-pods",
        annotations={
            HOSTNAME: addresses.bootstrap_host(request.cluster, way, request.place),
            # Nothing is behind it until Strimzi has made the brokers, which may be after.
            "pulumi.com/skipAwait": "true",
        },
        spec={
            "clusterIP": "None",
            # A broker that restarts must be found again before it is ready: its peers and clients wait for it.
            "publishNotReadyAddresses": True,
            "selector": {"strimzi.io/cluster": request.cluster, "strimzi.io/broker-role": "true"},
            "ports": [{"name": f"tcp-{way.name}", "port": way.port, "protocol": "TCP", "targetPort": way.port}],
        },
    )
    return Manifest(f"pods-{way.name}", body, after=("namespace",))


def manifests(request: ServiceRequest) -> Iterator[Manifest]:
    """The objects of every listener that needs some, by port of the listener."""
    for way in ways(kafka_spec(request), request.place):
        if way.ports is not None:
            yield from _by_port(request, way, *way.ports)
        if names := addresses.zonal_names(request.cluster, way, request.place):
            yield _zonal(request, way, names)
        if way.fan_out == "direct":
            yield _pods(request, way)
