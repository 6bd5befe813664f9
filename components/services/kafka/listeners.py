"""The ways into a cluster: which listeners it has.

Owns      the default listeners of a place, and what a file's changes make of them.
Refuses   a listener without TLS or authentication; names and ports that clients see (`addresses.py`), and how Strimzi
          is told of a listener (`fan_outs.py`).
Identity  names and ports are in addresses that clients have written down.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from components.cell.ports import span
from components.clouds.reach import EXPOSURES, GATEWAY_FAN_OUTS, FanOut, Reachability
from components.services.contract import Place
from components.services.kafka.oauth import Oauth
from components.services.kafka.spec import KafkaSpec, Listener

PLATFORM = "tls"
"""The listener that the platform's own services use: inside Kubernetes, with client certificates."""


@dataclass(frozen=True)
class Way:
    """One listener with nothing left open. `fan_out` is None for those inside Kubernetes.

    ports  with fan-out `port-per-broker`: first and last port of the gateway that are this listener's
    """

    name: str
    type: str
    port: int
    authentication: str
    allowed_cidrs: tuple[str, ...] = ()
    oauth: Oauth | None = None
    fan_out: FanOut | None = None
    ports: tuple[int, int] | None = None

    @property
    def through_gateway(self) -> bool:
        """Whether its clients come through the cell's gateway."""
        return self.fan_out in GATEWAY_FAN_OUTS


def exposure(place: Place) -> str:
    """The type of listener by which a cell is reached from outside its Kubernetes."""
    return EXPOSURES[place.reachability]


def reachability_of(kind: str, place: Place) -> Reachability:
    """The reachability that a type of listener serves: the cell's own, or else the cell's network alone."""
    return place.reachability if kind == exposure(place) else "private"


def default_fan_out(kind: str, place: Place) -> FanOut:
    """How brokers are told apart where a listener does not say."""
    return place.fan_out if kind == exposure(place) else place.ways.default["private"]


def _makes(place: Place, kind: str) -> bool:
    """Whether a cell makes what its own default listener needs. Where not, the cell's own check says so."""
    if place.ways.refusal(place.reachability, place.fan_out) is not None:
        return False
    if place.fan_out in GATEWAY_FAN_OUTS:
        return place.gateway
    return place.fan_out == "direct" or kind in place.load_balancers


def defaults(place: Place) -> dict[str, Way]:
    """The listeners of a cluster whose file says nothing. With `port-per-broker` the outside one still lacks ports."""
    found = [Way(PLATFORM, "internal", 9093, "tls"), Way("scram", "internal", 9094, "scram-sha-512")]
    outside = exposure(place)
    if _makes(place, outside):
        cidrs = place.allowed_cidrs if outside == "external" and place.fan_out == "lb-per-broker" else ()
        found.append(Way(outside, outside, 9095, "scram-sha-512", cidrs, fan_out=place.fan_out))
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
    fan_out = None if kind == "internal" else listener.fan_out or default_fan_out(kind, place)
    cidrs = listener.allowed_cidrs
    if cidrs is None:
        # A private address is only reached inside the network, so the cell's ranges, which are of outside, say nothing.
        cidrs = place.allowed_cidrs if kind == "external" and fan_out == "lb-per-broker" else ()
    return Way(
        name,
        kind,
        port,
        authentication,
        tuple(sorted(cidrs)),
        tokens,
        fan_out,
        span(listener.ports) if listener.ports and fan_out == "port-per-broker" else None,
    )


def asked(spec: KafkaSpec, place: Place) -> Iterator[Way]:
    """Every listener that the file and the defaults ask for, also one whose ports are still to be stated."""
    known = defaults(place)
    yield from (way for name, way in known.items() if name not in spec.listeners)
    for name, listener in spec.listeners.items():
        way = _completed(name, listener, known.get(name), place)
        if listener.enabled and way is not None:
            yield way


def ways(spec: KafkaSpec, place: Place) -> tuple[Way, ...]:
    """All listeners, by port. One that is incomplete is left out here and refused by the rules."""
    found = [way for way in asked(spec, place) if way.fan_out != "port-per-broker" or way.ports is not None]
    return tuple(sorted(found, key=lambda way: (way.port, way.name)))


def oauth_of(spec: KafkaSpec, place: Place) -> dict[str, Oauth]:
    """The listeners that take tokens, and whose."""
    return {way.name: way.oauth for way in ways(spec, place) if way.oauth is not None}


def bootstrap_service(cluster: str, way: Way) -> str:
    """Name of the Service that a listener's clients connect to first, as Strimzi makes it."""
    return f"{cluster}-kafka-bootstrap" if way.type == "internal" else f"{cluster}-kafka-{way.name}-bootstrap"
