"""A bootstrap's stack, through the same engine, program host and events as any other stack.

Owns      the program of a bootstrap, its preview and apply, and the move of its state into the bucket that it made.
Refuses   a language host of its own, and secrets in files: the state of a bootstrap has none, and what is written on
          the way is readable by this user alone and removed.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pulumi

from components import catalog
from stacks.bootstrap.request import Asked
from stacks.run.checkpoint import StackState
from stacks.run.engine import Engines
from stacks.run.environment import engine_environment
from stacks.run.interrupt import Interrupt
from stacks.run.operate import Operator, Options
from stacks.run.outcome import Operation, Outcome
from stacks.run.programs import Programs
from stacks.run.settings import RunSettings
from stacks.run.standing import unfounded
from stacks.run.workdir import WorkDirectory
from stacks.stack import Stack


class MoveError(Exception):
    """A state that was not moved, and why; where it was it still is."""


def program(asked: Asked) -> Callable[[], None]:
    """The Pulumi program: the cloud's component with an explicit provider."""

    def build() -> None:
        provider = catalog.load(asked.entry.provider)(f"bootstrap-{asked.cloud}", asked.request)
        made = catalog.load(asked.entry.program)(f"bootstrap-{asked.cloud}", asked.request, provider)
        for key, value in made.outputs.items():
            pulumi.export(key, value)

    return build


def run(
    operation: Operation,
    stack: Stack,
    build: Callable[[], None],
    settings: RunSettings,
    stands_on: Stack | None = None,
) -> Outcome:
    """Preview or apply a stack that is no part of the fleet's order.

    stands_on  the cell whose outputs it reads; it must have been applied before this one is
    """
    engines = Engines()
    with Programs(build, settings.root, 1) as programs, Interrupt(engines, lambda _text: None):
        operator = Operator(settings, programs.address, engines)
        ground = operator.state(stands_on) if stands_on else StackState(exists=False)
        if stands_on and operation == "up" and not ground.applied:
            refused = unfounded(stands_on.name)
            return Outcome(stack=stack.name, operation=operation, result="refused", reason=refused)
        return operator.run(operation, stack, Options(cell=ground.outputs or {}))


def move(asked: Asked, old: RunSettings, new: RunSettings) -> int:
    """Copy the state from one backend to another, and say how many resources it has. The old one is left as it is."""
    if (old.state_root, old.secrets_provider) == (new.state_root, new.secrets_provider):
        raise MoveError(f"the state is at {new.state_root} already")
    engines, name = Engines(), asked.stack.name
    operators = {which: Operator(which, "", engines) for which in (old, new)}
    if not operators[old].state(asked.stack).exists:
        raise MoveError(f"{old.state_root} has no stack {name}")
    if operators[new].state(asked.stack).applied:
        raise MoveError(f"{new.state_root} has a stack {name} already, with resources in it")
    work = WorkDirectory(old, asked.stack)
    file = work.run_file("state")
    try:
        # In clear, because the new backend has another key; a bootstrap's state holds no secret.
        _cli(engines, old, asked, "stack", "export", "--show-secrets", "--file", str(file))
        resources = len(json.loads(file.read_text("utf-8"))["deployment"].get("resources") or ())
        # Settings of the old key would be taken for those of the new one.
        (work.path / f"Pulumi.{name}.yaml").unlink(missing_ok=True)
        operators[new].ensure(asked.stack)
        _cli(engines, new, asked, "stack", "import", "--file", str(file))
    finally:
        file.unlink(missing_ok=True)
    return max(resources - 1, 0)


def _cli(engines: Engines, settings: RunSettings, asked: Asked, *command: str) -> None:
    work = WorkDirectory(settings, asked.stack)
    words = work.run_file("words")
    try:
        ended = engines.run(
            [str(settings.engine), *command, "--stack", asked.stack.name, "--non-interactive"],
            work.path,
            engine_environment(settings, asked.stack.cell),
            words,
        )
        if ended.code:
            raise MoveError(f"`pulumi {' '.join(command[:2])}` ended with code {ended.code}: {_last(words)}")
    finally:
        words.unlink(missing_ok=True)


def _last(words: Path) -> str:
    lines = words.read_text("utf-8", errors="replace").strip().splitlines()
    return "".join(letter for letter in (lines or [""])[-1] if letter.isprintable())[:200]
