"""Licences: stated, right, and refused where they forbid the use."""

import pytest

from components.services import licences


def codes(given: str | None, needed: licences.Licence, *, offered: bool = False) -> list[str]:
    found = licences.check(given, needed, "the thing", ("licence",), offered=offered, instead="other thing")
    return [finding.code for finding in found]


@pytest.mark.parametrize("licence", ["apache-2.0", "confluent-community"])
def test_a_right_licence_is_no_finding(licence: licences.Licence) -> None:
    assert codes(licence, licence) == []


def test_a_licence_must_be_stated() -> None:
    assert codes(None, "apache-2.0") == ["licence-not-stated"]


def test_a_wrong_licence_is_told() -> None:
    assert codes("apache-2.0", "confluent-community") == ["wrong-licence"]


def test_a_licence_that_forbids_what_the_fleet_does() -> None:
    assert codes("confluent-community", "confluent-community", offered=True) == ["licence-forbids"]
    assert codes("apache-2.0", "apache-2.0", offered=True) == []
    (finding,) = licences.check(
        "confluent-community", "confluent-community", "x", ("licence",), offered=True, instead="other thing"
    )
    assert "other thing" in finding.allowed
    assert "excludes" in finding.message
