"""The laws of a console's section, each broken once."""

from typing import Any

import pytest
import yaml

from components.finding import Finding
from components.services.access import Access
from components.services.console.rules import check, loads

from .console_requests import KSQLDB, LDAP, OAUTH2, OTHERS, request

ROLE: dict[str, Any] = {
    "name": "a",
    "subjects": [{"type": "role", "value": "x"}],
    "permissions": [{"resource": "topic", "value": ".*", "actions": ["view"]}],
}


def findings(text: str = "", others: dict[str, Access] | None = None, **more: Any) -> list[Finding]:
    return list(check(request(text, others, **more)))


def role(**changes: Any) -> str:
    return yaml.safe_dump({"roles": [{**ROLE, **changes}]})


def permission(**changes: Any) -> str:
    return role(permissions=[{**ROLE["permissions"][0], **changes}])


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("", {}),
        ("", {"auth": LDAP}),
        ("", {"auth": OAUTH2.replace("issuer: https://login.acme.example:8443/realms/acme", "provider: google")}),
        ("", {"auth": " {type: none}", "production": False}),
        (role(), {}),
        ("{mode: operate, produces: [a]}\n", {"production": False}),
        ("{tls_secret: t, open_to: cell}", {}),
        (role(subjects=[{"type": "group", "value": "x"}]), {"auth": LDAP}),
        ("logins: {ksqldb: {user: a, password: {secret: s, key: k}}}", {"others": {"ksqldb": KSQLDB}}),
    ],
)
def test_what_is_right_is_not_told(text: str, more: dict[str, Any]) -> None:
    assert findings(text, **more) == []


BAD: list[tuple[str, dict[str, Any], str, tuple[str | int, ...]]] = [
    ("image: ghcr.io/kafbat/kafka-ui:latest", {}, "image-not-pinned", ("image",)),
    ("replicas: 1", {}, "too-few-replicas", ("replicas",)),
    ("", {"auth": " {type: none}"}, "console-without-login", ("auth", "type")),
    ("", {"auth": " {type: ldap, cidrs: [10.0.0.0/8]}"}, "login-incomplete", ("auth", "ldap")),
    ("", {"auth": OAUTH2.replace("[198.51.100.0/24]", "[]")}, "login-unreachable", ("auth", "cidrs")),
    (
        "",
        {"auth": OAUTH2.replace("issuer: https://login.acme.example:8443/realms/acme", "provider: cognito")},
        "login-incomplete",
        ("auth", "oauth2", "issuer"),
    ),
    ("", {"auth": LDAP.replace("ldaps:", "ldap:")}, "ldap-needs-tls", ("auth", "ldap", "url")),
    (
        "",
        {"auth": LDAP.replace("search_base", "bind_user: x, search_base", 1)},
        "login-incomplete",
        ("auth", "ldap", "bind_password"),
    ),
    ("open_to: cell", {}, "open-needs-auth", ("open_to",)),
    ("mode: operate", {}, "operate-needs-roles", ("mode",)),
    ("produces: [a]", {}, "produces-in-read-only", ("produces",)),
    (role(), {"auth": " {type: none}", "production": False}, "roles-without-login", ("roles",)),
    (role(subjects=[{"type": "team", "value": "x"}]), {}, "unknown-subject-type", ("roles", 0, "subjects", 0, "type")),
    (
        role(),
        {"auth": OAUTH2.replace("roles_claim: groups", "")},
        "subject-never-matches",
        ("roles", 0, "subjects", 0, "type"),
    ),
    (
        role(subjects=[{"type": "group", "value": "x"}]),
        {"auth": LDAP.replace(", group_search_base: ou=groups", "")},
        "subject-never-matches",
        ("roles", 0, "subjects", 0, "type"),
    ),
    (permission(actions=["look"]), {}, "unknown-action", ("roles", 0, "permissions", 0, "actions", 0)),
    (permission(actions=["messages_produce"]), {}, "role-exceeds-mode", ("roles", 0, "permissions", 0, "actions", 0)),
    (permission(actions=["view", "delete"]), {}, "role-exceeds-mode", ("roles", 0, "permissions", 0, "actions", 1)),
    (permission(value="(("), {}, "bad-pattern", ("roles", 0, "permissions", 0, "value")),
    (permission(value=None), {}, "permission-value", ("roles", 0, "permissions", 0, "value")),
    (permission(resource="acl"), {}, "permission-value", ("roles", 0, "permissions", 0, "value")),
    ("masks: [{topics: '((', fields: [a]}]", {}, "bad-pattern", ("masks", 0, "topics")),
    ("", {"others": {"ksqldb": KSQLDB}}, "service-login-missing", ("logins",)),
    (
        "logins: {ksqldb: {user: a, password: {secret: s, key: k}}}",
        {"others": OTHERS},
        "service-login-unused",
        ("logins", "ksqldb"),
    ),
]


@pytest.mark.parametrize(("text", "more", "code", "path"), BAD, ids=[f"{i}-{case[2]}" for i, case in enumerate(BAD)])
def test_what_is_wrong_is_told_once_where_it_stands(
    text: str, more: dict[str, Any], code: str, path: tuple[str | int, ...]
) -> None:
    (found,) = findings(text, **more)
    assert (found.code, found.path) == (code, path)


def test_an_operator_may_not_change_what_is_declared() -> None:
    text = permission(actions=["delete"]) + "mode: operate\n"
    (found,) = findings(text)
    assert found.code == "role-exceeds-mode"
    assert "fleet's files" in found.message


def test_it_takes_no_kafka_nodes() -> None:
    assert list(loads(request())) == []
