"""`fleet preview|up|destroy|refresh`: the engine over the stacks that a person names.

Owns      the options of these commands, the question before a change, and the exit code of what came out.
Refuses   work of its own: `stacks/run` does it, `stacks/tell` tells it.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from stacks.cli.exit import Exit
from stacks.cli.output import Output
from stacks.cli.root import load, root, stop

if TYPE_CHECKING:
    from stacks.fleet import Fleet
    from stacks.run.operate import Options
    from stacks.run.outcome import Operation
    from stacks.run.report import Report
    from stacks.run.settings import RunSettings


Stacks = Annotated[
    list[str] | None,
    typer.Argument(metavar="[STACK]...", help="Stacks, clusters (all their stacks), cells, or globs such as 'app.*'."),
]
All = Annotated[bool, typer.Option("--all", help="Every stack of the fleet.")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, max=256, help="Stacks worked on at the same time.")]
Format = Annotated[Output, typer.Option("--output", help="text, or json in the format of docs/report.schema.json.")]
Diff = Annotated[bool, typer.Option("--diff", help="Tell every property that changes.")]
Packs = Annotated[list[str] | None, typer.Option("--policy-pack", help="Folder of a policy pack; may be repeated.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
NoChanges = Annotated[bool, typer.Option("--expect-no-changes", help="End with code 4 when anything changes.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (preview, up, destroy, refresh):
        app.command()(command)


def preview(
    stacks: Stacks = None,
    *,
    every: All = False,
    jobs: Jobs = 2,
    output: Format = Output.text,
    diff: Diff = False,
    policy_pack: Packs = None,
    expect_no_changes: NoChanges = False,
) -> None:
    """Say what applying STACK would do. Changes nothing."""
    from stacks.run.operate import Options

    asked = begin(stacks, every, jobs, output)
    report = _run("preview", asked, Options(policy_packs=tuple(policy_pack or ())))
    _tell(report, output, diff)
    raise SystemExit(int(exit_code(report, expect_no_changes)))


def up(
    stacks: Stacks = None,
    *,
    every: All = False,
    jobs: Jobs = 2,
    output: Format = Output.text,
    diff: Diff = False,
    policy_pack: Packs = None,
    yes: Yes = False,
    resume: Annotated[bool, typer.Option(help="Leave out what the last run did with the same inputs.")] = False,
    clear_pending: Annotated[
        bool, typer.Option(help="You looked: creations whose end was unknown are dealt with; forget them.")
    ] = False,
    expect_no_changes: NoChanges = False,
) -> None:
    """Make STACK what its files say: cells first, then services, then apps."""
    from stacks.run.operate import Options

    asked = begin(stacks, every, jobs, output)
    options = Options(tuple(policy_pack or ()), clear_pending)
    _confirm("up", asked, yes, options)
    report = _run("up", asked, options, resume=resume)
    _tell(report, output, diff)
    raise SystemExit(int(exit_code(report, expect_no_changes)))


def destroy(
    stacks: Stacks = None,
    *,
    every: All = False,
    jobs: Jobs = 2,
    output: Format = Output.text,
    diff: Diff = False,
    yes: Yes = False,
) -> None:
    """Delete everything in STACK: apps first, then services, then cells. Production is refused."""
    from stacks.run.operate import Options

    asked = begin(stacks, every, jobs, output)
    if kept := [name for name in asked.chosen if asked.fleet.stacks[name].production]:
        stop(
            f"{', '.join(kept)}: production is not destroyed by a command",
            "name the other stacks one by one",
            Exit.FAILED,
        )
    _confirm("destroy", asked, yes, Options())
    report = _run("destroy", asked, Options())
    _tell(report, output, diff)
    raise SystemExit(int(exit_code(report)))


def refresh(
    stacks: Stacks = None,
    *,
    every: All = False,
    jobs: Jobs = 2,
    output: Format = Output.text,
    diff: Diff = False,
    yes: Yes = False,
    expect_no_changes: NoChanges = False,
) -> None:
    """Read STACK from the clouds and record what is different there. Changes nothing in the clouds."""
    from stacks.run.operate import Options

    asked = begin(stacks, every, jobs, output)
    _confirm("refresh", asked, yes, Options())
    report = _run("refresh", asked, Options())
    _tell(report, output, diff)
    raise SystemExit(int(exit_code(report, expect_no_changes)))


@dataclass(frozen=True)
class Asked:
    """What a command works on: the fleet, the stacks that are meant, how to run, and how to tell."""

    fleet: "Fleet"
    chosen: tuple[str, ...]
    settings: "RunSettings"
    output: Output = Output.text


def begin(patterns: Sequence[str] | None, every: bool, jobs: int, output: Output = Output.text) -> Asked:
    """The fleet, the stacks that are meant, and how to run; ends the command where one of them cannot be had."""
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
    return Asked(fleet, chosen, settings(fleet, jobs), output)


def exit_code(report: "Report", expect_no_changes: bool = False) -> Exit:
    """What a script is told about a run: the worst that happened, a stop by a person before all else."""
    results = {one.result for one in report.outcomes}
    if "cancelled" in results:
        return Exit.INTERRUPTED
    if results & {"failed", "refused"}:
        return Exit.FAILED
    if "busy" in results:  # what stands on a busy stack was skipped, and can be tried again with it
        return Exit.BUSY
    if "skipped" in results:
        return Exit.FAILED
    if expect_no_changes and any(one.changes for one in report.outcomes):
        return Exit.CHANGES
    return Exit.OK


def _confirm(operation: "Operation", asked: Asked, yes: bool, options: "Options") -> None:
    """Ask a person, after showing an `up` what it would do; without a person, --yes is needed."""
    if yes:
        return
    if not sys.stdin.isatty() or asked.output is Output.json:
        stop(f"{operation} changes {len(asked.chosen)} stacks and nobody can be asked", "give --yes", Exit.USAGE)
    if operation == "up":
        report = _run("preview", asked, options)
        _tell(report, asked.output, diff=True)
        if exit_code(report) is not Exit.OK:
            raise SystemExit(int(exit_code(report)))
    else:
        sys.stderr.write(f"{operation}: {', '.join(asked.chosen)}\n")
    if not typer.confirm(f"{operation} {len(asked.chosen)} stacks?", err=True):
        raise SystemExit(int(Exit.INTERRUPTED))


def _run(operation: "Operation", asked: Asked, options: "Options", resume: bool = False) -> "Report":
    from stacks.run.digest import input_digest
    from stacks.run.journal import last_run
    from stacks.run.many import Request, run_many
    from stacks.tell.live import Board, Lines, moving

    fleet, settings, total = asked.fleet, asked.settings, len(asked.chosen)
    request = Request(
        operation,
        asked.chosen,
        fleet.stacks,
        options,
        digest=lambda stack: input_digest(fleet, stack, settings.engine),
        past=last_run(settings, operation) if resume else None,
    )
    plain = asked.output is Output.json or not moving(sys.stderr)
    with Lines(total) if plain else Board(operation, total) as observer:
        return run_many(request, settings, observer)


def _tell(report: "Report", output: Output, diff: bool) -> None:
    if output is Output.json:
        sys.stdout.write(report.model_dump_json(indent=2) + "\n")
        return
    from stacks.tell.console import console
    from stacks.tell.diff import write_diff
    from stacks.tell.summary import write_summary

    out = console()
    if diff:
        for outcome in report.outcomes:
            write_diff(outcome, out)
        out.print()
    write_summary(report, out)
