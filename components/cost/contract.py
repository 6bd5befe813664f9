"""What is used, what it costs, and the bill of it.

Owns      the shapes that clouds, formulas and bills share.
Refuses   numbers of money: those are each cloud's `prices.json`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # a cloud's entry record is part of what the model of a cell is made of
    from components.cell.spec import CellBody
    from components.clouds.reach import Exposure

HOURS = 730.0
"""Hours of a month as the clouds' own calculators count it: 8,760 / 12."""

Part = Literal["compute", "disk", "load balancer", "nat", "cross-zone traffic", "kubernetes", "link", "key"]


@dataclass(frozen=True)
class Use:
    """Units of one meter in a month.

    subject   what it is for, the same in every revision: uses of one part and subject are one line of a bill
    what      the same with its numbers, for people: `6 × 500 GiB kafka`
    meter     key of the cloud's `prices.json`: `machine/<type>`, `nat_hour` …
    quantity  in the meter's unit, for the whole month
    formula   how `quantity` came about: `3 gateways × 730 h`
    """

    part: Part
    subject: str
    what: str
    meter: str
    quantity: float
    formula: str


@dataclass(frozen=True)
class Line:
    """One line of a bill: USD a month, in cents."""

    part: Part
    subject: str
    what: str
    amount: float
    formula: str


@dataclass(frozen=True)
class Bill:
    """The month of one cell (`cell.<cell>`) or cluster (`cluster.<cluster>`).

    unpriced  what is used and has no price in the catalogue, with what to do about it
    left_out  what no bill of its kind counts
    """

    name: str
    lines: tuple[Line, ...]
    unpriced: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def total(self) -> float:
        """The sum of the lines, USD a month."""
        return round(sum(line.amount for line in self.lines), 2)

    @property
    def not_counted(self) -> tuple[str, ...]:
        """All that is missing, what a person can mend first."""
        return (*self.unpriced, *self.left_out)


@dataclass(frozen=True)
class Billed:
    """What only one cloud knows of its bill: its folder's `billed.py` holds one, named by the entry's `billed`.

    cell        `(body, nodes)`: control plane, disks of nodes, NAT, gateway, joins, keys of a cell of so many nodes
    balancers   `(body, number, exposure)`: load balancers of a cluster's listener
    runs_most   `(body)`: nodes do not follow what is needed, the most always run
    """

    cell: "Callable[[CellBody, int], Iterable[Use]]"
    balancers: "Callable[[CellBody, int, Exposure], Iterable[Use]]"
    runs_most: "Callable[[CellBody], bool]"


def hourly(part: Part, subject: str, meter: str, number: int, noun: str) -> Use:
    """`number` things that run the whole month."""
    return Use(part, subject, f"{number} × {noun}", meter, number * HOURS, f"{number} × {HOURS:g} h")
