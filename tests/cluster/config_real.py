"""Kafka's own word on configuration: its classes, and a running broker, behind one Java process (`Config.java`)."""

import contextlib
import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sandbox.kafka.java import command
from tools import kafka

SOURCE = Path(__file__).with_name("Config.java")


class Real:
    """One Kafka version's classes, and its AdminClient."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def ask(self, **request: Any) -> dict[str, Any]:
        """One question, one answer."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the helper has no pipes")
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the helper ended")
        told: dict[str, Any] = json.loads(line)
        return told

    def refuses(self, kind: str, key: str, value: str) -> str:
        """Why the class that reads a key refuses a value; empty where it takes it."""
        told = self.ask(op="class", kind=kind, key=key, value=value)
        if "missing" in told:
            raise LookupError(f"these jars do not hold {told['missing']}")
        return str(told["refused"] or "")

    def describe(self, bootstrap: str, topic: str | None = None) -> Mapping[str, Mapping[str, Any]]:
        """DescribeConfigs of the one broker, or of a topic."""
        keys: dict[str, dict[str, Any]] = self.ask(op="describe", bootstrap=bootstrap, topic=topic)["keys"]
        return keys

    def start(self, config: Mapping[str, str]) -> str:
        """Why a node would not start with these settings; empty where it reads them."""
        return str(self.ask(op="start", config=dict(config))["refused"] or "")

    def make(self, kind: str, config: Mapping[str, str]) -> str:
        """Why a client or worker would not come up with this configuration; empty where it reads it."""
        return str(self.ask(op="make", kind=kind, config=dict(config))["refused"] or "")

    def alter(
        self, bootstrap: str, key: str, value: str | None, topic: str | None = None, broker: str | None = None
    ) -> str:
        """Why IncrementalAlterConfigs is refused; empty where it is done. Without a value the key is deleted."""
        told = self.ask(op="alter", bootstrap=bootstrap, key=key, value=value, topic=topic, broker=broker)
        return str(told["refused"] or "")

    def refusals(self, bootstrap: str, config: Mapping[str, str], broker: str | None = None) -> dict[str, str]:
        """Each key apart by IncrementalAlterConfigs, without waiting: why it is refused; empty where it is taken."""
        told: dict[str, str] = self.ask(op="refused", bootstrap=bootstrap, config=dict(config), broker=broker)["each"]
        return told

    def create(self, bootstrap: str, topic: str, config: Mapping[str, str]) -> str:
        """Why CreateTopics is refused; empty where the topic was made."""
        return str(self.ask(op="create", bootstrap=bootstrap, topic=topic, config=dict(config))["refused"] or "")


@contextlib.contextmanager
def real(version: str) -> Iterator[Real]:
    """The helper for one Kafka version, for as long as the block runs."""
    line = command(version, "Config", heap_mib=128, classes=kafka.classes(SOURCE, kafka.folder(version)))
    process = subprocess.Popen(  # a Java that was found, our own program
        line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
    )
    try:
        yield Real(process)
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()


def text(value: object) -> str:
    """A value as Strimzi hands it to Kafka: always a text."""
    return str(value).lower() if isinstance(value, bool) else str(value)
