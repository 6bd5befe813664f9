"""What a change of Connect may not do. Group and topics of the workers follow from the cluster's name."""

from collections.abc import Iterator

from components.finding import Finding
from components.services import upgrades
from components.services.connect.worker import version_of
from components.services.contract import ServiceRequest


def changes(before: ServiceRequest, after: ServiceRequest) -> Iterator[Finding]:
    """Every law of old and new that the change breaks. Paths are relative to the section."""
    yield from upgrades.workers(before, after, version_of(before), version_of(after), "connect")
