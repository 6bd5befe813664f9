"""`fleet retire`: writes the tombstone that must stand before a file may go."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from stacks.cli.exit import Exit
from stacks.cli.root import load, root, stop


class Data(StrEnum):
    """What becomes of the data."""

    kept = "kept"
    deleted = "deleted"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(retire)


def retire(
    thing: Annotated[
        str,
        typer.Argument(
            metavar="CELL|CLUSTER|CLUSTER:SERVICE|CLUSTER/APP|CLUSTER/APP/TOPIC", help="What is retired, by its name."
        ),
    ],
    *,
    data: Annotated[
        Data, typer.Option(help="kept: all stays protected, and the file stays. deleted: protection ends now.")
    ],
    reason: Annotated[str, typer.Option(help="Why, and where it was agreed; at least 10 characters.")],
) -> None:
    """Write the tombstone of a cell, cluster, service, app or topic into its file. Nothing is deleted by it."""
    from stacks.retire import NotRetiredError
    from stacks.retire import retire as write
    from stacks.today import today

    if len(reason) < 10:
        stop("--reason has at least 10 characters: whoever reviews the removal decides by it", code=Exit.USAGE)
    fleet = load(root())
    try:
        target, changed = write(fleet, thing, data.value, reason, today())
    except NotRetiredError as error:
        stop(str(error), code=Exit.USAGE)
    file = target.resolved.file
    if not changed:
        sys.stdout.write(f"{target.what} is retired already, in {file}: nothing to write\n")
        return
    wait = fleet.settings.deletion.waiting_days if fleet.settings is not None else 0
    then = (
        f"once this is merged and {wait} days have passed, another change may remove it"
        if data is Data.deleted
        else "what it holds stays protected, and the file stays as long as the data"
    )
    sys.stdout.write(f"written: {file}: {target.what} is retired\n{then}\n")
