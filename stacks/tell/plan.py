"""A plan, for a person at a terminal.

Owns      the text of `fleet plan`.
Refuses   to be parsed: programs take `--output json`.
"""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from components.impact.contract import severity
from stacks.plan.document import Affected, Cost, Effect, Plan
from stacks.problem import Problem
from stacks.tell.problems import printable

_ACTIONS = {"create": ("+", "green"), "update": ("~", "yellow"), "delete": ("-", "red"), "rename": ("±", "magenta")}
_LOUD = severity("moves data")
_MOST_EFFECTS = 6
_MOST_STACKS = 60
_MOST_NODES = 4


def write_plan(plan: Plan, console: Console) -> None:
    """Everything: what may not be, each stack with its reasons, cost, time, and one last line."""
    for note in plan.notes:
        console.print(Text(f"note: {printable(note)}", "yellow"), soft_wrap=True)
    for refusal in plan.refusals:
        told = Problem(**refusal.model_dump())
        color = "red" if refusal.severity == "error" else "yellow"
        console.print(Text(f"{refusal.severity}: {printable(str(told))}", color), soft_wrap=True)
    if plan.stacks:
        console.print(_table(plan.stacks))
        for one in plan.stacks[:_MOST_STACKS]:
            _reasons(one, console)
        if len(plan.stacks) > _MOST_STACKS:
            console.print(f"\n… reasons of {len(plan.stacks) - _MOST_STACKS} more stacks: --output json")
    _cost(plan.cost, console)
    console.print(Text(f"\n{last_line(plan)}", "bold"), soft_wrap=True)


def last_line(plan: Plan) -> str:
    """The plan in one sentence."""
    errors = sum(one.severity == "error" for one in plan.refusals)
    refused = f"; refused for {errors} reason{'s' * (errors != 1)}" if errors else ""
    if not plan.stacks:
        return f"no stack is affected{refused}"
    number = len(plan.stacks)
    worst = max((one.impact for one in plan.stacks), key=severity)
    waves = len({one.wave for one in plan.stacks})
    return (
        f"{number} stack{'s' * (number != 1)} affected in {waves} wave{'s' * (waves != 1)}, the worst: {worst}; "
        f"about {told(plan.estimate.seconds)}{refused}"
    )


def told(seconds: int) -> str:
    """A duration for people: `45 s`, `12 min`, `3 h 20 min`."""
    if seconds < 90:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def _table(stacks: Iterable[Affected]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("wave", "ring", "stack", "impact", "through"):
        table.add_column(column)
    table.add_column("about", justify="right")
    for one in stacks:
        sign, color = _ACTIONS[one.action]
        table.add_row(
            str(one.wave),
            printable(one.ring or "-"),
            Text(f"{sign} {printable(one.stack)}", color),
            Text(one.impact, "red" if severity(one.impact) >= _LOUD else ""),
            ", ".join(dict.fromkeys(way.kind for way in one.through)),
            told(one.estimate.seconds),
        )
    return table


def _reasons(one: Affected, console: Console) -> None:
    if not one.effects:
        return
    console.print(Text(f"\n{printable(one.stack)}", "bold"))
    for effect in one.effects[:_MOST_EFFECTS]:
        console.print(Text(f"  {effect.impact}: {printable(effect.reason)}"), soft_wrap=True)
        console.print(Text(f"    {_where(effect)}", "dim"), soft_wrap=True)
    if len(one.effects) > _MOST_EFFECTS:
        console.print(f"  … and {len(one.effects) - _MOST_EFFECTS} more")


def _where(effect: Effect) -> str:
    parts = [f"{effect.file}:{effect.line}:{effect.column}"]
    if effect.path:
        parts.append(effect.path)
    if effect.old is not None or effect.new is not None:
        parts.append(f"{effect.old or 'nothing'} → {effect.new or 'nothing'}")
    told = ": ".join(parts)
    if effect.nodes:
        number = len(effect.nodes)
        shown = ", ".join(effect.nodes[:_MOST_NODES]) + (", …" if number > _MOST_NODES else "")
        told += f"; {number} pod{'s' * (number != 1)}: {shown}"
    return printable(f"{told}; {effect.estimate.formula}" if effect.estimate.formula else told)


def _cost(cost: Cost, console: Console) -> None:
    if not cost.bills:
        return
    console.print(Text(f"\ncost a month, {cost.currency}, estimated", "bold"))
    for bill in cost.bills:
        change = f"{bill.before:,.0f} → {bill.after:,.0f} ({bill.after - bill.before:+,.0f})"
        console.print(f"  {printable(bill.name)}: {change}")
        for missing in bill.not_counted:
            if "no price" in missing:
                console.print(Text(f"    not counted: {printable(missing)}", "yellow"), soft_wrap=True)
