"""Laws of old and new: a file that is valid today may still be a change that nothing can undo.

Owns      the list of laws that see both revisions, and asking them all.
Refuses   laws that one state shows (`stacks/check`), and finding what differs (`stacks/plan`).
"""

from collections.abc import Callable, Iterable

from stacks.check.changes import order, owned, protection, retirements, tombstones
from stacks.check.changes.review import Review as Review
from stacks.problem import Problem

LAWS: tuple[Callable[[Review], Iterable[Problem]], ...] = (
    tombstones.files,
    tombstones.moves,
    tombstones.caps,
    tombstones.sections,
    tombstones.topics,
    retirements.days,
    retirements.caps,
    retirements.taken_back,
    protection.production,
    protection.tombstones,
    order.problems,
    owned.cells,
    owned.services,
    owned.apps,
    owned.places,
)


def problems(review: Review) -> tuple[Problem, ...]:
    """Every law that the change breaks, warnings included; sorted, each once."""
    return tuple(sorted({problem for law in LAWS for problem in law(review)}))
