"""KafkaTopic objects and the topics that there are: which changes make the second like the first.

Owns      Strimzi's rules that matter here: partitions never shrink, the oldest of two objects owns a topic, an object
          with `strimzi.io/managed: "false"` is left alone, a deleted object takes its topic with it.
Refuses   topics that no object ever named: somebody else made them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.kafka.declared import Body, at, name_of
from sandbox.kafka.told import Told

KIND = "KafkaTopic"
_ONE_COPY = "min.insync.replicas"


@dataclass
class Plan:
    """Changes in order, and for each the object that it is for; what is known of objects that need none."""

    changes: list[dict[str, Any]] = field(default_factory=list)
    owners: list[tuple[str, str]] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)

    def add(self, kind: str, owner: str, /, **change: Any) -> None:
        """One change for an object of that kind and name."""
        self.changes.append(change)
        self.owners.append((kind, owner))

    def outcome(self, refused: Sequence[str | None]) -> list[Told]:
        """What is to be said once the changes were tried: the first refusal of an object's changes is its reason."""
        why: dict[tuple[str, str], str] = {}
        for owner, said in zip(self.owners, refused, strict=True):
            if said is not None:
                why.setdefault(owner, said)
        found = []
        for one in self.told:
            said = why.get((one.kind, one.name))
            if said is None or not one.ready:
                found.append(one)
            else:
                reason, _, message = said.partition(": ")
                found.append(Told(one.kind, one.name, False, reason, message, one.note))
        return found


def topic_name(body: Body) -> str:
    """The topic's own name."""
    return str(at(body, "spec", "topicName", default=name_of(body)))


def text(value: Any) -> str:
    """A configuration value as Kafka has it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        return ",".join(text(one) for one in value)
    return str(value)


def _config(body: Body) -> tuple[dict[str, str], str]:
    config = {key: text(value) for key, value in at(body, "spec", "config", default={}).items()}
    notes = []
    replicas = at(body, "spec", "replicas")
    if replicas not in (None, 1):
        notes.append(f"replicas {replicas} is 1 here")
    if config.get(_ONE_COPY, "1") != "1":
        notes.append(f"{_ONE_COPY} {config[_ONE_COPY]} is 1 here")
        config[_ONE_COPY] = "1"
    return config, ", ".join(notes)


def managed(body: Body) -> bool:
    """Whether the object asks to be reconciled."""
    return bool(at(body, "metadata", "annotations", "strimzi.io/managed", default="true") != "false")


def plan(bodies: Iterable[Body], actual: Mapping[str, Any], owned: Iterable[str], default_partitions: int) -> Plan:
    """Changes for all topics of a cluster. `owned` are topics that an object named when this was last asked."""
    made = Plan()
    owner: dict[str, str] = {}
    for body in bodies:
        name, topic = name_of(body), topic_name(body)
        if topic in owner:
            message = f"Managed by Ref{{namespace='{at(body, 'metadata', 'namespace')}', name='{owner[topic]}'}}"
            made.told.append(Told(KIND, name, False, "ResourceConflict", message))
            continue
        owner[topic] = name
        if not managed(body):
            made.told.append(Told(KIND, name, True, note="unmanaged: left as it is"))
            continue
        _one(made, body, actual.get(topic), default_partitions)
    for topic in sorted(set(owned) - owner.keys()):
        if topic in actual:
            made.add(KIND, topic, do="delete-topic", name=topic)
    return made


def _one(made: Plan, body: Body, actual: Mapping[str, Any] | None, default_partitions: int) -> None:
    name, topic = name_of(body), topic_name(body)
    config, note = _config(body)
    partitions = at(body, "spec", "partitions")
    if actual is None:
        number = int(partitions or default_partitions)
        made.add(KIND, name, do="create-topic", name=topic, partitions=number, config=config)
        made.told.append(Told(KIND, name, True, note=note))
        return
    there = int(actual["partitions"])
    if partitions is not None and int(partitions) > there:
        made.add(KIND, name, do="grow-topic", name=topic, partitions=int(partitions))
    changed = {key: value for key, value in config.items() if actual["config"].get(key) != value}
    gone = sorted(set(actual["config"]) - config.keys())
    if changed or gone:
        made.add(KIND, name, do="configure-topic", name=topic, set=changed, unset=gone)
    if partitions is not None and int(partitions) < there:
        message = f"Decreasing partitions not supported: the topic has {there}, the object says {partitions}"
        made.told.append(Told(KIND, name, False, "NotSupported", message, note))
    else:
        made.told.append(Told(KIND, name, True, note=note))
