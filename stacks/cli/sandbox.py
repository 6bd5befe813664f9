"""`fleet sandbox`: the clouds on this machine, for trying a change and for tests. It is not a cloud and says so."""

import dataclasses
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from stacks.cli.exit import Exit
from stacks.cli.root import root, stop

group = typer.Typer(
    help="The sandbox: three clouds and Kubernetes, simulated strictly on this machine.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add the command group."""
    app.add_typer(group, name="sandbox")


def state_dir() -> Path:
    """Where the sandbox keeps its database, address and log."""
    return root() / ".fleet" / "sandbox"
