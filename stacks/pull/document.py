"""Everything that is told about a change, as data: the plan, what the engine saw, and what both come to.

Owns      the format of `fleet report --format json`; `python -m stacks.pull.document` writes its schema
          (docs/pull.schema.json).
Refuses   text for people, and anything that an engine or a provider printed: it is made of two allow-listed documents.
"""

import json
import sys
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from stacks.plan.document import Plan
from stacks.run.report import Report

Word = Literal["refused", "careful", "calm", "nothing"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Counts(_Record):
    """How much there is of what. Nothing that a report leaves out for want of room is left out here."""

    stacks: int = Field(description="Stacks that the change affects, or that were previewed.")
    impacts: dict[str, int] = Field(description="Stacks by impact, the worst first.")
    actions: dict[str, int] = Field(description="Stacks by what becomes of the stack itself.")
    resources: dict[str, int] = Field(description="Resources by operation, over all previews; `unprotect` is one.")
    refusals: int = Field(description="Laws that the change breaks.")
    warnings: int = Field(description="Laws that it comes close to.")
    mandatory: int = Field(description="Violations of mandatory policies.")
    advisory: int = Field(description="Violations of advisory policies.")
    unsuccessful: int = Field(description="Stacks whose preview or apply did not succeed.")


class Verdict(_Record):
    """What it comes to."""

    word: Word = Field(
        description="refused: must not be merged; careful: data, connections or resources are at stake; calm: nothing "
        "restarts or goes; nothing: no stack is affected."
    )
    sentence: str = Field(description="The verdict in words.")
    counts: Counts = Field(description="What it was computed from.")


class Range(_Record):
    """One range of addresses of a cell."""

    what: str = Field(description="Who is in it, e.g. `nodes in eu-west-1a`.")
    cidr: str = Field(description="The range.")


class Network(_Record):
    """A cell whose network changes, as it will be."""

    cell: str = Field(description="Name of the cell.")
    block: str = Field(description="Its address block.")
    ranges: tuple[Range, ...] = Field(default=(), description="How the block is cut.")
    mermaid: str = Field(default="", description="Its picture, as Mermaid text.")
    svg: str = Field(default="", description="Its picture, as SVG text.")


class Pull(_Record):
    """What is told about a pull request."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="kafka-fleet pull-request report")

    format: int = Field(default=1, description="Version of this format; within a version fields are only added.")
    verdict: Verdict = Field(description="What it comes to.")
    plan: Plan | None = Field(default=None, description="What `fleet plan` said; docs/plan.schema.json.")
    preview: Report | None = Field(
        default=None, description="What the engine saw, shards merged; docs/report.schema.json."
    )
    networks: tuple[Network, ...] = Field(default=(), description="Cells whose network changes.")
    not_drawn: tuple[str, ...] = Field(
        default=(), description="Other cells whose network changes: gone, or of files that are broken or not at hand."
    )
    approved: str = Field(default="", description="Digest of the plan file that an approval of this would approve.")


def schema() -> str:
    """The JSON Schema of a pull-request report, as text."""
    return json.dumps(Pull.model_json_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema())
