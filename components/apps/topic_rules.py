"""The laws of topics: inside the app's prefixes, as many copies as the cluster can hold, configuration that works.

Owns      names, copies, in-sync replicas, topic configuration.
Refuses   changes over time (fewer partitions, another number of copies): a check sees one state only.
"""

from collections.abc import Iterator

from components.apps.contract import AppRequest
from components.apps.spec import Topic
from components.apps.tenants import plain
from components.config import table
from components.finding import Finding
from components.services.kafka.kafka import broker_config
from components.services.kafka.place import kafka_spec, known, sizing_of


def _names(request: AppRequest) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    own = tuple(request.spec.prefixes)
    for name in request.spec.topics:
        if not name.startswith(own):
            yield Finding(
                "topic-outside-prefix",
                ("topics", name),
                f"topic '{name}' is outside of this app's prefixes",
                ", ".join(request.spec.prefixes),
                f"call it '{request.spec.prefixes[0]}{name}'",
            )
        compared = plain(name)
        if compared in seen:
            yield Finding(
                "topic-names-collide",
                ("topics", name),
                f"kafka refuses '{name}' beside '{seen[compared]}': they differ only in '.' and '_'",
                hint="rename one of them",
            )
        seen[compared] = name


def _copies(request: AppRequest, name: str, topic: Topic, brokers: int, defaults: dict[str, int]) -> Iterator[Finding]:
    copies = topic.replicas if topic.replicas is not None else defaults["default.replication.factor"]
    if copies > brokers:
        yield Finding(
            "too-many-copies",
            ("topics", name, "replicas"),
            f"{copies} copies need more brokers than the {brokers} of cluster '{request.kafka.cluster}'",
            f"1 to {brokers}",
        )
    elif topic.replicas is not None and copies < 3 <= brokers and request.production:
        yield Finding(
            "too-few-copies",
            ("topics", name, "replicas"),
            f"{copies} copies can lose production data",
            "3 or more",
            "leave `replicas` out",
        )
    stated = topic.config.get("min.insync.replicas")
    in_sync = stated if isinstance(stated, int) else defaults["min.insync.replicas"]
    path = ("topics", name, "config", "min.insync.replicas") if stated is not None else ("topics", name, "replicas")
    if copies > 1 and in_sync >= copies:
        yield Finding(
            "min-isr-too-high",
            path,
            f"min.insync.replicas {in_sync} of {copies} copies: one broker down, for a roll too, stops all writes",
            f"1 to {copies - 1}",
        )
    elif stated is not None and in_sync < 2 and copies > 2 and request.production:
        yield Finding("min-isr-too-low", path, f"min.insync.replicas {in_sync} can lose acknowledged writes", "2")


def _all_copies(request: AppRequest) -> Iterator[Finding]:
    sizing = sizing_of(request.kafka)
    config = broker_config(kafka_spec(request.kafka), sizing)
    names = ("default.replication.factor", "min.insync.replicas")
    defaults = {name: int(config[name]) for name in names if isinstance(config[name], int)}
    if len(defaults) == len(names):  # else the cluster's own check has refused the value
        for name, topic in request.spec.topics.items():
            yield from _copies(request, name, topic, sizing.brokers, defaults)


def check(request: AppRequest) -> Iterator[Finding]:
    """Every law that the topics of an app break."""
    yield from _names(request)
    kafka = kafka_spec(request.kafka)
    if known(request.kafka):
        yield from _all_copies(request)
    for name, topic in request.spec.topics.items():
        path = ("topics", name, "config")
        yield from table.check(topic.config, "topic", kafka.version, path)
        if topic.config.get("remote.storage.enable") is True and kafka.tiered_storage is None:
            yield Finding(
                "tiered-storage-off",
                (*path, "remote.storage.enable"),
                f"cluster '{request.kafka.cluster}' has no tiered storage: kafka would refuse the topic",
                "false",
            )
        if topic.config.get("unclean.leader.election.enable") is True and request.production:
            yield Finding(
                "unsafe-config",
                (*path, "unclean.leader.election.enable"),
                "a replica that missed writes could become leader, and the writes are lost",
                "false",
            )
