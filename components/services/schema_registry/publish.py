"""What others may know of a cluster's schema registry.

Owns      its address, in the one form that every client of Confluent's API takes.
Refuses   other APIs of the same program: they would tie a dependent to one implementation.
"""

from collections.abc import Mapping, Sequence

from components.services.access import HttpAccess
from components.services.contract import ServiceRequest
from components.services.schema_registry.implementations import (
    chosen,
    name,
    port,
    registry_spec,
    secret,
    version,
)
from components.services.workload import pods_of


def publish(request: ServiceRequest) -> HttpAccess:
    """How services of the cluster reach its registry."""
    spec = registry_spec(request)
    one = chosen(spec)
    scheme = "https" if secret(spec) else "http"
    return HttpAccess(
        name=name(request),
        url=f"{scheme}://{name(request)}.{request.namespace}.svc:{port(spec)}{one.path}",
        pods=pods_of(name(request)),
        ca_secret=secret(spec),
        facts={"compatibility": spec.compatibility, "implementation": one.name, "version": version(spec)},
    )


def endpoints(request: ServiceRequest) -> Mapping[str, str]:
    """The address of the API."""
    return {"api": publish(request).url}


def explain(request: ServiceRequest) -> Sequence[str]:
    """Why it is as big as it is."""
    spec = registry_spec(request)
    kafka = request.kafka
    words = ", ".join(f"{topic}" for topic, _ in chosen(spec).topics.values())
    sentences = [
        f"{spec.replicas} pods of {spec.cpu:g} CPUs and {spec.memory_mib} MiB, as the section or its defaults say",
        f"schemas are in {words}: {kafka.replication} copies, {kafka.min_insync} of which must have a write",
    ]
    if chosen(spec).elects:
        sentences.append("one pod writes, the others pass writes on to it; all of them read from memory")
    return sentences
