"""Every written change: the stacks that it affects, with their impact, and what it is refused for; nothing else."""

import fnmatch
import subprocess
from pathlib import Path

import pytest

from stacks.plan.document import Plan
from stacks.plan.make import make
from tests.plan.written import Affects, Written, load
from tools.fleet_copy import copy_fleet

CASES = load()


def git(root: Path, *arguments: str) -> str:
    """One git command in a repository of the test's own."""
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *identity, *arguments], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout


def commit(root: Path, message: str) -> None:
    """Everything as it lies there."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "-m", message)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example fleet in a repository of its own; each test works on a clone."""
    root = tmp_path_factory.mktemp("written") / "fleet"
    root.mkdir()
    copy_fleet(root)
    git(root, "init", "--quiet", "--initial-branch", "main")
    commit(root, "The example fleet")
    return root


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_written_change_does_what_it_says(
    case: Written, example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAFKA_FLEET_TODAY", case.today)
    root = tmp_path / "fleet"
    git(tmp_path, "clone", "--quiet", str(example), str(root))
    case.before.apply(root)
    commit(root, "Before")
    expected = sorted([*case.change.apply(root), *case.elsewhere])
    plan = make(root, "HEAD").plan
    found = [one for one in plan.refusals if one.severity == "error"]
    assert [(one.file, one.line, one.column, one.code) for one in found] == [
        (one.file, one.line, one.column, one.code) for one in expected
    ], "\n".join(f"{one.file}:{one.line}:{one.column}: {one.code}: {one.message}" for one in found)
    for refusal, wanted in zip(found, expected, strict=True):
        assert wanted.words in f"{refusal.message} {refusal.allowed} {refusal.hint}"
    if case.judged:
        _same(plan, case.affects)


def _same(plan: Plan, expected: list[Affects]) -> None:
    unmet = list(expected)
    for one in plan.stacks:
        wanted = next((each for each in expected if fnmatch.fnmatch(one.stack, each.stack)), None)
        said = f"{one.stack} {one.impact} ({'; '.join(effect.reason for effect in one.effects)})"
        assert wanted is not None, f"nobody expected {said}"
        assert one.impact == wanted.impact, said
        assert wanted.words in said
        if wanted in unmet:
            unmet.remove(wanted)
    assert not unmet, f"not affected: {unmet}"


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 60
    assert len({case.id for case in CASES}) == len(CASES)
