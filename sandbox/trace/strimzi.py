"""What Strimzi 1.2.0 makes of a listener: Services, routes, and the addresses that clients are told.

Owns      the listener that is traced, its Services and routes by broker, host and port of every target.
Refuses   what a cloud makes of a Service, and what external-dns makes of an annotation.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.contract import Scope
from sandbox.trace.cluster import Broker, Cluster
from sandbox.trace.look import at, items
from sandbox.trace.result import TraceError

HOSTNAME = "external-dns.alpha.kubernetes.io/hostname"
_SUM = re.compile(r"^\s*(\d+)?\s*([+-])?\s*\{nodeId\}\s*(?:([+-])\s*(\d+))?\s*$")


@dataclass(frozen=True)
class Listener:
    """A listener as the Kafka object has it."""

    name: str
    type: str
    port: int
    configuration: Mapping[str, Any]
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Service:
    """A Service that a load balancer may stand before.

    made_by  who makes it, where it is no record
    brokers  the brokers behind it; empty for one that is not Kafka's
    ports    port -> node port, 0 where Kubernetes chooses
    """

    scope: Scope
    namespace: str
    name: str
    made_by: str
    type: str
    annotations: Mapping[str, str]
    class_name: str
    source_ranges: tuple[str, ...]
    ports: Mapping[int, int]
    brokers: tuple[Broker, ...] = ()

    @property
    def key(self) -> str:
        """Namespace and name."""
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True)
class Aim:
    """What a client connects to. Without a host it is told the load balancer's own address."""

    name: str
    host: str
    port: int
    service: str
    brokers: tuple[Broker, ...]


def listeners(cluster: Cluster) -> list[Listener]:
    """All listeners, in the object's order."""
    return [
        Listener(str(one.get("name")), str(one.get("type")), int(one.get("port")), one.get("configuration") or {}, one)
        for one in items(at(cluster.record.inputs, "spec", "kafka", "listeners"))
    ]


def choose(cluster: Cluster, name: str) -> Listener:
    """The listener that was named, or the one for outside."""
    found = listeners(cluster)
    if name:
        for one in found:
            if one.name == name:
                return one
        known = ", ".join(one.name for one in found)
        raise TraceError(f"cluster '{cluster.name}' has no listener '{name}' (it has {known})")
    outside = [one for one in found if one.type != "internal"]
    outside = outside or [one for one in found if one.configuration.get("advertisedHostTemplate")]
    if not outside:
        known = ", ".join(one.name for one in found)
        raise TraceError(f"cluster '{cluster.name}' has no listener for outside (it has {known}); name one: --listener")
    return outside[0]


def fill(template: Any, broker: Broker) -> str:
    """A template with a broker's id and pod name in it."""
    return str(template or "").replace("{nodeId}", str(broker.id)).replace("{nodePodName}", broker.pod)


def port(template: Any, broker: Broker, default: int) -> int:
    """A port's template: a number, `{nodeId}`, or a sum of the two."""
    if template is None:
        return default
    text = str(template)
    if text.strip().isdigit():
        return int(text)
    match = _SUM.match(text)
    if match is None:
        raise TraceError(f"advertisedPortTemplate '{text}' is no sum of a number and {{nodeId}}")
    left, sign, after, right = match.groups()
    value = int(left or 0) + (-broker.id if sign == "-" else broker.id)
    return value + (int(right) if after == "+" else -int(right) if after == "-" else 0)


def bootstrap_service(cluster: Cluster, listener: Listener) -> str:
    """Name of the Service for the bootstrap."""
    kind = "" if listener.type == "internal" else f"{listener.name}-"
    return f"{cluster.name}-kafka-{kind}bootstrap"


def broker_service(cluster: Cluster, listener: Listener, broker: Broker) -> str:
    """Name of a broker's Service."""
    return f"{cluster.name}-{broker.pool}-{listener.name}-{broker.id}"


def _override(listener: Listener, broker: Broker) -> Mapping[str, Any]:
    found = [one for one in items(listener.configuration.get("brokers")) if one.get("broker") == broker.id]
    return found[0] if found else {}


def services(cluster: Cluster, listener: Listener) -> dict[str, Service]:
    """The Services of a listener, by name."""
    kind = "LoadBalancer" if listener.type == "loadbalancer" else "ClusterIP"
    configuration = listener.configuration

    def service(name: str, annotations: Mapping[str, str], brokers: tuple[Broker, ...]) -> Service:
        return Service(
            scope=cluster.record.scope,
            namespace=cluster.namespace,
            name=name,
            made_by="Strimzi",
            type=kind,
            annotations=annotations,
            class_name=str(configuration.get("class") or ""),
            source_ranges=tuple(items(configuration.get("loadBalancerSourceRanges"))),
            ports={listener.port: 0},
            brokers=brokers,
        )

    name = bootstrap_service(cluster, listener)
    made: dict[str, Service] = {}
    if configuration.get("createBootstrapService") is not False:
        made[name] = service(name, dict(at(configuration, "bootstrap", "annotations") or {}), cluster.brokers)
    if listener.type == "internal":
        return made
    template = dict(configuration.get("perBrokerAnnotationsTemplate") or {})
    for broker in cluster.brokers:
        filled = {key: fill(value, broker) for key, value in template.items()}
        annotations = {**filled, **dict(_override(listener, broker).get("annotations") or {})}
        name = broker_service(cluster, listener, broker)
        made[name] = service(name, annotations, (broker,))
    return made


def hosts(service: Service | None) -> list[str]:
    """Host names that a Service's annotation asks external-dns for."""
    told = str(service.annotations.get(HOSTNAME) or "") if service else ""
    return [one.strip().rstrip(".") for one in told.split(",") if one.strip()]


def _advertised(listener: Listener, broker: Broker) -> str:
    configuration, own = listener.configuration, _override(listener, broker)
    host = own.get("advertisedHost") or fill(configuration.get("advertisedHostTemplate"), broker)
    if not host and listener.type in {"tlsroute", "ingress", "route"}:
        host = own.get("host") or fill(configuration.get("hostTemplate"), broker)
    return str(host)


def _bootstrap(cluster: Cluster, listener: Listener, made: Mapping[str, Service]) -> Aim:
    name = bootstrap_service(cluster, listener)
    told = at(listener.configuration, "bootstrap") or {}
    alternative = next(iter(items(told.get("alternativeNames"))), "")
    host = told.get("host") or next(iter(hosts(made.get(name))), "") or alternative
    default = listener.port
    if listener.type == "tlsroute":
        default = 443
    return Aim("bootstrap", str(host), default, name, cluster.brokers)


def aims(cluster: Cluster, listener: Listener, first_port: int | None = None) -> list[Aim]:
    """The bootstrap and every broker, with the address that clients are told.

    first_port  where a route leads to the bootstrap by port, that port
    """
    made = services(cluster, listener)
    found = [_bootstrap(cluster, listener, made)]
    if first_port is not None:
        found = [Aim("bootstrap", found[0].host, first_port, found[0].service, cluster.brokers)]
    template = listener.configuration.get("advertisedPortTemplate")
    default = 443 if listener.type == "tlsroute" else listener.port
    for broker in cluster.brokers:
        own = _override(listener, broker).get("advertisedPort")
        where = int(own) if own else port(template, broker, default)
        service = broker_service(cluster, listener, broker)
        found.append(Aim(f"broker {broker.id}", _advertised(listener, broker), where, service, (broker,)))
    return found


def routes(cluster: Cluster, listener: Listener) -> list[dict[str, Any]]:
    """The TLSRoutes that Strimzi writes for a `tlsroute` listener, as bodies."""
    if listener.type != "tlsroute":
        return []
    parents = items(listener.configuration.get("parentRefs"))
    found = [(str(at(listener.configuration, "bootstrap", "host") or ""), bootstrap_service(cluster, listener))]
    for broker in cluster.brokers:
        host = _override(listener, broker).get("host") or fill(listener.configuration.get("hostTemplate"), broker)
        found.append((str(host), broker_service(cluster, listener, broker)))
    return [
        {
            "kind": "TLSRoute",
            "metadata": {"name": service, "namespace": cluster.namespace},
            "spec": {
                "parentRefs": parents,
                "hostnames": [host],
                "rules": [{"backendRefs": [{"name": service, "port": listener.port}]}],
            },
        }
        for host, service in found
        if host
    ]
