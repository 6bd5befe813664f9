"""Upgrades of the operator: the fleet knows one release so far, so others are put beside it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from components.cell import changes as cell_changes
from components.cell import layout, upgrades
from components.cell.spec import CellBody
from components.finding import Finding
from components.platform.releases import Release, known
from components.services.kafka import changes as kafka_changes
from components.services.kafka import versions
from stacks import request
from stacks.fleet import Fleet
from stacks.load import load
from tests.corpus import cases


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    return load(cases.BASE)


@pytest.fixture
def releases(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Release]]:
    """Releases by version: each runs other versions of Kafka."""
    now = known("strimzi")["1.2.0"]
    found = {
        "1.1.0": replace(now, version="1.1.0", kafka=("4.1.0", "4.2.0")),
        "1.2.0": now,
        "1.3.0": replace(now, version="1.3.0", kafka=("4.3.1", "4.4.0")),
        "1.4.0": replace(now, version="1.4.0", kafka=("4.4.0", "4.5.0")),
    }
    monkeypatch.setattr(upgrades, "known", lambda _part: found)
    yield found


def _body(fleet: Fleet, strimzi: str, kubernetes: str = "1.34") -> CellBody:
    body = fleet.cells["aws-prod"].spec
    return body.model_copy(
        update={
            "strimzi": body.strimzi.model_copy(update={"version": strimzi}),
            "kubernetes": body.kubernetes.model_copy(update={"version": kubernetes}),
        }
    )


def _codes(found: Iterator[Finding]) -> list[str]:
    return [finding.code for finding in found]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("1.2.0", "1.3.0", []),
        ("1.1.0", "1.2.0", []),
        ("1.1.0", "1.3.0", ["operator-jump"]),
        ("1.2.0", "1.4.0", ["operator-jump"]),
        ("1.3.0", "1.4.0", []),
        ("1.3.0", "1.2.0", ["operator-downgrade"]),
        ("1.10.0", "1.9.0", ["operator-downgrade"]),
    ],
)
def test_an_operator(fleet: Fleet, releases: dict[str, Release], old: str, new: str, expected: list[str]) -> None:
    assert releases
    assert _codes(upgrades.changes(_body(fleet, old), _body(fleet, new))) == expected


def test_kubernetes_and_operator_at_once(fleet: Fleet, releases: dict[str, Release]) -> None:
    assert releases
    before, after = _body(fleet, "1.2.0", "1.34"), _body(fleet, "1.3.0", "1.35")
    assert _codes(upgrades.changes(before, after)) == ["two-upgrades"]


def test_a_version_that_the_new_operator_has_forgotten(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    _, asked = request.service(fleet, fleet.clusters["orders"], "kafka")
    section = asked.spec.model_copy(update={"version": "4.3.0", "metadata_version": "4.3-IV0"})
    newer = asked.spec.model_copy(update={"version": "4.3.1", "metadata_version": "4.3-IV0"})
    before, after = replace(asked, spec=section), replace(asked, spec=newer)
    assert _codes(kafka_changes.changes(before, after)) == []
    monkeypatch.setattr(versions, "supported", lambda _operator: ("4.3.1", "4.4.0"))
    assert _codes(kafka_changes.changes(before, after)) == ["kafka-jump"]


def test_a_range_that_moves_without_a_field(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    """A layout that looked at the number of zones would move subnets; the law sees it though no field says so."""
    body = fleet.cells["azure-staging"].spec
    fewer = body.model_copy(update={"zones": body.zones[:2]})
    assert _codes(cell_changes.changes(fewer, body, production=False)) == []
    cut = layout.LAYOUTS[1]
    monkeypatch.setattr(
        layout, "LAYOUTS", {1: lambda block, slots: replace(cut(block, slots), services=f"10.2.{len(slots)}.0/24")}
    )
    assert _codes(cell_changes.changes(fewer, body, production=False)) == ["address-moves"]
