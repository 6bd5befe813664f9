"""Which versions of the operator and its companions exist, and what they work with.

Owns      `releases.json` and the chart reference that a version stands for.
Refuses   a version that is not in the file: nobody has looked at what it supports.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).with_name("releases.json")


class UnknownReleaseError(ValueError):
    """A version that `releases.json` does not have."""


@dataclass(frozen=True)
class Release:
    """One version of one chart.

    digest     of the chart's OCI manifest, where it is known; a version alone can be moved to another chart
    kafka, metadata, kubernetes  what the operator supports (empty for its companions)
    companion  version of the chart that goes with this one: Drain Cleaner's, cert-manager's; empty for the last
    repository  Helm repository of a chart that is in no OCI registry
    """

    chart: str
    version: str
    digest: str | None
    source: str
    kafka: tuple[str, ...] = ()
    metadata: tuple[str, ...] = ()
    kubernetes: tuple[str, ...] = ()
    companion: str = ""
    repository: str = ""

    def reference(self, digest: str | None = None) -> str:
        """The chart, with the digest given or else the recorded one."""
        pinned = digest or self.digest
        return f"{self.chart}@{pinned}" if pinned else self.chart


_COMPANIONS = ("drain_cleaner", "cert_manager", "gateway_crds")


@cache
def known(part: str) -> dict[str, Release]:
    """All versions of a part, e.g. `strimzi`, `drain_cleaner` or `external_dns`."""
    found = {}
    for version, entry in json.loads(DATA.read_text("utf-8"))[part].items():
        lists = {key: tuple(entry.get(key, ())) for key in ("kafka", "metadata", "kubernetes")}
        companion = next((entry[key] for key in _COMPANIONS if key in entry), "")
        found[version] = Release(
            entry["chart"],
            version,
            entry["digest"],
            entry["source"],
            companion=companion,
            repository=entry.get("repository", ""),
            **lists,
        )
    return found


def release(part: str, version: str) -> Release:
    """One version; raises UnknownReleaseError."""
    versions = known(part)
    if version not in versions:
        allowed = ", ".join(sorted(versions))
        raise UnknownReleaseError(f"{part} {version} is not in components/platform/releases.json (known: {allowed})")
    return versions[version]


def only(part: str) -> Release:
    """The version of a part of which every cell runs the same; with several the newest, which stands last."""
    return list(known(part).values())[-1]
