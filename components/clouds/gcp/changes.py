"""What a change of a cell on GCP may not do.

Owns      what belongs to the project for good.
Refuses   any SDK, and what no cloud allows (`components/cell/changes.py`).
"""

from collections.abc import Iterator

from components.cell.spec import CellBody
from components.finding import Finding


def changes(before: CellBody, after: CellBody, production: bool) -> Iterator[Finding]:
    """Every law of old and new that the change breaks. Paths are from the root of the cell."""
    del production
    old, new = before.section().project_number, after.section().project_number
    if old != new:
        yield Finding(
            "cell-immutable",
            ("gcp", "project_number"),
            f"project_number '{old}' -> '{new}': GCP's service agents are named by it, and would lose the cell's keys",
            old,
            "it is the number of `account`, and neither changes",
        )
