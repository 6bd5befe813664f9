"""Which versions of Kafka can be run here, and what each of their jars must hash to.

Owns      `versions.json`: version -> {connectors, jars: {file name: sha256}}.
Refuses   a version that nobody has recorded: its jars would run unread.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.kafka.error import KafkaError

DATA = Path(__file__).with_name("versions.json")
DEFAULT = "4.3.1"


@dataclass(frozen=True)
class Recorded:
    """`connectors` says whether Kafka's own connectors of that version are among the jars."""

    connectors: bool
    jars: dict[str, str]


def known() -> dict[str, Recorded]:
    """All recorded versions."""
    data: dict[str, dict[str, Any]] = json.loads(DATA.read_text("utf-8")) if DATA.exists() else {}
    return {version: Recorded(entry["connectors"], entry["jars"]) for version, entry in data.items()}


def expected(version: str) -> Recorded:
    """What a version's jars must be."""
    versions = known()
    if version not in versions:
        raise KafkaError(
            f"kafka version '{version}' is not recorded; known: {', '.join(sorted(versions))}; "
            f"to add it run `python -m tools.kafka --version {version} --record` and have the change reviewed"
        )
    return versions[version]


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def runnable(version: str) -> str:
    """The recorded version that stands for a declared one: itself, else the newest of its minor, else the default."""
    versions = known()
    if version in versions:
        return version
    minor = version.rpartition(".")[0]
    near = sorted((v for v in versions if v.rpartition(".")[0] == minor), key=_order)
    return near[-1] if near else DEFAULT


def record(version: str, connectors: bool, jars: dict[str, str]) -> None:
    """Write a version's checksums."""
    versions = {**known(), version: Recorded(connectors, jars)}
    data = {
        v: {"connectors": versions[v].connectors, "jars": dict(sorted(versions[v].jars.items()))}
        for v in sorted(versions, key=_order)
    }
    DATA.write_text(json.dumps(data, indent=2) + "\n", "utf-8")
