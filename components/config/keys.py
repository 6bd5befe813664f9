"""Kafka's own tables of configuration, generated from its classes (tools/kafka_config), as Python values.

Owns      the reading of `tables/<kind>.json`, and which row counts in which Kafka version.
Refuses   judgement: `values.py` judges a value, `table.py` a mapping.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from components.model import Scalar

TABLES = Path(__file__).parent / "tables"
VERSIONS = ("4.2.0", "4.2.1", "4.3.0", "4.3.1")
"""The Kafka versions that the tables know."""

WORDS = {
    "broker": "broker",
    "topic": "topic",
    "producer": "producer",
    "consumer": "consumer",
    "admin": "admin client",
    "streams": "Kafka Streams",
    "connect_worker": "Connect worker",
    "source_connector": "source connector",
    "sink_connector": "sink connector",
    "topic_creation": "topic creation",
    "mirror_source": "MirrorMaker 2 source connector",
    "mirror_checkpoint": "MirrorMaker 2 checkpoint connector",
}
"""The kinds of tables, and what a message calls them."""


@dataclass(frozen=True)
class Key:
    """One key as Kafka defines it.

    type        boolean, short, int, long, double, string, list (words with commas between them), class or password
    mode        brokers: `read-only` needs a roll, `per-broker` and `cluster-wide` don't; topics: `dynamic`; anything
                else: `restart`
    default     what stands where nothing is said; None where that is nothing, or where the key is `required`
    ranges      where limits are no one interval: the intervals
    values      the only words; with `ignore_case` in any letters, with `several` more than one, with commas
    prefixes    what a text may also start with, e.g. `by_duration:`
    unique      no word twice; `gapless`: no empty word between commas
    judge       what else Kafka asks: one of `values.JUDGES`, or `opaque` where only Kafka can say
    versions    the Kafka versions that know the key, where not all do
    """

    type: str
    mode: str = "restart"
    importance: str = ""
    default: Scalar | None = None
    required: bool = False
    least: float | None = None
    most: float | None = None
    ranges: tuple[tuple[int, int], ...] = ()
    values: tuple[str, ...] = ()
    ignore_case: bool = False
    several: bool = False
    prefixes: tuple[str, ...] = ()
    not_empty: bool = False
    unique: bool = False
    gapless: bool = False
    most_items: int | None = None
    judge: str = ""
    says: str = ""
    versions: tuple[str, ...] = ()
    older: tuple[tuple[str, "Key"], ...] = ()

    def at(self, version: str) -> "Key":
        """The key as one version defines it."""
        return next((key for known, key in self.older if known == version), self)


_PLAIN = (
    "type",
    "mode",
    "importance",
    "default",
    "required",
    "ignore_case",
    "several",
    "not_empty",
    "unique",
    "gapless",
)


def _key(row: Mapping[str, Any]) -> Key:
    return Key(
        **{name: row[name] for name in (*_PLAIN, "most_items", "judge", "says") if name in row},
        least=row.get("min"),
        most=row.get("max"),
        ranges=tuple((low, high) for low, high in row.get("ranges", ())),
        values=tuple(row.get("values", ())),
        prefixes=tuple(row.get("prefixes", ())),
        versions=tuple(row.get("versions", ())),
        older=tuple((version, _key(other)) for version, other in row.get("in", {}).items()),
    )


@cache
def table(kind: str) -> Mapping[str, Key]:
    """Kafka's keys of one kind (`WORDS` has the kinds), over all versions."""
    rows = json.loads((TABLES / f"{kind}.json").read_text("utf-8"))["keys"]
    return {name: _key(row) for name, row in rows.items()}


@cache
def known(kind: str, version: str) -> Mapping[str, Key]:
    """Kafka's keys of one kind in one version."""
    return {name: key.at(version) for name, key in table(kind).items() if not key.versions or version in key.versions}
