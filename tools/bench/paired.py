"""Two ways of doing the same thing, timed side by side on a machine that is not quiet.

Owns      interleaving, medians of per-pair ratios, CPU seconds of this process and its children, and the A/A control.
Refuses   conclusions where the control strays: then the numbers are printed as void.
"""

import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

CONTROL_STRAYS = 0.05

Way = Callable[[], object]


@dataclass(frozen=True)
class Cost:
    """Seconds of one run: on the wall, and of processors (this process and the children that it waited for)."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Ratio:
    """A relative to B over pairs. `low` and `high` are the quartiles of the per-pair wall ratios."""

    name: str
    pairs: int
    a: Cost
    b: Cost
    wall: float
    cpu: float
    low: float
    high: float

    def line(self) -> str:
        """One line for people."""
        return (
            f"{self.name:<34} {self.wall:5.2f}x wall ({self.low:.2f}-{self.high:.2f}), {self.cpu:5.2f}x cpu; "
            f"medians {self.a.wall * 1000:6.0f} / {self.b.wall * 1000:6.0f} ms wall, "
            f"{self.a.cpu * 1000:6.0f} / {self.b.cpu * 1000:6.0f} ms cpu; {self.pairs} pairs"
        )

    @property
    def quiet(self) -> bool:
        """As a control (A and B the same): whether it stayed within 5 % of 1."""
        return abs(self.wall - 1) <= CONTROL_STRAYS


def cost(way: Way) -> Cost:
    """Do it once."""
    before, began = os.times(), time.perf_counter()
    way()
    wall, after = time.perf_counter() - began, os.times()
    # user, system, children's user, children's system
    return Cost(wall, sum(after[:4]) - sum(before[:4]))


def compare(name: str, a: Way, b: Way, pairs: int) -> Ratio:
    """A against B: A B, B A, A B, … so that a drift of the machine meets both alike."""
    found: list[tuple[Cost, Cost]] = []
    for number in range(pairs):
        if number % 2:
            second, first = cost(b), cost(a)
        else:
            first, second = cost(a), cost(b)
        found.append((first, second))
    walls = [one.wall / other.wall for one, other in found]
    quartiles = statistics.quantiles(walls, n=4)
    return Ratio(
        name,
        pairs,
        _median([one for one, _ in found]),
        _median([other for _, other in found]),
        statistics.median(walls),
        statistics.median(one.cpu / other.cpu for one, other in found),
        quartiles[0],
        quartiles[2],
    )


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(statistics.median(one.wall for one in costs), statistics.median(one.cpu for one in costs))
