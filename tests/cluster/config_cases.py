"""Wrong configurations, and where Kafka itself is asked about each.

`start`   a broker is started with it          `alter`  IncrementalAlterConfigs on a running broker
`create`  CreateTopics on a running broker     `class`  the class that reads this key parses the value
`make`    a client is made from the whole configuration
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from components.config import forbidden, laws, table
from components.finding import Finding
from components.model import Scalar

VERSION = "4.3.1"
OPERATOR = "1.2.0"

Ask = Literal["start", "alter", "create", "class", "make"]


@dataclass(frozen=True)
class Case:
    """One wrong value. `config` is the whole that it stands in, where more than one key is needed."""

    ask: Ask
    kind: str
    key: str
    value: Scalar
    more: tuple[tuple[str, Scalar], ...] = ()

    @property
    def config(self) -> Mapping[str, Scalar]:
        """The configuration as a file has it."""
        return {self.key: self.value, **dict(self.more)}

    @property
    def name(self) -> str:
        """Short and unique."""
        return f"{self.kind}: {self.key}={self.value}"

    def ours(self) -> list[Finding]:
        """What the product says."""
        if why := forbidden.reason(self.key, OPERATOR, self.kind):
            return [Finding("forbidden-config", (self.key,), f"the operator would drop '{self.key}': {why}")]
        found = list(table.check(self.config, self.kind, VERSION, ()))
        return found + list(laws.check(self.config, VERSION, ())) if self.kind == "broker" else found


def _cases(ask: Ask, kind: str, *rows: tuple[str, Scalar]) -> tuple[Case, ...]:
    return tuple(Case(ask, kind, key, value) for key, value in rows)


UNKNOWN = (
    *_cases("start", "broker", ("log.retention.hour", 24), ("auto.create.topic.enable", False)),
    *_cases("alter", "broker", ("num.io.thread", 8)),
)
"""Keys that Kafka does not know: it takes them and ignores them, which is why they are refused here."""

DROPPED = (
    *_cases("start", "broker", ("super.users", "User:me")),
    *_cases("alter", "broker", ("listener.name.scram-9094.max.connections.per.ip", 5)),
)
"""Keys that Kafka takes, and that the operator keeps for itself and drops."""

WRONG = (
    *_cases(
        "start",
        "broker",
        ("num.partitions", 0),
        ("num.partitions", "many"),
        ("num.partitions", 2147483648),
        ("offsets.topic.num.partitions", 0),
        ("transaction.state.log.min.isr", 0),
        ("auto.create.topics.enable", "yes"),
        ("controlled.shutdown.enable", "maybe"),
        ("delegation.token.max.lifetime.ms", 0),
        ("group.coordinator.threads", 0),
        ("group.consumer.session.timeout.ms", 1),
        ("group.coordinator.rebalance.protocols", "consumer"),
        ("group.consumer.assignors", "unifrom"),
        ("offsets.topic.compression.codec", 9),
        ("queued.max.request.bytes", 10),
        ("replica.lag.time.max.ms", 100),
        ("log.retention.hours", 0),
        ("log.cleaner.dedupe.buffer.size", 100),
        ("share.coordinator.snapshot.update.records.per.snapshot", 501),
    ),
    *_cases(
        "alter",
        "broker",
        ("compression.type", "brotli"),
        ("compression.gzip.level", 10),
        ("log.cleaner.threads", -1),
        ("log.cleaner.threads", "two"),
        ("num.io.threads", 0),
        ("log.message.timestamp.type", "Now"),
        ("log.cleanup.policy", "shrink"),
        ("log.segment.bytes", 10),
        ("message.max.bytes", -1),
        ("log.retention.ms", "7d"),
        ("log.cleaner.min.cleanable.ratio", 1.5),
        ("min.insync.replicas", 0),
        ("log.roll.ms", 0),
        ("max.connections", 0),
        ("max.connections.per.ip.overrides", "10.0.0.7"),
        ("log.local.retention.ms", -1),
    ),
    *_cases(
        "create",
        "topic",
        ("retention.ms", "7 days"),
        ("retention.sm", 1000),
        ("cleanup.policy", "compress"),
        ("cleanup.policy", "delete,,compact"),
        ("min.insync.replicas", 0),
        ("segment.bytes", 10),
        ("compression.type", "brotli"),
        ("compression.zstd.level", 23),
        ("message.timestamp.type", "Later"),
        ("max.message.bytes", -1),
        ("min.cleanable.dirty.ratio", -0.1),
        ("follower.replication.throttled.replicas", "broker-1"),
    ),
    *_cases("class", "producer", ("acks", "two"), ("linger.ms", -1), ("compression.type", "brotli")),
    *_cases("class", "consumer", ("auto.offset.reset", "eraliest"), ("isolation.level", "read")),
    *_cases("class", "consumer", ("max.poll.records", 0)),
    *_cases("class", "admin", ("retries", -1), ("metadata.recovery.strategy", "pray")),
    *_cases(
        "class",
        "connect_worker",
        ("offset.flush.interval.ms", "soon"),
        ("connect.protocol", "lazy"),
        ("exactly.once.source.support", "on"),
        ("config.storage.replication.factor", 0),
    ),
    *_cases(
        "class",
        "source_connector",
        ("errors.tolerance", "some"),
        ("exactly.once.support", "maybe"),
        ("transforms", "route,route"),
        ("config.action.reload", "never"),
    ),
    *_cases("class", "sink_connector", ("topics.regex", "orders[")),
    *_cases("class", "topic_creation", ("partitions", 0)),
    *_cases("class", "mirror_source", ("offset-syncs.topic.location", "middle")),
    *_cases("class", "mirror_checkpoint", ("sync.group.offsets.interval.seconds", "often")),
    Case("make", "producer", "acks", "1", (("enable.idempotence", True),)),
    Case("make", "producer", "max.in.flight.requests.per.connection", 6, (("enable.idempotence", True),)),
    Case("make", "consumer", "group.remote.assignor", "uniform"),
    Case("make", "consumer", "group.instance.id", "pod 1"),
)  # fmt: skip
"""Values that Kafka refuses."""

CASES = (*WRONG, *UNKNOWN, *DROPPED)
