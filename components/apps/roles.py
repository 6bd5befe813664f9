"""Roles of users as ACLs: what each role needs, and nothing beside it.

Owns      the expansion. The operations are those that Apache Kafka checks for the requests that such clients send.
Refuses   IdempotentWrite: since Kafka 2.8 the right to write a topic covers idempotent producers, and every version
          that the operator runs is newer. Also creation of topics by producers: topics are declared.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from components.apps.user_spec import Acl, Operation, Role, User

SEPARATORS = (".", "-", "_")

FIELDS: dict[str, tuple[str, ...]] = {
    "produce": ("topics",),
    "consume": ("topics", "groups"),
    "transact": ("transactional_ids",),
    "stream": ("application_id", "reads", "writes"),
}
"""The fields that a role has."""

NEEDED: dict[str, tuple[str, ...]] = {**FIELDS, "stream": ("application_id",)}
"""The fields that a role cannot do without."""

_Thing = tuple[str, str | None, str]

_READ: tuple[Operation, ...] = ("Describe", "Read")
_WRITE: tuple[Operation, ...] = ("Describe", "Write")
# Streams makes its internal topics, checks their configuration, and deletes records that it has repartitioned.
_INTERNAL: tuple[Operation, ...] = ("Create", "Delete", "Describe", "DescribeConfigs", "Read", "Write")


@dataclass(frozen=True)
class Granted:
    """One ACL and where in the user's part of the file it comes from."""

    acl: Acl
    path: tuple[str | int, ...]


def _acl(resource: str, name: str, operations: tuple[Operation, ...], prefix: bool | None = None) -> Acl:
    wide = name.endswith(SEPARATORS) if prefix is None else prefix
    return Acl.model_construct(
        resource=resource, name=name, match="prefix" if wide else "literal", operations=operations
    )


def _streams(role: Role) -> Iterator[tuple[Acl, tuple[str | int, ...]]]:
    for index, name in enumerate(role.reads):
        yield _acl("topic", name, _READ), ("reads", index)
    for index, name in enumerate(role.writes):
        yield _acl("topic", name, _WRITE), ("writes", index)
    if role.application_id is not None:
        at = ("application_id",)
        yield _acl("group", role.application_id, ("Read",), prefix=False), at
        yield _acl("topic", f"{role.application_id}-", _INTERNAL), at
        yield _acl("transactional_id", f"{role.application_id}-", _WRITE), at


def _of(role: Role) -> Iterator[tuple[Acl, tuple[str | int, ...]]]:
    match role.role:
        case "produce":
            for index, name in enumerate(role.topics):
                yield _acl("topic", name, _WRITE), ("topics", index)
        case "consume":
            for index, name in enumerate(role.topics):
                yield _acl("topic", name, _READ), ("topics", index)
            for index, name in enumerate(role.groups):
                yield _acl("group", name, ("Read",)), ("groups", index)
        case "transact":
            for index, name in enumerate(role.transactional_ids):
                yield _acl("transactional_id", name, _WRITE), ("transactional_ids", index)
        case "stream":
            yield from _streams(role)


def granted(user: User) -> Iterator[Granted]:
    """Everything that a user's roles grant, with where it was said."""
    for index, role in enumerate(user.roles):
        for acl, path in _of(role):
            yield Granted(acl, ("roles", index, *path))


def acls(user: User) -> Sequence[Acl]:
    """All ACLs of a user in a fixed order: those written out, and those of its roles, one for each thing."""
    found = list(user.acls)
    said: dict[_Thing, set[Operation]] = {(acl.resource, acl.name, acl.match): set(acl.operations) for acl in user.acls}
    merged: dict[_Thing, set[Operation]] = {}
    for each in granted(user):
        key = (each.acl.resource, each.acl.name, each.acl.match)
        merged.setdefault(key, set()).update(each.acl.operations)
    for (resource, name, match), operations in merged.items():
        if not operations <= said.get((resource, name, match), set()):
            found.append(
                Acl.model_construct(resource=resource, name=name, match=match, operations=tuple(sorted(operations)))
            )
    return sorted(found, key=_order)


def _order(acl: Acl) -> tuple[str, str, str, tuple[str, ...]]:
    return acl.resource, acl.name or "", acl.match, tuple(sorted(acl.operations))
