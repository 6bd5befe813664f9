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
    *,
    cloud: Annotated[str, typer.Option(help="The cloud.")],
    account: Annotated[str, typer.Option(help="Account, project or subscription.")],
    region: Annotated[str, typer.Option(help="The cloud's name of the region.")],
    cost_center: Annotated[str, typer.Option(help="Where the cost is booked.")],
    platform: Annotated[str, typer.Option(help="Principal that applies the cell's own stack.")],
    services: Annotated[str, typer.Option(help="Principal that applies service stacks.")],
    apps: Annotated[str, typer.Option(help="Principal that applies app stacks.")],
    preview: Annotated[str | None, typer.Option(help="Principal that previews, and applies nothing.")] = None,
    environment: Annotated[Environment, typer.Option(help="Which ring of settings applies.")] = Environment.dev,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="In the cloud's own section; repeatable.")
    ] = None,
    prefix_length: Annotated[int | None, typer.Option(min=12, max=20, help="Size of the block.")] = None,
) -> None:
    """Allocate an address block and write fleet/cells/NAME.yaml. Writes nothing that would not be valid."""
    from stacks.new_cell import NewCell, RefusedError, write

    fleet = load(root())
    pairs = [pair.partition("=") for pair in set_ or ()]
    if wrong := [key for key, equals, value in pairs if not (key and equals and value)]:
        stop(f"--set {wrong[0]} is not KEY=VALUE", code=Exit.USAGE)
    wanted = NewCell(
        name=name,
        cloud=cloud,
        account=account,
        region=region,
        environment=environment.value,
        cost_center=cost_center,
        access={"platform": platform, "services": services, "apps": apps} | ({"preview": preview} if preview else {}),
        section={key: value for key, _, value in pairs},
        prefix_length=prefix_length,
    )
    try:
        path = write(fleet, wanted)
    except RefusedError as error:
        stop(str(error), code=Exit.USAGE)
    sys.stdout.write(
        f"written: {path.relative_to(fleet.root)}\nlook at it, then `fleet validate` and `fleet preview {name}`\n"
    )
