"""The full example as a file of a fleet: what the spine makes of it, on a cluster with Connect and a registry."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.apps.objects import objects
from stacks import request
from stacks.fleet import Fleet
from stacks.load import load
from stacks.today import VARIABLE
from tests.components.services.judge import all_refusals
from tools.fleet_copy import copy_fleet

from .requests import APIS, EXAMPLES, TODAY

CELL, TEAM, STACK = "aws-euw1-prod", "payments", "app.payments-orders.payments-orders"


def _edit(path: Path, **more: Any) -> None:
    body = yaml.safe_load(path.read_text("utf-8")) if path.exists() else {}
    path.write_text(yaml.safe_dump({**body, **more}), "utf-8")


def _written(root: Path, more: str) -> Path:
    """A fleet with one more cluster, and the full example on it."""
    at = copy_fleet(root)
    cell = at / "fleet" / "cells" / f"{CELL}.yaml"
    spec = yaml.safe_load(cell.read_text("utf-8"))
    _edit(cell, kubernetes={**spec["kubernetes"], "apis": list(APIS)})
    kafka = {"size": {"name": "small"}, "quotas": {"scope": "user"}}
    _edit(
        at / "fleet" / "clusters" / TEAM / "payments-orders.yaml",
        environment="prod",
        production=True,
        cost_center="CC-1",
        cell=CELL,
        services={"kafka": kafka, "connect": {}, "schema_registry": {}} if "all" in more else {"kafka": kafka},
    )
    app = at / "fleet" / "apps" / TEAM / "payments-orders.yaml"
    app.write_text((EXAMPLES / "full.yaml").read_text("utf-8"), "utf-8")
    _edit(app, cluster="payments-orders", profile="standard-app")
    _edit(at / "fleet" / "profiles" / "standard-app.yaml", kind="app", values={"cost_center": "CC-2"})
    other = at / "fleet" / "apps" / TEAM / "payments-billing.yaml"
    share = {"app": "payments-orders", "prefix": "billing.", "operations": ["read"]}
    _edit(other, cluster="payments-orders", prefixes=["billing."], shares=[share])
    full = yaml.safe_load(app.read_text("utf-8"))
    _edit(app, shares=[{**full["shares"][0], "app": "payments-billing"}])
    return at


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv(VARIABLE, str(TODAY))
    return monkeypatch


@pytest.fixture
def whole(tmp_path: Path, day: pytest.MonkeyPatch) -> Fleet:
    return load(_written(tmp_path, "all"))


def mine(fleet: Fleet) -> list[str]:
    return [str(p) for p in fleet.errors if "payments-orders" in p.file or "payments-billing" in p.file]


def test_the_example_is_valid_and_renders_what_an_api_server_takes(whole: Fleet) -> None:
    assert mine(whole) == []
    asked = request.app(whole, whole.apps["payments-orders", "payments-orders"])
    assert asked.today == TODAY
    assert asked.connect is not None
    assert asked.schema_registry is not None
    found = objects(asked)
    assert all_refusals(found) == []
    assert {"KafkaConnector", "Job", "PushSecret", "ExternalSecret"} <= {m.body["kind"] for m in found}


def test_an_app_comes_after_the_services_that_it_uses(whole: Fleet) -> None:
    cluster = "payments-orders"
    assert set(whole.stacks[STACK].after) == {
        f"cell.{CELL}",
        *(f"{service}.{cluster}" for service in ("kafka", "connect", "schema_registry")),
    }
    assert set(whole.stacks["app.payments-orders.payments-billing"].after) == {f"cell.{CELL}", f"kafka.{cluster}"}


def test_without_the_services_it_is_told(tmp_path: Path, day: pytest.MonkeyPatch) -> None:
    fleet = load(_written(tmp_path, "kafka only"))
    codes = {p.code for p in fleet.errors if p.file.endswith("payments-orders.yaml")}
    assert codes == {"connector-without-connect", "subject-without-registry"}
    assert [name for name in fleet.stacks[STACK].after if "connect" in name] == []


def test_what_ends_is_a_warning_with_its_place(tmp_path: Path, day: pytest.MonkeyPatch) -> None:
    at = _written(tmp_path, "all")
    day.setenv(VARIABLE, str(date(2027, 1, 1)))
    fleet = load(at)
    assert mine(fleet) == []
    (told,) = [p for p in fleet.problems if p.code == "credential-retired"]
    assert (told.severity, told.file) == ("warning", f"fleet/apps/{TEAM}/payments-orders.yaml")
    asked = request.app(fleet, fleet.apps["payments-orders", "payments-orders"])
    assert not [m for m in objects(asked) if m.role == "user-api.2026-09"]
