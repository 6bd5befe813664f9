"""`fleet bootstrap`: a cloud before the first cell: the state's bucket and key, and who CI is."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from stacks.cli.exit import Exit
from stacks.cli.root import load, root, stop

if TYPE_CHECKING:
    from collections.abc import Callable

    from stacks.bootstrap.request import Asked
    from stacks.fleet import Fleet
    from stacks.run.outcome import Operation, Outcome
    from stacks.run.settings import RunSettings
    from stacks.stack import Stack


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(bootstrap)


def bootstrap(
    what: Annotated[str, typer.Argument(help="A cloud, e.g. aws; or `runner`: a private runner's place in a cell.")],
    *,
    account: Annotated[str, typer.Option(help="Account, project or subscription.")] = "",
    region: Annotated[str, typer.Option(help="Where the state is kept.")] = "",
    repository: Annotated[str, typer.Option(help="ORGANIZATION/NAME at the forge; roles trust it alone.")] = "",
    tenant: Annotated[str, typer.Option(help="Azure: the subscription's tenant.")] = "",
    cell: Annotated[str, typer.Option(help="With `runner`: the cell.")] = "",
    number: Annotated[str, typer.Option(help="Google Cloud: the project's number.")] = "",
    preview: Annotated[bool, typer.Option("--preview", help="Only say what it would do.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    move_from: Annotated[
        str, typer.Option(metavar="URL", help="Move the bootstrap's state from this backend to fleet.yaml's, and end.")
    ] = "",
) -> None:
    """Make what a company needs in a cloud before its first cell. A second run changes nothing."""
    from stacks.bootstrap.request import NotSaidError, asked
    from stacks.bootstrap.run import program
    from stacks.cli.settings import settings
    from stacks.run.programs import ProgramFile

    fleet = load(root())
    if what == "runner":
        _runner(fleet, cell, preview, yes)
        return
    said = {"account": account, "region": region, "repository": repository, "tenant": tenant, "number": number}
    try:
        wanted = asked(fleet, what, said)
    except NotSaidError as error:
        stop(str(error), code=Exit.USAGE)
    except ValueError as error:
        stop(str(error).splitlines()[0], code=Exit.USAGE)
    run = settings(fleet, 1)
    if move_from:
        _move(wanted, run, move_from)
        return
    # As fleet.yaml says it, it is what the stock CLI would run, too: the one program.
    build = program(wanted) if any(said.values()) else ProgramFile(run.program)
    outcome = _done(wanted.stack, build, run, preview, yes)
    if outcome is not None:
        _next(wanted, outcome)


def _runner(fleet: "Fleet", cell: str, preview: bool, yes: bool) -> None:
    from stacks.bootstrap.request import NotSaidError
    from stacks.bootstrap.runner import program, stack
    from stacks.cli.settings import settings

    try:
        one = stack(fleet, cell)
    except NotSaidError as error:
        stop(str(error), "give --cell NAME", Exit.USAGE)
    stands_on = fleet.stacks[f"cell.{cell}"]
    if _done(one, program(one), settings(fleet, 1), preview, yes, stands_on) is not None:
        sys.stdout.write("\ninstall the forge's runner into the namespace ci-runner, with its service account runner\n")


def _done(
    one: "Stack",
    build: "Callable[[], None]",
    run: "RunSettings",
    preview: bool,
    yes: bool,
    stands_on: "Stack | None" = None,
) -> "Outcome | None":
    """Preview where a person is to be asked, then apply; None where only a preview was wanted."""
    if preview or not yes:
        _run("preview", one, build, run, stands_on)
        if preview:
            return None
        if not sys.stdin.isatty():
            stop("nobody can be asked", "give --yes", Exit.USAGE)
        if not typer.confirm(f"apply {one.name}?", err=True):
            raise SystemExit(int(Exit.INTERRUPTED))
    return _run("up", one, build, run, stands_on)


def _run(
    operation: "Operation",
    one: "Stack",
    build: "Callable[[], None]",
    run: "RunSettings",
    stands_on: "Stack | None",
) -> "Outcome":
    from stacks.bootstrap.run import run as engine

    outcome = engine(operation, one, build, run, stands_on)
    _told(outcome)
    if not outcome.good:
        raise SystemExit(int(Exit.FAILED))
    return outcome


def _told(outcome: "Outcome") -> None:
    from stacks.run.report import Report
    from stacks.tell.console import console
    from stacks.tell.diff import write_diff
    from stacks.tell.summary import write_summary

    out = console()
    write_diff(outcome, out)
    write_summary(Report(operation=outcome.operation, seconds=outcome.seconds, outcomes=(outcome,)), out)


def _next(wanted: "Asked", outcome: "Outcome") -> None:
    from stacks.bootstrap.told import sections, steps

    sys.stdout.write(f"\nfor fleet/fleet.yaml:\n\n{sections(wanted, outcome.outputs)}\nthen:\n")
    sys.stdout.writelines(f"  {number}. {text}\n" for number, text in enumerate(steps(wanted), 1))


def _move(wanted: "Asked", run: "RunSettings", source: str) -> None:
    from stacks.bootstrap.run import MoveError, move
    from stacks.run.settings import SettingsError, load_settings

    try:
        old = load_settings(run.root, run.engine, environment={STATE: source}).model_copy(
            update={"sandbox": run.sandbox}
        )
        number = move(wanted, old, run)
    except (MoveError, SettingsError) as error:
        stop(str(error))
    sys.stdout.write(f"{wanted.stack.name}: {number} resources are in {run.state_root} now\n")


STATE = "KAFKA_FLEET_STATE"
