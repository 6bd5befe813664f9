"""What was approved is what is applied, with the real engine: made worse in every way, refused each time."""

import copy
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from stacks.approve.document import load
from stacks.run.events import EventLog
from stacks.run.journal import last_run
from stacks.run.operate import Options
from stacks.run.outcome import Outcome
from stacks.run.report import Silent
from stacks.run.status import read_status
from stacks.stack import Stack
from tests.run.approving import Approving
from tests.run.project import Project, ops

HIDDEN = "hunter2-hunter2"
_ONE = {"value": "1"}
HERE: dict[str, dict[str, Any]] = {
    "a": {**_ONE, "size": 1},
    "b": _ONE,
    "c": _ONE,
    "d": _ONE,
    "safe": {"value": "1", "protect": True},
}


@pytest.fixture
def project(tmp_path: Path, tiny: str) -> Project:
    made = Project(tmp_path, tiny)
    made.declare("cell.one")
    return made


def things(**changed: Any) -> dict[str, Any]:
    """A stack with HERE, changed: `b={…}` in place of it, `b=None` without it."""
    merged = {**HERE, **changed}
    return {"things": {name: inputs for name, inputs in merged.items() if inputs is not None}}


def differs(outcome: Outcome) -> list[tuple[str, str, str, bool, tuple[str, ...]]]:
    return [
        (one.urn.rpartition("::")[2], one.approved, one.now, one.lifts_protection, one.paths) for one in outcome.beyond
    ]


BEFORE = things()
WANTED = things(a={"value": "2", "size": 1})
"""What is approved: `a` is updated, all else stays."""


def test_a_state_that_was_made_worse_in_between_is_refused(project: Project) -> None:
    how = Approving(project)
    how.before({"cell.one": BEFORE})
    project.plan({"cell.one": WANTED})
    text = how.preview()
    assert {word["does"] for word in json.loads(text)["stacks"]["cell.one"]["resources"].values()} == {"update"}
    meanwhile = things(
        a={"value": "1", "size": 7},  # a property that cannot be changed
        b=None,
        c={"value": "9"},
        d={"value": "1", "protect": True},
        more={"value": "1"},
    )
    how.before({"cell.one": meanwhile})
    state = project.checkpoint("cell.one").read_bytes()
    outcome = how.up(text)["cell.one"]
    assert outcome.result == "refused"
    assert sorted(differs(outcome)) == [
        ("a", "update", "replace", False, ("size", "value")),
        ("b", "same", "create", False, ()),
        ("c", "same", "update", False, ("value",)),
        ("d", "same", "same", True, ()),
        ("more", "same", "delete", False, ()),
    ]
    assert "nothing was done" in outcome.reason
    assert project.checkpoint("cell.one").read_bytes() == state


def test_what_was_approved_is_applied_and_less_is_too_and_a_second_time_changes_nothing(project: Project) -> None:
    how = Approving(project)
    how.before({"cell.one": BEFORE})
    wanted = things(a={"value": "2", "size": 2, "password": HIDDEN}, b=None, more={"value": "new"}, safe={"value": "1"})
    project.plan({"cell.one": wanted})
    text = how.preview()
    assert HIDDEN not in text
    assert '"new"' not in text
    plan = load(text).stacks["cell.one"]
    assert {urn.rpartition("::")[2]: (one.does, one.lifts_protection) for urn, one in plan.resources.items()} == {
        "a": ("replace", False),
        "b": ("delete", False),
        "more": ("create", False),
        "safe": ("same", True),
    }
    # Somebody made one of them in the meantime: less is left to do.
    how.before({"cell.one": things(more={"value": "new"})})
    first = how.up(text)["cell.one"]
    assert (first.result, first.beyond) == ("ok", ())
    assert {name: ops(first)[name] for name in ("a", "b", "more")} == {"a": "replace", "b": "delete", "more": "same"}
    again = how.up(text)["cell.one"]
    assert (again.result, again.changes) == ("ok", 0)
    files = [path for path in (project.root / ".fleet" / "work").rglob("*") if path.suffix == ".plan"]
    assert files == []


def test_other_files_and_failed_previews_are_refused_before_any_engine_and_only_what_stands_on_them_waits(
    project: Project,
) -> None:
    for name in ("kafka.a", "kafka.b", "kafka.c"):
        project.declare(name)
    project.declare("connect.a", after=["kafka.a"])
    del project.stacks["cell.one"]
    how = Approving(project)
    plans: dict[str, Any] = {name: {"things": {"t": {"value": "1"}}} for name in project.stacks}
    plans["kafka.c"] = {"fail": "no"}
    project.plan(plans)
    text = how.preview()
    project.plan({**plans, "kafka.a": {"things": {"t": {"value": "2"}}}})
    outcomes = how.up(text)
    assert {name: one.result for name, one in outcomes.items()} == {
        "kafka.a": "refused",
        "kafka.b": "ok",
        "kafka.c": "refused",
        "connect.a": "skipped",
    }
    assert outcomes["kafka.a"].reason.startswith("it is not what was approved")
    assert "ended as failed" in outcomes["kafka.c"].reason
    assert outcomes["kafka.a"].resources == ()


class Between(Silent):
    """Does something when the nth engine process on a stack is about to begin."""

    def __init__(self, which: int, what: Any) -> None:
        self._which = which
        self._what = what
        self.count = 0

    def started(self, stack: Stack, log: EventLog) -> None:
        self.count += 1
        if self.count == self._which:
            self._what()


def test_a_change_between_the_check_and_the_apply_is_stopped_by_the_engine(project: Project) -> None:
    how = Approving(project)
    before = things(b={"value": "1", "password": HIDDEN})
    how.before({"cell.one": before})
    wanted = things(b={"value": "2", "password": HIDDEN})
    project.plan({"cell.one": wanted})
    text = how.preview()
    worse = copy.deepcopy(wanted)
    worse["things"]["b"] |= {"size": 3, "password": f"other-{HIDDEN}"}
    outcome = how.up(text, observer=Between(2, lambda: project.plan({"cell.one": worse})))["cell.one"]
    assert (outcome.result, [one[0] for one in differs(outcome)]) == ("failed", ["b"])
    assert "between its check and its apply" in outcome.reason
    # The engine tells a breach with the values, secrets among them; none of that comes through.
    assert HIDDEN not in outcome.model_dump_json()
    assert not [one for one in outcome.diagnostics if "plan" in one.message]
    for path in (project.root / ".fleet").rglob("*"):
        assert path.name == "passphrase" or not path.is_file() or HIDDEN not in path.read_text(errors="replace"), path


def test_an_output_that_the_check_did_not_know_yet_stops_nothing(project: Project) -> None:
    how = Approving(project)

    def outputs(**found: str) -> None:
        project.plan({"cell.one": {"things": {"t": {}}, "outputs": found}})

    outputs(name="a")
    text = how.preview()
    another = Between(2, lambda: outputs(name="b"))
    outcome = how.up(text, observer=another)["cell.one"]
    assert (outcome.result, outcome.outputs, another.count) == ("ok", {"name": "b"}, 2)
    outputs(name="b")
    text = how.preview()
    one_more = Between(2, lambda: outputs(name="b", address="10.0.0.1"))
    outcome = how.up(text, observer=one_more)["cell.one"]
    assert (outcome.result, outcome.outputs) == ("ok", {"name": "b", "address": "10.0.0.1"})
    assert one_more.count == 4


def test_a_stack_whose_file_is_gone_is_deleted_as_approved_and_after_what_stood_on_it(project: Project) -> None:
    project.declare("kafka.a")
    project.declare("registry.a", after=["kafka.a"], production=True)
    how = Approving(project)
    everything = {"kafka.a": things(safe=None), "registry.a": things(safe=None)}
    how.before(everything)
    project.plan(everything)
    gone = {"registry.a": ["kafka.a"]}
    report = how.report("kafka.a", "registry.a", gone=gone)
    (seen,) = [one for one in report.outcomes if one.stack == "registry.a"]
    assert (seen.result, set(ops(seen).values())) == ("ok", {"delete"})
    text = how.approve(report, gone)
    order: list[str] = []

    class Watching(Silent):
        def ended(self, outcome: Outcome) -> None:
            order.append(outcome.stack)

    outcomes = how.up(text, gone, Watching())
    assert {name: (one.operation, one.result) for name, one in outcomes.items()} == {
        "kafka.a": ("up", "ok"),
        "registry.a": ("destroy", "ok"),
    }
    assert order == ["kafka.a", "registry.a"]
    assert read_status(project.settings, project.stacks["registry.a"]).state == "empty"


def test_a_deletion_finds_protected_things_and_new_ones(project: Project) -> None:
    project.declare("kafka.a")
    how = Approving(project)
    gone: dict[str, list[str]] = {"kafka.a": []}
    how.before({"kafka.a": BEFORE})
    report = how.report("kafka.a", gone=gone)
    (seen,) = report.outcomes
    assert (seen.result, [one.urn.rpartition("::")[2] for one in seen.diagnostics]) == ("refused", ["safe"])
    assert "not approved" in how.up(how.approve(report, gone), gone)["kafka.a"].reason

    how.before({"kafka.a": things(safe={"value": "1"})})
    text = how.preview("kafka.a", gone=gone)
    # One more that appears after the check: the engine is told what to delete, and refuses when that is not all.
    path = project.checkpoint("kafka.a")

    def one_more() -> None:
        state = json.loads(path.read_text())
        resources = state["checkpoint"]["latest"]["resources"]
        (thing,) = [one for one in resources if one["urn"].endswith("::b")]
        resources.append({**thing, "urn": thing["urn"][:-1] + "late", "id": "id-late"})
        path.write_text(json.dumps(state))

    late = how.up(text, gone, Between(1, one_more))["kafka.a"]
    assert late.result == "failed"
    assert {one["urn"].rpartition("::")[2] for one in _held(path)} >= {"a", "b", "c", "d", "safe", "late"}
    # And one that is there before the check.
    refused = how.up(text, gone)["kafka.a"]
    assert (refused.result, differs(refused)) == ("refused", [("late", "same", "delete", False, ())])


def _held(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text())["checkpoint"]["latest"]["resources"]
    return found


def test_looking_for_drift_records_nothing(project: Project) -> None:
    Approving(project).before({"cell.one": BEFORE})
    state, runs = project.checkpoint("cell.one").read_bytes(), sorted((project.root / ".fleet" / "runs").iterdir())
    looked = project.one("refresh", "cell.one", Options(preview_only=True))
    assert (looked.result, looked.changes, len(looked.resources)) == (
        "ok",
        0,
        len(_held(project.checkpoint("cell.one"))),
    )
    assert project.checkpoint("cell.one").read_bytes() == state
    assert sorted((project.root / ".fleet" / "runs").iterdir()) == runs


_KILLED = """
import sys
from pathlib import Path
from tests.run.approving import Approving
from tests.run.project import Project
project = Project(Path(sys.argv[1]), sys.argv[2])
project.declare("cell.one")
project.declare("kafka.a", after=["cell.one"])
how = Approving(project)
how.up(Path(sys.argv[3]).read_text(), digest=lambda stack: stack.name)
"""


def test_a_killed_apply_is_resumed_with_the_same_plan(project: Project, tmp_path: Path) -> None:
    project.declare("kafka.a", after=["cell.one"])
    how = Approving(project)
    slow = {"things": {"t": {"value": "1", "slow": 2}}}
    project.plan({"cell.one": BEFORE, "kafka.a": slow})
    plan = tmp_path / "approved.json"
    plan.write_text(how.preview())
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", _KILLED, str(project.root), project.sandbox, str(plan)]
    with subprocess.Popen(command, cwd=root) as process:
        deadline = time.monotonic() + 60
        while not _slow_is_under_way(project):
            assert time.monotonic() < deadline, "the slow creation never began"
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 60
    # The engine lives on for its step, finds nobody to talk to, and ends.
    while read_status(project.settings, project.stacks["kafka.a"]).locks:
        assert time.monotonic() < deadline, "the engine never ended"
        time.sleep(0.05)
    past = last_run(project.settings, "up")
    assert past is not None
    assert (set(past.done), past.open, past.finished) == ({"cell.one"}, ("kafka.a",), False)
    outcomes = how.up(plan.read_text(), past=past, digest=lambda stack: stack.name)
    assert {name: one.result for name, one in outcomes.items()} == {"cell.one": "ok", "kafka.a": "ok"}
    assert outcomes["cell.one"].reason.startswith("already done")
    assert read_status(project.settings, project.stacks["kafka.a"]).state == "applied"


def _slow_is_under_way(project: Project) -> bool:
    # A preview takes no lock: this is the apply.
    locked = read_status(project.settings, project.stacks["kafka.a"]).locks
    logs = (project.root / ".fleet" / "work" / "kafka.a").glob("*.events")
    return bool(locked) and any('Thing::t"' in log.read_text("utf-8") for log in logs)
