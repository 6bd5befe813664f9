"""Generations of credentials by day: at most two, never none, and time to change over."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.apps.contract import AppRequest
from components.apps.credential_rules import check
from components.apps.objects import objects
from components.apps.rotation import MOST, newest, valid
from components.apps.tenants import Tenants

from .requests import app

START = date(2026, 11, 1)


def rotated(generations: str | dict[str, Any], today: str | date, *, production: bool = True) -> AppRequest:
    day = date.fromisoformat(today) if isinstance(today, str) else today
    credentials = generations if isinstance(generations, dict) else f"{{{generations}}}"
    acl = "{resource: topic, name: orders.a, operations: [Read]}"
    if isinstance(credentials, dict):
        body: Any = {"users": {"u": {"authentication": "tls", "credentials": credentials}}}
        return app(body, production=production, today=day)
    text = f"users: {{u: {{authentication: tls, acls: [{acl}], credentials: {credentials}}}}}"
    return app(text, production=production, today=day)


def told(generations: str, today: str, *, production: bool = True) -> set[str]:
    found = check(rotated(generations, today, production=production))
    return {f"{f.severity} {f.code} {'.'.join(map(str, f.path[3:]))}".strip() for f in found}


ROTATION = 'a: {until: "2026-12-31"}, b: {since: "2026-12-01"}'


@pytest.mark.parametrize(
    ("today", "names"),
    [
        ("2026-11-30", ["orders.u.a"]),
        ("2026-12-01", ["orders.u.a", "orders.u.b"]),
        ("2026-12-31", ["orders.u.a", "orders.u.b"]),
        ("2027-01-01", ["orders.u.b"]),
    ],
)
def test_a_generation_exists_from_its_first_day_to_its_last(today: str, names: list[str]) -> None:
    request = rotated(ROTATION, today)
    assert [m.body["metadata"]["name"] for m in objects(request)] == names
    assert f"orders.u.{newest(request.spec.users['u'], request.today)}" == names[-1]
    assert Tenants.of([request]).users == len(names)


def test_generations_may_do_the_same() -> None:
    first, second = (m.body for m in objects(rotated(ROTATION, "2026-12-05")))
    assert first["spec"] == second["spec"]


def test_without_generations_nothing_has_changed() -> None:
    (only,) = objects(rotated("", "2026-12-05"))
    assert (only.role, only.body["metadata"]["name"]) == ("user-u", "orders.u")


BAD = [
    ('a: {until: "2026-12-31"}, b: {}', "2026-12-05", "error credential-without-start b"),
    ('a: {}, b: {since: "2026-12-01"}', "2026-12-05", "error credential-without-end a"),
    ('a: {until: "2026-12-31"}, b: {since: "2026-12-26"}', "2026-12-05", "error credential-overlap a.until"),
    ('a: {until: "2026-12-31"}, b: {since: "2027-01-05"}', "2026-12-05", "error credential-overlap a.until"),
    ('a: {since: "2026-12-09", until: "2026-12-01"}', "2026-12-05", "error credential-never a.until"),
    ('a: {until: "2026-12-01"}', "2026-12-05", "error no-valid-credential"),
    ('a: {since: "2026-12-09"}', "2026-12-05", "error no-valid-credential"),
    ('a: {until: "2027-12-01"}', "2026-12-05", "error no-valid-credential a.until"),
    (
        'a: {until: "2027-03-01"}, b: {since: "2026-12-01", until: "2027-03-01"}, c: {since: "2027-01-01"}',
        "2026-12-05",
        "error too-many-credentials",
    ),
    (ROTATION, "2026-12-18", "warning credential-ends a.until"),
    (ROTATION, "2027-01-01", "warning credential-retired a"),
]


@pytest.mark.parametrize(("generations", "today", "expected"), BAD, ids=[e for _, _, e in BAD])
def test_a_rotation_that_leaves_someone_out_is_told(generations: str, today: str, expected: str) -> None:
    assert expected in told(generations, today)


@pytest.mark.parametrize(
    ("generations", "today"),
    [
        (ROTATION, "2026-12-05"),
        ("a: {}", "2026-12-05"),
        ('a: {since: "2026-12-05"}', "2026-12-05"),
        ('a: {until: "2026-12-31"}, b: {since: "2026-12-25"}', "2026-12-05"),
    ],
)
def test_a_rotation_with_time_enough_is_fine(generations: str, today: str) -> None:
    assert told(generations, today) == set()


def test_a_day_together_is_enough_outside_of_production() -> None:
    generations = 'a: {until: "2026-12-31"}, b: {since: "2026-12-31"}'
    assert told(generations, "2026-12-05", production=False) == set()
    assert told(generations, "2026-12-05") == {"error credential-overlap a.until"}


def test_names_that_certificates_cannot_hold_are_refused() -> None:
    long: dict[str, Any] = {"a" * 20: {}}
    body = {"users": {"u" * 22: {"authentication": "tls", "credentials": long}}}
    (finding,) = check(app({**body, "prefixes": ["x."]}, "n" * 40))
    assert finding.code == "user-name-too-long"


def test_credentials_of_tokens_are_elsewhere() -> None:
    user = {"authentication": "oauth", "credentials": {"a": {}}}
    found = {f.code for f in check(app({"users": {"u": user}}))}
    assert found == {"credentials-elsewhere", "no-listener-for-user"}


days = st.integers(0, 60).map(lambda n: START + timedelta(days=n))
generations = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d"]),
    st.fixed_dictionaries({}, optional={"since": days.map(str), "until": days.map(str)}),
    min_size=1,
)


@settings(max_examples=500, deadline=None)
@given(generations, days, st.integers(0, 90))
def test_any_dates_without_an_error_keep_one_or_two_for_ever(given_dates: Any, today: date, later: int) -> None:
    """And a fleet that was fine is not broken by a day that passes."""
    request = rotated(given_dates, today)
    if any(f.severity == "error" for f in check(request)):
        return
    then = replace(request, today=today + timedelta(days=later))
    assert 1 <= len(valid(then.spec.users["u"], then.today)) <= MOST
    assert not [f for f in check(then) if f.severity == "error"]


@settings(max_examples=500, deadline=None)
@given(generations, days)
def test_none_or_too_many_is_always_an_error(given_dates: Any, today: date) -> None:
    request = rotated(given_dates, today)
    if not 1 <= len(valid(request.spec.users["u"], today)) <= MOST:
        assert any(f.severity == "error" for f in check(request))
