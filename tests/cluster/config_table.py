"""`python -m tests.cluster.config_table`: our tables beside DescribeConfigs, and wrong values with both verdicts.

Everything here is asked of Kafka itself: brokers that run on this machine, and the classes of its own jars.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from components.config import laws
from components.config.keys import VERSIONS, Key, known
from sandbox.kafka.bare import Bare, BrokerRefusedError, broker
from tests.cluster.config_cases import CASES, VERSION, Case
from tests.cluster.config_drawn import drawn
from tests.cluster.config_real import Real, real, text

SERIALIZER = "org.apache.kafka.common.serialization.StringSerializer"
CLIENTS: Mapping[str, Mapping[str, str]] = {
    "producer": {"bootstrap.servers": "127.0.0.1:9", "key.serializer": SERIALIZER, "value.serializer": SERIALIZER},
    "consumer": {
        "bootstrap.servers": "127.0.0.1:9",
        "group.id": "orders",
        "key.deserializer": SERIALIZER.replace("Serializer", "Deserializer"),
        "value.deserializer": SERIALIZER.replace("Serializer", "Deserializer"),
    },
    "admin": {"bootstrap.servers": "127.0.0.1:9"},
}

NODE: Mapping[str, str] = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.quorum.voters": "1@127.0.0.1:9",
    "controller.listener.names": "CONTROLLER",
    "listeners": "PLAINTEXT://127.0.0.1:8,CONTROLLER://127.0.0.1:9",
    "advertised.listeners": "PLAINTEXT://127.0.0.1:8",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "log.dirs": "/nowhere",
}
"""What a node must have to read its settings; nothing is opened or written."""


@dataclass(frozen=True)
class Compared:
    """One kind in one version: how many keys, and every way in which the table and the broker differ."""

    version: str
    kind: str
    ours: int
    theirs: int
    differences: tuple[str, ...]


def _default(key: Key, row: Mapping[str, Any]) -> bool:
    """Whether the broker's default is ours. It tells no secret, and leaves out one that is nothing."""
    said = row.get("default")
    if row["sensitive"]:
        return True
    if said is None or key.default is None:
        return said is None and key.default is None
    return float(said) == float(key.default) if key.type == "double" else text(key.default) == said


def compare(version: str, kind: str, rows: Mapping[str, Mapping[str, Any]]) -> Compared:
    """Our table of one kind beside what a running broker reports."""
    ours = known(kind, version)
    told = [f"only ours: {name}" for name in sorted(ours.keys() - rows.keys())]
    told += [f"only the broker's: {name}" for name in sorted(rows.keys() - ours.keys())]
    for name in sorted(ours.keys() & rows.keys()):
        key, row = ours[name], rows[name]
        if key.type != row["type"]:
            told.append(f"{name} is {key.type}, the broker's {row['type']}")
        if (key.mode == "read-only") is not row["read_only"]:
            told.append(f"{name} is {key.mode}, the broker's read_only is {row['read_only']}")
        if not _default(key, row):
            told.append(f"{name} defaults to {key.default!r}, the broker's to {row.get('default')!r}")
    return Compared(version, kind, len(ours), len(rows), tuple(told))


def compared(version: str) -> Iterator[Compared]:
    """Broker and topic tables of a version, beside a broker of that version."""
    with real(version) as kafka, broker(version) as node:
        yield compare(version, "broker", kafka.describe(node.bootstrap))
        kafka.create(node.bootstrap, "plain", {})
        yield compare(version, "topic", kafka.describe(node.bootstrap, "plain"))


def theirs(case: Case, kafka: Real, node: Bare, starts: bool = True) -> str:
    """Why Kafka itself refuses a case; empty where it takes it. Without `starts` a node only reads its settings."""
    config = {key: text(value) for key, value in case.config.items()}
    if case.ask == "class":
        return kafka.refuses(case.kind, case.key, text(case.value))
    if case.ask == "make":
        return kafka.make(case.kind, {**CLIENTS[case.kind], **config})
    if case.ask == "create":
        return kafka.create(node.bootstrap, f"wrong-{abs(hash(case))}", config)
    if case.ask == "alter":
        key = known("broker", VERSION).get(case.key)
        one = "1" if key is None or key.mode == "per-broker" else None
        return kafka.alter(node.bootstrap, case.key, text(case.value), broker=one)
    return _started(config) if starts else kafka.start({**NODE, **config})


def _started(config: Mapping[str, str]) -> str:
    """Why a broker did not start with a configuration; empty where it did."""
    try:
        with broker(VERSION, config):
            return ""
    except BrokerRefusedError as error:
        return str(error)


def verdicts() -> Iterator[tuple[Case, str, str]]:
    """Every case, our message and Kafka's."""
    with real(VERSION) as kafka, broker(VERSION) as node:
        for case in CASES:
            found = case.ours()
            ours = f"{found[0].message}; {found[0].allowed or found[0].hint}" if found else ""
            yield case, ours, theirs(case, kafka, node)


def together(count: int = 500) -> tuple[int, int, int]:
    """Of configurations drawn by seed: Kafka refuses, we refuse, Kafka refuses and we let through."""
    refused = ours = through = 0
    with real(VERSION) as kafka:
        for config in drawn(VERSION, seed=4, count=count):
            said = kafka.start({**NODE, **{key: text(value) for key, value in config.items()}})
            found = list(laws.check(config, VERSION, ()))
            refused, ours, through = refused + bool(said), ours + bool(found), through + bool(said and not found)
    return refused, ours, through


def main() -> None:
    """Print both tables as Markdown."""
    write = sys.stdout.write
    write("| kafka | kind | keys here | keys of the broker | differences in key, type, default, update mode |\n")
    write("| --- | --- | --- | --- | --- |\n")
    for version in VERSIONS:
        for row in compared(version):
            told = "; ".join(row.differences) or "none"
            write(f"| {row.version} | {row.kind} | {row.ours} | {row.theirs} | {told} |\n")
            sys.stdout.flush()
    write("\n| # | wrong configuration | said here | asked | kafka itself |\n| --- | --- | --- | --- | --- |\n")
    here, counts = 0, {"refused": 0, "taken": 0}
    for number, (case, ours, said) in enumerate(verdicts(), 1):
        counts["refused" if said else "taken"] += 1
        here += bool(ours)
        shown = " ".join(said.split())[-160:] if said else "takes it"
        cells = (f"`{case.name}`", ours, case.ask, shown)
        write(f"| {number} | {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n")
        sys.stdout.flush()
    write(f"\nRefused here: {here} of {len(CASES)}; ")
    write(f"kafka itself refuses {counts['refused']}, and takes {counts['taken']}.\n")
    refused, caught, through = together(count := 500)
    write(f"\nOf {count} configurations of good values drawn by seed, a node refuses {refused} for laws between keys; ")
    write(f"refused here: {caught}; refused by the node and let through here: {through}.\n")


if __name__ == "__main__":
    main()
