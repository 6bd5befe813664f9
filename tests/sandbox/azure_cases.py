"""How a case of Azure's laws is written: a good cell with one thing wrong.

Each case says what is done to the cell, and the code and words with which it is refused.
"""

import copy
from collections.abc import Callable
from typing import Any

from sandbox.contract import Refusal
from tests.sandbox.azure_good import Cell
from tests.sandbox.azure_world import OTHER, SUBSCRIPTION, changed

Case = tuple[str, Callable[[Cell], list[Refusal]], str, str]
Change = tuple[str, Any]


def new(role: str, *changes: Change) -> Callable[[Cell], list[Refusal]]:
    return lambda cell: cell.new(role, *changes)


def update(role: str, *changes: Change) -> Callable[[Cell], list[Refusal]]:
    return lambda cell: cell.update(role, *changes)


def delete(role: str) -> Callable[[Cell], list[Refusal]]:
    return lambda cell: cell.delete(role)


def gone(missing: str, role: str) -> Callable[[Cell], list[Refusal]]:
    """A resource made when another one that it needs does not exist."""

    def case(cell: Cell) -> list[Refusal]:
        cell.world.records.remove(cell.made[missing])
        return cell.new(role)

    return case


def twin(role: str, *changes: Change) -> Callable[[Cell], list[Refusal]]:
    """A second resource like one that exists."""

    def case(cell: Cell) -> list[Refusal]:
        kind, inputs = cell.inputs[role]
        return cell.world.judge("create", kind, changed(copy.deepcopy(inputs), changes))

    return case


def elsewhere(role: str, path: str, other: str) -> Callable[[Cell], list[Refusal]]:
    """A reference to the same thing in another subscription."""
    return lambda cell: cell.new(role, (path, cell.id(other).replace(SUBSCRIPTION, OTHER)))
