"""Under which names and ports a listener's clients find it: what certificates, records, routes and clients agree on.

Owns      from a listener to its names and ports. The names themselves are `components/dns_names.py`'s.
Refuses   Kubernetes objects: they only repeat what stands here.
Identity  every address here is in the settings of clients.
"""

from collections.abc import Mapping, Sequence

from components import dns_names
from components.cell import ports
from components.cell.ports import FIRST_BROKER_ID
from components.clouds.reach import SNI_PORT
from components.services.contract import Place, ServiceRequest
from components.services.kafka.listeners import Way, bootstrap_service, ways
from components.services.kafka.place import kafka_spec, known, sizing_of

POOL = "broker"
"""Name of the pool whose nodes clients talk to (`pools.py`)."""


def zone_of(way: Way, place: Place) -> str:
    """The DNS zone in which a listener has its names."""
    return place.public_dns_zone if way.type == "external" else place.dns_zone


def bootstrap_host(cluster: str, way: Way, place: Place) -> str:
    """The name that clients outside connect to first."""
    return dns_names.bootstrap(cluster, way.name, zone_of(way, place))


def bootstrap_port(way: Way) -> int:
    """The port that goes with it."""
    if way.fan_out == "port-per-broker" and way.ports:
        return way.ports[0]
    return SNI_PORT if way.fan_out == "sni" else way.port


def broker_host(cluster: str, way: Way, place: Place, broker_id: int | None = None) -> str:
    """The name of a broker; without an id, the template that Strimzi fills in."""
    zone = zone_of(way, place)
    if way.fan_out == "port-per-broker":
        return bootstrap_host(cluster, way, place)
    if way.fan_out == "direct":
        given = () if broker_id is None else (pod(cluster, broker_id),)
        return dns_names.pod(cluster, way.name, zone, *given)
    return dns_names.broker(cluster, way.name, zone, *(() if broker_id is None else (broker_id,)))


def broker_port(way: Way, broker_id: int) -> int:
    """The port of a broker."""
    if way.fan_out == "port-per-broker" and way.ports:
        return ports.broker_port(way.ports[0], broker_id)
    return bootstrap_port(way)


def port_template(way: Way) -> str:
    """The same for every broker, as Strimzi computes it: a sum, because node ids are no digits to put behind others."""
    if way.fan_out == "port-per-broker" and way.ports:
        return f"{broker_port(way, 0)} + {dns_names.NODE_ID}"
    return str(bootstrap_port(way))


def pod(cluster: str, broker_id: int) -> str:
    """Name of a broker's pod, as Strimzi makes it."""
    return f"{cluster}-{POOL}-{broker_id}"


def broker_service(cluster: str, way: Way, broker_id: int) -> str:
    """Name of the Service of one broker of a listener that has its own, as Strimzi makes it."""
    if (way.name, way.port) == ("external", 9094):
        # As its first versions called them, and to this day.
        return pod(cluster, broker_id)
    return f"{cluster}-{POOL}-{way.name}-{broker_id}"


def zonal_names(cluster: str, way: Way, place: Place) -> tuple[str, ...]:
    """Bootstrap names for the clients of one zone each: an endpoint of a private link has an address in every zone."""
    if way.type != "link" or way.fan_out != "sni":
        return ()
    return tuple(dns_names.zonal(bootstrap_host(cluster, way, place), zone) for zone in place.zones)


def names(cluster: str, way: Way, place: Place) -> tuple[str, ...]:
    """Every name that a certificate of a broker must hold for a listener outside of Kubernetes."""
    found = (bootstrap_host(cluster, way, place), broker_host(cluster, way, place), *zonal_names(cluster, way, place))
    return tuple(dict.fromkeys(found))


def broker_ids(request: ServiceRequest) -> Sequence[int]:
    """The ids that brokers get by themselves; three where the cell's node type is unknown, which its check refuses."""
    brokers = sizing_of(request).brokers if known(request) else 3
    return range(FIRST_BROKER_ID, FIRST_BROKER_ID + brokers)


def brokers(request: ServiceRequest, way: Way) -> tuple[str, ...]:
    """`host:port` of each broker as clients outside see it."""
    return tuple(
        f"{broker_host(request.cluster, way, request.place, one)}:{broker_port(way, one)}"
        for one in broker_ids(request)
    )


def bootstrap(request: ServiceRequest, way: Way) -> str:
    """`host:port` that a listener's clients connect to first: a Service, or from outside a name of the zone."""
    if way.type == "internal":
        return f"{bootstrap_service(request.cluster, way)}.{request.namespace}.svc:{way.port}"
    return f"{bootstrap_host(request.cluster, way, request.place)}:{bootstrap_port(way)}"


def endpoints(request: ServiceRequest) -> Mapping[str, str]:
    """Bootstrap address of each listener by its name."""
    return {way.name: bootstrap(request, way) for way in ways(kafka_spec(request), request.place)}
