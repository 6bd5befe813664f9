"""What the backend knows of a stack, and what an earlier run left there.

Owns      the record behind `fleet status`.
Refuses   asking the clouds: that is `fleet refresh`.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from stacks.run import checkpoint, unfinished
from stacks.run.engine import Engines
from stacks.run.operate import Operator
from stacks.run.outcome import PendingOperation
from stacks.run.settings import RunSettings
from stacks.run.workdir import WorkDirectory
from stacks.stack import Stack


class Status(BaseModel):
    """One stack as its backend has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stack: str = Field(description="Name of the stack.")
    cell: str = Field(description="The cell, which is also the shard of the backend.")
    production: bool = Field(description="Whether destroying it is refused.")
    state: Literal["absent", "empty", "applied", "locked", "unfinished"] = Field(
        description="absent: never applied; empty: nothing in it; locked: a run holds it, or died holding it; "
        "unfinished: the end of some step is not known."
    )
    exists: bool = Field(description="Whether the backend has the stack.")
    resources: int = Field(description="Resources in the state, without the stack's own.")
    modified: str = Field(description="When the state was written last.")
    locks: tuple[str, ...] = Field(default=(), description="Lock files, on a directory backend.")
    pending: tuple[PendingOperation, ...] = Field(default=(), description="Operations whose end is not known.")

    @property
    def left_behind(self) -> tuple[str, ...]:
        """What an earlier run left, in words."""
        return (
            *(f"lock {lock.rpartition('/')[2]}" for lock in self.locks),
            *(f"{one.kind} {one.urn.rpartition('::')[2]}" for one in self.pending),
        )


def read_status(settings: RunSettings, stack: Stack) -> Status:
    """Read it, without starting an engine where the backend is a directory."""
    # No language host: reading a state runs no program.
    state = Operator(settings, "", Engines()).state(stack)
    locks = tuple(str(path) for path in checkpoint.lock_files(settings, stack))
    known = {one.urn for one in state.pending}
    broken = tuple(one for one in unfinished.read(WorkDirectory(settings, stack)) if one.urn not in known)
    pending = (*state.pending, *broken)
    if locks:
        word: Literal["absent", "empty", "applied", "locked", "unfinished"] = "locked"
    elif pending:
        word = "unfinished"
    elif not state.exists:
        word = "absent"
    else:
        word = "applied" if state.applied else "empty"
    return Status(
        stack=stack.name,
        cell=stack.cell,
        production=stack.production,
        state=word,
        exists=state.exists,
        resources=state.resources,
        modified=state.modified,
        locks=locks,
        pending=pending,
    )
