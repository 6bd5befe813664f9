"""Which operator runs which Kafka, and which metadata format belongs to a Kafka version.

Owns      reading `versions.json`.
Refuses   a default version: a cluster's version comes from the service's file.
"""

import json
import re
from functools import cache
from pathlib import Path


@cache
def _data() -> dict[str, dict[str, object]]:
    loaded: dict[str, dict[str, object]] = json.loads((Path(__file__).parent / "versions.json").read_text("utf-8"))
    return loaded


def operators() -> tuple[str, ...]:
    """The operator versions that are known."""
    return tuple(_data()["operators"])


def supported(operator: str) -> tuple[str, ...]:
    """Kafka versions that an operator version runs; empty for an unknown operator."""
    row = _data()["operators"].get(operator)
    return tuple(row["kafka"]) if isinstance(row, dict) else ()


def metadata_of(version: str) -> str:
    """The metadata format of a Kafka version; for an unknown one its first format, which the rules have refused."""
    return str(_data()["metadata"].get(version, f"{'.'.join(version.split('.')[:2])}-IV0"))


def metadata_order(metadata: str) -> tuple[int, int, int]:
    """A metadata format as something that sorts; one without `-IVn` means the last of its release."""
    numbers = [int(n) for n in re.findall(r"\d+", metadata)]
    major, minor, *rest = numbers
    return major, minor, rest[0] if rest else 999
