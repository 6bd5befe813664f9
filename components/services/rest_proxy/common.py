"""What both implementations of a REST proxy have alike.

Owns      names, ports, rights, and the facts of each implementation.
Refuses   rights on anything that the section does not name.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from components.services.access import HttpAccess
from components.services.contract import ServiceRequest
from components.services.kafka_user import Grant
from components.services.licences import Licence
from components.services.rest_proxy.spec import Name, RestProxySpec

_OPERATIONS = {"consume": ("Describe", "Read"), "produce": ("Describe", "Write")}


@dataclass(frozen=True)
class Implementation:
    """One program.

    owned  beginnings of keys of `config` that this service sets, or that the operator would drop
    """

    title: str
    licence: Licence
    port: int
    tls_port: int
    owned: tuple[str, ...]


IMPLEMENTATIONS: Mapping[Name, Implementation] = {
    "confluent": Implementation(
        title="Confluent REST Proxy",
        licence="confluent-community",
        port=8082,
        tls_port=8082,
        owned=(
            *("access.control.", "admin.", "advertised.listeners", "bootstrap.servers", "client.", "consumer."),
            *("host.name", "id", "listeners", "port", "producer.", "schema.registry.", "ssl.", "zookeeper."),
        ),
    ),
    "strimzi-bridge": Implementation(
        title="Strimzi's HTTP Bridge",
        licence="apache-2.0",
        port=8080,
        tls_port=8443,
        owned=("bridge.id", "bridge.metrics", "bridge.tracing", "http.", "kafka."),
    ),
}


def proxy_spec(request: ServiceRequest) -> RestProxySpec:
    """The request's section, known to be the REST proxy's."""
    return request.section(RestProxySpec)


def chosen(spec: RestProxySpec) -> Implementation:
    """The implementation of a section."""
    return IMPLEMENTATIONS[spec.implementation]


def name(request: ServiceRequest) -> str:
    """Name of the proxy's objects and of its KafkaUser."""
    return f"{request.cluster}-rest-proxy"


def secret(spec: RestProxySpec) -> str:
    """The Secret with the proxy's certificate; empty where it speaks HTTP."""
    return spec.tls.secret if spec.tls and spec.tls.enabled else ""


def port(spec: RestProxySpec) -> int:
    """The port that it speaks on."""
    return chosen(spec).tls_port if secret(spec) else chosen(spec).port


def may(spec: RestProxySpec, what: str) -> bool:
    """Whether anything may be produced, or consumed, at all."""
    return any(what in topic.may for topic in spec.topics)


def grants(spec: RestProxySpec) -> list[Grant]:
    """What the proxy's user may do: what the section says, word for word."""
    found = [
        Grant(
            "topic",
            topic.name,
            tuple(sorted({operation for word in topic.may for operation in _OPERATIONS[word]})),
            prefix=topic.prefix,
        )
        for topic in spec.topics
    ]
    return [*found, *(Grant("group", group, ("Describe", "Read"), prefix=True) for group in sorted(set(spec.groups)))]


def registry(request: ServiceRequest) -> HttpAccess | None:
    """The cluster's schema registry, where it has one."""
    return request.http("schema_registry")
