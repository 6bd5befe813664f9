"""`fleet validate`: everything that can be said about the files without an engine or a cloud."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from stacks.cli.exit import Exit
from stacks.cli.root import root


class Format(StrEnum):
    """How problems are told."""

    text = "text"
    json = "json"
    github = "github"
    sarif = "sarif"
    gitlab = "gitlab"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(validate)


def validate(
    output: Annotated[Format, typer.Option("--format", help="How problems are told.")] = Format.text,
) -> None:
    """Read, resolve and check every file of the fleet. Exit code 3 when there is an error."""
    from stacks.load import load
    from stacks.read import source
    from stacks.tell.problems import write

    at = root()
    fleet = load(at)
    write(fleet.problems, output.value, sys.stdout, source=source(at), color=sys.stdout.isatty())
    if fleet.errors:
        raise SystemExit(int(Exit.PROBLEMS))
    if output is Format.text:
        counts = {
            "cell": len(fleet.cells),
            "cluster": len(fleet.clusters),
            "app": len(fleet.apps),
            "stack": len(fleet.stacks),
        }
        told = ", ".join(f"{number} {kind}{'s' * (number != 1)}" for kind, number in counts.items())
        sys.stdout.write(f"fleet '{fleet.settings.name if fleet.settings else ''}' is valid: {told}\n")
