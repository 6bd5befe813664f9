"""`fleet approve`: approved plans as files.

Owns      putting parts together.
Refuses   the engine, and approving anything: people do, where they review.
"""

from pathlib import Path
from typing import Annotated

import typer

from stacks.cli import asked
from stacks.cli.exit import Exit
from stacks.cli.root import stop
from stacks.cli.running import write

group = typer.Typer(help="Approved plans as files (docs/approved.md).", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="approve")


@group.callback()
def _group() -> None:
    """Approved plans as files (docs/approved.md)."""


@group.command()
def merge(
    parts: Annotated[list[Path], typer.Argument(help="What `fleet preview --shard I/N --plan-file` wrote, all of it.")],
    to: Annotated[Path, typer.Option("--to", "-o", help="Where to write the whole.")],
) -> None:
    """Put the plans of all shards of one preview together; refuses when one is missing, or there twice."""
    from stacks.approve.document import BadPlanError, dump
    from stacks.approve.merge import merge as together

    found = {str(file): asked.read(file) for file in parts}
    try:
        whole = together(found)
    except BadPlanError as error:
        stop(str(error), code=Exit.NOT_APPROVED)
    write(to, dump(whole))
    typer.echo(f"{len(whole.stacks)} stacks: {to} ({whole.digest})", err=True)
