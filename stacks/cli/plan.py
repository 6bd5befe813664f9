"""`fleet plan`: what a change in Git will do, without an engine."""

import sys
from typing import Annotated

import typer

from stacks.cli.exit import Exit
from stacks.cli.output import Output
from stacks.cli.root import root, stop


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(plan)


def plan(
    base: Annotated[
        str | None,
        typer.Option(
            "--base", metavar="REF", help="Compare with the merge base with REF. By default with the main branch."
        ),
    ] = None,
    head: Annotated[
        str | None,
        typer.Option("--head", metavar="REF", help="Judge this revision instead of the files as they lie here."),
    ] = None,
    output: Annotated[Output, typer.Option("--output", help="text, or json as in docs/plan.schema.json.")] = (
        Output.text
    ),
) -> None:
    """Say which stacks a change affects, how, and whether it may be made. Exit code 3 when it may not."""
    from stacks.plan.git import RevisionError
    from stacks.plan.make import make
    from stacks.tell.console import console
    from stacks.tell.plan import write_plan

    at = root()
    try:
        made = make(at, base, head, _progress)
    except RevisionError as error:
        stop(str(error), error.hint)
    if output is Output.json:
        sys.stdout.write(made.plan.model_dump_json(indent=2) + "\n")
    else:
        write_plan(made.plan, console())
    if any(one.severity == "error" for one in made.plan.refusals):
        raise SystemExit(int(Exit.PROBLEMS))


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"fleet: {text}\n")
