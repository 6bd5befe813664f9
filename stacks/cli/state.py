"""`fleet status` and `fleet env`: what the backends know, and how the stock CLI gets at it.

Owns      these two commands.
Refuses   changing anything.
"""

import json
import shlex
import sys
from typing import Annotated, Any

import typer

from stacks.cli.exit import Exit
from stacks.cli.output import Output
from stacks.cli.root import load, root, stop


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(status)
    app.command()(env)


def status(
    stacks: Annotated[
        list[str] | None, typer.Argument(metavar="[STACK]...", help="As for preview; all if none.")
    ] = None,
    output: Annotated[Output, typer.Option("--output", help="text or json.")] = Output.text,
) -> None:
    """List stacks: whether they are applied, with how many resources, and what an earlier run left behind."""
    from stacks.cli.settings import settings
    from stacks.run.select import NoSuchStack, select
    from stacks.run.status import Status, read_status

    fleet = load(root())
    try:
        chosen = select(fleet.stacks, stacks) if stacks else tuple(fleet.stacks)
    except NoSuchStack as error:
        stop(str(error), code=Exit.USAGE)
    how = settings(fleet, looking=True)
    found = [read_status(how, fleet.stacks[name]) for name in chosen]
    if output is Output.json:
        sys.stdout.write(json.dumps([one.model_dump() for one in found], indent=2) + "\n")
        return
    from rich.table import Table
    from rich.text import Text

    from stacks.tell.console import console

    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("stack", "cell", "state", "resources", "written", "left behind"):
        table.add_column(title)

    def row(one: Status) -> tuple[Any, ...]:
        color = {"applied": "green", "locked": "yellow", "unfinished": "red"}.get(one.state, "dim")
        resources = str(one.resources) if one.exists else ""
        written = one.modified[:19].replace("T", " ")
        return one.stack, one.cell, Text(one.state, color), resources, written, Text("; ".join(one.left_behind))

    for one in found:
        table.add_row(*row(one))
    console().print(table)


def env(
    stack: Annotated[str, typer.Argument(help="A stack; its cell decides which backend it lives in.")],
) -> None:
    """Print shell exports, so that `eval "$(fleet env STACK)"` makes plain `pulumi preview -s STACK` work here.

    A stack that was never applied needs `pulumi stack init STACK` first, and a service or app its cell's stack too.
    """
    from stacks.cli.settings import settings
    from stacks.run.environment import exports
    from stacks.run.select import NoSuchStack, select

    fleet = load(root())
    try:
        chosen = select(fleet.stacks, [stack])
    except NoSuchStack as error:
        stop(str(error), code=Exit.USAGE)
    cells = {fleet.stacks[name].cell for name in chosen}
    if len(cells) > 1:
        stop(f"'{stack}' means stacks of several cells ({', '.join(sorted(cells))})", "name one stack", Exit.USAGE)
    cell, found = cells.pop(), settings(fleet)
    if found.local:
        # The engine opens no folder that is not there, not even to make its first stack in.
        found.backend_directory(cell).mkdir(parents=True, exist_ok=True)
    for name, value in exports(found, cell).items():
        sys.stdout.write(f"export {name}={shlex.quote(value)}\n")
