"""The short way through the engine gives what the plain Automation API and the stock language host give."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pulumi import automation

from stacks.run.environment import exports
from stacks.run.programs import ProgramFile
from tests.run import stock_host, tiny
from tests.run.project import Project

PLAN: dict[str, dict[str, Any]] = {
    "cell.one": {
        "things": {"t": {"value": "a", "password": "hunter2"}, "u": {"size": 1, "protect": True}},
        "outputs": {"greeting": "hello", "secret_one": "hunter2", "nested": {"a": [1, 2]}},
    },
    "kafka.a": {"cell": "cell.one", "things": {"v": {"value": "b"}}},
}
STACKS = ("cell.one", "kafka.a")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with tiny.serving() as serving:
        yield serving


def _project(root: Path, sandbox: str) -> Project:
    root.mkdir()
    made = Project(root, sandbox)
    made.declare("cell.one")
    made.declare("kafka.a", after=["cell.one"])
    made.plan(PLAN)
    return made


def _plain(project: Project) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Apply all stacks by the Automation API: stack -> (summary, outputs)."""
    found: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
    for name in STACKS:
        stack = automation.create_or_select_stack(
            name,
            project_name="kafka-fleet",
            program=ProgramFile(project.settings.program),
            opts=automation.LocalWorkspaceOptions(
                env_vars={
                    **exports(project.settings, "one"),
                    "PATH": f"{_linked(project)}{os.pathsep}{os.environ['PATH']}",
                },
                pulumi_command=automation.PulumiCommand(root=str(_linked(project).parent)),
                project_settings=automation.ProjectSettings(
                    "kafka-fleet", "python", backend=automation.ProjectBackend(project.settings.backend("one"))
                ),
            ),
        )
        done = stack.up()
        outputs = {key: "[secret]" if one.secret else one.value for key, one in done.outputs.items()}
        summary = {str(op): number for op, number in (done.summary.resource_changes or {}).items()}
        found[name] = (summary, outputs)
    return found


def _linked(project: Project) -> Path:
    """A `bin` folder in which the engine has the name that the Automation API looks for."""
    folder = project.root / "bin"
    folder.mkdir(exist_ok=True)
    link = folder / "pulumi"
    if not link.exists():
        link.symlink_to(project.settings.engine)
    return folder


def _bare(path: Path) -> Any:
    """A checkpoint without what differs between any two runs: times, ciphertexts, and where Python code lies."""
    skipped = {"created", "modified", "time", "sourcePosition", "stackTrace", "salt", "ciphertext", "magic"}

    def bare(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: bare(one) for key, one in value.items() if key not in skipped}
        return [bare(one) for one in value] if isinstance(value, list) else value

    state = bare(json.loads(path.read_text()))
    resources = state["checkpoint"]["latest"]["resources"]
    # Provider ids are random; references to them hold the same id.
    ids = {one["id"]: f"<id of {one['urn']}>" for one in resources if one["type"].startswith("pulumi:providers:")}
    text = json.dumps(state)
    for old, new in ids.items():
        text = text.replace(old, new)
    state = json.loads(text)
    state["checkpoint"]["latest"]["resources"].sort(key=lambda one: one["urn"])
    return state


def test_the_automation_api_gives_the_same(tmp_path: Path, address: str) -> None:
    ours, theirs = _project(tmp_path / "ours", address), _project(tmp_path / "theirs", address)
    # The backends' paths are part of no checkpoint, so the two may differ.
    theirs.settings.backend_directory("one").mkdir(parents=True)
    plain = _plain(theirs)
    for outcome in ours.run("up", *STACKS).outcomes:
        assert outcome.result == "ok", outcome
        summary, outputs = plain[outcome.stack]
        assert outcome.counts == summary
        assert outcome.outputs == outputs
        assert _bare(ours.checkpoint(outcome.stack)) == _bare(theirs.checkpoint(outcome.stack))
    again = _plain(theirs)
    for outcome in ours.run("up", *STACKS).outcomes:
        assert (outcome.counts, outcome.outputs) == again[outcome.stack]


def test_outputs_of_the_events_are_those_of_the_state(tmp_path: Path, address: str) -> None:
    project = _project(tmp_path / "ours", address)
    for outcome in project.run("up", *STACKS).outcomes:
        command = [
            str(project.settings.engine),
            "stack",
            "output",
            "--json",
            "--stack",
            outcome.stack,
            "--non-interactive",
        ]
        environment = {**os.environ, **exports(project.settings, "one")}
        ran = subprocess.run(command, cwd=project.root, env=environment, capture_output=True, text=True, check=True)
        assert outcome.outputs == json.loads(ran.stdout)


@pytest.mark.parametrize("operation", ["preview", "up"])
def test_the_stock_host_registers_the_same(tmp_path: Path, address: str, operation: str) -> None:
    project = _project(tmp_path / "ours", address)
    project.run("up", *STACKS)
    project.plan({**PLAN, "kafka.a": {**PLAN["kafka.a"], "things": {"v": {"value": "changed"}, "w": {"value": "new"}}}})
    inline = project.one("preview", "kafka.a")

    host = stock_host.StockHost(project.root, project.root / "stacks")
    with stock_host.serving(host) as client:
        log = tmp_path / "events"
        environment = {**os.environ, **exports(project.settings, "one"), "PULUMI_DEBUG_COMMANDS": "true"}
        command = [
            str(project.settings.engine),
            operation,
            "--stack",
            "kafka.a",
            "--client",
            client,
            "--non-interactive",
        ]
        command += ["--event-log", str(log), *(["--yes", "--skip-preview"] if operation == "up" else [])]
        ran = subprocess.run(command, cwd=project.root, env=environment, capture_output=True, text=True, check=False)
    assert (ran.returncode, [one.returncode for one in host.runs]) == (0, [0]), ran.stderr
    events = [json.loads(line) for line in log.read_text().splitlines()]
    steps = [event["resourcePreEvent"]["metadata"] for event in events if "resourcePreEvent" in event]
    assert {one["urn"]: one["op"] for one in steps} == {one.urn: one.op for one in inline.resources}
    (summary,) = [event["summaryEvent"] for event in events if "summaryEvent" in event]
    assert summary["resourceChanges"] == inline.counts
