"""A plan as data: what `fleet plan --output json` prints, and what reports are made of.

Owns      the format; `python -m stacks.plan.document` writes its schema (docs/plan.schema.json).
Refuses   secrets (fleet files hold none, and values named like one are masked) and text for people.
"""

import json
import sys
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from components.impact.contract import PATTERN

Action = Literal["create", "update", "rename", "delete"]
Via = Literal["file", "profile", "service", "fleet", "cell", "cluster", "code", "versions", "policy"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Through(_Record):
    """One way by which a change reaches a stack."""

    kind: Via = Field(
        description="file: the stack's own; profile; service: a service owner's file; fleet: fleet.yaml; cell; "
        "cluster: another cluster, or the app's; code: what builds the stack; versions: locked packages; policy."
    )
    file: str = Field(description="The file that changed.")
    line: int = Field(default=0, description="Line of the value, 1-based; 0 where the file as a whole counts.")
    what: str = Field(default="", description="The value, e.g. `services.kafka.config.log.retention.ms`.")


class Estimate(_Record):
    """How long something takes."""

    seconds: int = Field(description="Seconds, rounded up.")
    formula: str = Field(default="", description="How it was computed, e.g. `6 brokers × 180 s`.")


class Effect(_Record):
    """What one changed value does."""

    impact: str = Field(pattern=PATTERN, description="The class; see `Affected.impact`.")
    reason: str = Field(description="What happens, and why.")
    file: str = Field(description="The file with the value that caused it.")
    line: int = Field(description="Its line, 1-based.")
    column: int = Field(description="Its column, 1-based.")
    path: str = Field(default="", description="The value's path in the file, e.g. `services.kafka.version`.")
    old: str | None = Field(default=None, description="Value before, as JSON; absent where there was none.")
    new: str | None = Field(default=None, description="Value after, as JSON; absent where there is none.")
    object: str = Field(default="", description="The object or resource, e.g. `Kafka/orders`.")
    nodes: tuple[str, ...] = Field(default=(), description="Pods that restart, move or end.")
    estimate: Estimate = Field(default=Estimate(seconds=0), description="How long it takes.")
    source: str = Field(default="", description="Where the rule is from.")


class Affected(_Record):
    """One stack that the change affects."""

    stack: str = Field(description="Name of the stack.")
    kind: Literal["cell", "service", "app"] = Field(description="What the stack is.")
    action: Action = Field(description="What becomes of the stack itself.")
    cell: str = Field(description="The cell that it is, or stands on.")
    cluster: str = Field(default="", description="The cluster; empty for a cell.")
    service: str = Field(default="", description="The service; empty for cells and apps.")
    owner: str = Field(description="The team that declares it.")
    environment: str = Field(description="dev, staging or prod.")
    production: bool = Field(description="Whether data there matters.")
    ring: str = Field(default="", description="Ring of the cluster, or of the cell's environment.")
    wave: int = Field(description="Order: rings first to last, within a ring cells, services, apps. From 1.")
    file: str = Field(description="The fleet file that declares it, or did.")
    through: tuple[Through, ...] = Field(description="How the change reaches it.")
    impact: str = Field(
        pattern=PATTERN,
        description="The worst of its effects, in this order: none, dynamic, rolls <service>, rolls brokers, rolls "
        "controllers, moves data, replaces, irreversible, deletes. `none` also where the stack is new.",
    )
    effects: tuple[Effect, ...] = Field(default=(), description="Each effect, the worst first.")
    estimate: Estimate = Field(description="How long the stack takes to come to rest.")
    after: tuple[str, ...] = Field(default=(), description="Affected stacks that go first.")


class Refusal(_Record):
    """A law that the change breaks. `severity: warning` does not fail a plan."""

    file: str = Field(description="File of the value; of a removed file, its old name.")
    line: int = Field(description="Line, 1-based.")
    column: int = Field(description="Column, 1-based.")
    code: str = Field(description="Stable code, listed in docs/errors.md.")
    message: str = Field(description="What is wrong.")
    allowed: str = Field(default="", description="What would be accepted.")
    hint: str = Field(default="", description="The change to make.")
    severity: Literal["error", "warning"] = Field(default="error", description="Whether it fails the plan.")


class CostLine(_Record):
    """One thing that costs, per month."""

    what: str = Field(description="e.g. `6 × m6i.xlarge in eu-west-1`.")
    part: Literal["compute", "disk", "load balancer", "nat", "cross-zone traffic", "kubernetes", "link", "key"] = Field(
        description="Which part of the bill."
    )
    before: float = Field(description="Monthly, before the change.")
    after: float = Field(description="Monthly, after it.")
    formula: str = Field(default="", description="How `after` was computed (`before` where it is gone).")


class Bill(_Record):
    """The monthly estimate of one cell or cluster, before and after."""

    name: str = Field(description="`cell.<cell>` or `cluster.<cluster>`.")
    before: float = Field(description="Monthly, before the change.")
    after: float = Field(description="Monthly, after it.")
    lines: tuple[CostLine, ...] = Field(default=(), description="Its parts.")
    not_counted: tuple[str, ...] = Field(default=(), description="What is missing from it, in words.")


class Cost(_Record):
    """Monthly estimate of what the change touches."""

    currency: str = Field(default="USD", description="The catalogue's currency.")
    catalogue: str = Field(default="", description="Dates of the price data.")
    before: float = Field(default=0.0, description="Sum before.")
    after: float = Field(default=0.0, description="Sum after.")
    bills: tuple[Bill, ...] = Field(default=(), description="Cells and clusters whose estimate changes.")


class Plan(_Record):
    """What a change does."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="kafka-fleet plan")

    format: int = Field(default=1, description="Version of this format; within a version fields are only added.")
    base: str = Field(description="Commit that the change is compared with (the merge base).")
    head: str = Field(description="Commit of the change, or `worktree` for uncommitted files.")
    stacks: tuple[Affected, ...] = Field(description="Affected stacks, in the order in which they are applied.")
    refusals: tuple[Refusal, ...] = Field(default=(), description="Laws that the change breaks.")
    cost: Cost = Field(default=Cost(), description="What it costs.")
    estimate: Estimate = Field(default=Estimate(seconds=0), description="Wall time of applying all, in waves.")
    pictures: tuple[str, ...] = Field(default=(), description="Cells whose network changes: draw them.")
    notes: tuple[str, ...] = Field(default=(), description="What a reader has to know: what could not be compared.")


def schema() -> str:
    """The JSON Schema of a plan, as text."""
    return json.dumps(Plan.model_json_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema())
