"""The laws of a schema registry's section that need more than one field.

Owns      version, licence, image, pods, callers, and keys of `config` that are not for it.
Refuses   to judge what `config` means: the programs publish no definitions that could be read.
"""

import re
from collections.abc import Iterator, Sequence

from components.finding import Finding
from components.services import images, licences
from components.services.contract import Load, ServiceRequest
from components.services.schema_registry.implementations import (
    IMPLEMENTATIONS,
    Implementation,
    chosen,
    registry_spec,
    version,
)
from components.services.schema_registry.spec import SchemaRegistrySpec
from components.services.workload_rules import check_pods, names_a_secret

_LEAST = {"apicurio": (3, 2), "karapace": (5, 0)}
"""Apicurio serves health and metrics on a port of their own since 3.2; Karapace starts by `python3 -m karapace` since
5.0."""


def _version(spec: SchemaRegistrySpec, one: Implementation) -> Iterator[Finding]:
    given = version(spec)
    if not given:
        if spec.image is None:
            yield Finding(
                "registry-version-not-stated",
                ("versions", one.name),
                f"nobody says which version of {one.title} shall run",
                hint="state it under `versions` in fleet/services/schema_registry.yaml, or an `image` here",
            )
        return
    major, minor = map(int, given.split(".")[:2])
    least = _LEAST.get(one.name, (0, 0))
    if (major, minor) < least:
        yield Finding(
            "registry-version-too-old",
            ("versions", one.name),
            f"{one.title} {given} is started and asked for its health in another way",
            f"{least[0]}.{least[1]}.0 or newer",
        )


def _config(spec: SchemaRegistrySpec, one: Implementation) -> Iterator[Finding]:
    for key in spec.config:
        at = ("config", key)
        if not re.fullmatch(one.keys, key):
            yield Finding(
                "registry-config-key",
                at,
                f"'{key}' is no key of {one.title}",
                f"keys like {one.keys}",
                "write the key as the program's own documentation has it",
            )
        elif any(key.startswith(owned) for owned in one.owned):
            yield Finding(
                "registry-config-owned",
                at,
                f"'{key}' is set by this service, from the cluster and the other fields of the section",
                hint="remove it",
            )
        elif names_a_secret(key):
            yield Finding(
                "registry-config-secret",
                at,
                f"'{key}' is a secret by its name, and fleet files hold none",
                hint="remove it",
            )


def _callers(spec: SchemaRegistrySpec) -> Iterator[Finding]:
    if spec.namespaces and spec.open_to == "cell":
        yield Finding(
            "registry-open-to-all",
            ("namespaces",),
            "namespaces are listed, but every pod of the cell may connect",
            hint="set `open_to: cluster`, or remove them",
        )


def check(request: ServiceRequest) -> Iterator[Finding]:
    """Every law that the section breaks. Paths are relative to it."""
    spec = registry_spec(request)
    one = chosen(spec)
    instead = ", ".join(name for name, other in IMPLEMENTATIONS.items() if other.licence == "apache-2.0")
    yield from _version(spec, one)
    yield from licences.check(
        spec.licence, one.licence, one.title, ("licence",), offered=request.offered_as_a_service, instead=instead
    )
    yield from images.check(spec.image, ("image",))
    yield from check_pods(request, spec.replicas, spec.autoscaling)
    yield from _callers(spec)
    yield from _config(spec, one)


def loads(_request: ServiceRequest) -> Sequence[Load]:
    """Nothing on the cell's Kafka nodes: it runs on the system nodes."""
    return ()
