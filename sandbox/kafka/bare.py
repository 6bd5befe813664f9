"""A broker without a declared cluster: for asking Kafka itself what it knows and accepts.

Owns      one plaintext node on 127.0.0.1 for as long as a `with` block runs.
Refuses   authentication and authorization: clusters of the fleet have them (`broker.py`).
"""

import contextlib
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sandbox.kafka import java
from sandbox.kafka.process import Process, answers, free_port, tail

SECONDS = 60
CLUSTER_ID = "c2FuZGJveC1iYXJlLWthZg"


class BrokerRefusedError(Exception):
    """The broker did not start; the text is what it said."""


@dataclass(frozen=True)
class Bare:
    """`bootstrap` is `127.0.0.1:port`; `log` is what the broker says."""

    bootstrap: str
    log: Path


def _settings(folder: Path, port: int, controller: int, config: Mapping[str, object]) -> dict[str, object]:
    return {
        "offsets.topic.num.partitions": 1,
        "offsets.topic.replication.factor": 1,
        "transaction.state.log.num.partitions": 1,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "share.coordinator.state.topic.num.partitions": 1,
        "share.coordinator.state.topic.replication.factor": 1,
        "share.coordinator.state.topic.min.isr": 1,
        "log.cleaner.dedupe.buffer.size": 2097152,
        **config,
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.quorum.voters": f"1@127.0.0.1:{controller}",
        "controller.listener.names": "CONTROLLER",
        "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": folder / "data",
    }


@contextlib.contextmanager
def broker(version: str = "4.3.1", config: Mapping[str, object] | None = None, metadata: str = "") -> Iterator[Bare]:
    """A running broker with `config` beside what one node needs; BrokerRefusedError where Kafka does not take it."""
    with tempfile.TemporaryDirectory(prefix="kafka-bare-") as name:
        folder = Path(name)
        port, controller = free_port(), free_port()
        file = folder / "server.properties"
        file.write_text(java.properties(_settings(folder, port, controller, config or {})), "utf-8")
        if said := java.format_storage(version, CLUSTER_ID, file, metadata):
            raise BrokerRefusedError(said)
        process, log = Process(folder / "broker.json"), folder / "broker.log"
        process.start(java.command(version, "kafka.Kafka", file), log)
        try:
            deadline = time.monotonic() + SECONDS
            while not answers(port):
                if not process.pid or time.monotonic() > deadline:
                    raise BrokerRefusedError(java.reason(tail(log, 200)))
                time.sleep(0.05)
            yield Bare(f"127.0.0.1:{port}", log)
        finally:
            process.stop()
