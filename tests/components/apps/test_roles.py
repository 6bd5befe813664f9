"""Roles become exactly the ACLs that they need, and never one that the app may not have."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.apps.acl_rules import SHARED, check
from components.apps.objects import objects
from components.apps.roles import acls
from components.apps.tenants import Tenants, Use
from components.services.kafka.versions import operators, supported

from .requests import app

Line = tuple[str, str, str, tuple[str, ...]]


def rights(*roles: str, acl: str = "") -> set[Line]:
    request = app(f"users: {{u: {{authentication: tls, roles: [{', '.join(roles)}], acls: [{acl}]}}}}")
    return {(a.resource, str(a.name), a.match, tuple(a.operations)) for a in acls(request.spec.users["u"])}


READ, WRITE = ("Describe", "Read"), ("Describe", "Write")
INTERNAL = ("Create", "Delete", "Describe", "DescribeConfigs", "Read", "Write")

EXACT: list[tuple[str, set[Line]]] = [
    ("{role: produce, topics: [orders.a]}", {("topic", "orders.a", "literal", WRITE)}),
    ("{role: produce, topics: [orders.]}", {("topic", "orders.", "prefix", WRITE)}),
    (
        "{role: consume, topics: [orders.a, orders.b-], groups: [orders.g]}",
        {
            ("topic", "orders.a", "literal", READ),
            ("topic", "orders.b-", "prefix", READ),
            ("group", "orders.g", "literal", ("Read",)),
        },
    ),
    ("{role: transact, transactional_ids: [orders.tx-]}", {("transactional_id", "orders.tx-", "prefix", WRITE)}),
    (
        "{role: stream, application_id: orders.sum, reads: [orders.a], writes: [orders.b]}",
        {
            ("topic", "orders.a", "literal", READ),
            ("topic", "orders.b", "literal", WRITE),
            ("topic", "orders.sum-", "prefix", INTERNAL),
            ("group", "orders.sum", "literal", ("Read",)),
            ("transactional_id", "orders.sum-", "prefix", WRITE),
        },
    ),
]


@pytest.mark.parametrize(("role", "expected"), EXACT, ids=[role for role, _ in EXACT])
def test_a_role_is_exactly_these_acls(role: str, expected: set[Line]) -> None:
    assert rights(role) == expected


def test_what_two_roles_grant_on_one_thing_is_one_acl() -> None:
    both = rights("{role: produce, topics: [orders.a]}", "{role: consume, topics: [orders.a], groups: [orders.g]}")
    assert both == {
        ("topic", "orders.a", "literal", ("Describe", "Read", "Write")),
        ("group", "orders.g", "literal", ("Read",)),
    }


def test_acls_that_are_written_out_stay_as_they_are() -> None:
    written = "{resource: topic, name: orders.a, operations: [Write, Describe, Create]}"
    assert rights("{role: produce, topics: [orders.a]}", acl=written) == {
        ("topic", "orders.a", "literal", ("Write", "Describe", "Create"))
    }


def test_no_supported_kafka_needs_idempotent_write() -> None:
    """Since 2.8 (KIP-679) the right to write a topic covers it; a version before that would need an ACL more."""
    assert min(tuple(map(int, version.split("."))) for operator in operators() for version in supported(operator)) >= (
        2,
        8,
    )
    for role, _ in EXACT:
        assert not [line for line in rights(role) if line[0] == "cluster"]


def codes(role: str) -> set[str]:
    request = app(f"users: {{u: {{authentication: tls, roles: [{role}]}}}}")
    billing = app("shares: [{app: orders, prefix: billing., operations: [read]}]", "billing")
    return {f"{f.code} {'.'.join(map(str, f.path[4:]))}" for f in check(request, Tenants.of([request, billing]))}


BAD = [
    ("{role: produce}", "role-incomplete "),
    ("{role: consume, topics: [orders.a]}", "role-incomplete "),
    ("{role: stream, reads: [orders.a]}", "role-incomplete "),
    ("{role: stream, application_id: orders.s}", "role-incomplete "),
    ("{role: produce, topics: [orders.a], groups: [orders.g]}", "role-field groups"),
    ("{role: transact, transactional_ids: [orders.t], topics: [orders.a]}", "role-field topics"),
    ("{role: produce, topics: [orders.a, other.b]}", "acl-outside-prefix topics.1"),
    ("{role: produce, topics: [billing.a]}", "acl-not-shared topics.0"),
    ("{role: consume, topics: [orders.a], groups: [billing.g]}", "acl-outside-prefix groups.0"),
    ("{role: transact, transactional_ids: [tx]}", "acl-outside-prefix transactional_ids.0"),
    ("{role: stream, application_id: sum, reads: [orders.a]}", "acl-outside-prefix application_id"),
    ("{role: stream, application_id: orders.s, reads: [third.a]}", "acl-outside-prefix reads.0"),
    ("{role: stream, application_id: orders.s, writes: [billing.a]}", "acl-not-shared writes.0"),
]


@pytest.mark.parametrize(("role", "expected"), BAD, ids=[expected for _, expected in BAD])
def test_a_role_beyond_the_app_is_told_at_the_name(role: str, expected: str) -> None:
    assert codes(role) == {expected}


def test_what_is_shared_for_reading_can_be_consumed() -> None:
    assert codes("{role: consume, topics: [billing.], groups: [orders.g]}") == set()


names = st.sampled_from(
    [
        "orders.",
        "orders.a",
        "orders",
        "order",
        "orders-x",
        "billing.",
        "billing.a",
        "billing.x.",
        "billing",
        "third.",
        "a-",
    ]
)
lists = st.lists(names, max_size=3)
roles = st.fixed_dictionaries(
    {"role": st.sampled_from(["produce", "consume", "transact", "stream"])},
    optional={
        **dict.fromkeys(("topics", "groups", "transactional_ids", "reads", "writes"), lists),
        "application_id": names,
    },
)


@settings(max_examples=300, deadline=None)
@given(st.lists(roles, max_size=3), st.sets(st.sampled_from(["read", "write"]), min_size=1))
def test_what_passes_never_exceeds_what_is_owned_or_shared(given_roles: list[Any], uses: set[Use]) -> None:
    request = app({"users": {"u": {"authentication": "tls", "roles": given_roles}}})
    share = {"app": "orders", "prefix": "billing.x.", "operations": sorted(uses)}
    billing = app({"shares": [share]}, "billing")
    if any(finding.severity == "error" for finding in check(request, Tenants.of([request, billing]))):
        return
    allowed = set().union(*(SHARED[use] for use in uses))
    (user,) = objects(request)
    for acl in user.body["spec"]["authorization"]["acls"]:
        resource, name = acl["resource"]["type"], acl["resource"]["name"]
        shared = resource == "topic" and name.startswith("billing.x.") and set(acl["operations"]) <= allowed
        assert name.startswith("orders.") or shared
        assert acl["type"] == "allow"
