"""Several stacks at once with the real engine: order, isolation, resuming, and what is refused."""

import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from stacks.run.environment import exports
from stacks.run.events import EventLog
from stacks.run.journal import last_run
from stacks.run.many import Request, run_many
from stacks.run.outcome import Outcome
from stacks.run.report import Report, Silent
from stacks.stack import Stack
from tests.run.project import Project, ops


@pytest.fixture
def project(tmp_path: Path, tiny: str) -> Project:
    made = Project(tmp_path, tiny)
    made.declare("cell.one")
    for name in ("kafka.a", "kafka.b", "kafka.c"):
        made.declare(name, after=["cell.one"])
    made.declare("connect.a", after=["cell.one", "kafka.a"])
    made.plan(
        {
            "cell.one": {"outputs": {"greeting": "hello"}, "things": {"t": {}}},
            **{f"kafka.{one}": {"cell": "cell.one", "outputs": {"name": one}, "things": {one: {}}} for one in "abc"},
            "connect.a": {"cell": "cell.one", "things": {"t": {}}},
        }
    )
    return made


def results(report: Report) -> dict[str, str]:
    return {one.stack: one.result for one in report.outcomes}


class Watching(Silent):
    """Notes the order in which stacks began and ended."""

    def __init__(self) -> None:
        self.order: list[tuple[str, str]] = []

    def started(self, stack: Stack, log: EventLog) -> None:
        self.order.append(("began", stack.name))

    def ended(self, outcome: Outcome) -> None:
        self.order.append(("ended", outcome.stack))


def test_stacks_are_applied_in_order_and_destroyed_in_the_other(project: Project) -> None:
    up, down = Watching(), Watching()
    report = run_many(Request("up", tuple(project.stacks), project.stacks), project.settings, up)
    assert set(results(report).values()) == {"ok"}
    assert up.order.index(("ended", "cell.one")) < min(up.order.index(("began", f"kafka.{one}")) for one in "abc")
    assert up.order.index(("ended", "kafka.a")) < up.order.index(("began", "connect.a"))
    assert {one.outputs["from_cell"] for one in report.outcomes if one.stack != "cell.one"} == {"hello"}
    assert {one.outputs["name"] for one in report.outcomes if one.stack.startswith("kafka.")} == set("abc")

    report = run_many(Request("destroy", tuple(project.stacks), project.stacks), project.settings, down)
    assert set(results(report).values()) == {"ok"}
    assert down.order[-2:] == [("began", "cell.one"), ("ended", "cell.one")]
    assert down.order.index(("ended", "connect.a")) < down.order.index(("began", "kafka.a"))


def test_a_failure_stops_only_those_that_stand_on_it(project: Project) -> None:
    plans = json.loads((project.root / "plan.json").read_text())
    project.plan({**plans, "kafka.a": {"fail": "no"}})
    report = project.run("up")
    assert results(report) == {
        "cell.one": "ok",
        "kafka.a": "failed",
        "kafka.b": "ok",
        "kafka.c": "ok",
        "connect.a": "skipped",
    }
    skipped = next(one for one in report.outcomes if one.stack == "connect.a")
    assert skipped.reason == "kafka.a did not succeed"

    project.plan(plans)
    past = last_run(project.settings, "up")
    assert past is not None
    began = Watching()
    request = Request("up", tuple(project.stacks), project.stacks, digest=lambda stack: "same", past=past)
    # The first run was given no digests, so nothing in it counts as done.
    run_many(request, project.settings, began)
    assert ("began", "kafka.b") in began.order
    past = last_run(project.settings, "up")
    resumed = Watching()
    report = run_many(
        Request("up", tuple(project.stacks), project.stacks, digest=lambda stack: "same", past=past),
        project.settings,
        resumed,
    )
    assert set(results(report).values()) == {"ok"}
    assert [one for one in resumed.order if one[0] == "began"] == []


def test_a_resumed_run_does_again_what_has_other_inputs(project: Project) -> None:
    first = Request("up", tuple(project.stacks), project.stacks, digest=lambda _stack: "1")
    run_many(first, project.settings)
    watching = Watching()
    second = Request(
        "up",
        tuple(project.stacks),
        project.stacks,
        digest=lambda stack: "2" if stack.name == "kafka.b" else "1",
        past=last_run(project.settings, "up"),
    )
    run_many(second, project.settings, watching)
    assert [name for what, name in watching.order if what == "began"] == ["kafka.b"]


def test_a_stack_is_not_applied_on_a_cell_that_does_not_exist(project: Project) -> None:
    report = project.run("up", "kafka.a")
    assert results(report) == {"kafka.a": "refused"}
    assert "fleet up cell.one" in report.outcomes[0].reason
    assert not project.checkpoint("kafka.a").exists()


def test_a_preview_on_a_cell_that_does_not_exist_says_so(project: Project) -> None:
    report = project.run("preview", "kafka.a")
    assert results(report) == {"kafka.a": "ok"}
    assert (report.outcomes[0].cell_applied, report.not_applied) == (False, ("one",))
    project.run("up", "cell.one")
    report = project.run("preview", "kafka.a")
    assert (report.outcomes[0].cell_applied, report.not_applied) == (True, ())


def test_destroy_refuses_production_and_what_others_stand_on(project: Project) -> None:
    project.run("up")
    project.declare("kafka.b", after=["cell.one"], production=True)
    report = project.run("destroy", "kafka.a", "kafka.b")
    assert results(report) == {"kafka.a": "refused", "kafka.b": "refused"}
    reasons = {one.stack: one.reason for one in report.outcomes}
    assert "connect.a still stands on it" in reasons["kafka.a"]
    assert "production" in reasons["kafka.b"]
    assert all(project.checkpoint(name).exists() for name in ("kafka.a", "kafka.b"))


def test_two_fleets_at_once_on_one_stack_are_told_apart(project: Project) -> None:
    project.plan({"cell.one": {"things": {"t": {"slow": 1.5}}}})
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _number: project.one("up", "cell.one").result, range(2)))
    assert sorted(both) == ["busy", "ok"]


def test_env_makes_the_plain_command_see_the_same(project: Project) -> None:
    """`fleet env` sets all that the engine needs; the language host alone is ours here."""
    project.run("up", "cell.one")
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], **exports(project.settings, "one")}
    command = [str(project.settings.engine), "stack", "--stack", "cell.one", "--show-urns", "--non-interactive"]
    ran = subprocess.run(command, cwd=project.root, env=environment, capture_output=True, text=True, check=True)
    urns = {one.urn for one in project.one("preview", "cell.one").resources}
    assert len(urns) == len(ops(project.one("preview", "cell.one"))) + 2
    assert all(urn in ran.stdout for urn in urns)
