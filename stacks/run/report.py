"""What a run over several stacks tells: while it goes on to an observer, at its end as one record.

Owns      the format of `--output json`; `python -m stacks.run.report` writes its schema (docs/report.schema.json).
Refuses   text for people: `stacks/tell` writes that.
"""

import json
import sys
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field

from stacks.run.events import EventLog
from stacks.run.outcome import Operation, Outcome
from stacks.stack import Stack


class Report(BaseModel):
    """What `--output json` prints: one run over stacks."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="kafka-fleet run report")

    format: int = Field(default=1, description="Version of this format; within a version fields are only added.")
    run: str = Field(default="", description="Id of the run's journal in `.fleet/runs/`; empty for previews.")
    operation: Operation = Field(description="What was asked for.")
    approved: str = Field(
        default="", description="Digest of the approved plan: that an up was held to, or that a preview wrote."
    )
    seconds: float = Field(description="Wall time of the whole run.")
    outcomes: tuple[Outcome, ...] = Field(description="One for each stack asked for, sorted by name.")
    not_applied: tuple[str, ...] = Field(
        default=(), description="Cells that do not exist yet, so that what stands on them was rendered offline."
    )


class Observer(Protocol):
    """Who watches a run: the live table, or nobody. Called from several threads."""

    def started(self, stack: Stack, log: EventLog) -> None:
        """An engine begins to write that log."""

    def ended(self, outcome: Outcome) -> None:
        """A stack came to its end, in whatever way."""

    def note(self, text: str) -> None:
        """Something that concerns the whole run."""


class Silent:
    """Watches nothing."""

    def started(self, stack: Stack, log: EventLog) -> None:
        """Nothing."""

    def ended(self, outcome: Outcome) -> None:
        """Nothing."""

    def note(self, text: str) -> None:
        """Nothing."""


def schema() -> str:
    """The JSON Schema of a report, as text."""
    return json.dumps(Report.model_json_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema())
