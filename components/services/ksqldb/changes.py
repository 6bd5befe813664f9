"""What a change of ksqlDB may not do.

Owns      what Kubernetes and Kafka fix for life: the claims of a StatefulSet, the name in all internal topics.
Refuses   statements: what a change of queries does to running ones is ksqlDB's to judge.
Source    Kubernetes, "StatefulSets": `volumeClaimTemplates` cannot be changed. Confluent, "ksql.service.id".
"""

from collections.abc import Iterator

from components.finding import Finding
from components.services import upgrades
from components.services.contract import ServiceRequest
from components.services.ksqldb.identity import ksqldb_spec, output_prefix, service_id


def _storage_class(request: ServiceRequest) -> str:
    return ksqldb_spec(request).storage_class or request.place.storage_classes[0]


def changes(before: ServiceRequest, after: ServiceRequest) -> Iterator[Finding]:
    """Every law of old and new that the change breaks. Paths are relative to the section."""
    old, new = ksqldb_spec(before), ksqldb_spec(after)
    yield from upgrades.forward(old.version, new.version, ("version",), "ksqlDB")
    if service_id(before) != service_id(after):
        yield Finding(
            "ksqldb-id-immutable",
            ("service_id",),
            f"service id '{service_id(before)}' -> '{service_id(after)}': ksqlDB would start from nothing and leave "
            "its queries and their state behind",
            service_id(before),
        )
    elif output_prefix(before) != output_prefix(after):
        yield Finding(
            "ksqldb-output-moves",
            ("output_prefix",),
            f"topics of new queries are called '{output_prefix(after)}…', and those of running ones stay "
            f"'{output_prefix(before)}…', which ksqlDB may no longer write",
            output_prefix(before),
            f"add '{output_prefix(before)}' to `writes` to keep them",
            severity="warning",
        )
    if old.disk_gib != new.disk_gib:
        yield Finding(
            "ksqldb-disk-immutable",
            ("disk_gib",),
            f"disk_gib {old.disk_gib} -> {new.disk_gib}: Kubernetes fixes the claims of a StatefulSet",
            str(old.disk_gib),
        )
    if _storage_class(before) != _storage_class(after):
        yield Finding(
            "storage-class-immutable",
            ("storage_class",),
            f"storage class '{_storage_class(before)}' -> '{_storage_class(after)}': volumes keep the class that they "
            "were made with",
            _storage_class(before),
        )
