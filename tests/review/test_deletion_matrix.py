"""Absent is never delete: each way in which a file can go, with each tombstone that may have stood in it.

Ways: deleted, renamed, its folder deleted, its folder renamed, all of the fleet gone. The only way that is accepted is
deletion of one thing whose data was given up, after the waiting time; a file that only moves is accepted too.
"""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from stacks import today
from stacks.check.changes import Review, problems
from stacks.load import load
from tests.corpus import cases
from tests.review.changes import files

SINCE = date(2026, 12, 1)
WAIT = 14

# Things on which nothing stands any more: what does is taken out of the base first.
THINGS = {
    "cell": ("fleet/cells/azure-staging.yaml", ("fleet/clusters/pay/ledger.yaml",)),
    "cluster": ("fleet/clusters/web/shop-prod.yaml", ("fleet/apps/web/shop.yaml",)),
    "app": ("fleet/apps/web/shop.yaml", ()),
}
STONES = {
    "none": "",
    "kept": f'lifecycle: retired\nretirement: {{ since: "{SINCE}", data: kept, reason: "PLAT-1 says so" }}\n',
    "deleted": f'lifecycle: retired\nretirement: {{ since: "{SINCE}", data: deleted, reason: "PLAT-1 says so" }}\n',
}
EXPECTED = {
    ("none", False): "removed-without-tombstone",
    ("none", True): "removed-without-tombstone",
    ("kept", False): "data-still-kept",
    ("kept", True): "data-still-kept",
    ("deleted", False): "removed-too-soon",
    ("deleted", True): "",
}


def _judge(tmp: Path, kind: str, stone: str, way: str, waited: bool) -> tuple[set[str], set[str]]:
    """Codes of errors and of warnings."""
    old, new = tmp / "old", tmp / "new"
    shutil.copytree(cases.BASE, old)
    file, beneath = THINGS[kind]
    for other in beneath:
        (old / other).unlink()
    path = old / file
    path.write_text(path.read_text() + STONES[stone])
    shutil.copytree(old, new)
    gone = new / file
    orders: list[list[str]] = []
    match way:
        case "deleted":
            gone.unlink()
        case "renamed":
            gone.rename(gone.with_name("other.yaml"))
            orders = [["rename", file, str(Path(file).with_name("other.yaml"))]]
        case "renamed, and Git does not see it":
            gone.rename(gone.with_name("other.yaml"))
        case "folder deleted":
            shutil.rmtree(gone.parent)
        case "folder renamed":
            gone.parent.rename(gone.parent.with_name("elsewhere"))
            folder = str(Path(file).parent)
            orders = [["rename", folder, str(Path(folder).with_name("elsewhere"))]]
        case "emptied":
            shutil.rmtree(new / "fleet")
    day = SINCE + timedelta(days=WAIT if waited else WAIT - 1)
    review = Review(load(old), load(new), tuple(files(old, new, orders)), day)
    told = problems(review)
    return {p.code for p in told if p.severity == "error"}, {p.code for p in told if p.severity == "warning"}


@pytest.fixture(autouse=True)
def _on_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(today.VARIABLE, str(SINCE))


@pytest.mark.parametrize("waited", [False, True])
@pytest.mark.parametrize("stone", STONES)
@pytest.mark.parametrize("kind", THINGS)
def test_deleted(tmp_path: Path, kind: str, stone: str, waited: bool) -> None:
    errors, _ = _judge(tmp_path, kind, stone, "deleted", waited)
    assert errors == {EXPECTED[stone, waited]} - {""}


@pytest.mark.parametrize("way", ["renamed", "renamed, and Git does not see it"])
@pytest.mark.parametrize("kind", THINGS)
def test_renamed(tmp_path: Path, kind: str, way: str) -> None:
    errors, _ = _judge(tmp_path, kind, "none", way, True)
    assert errors == {"renamed"}


@pytest.mark.parametrize("kind", THINGS)
def test_a_retired_thing_may_go_while_one_like_it_comes(tmp_path: Path, kind: str) -> None:
    """What was given up and has waited is removed; that another file says the same is no rename any more."""
    errors, _ = _judge(tmp_path, kind, "deleted", "renamed", True)
    assert "renamed" not in errors
    assert "removed-without-tombstone" not in errors


@pytest.mark.parametrize("kind", THINGS)
def test_a_folder_is_deleted(tmp_path: Path, kind: str) -> None:
    errors, _ = _judge(tmp_path, kind, "deleted", "folder deleted", True)
    many = {"cell": {"removed-without-tombstone", "too-many-removed"}, "cluster": set(), "app": set()}
    assert errors == many[kind], "a team's folder with one retired file is that file"


@pytest.mark.parametrize("kind", THINGS)
def test_a_folder_is_renamed(tmp_path: Path, kind: str) -> None:
    errors, warnings = _judge(tmp_path, kind, "none", "folder renamed", True)
    if kind == "cell":  # `fleet/elsewhere/` is no folder of a fleet
        assert errors == {"removed-without-tombstone", "too-many-removed"}
    else:  # another team's folder: the same stacks
        assert errors == set()
        assert warnings == {"file-moved"}


@pytest.mark.parametrize("kind", THINGS)
@pytest.mark.parametrize("stone", ["none", "deleted"])
def test_everything_is_gone(tmp_path: Path, kind: str, stone: str) -> None:
    errors, _ = _judge(tmp_path, kind, stone, "emptied", True)
    assert errors == {"removed-without-tombstone", "too-many-removed"}
    assert load(tmp_path / "new").errors, "an empty fleet is an error, never an empty plan"


def test_a_broken_base_is_no_tombstone(tmp_path: Path) -> None:
    """What cannot be read cannot have been retired."""
    old, new = tmp_path / "old", tmp_path / "new"
    shutil.copytree(cases.BASE, old)
    (old / "fleet/apps/web/shop.yaml").write_text("cluster: shop-prod\nlifecycle: retired\n")
    shutil.copytree(old, new)
    (new / "fleet/apps/web/shop.yaml").unlink()
    review = Review(load(old), load(new), tuple(files(old, new)), SINCE)
    (told,) = problems(review)
    assert told.code == "removed-without-tombstone"
    assert "was not valid" in told.message


def test_a_tombstone_of_a_broken_base_does_not_wait_anew(tmp_path: Path) -> None:
    """Mending a file that could not be read is no new retirement."""
    old, new = tmp_path / "old", tmp_path / "new"
    shutil.copytree(cases.BASE, old)
    shutil.copytree(old, new)
    file = "fleet/apps/web/shop.yaml"
    stone = STONES["kept"]
    (old / file).write_text((old / file).read_text() + stone + "colour: blue\n")
    (new / file).write_text((new / file).read_text() + stone)
    review = Review(load(old), load(new), tuple(files(old, new)), SINCE + timedelta(days=30))
    assert problems(review) == ()
