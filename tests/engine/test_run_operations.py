"""One stack's life with the real engine: what each operation reports, and what it refuses."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from stacks.run import checkpoint
from stacks.run.operate import Options
from stacks.run.status import read_status
from tests.run.project import Project, ops
from tests.run.tiny import serving

HIDDEN = "hunter2-hunter2"


@pytest.fixture
def project(tmp_path: Path, tiny: str) -> Project:
    made = Project(tmp_path, tiny)
    made.declare("cell.one")
    return made


def test_a_stack_is_previewed_applied_changed_and_destroyed(project: Project) -> None:
    thing = {"value": "a", "size": 1, "password": HIDDEN}
    project.plan({"cell.one": {"things": {"t": thing}, "outputs": {"greeting": "hello", "secret_one": HIDDEN}}})

    seen = project.one("preview", "cell.one")
    assert (seen.result, ops(seen)) == ("ok", {"box": "create", "t": "create"})
    assert not checkpoint.read_state(project.settings, project.stacks["cell.one"], lambda _stack: None).applied

    first = project.one("up", "cell.one")
    assert first.result == "ok"
    assert first.counts == {"create": 4}
    assert first.outputs == {"greeting": "hello", "secret_one": "[secret]"}

    again = project.one("up", "cell.one")
    assert (again.changes, again.counts, again.outputs) == (0, {"same": 4}, first.outputs)

    project.plan({"cell.one": {"things": {"t": {**thing, "value": "b", "password": HIDDEN + "!"}}}})
    changed = project.one("preview", "cell.one")
    (resource,) = [one for one in changed.resources if one.name == "t"]
    assert resource.op == "update"
    assert [(one.path, one.old, one.new) for one in resource.changes] == [
        ("password", "[secret]", "[secret]"),
        ("value", '"a"', '"b"'),
    ]

    project.plan({"cell.one": {"things": {"t": {**thing, "size": 2}}}})
    replaced = project.one("up", "cell.one")
    (resource,) = [one for one in replaced.resources if one.name == "t"]
    assert resource.op == "replace"
    assert [(one.path, one.kind) for one in resource.changes] == [("size", "update-replace")]

    assert project.one("refresh", "cell.one").changes == 0
    gone = project.one("destroy", "cell.one")
    assert (gone.result, gone.counts["delete"]) == ("ok", 4)
    assert read_status(project.settings, project.stacks["cell.one"]).state == "empty"
    for outcome in (seen, first, again, changed, replaced, gone):
        assert HIDDEN not in outcome.model_dump_json()


def test_no_file_that_a_run_leaves_holds_a_secret(project: Project) -> None:
    project.plan({"cell.one": {"things": {"t": {"password": HIDDEN}}, "outputs": {"secret_one": HIDDEN}}})
    project.one("up", "cell.one")
    phrase = (project.root / ".fleet" / "passphrase").read_text()
    files = [path for path in (project.root / ".fleet").rglob("*") if path.is_file() and path.name != "passphrase"]
    assert len(files) > 5
    assert not list((project.root / ".fleet").rglob("*.log"))
    for path in files:
        text = path.read_text(errors="replace")
        assert HIDDEN not in text, path
        assert phrase not in text, path


def test_protection_that_ends_is_named_though_the_engine_calls_it_same(project: Project) -> None:
    project.plan({"cell.one": {"things": {"t": {"value": "a", "protect": True}}}})
    project.one("up", "cell.one")
    project.plan({"cell.one": {"things": {"t": {"value": "a"}}}})
    seen = project.one("preview", "cell.one")
    (resource,) = [one for one in seen.resources if one.name == "t"]
    assert (resource.op, resource.lifts_protection) == ("same", True)
    assert seen.changes == 1


def test_a_protected_resource_survives_destroy(project: Project) -> None:
    project.plan({"cell.one": {"things": {"t": {"value": "a", "protect": True}}}})
    project.one("up", "cell.one")
    tried = project.one("destroy", "cell.one")
    assert tried.result == "failed"
    assert any("protect" in one.message for one in tried.diagnostics)
    assert read_status(project.settings, project.stacks["cell.one"]).state == "applied"


def test_a_refused_creation_is_told_and_does_not_stand_in_the_way(project: Project) -> None:
    project.plan({"cell.one": {"things": {"t": {"refuse": "quota"}}}})
    tried = project.one("up", "cell.one")
    assert tried.result == "failed"
    assert ["tiny refuses: quota" in one.message for one in tried.diagnostics if one.urn.endswith("::t")] == [True]
    assert [one.name for one in tried.resources if one.failed] == ["t"]
    project.plan({"cell.one": {"things": {"t": {"value": "a"}}}})
    assert project.one("up", "cell.one").result == "ok"


def test_a_program_error_is_told_without_a_traceback(project: Project) -> None:
    project.plan({"cell.one": {"fail": "no such machine"}})
    tried = project.one("preview", "cell.one")
    assert tried.result == "failed"
    assert [one.message for one in tried.diagnostics] == ["no such machine"]


def test_a_locked_stack_is_busy_and_its_lock_stays(project: Project) -> None:
    project.plan({"cell.one": {}})
    project.one("up", "cell.one")
    lock = project.root / ".fleet/state/one/.pulumi/locks/organization/kafka-fleet/cell.one/other.json"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.write_text(json.dumps({"pid": 1, "username": "x", "hostname": "y", "timestamp": "2026-01-01T00:00:00Z"}))
    tried = project.one("up", "cell.one")
    assert (tried.result, lock.exists()) == ("busy", True)
    assert read_status(project.settings, project.stacks["cell.one"]).state == "locked"
    assert project.one("preview", "cell.one").result == "ok"


def test_the_wrong_passphrase_is_said(project: Project) -> None:
    project.plan({"cell.one": {"outputs": {"secret_one": "x"}}})
    project.one("up", "cell.one")
    (project.root / ".fleet" / "passphrase").write_text("another")
    tried = project.one("up", "cell.one")
    assert tried.result == "refused"
    assert "passphrase" in tried.reason


def _pending(project: Project, name: str) -> str:
    """Have the checkpoint say that a creation was under way when the engine died."""
    path = project.checkpoint("cell.one")
    state = json.loads(path.read_text())
    latest = state["checkpoint"]["latest"]
    (thing,) = [one for one in latest["resources"] if one["urn"].endswith(f"::{name}")]
    latest["resources"].remove(thing)
    latest["pending_operations"] = [
        {"resource": {key: one for key, one in thing.items() if key != "id"}, "type": "creating"}
    ]
    path.write_text(json.dumps(state))
    return str(thing["urn"])


def test_a_creation_whose_end_is_unknown_stops_the_next_up_until_someone_looked(project: Project) -> None:
    project.plan({"cell.one": {"things": {"t": {"value": "a"}}}})
    project.one("up", "cell.one")
    urn = _pending(project, "t")
    refused = project.one("up", "cell.one")
    assert refused.result == "refused"
    assert [one.urn for one in refused.pending] == [urn]
    assert "--clear-pending" in refused.reason
    assert read_status(project.settings, project.stacks["cell.one"]).state == "unfinished"

    created = project.one("up", "cell.one", Options(clear_pending=True))
    assert (created.result, ops(created)["t"]) == ("ok", "create")


def test_a_provider_that_dies_in_a_creation_is_remembered(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.run.tiny"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None
        project = Project(tmp_path, f"tiny:{process.stdout.readline().strip()}")
        project.declare("cell.one")
        project.plan({"cell.one": {"things": {"t": {"die": True, "slow": 0.3}}}})
        broken = project.one("up", "cell.one")
    assert broken.result == "failed"
    with serving() as address:
        project.sandbox = address
        project.plan({"cell.one": {"things": {"t": {"value": "a"}}}})
        refused = project.one("up", "cell.one")
        assert refused.result == "refused"
        assert [one.urn.rpartition("::")[2] for one in refused.pending] == ["t"]
        assert project.one("up", "cell.one", Options(clear_pending=True)).result == "ok"
        assert project.one("up", "cell.one").changes == 0


@pytest.mark.parametrize("times", [1, 2])
def test_interrupted_runs_say_what_became_of_every_stack(project: Project, times: int) -> None:
    for name in ("kafka.a", "kafka.b"):
        project.declare(name, after=["cell.one"])
    project.plan(
        {"cell.one": {"things": {"t": {"slow": 4, "value": "a"}, "u": {"value": "b"}}}, "kafka.a": {}, "kafka.b": {}}
    )

    def under_way() -> bool:
        logs = (project.root / ".fleet" / "work" / "cell.one").glob("*.events")
        return any('Thing::t"' in log.read_text("utf-8") for log in logs)

    def interrupt() -> None:
        deadline = time.monotonic() + 60
        while not under_way():
            assert time.monotonic() < deadline, "the slow creation never began"
            time.sleep(0.05)
        time.sleep(0.5)
        for _ in range(times):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.3)

    thread = threading.Thread(target=interrupt)
    thread.start()
    report = project.run("up")
    thread.join()
    results = {one.stack: one.result for one in report.outcomes}
    assert results == dict.fromkeys(project.stacks, "cancelled")
    status = read_status(project.settings, project.stacks["cell.one"])
    if times == 1:
        # The step under way was ended and recorded; the lock is gone.
        assert (status.locks, status.pending) == ((), ())
        assert status.resources == 4
    else:
        assert (len(status.locks), [one.kind for one in status.pending]) == (1, ["creating"])
        assert project.one("up", "cell.one").result in ("busy", "refused")
