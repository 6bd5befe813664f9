"""A change's data over the base's code: what is taken, what is refused, and that nothing else is touched."""

import subprocess
from pathlib import Path

import pytest

from stacks.ci.error import CiError
from stacks.ci.take import take


def git(at: Path, *arguments: str, text: str = "") -> str:
    ran = subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@t", "-c", "init.defaultBranch=main", *arguments],
        cwd=at,
        input=text,
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout.strip()


@pytest.fixture
def change(tmp_path: Path) -> Path:
    """A repository with a base commit, and its clone `base` beside it."""
    at = tmp_path / "change"
    (at / "fleet/apps").mkdir(parents=True)
    (at / "fleet/fleet.yaml").write_text("name: acme\n")
    (at / "fleet/apps/a.yaml").write_text("a: 1\n")
    (at / "code.py").write_text("print('base')\n")
    git(tmp_path, "init", "--quiet", str(at))
    git(at, "add", ".")
    git(at, "commit", "--quiet", "-m", "base")
    git(tmp_path, "clone", "--quiet", str(at), str(tmp_path / "base"))
    return at


def commit(at: Path) -> str:
    git(at, "add", "--all", "--force")
    git(at, "commit", "--quiet", "-m", "change")
    return git(at, "rev-parse", "HEAD")


def tree(at: Path, *paths: str) -> dict[str, str]:
    return {path: (at / path).read_text() for path in paths if (at / path).is_file()}


def test_data_is_taken_and_committed(change: Path) -> None:
    base = change.parent / "base"
    before = git(base, "rev-parse", "HEAD")
    (change / "fleet/apps/a.yaml").unlink()
    (change / "fleet/apps/b.yaml").write_text("b: 2\r\n", newline="")
    (change / "README.md").write_text("text\n")
    taken = take(base, change, commit(change))
    assert (taken.tree, taken.files) == ("base", 2)
    assert (base / "fleet/apps/b.yaml").read_bytes() == b"b: 2\r\n"
    assert not (base / "fleet/apps/a.yaml").exists()
    assert not (base / "README.md").exists()
    assert git(base, "rev-parse", "HEAD^1") == before
    assert git(base, "status", "--porcelain") == ""


def test_a_change_of_code_is_left_where_it_is(change: Path) -> None:
    base = change.parent / "base"
    (change / "code.py").write_text("print('change')\n")
    (change / "fleet/apps/a.yaml").write_text("a: 2\n")
    taken = take(base, change, commit(change))
    assert (taken.tree, taken.code) == ("change", ("code.py",))
    assert tree(base, "code.py", "fleet/apps/a.yaml") == {"code.py": "print('base')\n", "fleet/apps/a.yaml": "a: 1\n"}


@pytest.mark.parametrize("path", [".github/workflows/x.yml", "Makefile", "docs.py", "policies/x.md", "uv.lock"])
def test_everything_but_data_and_prose_is_code(change: Path, path: str) -> None:
    (change / path).parent.mkdir(parents=True, exist_ok=True)
    (change / path).write_text("x\n")
    assert take(change.parent / "base", change, commit(change)).tree == "change"


def link(at: Path) -> None:
    (at / "fleet/apps/a.yaml").unlink()
    (at / "fleet/apps/a.yaml").symlink_to("/etc/passwd")


def folder_link(at: Path) -> None:
    (at / "fleet/more").symlink_to("../.git", target_is_directory=True)


def executable(at: Path) -> None:
    (at / "fleet/apps/a.yaml").chmod(0o755)


def attributes(at: Path) -> None:
    (at / "fleet/.gitattributes").write_text("* filter=x\n")


def hidden(at: Path) -> None:
    (at / "fleet/apps/.a.yaml").write_text("x\n")


def newline(at: Path) -> None:
    (at / "fleet/apps/a\n::set-output name=x::y.yaml").write_text("x\n")


def large(at: Path) -> None:
    (at / "fleet/apps/a.yaml").write_text("x" * 1_000_001)


def submodule(at: Path) -> None:
    head = git(at, "rev-parse", "HEAD")
    git(at, "update-index", "--add", "--cacheinfo", f"160000,{head},fleet/sub")


def dots(at: Path) -> None:
    """A tree that Git itself would not make: an entry named `..`."""
    blob = git(at, "hash-object", "-w", "--stdin", text="x\n")
    inner = bytes.fromhex(blob)
    raw = b"100644 x.yaml\0" + inner
    tree_id = _object(at, "tree", raw)
    fleet_id = _object(at, "tree", b"40000 ..\0" + bytes.fromhex(tree_id))
    code = git(at, "rev-parse", "HEAD:code.py")
    top = _object(at, "tree", b"100644 code.py\0" + bytes.fromhex(code) + b"40000 fleet\0" + bytes.fromhex(fleet_id))
    made = git(at, "commit-tree", top, "-p", "HEAD", "-m", "dots")
    git(at, "update-ref", "HEAD", made)


def _object(at: Path, kind: str, raw: bytes) -> str:
    ran = subprocess.run(
        ["git", "hash-object", "-t", kind, "-w", "--stdin", "--literally"], cwd=at, input=raw, capture_output=True,
        check=True,
    )  # fmt: skip
    return ran.stdout.decode().strip()


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (link, "symbolic link"),
        (folder_link, "symbolic link"),
        (executable, "executable"),
        (attributes, "no plain name"),
        (hidden, "no plain name"),
        (newline, "no plain name"),
        (large, "1000001 bytes"),
    ],
)
def test_what_is_no_plain_file_is_refused(change: Path, spoil: object, word: str) -> None:
    base = change.parent / "base"
    spoil(change)  # type: ignore[operator]
    with pytest.raises(CiError, match=word):
        take(base, change, commit(change))
    assert git(base, "status", "--porcelain") == ""
    assert tree(base, "fleet/apps/a.yaml") == {"fleet/apps/a.yaml": "a: 1\n"}


def test_a_submodule_is_refused(change: Path) -> None:
    submodule(change)
    git(change, "commit", "--quiet", "-m", "sub")
    with pytest.raises(CiError, match="submodule"):
        take(change.parent / "base", change, "HEAD")


def test_a_way_out_is_refused(change: Path) -> None:
    dots(change)
    outside = sorted(change.parent.iterdir())
    with pytest.raises(CiError, match="no plain name"):
        take(change.parent / "base", change, git(change, "rev-parse", "HEAD"))
    assert sorted(change.parent.iterdir()) == outside


def test_no_fleet_is_an_error_and_no_empty_plan(change: Path) -> None:
    for path in ("fleet/fleet.yaml", "fleet/apps/a.yaml"):
        (change / path).unlink()
    with pytest.raises(CiError, match="has no fleet/"):
        take(change.parent / "base", change, commit(change))


def test_hooks_of_the_clone_are_not_run(change: Path) -> None:
    base = change.parent / "base"
    hook = base / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    (change / "fleet/apps/a.yaml").write_text("a: 3\n")
    assert take(base, change, commit(change)).tree == "base"


def test_a_dirty_base_is_refused(change: Path) -> None:
    base = change.parent / "base"
    (base / "code.py").write_text("mine\n")
    with pytest.raises(CiError, match="changes of its own"):
        take(base, change, git(change, "rev-parse", "HEAD"))
