"""Rules of what a changed field of a cell does, as data, and how long it takes.

Owns      the form of a rule, which of several speaks for a field, and the formulas of estimates.
Refuses   the rules themselves: `impact.py` has those of every cloud, each cloud's folder its own.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from components.cell.spec import CellBody
from components.impact.contract import MISSING, Effect, Estimate, ObjectChange

FILE = Path(__file__).with_name("durations.json")

Took = Callable[[CellBody], Estimate]


@cache
def table() -> dict[str, Any]:
    """The file as it is."""
    found: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return found


def once(what: str) -> Took:
    """One step."""
    value = float(table()["seconds"][what]["value"])
    return lambda _body: Estimate(value, f"{what} {value:g} s")


def nothing(_body: CellBody) -> Estimate:
    """What takes no time worth telling."""
    return Estimate()


def nodes(*pools: str, first: str = "") -> Took:
    """The nodes of pools at the most that the file declares, one after the other; `first` is a step before them."""

    def took(body: CellBody) -> Estimate:
        value = float(table()["seconds"]["node"]["value"])
        before = float(table()["seconds"][first]["value"]) if first else 0.0
        zones = len(body.zones)
        counts = {pool: getattr(body.kubernetes, pool).most_per_zone * zones for pool in pools}
        parts = [f"{first} {before:g} s"] if first else []
        parts += [f"up to {count} {pool.replace('_', ' ')} × {value:g} s" for pool, count in counts.items()]
        return Estimate(before + sum(counts.values()) * value, " + ".join(parts))

    return took


@dataclass(frozen=True)
class FieldRule:
    """What a change at or below a path of a cell does.

    path     parts with dots between them, from the root of the cell, `*` for any one
    impact   of a change; of a value that is new or gone where `added` or `removed` does not say otherwise
    why      what happens, without its subject
    source   where that is from
    """

    path: str
    impact: str
    why: str
    took: Took = nothing
    source: str = ""
    added: str = ""
    removed: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """The path's parts."""
        return tuple(self.path.split("."))

    def speaks_for(self, path: tuple[str | int, ...]) -> bool:
        """Whether `path` is at or below the rule's."""
        return len(self.parts) <= len(path) and all(
            ours in ("*", str(theirs)) for ours, theirs in zip(self.parts, path, strict=False)
        )

    def effect(self, change: ObjectChange, body: CellBody) -> Effect:
        """The effect of a change that it speaks for. Only the rule's own field can come or go, not one below it."""
        whole = len(self.parts) == len(change.path)
        impact = self.impact
        if whole and change.old is MISSING:
            impact = self.added or impact
        elif whole and change.new is MISSING:
            impact = self.removed or impact
        return Effect(impact, f"'{change.dotted}' {self.why}", change, estimate=self.took(body), source=self.source)


def choose(rules: Iterable[FieldRule], path: tuple[str | int, ...]) -> FieldRule | None:
    """The rule that says most of a path; with `*` it says less than with a name. None where none speaks for it."""
    fitting = [rule for rule in rules if rule.speaks_for(path)]
    return max(fitting, key=lambda rule: (len(rule.parts), -rule.parts.count("*")), default=None)
