"""`fleet bootstrap`: a cloud before the first cell: the state's bucket and key, and who CI is."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from stacks.cli.exit import Exit
from stacks.cli.root import load, root, stop

if TYPE_CHECKING:
    from stacks.bootstrap.request import Asked
    from stacks.run.outcome import Outcome
    from stacks.run.settings import RunSettings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(bootstrap)


def bootstrap(
    cloud: Annotated[str, typer.Argument(help="The cloud, e.g. aws.")],
    *,
    account: Annotated[str, typer.Option(help="Account, project or subscription.")] = "",
    region: Annotated[str, typer.Option(help="Where the state is kept.")] = "",
    repository: Annotated[str, typer.Option(help="ORGANIZATION/NAME at the forge; roles trust it alone.")] = "",
    tenant: Annotated[str, typer.Option(help="Azure: the subscription's tenant.")] = "",
    number: Annotated[str, typer.Option(help="Google Cloud: the project's number.")] = "",
    preview: Annotated[bool, typer.Option("--preview", help="Only say what it would do.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    move_from: Annotated[
        str, typer.Option(metavar="URL", help="Move the bootstrap's state from this backend to fleet.yaml's, and end.")
    ] = "",
) -> None:
    """Make what a company needs in CLOUD before its first cell. A second run changes nothing."""
    from stacks.bootstrap.request import NotSaidError, asked
    from stacks.cli.settings import settings

    fleet = load(root())
    said = {"account": account, "region": region, "repository": repository, "tenant": tenant, "number": number}
    try:
        wanted = asked(fleet, cloud, said)
    except NotSaidError as error:
        stop(str(error), code=Exit.USAGE)
    except ValueError as error:
        stop(str(error).splitlines()[0], code=Exit.USAGE)
    run = settings(fleet, 1)
    if move_from:
        _move(wanted, run, move_from)
        return
    if preview or not yes:
        _told(_run("preview", wanted, run))
        if preview:
            return
        if not sys.stdin.isatty():
            stop("nobody can be asked", "give --yes", Exit.USAGE)
        if not typer.confirm(f"make this in {wanted.request.account}?", err=True):
            raise SystemExit(int(Exit.INTERRUPTED))
    outcome = _run("up", wanted, run)
    _told(outcome)
    _next(wanted, outcome)


def _run(operation: "str", wanted: "Asked", run: "RunSettings") -> "Outcome":
    from stacks.bootstrap.run import run as engine

    outcome = engine("preview" if operation == "preview" else "up", wanted, run)
    if not outcome.good:
        _told(outcome)
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
