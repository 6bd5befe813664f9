"""What goes beyond an approved plan: pure comparison, of one stack and of its inputs.

Owns      when an apply is refused.
Refuses   the engine, and values.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from stacks.approve.classes import Class, class_of, worse
from stacks.approve.document import Approved, Step, Word
from stacks.run.outcome import Beyond, ResourceChange

_SAME = Word(does="same")
_AHEAD = timedelta(minutes=10)
_PARTS = {
    "fleet": "fleet/fleet.yaml",
    "cell": "what its cell is resolved to",
    "cluster": "what its cluster is resolved to (its file, its profile, services' defaults)",
    "app": "what its app is resolved to",
    "code": "the code that builds it",
}


def beyond(step: Step, resources: Iterable[ResourceChange]) -> tuple[Beyond, ...]:
    """Steps that are worse than approved, and protection that ends without approval."""
    found = []
    for one in resources:
        approved, now = step.resources.get(one.urn, _SAME), class_of(one.op)
        lifts = one.lifts_protection and not approved.lifts_protection
        if worse(now, approved.does) or lifts:
            paths = tuple(change.path for change in one.changes)
            found.append(
                Beyond(urn=one.urn, type=one.type, approved=approved.does, now=now, lifts_protection=lifts, paths=paths)
            )
    return tuple(found)


def words(resources: Sequence[ResourceChange]) -> dict[str, Word]:
    """What is approved by approving these steps; what stays as it is, is left out."""
    found = {one.urn: _word(one, class_of(one.op)) for one in resources}
    return {urn: word for urn, word in sorted(found.items()) if word != _SAME}


def other_inputs(approved: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Why a stack is not what was approved, or nothing."""
    if approved.get("result") == now.get("result"):
        return ""
    parts = [told for part, told in _PARTS.items() if approved.get(part) != now.get(part)]
    return (
        "it is not what was approved: its files, or the code that builds it, ask for something else now; "
        f"what differs: {', '.join(parts) or 'another stack that it refers to'}"
    )


def too_old(plan: Approved, now: datetime, hours: int) -> str:
    """Why the plan's age forbids to use it, or nothing; no limit where `hours` is 0."""
    age = now - plan.made
    if age < -_AHEAD:
        return f"was made at {plan.made.isoformat()}, which is not yet"
    if hours and age > timedelta(hours=hours):
        return f"was made {age.days * 24 + age.seconds // 3600} hours ago, and {hours} are allowed (--max-age)"
    return ""


def _word(one: ResourceChange, does: Class) -> Word:
    return Word(
        does=does,
        type=one.type if does in ("replace", "delete") else "",
        lifts_protection=one.lifts_protection,
    )
