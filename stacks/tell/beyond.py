"""What went beyond an approved plan, for a person.

Owns      the lines of it: which resource, what was approved, what it is now, which properties differ.
Refuses   values, and the engine's words.
"""

from rich.console import Console
from rich.text import Text

from stacks.run.outcome import Beyond, Outcome
from stacks.tell.problems import printable

_MOST = 20
_MOST_PATHS = 8


def write_beyond(outcome: Outcome, console: Console) -> None:
    """Nothing where nothing went beyond."""
    if not outcome.beyond:
        return
    console.print(Text(f"\n{outcome.stack}: not as approved", "red bold"))
    for one in outcome.beyond[:_MOST]:
        console.print(Text(f"  {printable(one.urn.rpartition('::')[2])}  {printable(one.type)}: {line(one)}"))
    if len(outcome.beyond) > _MOST:
        console.print(Text(f"  and {len(outcome.beyond) - _MOST} more (all with --output json)", "dim"))


def line(one: Beyond) -> str:
    """What differs, in a few words."""
    if not one.now:
        return "other than in the check a moment before"
    said = [f"approved as {one.approved}, now {one.now}"] if one.now != one.approved else []
    if one.lifts_protection:
        said.append("its protection against deletion would end, which was not approved")
    if one.paths:
        more = f" and {len(one.paths) - _MOST_PATHS} more" if len(one.paths) > _MOST_PATHS else ""
        said.append(f"what differs: {', '.join(map(printable, one.paths[:_MOST_PATHS]))}{more}")
    return "; ".join(said)
