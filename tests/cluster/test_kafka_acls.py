"""Must 5 of the issue: on the real broker an app can do what its stored KafkaUser grants, and nothing else.

The expectation is computed here from the stored objects by Kafka's own rules (which right implies which), the outcome
is the broker's: StandardAuthorizer, with the user's own credential over TLS.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from sandbox.kafka import declared
from tests.cluster.kafka_tries import Tries
from tests.cluster.kafka_world import UNDECLARED, World

NAMES: Mapping[str, tuple[str, ...]] = {
    "topic": ("trial.orders", "trial.totals", "other.shared.things", "other.private", *UNDECLARED),
    "group": ("trial.readers", "trial.app", "other.readers"),
    "transactionalId": ("trial-tx-1", "trial.app-0_0", "other-tx"),
    "cluster": ("",),
}
IMPLIED = {"Describe": {"Read", "Write", "Delete", "Alter"}, "DescribeConfigs": {"AlterConfigs"}}


def granted(body: Mapping[str, Any], kind: str, name: str, operation: str) -> bool:
    """Whether a KafkaUser's ACLs allow an operation."""
    enough = {operation, "All", *IMPLIED.get(operation, ())}
    for acl in body["spec"]["authorization"]["acls"]:
        resource = acl["resource"]
        if resource["type"] != kind or not enough & set(acl["operations"]):
            continue
        prefix = resource.get("patternType") == "prefix"
        if kind == "cluster" or name == resource["name"] or (prefix and name.startswith(resource["name"])):
            return True
    return False


@pytest.fixture(scope="module")
def matrix(world: World) -> dict[tuple[str, str, str, str], tuple[bool, str]]:
    """(user, kind, name, operation) -> (granted, what the broker refused it with)."""
    found: dict[tuple[str, str, str, str], tuple[bool, str]] = {}
    world.make(*NAMES["topic"])
    for body in world.cluster.users:
        user = declared.name_of(body)
        for kind, name, operation, refused in attempts(world, body):
            found[user, kind, name, operation] = (granted(body, kind, name, operation), refused)
    return found


def attempts(world: World, body: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    tries = Tries(world.credential(declared.name_of(body)))
    for kind, operations in tries.kinds.items():
        for name in NAMES[kind]:
            for operation, attempt in operations.items():
                yield kind, name, operation, attempt(name)
                if operation == "Delete" and kind == "topic" and granted(body, kind, name, operation):
                    world.make(name)


def test_what_is_granted_succeeds(matrix: dict[tuple[str, str, str, str], tuple[bool, str]]) -> None:
    wrong = {key: refused for key, (allowed, refused) in matrix.items() if allowed and refused}
    assert wrong == {}


def test_what_is_not_granted_is_refused(matrix: dict[tuple[str, str, str, str], tuple[bool, str]]) -> None:
    wrong = [key for key, (allowed, refused) in matrix.items() if not allowed and not refused]
    assert wrong == []


def test_every_grant_and_every_role_is_tried(
    world: World, matrix: dict[tuple[str, str, str, str], tuple[bool, str]]
) -> None:
    """The matrix would say little if it missed a grant, or if all of it were refused."""
    for body in world.cluster.users:
        for acl in body["spec"]["authorization"]["acls"]:
            kind, name = acl["resource"]["type"], acl["resource"].get("name", "")
            hit = [one for one in NAMES[kind] if one == name or one.startswith(name)]
            assert hit, f"no try for {declared.name_of(body)} on {kind} {name}"
    outcomes = Counter((user, allowed) for (user, *_), (allowed, _) in matrix.items())
    for body in world.cluster.users:
        assert outcomes[declared.name_of(body), True] > 0
        assert outcomes[declared.name_of(body), False] > 20
    assert len(matrix) > 400


def test_another_user_s_password_and_certificate_are_refused(world: World) -> None:
    writer, mover = world.credential("routes-trial.writer"), world.credential("routes-trial.mover")
    swapped = {**writer.properties, "sasl.password": mover.properties["sasl.password"]}
    reader = {k: v for k, v in world.credential("routes-trial.reader").properties.items() if "ssl.cert" not in k}
    reader = {k: v for k, v in reader.items() if "ssl.key" not in k}
    for properties in (swapped, reader):
        admin = AdminClient({**properties, "log_level": 0, "error_cb": lambda _error: None})
        with pytest.raises(KafkaException):
            admin.list_topics(timeout=2)
