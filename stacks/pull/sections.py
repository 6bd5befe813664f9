"""The parts of a comment, each a table or a list that may lose rows.

Owns      which columns there are, and what is said in place of rows that are left out.
Refuses   data outside of HTML blocks: see `markup.py`. No line that starts with a datum, no blank line inside a block.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from components.impact.contract import severity
from stacks.plan.document import Bill, CostLine, Plan, Refusal
from stacks.pull.document import Network
from stacks.pull.markup import code, prose
from stacks.pull.parts import Part
from stacks.pull.rows import Row, failed
from stacks.pull.verdict import MANDATORY, listed, many
from stacks.pull.words import amount, delta, lasting, operations, place, said, why
from stacks.run.outcome import Outcome

_MOST_IMPACTS = 12


def refusals(plan: Plan | None) -> Part:
    """Laws that are broken, errors first."""
    given = sorted(plan.refusals if plan else (), key=lambda one: (one.severity != "error", one.file, one.line))

    def left(shown: int) -> str:
        return f"<li>and {len(given) - shown:,} more</li>\n"

    title = "Refused" if any(one.severity == "error" for one in given) else "Warnings"
    return Part(given, _refusal, f"\n#### {title}\n\n<ul>\n", "</ul>\n", left, 0.3)


def _refusal(one: Refusal) -> str:
    lines = _lines(
        ("" if one.severity == "error" else "warning: ") + prose(one.message),
        f"{code(f'{one.file}:{one.line}:{one.column}', 160)} {code(one.code)}",
        one.allowed and f"allowed: {prose(one.allowed)}",
        one.hint and f"hint: {prose(one.hint)}",
    )
    return f"<li>{lines}</li>\n"


def unsuccessful(rows: Sequence[Row]) -> Part:
    """Stacks of which the engine could not say what would happen, and at which resources."""
    found = [row.seen for row in rows if row.seen and not row.seen.good]
    return _table("Without success", ("stack", "result", "why", "at"), found, _unsuccessful, share=0.15)


def _unsuccessful(one: Outcome) -> str:
    at = _lines(*[code(name) for name in failed(one)][:3])
    return _row(code(one.stack), one.result, prose(one.reason), at)


def grave(rows: Sequence[Row]) -> Part:
    """Stacks with deletes, replaces, moves of data and restarts."""
    found = [row for row in rows if row.grave]
    return _table("At stake", _COLUMNS, found, _stack, lambda shown: by_impact(found[shown:]), share=0.5)


def others(rows: Sequence[Row]) -> Part:
    """The other stacks, folded."""
    found = [row for row in rows if not row.grave]
    title = f"{many(len(found), 'stack')} without restarts"
    return _folded(title, _COLUMNS, found, _stack, lambda shown: by_impact(found[shown:]))


def policies(rows: Sequence[Row]) -> Part:
    """Each policy that is broken, with a stack that breaks it; mandatory ones first."""
    found = sorted(
        ((one, row.name) for row in rows if row.seen for one in row.seen.policies),
        key=lambda pair: (pair[0].level != MANDATORY, pair[0].policy, pair[1]),
    )
    times = Counter(one.policy for one, _ in found)
    first = {one.policy: (one, stack) for one, stack in reversed(found)}

    def show(name: str) -> str:
        one, stack = first[name]
        rest = f" and {times[name] - 1:,} more" if times[name] > 1 else ""
        resource = code(one.urn.rpartition("::")[2])
        return _row(
            code(name), prose(one.level, 20), code(stack) + rest, resource, _lines(*map(prose, said(one.message)))
        )

    return _table("Policies", ("policy", "level", "stack", "resource", "what is wrong"), [*times], show, share=0.2)


def cost(plan: Plan | None) -> Part:
    """Each bill that changes, the largest change first; folded."""
    if plan is None or not plan.cost.bills:
        return Part(())
    bills = sorted(plan.cost.bills, key=lambda one: (-abs(one.after - one.before), one.name))
    missing = sorted({what for one in bills for what in one.not_counted})
    foot = f"<p>Not counted: {prose('; '.join(missing), 600)}.</p>\n" if missing else ""
    title = f"Cost a month, {plan.cost.currency}" if plan.cost.currency.isalpha() else "Cost a month"
    return _folded(title[:40], ("what", "change", "after", "because of"), bills, _bill, foot=foot, share=0.1)


def _bill(one: Bill) -> str:
    lines = [line for line in one.lines if round(line.after - line.before, 2)][:6]
    return _row(code(one.name), delta(one.before, one.after), amount(one.after), _lines(*map(_cost_line, lines)))


def networks(given: Sequence[Network]) -> Part:
    """Addresses of the cells whose network changes, and their pictures."""

    def left(shown: int) -> str:
        return f"<p>{many(len(given) - shown, 'more cell')} in the full report.</p>\n"

    return Part(given, _network, "\n#### Networks\n\n", "", left, 0.25)


def _network(one: Network) -> str:
    ranges = "".join(_row(prose(each.what), code(each.cidr)) for each in one.ranges)
    # A fence ends at backticks only, and a picture has none.
    picture = f"\n```mermaid\n{one.mermaid.replace('`', '').strip()}\n```\n\n" if one.mermaid else ""
    head = f"<details>\n<summary>Network of {code(one.cell)}: {code(one.block)}</summary>\n"
    return f"{head}<table>\n{ranges}</table>\n{picture}</details>\n\n"


def notes(plan: Plan | None) -> Part:
    """What a reader has to know."""
    given = plan.notes if plan else ()
    return Part(given, lambda one: f"<li>{prose(one)}</li>\n", "\n<ul>\n", "</ul>\n", share=0.05)


def by_impact(rows: Sequence[Row]) -> str:
    """`3 deletes, 12 rolls brokers`, the worst first."""
    counts = Counter(row.impact for row in rows)
    ordered = sorted(counts, key=lambda name: (-severity(name), name))
    parts = [f"{counts[name]:,} {prose(name, 40)}" for name in ordered[:_MOST_IMPACTS]]
    rest = sum(counts[name] for name in ordered[_MOST_IMPACTS:])
    return listed([*parts, *([f"{rest:,} others"] if rest else [])])


_COLUMNS = ("stack", "why")


def _stack(row: Row) -> str:
    planned, seen = row.planned, operations(row)
    facts = [f"<b>{prose(row.impact, 60)}</b>"]
    if planned and planned.ring:
        facts.append(f"ring {code(planned.ring)}")
    if planned and planned.estimate.seconds:
        facts.append(lasting(planned.estimate.seconds))
    return _row(
        _lines(code(row.name), ", ".join(facts)),
        _lines(prose(why(row)), code(place(row), 160), seen if planned and planned.effects else ""),
    )


def _cost_line(line: CostLine) -> str:
    return f"{delta(line.before, line.after)} {prose(line.what, 100)}"


def _row(*cells: str) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>\n"


def _lines(*parts: str) -> str:
    return "<br>".join(part for part in parts if part)


def _header(columns: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<th>{one}</th>' for one in columns)}</tr>\n"


def _table(
    title: str,
    columns: Sequence[str],
    items: Sequence[Any],
    show: Callable[[Any], str],
    left: Callable[[int], str] | None = None,
    *,
    share: float,
) -> Part:
    head = f"\n#### {title}\n\n<table>\n{_header(columns)}"
    return Part(items, show, head, "</table>\n", _left(columns, items, left), share)


def _folded(
    title: str,
    columns: Sequence[str],
    items: Sequence[Any],
    show: Callable[[Any], str],
    left: Callable[[int], str] | None = None,
    *,
    foot: str = "",
    share: float = 1.0,
) -> Part:
    head = f"\n<details>\n<summary>{prose(title)}</summary>\n<table>\n{_header(columns)}"
    return Part(items, show, head, f"</table>\n{foot}</details>\n", _left(columns, items, left), share)


def _left(columns: Sequence[str], items: Sequence[Any], words: Callable[[int], str] | None) -> Callable[[int], str]:
    def left(shown: int) -> str:
        told = f": {words(shown)}" if words else ""
        return f'<tr><td colspan="{len(columns)}">and {len(items) - shown:,} more{told}</td></tr>\n'

    return left
