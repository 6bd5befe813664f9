"""Until when versions are maintained, as dated data.

Owns      reading `versions.json`, and comparing versions by their numbers.
Refuses   to know a version that the data does not name: a newer one than the data is not old.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from policies.contract import Scope


@cache
def _data() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((Path(__file__).parent / "versions.json").read_text("utf-8"))
    return found


def numbers(version: str) -> tuple[int, ...]:
    """`4.3.1` as (4, 3, 1); what is no number ends it."""
    parts: list[int] = []
    for part in version.removeprefix("v").split("."):
        if not part.isdigit():
            break
        parts.append(int(part))
    return tuple(parts)


def oldest(software: Literal["kafka", "strimzi"]) -> str:
    """The oldest version of it that is still maintained."""
    found: str = _data()[software]["oldest"]
    return found


def kubernetes_end(cloud: str, version: str, kind: Literal["support", "extended"]) -> date | None:
    """The day on which a cloud's support of a Kubernetes version ends; None where the data does not know.

    A version older than all that the data names ended with the oldest of them.
    """
    known: Mapping[str, Mapping[str, str]] = _data()["kubernetes"].get(cloud, {})
    minor = ".".join(version.split(".")[:2])
    if minor not in known and known:
        first = min(known, key=numbers)
        minor = first if numbers(minor) < numbers(first) else ""
    return date.fromisoformat(known[minor][kind]) if minor in known else None


KUBERNETES = {
    "aws:eks/cluster:Cluster": ("aws", "version"),
    "gcp:container/cluster:Cluster": ("gcp", "minMasterVersion"),
    "azure-native:containerservice:ManagedCluster": ("azure", "kubernetesVersion"),
}
"""By type of a managed Kubernetes: its cloud in the data, and the input that holds its version."""


def surplus(
    running: Mapping[tuple[int, ...], Sequence[str]], scopes: Mapping[str, Scope]
) -> Iterator[tuple[str, tuple[int, ...], int, Sequence[tuple[int, ...]]]]:
    """Stacks that run an older version than the newest ones that their settings (`most`, two) allow the fleet.

    running  version -> the stacks that run it
    Each with its version, that version's place among all (from 1), and the versions that are allowed.
    """
    newest = sorted(running, reverse=True)
    for place, version in enumerate(newest, 1):
        for name in running[version]:
            most = int(scopes[name].settings.get("most", 2))
            if place > most:
                yield name, version, place, newest[:most]
