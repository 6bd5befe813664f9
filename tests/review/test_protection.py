"""What a tombstone does to protection: data that is kept stays protected, data that is given up is not."""

import shutil
from pathlib import Path

import pytest

from stacks import today
from stacks.fleet import Fleet
from stacks.load import load
from stacks.rendition.make import rendition
from tests.corpus import cases

FILES = ("fleet/apps/web/shop.yaml", "fleet/clusters/web/shop-prod.yaml", "fleet/cells/gcp-prod.yaml")
STACKS = ("app.shop-prod.shop", "kafka.shop-prod", "cell.gcp-prod")


def _fleet(root: Path, data: str) -> Fleet:
    """The base, with app, cluster and cell retired."""
    shutil.copytree(cases.BASE, root)
    for file in FILES if data else ():
        path = root / file
        text = f'lifecycle: retired\nretirement: {{ since: "2026-12-01", data: {data}, reason: "PLAT-1 says so" }}\n'
        path.write_text(path.read_text() + text)
    fleet = load(root)
    assert not fleet.errors
    return fleet


def _protected(fleet: Fleet, stack: str) -> set[str]:
    return {name for name, item in rendition(fleet, fleet.stacks[stack]).items.items() if item.protect}


@pytest.mark.parametrize("stack", STACKS)
def test_only_what_is_given_up_is_not_protected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stack: str) -> None:
    monkeypatch.setenv(today.VARIABLE, cases.TODAY)
    active, kept, deleted = (_protected(_fleet(tmp_path / name, data), stack) for name, data in _WAYS)
    assert active
    assert kept == active
    assert not deleted


_WAYS = (("active", ""), ("kept", "kept"), ("given-up", "deleted"))


def test_one_service_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(today.VARIABLE, cases.TODAY)
    fleet = _fleet(tmp_path / "before", "")
    root = tmp_path / "after"
    shutil.copytree(cases.BASE, root)
    path = root / "fleet/clusters/pay/orders-hub.yaml"
    path.write_text(
        path.read_text()
        + 'retired_services:\n  schema_registry: { since: "2026-12-01", data: deleted, reason: "PLAT-1 says so" }\n'
    )
    after = load(root)
    assert not after.errors
    assert _protected(fleet, "schema_registry.orders-hub")
    assert not _protected(after, "schema_registry.orders-hub")
    assert _protected(after, "kafka.orders-hub") == _protected(fleet, "kafka.orders-hub")


def test_one_topic_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(today.VARIABLE, cases.TODAY)
    root = tmp_path / "after"
    shutil.copytree(cases.BASE, root)
    path = root / "fleet/apps/pay/checkout.yaml"
    stone = '    retirement: { since: "2026-12-01", data: deleted, reason: "PLAT-1 says so" }\n'
    path.write_text(path.read_text().replace("  checkout.carts:\n", f"  checkout.carts:\n{stone}"))
    after = load(root)
    assert not after.errors
    (still,) = _protected(after, "app.orders.checkout")
    assert "checkout.orders" in still
