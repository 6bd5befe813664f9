"""Each law of apps, broken by one app and kept by its nearest neighbour."""

import string
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from components.apps.contract import AppRequest
from components.apps.rules import check, check_cluster
from components.apps.tenants import Tenants, plain
from components.services.kafka.limits import USERS_PER_CLUSTER
from tests.components.services.requests import PRIVATE
from tests.components.services.requests import request as kafka

from .requests import app

BILLING = """
    topics: {billing.invoices: {partitions: 3}}
    shares: [{app: orders, prefix: billing., operations: [read]}]
"""
ONE = "topics: {orders.a: {partitions: 1}}"


def told(text: str, *, production: bool = True, cluster: str = "", others: tuple[str, ...] = (BILLING,)) -> set[str]:
    request = app(text, production=production, cluster=kafka(cluster, production=production))
    names = ("billing", "third")
    tenants = Tenants.of([request, *(app(other, name) for other, name in zip(others, names, strict=False))])
    return {f"{f.code} {'.'.join(map(str, f.path))}" for f in check(request, tenants)}


def user(acl: str, more: str = "authentication: tls") -> str:
    return f"users: {{u: {{{more}, acls: [{acl}]}}}}"


def topic(body: str, name: str = "orders.a") -> str:
    return f"topics: {{{name}: {{partitions: 1, {body}}}}}"


BAD = [
    ("", "empty-app "),
    ("topics: {other.a: {partitions: 1}}", "topic-outside-prefix topics.other.a"),
    ("topics: {orders.a_b: {partitions: 1}, orders.a.b: {partitions: 1}}", "topic-names-collide topics.orders.a.b"),
    (topic("replicas: 4"), "too-many-copies topics.orders.a.replicas"),
    (topic("replicas: 2"), "too-few-copies topics.orders.a.replicas"),
    (topic("config: {min.insync.replicas: 3}"), "min-isr-too-high topics.orders.a.config.min.insync.replicas"),
    (topic("config: {min.insync.replicas: 1}"), "min-isr-too-low topics.orders.a.config.min.insync.replicas"),
    (topic("replicas: 2"), "min-isr-too-high topics.orders.a.replicas"),
    (topic("config: {retention.m: 1}"), "unknown-topic-config topics.orders.a.config.retention.m"),
    (topic("config: {retention.ms: '1'}"), "bad-topic-config topics.orders.a.config.retention.ms"),
    (topic("config: {retention.ms: -2}"), "bad-topic-config topics.orders.a.config.retention.ms"),
    (topic("config: {cleanup.policy: compress}"), "bad-topic-config topics.orders.a.config.cleanup.policy"),
    (topic("config: {segment.bytes: 10}"), "bad-topic-config topics.orders.a.config.segment.bytes"),
    (topic("config: {remote.storage.enable: true}"), "tiered-storage-off topics.orders.a.config.remote.storage.enable"),
    (
        topic("config: {unclean.leader.election.enable: true}"),
        "unsafe-config topics.orders.a.config.unclean.leader.election.enable",
    ),
    (user("{resource: topic, name: other, operations: [Read]}"), "acl-outside-prefix users.u.acls.0.name"),
    (user("{resource: group, name: other, operations: [Read]}"), "acl-outside-prefix users.u.acls.0.name"),
    (
        user("{resource: topic, name: orders, match: prefix, operations: [Read]}"),
        "acl-outside-prefix users.u.acls.0.name",
    ),
    (user("{resource: transactional_id, name: t, operations: [Write]}"), "acl-outside-prefix users.u.acls.0.name"),
    (user("{resource: group, name: billing.x, operations: [Read]}"), "acl-outside-prefix users.u.acls.0.name"),
    (
        user("{resource: topic, name: billing.x, operations: [Read, Write]}"),
        "acl-not-shared users.u.acls.0.operations.1",
    ),
    (user("{resource: topic, name: billing.x, operations: [All]}"), "acl-not-shared users.u.acls.0.operations.0"),
    (user("{resource: topic, operations: [Read]}"), "acl-name-missing users.u.acls.0"),
    (user("{resource: cluster, name: kafka-cluster, operations: [Describe]}"), "acl-cluster-name users.u.acls.0"),
    (user("{resource: cluster, operations: [Alter]}"), "acl-operation users.u.acls.0.operations.0"),
    (user("{resource: group, name: orders.g, operations: [Write]}"), "acl-operation users.u.acls.0.operations.0"),
    (
        user("{resource: topic, name: orders.g, operations: [ClusterAction]}"),
        "acl-operation users.u.acls.0.operations.0",
    ),
    (user(""), "user-without-acls users.u"),
    ("{prefixes: [orders., orders.x.]}", "prefix-repeated prefixes.1"),
    ("prefixes: [billing.x.]", "prefix-overlap prefixes.0"),
    ("prefixes: [billing_]", "prefix-overlap prefixes.0"),
    ("shares: [{app: billing, prefix: billing., operations: [read]}]", "share-outside-prefix shares.0.prefix"),
    ("shares: [{app: nobody, prefix: orders., operations: [read]}]", "share-unknown-app shares.0.app"),
    ("shares: [{app: orders, prefix: orders., operations: [read]}]", "share-with-itself shares.0.app"),
]


@pytest.mark.parametrize(("text", "expected"), BAD, ids=[e for _, e in BAD])
def test_a_broken_law_is_told_where_it_is_broken(text: str, expected: str) -> None:
    assert expected in told(text)


GOOD = [
    ONE,
    topic("replicas: 3"),
    topic("config: {retention.ms: -1, cleanup.policy: 'compact,delete', min.cleanable.dirty.ratio: 0.1}"),
    topic("config: {min.insync.replicas: 2}", "orders.Upper_Case"),
    user("{resource: topic, name: orders., match: prefix, operations: [All]}"),
    user("{resource: topic, name: billing., match: prefix, operations: [Read, Describe]}"),
    user("{resource: topic, name: billing.invoices, operations: [Read]}"),
    user("{resource: group, name: orders.g, operations: [Read]}"),
    user("{resource: transactional_id, name: orders.t, match: prefix, operations: [Write, Describe]}"),
    user("{resource: cluster, operations: [IdempotentWrite]}"),
    user("{resource: topic, name: orders.a, operations: [Read]}", "authentication: scram-sha-512"),
    "shares: [{app: billing, prefix: orders.part., operations: [read, write]}]",
    "{prefixes: [orders., orders-], topics: {orders-a: {partitions: 1}}}",
    "{prefixes: [bill.], topics: {bill.a: {partitions: 1}}}",
]


@pytest.mark.parametrize("text", GOOD)
def test_what_is_right_is_not_refused(text: str) -> None:
    assert told(text) == set()


def test_an_app_touches_nothing_that_is_not_shared() -> None:
    acl = user("{resource: topic, name: billing.invoices, operations: [Read]}")
    assert told(acl) == set()
    assert told(acl, others=("topics: {billing.invoices: {partitions: 3}}",)) == {
        "acl-outside-prefix users.u.acls.0.name"
    }


def test_nobody_shares_what_another_owns() -> None:
    thief = "shares: [{app: orders, prefix: billing., operations: [write]}]"
    acl = user("{resource: topic, name: billing.x, operations: [Write]}")
    assert told(acl, others=(BILLING, thief)) == {"acl-not-shared users.u.acls.0.operations.0"}


def test_a_credential_needs_a_listener_that_takes_it() -> None:
    text = user("{resource: topic, name: orders.a, operations: [Read]}", "authentication: scram-sha-512")
    closed = "listeners: {scram: {enabled: false}, external: {enabled: false}}"
    assert told(text, cluster=closed) == {"no-listener-for-user users.u.authentication"}


def test_quotas_of_users_need_a_cluster_that_heeds_them() -> None:
    more = "authentication: tls, quotas: {producer_bytes_per_s: 2048}"
    text = user("{resource: topic, name: orders.a, operations: [Read]}", more)
    assert told(text) == set()
    assert told(text, cluster="quotas: {scope: broker}") == {"quota-ignored users.u.quotas"}


def test_development_may_have_fewer_copies() -> None:
    assert told(topic("replicas: 1"), production=False) == set()


def test_one_broker_holds_one_copy() -> None:
    small = kafka("{brokers: 1, controllers: 1, cruise_control: {enabled: false}}", PRIVATE, production=False)
    request = app(ONE, production=False, cluster=small)
    assert list(check(request, Tenants.of([request]))) == []


def test_all_apps_together_stay_within_the_size() -> None:
    cluster = kafka("size: {name: small}")
    most = app("topics: {orders.a: {partitions: 500}}")
    assert list(check_cluster(cluster, Tenants.of([most]))) == []
    (found,) = check_cluster(cluster, Tenants.of([most, app("topics: {x.a: {partitions: 1}}", "x")]))
    assert (found.code, found.path) == ("too-many-partitions", ("size",))


def test_the_operator_keeps_up_with_so_many_users() -> None:
    users = {f"u{n}": {"authentication": "tls"} for n in range(USERS_PER_CLUSTER)}
    most = app({"users": users})
    assert list(check_cluster(kafka(), Tenants.of([most]))) == []
    (found,) = check_cluster(kafka(), Tenants.of([most, app({"users": {"one": {"authentication": "tls"}}}, "x")]))
    assert found.code == "too-many-users"


def test_what_the_cell_s_or_cluster_s_check_refuses_is_not_told_again() -> None:
    for cluster in (kafka("", replace(PRIVATE, machine="m1.small")), kafka("config: {min.insync.replicas: two}")):
        request = app(ONE, cluster=cluster)
        assert list(check(request, Tenants.of([request]))) == []


names = st.text(alphabet="ab._-", min_size=0, max_size=4).map(lambda t: f"a{t}.")


@given(st.lists(names, min_size=2, max_size=6))
@settings(max_examples=300, deadline=None)
def test_overlap_is_what_comparing_all_pairs_says(prefixes: list[str]) -> None:
    apps: list[AppRequest] = [
        app({"prefixes": [prefix]}, f"app-{string.ascii_lowercase[n]}") for n, prefix in enumerate(prefixes)
    ]
    tenants = Tenants.of(apps)
    for one in apps:
        mine = plain(one.spec.prefixes[0])
        expected = {
            other.app
            for other in apps
            if other.app != one.app
            and (plain(other.spec.prefixes[0]).startswith(mine) or mine.startswith(plain(other.spec.prefixes[0])))
        }
        assert {owner for owner, _ in tenants.overlapping(one.spec.prefixes[0], one.app)} == expected


@pytest.mark.parametrize(
    "text",
    [
        "prefixes: []",
        "prefixes: [orders]",
        "prefixes: ['*.']",
        "topics: {'orders/a': {partitions: 1}}",
        "topics: {orders.a: {}}",
        "topics: {orders.a: {partitions: 0}}",
        "users: {Api: {authentication: tls}}",
        "users: {api: {authentication: plain}}",
        "users: {api.x: {authentication: tls}}",
        user("{resource: topic, name: '*', operations: [Read]}"),
        user("{resource: topic, name: orders.a, operations: []}"),
        user("{resource: topic, name: orders.a, operations: [read]}"),
    ],
)
def test_shapes_are_refused_by_the_model(text: str) -> None:
    with pytest.raises(ValidationError):
        app(text)
