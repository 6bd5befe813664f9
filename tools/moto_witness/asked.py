"""What is asked of both, and what each says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.contract import Record, Scope


@dataclass(frozen=True)
class Asked:
    """One resource to create: as the engine sends it, ids and names as the sandbox gave them."""

    type: str
    name: str
    inputs: Mapping[str, Any]
    scope: Scope


@dataclass(frozen=True)
class Said:
    """An answer. `known` is False where the witness has no such call, so that it says nothing."""

    accepted: bool
    code: str = ""
    message: str = ""
    known: bool = True
    record: Record | None = None

    @property
    def word(self) -> str:
        """In one word, for tables."""
        return "accepts" if self.accepted else self.code if self.known else "has no such call"
