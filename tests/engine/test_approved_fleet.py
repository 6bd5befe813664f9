"""`fleet preview --changed`, shards, and what `fleet up --plan` refuses, on the example fleet in a repository."""

import json
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from stacks.approve.document import dump, load, sealed
from tests.engine.fleet_copy import FleetCopy

APP = "fleet/apps/analytics/experiments.yaml"


def git(fleet: FleetCopy, *arguments: str) -> str:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    return subprocess.run(["git", *who, *arguments], cwd=fleet.root, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FleetCopy]:
    copy = FleetCopy(tmp_path_factory.mktemp("fleet"))
    (copy.root / ".gitignore").write_text(".fleet/\n__pycache__/\n*.json.draft\n/*.json\n")
    git(copy, "init", "-q", "-b", "main")
    git(copy, "add", "-A")
    git(copy, "commit", "-qm", "one")
    copy.sandbox("start")
    try:
        yield copy
    finally:
        copy.sandbox("stop")


@pytest.fixture
def clean(fleet: FleetCopy) -> Iterator[FleetCopy]:
    head = git(fleet, "rev-parse", "HEAD").strip()
    yield fleet
    git(fleet, "reset", "-q", "--hard", head)


def changed(fleet: FleetCopy, *more: str) -> tuple[int, dict[str, Any], str]:
    done = fleet.command("preview", "--changed", "--plan-file", "plan.json", "--output", "json", *more)
    return done.returncode, json.loads(done.stdout) if done.stdout else {}, done.stderr


def plan(fleet: FleetCopy, name: str = "plan.json") -> Any:
    return load((fleet.root / name).read_text("utf-8"))


def test_a_change_of_nothing_is_said_and_written_down(clean: FleetCopy) -> None:
    path = clean.root / APP
    path.write_text("# formatted anew\n" + path.read_text("utf-8").replace("{ partitions: 3 }", "{partitions: 3}"))
    done = clean.command("preview", "--changed", "--plan-file", "plan.json")
    assert (done.returncode, done.stdout) == (0, "the change affects no stack\n"), done.stderr
    found = plan(clean)
    assert (found.stacks, found.head, len(found.base)) == ({}, "worktree", 40)
    applied = clean.command("up", "--plan", "plan.json", "--yes", "--output", "json")
    assert (applied.returncode, json.loads(applied.stdout)["outcomes"]) == (0, [])


def test_the_engine_runs_for_what_is_affected_alone(clean: FleetCopy) -> None:
    clean.edit(APP, "{ partitions: 3 }", "{ partitions: 6 }")
    git(clean, "commit", "-qam", "two")
    code, report, said = changed(clean, "--base", "HEAD~1")
    assert (code, [one["stack"] for one in report["outcomes"]]) == (0, ["app.lab.experiments"]), said
    found = plan(clean)
    assert (found.digest, found.head) == (report["approved"], git(clean, "rev-parse", "HEAD").strip())
    step = found.stacks["app.lab.experiments"]
    assert (step.does, step.result, step.cell_applied) == ("apply", "ok", False)
    assert {one.does for one in step.resources.values()} == {"create"}
    refused = clean.command("up", "--plan", "plan.json", "kafka.lab", "--yes")
    assert (refused.returncode, "kafka.lab: not in plan.json" in refused.stderr) == (6, True), refused.stderr


def test_a_file_that_is_gone_is_a_deletion_if_its_tombstone_stood(clean: FleetCopy) -> None:
    (clean.root / APP).unlink()
    code, report, said = changed(clean)
    assert (code, report, "removed-without-tombstone" in said) == (3, {}, True), said
    git(clean, "checkout", "-q", "--", APP)
    tombstone = "lifecycle: retired\nretirement: { since: '2026-10-01', data: deleted, reason: The trial is over. }\n"
    path = clean.root / APP
    path.write_text(path.read_text("utf-8") + tombstone)
    git(clean, "commit", "-qam", "retired")
    path.unlink()
    code, report, said = changed(clean)

    assert (code, [(one["stack"], one["result"]) for one in report["outcomes"]]) == (
        0,
        [("app.lab.experiments", "ok")],
    ), said
    step = plan(clean).stacks["app.lab.experiments"]
    assert (step.does, step.stack.cell, step.inputs) == ("delete", "lab", {})
    applied = clean.command("up", "--plan", "plan.json", "--yes", "--output", "json")
    assert applied.returncode == 0, applied.stderr
    assert json.loads(applied.stdout)["approved"] == plan(clean).digest


def test_machines_share_a_preview(clean: FleetCopy) -> None:
    stacks = ("app.lab.*", "app.logistics-dev.*", "app.web-staging.*")
    for number in (1, 2):
        done = clean.command(
            "preview", *stacks, "--shard", f"{number}/2", "--plan-file", f"part-{number}.json", "--output", "json"
        )
        assert done.returncode == 0, done.stderr
        done = clean.command("up", "--plan", f"part-{number}.json", "--yes")
        assert (done.returncode, f"part {number} of 2" in done.stderr) == (6, True), done.stderr
    merged = clean.command("approve", "merge", "part-2.json", "part-1.json", "-o", "whole.json")
    assert merged.returncode == 0, merged.stderr
    parts = [set(plan(clean, f"part-{number}.json").stacks) for number in (1, 2)]
    assert (parts[0] & parts[1], parts[0] | parts[1]) == (set(), set(plan(clean, "whole.json").stacks))
    assert len(plan(clean, "whole.json").stacks) == 3
    lonely = clean.command("approve", "merge", "part-2.json", "-o", "other.json")
    assert (lonely.returncode, "of 2 parts 1 missing" in lonely.stderr) == (6, True), lonely.stderr
    assert not (clean.root / "other.json").exists()


def _aged(text: str) -> str:
    found = load(text)
    return dump(sealed(found.model_copy(update={"made": found.made - timedelta(days=8)})))


@pytest.mark.parametrize(
    ("broken", "code", "told"),
    [
        (lambda text: text[: len(text) // 2], 6, "is no JSON, or was cut off"),
        (lambda text: text.replace('"format": 1', '"format": 2'), 6, "has format 2"),
        (lambda text: text.replace('"head": "worktree"', '"head": "abc"'), 6, "was changed after it was written"),
        (lambda _text: "[]", 6, "is no approved plan"),
        (_aged, 6, "168 are allowed (--max-age)"),
        (None, 2, "cannot be read"),
    ],
)
def test_what_is_no_approval_is_refused(
    fleet: FleetCopy, tmp_path: Path, broken: Callable[[str], str] | None, code: int, told: str
) -> None:
    good = fleet.root / "good.json"
    if not good.exists():
        (fleet.root / "stacks" / "note.py").write_text("# not committed\n")
        done = fleet.command("preview", "--changed", "--plan-file", "good.json")
        assert done.returncode == 0, done.stderr
    if broken is not None:
        (tmp_path / "bad.json").write_text(broken(good.read_text("utf-8")))
    done = fleet.command("up", "--plan", str(tmp_path / "bad.json"), "--yes")
    assert (done.returncode, told in done.stderr, done.stdout) == (code, True, ""), done.stderr
    assert "Traceback" not in done.stderr
