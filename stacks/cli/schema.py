"""`fleet schema`: the JSON Schemas that editors use."""

import sys
from typing import Annotated

import typer

from stacks.cli.exit import Exit
from stacks.cli.root import root


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(schema)


def schema(
    check: Annotated[bool, typer.Option("--check", help="Only say which differ; exit code 1 if any.")] = False,
) -> None:
    """Write the JSON Schemas of the fleet files into fleet/."""
    from stacks.schema import write

    changed = write(root(), check)
    for name in changed:
        sys.stdout.write(f"{'differs' if check else 'written'}: {name}\n")
    if not changed:
        sys.stdout.write("schemas are as the models say\n")
    elif check:
        sys.stderr.write("fleet: the committed schemas are not what the models make; run `fleet schema` and commit\n")
        raise SystemExit(int(Exit.FAILED))
