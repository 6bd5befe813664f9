"""The laws of a REST proxy's section that need more than one field.

Owns      rights that make no sense or reach too far, licence, version, image, pods, and settings that are not for it.
Refuses   to judge what `config` means: the programs publish no definitions that could be read.
"""

from collections.abc import Iterator, Sequence

from components.config import table
from components.finding import Finding
from components.model import Scalar
from components.services import images, licences
from components.services.contract import Load, ServiceRequest
from components.services.rest_proxy.common import chosen, may, proxy_spec
from components.services.rest_proxy.spec import RestProxySpec
from components.services.workload_rules import check_pods, names_a_secret

_CLIENT_OWNED = ("bootstrap.servers", "group.id", "sasl.", "security.", "ssl.")
"""Strimzi drops them from a Bridge's producers and consumers; the proxy's identity is ours for both programs."""


def _rights(spec: RestProxySpec) -> Iterator[Finding]:
    for index, topic in enumerate(spec.topics):
        at = ("topics", index, "name")
        if topic.name.startswith("_"):
            yield Finding(
                "rest-proxy-internal-topic",
                at,
                f"'{topic.name}' is a topic of Kafka or of a service: whoever reaches the proxy could read or break it",
                "topics of apps",
            )
        elif topic.prefix and len(topic.name) < 3:
            yield Finding(
                "rest-proxy-prefix-too-short",
                at,
                f"'{topic.name}' is the beginning of too many topics, those of apps to come included",
                "at least 3 characters, such as the name of an app with its dot",
            )
    if may(spec, "consume") and not spec.groups:
        yield Finding(
            "rest-proxy-needs-groups",
            ("groups",),
            "topics may be consumed, but no consumer group may be used: every consumer would be refused",
            hint="list the beginnings of the groups' names",
        )
    if spec.groups and not may(spec, "consume"):
        yield Finding(
            "rest-proxy-groups-unused",
            ("groups",),
            "consumer groups are granted, but no topic may be consumed",
            hint="remove them, or add `consume` to a topic",
        )


def _version(spec: RestProxySpec) -> Iterator[Finding]:
    if spec.implementation == "confluent" and spec.versions.confluent is None and spec.image is None:
        yield Finding(
            "rest-proxy-version-not-stated",
            ("versions", "confluent"),
            f"nobody says which version of {chosen(spec).title} shall run",
            hint="state it under `versions` in fleet/services/rest_proxy.yaml, or an `image` here",
        )


def _client(config: dict[str, Scalar], kind: str, version: str) -> Iterator[Finding]:
    judged = {}
    for key, value in config.items():
        if any(key.startswith(owned) for owned in _CLIENT_OWNED):
            yield Finding(
                "rest-proxy-config-owned",
                (f"{kind}_config", key),
                f"'{key}' is set by this service, from the cluster and the other fields of the section",
                hint="remove it",
            )
        else:
            judged[key] = value
    yield from table.check(judged, kind, version, (f"{kind}_config",))


def _config(spec: RestProxySpec) -> Iterator[Finding]:
    for key in spec.config:
        at = ("config", key)
        if any(f"{key}.".startswith(f"{owned.rstrip('.')}.") for owned in chosen(spec).owned):
            yield Finding(
                "rest-proxy-config-owned",
                at,
                f"'{key}' is set by this service, or dropped by the operator",
                hint="remove it",
            )
        elif names_a_secret(key):
            yield Finding(
                "rest-proxy-config-secret",
                at,
                f"'{key}' is a secret by its name, and fleet files hold none",
                hint="remove it",
            )


def check(request: ServiceRequest) -> Iterator[Finding]:
    """Every law that the section breaks. Paths are relative to it."""
    spec = proxy_spec(request)
    one = chosen(spec)
    yield from _rights(spec)
    yield from _version(spec)
    yield from licences.check(
        spec.licence,
        one.licence,
        one.title,
        ("licence",),
        offered=request.offered_as_a_service,
        instead="strimzi-bridge",
    )
    yield from images.check(spec.image, ("image",))
    yield from check_pods(request, spec.replicas, spec.autoscaling)
    yield from _client(spec.producer_config, "producer", request.kafka.version)
    yield from _client(spec.consumer_config, "consumer", request.kafka.version)
    yield from _config(spec)


def loads(_request: ServiceRequest) -> Sequence[Load]:
    """Nothing on the cell's Kafka nodes: it runs on the system nodes."""
    return ()
