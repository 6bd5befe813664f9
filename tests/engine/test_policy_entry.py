"""The fleet's policies are asked in every preview and apply, in the command's own process as in one of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stacks.policy_config import config
from stacks.run.environment import engine_environment
from stacks.run.events import EventLog
from stacks.run.programs import ProgramFile, Programs
from stacks.run.settings import RunSettings, load_settings
from stacks.snapshot import snapshot
from tests.engine.fleet_copy import FleetCopy, Run
from tools.engine import engine
from tools.fleet_copy import REPOSITORY

POLICIES = """
policies:
  levels:
    approved-regions: { dev: mandatory }
    kafka-quotas: { dev: mandatory }
  settings:
    approved-regions: { dev: { gcp: [europe-west1] } }
"""


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FleetCopy]:
    copy = FleetCopy(tmp_path_factory.mktemp("fleet"))
    path = copy.root / "fleet" / "fleet.yaml"
    text = path.read_text("utf-8")
    assert "\npolicies:" not in text
    path.write_text(text.rstrip() + POLICIES, "utf-8")
    copy.sandbox("start")
    try:
        yield copy
    finally:
        copy.sandbox("stop")


def broken(run: Run, stack: str, level: str = "mandatory") -> set[str]:
    return {one["policy"] for one in run.outcomes[stack]["policies"] if one["level"] == level}


def test_an_apply_is_stopped_by_a_policy_before_it_began(fleet: FleetCopy) -> None:
    tried = fleet.run("up", "cell.lab")
    refused = tried.outcomes["cell.lab"]
    assert (tried.code, refused["result"], broken(tried, "cell.lab")) == (1, "failed", {"approved-regions"})
    assert refused["resources"] == []
    state = json.loads(fleet.command("status", "cell.lab", "--output", "json").stdout)
    assert [one["resources"] for one in state] == [0]


def test_a_service_that_policies_refuse_is_not_tried(fleet: FleetCopy) -> None:
    path = fleet.root / "fleet" / "fleet.yaml"
    told = path.read_text("utf-8")
    path.write_text(told.replace("regions: { dev: mandatory }", "regions: { dev: disabled }"), "utf-8")
    try:
        tried = fleet.run("up", "cell.lab", "kafka.lab")
    finally:
        path.write_text(told, "utf-8")
    assert tried.outcomes["cell.lab"]["result"] == "ok"
    assert (tried.outcomes["kafka.lab"]["result"], broken(tried, "kafka.lab")) == ("failed", {"kafka-quotas"})
    assert not tried.outcomes["kafka.lab"]["resources"]


def test_a_pack_of_a_persons_own_is_asked_beside_it_and_not_in_its_place(
    fleet: FleetCopy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "PulumiPolicy.yaml").write_text("runtime: tests-own\n")
    starter = tmp_path / "bin" / "pulumi-analyzer-policy-tests-own"
    starter.parent.mkdir()
    starter.write_text(f'#!/bin/sh\nexec {sys.executable} -u -m pulumi.policy "$1" "$2"\n')
    starter.chmod(0o755)
    (tmp_path / "__main__.py").write_text(
        "from pulumi_policy import *\n"
        "PolicyPack('theirs', policies=[ResourceValidationPolicy('never', 'Never',"
        " lambda args, report: report('no') if args.resource_type.endswith(':Kafka') else None,"
        " EnforcementLevel.ADVISORY)])\n"
    )
    monkeypatch.setenv("PATH", f"{starter.parent}{os.pathsep}{os.environ['PATH']}")
    done = fleet.command("preview", "kafka.lab", "--policy-pack", str(tmp_path), "--output", "json")
    run = Run(done.returncode, json.loads(done.stdout))
    assert (run.code, broken(run, "kafka.lab")) == (1, {"kafka-quotas"})
    assert "never" in broken(run, "kafka.lab", "advisory")
    assert not [one for one in run.outcomes["kafka.lab"]["diagnostics"] if "policy-kafka-fleet" in one["message"]]


def test_the_pack_in_a_process_of_its_own_says_the_same(fleet: FleetCopy, tmp_path: Path) -> None:
    here = fleet.run("preview", "kafka.lab")
    found = snapshot(fleet.root)
    stack = found.stacks["kafka.lab"]
    settings = load_settings(fleet.root, engine(), sandbox=_providers(fleet))
    (told := tmp_path / "config.json").write_text(json.dumps(config(found, stack)))
    starter = tmp_path / "pulumi-analyzer-policy-python"
    starter.write_text(f'#!/bin/sh\nexec {sys.executable} -u -m pulumi.policy "$1" "$2"\n')
    starter.chmod(0o755)
    log = tmp_path / "events"
    with Programs(ProgramFile(settings.program), settings.root, 1) as programs:
        _preview(settings, programs.address, log, starter.parent, told)
    alone = EventLog(log).read()
    plain: list[Any] = [one.model_dump() for one in alone.policies]
    assert sorted(map(_key, plain)) == sorted(map(_key, here.outcomes["kafka.lab"]["policies"]))
    assert plain


def _key(one: dict[str, Any]) -> tuple[str, ...]:
    return one["policy"], one["level"], one["message"], one["urn"]


def _providers(fleet: FleetCopy) -> str:
    from sandbox.control import debug_providers

    return debug_providers(fleet.root / ".fleet" / "sandbox")


def _preview(settings: RunSettings, address: str, log: Path, starter: Path, told: Path) -> None:
    environment = engine_environment(settings, "lab")
    environment["PATH"] = f"{starter}{os.pathsep}{environment['PATH']}"
    work = settings.scratch / "work" / "kafka.lab"
    # Its cell was applied; it was refused, and `fleet preview` looked at it beside the state.
    begin = [str(settings.engine), "stack", "init", "kafka.lab", "--no-select", "--non-interactive"]
    subprocess.run(begin, cwd=work, env=environment, capture_output=True, check=True)
    command = [str(settings.engine), "preview", "--stack", "kafka.lab", "--client", address]
    command += ["--policy-pack", str(REPOSITORY / "policies"), "--policy-pack-config", str(told)]
    command += ["--event-log", str(log), "--non-interactive"]
    subprocess.run(command, cwd=work, env=environment, capture_output=True, check=False)
