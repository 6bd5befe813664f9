"""The laws of broker configuration: known, left alone by the operator, and safe for the data.

Owns      which overrides of `config` are refused, and which only in production.
Refuses   a word about topics: each has its own configuration, judged with its app.
"""

from collections.abc import Iterator
from dataclasses import replace

from components.config import forbidden, laws, table
from components.finding import Finding
from components.model import Scalar
from components.services.contract import ServiceRequest
from components.services.kafka.kafka import base_config, broker_config
from components.services.kafka.listeners import ways
from components.services.kafka.sizing import Sizing
from components.services.kafka.spec import KafkaSpec

COPIES = (
    ("default.replication.factor", "min.insync.replicas"),
    ("transaction.state.log.replication.factor", "transaction.state.log.min.isr"),
    ("share.coordinator.state.topic.replication.factor", "share.coordinator.state.topic.min.isr"),
    ("offsets.topic.replication.factor", ""),
)
"""How many copies, and how many of them must have a write."""

UNSAFE = {
    "auto.create.topics.enable": "a misspelt topic name would become a topic that no app owns",
    "unclean.leader.election.enable": "a replica that missed writes could become leader, and the writes are lost",
}


def _listener(request: ServiceRequest, spec: KafkaSpec, key: str) -> Iterator[Finding]:
    """A key of one listener: the operator takes it only where the cluster has that listener."""
    name, _ = forbidden.listener_of(key)
    there = [f"{way.name}-{way.port}" for way in ways(spec, request.place)]
    if name not in there:
        yield Finding(
            "forbidden-config",
            ("config", key),
            f"the operator would drop '{key}' without a word: no listener is '{name}'",
            ", ".join(there),
        )


def _keys(request: ServiceRequest, spec: KafkaSpec, sizing: Sizing) -> Iterator[Finding]:
    operator = request.place.operator_version
    through = dict.fromkeys(forbidden.exceptions(operator))
    judged: dict[str, Scalar] = {}
    for key, value in spec.config.items():
        name, rest = forbidden.listener_of(key)
        if why := forbidden.reason(key, operator):
            near = table.nearest(key, through)
            yield Finding(
                "forbidden-config",
                ("config", key),
                f"the operator would drop '{key}' without a word: {why}",
                hint=f"did you mean '{near}'?" if near else "remove it",
            )
        elif name:
            yield from _listener(request, spec, key)
            # What a listener may have of its own, brokers have too: the same key without its prefix.
            for finding in table.check({rest: value}, "broker", spec.version, ()):
                yield replace(finding, path=("config", key))
        else:
            judged[key] = value
    yield from table.check(judged, "broker", spec.version, ("config",))
    yield from laws.check(judged, spec.version, ("config",), base_config(sizing))


def _copies(request: ServiceRequest, spec: KafkaSpec, sizing: Sizing) -> Iterator[Finding]:
    config = broker_config(spec, sizing)
    for factor, in_sync in COPIES:
        copies, least = config[factor], config.get(in_sync, 0)
        if not isinstance(copies, int) or not isinstance(least, int):
            continue  # the table has refused it
        if copies > sizing.brokers:
            yield Finding(
                "too-many-copies",
                ("config", factor),
                f"{factor} {copies} needs more brokers than the {sizing.brokers} there are",
                f"1 to {sizing.brokers}",
            )
        if copies < 3 and request.production and sizing.brokers >= 3:
            yield Finding(
                "too-few-copies", ("config", factor), f"{factor} {copies} can lose production data", "3 or more"
            )
        if in_sync and copies > 1 and least >= copies:
            yield Finding(
                "min-isr-too-high",
                ("config", in_sync),
                f"{in_sync} {least} of {copies} copies: one broker down, for a roll too, stops all writes",
                f"1 to {copies - 1}",
            )
        elif in_sync and least < 2 and request.production and copies >= 3:
            yield Finding(
                "min-isr-too-low", ("config", in_sync), f"{in_sync} {least} can lose acknowledged writes", "2 or more"
            )


def check(request: ServiceRequest, spec: KafkaSpec, sizing: Sizing) -> Iterator[Finding]:
    """Every law of broker configuration that the section breaks."""
    yield from _keys(request, spec, sizing)
    yield from _copies(request, spec, sizing)
    if request.production:
        for key, why in UNSAFE.items():
            if spec.config.get(key) is True:
                yield Finding("unsafe-config", ("config", key), f"'{key}' is on: {why}", "false")
