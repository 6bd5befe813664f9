"""How long things take: read from `durations.json`, where each figure has its source or is called an assumption.

Owns      the formulas of estimates.
Refuses   precision: what brokers hold is not known at review, so an estimate is an order of magnitude.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from components.impact.contract import Estimate

FILE = Path(__file__).with_name("durations.json")


@cache
def table() -> dict[str, Any]:
    """The file as it is."""
    found: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return found


def seconds(what: str) -> float:
    """Seconds of one step."""
    return float(table()["seconds"][what]["value"])


def rate(what: str) -> float:
    """A rate or share."""
    return float(table()["rates"][what]["value"])


def each(count: int, what: str, word: str = "") -> Estimate:
    """So many of them, one after the other."""
    one = seconds(what)
    return Estimate(count * one, f"{count} × {word or what} {one:g} s") if count else Estimate()


def once(what: str, word: str = "") -> Estimate:
    """One step, or several at the same time."""
    return Estimate(seconds(what), f"{word or what} {seconds(what):g} s")


def moving(disk_gib: float, brokers: int, share: float, shown: str) -> Estimate:
    """A share of what `brokers` brokers with `disk_gib` each hold goes over the network; they work in parallel.

    `share` is the part of all data that moves, `shown` how it was computed, for people.
    """
    fill, pace = rate("disk fill"), rate("rebalance MiB/s")
    took = disk_gib * 1024 * fill * brokers * share / (pace * brokers) if brokers else 0.0
    formula = f"{disk_gib:g} GiB × {fill:g} full × {shown} moved ÷ {pace:g} MiB/s of each of {brokers} brokers"
    return Estimate(took, formula)
