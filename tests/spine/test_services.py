"""Services of one cluster and of several: order, what is missing, circles, references, and broken packages."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from components import catalog
from components.services.contract import Service
from stacks.load import load
from stacks.problem import Problem

BASE = Path(__file__).parents[1] / "corpus" / "base"


def _with(monkeypatch: pytest.MonkeyPatch, changes: Mapping[str, Mapping[str, Any]]) -> None:
    entries = {key: replace(entry, **changes.get(key, {})) for key, entry in catalog.services().items()}
    monkeypatch.setattr(catalog, "services", lambda: entries)


REGISTRY = '  schema_registry: { implementation: karapace, licence: apache-2.0, versions: { karapace: "6.2.3" } }\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    return tmp_path


def add(root: Path, text: str) -> None:
    path = root / "fleet" / "clusters" / "pay" / "ledger.yaml"
    path.write_text(path.read_text("utf-8").rstrip("\n") + "\n" + text, "utf-8")


def of_ledger(root: Path) -> list[Problem]:
    return [p for p in load(root).errors if p.file.endswith("/ledger.yaml")]


def test_a_circle_is_told_at_a_section_of_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _with(monkeypatch, {"kafka": {"uses": ("schema_registry",)}})
    add(root, REGISTRY)
    found = [p for p in of_ledger(root) if p.code == "service-cycle"]
    assert [(p.file, p.column) for p in found] == [("fleet/clusters/pay/ledger.yaml", 3)]
    assert "schema_registry -> kafka" in found[0].message or "kafka -> schema_registry" in found[0].message


def test_a_fleet_with_a_circle_can_still_be_listed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _with(monkeypatch, {"kafka": {"uses": ("schema_registry",)}})
    add(root, REGISTRY)
    fleet = load(root)
    assert {"kafka.ledger", "schema_registry.ledger"} <= fleet.stacks.keys()


def test_a_missing_service_is_told_at_the_one_that_needs_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _with(monkeypatch, {"kafka": {"requires": ("monitoring",)}})
    codes = {p.code for p in of_ledger(root)}
    assert codes == {"missing-service"}


def test_stacks_come_after_what_they_use(root: Path) -> None:
    add(root, REGISTRY)
    order: tuple[str, ...] = ()
    for cluster in load(root).clusters.values():
        order = cluster.order
        for key in order:
            for needed in (*catalog.services()[key].requires, *catalog.services()[key].uses):
                assert needed not in cluster.services or order.index(needed) < order.index(key)
    assert order


@pytest.fixture
def fresh() -> Iterator[None]:
    catalog.services.cache_clear()
    yield
    catalog.services.cache_clear()


def _point(name: str, loaded: Any) -> SimpleNamespace:
    def load_it() -> Any:
        if isinstance(loaded, Exception):
            raise loaded
        return loaded

    return SimpleNamespace(
        name=name, value=f"{name}_package:ENTRY", dist=SimpleNamespace(name=f"pkg-{name}"), load=load_it
    )


@pytest.mark.parametrize(
    ("name", "loaded", "words"),
    [
        (
            "flink",
            ImportError("No module named 'flink'"),
            "package pkg-flink brings the service 'flink'.*mend or uninstall",
        ),
        ("flink", "text", "package pkg-flink: .* is a str and no Service"),
        ("kafka", None, "package pkg-kafka brings the service 'kafka', and there is one already"),
    ],
)
def test_a_package_that_breaks_the_contract_is_named(
    monkeypatch: pytest.MonkeyPatch, fresh: None, name: str, loaded: Any, words: str
) -> None:
    monkeypatch.setattr(catalog, "entry_points", lambda group: [_point(name, loaded)])
    with pytest.raises(catalog.CatalogError, match=words):
        catalog.services()


def test_a_service_is_found_under_its_own_name(monkeypatch: pytest.MonkeyPatch, fresh: None) -> None:
    other: Service = replace(catalog.services()["kafka"], name="pulsar")
    catalog.services.cache_clear()
    monkeypatch.setattr(catalog, "entry_points", lambda group: [_point("flink", other)])
    with pytest.raises(catalog.CatalogError, match="found as 'flink' calls itself 'pulsar'"):
        catalog.services()
