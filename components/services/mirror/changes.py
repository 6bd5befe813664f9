"""What a change of a mirror may not do.

Owns      versions of its workers, names of copies, and what it means to go on from a takeover or to end a source.
Refuses   loops between clusters (`rules.py`).
"""

from collections.abc import Iterator

from components.finding import Finding
from components.services import upgrades
from components.services.contract import ServiceRequest
from components.services.mirror.mirror import mirror_spec, version_of


def changes(before: ServiceRequest, after: ServiceRequest) -> Iterator[Finding]:
    """Every law of old and new that the change breaks. Paths are relative to the section."""
    yield from upgrades.workers(before, after, version_of(before), version_of(after), "the mirror")
    old, new = mirror_spec(before).sources, mirror_spec(after).sources
    for name, source in sorted(old.items()):
        now = new.get(name)
        if now is None:
            yield Finding(
                "mirror-source-removed",
                ("sources",),
                f"nothing is copied from '{name}' any more; what was copied stays, and its positions are forgotten",
                severity="warning",
            )
        elif now.names != source.names:
            yield Finding(
                "mirror-names-immutable",
                ("sources", name, "names"),
                f"names '{source.names}' -> '{now.names}': copies would begin anew under other names, and the "
                "positions of groups lead to the old ones",
                source.names,
                f"remove source '{name}' in one change and add it again in the next, if that is meant",
            )
        elif source.state == "promoted" and now.state != "promoted":
            yield Finding(
                "mirror-after-takeover",
                ("sources", name, "state"),
                f"this cluster has taken over from '{name}', and would be written by the mirror again",
                hint="see that nobody writes the topics here any more, and that what was written has been copied back",
                severity="warning",
            )
