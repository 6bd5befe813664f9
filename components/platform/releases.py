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
    """

    chart: str
    version: str
    digest: str | None
    source: str
    kafka: tuple[str, ...] = ()
    metadata: tuple[str, ...] = ()
    kubernetes: tuple[str, ...] = ()
    companion: str = ""

    def reference(self, digest: str | None = None) -> str:
        """The chart, with the digest given or else the recorded one."""
        pinned = digest or self.digest
        return f"{self.chart}@{pinned}" if pinned else self.chart


@cache
def known(part: str) -> dict[str, Release]:
    """All versions of `strimzi`, `drain_cleaner` or `cert_manager`."""
    found = {}
    for version, entry in json.loads(DATA.read_text("utf-8"))[part].items():
        lists = {key: tuple(entry.get(key, ())) for key in ("kafka", "metadata", "kubernetes")}
        companion = entry.get("drain_cleaner") or entry.get("cert_manager") or ""
        found[version] = Release(
            entry["chart"], version, entry["digest"], entry["source"], companion=companion, **lists
        )
    return found


def release(part: str, version: str) -> Release:
    """One version; raises UnknownReleaseError."""
    versions = known(part)
    if version not in versions:
        allowed = ", ".join(sorted(versions))
        raise UnknownReleaseError(f"{part} {version} is not in components/platform/releases.json (known: {allowed})")
    return versions[version]
