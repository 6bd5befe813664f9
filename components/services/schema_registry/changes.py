"""What a change of a schema registry may not do.

Owns      the implementation, whose topics no other one reads, its version, and what schemas were promised.
Refuses   subjects: they are the apps'.
"""

from collections.abc import Iterator

from components.finding import Finding
from components.services import upgrades
from components.services.contract import ServiceRequest
from components.services.schema_registry.implementations import chosen, registry_spec, version

_PROMISES: dict[str, frozenset[str]] = {
    "NONE": frozenset(),
    "BACKWARD": frozenset({"backward"}),
    "BACKWARD_TRANSITIVE": frozenset({"backward", "backward to all"}),
    "FORWARD": frozenset({"forward"}),
    "FORWARD_TRANSITIVE": frozenset({"forward", "forward to all"}),
    "FULL": frozenset({"backward", "forward"}),
    "FULL_TRANSITIVE": frozenset({"backward", "backward to all", "forward", "forward to all"}),
}


def loosened(was: str, will: str) -> str:
    """What readers and writers were promised and no longer are, in words; empty where nothing is lost."""
    return ", ".join(sorted(_PROMISES[was] - _PROMISES[will]))


def changes(before: ServiceRequest, after: ServiceRequest) -> Iterator[Finding]:
    """Every law of old and new that the change breaks. Paths are relative to the section."""
    old, new = registry_spec(before), registry_spec(after)
    if old.implementation != new.implementation:
        kept = ", ".join(topic for topic, _ in chosen(old).topics.values())
        yield Finding(
            "registry-immutable",
            ("implementation",),
            f"implementation '{old.implementation}' -> '{new.implementation}': the new one starts empty, and the "
            f"schemas stay in {kept}, where only {old.implementation} reads them",
            old.implementation,
            "export the subjects, retire this registry, add the other one, and import them there",
        )
        return
    yield from upgrades.forward(version(old), version(new), ("versions", old.implementation), old.implementation)
    if lost := loosened(old.compatibility, new.compatibility):
        yield Finding(
            "compatibility-loosened",
            ("compatibility",),
            f"compatibility {old.compatibility} -> {new.compatibility}: schemas are no longer held to {lost}, and one "
            "that is registered meanwhile stays",
            severity="warning",
        )
