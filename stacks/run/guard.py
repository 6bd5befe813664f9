"""The engine's own plan, as a second guard between the check of a stack and its apply.

Owns      what is done to the plan that a preview saved before an apply is held to it, and knowing a breach of it.
Refuses   passing a breach on: the engine tells it with the values, secrets among them (`~~password[{&{{old}}}!=…]`).

Between the moment at which a stack was compared with what was approved and its apply, somebody else may change it.
The engine saves what its preview found, and an apply given that file makes no step and no input that is not in it.
Measured (3.250, three cells and three smaller stacks of the example fleet): no time that can be seen, 16 KB to 3.6 MB.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path

from components.marks import UNKNOWN
from stacks.run.outcome import Diagnostic

_BREACH = re.compile(r"violates plan|is not allowed by the plan|^expected resource operations for ")


def loosen(plan: Path) -> None:
    """Take the outputs of components and of the stack out of what is held.

    A preview may take an output for known and empty that an apply then fills (an address inside of an object of a
    cluster that is being made), and outputs ask for nothing: what is made of them is held where it goes in.
    """
    told = json.loads(plan.read_text())
    for resource in told["resourcePlans"].values():
        if goal := resource.get("goal"):
            added = dict.fromkeys((goal.get("outputDiff") or {}).get("adds") or (), UNKNOWN)
            others = dict.fromkeys((key for key in resource.get("state") or () if key not in added), UNKNOWN)
            goal["outputDiff"] = {"adds": added, "updates": others}
    plan.write_text(json.dumps(told))


def breached(messages: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Those by which the engine says that it was stopped by the plan."""
    return tuple(one for one in messages if _BREACH.search(one.message))
