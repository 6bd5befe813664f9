"""From a command line to the stacks that it means.

Owns      the ways of naming stacks: one by one, all, those that a change affects, those of an approved plan; shards.
Refuses   running them (`running.py`).
"""

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from stacks.cli.exit import Exit
from stacks.cli.output import Output
from stacks.cli.root import load, root, stop

if TYPE_CHECKING:
    from stacks.approve.document import Approved, Shard
    from stacks.fleet import Fleet
    from stacks.run.many import Approval
    from stacks.run.settings import RunSettings
    from stacks.stack import Stack

_SHARD = re.compile(r"([1-9]\d{0,3})/([1-9]\d{0,3})")


@dataclass(frozen=True)
class Asked:
    """What a command works on, how to run, and how to tell.

    stacks    every stack by name, those of `gone` too
    gone      stacks whose file is gone, each with the stacks that stood on it and stay
    base      commit that the change is compared with
    approval  of an approved plan
    """

    fleet: "Fleet"
    chosen: tuple[str, ...]
    settings: "RunSettings"
    stacks: Mapping[str, "Stack"]
    output: Output = Output.text
    gone: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    base: str = ""
    shard: "Shard | None" = None
    approval: "Approval | None" = None


def named(
    patterns: Sequence[str] | None, every: bool, jobs: int, output: Output = Output.text, shard: str = ""
) -> Asked:
    """The stacks that are named; ends the command where one of them, or the way to run, cannot be had."""
    from stacks.cli.settings import settings
    from stacks.run.select import NoSuchStack, select

    fleet = load(root())
    if bool(patterns) == every:
        stop("name stacks, or give --all", "`fleet status` lists the stacks", Exit.USAGE)
    if not fleet.stacks:
        stop("fleet/ declares no stack", code=Exit.PROBLEMS)
    try:
        chosen = tuple(fleet.stacks) if every else select(fleet.stacks, patterns or ())
    except NoSuchStack as error:
        stop(str(error), code=Exit.USAGE)
    mine, part = _dealt({name: fleet.stacks[name] for name in chosen}, shard)
    return Asked(fleet, mine, settings(fleet, jobs), fleet.stacks, output, shard=part)


def changed(base: str | None, jobs: int, output: Output, shard: str) -> Asked:
    """The stacks that the change since `base` affects; ends the command where the change may not be made."""
    from stacks.check.changes import problems
    from stacks.check.changes.review import Review
    from stacks.cli.settings import settings
    from stacks.plan.affected import affected
    from stacks.plan.git import RevisionError
    from stacks.read import source
    from stacks.tell.problems import write
    from stacks.today import today

    fleet = load(root())
    try:
        found = affected(fleet.root, base)
    except RevisionError as error:
        stop(str(error), error.hint)
    told = problems(Review(found.before, found.after, found.revisions.files, today()))
    if refused := [one for one in (*found.after.errors, *told) if one.severity == "error"]:
        write(refused, "text", sys.stderr, source=source(fleet.root), color=sys.stderr.isatty())
        stop("the change may not be made", "`fleet plan` says more", Exit.PROBLEMS)
    pairs = found.pairs.values()
    # Of a stack with another name both are looked at: the new one is made, and the old one stays if nobody says so.
    old = {pair.before.stack.name: pair.before.stack for pair in pairs if pair.before}
    lost = {name: stack for name, stack in old.items() if name not in fleet.stacks}
    stacks = {**fleet.stacks, **lost}
    names = {pair.after.stack.name for pair in pairs if pair.after} | lost.keys()
    gone = {
        name: tuple(other for other, stack in old.items() if name in stack.after and other not in lost)
        for name in sorted(lost)
    }
    mine, part = _dealt({name: stacks[name] for name in stacks if name in names}, shard)
    return Asked(fleet, mine, settings(fleet, jobs), stacks, output, gone, found.revisions.base, part)


def approved(file: Path, patterns: Sequence[str] | None, jobs: int, output: Output, max_age: int) -> Asked:
    """The stacks of an approved plan, or those of them that are named; ends the command where there is none."""
    from stacks.approve.compare import too_old
    from stacks.approve.gate import gate
    from stacks.approve.inputs import inputs
    from stacks.cli.settings import settings
    from stacks.run.select import NoSuchStack, select

    plan = read(file)
    if plan.shard is not None:
        stop(
            f"{file} is part {plan.shard.number} of {plan.shard.of}",
            f"`fleet approve merge {file} … -o PLAN` puts the parts together",
            Exit.NOT_APPROVED,
        )
    if told := too_old(plan, datetime.now(UTC), max_age):
        stop(f"{file} {told}", "preview again, and have that approved", Exit.NOT_APPROVED)
    fleet = load(root())
    try:
        known = gate(plan, fleet.stacks, (), lambda _stack: {}).stacks
        names = tuple(name for name in (*known, *plan.stacks) if name in plan.stacks)
        wanted = select({**known, **_of_plan(plan)}, patterns) if patterns else names
    except NoSuchStack as error:
        stop(str(error), code=Exit.USAGE)
    if beside := [name for name in wanted if name not in plan.stacks]:
        stop(f"{', '.join(beside)}: not in {file}", "only what was approved is applied", Exit.NOT_APPROVED)
    chosen = tuple(dict.fromkeys(wanted))
    opened = gate(plan, fleet.stacks, chosen, lambda stack: inputs(fleet, stack))
    return Asked(
        fleet,
        chosen,
        settings(fleet, jobs),
        opened.stacks,
        output,
        opened.gone,
        plan.base,
        approval=opened.approval,
    )


def read(file: Path) -> "Approved":
    """The plan in a file; ends the command where it is none."""
    from stacks.approve.document import BadPlanError
    from stacks.approve.document import load as load_plan

    try:
        return load_plan(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        stop(f"{file} cannot be read: {error}", code=Exit.USAGE)
    except BadPlanError as error:
        stop(f"{file} {error}", "preview again, and have that approved", Exit.NOT_APPROVED)


def _of_plan(plan: "Approved") -> Mapping[str, "Stack"]:
    from stacks.approve.document import stack_of

    return {name: stack_of(name, step.stack) for name, step in plan.stacks.items()}


def _dealt(stacks: Mapping[str, "Stack"], part: str) -> tuple[tuple[str, ...], "Shard | None"]:
    from stacks.approve.document import Shard, names_digest
    from stacks.approve.shard import shard

    if not part:
        return tuple(stacks), None
    found = _SHARD.fullmatch(part)
    number, of = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= number <= of:
        stop(f"'{part}' is no part of a whole", "write it like --shard 2/5, counting from 1", Exit.USAGE)
    if of == 1:
        return tuple(stacks), None
    return shard(stacks, number, of), Shard(number=number, of=of, all=names_digest(stacks))
