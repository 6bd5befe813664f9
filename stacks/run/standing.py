"""What of the fleet exists while a run goes on, and what follows from that for a stack about to be tried.

Owns      the answers, asked of the backend once a run, and the refusals that need no engine.
Refuses   remembering anything beyond the run.
"""

import threading
from collections.abc import Collection, Mapping
from typing import Any

from stacks.run.operate import Operator
from stacks.run.outcome import Operation
from stacks.stack import Stack


def unfounded(need: str) -> str:
    """Why a stack may not be applied whose ground, the stack `need`, is not."""
    return f"{need} is not applied, and this stack stands on it; first: fleet up {need}"


class Standing:
    """Shared by the workers of one run. `asked` are the stacks that the run works on."""

    def __init__(self, fleet: Mapping[str, Stack], asked: Collection[str], operator: Operator) -> None:
        self._fleet = fleet
        self._asked = asked
        self._operator = operator
        self._applied: dict[str, bool] = {}
        self._outputs: dict[str, Mapping[str, Any]] = {}
        self._lock = threading.Lock()

    def made(self, name: str) -> None:
        """The run has applied that stack."""
        with self._lock:
            self._applied[name] = True

    def refusal(self, operation: Operation, stack: Stack) -> str:
        """Why a stack may not be tried at all, or nothing."""
        if operation == "up":
            for need in stack.after:
                if need not in self._asked and not self.applied(need):
                    return unfounded(need)
        if operation == "destroy":
            if stack.production:
                return "it is production; destroying production is refused until a reviewed deletion exists"
            return self.stood_on(stack)
        return ""

    def stood_on(self, stack: Stack) -> str:
        """Why a stack may not go: another one stands on it that this run leaves alone."""
        for other in self._fleet.values():
            if stack.name in other.after and other.name not in self._asked and self.applied(other.name):
                return f"{other.name} still stands on it; first: fleet destroy {other.name}"
        return ""

    def cell_applied(self, stack: Stack) -> bool:
        """Whether the stack's cell exists."""
        return self.applied(f"cell.{stack.cell}")

    def cell_outputs(self, stack: Stack) -> Mapping[str, Any]:
        """Outputs of the stack's cell, if it was applied before this run."""
        return self._outputs.get(f"cell.{stack.cell}", {}) if self.cell_applied(stack) else {}

    def applied(self, name: str) -> bool:
        """Whether a stack exists."""
        with self._lock:
            if name in self._applied:
                return self._applied[name]
        state = self._operator.state(self._fleet[name]) if name in self._fleet else None
        with self._lock:
            if state and self._fleet[name].kind == "cell":
                self._outputs[name] = state.outputs or {}
            return self._applied.setdefault(name, state is not None and state.applied)
