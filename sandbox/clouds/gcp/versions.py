"""Which Kubernetes versions GKE offers, by release channel.

Owns      the table, and the patch that stands for each minor version.
Refuses   to follow Google's calendar: the table is of one day and changes by review.
"""

import re
from collections.abc import Mapping

SOURCE = "assumed for 2026-11 from GKE's usual distance between channels, general knowledge; not read from Google"

CHANNELS: Mapping[str, tuple[int, int]] = {
    "RAPID": (33, 37),
    "REGULAR": (32, 36),
    "STABLE": (32, 35),
    "EXTENDED": (30, 36),
    "UNSPECIFIED": (32, 36),
}
"""Channel -> least and most minor version of Kubernetes 1."""


def minor(version: str) -> int | None:
    """36 of `1.36`, `1.36.2` or `1.36.2-gke.100`; None for anything else (`latest` is not modelled)."""
    found = re.fullmatch(r"1\.(\d{1,2})(\.\d+(-gke\.\d+)?)?", version)
    return int(found[1]) if found else None


def patch(version: str) -> str:
    """A full version for what was asked."""
    return version if "-gke." in version else f"1.{minor(version)}.3-gke.1245000"
