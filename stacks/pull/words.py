"""Amounts, times and places in words, the same in a comment and on the page.

Owns      how numbers are written.
Refuses   markup: whoever writes these words escapes them.
"""

from stacks.plan.document import Cost
from stacks.pull.rows import Row

ICONS = {"refused": "⛔", "careful": "⚠️", "calm": "✅", "nothing": "✅"}
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def lasting(seconds: int) -> str:
    """`45 s`, `12 min`, `1 h 20 min`, `2 d 3 h`; empty for no time at all."""
    if seconds <= 0:
        return ""
    if seconds < _MINUTE:
        return f"{seconds} s"
    if seconds < _HOUR:
        return f"{-(-seconds // _MINUTE)} min"
    large, small, words = (_DAY, _HOUR, "d h") if seconds >= _DAY else (_HOUR, _MINUTE, "h min")
    whole, rest = divmod(-(-seconds // small), large // small)
    first, second = words.split()
    return f"{whole} {first}" + (f" {rest} {second}" if rest else "")


def amount(value: float) -> str:
    """`1,234.50`."""
    return f"{value:,.2f}"


def delta(before: float, after: float) -> str:
    """`+12.00`, `−3.50`, `±0.00`."""
    change = round(after - before, 2)
    sign = "±" if not change else "+" if change > 0 else "−"
    return f"{sign}{amount(abs(change))}"


def bill(cost: Cost) -> str:
    """The monthly estimate of a change in one sentence; empty where nothing that costs is touched."""
    if not cost.bills:
        return ""
    sums = f"{amount(cost.before)} → {amount(cost.after)} {cost.currency}"
    return f"{delta(cost.before, cost.after)} {cost.currency} a month ({sums})"


def why(row: Row) -> str:
    """Why a stack has its impact: the worst effect's reason, else what the engine would do."""
    effects = row.planned.effects if row.planned else ()
    if effects:
        rest = len(effects) - 1
        return effects[0].reason + (f" (and {rest} more)" if rest else "")
    if row.unsuccessful and row.seen:
        return row.seen.reason or "the preview did not succeed"
    if row.planned and row.planned.action != "update":
        return _ACTIONS[row.planned.action]
    return operations(row)


def operations(row: Row) -> str:
    """`2 delete, 1 replace, 30 update`."""
    order = ("delete", "replace", "unprotect", "create", "update")
    return ", ".join(f"{row.operations[name]:,} {name}" for name in order if row.operations[name])


_ACTIONS = {"create": "the stack is new", "delete": "the stack ends", "rename": "the stack has a new name"}


def said(message: str) -> tuple[str, str]:
    """A policy's title, and what is wrong: the first line of its message and the others."""
    title, _, what = message.partition("\n")
    return title, what


def place(row: Row) -> str:
    """`file:line` of the worst effect, or the stack's own file."""
    if not row.planned:
        return ""
    first = row.planned.effects[0] if row.planned.effects else None
    return f"{first.file}:{first.line}" if first else row.planned.file
