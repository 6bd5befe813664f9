"""What running one stack came to.

Owns      the typed result of a preview, up, destroy or refresh; it is also what `--output json` prints.
Refuses   secrets: values come masked from the engine's events, and anything named like a secret is masked again.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Operation = Literal["preview", "up", "destroy", "refresh"]
Result = Literal["ok", "failed", "refused", "busy", "skipped", "cancelled"]

SAME_OPERATIONS = frozenset({"same", "read", "refresh"})
"""Steps that change nothing."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PropertyChange(_Record):
    """One property that differs."""

    path: str = Field(description="Property path in the provider's spelling, e.g. `spec.kafka.version`.")
    kind: str = Field(description="`add`, `delete` or `update`; with `-replace` where it replaces the resource.")
    old: str | None = Field(default=None, description="Value before, as JSON; absent where secret, large or new.")
    new: str | None = Field(default=None, description="Value after, as JSON; absent where secret, large or removed.")


class ResourceChange(_Record):
    """One resource of the stack and what happens to it; unchanged ones are listed too."""

    urn: str = Field(description="The resource's identity in the engine.")
    type: str = Field(description="Type token, e.g. `aws:ec2/vpc:Vpc`.")
    op: str = Field(description="The engine's word: same, create, update, replace, delete, read, …")
    changes: tuple[PropertyChange, ...] = Field(default=(), description="What differs, sorted by path.")
    lifts_protection: bool = Field(
        default=False, description="Protection against deletion ends; the engine itself calls this `same`."
    )
    failed: bool = Field(default=False, description="The step was tried and failed.")

    @property
    def name(self) -> str:
        """Logical name, the last part of the URN."""
        return self.urn.rpartition("::")[2]


class Diagnostic(_Record):
    """A message that the engine, a provider or the program sent as an event."""

    severity: str = Field(description="`warning` or `error`; others are not kept.")
    message: str = Field(description="The text, without control characters.")
    urn: str = Field(default="", description="The resource that it is about; empty for the stack as a whole.")


class PolicyViolation(_Record):
    """A policy that a resource breaks."""

    pack: str = Field(description="Policy pack.")
    policy: str = Field(description="Name of the policy.")
    level: str = Field(description="`mandatory` fails the run, `advisory` does not.")
    message: str = Field(description="What is wrong.")
    urn: str = Field(default="", description="The resource; empty for the stack as a whole.")


class Remediation(_Record):
    """A policy that put a resource's inputs right; the values stay in the engine."""

    policy: str = Field(description="Name of the policy.")
    urn: str = Field(description="The resource.")


class Beyond(_Record):
    """Something that goes further than what was approved."""

    urn: str = Field(description="The resource.")
    type: str = Field(description="Type token of the resource.")
    approved: str = Field(description="The class that was approved; `same` where it was to be left alone.")
    now: str = Field(
        description="The class that it has now; empty where the engine stopped at it before it said which that is."
    )
    lifts_protection: bool = Field(default=False, description="Its protection would end, which was not approved.")
    paths: tuple[str, ...] = Field(default=(), description="Paths of the properties that differ; no values.")


class PendingOperation(_Record):
    """A step whose end was never recorded: the engine or a provider died while it was under way."""

    kind: str = Field(description="`creating`, `updating`, `deleting`, `reading` or `importing`.")
    urn: str = Field(description="The resource that it was done to.")
    type: str = Field(description="Type token of the resource.")


class Outcome(_Record):
    """One operation on one stack."""

    stack: str = Field(description="Name of the stack.")
    operation: Operation = Field(description="What was asked for.")
    result: Result = Field(
        description="ok; failed (tried, see diagnostics); refused (not tried, see reason); busy (another run holds the "
        "stack's lock); skipped (a stack that it needs did not succeed, or done already in a resumed run); cancelled."
    )
    reason: str = Field(default="", description="Why, and what to do, where the result is not ok.")
    counts: dict[str, int] = Field(default_factory=dict, description="Resources by operation.")
    resources: tuple[ResourceChange, ...] = Field(default=(), description="Every resource that the run looked at.")
    outputs: dict[str, Any] = Field(default_factory=dict, description="Stack outputs, secrets masked.")
    diagnostics: tuple[Diagnostic, ...] = Field(default=(), description="Warnings and errors, in order.")
    policies: tuple[PolicyViolation, ...] = Field(default=(), description="Policy violations, in order.")
    remediations: tuple[Remediation, ...] = Field(default=(), description="What policies put right, in order.")
    beyond: tuple[Beyond, ...] = Field(
        default=(), description="Where an apply would go further than what was approved, and so was not made."
    )
    pending: tuple[PendingOperation, ...] = Field(default=(), description="Operations whose end is not known.")
    cell_applied: bool | None = Field(
        default=None,
        description="false: the cell does not exist yet, and the preview was rendered offline; null: is a cell itself.",
    )
    seconds: float = Field(default=0.0, description="Wall time of this stack.")
    details: str = Field(
        default="", description="File (mode 0600) with the engine's own words, where it failed before any event."
    )

    @property
    def changes(self) -> int:
        """Resources that are or would be changed, counting protection that ends."""
        return sum(one.op not in SAME_OPERATIONS or one.lifts_protection for one in self.resources)

    @property
    def good(self) -> bool:
        """Whether stacks that need this one may go on."""
        return self.result == "ok"
