"""What runs of the engine came to, in a few lines of Markdown: for a job's summary and for the issue about drift.

Owns      a table of stacks and the next step for a person.
Refuses   values of resources: names and counts alone, each escaped where it is written.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from stacks.ci.error import CiError
from stacks.pull.markup import code, prose
from stacks.run.outcome import Outcome
from stacks.run.report import Report

_MOST_ROWS = 200
_NEXT = {
    "failed": "Read the reason, mend its cause, then run the failed job again: stacks that are done are left alone.",
    "refused": "Something would be worse than what was approved. Run the whole workflow again to see and approve it.",
    "busy": "Another run holds the stack. Run the failed job again when that has ended.",
    "skipped": "A stack before it did not succeed; it is tried again together with that one.",
    "cancelled": "The run was stopped. Run the failed job again: it goes on where it stopped.",
}


def read(files: Iterable[Path]) -> tuple[Outcome, ...]:
    """The outcomes of run reports (`--output json`), by stack."""
    found: list[Outcome] = []
    for file in sorted(files):
        try:
            found += Report.model_validate_json(file.read_bytes()).outcomes
        except (OSError, ValidationError) as error:
            raise CiError(f"{file} is no report of a run ({type(error).__name__})") from None
    return tuple(sorted(found, key=lambda one: one.stack))


def summary(outcomes: Sequence[Outcome]) -> str:
    """What was applied, worst first, and what to do next."""
    return "\n".join(_summary(outcomes)) + "\n"


def _summary(outcomes: Sequence[Outcome]) -> Iterator[str]:
    bad = [one for one in outcomes if not one.good]
    yield f"<p><b>{len(outcomes) - len(bad)} of {len(outcomes)} stacks applied</b></p>"
    if bad:
        yield "<table><tr><th>stack</th><th>result</th><th>why</th><th>next</th></tr>"
        for one in bad[:_MOST_ROWS]:
            cells = (code(one.stack), one.result, prose(one.reason), _NEXT.get(one.result, ""))
            yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        yield "</table>"
        if len(bad) > _MOST_ROWS:
            yield f"<p>… and {len(bad) - _MOST_ROWS} more, in the artifact.</p>"


def drift(outcomes: Sequence[Outcome], link: str) -> tuple[str, bool]:
    """What is different in the clouds, and whether anything is; a stack that could not be read says neither."""
    changed = [one for one in outcomes if one.good and one.changes]
    unknown = [one for one in outcomes if not one.good]
    lines = [f"<p>{len(outcomes)} stacks read, {len(changed)} differ, {len(unknown)} could not be read.</p>"]
    if changed:
        lines.append("<table><tr><th>stack</th><th>resources that differ</th></tr>")
        for one in changed[:_MOST_ROWS]:
            names = [resource.name for resource in one.resources if resource.op not in ("same", "read", "refresh")]
            more = f" and {len(names) - 5} more" if len(names) > 5 else ""
            told = ", ".join(code(name) for name in names[:5])
            lines.append(f"<tr><td>{code(one.stack)}</td><td>{told or one.changes}{more}</td></tr>")
        lines.append("</table>")
    if unknown:
        lines.append("<p>Could not be read, which says nothing about them:</p><ul>")
        lines += [f"<li>{code(one.stack)}: {prose(one.reason)}</li>" for one in unknown[:_MOST_ROWS]]
        lines.append("</ul>")
    if changed:
        lines.append(
            "<p>Nothing was repaired. Either write what was changed by hand into the fleet's files, or let the next "
            "apply of the stack put it back: <code>fleet preview STACK</code> says what that would do.</p>"
        )
    if link:
        lines.append(f'<p><a href="{link}">The run</a></p>')
    return "\n".join(lines) + "\n", bool(changed)
