"""A wrong request on top of the good program: AWS refuses it.

Owns      the shape of one; each says in its name what is wrong. The lists are in `wrong_*.py`.
Refuses   verdicts: what both witnesses say is found by asking them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.contract import Record, Scope
from tools.moto_witness.asked import Asked
from tools.moto_witness.program import OURS

Made = Mapping[str, Record]


@dataclass(frozen=True)
class Wrong:
    """One wrong request."""

    what: str
    type: str
    inputs: dict[str, Any] | Callable[[Made], dict[str, Any]]
    scope: Scope = OURS

    def asked(self, made: Made) -> Asked:
        """The request, given what the good program made."""
        inputs = self.inputs if isinstance(self.inputs, dict) else self.inputs(made)
        return Asked(f"aws:{self.type}", self.what.replace(" ", "-"), inputs, self.scope)


NONE = "0123456789abcdef0"
"""The end of an id that nobody has."""
