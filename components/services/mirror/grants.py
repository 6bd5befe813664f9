"""What the mirror's users may do on each side.

Owns      the rights that follow from the declared patterns: read there, write here, and the mirror's own topics.
Refuses   rights on the whole cluster beyond looking at it; writing at the source: offset syncs are kept here.
"""

from collections.abc import Iterator

from components.services.kafka_user import Grant
from components.services.mirror.patterns import parts
from components.services.mirror.spec import Source

_OWN = ("Create", "Describe", "DescribeConfigs", "Read", "Write")
_COPY = ("Alter", "AlterConfigs", "Create", "Describe", "DescribeConfigs", "Read", "Write")


def at_source(source: Source) -> list[Grant]:
    """What the mirror may do on the cluster that it copies from."""
    found = [Grant("cluster", "", ("Describe",))]
    for pattern in source.topics:
        name, prefix = parts(pattern)
        found.append(Grant("topic", name, ("Describe", "DescribeConfigs", "Read"), prefix))
    for pattern in source.groups:
        name, prefix = parts(pattern)
        found.append(Grant("group", name, ("Describe",), prefix))
    return found


def internal_topics(alias: str) -> tuple[str, str]:
    """The mirror's own topics for one source: where offsets correspond, and groups' positions."""
    return f"mm2-offset-syncs.{alias}.internal", f"{alias}.checkpoints.internal"


def at_target(alias: str, source: Source) -> Iterator[Grant]:
    """What it may do on the cluster that it copies to. A promoted source has nothing to write any more."""
    for topic in internal_topics(alias):
        yield Grant("topic", topic, _OWN)
    if source.state == "promoted":
        return
    for pattern in source.topics:
        name, prefix = parts(pattern)
        yield Grant("topic", f"{alias}.{name}" if source.names == "prefixed" else name, _COPY, prefix)
    if source.sync_group_offsets:
        for pattern in source.groups:
            name, prefix = parts(pattern)
            yield Grant("group", name, ("Describe", "Read"), prefix)
