"""The runner's place of one cell, as a stack of its own beside the cell's.

Owns      the stack's name and program.
Refuses   a cell that the fleet does not declare.
"""

from collections.abc import Callable

import pulumi

from components.bootstrap.runner import NAMESPACE, RunnerPlace
from stacks.bootstrap.request import NotSaidError
from stacks.build import kubernetes_of
from stacks.fleet import Fleet
from stacks.stack import Stack


def stack(fleet: Fleet, cell: str) -> Stack:
    """`bootstrap.runner.<cell>`, in the cell's own shard: it reads the cell's outputs."""
    found = fleet.cells.get(cell)
    if found is None:
        raise NotSaidError(f"no file declares the cell '{cell}' (there are: {', '.join(sorted(fleet.cells))})")
    return Stack(f"bootstrap.runner.{cell}", "service", cell, found.resolved.file, found.production)


def program(one: Stack) -> Callable[[], None]:
    """The Pulumi program."""

    def build() -> None:
        provider, applied = kubernetes_of(one)
        RunnerPlace(one.cell, provider)
        pulumi.export("cell_applied", applied)
        pulumi.export("namespace", NAMESPACE)

    return build
