"""What a change of an app may not do: the laws of old and new.

Owns      topics that go, shrink or turn into something else, what schemas were promised, and credentials in use.
Refuses   what one state shows (`rules.py`), and the end of a whole app, which is a file's.
Sources   Kafka's documentation, "Modifying topics": partitions never decrease. Strimzi's topic operator: a changed
          number of replicas needs Cruise Control, a removed KafkaTopic deletes the topic. Compaction deletes what
          has a newer value of its key; retention deletes what a compacted topic kept for ever.
"""

from collections.abc import Iterator
from datetime import date

from components.apps.contract import AppRequest
from components.apps.rotation import Span, spans
from components.apps.spec import AppSpec, Topic
from components.finding import Finding
from components.model import Scalar
from components.services.kafka.kafka import broker_config
from components.services.kafka.place import kafka_spec, known, sizing_of


def _policy(topic: Topic) -> frozenset[str]:
    given = topic.config.get("cleanup.policy", "delete")
    return frozenset(part.strip() for part in str(given).split(","))


def _copies(request: AppRequest, topic: Topic) -> Scalar | None:
    if topic.replicas is not None or not known(request.kafka):
        return topic.replicas
    return broker_config(kafka_spec(request.kafka), sizing_of(request.kafka)).get("default.replication.factor")


def renamed(before: AppSpec, after: AppSpec) -> dict[str, str]:
    """Topics that are gone, by the new one that says the same: a rename to the eye, an end and a beginning to Kafka."""
    new = [name for name in after.topics if name not in before.topics]
    found: dict[str, str] = {}
    for name, topic in before.topics.items():
        if name not in after.topics and topic.retirement is None:
            alike = [other for other in new if after.topics[other] == topic and other not in found.values()]
            if alike:
                found[name] = alike[0]
    return found


def _gone(before: AppRequest, after: AppRequest) -> Iterator[Finding]:
    """Topics that a production cluster loses are the tombstones' (`stacks/check/changes`); a rename is told here."""
    for name, other in renamed(before.spec, after.spec).items():
        yield Finding(
            "topic-renamed",
            ("topics", other),
            f"topic '{name}' -> '{other}': Kafka renames nothing, so '{name}' is deleted with its records and "
            f"'{other}' begins empty",
            name,
            f"keep '{name}', add '{other}' beside it, copy what is needed, and retire '{name}' then",
        )


def _shapes(before: AppRequest, after: AppRequest) -> Iterator[Finding]:
    for name, old in before.spec.topics.items():
        new = after.spec.topics.get(name)
        if new is None:
            continue
        path = ("topics", name)
        if new.partitions < old.partitions:
            yield Finding(
                "partitions-shrink",
                (*path, "partitions"),
                f"partitions {old.partitions} -> {new.partitions} of '{name}': Kafka never takes a partition away",
                f"{old.partitions} or more",
                "a topic with fewer is another topic, under another name",
            )
        elif new.partitions > old.partitions and "compact" in _policy(old):
            yield Finding(
                "partitions-of-compacted",
                (*path, "partitions"),
                f"partitions {old.partitions} -> {new.partitions} of '{name}', which is compacted: keys go to other "
                "partitions, and older values of them stay for ever where they are",
                severity="warning",
            )
        copies = _copies(before, old), _copies(after, new)
        if copies[0] != copies[1] and not _moves_copies(after):
            yield Finding(
                "replicas-immutable",
                (*path, "replicas") if new.replicas is not None else path,
                f"replicas {copies[0]} -> {copies[1]} of '{name}': only Cruise Control moves copies, and cluster "
                f"'{after.kafka.cluster}' has none",
                str(copies[0]),
                "set `cruise_control: {enabled: true}` on the cluster first",
            )
        yield from _retention(path, name, old, new)
        was, will = _policy(old), _policy(new)
        if was == will:
            continue
        at = (*path, "config", "cleanup.policy") if "cleanup.policy" in new.config else path
        if "delete" in will - was:
            yield Finding(
                "cleanup-loses-keys",
                at,
                f"cleanup.policy '{_say(was)}' -> '{_say(will)}' of '{name}': retention deletes what compaction kept, "
                "and nothing brings it back",
                _say(was),
                "a new topic beside this one can have it from the start",
            )
        elif "compact" in will - was:
            yield Finding(
                "cleanup-compacts",
                at,
                f"cleanup.policy '{_say(was)}' -> '{_say(will)}' of '{name}': of each key only the newest value stays, "
                "and producers without keys are refused",
                _say(was),
                "a new topic beside this one can have it from the start",
            )


def _retention(path: tuple[str, ...], name: str, old: Topic, new: Topic) -> Iterator[Finding]:
    for key in ("retention.ms", "retention.bytes"):
        was, will = old.config.get(key), new.config.get(key)
        if not isinstance(was, int) or not isinstance(will, int) or was == will:
            continue
        if will >= 0 and (was < 0 or will < was) and "delete" in _policy(new):
            yield Finding(
                "retention-shortened",
                (*path, "config", key),
                f"{key} {was} -> {will} of '{name}': what is older is deleted within minutes, for good",
                severity="warning",
            )


def _say(policy: frozenset[str]) -> str:
    return ",".join(sorted(policy))


def _moves_copies(request: AppRequest) -> bool:
    return kafka_spec(request.kafka).cruise_control.enabled


def _subjects(before: AppRequest, after: AppRequest) -> Iterator[Finding]:
    from components.services.schema_registry.changes import loosened

    for name, old in before.spec.subjects.items():
        new = after.spec.subjects.get(name)
        if new is None:
            yield Finding(
                "subject-left",
                ("subjects",),
                f"subject '{name}' is no longer declared; its versions stay in the registry, where nobody looks after "
                "them",
                severity="warning",
            )
        elif lost := loosened(old.compatibility, new.compatibility):
            yield Finding(
                "compatibility-loosened",
                ("subjects", name, "compatibility"),
                f"compatibility {old.compatibility} -> {new.compatibility}: schemas are no longer held to {lost}, and "
                "one that is registered meanwhile stays",
                severity="warning",
            )


def _connectors(before: AppRequest, after: AppRequest) -> Iterator[Finding]:
    for key, old in before.spec.connectors.items():
        new = after.spec.connectors.get(key)
        if new is not None and old.direction == "sink" and old.group != new.group:
            yield Finding(
                "connector-starts-over",
                ("connectors", key, "group"),
                f"group '{old.group}' -> '{new.group}' of connector '{key}': it reads its topics from the beginning "
                "and writes everything once more",
                str(old.group or ""),
                severity="warning",
            )


def _users(before: AppRequest, after: AppRequest) -> Iterator[Finding]:
    today = after.today
    for key, old in before.spec.users.items():
        new = after.spec.users.get(key)
        if new is None:
            yield Finding(
                "user-removed",
                ("users",),
                f"user '{key}' goes: whoever uses its credentials is cut off",
                severity="warning",
            )
            continue
        path = ("users", key)
        if old.authentication != new.authentication:
            yield Finding(
                "authentication-immutable",
                (*path, "authentication"),
                f"authentication '{old.authentication}' -> '{new.authentication}' of user '{key}': its clients are cut "
                "off at once",
                old.authentication,
                "add another user, let clients change over, then remove this one",
            )
            continue
        if bool(old.credentials) != bool(new.credentials):
            continue_with = "credentials" if new.credentials else "no credentials"
            yield Finding(
                "credential-cut-off",
                (*path, "credentials") if new.credentials else path,
                f"user '{key}' is called otherwise on the cluster with {continue_with}: those in use end at once",
                hint="add a user with generations beside it, let clients change over, then remove this one",
            )
            continue
        now = {span.name: span for span in spans(new.credentials)}
        # Clients that have changed over already use one that stays.
        stays = [span.name for span in spans(old.credentials) if span.has(today) and _has(now.get(span.name), today)]
        for span in spans(old.credentials):
            still = now.get(span.name)
            if span.has(today) and not _has(still, today):
                yield Finding(
                    "credential-cut-off",
                    (*path, "credentials", span.name) if still else (*path, "credentials"),
                    f"generation '{span.name}' of user '{key}' exists today and would end with this change",
                    f"`until` of {today} or later",
                    "let it end on a day, so that clients can change over" if not stays else "",
                    severity="error" if not stays else "warning",
                )


def _has(span: Span | None, day: date) -> bool:
    return span is not None and span.has(day)


def changes(before: AppRequest, after: AppRequest) -> Iterator[Finding]:
    """Every law of old and new that the change breaks. Paths are from the root of the app's file."""
    yield from _gone(before, after)
    yield from _shapes(before, after)
    yield from _subjects(before, after)
    yield from _connectors(before, after)
    yield from _users(before, after)
