"""Credentials reach where the app runs under names of their own, and are never taken away there."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.apps.contract import AppRequest
from components.apps.delivery_rules import check
from components.apps.naming import authority_name, delivered_name, stored_name
from components.apps.objects import objects
from tests.components.services.judge import all_refusals
from tests.components.services.requests import request as kafka

from .requests import app


def delivered(*to: str, more: str = "") -> AppRequest:
    return app(f"users: {{u: {{authentication: scram-sha-512, deliver: [{', '.join(to)}]}}}}\n{more}")


def of_kind(request: AppRequest, kind: str) -> list[Any]:
    return [manifest.body for manifest in objects(request) if manifest.body["kind"] == kind]


def test_a_store_is_given_each_key_by_name() -> None:
    request = delivered("{store: vault}")
    _, push = of_kind(request, "PushSecret")
    spec = push["spec"]
    assert spec["selector"] == {"secret": {"name": "orders.u"}}
    assert spec["secretStoreRefs"] == [{"kind": "ClusterSecretStore", "name": "vault"}]
    name = delivered_name("orders", "orders", "u", "")
    assert [d["match"] for d in spec["data"]] == [
        {"secretKey": key, "remoteRef": {"remoteKey": name, "property": key}}
        for key in ("password", "sasl.jaas.config")
    ]
    assert all_refusals(objects(request)) == []


def test_clients_are_given_what_they_check_the_brokers_with() -> None:
    """Once a destination, whoever is delivered there; of the authority's Secret its certificate alone."""
    request = app(
        "users: {a: {authentication: tls, deliver: [{store: v}]}, b: {authentication: tls, deliver: [{store: v}]}}"
    )
    (found,) = [p for p in of_kind(request, "PushSecret") if p["spec"]["selector"]["secret"]["name"].endswith("-cert")]
    assert found["spec"]["selector"] == {"secret": {"name": "orders-cluster-ca-cert"}}
    name = authority_name("orders", "orders")
    assert [d["match"] for d in found["spec"]["data"]] == [
        {"secretKey": "ca.crt", "remoteRef": {"remoteKey": name, "property": "ca.crt"}}
    ]


def test_nothing_is_ever_deleted_there() -> None:
    """A delivery that is taken out of the file must not take away credentials that are in use."""
    for push in of_kind(delivered("{store: vault}", "{namespace: shop}"), "PushSecret"):
        assert push["spec"]["deletionPolicy"] == "None"
        assert push["spec"]["updatePolicy"] == "Replace"


def test_each_generation_is_delivered_under_its_own_name() -> None:
    request = app(
        {
            "users": {
                "u": {
                    "authentication": "tls",
                    "credentials": {"a": {"until": "2026-12-31"}, "b": {"since": "2026-12-01"}},
                    "deliver": [{"store": "vault"}],
                }
            }
        }
    )
    _, *pushes = of_kind(request, "PushSecret")
    assert [p["spec"]["selector"]["secret"]["name"] for p in pushes] == ["orders.u.a", "orders.u.b"]
    names = {d["match"]["remoteRef"]["remoteKey"] for p in pushes for d in p["spec"]["data"]}
    assert names == {delivered_name("orders", "orders", "u", generation) for generation in "ab"}
    assert {d["match"]["secretKey"] for d in pushes[0]["spec"]["data"]} == {"ca.crt", "user.crt", "user.key"}


def test_a_namespace_is_reached_as_the_app_and_by_nothing_else() -> None:
    request = delivered("{namespace: shop}")
    (store,) = of_kind(request, "SecretStore")
    (agent,) = of_kind(request, "ServiceAccount")
    provider = store["spec"]["provider"]["kubernetes"]
    assert provider["remoteNamespace"] == "shop"
    assert provider["auth"] == {"serviceAccount": {"name": agent["metadata"]["name"]}}
    assert {body["metadata"]["namespace"] for body in (store, agent)} == {"kafka-orders"}
    _, push = of_kind(request, "PushSecret")
    assert push["spec"]["secretStoreRefs"] == [{"kind": "SecretStore", "name": store["metadata"]["name"]}]
    assert all_refusals(objects(request)) == []


def test_a_push_waits_for_its_user_and_store() -> None:
    made = objects(delivered("{namespace: shop}"))
    roles = [manifest.role for manifest in made]
    authority, push = (manifest for manifest in made if manifest.body["kind"] == "PushSecret")
    assert authority.after == ("store-shop",)
    assert push.after == ("user-u", "store-shop")
    assert all(roles.index(role) < roles.index(manifest.role) for manifest in made for role in manifest.after)


def told(request: AppRequest) -> set[str]:
    return {f"{f.code} {'.'.join(map(str, f.path))}" for f in check(request)}


BAD = [
    ("{}", "delivery-unclear users.u.deliver.0"),
    ("{store: vault, namespace: shop}", "delivery-unclear users.u.deliver.0"),
    ("{namespace: shop, store_kind: SecretStore}", "delivery-unclear users.u.deliver.0.store_kind"),
    ("{store: vault}, {store: vault}", "delivery-repeated users.u.deliver.1"),
    ("{namespace: kafka-orders}", "delivery-into-cluster users.u.deliver.0.namespace"),
]


@pytest.mark.parametrize(("to", "expected"), BAD, ids=[expected for _, expected in BAD])
def test_an_unclear_delivery_is_told(to: str, expected: str) -> None:
    assert expected in told(delivered(to))


def test_tokens_are_not_delivered() -> None:
    request = app("users: {u: {authentication: oauth, deliver: [{store: vault}]}}")
    assert told(request) == {"nothing-to-deliver users.u.deliver"}
    assert of_kind(request, "PushSecret") == []


def test_a_cell_without_external_secrets_is_told_which_api_it_lacks() -> None:
    request = replace(delivered("{namespace: shop}"), kafka=kafka())
    assert {f.message.rpartition("has no ")[2] for f in check(request)} == {
        "'external-secrets.io/v1'",
        "'external-secrets.io/v1alpha1'",
    }
    assert told(replace(app("secrets: {s: {store: vault}}"), kafka=kafka())) == {"api-missing secrets.s"}
    assert told(delivered("{store: vault}")) == set()


words = st.from_regex(r"[a-z]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)


@given(st.tuples(words, words, words, words), st.tuples(words, words, words, words))
def test_two_credentials_never_have_one_name(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    """Hyphens are in every part: `a-b` and `c`, `a` and `b-c` look the same without the digest."""
    assert (delivered_name(*one) == delivered_name(*other)) == (one == other)
    assert delivered_name(one[0], one[1], "stored", one[2]) != stored_name(one[0], one[1], one[2])


@pytest.mark.parametrize("length", [1, 40])
def test_names_are_what_every_secret_manager_takes(length: int) -> None:
    name = delivered_name("c" * length, "a" * length, "k" * min(length, 22), "g" * min(length, 20))
    assert len(name) <= 127
    assert name.replace("-", "").isalnum()
