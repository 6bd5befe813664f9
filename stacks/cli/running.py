"""A run of the engine behind a command: started, watched, told, and turned into an exit code.

Owns      the question before a change, the way from a run to stdout, and the exit code of what came out.
Refuses   the choice of stacks (`asked.py`); leaving the fleet's policies out of a preview or an apply.
"""

import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from stacks.cli.asked import Asked
from stacks.cli.exit import Exit
from stacks.cli.output import Output
from stacks.cli.root import stop

if TYPE_CHECKING:
    from stacks.run.operate import Options
    from stacks.run.outcome import Operation, PolicyViolation
    from stacks.run.report import Report
    from stacks.run.rules import Session
    from stacks.stack import Stack


def exit_code(report: "Report", expect_no_changes: bool = False) -> Exit:
    """What a script is told about a run: the worst that happened, a stop by a person before all else."""
    results = {one.result for one in report.outcomes}
    held = report.operation == "up" and bool(report.approved)
    found = (
        (Exit.INTERRUPTED, "cancelled" in results),
        (Exit.NOT_APPROVED, any(one.beyond for one in report.outcomes) or (held and "refused" in results)),
        (Exit.FAILED, bool(results & {"failed", "refused"})),
        # What stands on a busy stack was skipped, and can be tried again with it.
        (Exit.BUSY, "busy" in results),
        (Exit.FAILED, "skipped" in results),
        (Exit.CHANGES, expect_no_changes and any(one.changes for one in report.outcomes)),
    )
    return next((code for code, true in found if true), Exit.OK)


def confirm(operation: "Operation", asked: Asked, yes: bool, options: "Options") -> None:
    """Ask a person, after showing an `up` what it would do; without a person, --yes is needed."""
    if yes:
        return
    if not sys.stdin.isatty() or asked.output is Output.json:
        stop(f"{operation} changes {len(asked.chosen)} stacks and nobody can be asked", "give --yes", Exit.USAGE)
    if operation == "up":
        report = run("preview", asked, options)
        tell(report, asked.output, diff=True)
        if exit_code(report) is not Exit.OK:
            raise SystemExit(int(exit_code(report)))
    else:
        sys.stderr.write(f"{operation}: {', '.join(asked.chosen)}\n")
    if not typer.confirm(f"{operation} {len(asked.chosen)} stacks?", err=True):
        raise SystemExit(int(Exit.INTERRUPTED))


def run(operation: "Operation", asked: Asked, options: "Options", resume: bool = False) -> "Report":
    """Do it, and show how it goes on stderr."""
    from policies.host import hosted
    from stacks.judge import verdicts, violations
    from stacks.policy_config import config
    from stacks.rendition.make import rendition
    from stacks.run.digest import input_digest
    from stacks.run.journal import last_run
    from stacks.run.many import Request, run_many
    from stacks.run.report import Report
    from stacks.tell.live import Board, Lines, moving

    fleet, settings, total = asked.fleet, asked.settings, len(asked.chosen)
    if not asked.chosen:
        approved = asked.approval.digest if asked.approval else ""
        return Report(operation=operation, seconds=0.0, outcomes=(), approved=approved)
    approval = asked.approval if operation == "up" else None

    def digest(stack: "Stack") -> str:
        mine = "gone" if stack.name in asked.gone else input_digest(fleet, stack, settings.engine)
        return f"{mine} {approval.digest}" if approval else mine

    def rules(stack: "Stack") -> "AbstractContextManager[Session]":
        return hosted(config(fleet, stack))

    def judged(stack: "Stack") -> "tuple[PolicyViolation, ...]":
        # A cell's program takes seconds to run without an engine; its up is previewed first.
        return () if stack.kind == "cell" else violations(verdicts(fleet, stack, rendition(fleet, stack)))

    request = Request(
        operation,
        asked.chosen,
        asked.stacks,
        options,
        digest=digest,
        past=last_run(settings, operation) if resume else None,
        rules=rules,
        judged=judged,
        gone=asked.gone,
        approval=approval,
    )
    plain = asked.output is Output.json or not moving(sys.stderr)
    with Lines(total) if plain else Board(operation, total) as observer:
        return run_many(request, settings, observer)


def keep(report: "Report", asked: Asked, file: Path) -> "Report":
    """Write the approved plan of a preview; the report with its digest."""
    from stacks.approve.commit import commit
    from stacks.approve.document import dump
    from stacks.approve.inputs import inputs
    from stacks.approve.make import approved
    from tools.engine.find import VERSION

    plan = approved(
        report,
        asked.stacks,
        {name: first for name, first in asked.gone.items() if name in asked.chosen},
        lambda stack: inputs(asked.fleet, stack),
        head=commit(asked.fleet.root),
        base=asked.base,
        engine=VERSION,
        shard=asked.shard,
    )
    write(file, dump(plan))
    sys.stderr.write(f"plan of {len(plan.stacks)} stacks: {file} ({plan.digest})\n")
    return report.model_copy(update={"approved": plan.digest})


def write(file: Path, text: str) -> None:
    """A file as a whole, or not at all."""
    draft = file.with_name(f".{file.name}.draft")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, "utf-8")
        draft.replace(file)
    except OSError as error:
        stop(f"{file} cannot be written: {error}", code=Exit.USAGE)


def tell(report: "Report", output: Output, diff: bool) -> None:
    """The report on stdout."""
    if output is Output.json:
        sys.stdout.write(report.model_dump_json(indent=2) + "\n")
        return
    from stacks.tell.beyond import write_beyond
    from stacks.tell.console import console
    from stacks.tell.diff import write_diff
    from stacks.tell.summary import write_summary

    out = console()
    if diff:
        for outcome in report.outcomes:
            write_diff(outcome, out)
        out.print()
    write_summary(report, out)
    for outcome in report.outcomes:
        write_beyond(outcome, out)
