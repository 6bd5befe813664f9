"""What Kafka's brokers ask of their configuration beyond each key's own limits, before they start.

Owns      laws between keys, and the few limits that are code in Kafka and not part of a key's definition.
Refuses   keys and types: `table.py` has said those, and a value that it refused is left alone here.

The laws are read off Kafka's refusals, not off its tables: `tests/cluster/test_config.py` asks each supported version
about the bounds and words of every key, and holds that nothing passes here that a broker refuses.
"""

import re
from collections.abc import Iterator, Mapping

from components.config.keys import Key, known
from components.config.values import allowed
from components.finding import Finding
from components.model import Scalar

_NOT_MORE: tuple[tuple[str, str], ...] = (
    *(
        pair
        for group in ("group.consumer", "group.share", "group.streams")
        for part in ("session.timeout.ms", "heartbeat.interval.ms", "assignment.interval.ms")
        for pair in (
            (f"{group}.min.{part}", f"{group}.{part}"),
            (f"{group}.{part}", f"{group}.max.{part}"),
            (f"{group}.min.{part}", f"{group}.max.{part}"),
        )
    ),
    *(
        pair
        for low, own, high in (
            ("min.record.lock.duration.ms", "record.lock.duration.ms", "max.record.lock.duration.ms"),
            ("min.partition.max.record.locks", "partition.max.record.locks", "max.partition.max.record.locks"),
            ("min.delivery.count.limit", "delivery.count.limit", "max.delivery.count.limit"),
        )
        for pair in ((f"group.share.{low}", f"group.share.{own}"), (f"group.share.{own}", f"group.share.{high}"))
    ),
    ("group.share.max.size", "group.share.max.share.sessions"),
    ("group.streams.num.standby.replicas", "group.streams.max.standby.replicas"),
    ("replica.fetch.wait.max.ms", "replica.socket.timeout.ms"),
    ("replica.fetch.wait.max.ms", "replica.lag.time.max.ms"),
)
"""The first may not be more than the second."""

_LESS = tuple(
    (f"{group}.heartbeat.interval.ms", f"{group}.session.timeout.ms")
    for group in ("group.consumer", "group.share", "group.streams")
)
"""The first must be less than the second."""

_CODECS = ("offsets.topic.compression.codec", "share.coordinator.state.topic.compression.codec")
_LIMITS: Mapping[str, Key] = {
    **dict.fromkeys(_CODECS, Key("int", least=0, most=4)),
    "log.cleaner.threads": Key("int", least=1),
    "log.roll.ms": Key("long", least=1),
    "log.roll.jitter.ms": Key("long", least=0),
    "max.connections": Key("int", least=1),
    "max.connection.creation.rate": Key("int", least=1),
    "share.coordinator.snapshot.update.records.per.snapshot": Key("int", least=0, most=500),
}
"""Limits that are code in Kafka. The two about connections hold where a running broker is changed."""

_FOR_EVER = ("log.retention.ms", "log.retention.minutes", "log.retention.hours")
_ASSIGNORS: Mapping[str, tuple[str, ...]] = {
    "group.consumer.assignors": ("uniform", "range"),
    "group.share.assignors": ("simple",),
}
_OVERRIDE = re.compile(r"[^:,\s]+\s*:\s*\d+")
_MEBIBYTE = 1024 * 1024


CONCERNED = frozenset(
    (
        *(key for pair in (*_NOT_MORE, *_LESS) for key in pair),
        *_LIMITS,
        *_FOR_EVER,
        *_ASSIGNORS,
        *(
            "log.cleaner.dedupe.buffer.size",
            "log.local.retention.ms",
            "log.local.retention.bytes",
            "log.retention.bytes",
        ),
        *("connections.max.idle.ms", "connection.failed.authentication.delay.ms"),
        *("max.connections.per.ip", "max.connections.per.ip.overrides"),
        *("queued.max.request.bytes", "socket.request.max.bytes"),
        *("group.coordinator.rebalance.protocols", "early.start.listeners"),
    )
)
"""The keys of all laws: most configurations have none of them, and are done at once."""


class _Broker:
    """One broker's configuration over what its service says and Kafka's defaults."""

    def __init__(self, config: Mapping[str, Scalar], version: str, base: Mapping[str, Scalar]) -> None:
        self.keys = known("broker", version)
        self.base = base
        self.given = {
            key: value for key, value in config.items() if key in self.keys and not allowed(value, self.keys[key])
        }
        self.wrong = set(config) - set(self.given)

    def number(self, key: str) -> float | None:
        """A key's number; None where this version lacks the key, or its value was refused already."""
        if key not in self.keys or key in self.wrong:
            return None
        found = self.given.get(key, self.base.get(key, self.keys[key].default))
        return None if isinstance(found, bool | str) else found

    def told(self, *keys: str) -> str:
        """The first of some keys that the file speaks of."""
        return next((key for key in keys if key in self.given), "")


def _between(broker: _Broker) -> Iterator[tuple[str, str, str]]:
    for low, high in (*_NOT_MORE, *_LESS):
        less, more = broker.number(low), broker.number(high)
        strict = (low, high) in _LESS
        if less is None or more is None or less < more or (less == more and not strict):
            continue
        if key := broker.told(low, high):
            word = "less than" if strict else "at most"
            yield key, f"'{low}' is {less:.0f} and '{high}' is {more:.0f}", f"the first {word} the second"


def _limits(broker: _Broker) -> Iterator[tuple[str, str, str]]:
    for key, limit in _LIMITS.items():
        if key in broker.given and (right := allowed(broker.given[key], limit)):
            yield key, f"'{key}' is {broker.given[key]}", right
    for key in _FOR_EVER:
        if broker.given.get(key) == 0:
            yield key, f"'{key}' is 0", "1 or more, or -1 for ever"


def _cleaner(broker: _Broker) -> Iterator[tuple[str, str, str]]:
    threads, buffer = broker.number("log.cleaner.threads"), broker.number("log.cleaner.dedupe.buffer.size")
    key = broker.told("log.cleaner.dedupe.buffer.size", "log.cleaner.threads")
    if key and threads and buffer is not None and threads > 0 and buffer // threads <= _MEBIBYTE:
        message = f"{threads:.0f} cleaner threads share a buffer of {buffer:.0f} bytes"
        yield key, message, "more than a mebibyte for each in `log.cleaner.dedupe.buffer.size`"


def _connections(broker: _Broker) -> Iterator[tuple[str, str, str]]:
    delay, idle = broker.number("connection.failed.authentication.delay.ms"), broker.number("connections.max.idle.ms")
    key = broker.told("connections.max.idle.ms", "connection.failed.authentication.delay.ms")
    if key and delay is not None and idle is not None and 0 <= idle <= delay:
        message = f"idle connections end after {idle:.0f} ms, and refused ones are told after {delay:.0f} ms"
        yield key, message, "`connections.max.idle.ms` above `connection.failed.authentication.delay.ms`"
    overrides = broker.given.get("max.connections.per.ip.overrides", "")
    if broker.given.get("max.connections.per.ip") == 0 and not overrides:
        yield "max.connections.per.ip", "'max.connections.per.ip' is 0, and no address is excepted", "1 or more"
    words = [word for word in str(overrides).split(",") if word.strip()]
    if any(not _OVERRIDE.fullmatch(word.strip()) for word in words):
        message = f"'max.connections.per.ip.overrides' is {overrides!r}"
        yield "max.connections.per.ip.overrides", message, "pairs like 10.0.0.7:100,10.0.0.8:50 (address:most)"
    queued, request = broker.number("queued.max.request.bytes"), broker.number("socket.request.max.bytes")
    key = broker.told("queued.max.request.bytes", "socket.request.max.bytes")
    if key and queued is not None and request is not None and 0 < queued < request:
        message = f"the queue holds {queued:.0f} bytes, and one request may have {request:.0f}"
        yield key, message, "`queued.max.request.bytes` -1, or at least `socket.request.max.bytes`"


def _local_retention(broker: _Broker) -> Iterator[tuple[str, str, str]]:
    """What is kept on the brokers is no more than what is kept at all. -2 is the same as at all, -1 is for ever."""
    for part in ("ms", "bytes"):
        local, whole = broker.number(f"log.local.retention.{part}"), broker.number(f"log.retention.{part}")
        if part == "ms" and whole is None:
            whole = _retention_ms(broker)
        key = broker.told(f"log.local.retention.{part}", f"log.retention.{part}")
        if (
            key
            and local is not None
            and whole is not None
            and whole != -1
            and local != -2
            and (local == -1 or local > whole)
        ):
            message = f"'log.local.retention.{part}' is {local:.0f} and 'log.retention.{part}' is {whole:.0f}"
            yield key, message, "the first at most the second, or -2"


def _retention_ms(broker: _Broker) -> float | None:
    for key, factor in (("log.retention.minutes", 60_000), ("log.retention.hours", 3_600_000)):
        if (found := broker.number(key)) is not None:
            return -1 if found < 0 else found * factor
    return None


def _words(broker: _Broker) -> Iterator[tuple[str, str, str]]:
    protocols = broker.given.get("group.coordinator.rebalance.protocols")
    if isinstance(protocols, str) and "classic" not in [word.strip() for word in protocols.split(",")]:
        key = "group.coordinator.rebalance.protocols"
        yield key, f"'{key}' is {protocols!r}", "classic among them"
    if early := broker.given.get("early.start.listeners"):
        yield (
            "early.start.listeners",
            f"'early.start.listeners' is {early!r}, and the operator names listeners",
            "nothing",
        )
    for key, names in _ASSIGNORS.items():
        for word in str(broker.given.get(key, "")).split(","):
            if word.strip() and word.strip() not in names and "." not in word:
                yield key, f"'{key}' names '{word.strip()}'", f"{', '.join(names)}, or the full name of a class"


def check(
    config: Mapping[str, Scalar], version: str, path: tuple[str | int, ...], base: Mapping[str, Scalar] | None = None
) -> Iterator[Finding]:
    """Laws of brokers that a whole configuration breaks, each at a key that the configuration says something about.

    `base` is what the brokers have where `config` says nothing; Kafka's defaults stand behind it.
    """
    if CONCERNED.isdisjoint(config):
        return
    broker, told = _Broker(config, version, base or {}), set()
    for law in (_limits, _between, _cleaner, _connections, _local_retention, _words):
        for key, message, right in law(broker):
            if key in told:
                continue  # one thing to mend at a time: the next law may hold then
            told.add(key)
            yield Finding("bad-broker-config", (*path, key), f"{message}, which kafka refuses", right)
