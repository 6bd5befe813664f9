"""Which Kafka an operator version runs, for every service whose pods are the operator's Kafka images.

Owns      the reading of the list that the `kafka` service keeps (its `versions.json`), so that there is one list.
Refuses   a list of its own: a Connect worker, a mirror and a broker of one version come from one image.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from components.finding import Finding
from components.services.contract import ServiceRequest

_LIST = Path(__file__).parent / "kafka" / "versions.json"


@cache
def supported(operator: str) -> tuple[str, ...]:
    """Kafka versions that an operator version runs, oldest first; empty for an unknown operator."""
    row = json.loads(_LIST.read_text("utf-8"))["operators"].get(operator)
    return tuple(row["kafka"]) if row else ()


def check(request: ServiceRequest, version: str, path: tuple[str | int, ...], what: str) -> Iterator[Finding]:
    """A finding where the cell's operator has no image of `version`. An unknown operator is the cell's own finding."""
    operator = request.place.operator_version
    known = supported(operator)
    if known and version not in known:
        yield Finding(
            "worker-version-unsupported",
            path,
            f"operator {operator} of cell '{request.place.cell}' does not run {what} of kafka {version}",
            ", ".join(known),
            "leave it out to follow the cluster's kafka",
        )
