"""The end of a run, for a person: what happened to which stack, what stands where, and what to do about the rest.

Owns      the summary on stdout.
Refuses   to be parsed: programs take `--output json`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stacks.run.outcome import Outcome
from stacks.run.report import Report
from stacks.tell.counting import COLORS, SIGNS, by_cloud, count
from stacks.tell.problems import printable

_RESULT_COLORS = {"ok": "green", "failed": "red", "refused": "red"}
_FINISHED = {
    "preview": "would change",
    "up": "changed",
    "destroy": "deleted",
    "refresh": "differed from the clouds",
}
_ENDPOINTS = ("endpoints", "endpoint")
_MOST_MESSAGES = 8
_MOST_STACKS = 4


def write_summary(report: Report, console: Console) -> None:
    """Write it all: stacks, clouds, endpoints, what went wrong, and one last line."""
    _stacks(report, console)
    _clouds(report, console)
    _endpoints(report.outcomes, console)
    for outcome in report.outcomes:
        _trouble(outcome, console)
    _advice(report.outcomes, console)
    if report.not_applied:
        cells = ", ".join(report.not_applied)
        console.print(Text(f"\ncell not applied: {cells}; what stands on it was rendered offline", "yellow"))
    console.print(Text(f"\n{last_line(report)}", "bold"))


def last_line(report: Report) -> str:
    """The run in one sentence."""
    outcomes = report.outcomes
    total, good = len(outcomes), sum(one.good for one in outcomes)
    stacks = f"{total} stack{'s' * (total != 1)}"
    changed = sum(sum(number for name, number in count(one).items() if name != "same") for one in outcomes)
    unchanged = sum(count(one)["same"] for one in outcomes)
    time = f"{report.seconds:.1f} s"
    if good < total:
        results = Counter(one.result for one in outcomes)
        told = ", ".join(f"{results[name]} {name}" for name in sorted(results))
        return f"{report.operation}: {told} of {stacks}, {changed} resources {_FINISHED[report.operation]}, in {time}"
    if not changed:
        return f"nothing changes: all {unchanged} resources of {stacks} are as declared ({time})"
    return (
        f"{report.operation}: {changed} resources {_FINISHED[report.operation]}, {unchanged} same, in {stacks} ({time})"
    )


def _stacks(report: Report, console: Console) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("stack")
    table.add_column("result")
    for name, sign in SIGNS.items():
        table.add_column(Text(f"{sign} {name}", COLORS[name]), justify="right")
    table.add_column("time", justify="right")
    for outcome in report.outcomes:
        counts = count(outcome)
        note = " (cell not applied)" if outcome.cell_applied is False and report.operation == "preview" else ""
        table.add_row(
            Text(outcome.stack),
            Text(outcome.result + note, _RESULT_COLORS.get(outcome.result, "yellow")),
            *_cells(counts),
            Text(f"{outcome.seconds:.1f} s", "dim"),
        )
    console.print(table)


def _clouds(report: Report, console: Console) -> None:
    clouds = by_cloud(report.outcomes)
    if not clouds:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("resources")
    for name, sign in SIGNS.items():
        table.add_column(Text(f"{sign} {name}", COLORS[name]), justify="right")
    for name, counts in clouds.items():
        table.add_row(Text(name), *_cells(counts))
    console.print()
    console.print(table)


def _cells(counts: Counter[str]) -> list[Text]:
    return [Text(str(counts[name]) if counts[name] else "·", COLORS[name] if counts[name] else "dim") for name in SIGNS]


def _endpoints(outcomes: Iterable[Outcome], console: Console) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("endpoint of")
    table.add_column("")
    table.add_column("address", overflow="fold")
    for outcome in outcomes:
        for name in _ENDPOINTS:
            for label, address in _addresses(name, outcome.outputs.get(name)):
                table.add_row(Text(outcome.stack), Text(label, "dim"), Text(address))
    if table.row_count:
        console.print()
        console.print(table)


def _addresses(label: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, Mapping):
        return [found for name, one in value.items() for found in _addresses(str(name), one)]
    if isinstance(value, list):
        return [found for one in value for found in _addresses(label, one)]
    return [(printable(label), printable(str(value)))] if value else []


def _advice(outcomes: Iterable[Outcome], console: Console) -> None:
    """What policies advise, each once: the same advice to many stacks would bury what went wrong."""
    found: dict[str, list[tuple[str, str]]] = {}
    for outcome in outcomes:
        for one in outcome.policies:
            if one.level != "mandatory":
                found.setdefault(f"{one.policy}: {one.message.splitlines()[0]}", []).append((outcome.stack, one.urn))
    if found:
        console.print(Text("\npolicies advise (all with --output json, or `fleet policies check`)", "bold"))
    for policy, places in sorted(found.items()):
        stacks = sorted({stack for stack, _ in places})
        shown = ", ".join(stacks[:_MOST_STACKS]) + (", …" if len(stacks) > _MOST_STACKS else "")
        times = f"{len(places)} time{'s' * (len(places) != 1)}"
        console.print(Text(f"  {printable(policy)}: {times} in {shown}", "yellow"), soft_wrap=True)


def _trouble(outcome: Outcome, console: Console) -> None:
    """Why a stack did not succeed, and its warnings."""
    told = [("warning" if one.severity == "warning" else "error", one.message, one.urn) for one in outcome.diagnostics]
    told += [
        ("error", f"policy {one.policy}: {one.message}", one.urn)
        for one in outcome.policies
        if one.level == "mandatory"
    ]
    if outcome.good and not told:
        return
    console.print()
    head = f"{outcome.stack}: {outcome.result}"
    console.print(Text(head, _RESULT_COLORS.get(outcome.result, "yellow")))
    for line in outcome.reason.splitlines():
        console.print(Text(f"  {printable(line)}"), soft_wrap=True)
    for severity, message, urn in told[:_MOST_MESSAGES]:
        where = f"{printable(urn.rpartition('::')[2])}: " if urn else ""
        lines = message.splitlines() or [""]
        color = "red" if severity == "error" else "yellow"
        console.print(Text.assemble((f"  {severity}: ", color), f"{where}{printable(lines[0])}"), soft_wrap=True)
        for line in lines[1:]:
            console.print(Text(f"    {printable(line)}"), soft_wrap=True)
    if len(told) > _MOST_MESSAGES:
        console.print(Text(f"  and {len(told) - _MOST_MESSAGES} more (all with --output json)", "dim"))
    if outcome.details:
        console.print(Text(f"  the engine's own words (may hold names from your cloud): {outcome.details}", "dim"))
