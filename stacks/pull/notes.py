"""What stands beside the lines of a change: refusals, policies, previews without success and impacts.

Owns      from a report to the problems that `stacks/tell/problems.py` writes as annotations, SARIF or code quality.
Refuses   one note a stack: a line of a profile that restarts 400 clusters gets one note that says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from components.impact.contract import rolls, severity
from stacks.problem import Problem
from stacks.pull.document import Pull
from stacks.pull.rows import Row, rows
from stacks.pull.verdict import MANDATORY, many
from stacks.pull.words import said

_AT_LEAST = severity(rolls("anything"))
"""The mildest impact that is worth a note: pods restart."""


@dataclass(frozen=True)
class _Place:
    file: str
    line: int
    column: int
    impact: str


def problems(pull: Pull) -> tuple[Problem, ...]:
    """Everything that belongs to a line, sorted."""
    every = rows(pull.plan, pull.preview)
    refusals = pull.plan.refusals if pull.plan else ()
    found = [
        Problem(
            one.file, max(one.line, 1), max(one.column, 1), one.code, one.message, one.allowed, one.hint, one.severity
        )
        for one in refusals
    ]
    return tuple(sorted({*found, *_policies(every), *_unsuccessful(every), *_impacts(every)}))


def _impacts(every: tuple[Row, ...]) -> Iterator[Problem]:
    stacks: dict[_Place, dict[str, str]] = {}
    for row in every:
        for one in row.planned.effects if row.planned else ():
            if severity(one.impact) >= _AT_LEAST:
                place = _Place(one.file, one.line, one.column, one.impact)
                stacks.setdefault(place, {}).setdefault(row.name, one.reason)
    for place, reasons in stacks.items():
        yield Problem(
            place.file,
            max(place.line, 1),
            max(place.column, 1),
            f"impact-{place.impact.replace(' ', '-')}",
            f"{place.impact}: {_told(reasons)}",
            severity="note",
        )


def _told(reasons: Mapping[str, str]) -> str:
    stack, reason = next(iter(reasons.items()))
    rest = len(reasons) - 1
    return f"{stack}: {reason}" + (f" (and {many(rest, 'more stack')})" if rest else "")


def _policies(every: tuple[Row, ...]) -> Iterator[Problem]:
    for row in every:
        for one in row.seen.policies if row.seen and row.planned else ():
            level = "error" if one.level == MANDATORY else "warning"
            parts = (f"{row.name}: policy {one.policy}", one.urn.rpartition("::")[2], *said(one.message))
            text = ": ".join(filter(None, parts))
            yield Problem(_file(row), 1, 1, "policy", text, severity=level)


def _unsuccessful(every: tuple[Row, ...]) -> Iterator[Problem]:
    for row in every:
        if row.unsuccessful and row.seen and row.planned:
            yield Problem(_file(row), 1, 1, "preview-failed", f"{row.name}: {row.seen.result}: {row.seen.reason}")


def _file(row: Row) -> str:
    assert row.planned is not None  # noqa: S101 - asked only of rows that were planned
    return row.planned.file
