"""`fleet new cell`: a cell file with an address block of its own."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from stacks.cli.exit import Exit
from stacks.cli.root import load, root, stop

group = typer.Typer(help="Write new fleet files.", no_args_is_help=True)


class Environment(StrEnum):
    """Which ring of settings applies."""

    dev = "dev"
    staging = "staging"
    prod = "prod"


def register(app: typer.Typer) -> None:
    """Add the command group."""
    app.add_typer(group, name="new")


@group.callback()
def _new() -> None:
    """Write new fleet files."""


@group.command()
def cell(
    name: Annotated[str, typer.Argument(help="Name of the cell, e.g. aws-euw1-prod.")],
    cloud: Annotated[str, typer.Option(help="The cloud.")],
    account: Annotated[str, typer.Option(help="Account, project or subscription.")],
    region: Annotated[str, typer.Option(help="The cloud's name of the region.")],
    cost_center: Annotated[str, typer.Option(help="Where the cost is booked.")],
    environment: Annotated[Environment, typer.Option(help="Which ring of settings applies.")] = Environment.dev,
    prefix_length: Annotated[int | None, typer.Option(min=12, max=20, help="Size of the block.")] = None,
) -> None:
    """Allocate an address block and write fleet/cells/NAME.yaml."""
    from stacks.new_cell import NewCell, RefusedError, write

    at = root()
    fleet = load(at)
    try:
        path = write(fleet, NewCell(name, cloud, account, region, environment.value, cost_center, prefix_length))
    except RefusedError as error:
        stop(str(error), code=Exit.USAGE)
    sys.stdout.write(f"written: {path.relative_to(at)}\nfill in kubernetes.access, then run `fleet validate`\n")
