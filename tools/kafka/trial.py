"""A message produced, consumed, and one refused: what an app's credentials are good for.

Owns      the three tries, with confluent-kafka and the properties that `fleet connect` wrote.
Refuses   to hide an answer: what the broker said is what is returned.
"""

import time
import uuid
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer

SECONDS = 30.0


def properties(path: Path) -> dict[str, Any]:
    """The properties of a file of `key=value` lines, for librdkafka; its own chatter is switched off."""
    lines = path.read_text("utf-8").splitlines()
    found: dict[str, Any] = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {**found, "log_level": 0, "error_cb": lambda _error: None}


def produce(path: Path, topic: str, value: str) -> str:
    """Write one message; empty where the broker has it, else the broker's refusal."""
    outcome: list[KafkaError | None] = []

    def done(error: KafkaError | None, _message: Message) -> None:
        outcome.append(error)

    producer = Producer({**properties(path), "message.timeout.ms": int(SECONDS * 1000)})
    try:
        producer.produce(topic, value.encode(), on_delivery=done)
    except KafkaException as error:
        return _said(error.args[0])
    producer.flush(SECONDS)
    if not outcome:
        return "no answer"
    return _said(outcome[0]) if outcome[0] is not None else ""


def consume(path: Path, topic: str, group: str, value: str) -> str:
    """Read until a message comes; empty where it came, else why not."""
    consumer = Consumer({**properties(path), "group.id": group, "auto.offset.reset": "earliest"})
    consumer.subscribe([topic])
    deadline = time.monotonic() + SECONDS
    try:
        while time.monotonic() < deadline:
            message = consumer.poll(1)
            if message is None:
                continue
            if (error := message.error()) is not None:
                return _said(error)
            if (message.value() or b"") == value.encode():
                return ""
        return "it did not come"
    finally:
        consumer.close()


def _said(error: KafkaError) -> str:
    return f"{error.name()}: {error.str()}"


def unique() -> str:
    """A value that no other try has written."""
    return f"hello from the demo, {uuid.uuid4().hex[:8]}"
