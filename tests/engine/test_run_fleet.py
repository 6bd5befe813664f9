"""The commands on the example fleet and a sandbox, and the same program run the stock way."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox import control
from tests.run import stock_host
from tools.engine import engine

_REPOSITORY = Path(__file__).parents[2]
STACKS = ("cell.lab", "kafka.lab", "app.lab.experiments")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A checkout of its own, with a sandbox of its own."""
    folder = tmp_path_factory.mktemp("fleet")
    shutil.copy(_REPOSITORY / "Pulumi.yaml", folder)
    for name in ("fleet", "stacks", "components"):
        shutil.copytree(_REPOSITORY / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    control.start(folder / ".fleet" / "sandbox")
    yield folder
    control.stop(folder / ".fleet" / "sandbox")


def fleet(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("fleet")), *arguments]
    environment = {**os.environ, "FLEET_ROOT": str(root)}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def pulumi(root: Path, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(engine()), *arguments, "--non-interactive"]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def exported(root: Path, stack: str) -> dict[str, str]:
    """What `eval "$(fleet env STACK)"` sets."""
    ran = fleet(root, "env", stack)
    assert ran.returncode == 0, ran.stderr
    lines = [shlex.split(line) for line in ran.stdout.splitlines()]
    assert all(line[0] == "export" and len(line) == 2 for line in lines)
    return dict(line[1].split("=", 1) for line in lines)


def test_the_stock_way_registers_what_the_command_does(root: Path, tmp_path: Path) -> None:
    ran = fleet(root, "preview", *STACKS, "--output", "json")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    report: dict[str, Any] = json.loads(ran.stdout)
    assert report["not_applied"] == ["lab"]
    by_name = {one["stack"]: one for one in report["outcomes"]}
    for stack in STACKS:
        host = stock_host.StockHost(root, root / "stacks")
        log = tmp_path / f"{stack}.events"
        with stock_host.serving(host) as client:
            environment = {**os.environ, **exported(root, stack), "PULUMI_DEBUG_COMMANDS": "true"}
            # `fleet preview` looked at it beside the state.
            made = pulumi(root, environment, "stack", "init", stack, "--no-select")
            assert made.returncode == 0, made.stderr
            asked = ["--stack", stack, "--client", client, "--event-log", str(log)]
            plain = pulumi(root, environment, "preview", *asked)
        assert plain.returncode == 0, plain.stdout + plain.stderr
        steps = [
            event["resourcePreEvent"]["metadata"]
            for event in map(json.loads, log.read_text().splitlines())
            if "resourcePreEvent" in event
        ]
        inline = {one["urn"]: one["op"] for one in by_name[stack]["resources"]}
        assert {one["urn"]: one["op"] for one in steps} == inline
        assert len(inline) > 5


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["preview"], 2, "name stacks, or give --all"),
        (["preview", "--all", "lab"], 2, "name stacks, or give --all"),
        (["preview", "kafka.labb"], 2, "did you mean 'kafka.lab'?"),
        (["env", "nothing-like-it"], 2, "fleet status"),
        (["up", "lab"], 2, "give --yes"),
        (["destroy", "payments-prod", "--yes"], 1, "production is not destroyed by a command"),
        (["up", "kafka.lab", "--yes"], 1, "first: fleet up cell.lab"),
    ],
)
def test_what_cannot_be_done_is_refused_before_an_engine_starts(
    root: Path, arguments: list[str], code: int, told: str
) -> None:
    ran = fleet(root, *arguments)
    assert (ran.returncode, told in ran.stdout + ran.stderr) == (code, True), ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr


def test_status_lists_every_stack(root: Path) -> None:
    ran = fleet(root, "status", "--output", "json")
    assert ran.returncode == 0, ran.stderr
    found = {one["stack"]: one["state"] for one in json.loads(ran.stdout)}
    assert set(STACKS) < found.keys()
    assert set(found.values()) <= {"absent", "empty"}


def test_a_state_that_a_sandbox_filled_never_meets_real_clouds(root: Path, tmp_path: Path) -> None:
    lonely = tmp_path / "lonely"
    shutil.copytree(root, lonely, ignore=shutil.ignore_patterns("sandbox", "state", "work", "engine-home"))
    (lonely / ".fleet" / "sandbox").mkdir(parents=True)
    ran = fleet(lonely, "preview", "kafka.lab")
    assert (ran.returncode, "fleet sandbox start" in ran.stderr) == (1, True), ran.stderr
    # Looking at what is recorded needs no cloud.
    assert fleet(lonely, "status", "kafka.lab").returncode == 0
