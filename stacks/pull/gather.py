"""From the documents that other commands made to the one that is told.

Owns      reading them with an error for a person, merging the reports of shards, and the list of what is passed on.
Refuses   documents of another kind, shards of different operations, and whatever an engine, a provider or a program
          said in its own words or values: messages, outputs and values of properties end here.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from stacks.fleet import Fleet
from stacks.plan.document import Plan
from stacks.pull.document import Pull
from stacks.pull.networks import networks
from stacks.pull.rows import rows
from stacks.pull.verdict import verdict
from stacks.run.outcome import Diagnostic, Outcome, PropertyChange
from stacks.run.report import Report
from stacks.tell.counting import kind

_Document = TypeVar("_Document", bound=BaseModel)


class UnreadableError(Exception):
    """A file is not what it was given as."""


def read(path: Path, model: type[_Document], made_by: str) -> _Document:
    """A document from a file that `made_by` wrote. Raises UnreadableError."""
    try:
        return model.model_validate_json(path.read_bytes())
    except OSError as error:
        raise UnreadableError(f"{path} cannot be read: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        what = f"{where}: {first['msg']}" if where else first["msg"]
        raise UnreadableError(f"{path} is not what `{made_by}` writes: {what}") from None


def merge(reports: Sequence[Report]) -> Report | None:
    """One report of several shards; where two tell of a stack, the later one counts. Raises UnreadableError."""
    if not reports:
        return None
    operations = sorted({one.operation for one in reports})
    if len(operations) > 1:
        raise UnreadableError(f"reports of {' and '.join(operations)} cannot be merged: they tell different things")
    outcomes = {one.stack: one for report in reports for one in report.outcomes}
    return Report(
        run=reports[0].run if len(reports) == 1 else "",
        operation=reports[0].operation,
        # Shards run beside each other.
        seconds=max(one.seconds for one in reports),
        outcomes=tuple(allowed(outcomes[name]) for name in sorted(outcomes)),
        not_applied=tuple(sorted({name for one in reports for name in one.not_applied})),
    )


def allowed(outcome: Outcome) -> Outcome:
    """What may be told of a stack in public; a field that is not named here does not pass."""
    return Outcome(
        stack=outcome.stack,
        operation=outcome.operation,
        result=outcome.result,
        reason=outcome.reason,
        counts=outcome.counts,
        resources=tuple(
            one.model_copy(
                update={"changes": tuple(PropertyChange(path=each.path, kind=each.kind) for each in one.changes)}
            )
            for one in outcome.resources
            if kind(one) != "same" or one.failed
        ),
        diagnostics=tuple(Diagnostic(severity=one.severity, message="", urn=one.urn) for one in outcome.diagnostics),
        policies=outcome.policies,
        remediations=outcome.remediations,
        beyond=outcome.beyond,
        pending=outcome.pending,
        cell_applied=outcome.cell_applied,
        seconds=outcome.seconds,
    )


def pull(plan: Plan | None, previews: Sequence[Report] = (), fleet: Fleet | None = None, approved: str = "") -> Pull:
    """All that is known of a change. With `fleet`, its files after the change, networks are drawn."""
    preview = merge(previews)
    drawn = networks(fleet, plan.pictures) if fleet and plan else ()
    names = {one.cell for one in drawn}
    return Pull(
        verdict=verdict(plan, rows(plan, preview)),
        plan=plan,
        preview=preview,
        networks=drawn,
        not_drawn=tuple(name for name in (plan.pictures if plan else ()) if name not in names),
        approved=approved,
    )
