"""The order of a cell's upgrades: Kubernetes, then the operator, each forward and one step at a time.

Owns      what a change of the two versions may not do.
Refuses   Kafka's versions (`components/services/kafka/changes.py`), and whether operator and Kubernetes go together
          at all, which one state shows.
Sources   Kubernetes' version skew policy: the control plane rises one minor version at a time and never goes down.
          Strimzi's upgrade sequence (strimzi.io, "Deploying and Managing"): Kubernetes, operator, Kafka, metadata.
"""

from collections.abc import Iterator

from components.cell.spec import CellBody
from components.finding import Finding
from components.platform.releases import known


def changes(before: CellBody, after: CellBody) -> Iterator[Finding]:
    """Every law of upgrades that the change breaks. Paths are from the root of the cell."""
    yield from _kubernetes(before.kubernetes.version, after.kubernetes.version)
    yield from _operator(before.strimzi.version, after.strimzi.version)
    yield from _together(before, after)


def _minor(version: str) -> tuple[int, int]:
    major, minor, *_ = (int(part) for part in version.split("."))
    return major, minor


def _kubernetes(old: str, new: str) -> Iterator[Finding]:
    path = ("kubernetes", "version")
    (major, was), (also, will) = _minor(old), _minor(new)
    if (also, will) < (major, was):
        yield Finding(
            "kubernetes-downgrade",
            path,
            f"Kubernetes {old} -> {new}: no cloud takes a control plane back",
            f"{old} or newer",
        )
    elif also != major or will > was + 1:
        yield Finding(
            "kubernetes-skip",
            path,
            f"Kubernetes {old} -> {new}: a control plane rises one minor version at a time",
            f"{major}.{was + 1}",
            f'raise it to "{major}.{was + 1}", apply, and go on from there',
        )


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _operator(old: str, new: str) -> Iterator[Finding]:
    path = ("strimzi", "version")
    releases = known("strimzi")
    if _order(new) < _order(old):
        yield Finding(
            "operator-downgrade",
            path,
            f"Strimzi {old} -> {new}: an older operator does not know what the newer one has written",
            f"{old} or newer",
        )
    elif old in releases and new in releases:
        both = [version for version in releases[old].kafka if version in releases[new].kafka]
        if not both:
            yield Finding(
                "operator-jump",
                path,
                f"Strimzi {old} -> {new}: no Kafka version runs under both, so no cluster gets across",
                hint="go by a version of the operator between them",
            )


def _together(before: CellBody, after: CellBody) -> Iterator[Finding]:
    kubernetes = (before.kubernetes.version, after.kubernetes.version)
    operator = (before.strimzi.version, after.strimzi.version)
    if kubernetes[0] != kubernetes[1] and operator[0] != operator[1]:
        yield Finding(
            "two-upgrades",
            ("strimzi", "version"),
            f"Kubernetes {kubernetes[0]} -> {kubernetes[1]} and Strimzi {operator[0]} -> {operator[1]} in one change: "
            "when something breaks, nobody knows which of them it was",
            operator[0],
            "Kubernetes first, the operator in the next change",
        )
