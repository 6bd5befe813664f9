"""The ways into a cluster: which listeners it has, and at which addresses people find them.

Owns      the default listeners of a place, and what a file's changes make of them.
Refuses   a listener without TLS or authentication, and knowledge of any cloud's load balancers: the place has it.
Identity  names and ports are in addresses that clients have written down.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.services.contract import Place, ServiceRequest
from components.services.kafka import oauth
from components.services.kafka.oauth import Oauth
from components.services.kafka.place import kafka_spec
from components.services.kafka.spec import KafkaSpec, Listener

PLATFORM = "tls"
"""The listener that the platform's own services use: inside Kubernetes, with client certificates."""


@dataclass(frozen=True)
class Way:
    """One listener with nothing left open."""

    name: str
    type: str
    port: int
    authentication: str
    allowed_cidrs: tuple[str, ...] = ()
    oauth: Oauth | None = None


def exposure(place: Place) -> str:
    """The type of listener by which a cell is reached from outside its Kubernetes."""
    return "external" if place.reachability == "public" else "network"


def defaults(place: Place) -> dict[str, Way]:
    """The listeners of a cluster whose file says nothing. A place without load balancers has none that needs them."""
    found = [Way(PLATFORM, "internal", 9093, "tls"), Way("scram", "internal", 9094, "scram-sha-512")]
    outside = exposure(place)
    if outside in place.load_balancers:
        cidrs = place.allowed_cidrs if outside == "external" else ()
        found.append(Way(outside, outside, 9095, "scram-sha-512", cidrs))
    return {way.name: way for way in found}


def _completed(name: str, listener: Listener, default: Way | None, place: Place) -> Way | None:
    kind = listener.type or (default.type if default else None)
    port = listener.port or (default.port if default else None)
    authentication = listener.authentication or (default.authentication if default else None)
    if kind is None or port is None or authentication is None:
        return None
    tokens = listener.oauth if authentication == "oauth" else None
    if authentication == "oauth" and tokens is None:
        return None
    cidrs = listener.allowed_cidrs
    if cidrs is None:
        # A private address is only reached inside the network, so the cell's ranges, which are of outside, say nothing.
        cidrs = place.allowed_cidrs if kind == "external" else ()
    return Way(name, kind, port, authentication, tuple(sorted(cidrs)), tokens)


def ways(spec: KafkaSpec, place: Place) -> tuple[Way, ...]:
    """All listeners, by port. One that is incomplete is left out here and refused by the rules."""
    known = defaults(place)
    found = {name: way for name, way in known.items() if name not in spec.listeners}
    for name, listener in spec.listeners.items():
        way = _completed(name, listener, known.get(name), place)
        if listener.enabled and way is not None:
            found[name] = way
    return tuple(sorted(found.values(), key=lambda way: (way.port, way.name)))


def oauth_of(spec: KafkaSpec, place: Place) -> dict[str, Oauth]:
    """The listeners that take tokens, and whose."""
    return {way.name: way.oauth for way in ways(spec, place) if way.oauth is not None}


def _load_balancer(way: Way, place: Place) -> dict[str, Any]:
    balancer = place.load_balancers[way.type]
    configuration: dict[str, Any] = {
        # Without it a deleted Service is gone from Kubernetes while its load balancer still costs money.
        "finalizers": ["service.kubernetes.io/load-balancer-cleanup"],
    }
    if balancer.class_name:
        configuration["class"] = balancer.class_name
    if way.allowed_cidrs:
        configuration["loadBalancerSourceRanges"] = list(way.allowed_cidrs)
    if balancer.annotations:
        configuration["bootstrap"] = {"annotations": dict(sorted(balancer.annotations.items()))}
        # A list of brokers would leave a broker added later without annotations, and so with a public address.
        configuration["perBrokerAnnotationsTemplate"] = dict(sorted(balancer.annotations.items()))
    return configuration


def strimzi(way: Way, place: Place) -> dict[str, Any]:
    """A listener as the Kafka object has it."""
    body: dict[str, Any] = {
        "name": way.name,
        "port": way.port,
        "type": "internal" if way.type == "internal" else "loadbalancer",
        "tls": True,
        "authentication": (
            {"type": way.authentication} if way.oauth is None else oauth.authentication(way.name, way.oauth)
        ),
    }
    if way.type == "internal":
        # Where pods have routable addresses, "internal" would otherwise be open to the whole network.
        body["networkPolicyPeers"] = [{"namespaceSelector": {}}]
    else:
        body["configuration"] = _load_balancer(way, place)
    return body


def bootstrap_service(cluster: str, way: Way) -> str:
    """Name of the Service that a listener's clients connect to first, as Strimzi makes it."""
    return f"{cluster}-kafka-bootstrap" if way.type == "internal" else f"{cluster}-kafka-{way.name}-bootstrap"


def endpoints(request: ServiceRequest) -> Mapping[str, str]:
    """Bootstrap address of each listener by its name. Load balancers get theirs from the cloud after the apply."""
    found = {}
    for way in ways(kafka_spec(request), request.place):
        service = f"{bootstrap_service(request.cluster, way)}.{request.namespace}.svc"
        found[way.name] = f"{service}:{way.port}" + ("" if way.type == "internal" else " (load balancer)")
    return found
