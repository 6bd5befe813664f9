"""`python -m tests.cluster.config_dynamic`: each broker key, what a real broker says to its change, and our class.

A KRaft broker runs; every key of the table is set to another legal value by IncrementalAlterConfigs, for the whole
cluster and for the one broker, and what is taken is taken back.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from components.config import forbidden
from components.config.keys import Key, known
from components.config.values import allowed
from components.impact.broker_config import ELR, THREADS, Verdict, verdict
from components.impact.contract import MISSING
from components.model import Scalar
from sandbox.kafka.bare import Bare, broker
from tests.cluster.config_cases import OPERATOR
from tests.cluster.config_real import Real, real, text

VERSIONS = ("4.2.1", "4.3.1")
NODE: Mapping[str, object] = {"log.cleaner.dedupe.buffer.size": 134217728}
"""As large as Kafka's own default: a second cleaner thread needs its share."""

ANYWAY: Mapping[str, Scalar] = {
    "listener.name.plaintext.max.connections": 100,
    "listener.name.plaintext.max.connection.creation.rate": 100,
    "super.users": "User:admin",
    "some.plugin.limit": 7,
}
"""Kafka takes them while it runs; the operator restarts nodes for them all the same."""

_VALUES: Mapping[str, Scalar] = {
    "config.providers": "file",
    "controller.quorum.voters": "1@127.0.0.1:9",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,OTHER:PLAINTEXT",
    "log.local.retention.ms": 3600000,
    "max.connections.per.ip.overrides": "127.0.0.1:5",
    "metric.reporters": "org.apache.kafka.common.metrics.JmxReporter",
    "principal.builder.class": "org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder",
    "ssl.cipher.suites": "TLS_AES_256_GCM_SHA384",
    "ssl.engine.factory.class": "org.apache.kafka.common.security.ssl.DefaultSslEngineFactory",
}
"""Where a value must mean something to be legal."""


@dataclass(frozen=True)
class Row:
    """One key: why Kafka refuses its change for the whole cluster and for one broker (empty: taken), and our word."""

    version: str
    key: str
    mode: str
    value: str
    cluster: str
    one: str
    ours: Verdict
    kept: str

    @property
    def taken(self) -> bool:
        """Whether Kafka takes it the way that the operator hands it over: by the key's own mode."""
        return not (self.one if self.mode == "per-broker" else self.cluster)

    @property
    def impact(self) -> str:
        """Our class."""
        word = f"rolls {' and '.join(self.ours.restarts)}" if self.ours.restarts else "dynamic"
        return f"{word}, irreversible" if self.ours.loses else word

    @property
    def agrees(self) -> bool:
        """Taken and dynamic, or refused and a roll."""
        return self.taken is not bool(self.ours.restarts)


def other(name: str, key: Key) -> Scalar:
    """A legal value of a key that is not its default, near to it."""
    if name in _VALUES:
        return _VALUES[name]
    near: list[Scalar] = []
    if key.type == "boolean":
        return key.default is not True
    if key.type == "double":
        near = [float(key.default or 1) / 2, 0.5, 0.7]
    elif key.type in ("int", "long", "short"):
        default = key.default if isinstance(key.default, int) else int(key.least or 0)
        near = [default + 1, default - 1, default * 2, int(key.least or 0) + 1, 1000, 86400000]
    else:
        near = [*key.values, "a:b", "a"]
    return next(value for value in near if value != key.default and not allowed(value, key))


@dataclass(frozen=True)
class Asked:
    """What one broker said.

    rows     every key of the table
    threads  pools of threads at three times their default
    anyway   keys that Kafka takes and for which the operator restarts nodes: one listener's, and plugins'
    unset    why `min.insync.replicas` cannot be taken away again
    """

    rows: tuple[Row, ...]
    threads: tuple[Row, ...]
    anyway: tuple[Row, ...]
    unset: str


def ask(version: str) -> Asked:
    """Start a broker of a Kafka version, and ask it everything."""
    with real(version) as kafka, broker(version, NODE) as node:
        keys = known("broker", version)
        values = {name: other(name, key) for name, key in keys.items()} | _own(node)
        fixed = {name: text(values[name]) for name, key in keys.items() if key.mode == "read-only"}
        cluster = kafka.refusals(node.bootstrap, fixed)
        one = kafka.refusals(node.bootstrap, fixed, "1")
        for name in keys.keys() - fixed.keys():
            cluster[name], one[name] = (_said(kafka, node, name, text(values[name]), who) for who in (None, "1"))
        unset = kafka.alter(node.bootstrap, ELR, None)  # was set above, and stayed

        def row(name: str, value: Scalar, mode: str, old: object = MISSING) -> Row:
            said = [_said(kafka, node, name, text(value), who) for who in (None, "1")]
            return Row(version, name, mode, text(value), said[0], said[1], verdict(name, old, value, version), "")

        return Asked(
            tuple(
                Row(
                    version,
                    name,
                    key.mode,
                    text(values[name]),
                    cluster[name],
                    one[name],
                    verdict(name, MISSING, values[name], version, OPERATOR),
                    forbidden.reason(name, OPERATOR),
                )
                for name, key in keys.items()
            ),
            tuple(row(name, 3 * int(str(keys[name].default)), "cluster-wide", keys[name].default) for name in THREADS),
            tuple(row(name, value, "per-broker") for name, value in ANYWAY.items()),
            unset,
        )


def _own(node: Bare) -> dict[str, Scalar]:
    """Values that only this broker knows."""
    return {"cordoned.log.dirs": str(node.log.parent / "data"), "listeners": f"PLAINTEXT://{node.bootstrap}"}


def _said(kafka: Real, node: Bare, key: str, value: str, who: str | None) -> str:
    """Why a dynamic key is refused. What was taken is taken back, so that no key meets another's value."""
    said = kafka.alter(node.bootstrap, key, value, broker=who)
    if not said:
        kafka.alter(node.bootstrap, key, None, broker=who)
    return said


def main() -> None:
    """Print the table as Markdown."""
    write = sys.stdout.write
    for version in VERSIONS:
        asked = ask(version)
        found = asked.rows
        write(f"\nKafka {version}: {len(found)} keys, ")
        write(f"{sum(row.taken for row in found)} taken while it runs, {sum(not row.taken for row in found)} refused. ")
        write(f"Told otherwise by us: {sum(not row.agrees and not row.kept for row in found)}.\n\n")
        write("| key | update mode | value | kafka | our class | why |\n| --- | --- | --- | --- | --- | --- |\n")
        for row in (*found, *asked.threads, *asked.anyway):
            said = "takes it" if row.taken else "refuses: " + " ".join((row.one or row.cluster).split())[:90]
            cells = (row.key, row.mode, row.value, said, row.impact, row.ours.why)
            write(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n")


if __name__ == "__main__":
    main()
