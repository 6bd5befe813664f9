"""Versions of what stands beside the brokers: forward only, and never before them.

Owns      the order of versions, and the laws of Connect and MirrorMaker 2 workers, which are Kafka themselves.
Refuses   the brokers' own (`components/services/kafka/changes.py`).
Source    Strimzi's upgrade sequence: operator, Kafka, then Connect and MirrorMaker 2, then the metadata format
          (strimzi.io, "Deploying and Managing", upgrading Kafka).
"""

from collections.abc import Iterator

from components.finding import Finding
from components.services.contract import ServiceRequest

Path = tuple[str | int, ...]


def order(version: str) -> tuple[int, ...]:
    """A version as something that sorts."""
    return tuple(int(part) for part in version.split("."))


def forward(was: str | None, will: str | None, path: Path, what: str) -> Iterator[Finding]:
    """A finding where a version goes down. One that nobody states, on either side, is not compared."""
    if was and will and order(will) < order(was):
        yield Finding(
            "version-downgrade",
            path,
            f"{what} {was} -> {will}: what it has written since may not be understood by an older one",
            f"{was} or newer",
        )


def workers(before: ServiceRequest, after: ServiceRequest, was: str, will: str, what: str) -> Iterator[Finding]:
    """`was` and `will` are the workers' versions, stated or the brokers'; the brokers' are those of `before`."""
    path: Path = ("version",)
    stated = getattr(after.spec, "version", None) is not None
    if stated or after.kafka.version == before.kafka.version:
        yield from forward(was, will, path, what)
    brokers = before.kafka.version
    if stated and was != will and order(will) > order(brokers):
        yield Finding(
            "workers-before-brokers",
            path,
            f"{what} {was} -> {will} while the brokers run {brokers}: workers follow the brokers",
            f"up to {brokers}",
            "upgrade `kafka` first; workers whose version is left out follow it by themselves",
        )
