"""`fleet retire` writes the lines of a tombstone and no others, and nothing that the laws would refuse."""

import difflib
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from components.lifecycle import Data
from stacks import today
from stacks.cli import application
from stacks.load import load
from stacks.retire import NotRetiredError, retire
from tests.corpus import cases

DAY = date(2026, 12, 1)
WHY = "the shop was closed, SHOP-12"
BLOCK = ["+retirement:", '+  since: "2026-12-01"', "+  data: kept", f'+  reason: "{WHY}"']

Do = Callable[[str, Data], list[str]]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(today.VARIABLE, str(DAY))
    shutil.copytree(cases.BASE, tmp_path / "repo")
    (tmp_path / "repo" / "Pulumi.yaml").write_text("name: kafka-fleet\n")
    return tmp_path / "repo"


@pytest.fixture
def do(root: Path) -> Do:
    def retired(name: str, data: Data = "kept") -> list[str]:
        """The lines that differ."""
        before = {path: path.read_text() for path in root.rglob("*.yaml")}
        retire(load(root), name, data, WHY, DAY)
        lines: list[str] = []
        for path in sorted(root.rglob("*.yaml")):
            diff = difflib.unified_diff(before[path].splitlines(), path.read_text().splitlines(), n=0, lineterm="")
            lines += [line for line in diff if line[:1] in "+-" and line[:3] not in ("+++", "---")]
        return lines

    return retired


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("shop-prod/shop", ["+lifecycle: retired", *BLOCK]),
        ("lab", ["+lifecycle: retired", *BLOCK]),
        (
            "orders-hub:monitoring",
            ["+retired_services:", "+  monitoring:", *(f"+    {each[1:]}" for each in BLOCK[1:])],
        ),
        ("orders/checkout/checkout.carts", [f"+    {each[1:]}" for each in BLOCK]),
    ],
)
def test_only_its_lines(do: Do, root: Path, name: str, lines: list[str]) -> None:
    said = do(name, "kept")
    assert [line.replace(" ", "") for line in said] == [line.replace(" ", "") for line in lines]
    assert not load(root).errors
    assert do(name, "kept") == [], "a second time writes nothing"


def test_a_cell_after_all_that_stands_on_it(do: Do, root: Path) -> None:
    with pytest.raises(NotRetiredError, match="cell-retired"):
        do("azure-staging", "deleted")
    do("ledger", "deleted")
    said = do("azure-staging", "deleted")
    assert said[0] == "+lifecycle: retired"
    assert not load(root).errors


def test_data_that_was_kept_is_given_up_and_waits_anew(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    retire(load(root), "shop-prod/shop", "kept", WHY, DAY)
    monkeypatch.setenv(today.VARIABLE, "2026-12-20")
    retire(load(root), "shop-prod/shop", "deleted", WHY, date(2026, 12, 20))
    app = load(root).apps["shop-prod", "shop"].spec.retirement
    assert app is not None
    assert (app.since, app.data) == ("2026-12-20", "deleted")


def test_data_that_is_kept_after_all_waits_no_longer(root: Path) -> None:
    retire(load(root), "shop-prod/shop", "deleted", WHY, DAY)
    retire(load(root), "shop-prod/shop", "kept", "the shop opens again, SHOP-13", date(2026, 12, 20))
    app = load(root).apps["shop-prod", "shop"].spec.retirement
    assert app is not None
    assert (app.since, app.data, app.reason) == ("2026-12-01", "kept", "the shop opens again, SHOP-13")


def test_a_line_that_says_active_is_changed(root: Path) -> None:
    file = root / "fleet/apps/web/shop.yaml"
    file.write_text(file.read_text().replace("prefixes:", "lifecycle: active # for now\nprefixes:"))
    retire(load(root), "shop-prod/shop", "kept", WHY, DAY)
    assert "lifecycle: retired # for now\n" in file.read_text()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("shop-prod", "cluster-retired"),
        ("aws-prod", "cell-retired"),
        ("shop-prd", "did you mean 'shop-prod'"),
        ("shop-prod/shp", "did you mean"),
        ("shop-prod/shop/shop.vews", "did you mean 'shop.views'"),
        ("orders-hub:conect", "has no service 'conect'"),
        ("orders-hub:kafka", "kafka ends with its cluster"),
    ],
)
def test_what_would_be_refused_is_not_written(root: Path, name: str, words: str) -> None:
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    with pytest.raises(NotRetiredError, match=words):
        retire(load(root), name, "deleted", WHY, DAY)
    assert before == {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_the_command(root: Path) -> None:
    def fleet(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(application(), ["retire", *arguments], env={"FLEET_ROOT": str(root)})
        return done.exit_code, done.output

    code, said = fleet("orders/fraud", "--data", "deleted", "--reason", "old")
    assert (code, "at least 10 characters" in said) == (2, True)
    code, said = fleet("orders/frawd", "--data", "deleted", "--reason", WHY)
    assert (code, "there is no app 'frawd'" in said) == (2, True)
    code, said = fleet("shop-prod/shop", "--data", "deleted", "--reason", WHY)
    assert (code, "14 days have passed" in said) == (0, True)
