"""Only fleet files are read, all of them, and nothing that is not what it seems."""

import os
from pathlib import Path

import pytest

from stacks.problem import Problem
from stacks.read import Document, FleetFiles, files, read, source

GOOD = {
    "fleet/fleet.yaml": "name: a\n",
    "fleet/cells/b.yaml": "a: 1\n",
    "fleet/cells/a.yaml": "a: 1\n",
    "fleet/clusters/team/c.yaml": "a: 1\n",
    "fleet/apps/team/d.yaml": "a: 1\n",
    "fleet/services/schema_registry.yaml": "a: 1\n",
    "fleet/profiles/p.yaml": "a: 1\n",
    "fleet/README.md": "",
    "fleet/cells/.gitkeep": "",
    "fleet/cell.schema.json": "{}",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in GOOD.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def codes(result: object) -> list[str]:
    assert isinstance(result, tuple)
    return [problem.code for problem in result]


def test_files_are_listed_by_kind_and_sorted(root: Path) -> None:
    assert files(root) == FleetFiles(
        main="fleet/fleet.yaml",
        cells=("fleet/cells/a.yaml", "fleet/cells/b.yaml"),
        clusters=("fleet/clusters/team/c.yaml",),
        apps=("fleet/apps/team/d.yaml",),
        services=("fleet/services/schema_registry.yaml",),
        profiles=("fleet/profiles/p.yaml",),
    )
    assert sorted(files(root).all()) == sorted(name for name in GOOD if name.endswith(".yaml"))


def test_a_stray_file_is_told_and_the_others_are_still_listed(root: Path) -> None:
    (root / "fleet/cells/c.yml").write_text("a: 1\n")
    found = files(root)
    assert codes(found.problems) == ["wrong-extension"]
    assert found.cells == ("fleet/cells/a.yaml", "fleet/cells/b.yaml")


def test_a_fleet_that_declares_nothing_is_no_plan_to_delete_everything(tmp_path: Path) -> None:
    assert codes(files(tmp_path).problems) == ["empty-fleet"]
    (tmp_path / "fleet").mkdir()
    assert codes(files(tmp_path).problems) == ["missing-fleet-file"]
    (tmp_path / "fleet/fleet.yaml").write_text("name: a\n")
    assert codes(files(tmp_path).problems) == ["empty-fleet"]
    (tmp_path / "fleet/cells").mkdir()
    assert codes(files(tmp_path).problems) == ["empty-fleet"]


def test_a_file_in_place_of_the_fleet_is_no_fleet(tmp_path: Path) -> None:
    (tmp_path / "fleet").write_text("")
    assert codes(files(tmp_path).problems) == ["empty-fleet"]


def test_names_that_are_no_text_are_told(root: Path) -> None:
    raw = os.fsencode(root) + b"/fleet/cells/\xff.yaml"
    Path(os.fsdecode(raw)).write_text("a: 1\n")
    assert codes(files(root).problems) == ["bad-file-name"]


def test_what_a_file_says_is_read(root: Path) -> None:
    document = read(root, "fleet/fleet.yaml")
    assert document == Document("fleet/fleet.yaml", "name: a\n", {"name": "a"})


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("fleet/none.yaml", "no-such-file"),
        ("fleet/fleet.yaml/x.yaml", "no-such-file"),
        ("../fleet.yaml", "no-such-file"),
        ("/etc/passwd", "no-such-file"),
        ("fleet//fleet.yaml", "no-such-file"),
        ("fleet/\0.yaml", "no-such-file"),
        ("fleet/\ud800.yaml", "no-such-file"),
        ("fleet/cells", "not-a-file"),
        (f"fleet/{'x' * 5000}", "unreadable"),
    ],
    ids=range(9),
)
def test_what_cannot_be_read_is_told(root: Path, file: str, code: str) -> None:
    assert codes(read(root, file)) == [code]


def test_no_link_is_followed_neither_as_a_file_nor_as_a_folder(root: Path) -> None:
    (root / "fleet/cells/link.yaml").symlink_to("a.yaml")
    (root / "fleet/clusters/link").symlink_to("team")
    assert codes(read(root, "fleet/cells/link.yaml")) == ["symlink"]
    assert codes(read(root, "fleet/clusters/link/c.yaml")) == ["symlink"]
    assert codes(files(root).problems) == ["symlink", "symlink"]


def test_the_root_itself_may_lie_behind_a_link(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    link = tmp_path_factory.mktemp("links") / "repository"
    link.symlink_to(root)
    assert files(link) == files(root)
    assert isinstance(read(link, "fleet/fleet.yaml"), Document)


def test_a_pipe_is_refused_without_waiting_for_a_writer(root: Path) -> None:
    os.mkfifo(root / "fleet/cells/pipe.yaml")
    assert codes(read(root, "fleet/cells/pipe.yaml")) == ["not-a-file"]


def test_only_the_beginning_of_a_large_file_is_read(root: Path) -> None:
    with (root / "fleet/cells/a.yaml").open("wb") as stream:
        stream.truncate(10**12)
    assert codes(read(root, "fleet/cells/a.yaml")) == ["too-large"]


def test_lines_can_be_shown_of_broken_files_too(root: Path) -> None:
    (root / "fleet/cells/a.yaml").write_bytes(b"a: \xff\n")
    text = source(root)
    assert text("fleet/cells/a.yaml") == "a: \ufffd\n"
    assert text("fleet/cells/none.yaml") is None


def test_problems_of_an_unreadable_folder_are_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("stacks.read.tree.os.scandir", refuse)
    found = files(root)
    assert "unreadable" in codes(found.problems)
    assert all(isinstance(problem, Problem) for problem in found.problems)
