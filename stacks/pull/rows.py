"""One row for each stack of a report: what the plan says of it beside what the engine saw.

Owns      joining the two by the stack's name, the worse impact of both, and the order in which stacks are told.
Refuses   words for people.
"""

from collections import Counter
from dataclasses import dataclass, field

from components.impact.contract import DELETES, DYNAMIC, NONE, REPLACES, severity
from stacks.plan.document import Affected, Plan
from stacks.run.outcome import Outcome
from stacks.run.report import Report
from stacks.tell.counting import count

FROM_PREVIEW = {"delete": DELETES, "replace": REPLACES, "unprotect": REPLACES, "update": DYNAMIC}
"""What an operation on a resource means for its stack at least. Ending protection is the first half of a deletion."""


@dataclass(frozen=True)
class Row:
    """A stack. `planned` is absent where only the engine was asked, `seen` where it was not."""

    name: str
    planned: Affected | None = None
    seen: Outcome | None = None
    impact: str = NONE
    operations: Counter[str] = field(default_factory=Counter)

    @property
    def grave(self) -> bool:
        """Whether pods restart, data moves, or something goes."""
        return severity(self.impact) > severity(DYNAMIC)

    @property
    def unsuccessful(self) -> bool:
        """Whether the engine could not say what would happen."""
        return self.seen is not None and not self.seen.good


def rows(plan: Plan | None, preview: Report | None) -> tuple[Row, ...]:
    """The worst first, then in the order of the plan, then by name."""
    planned = {one.stack: one for one in (plan.stacks if plan else ())}
    seen = {one.stack: one for one in (preview.outcomes if preview else ())}
    order = {name: n for n, name in enumerate(planned)}
    made = [_row(name, planned.get(name), seen.get(name)) for name in {**planned, **seen}]
    return tuple(sorted(made, key=lambda row: (-severity(row.impact), order.get(row.name, len(order)), row.name)))


def _row(name: str, planned: Affected | None, seen: Outcome | None) -> Row:
    operations = count(seen) if seen else Counter[str]()
    impacts = [planned.impact] if planned else [NONE]
    impacts += [impact for operation, impact in FROM_PREVIEW.items() if operations[operation]]
    return Row(name, planned, seen, max(impacts, key=severity), operations)


def failed(outcome: Outcome) -> tuple[str, ...]:
    """Names of the resources at which a run failed."""
    urns = [one.urn for one in outcome.resources if one.failed]
    urns += [one.urn for one in outcome.diagnostics if one.severity == "error" and one.urn]
    urns += [one.urn for one in outcome.beyond]
    return tuple(dict.fromkeys(urn.rpartition("::")[2] for urn in urns))
