"""All Kubernetes objects of one cluster's schema registry.

Owns      the topics that hold the schemas, the user with rights on them and on nothing else, and the workload.
Refuses   topics that the program makes itself: it would take one copy where it finds one broker.
Identity  the roles are logical names, so part of every URN.
"""

from collections.abc import Mapping, Sequence

from components.services import confluent
from components.services.contract import Manifest, ServiceRequest
from components.services.images import pulled
from components.services.kafka_topic import kafka_topic
from components.services.kafka_user import Grant, kafka_user
from components.services.schema_registry.implementations import (
    Implementation,
    chosen,
    name,
    port,
    registry_spec,
    secret,
    version,
)
from components.services.schema_registry.settings import METRICS, environment
from components.services.workload import Workload
from components.services.workload_objects import manifests

_COMMANDS: Mapping[str, tuple[str, ...]] = {
    "confluent": confluent.command("SCHEMA_REGISTRY_OPTS"),
    "karapace": ("python3", "-m", "karapace"),
}


def grants(request: ServiceRequest, one: Implementation) -> list[Grant]:
    """What the registry's user may do: its own topics, its own groups."""
    operations = ("Describe", "DescribeConfigs", "Read", "Write", *(("Create",) if one.creates else ()))
    found = [Grant("topic", topic, operations) for topic, _ in one.topics.values()]
    return [*found, Grant("group", name(request), ("Describe", "Read"), prefix=True)]


def workload(request: ServiceRequest) -> Workload:
    """The registry's pods."""
    spec = registry_spec(request)
    one = chosen(spec)
    return Workload(
        name=name(request),
        image=pulled(spec.image or f"{one.image}:{version(spec)}", request.place),
        port=port(spec),
        replicas=spec.replicas,
        autoscaling=spec.autoscaling,
        cpu=spec.cpu,
        memory_mib=spec.memory_mib,
        probe=one.probe,
        tls_secret=secret(spec),
        metrics_port=one.metrics_port,
        command=_COMMANDS.get(one.name, ()),
        environment=environment(request),
        files={confluent.METRICS_FILE: METRICS} if one.name == "confluent" else {},
        writable=one.writable,
        stable_names=one.elects,
        kafka_user=name(request),
        clients=({},),
        namespaces=spec.namespaces,
        anyone=spec.open_to == "cell",
        run_as=one.run_as,
        labels={"app.kubernetes.io/component": "schema-registry"},
    )


def objects(request: ServiceRequest) -> Sequence[Manifest]:
    """The objects of a request. A topic's deletion deletes every schema, so it is protected."""
    one = chosen(registry_spec(request))
    user = kafka_user(request, name(request), grants(request, one))
    found = [
        Manifest(f"topic-{word}", kafka_topic(request, topic, partitions=1, config=config), protect=True)
        for word, (topic, config) in one.topics.items()
    ]
    found.append(Manifest("kafka-user", user))
    return [*found, *manifests(request, workload(request), after=[manifest.role for manifest in found])]
