"""The impact of a stack's changed objects: each difference with what it does, the worst first.

Owns      who is asked, in which order: the service's own hook, the rules of the kind, and caution.
Refuses   positions in files (`stacks/plan/effects.py`), and `none` for anything that no rule knows.
"""

from collections.abc import Iterable, Iterator, Sequence

from components import catalog
from components.impact import whole
from components.impact.contract import (
    DYNAMIC,
    IRREVERSIBLE,
    REPLACES,
    Context,
    Effect,
    ObjectChange,
    severity,
)
from components.impact.diff import PROTECTION, changes
from components.impact.effect import made
from components.impact.kinds import KINDS
from components.services.contract import Manifest

APP = "components.apps.impact:impact"

CAUTION = "no rule: caution"


def judge(before: Sequence[Manifest], after: Sequence[Manifest], context: Context) -> tuple[Effect, ...]:
    """Every effect of going from `before` to `after`, the worst first."""
    return ordered(effect for change in changes(before, after) for effect in effects(change, context))


def ordered(found: Iterable[Effect]) -> tuple[Effect, ...]:
    """The worst first; equals in the order in which they came."""
    return tuple(sorted(found, key=lambda effect: -severity(effect.impact)))


def effects(change: ObjectChange, context: Context) -> Iterator[Effect]:
    """What one change does; at least one effect."""
    own = _own(change, context)
    if own is not None:
        yield own
    elif change.path == PROTECTION:
        yield _protection(change)
    elif change.path in (("apiVersion",), ("kind",)):
        yield made(change, REPLACES, "is another kind of object: it is made again", CAUTION)
    elif not change.path:
        yield whole.judge(change, context)
    elif change.kind in KINDS:
        yield from KINDS[change.kind](change, context)
    else:
        why = f"is of a kind that these rules do not know ({change.kind}), so it counts as made again"
        yield made(change, REPLACES, why, CAUTION)


def _own(change: ObjectChange, context: Context) -> Effect | None:
    """What the owner of the service says."""
    entry = catalog.services().get(context.service)
    hook = APP if context.service == "app" else entry.impact if entry else ""
    found: Effect | None = catalog.load(hook)(change, context) if hook else None
    return found


def _protection(change: ObjectChange) -> Effect:
    if change.new:
        return made(change, DYNAMIC, "is protected from now on", "Pulumi documentation, 'protect'")
    why = "is no longer protected: what deletes it next is not stopped"
    return made(change, IRREVERSIBLE, why, "Pulumi documentation, 'protect'")
