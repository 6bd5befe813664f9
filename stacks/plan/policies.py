"""Stacks that a change of the policies affects: those of which the old and the new ones say something else.

Owns      the pairs of such stacks, whose result is the same, and the files of the policies that differ.
Refuses   what `fleet.yaml` says of policies: it changes no policy, and every plan judges by it anew.
"""

from collections.abc import Collection, Iterator, Mapping

from stacks.fleet import Fleet
from stacks.plan.document import Through
from stacks.plan.pair import Pair, Side
from stacks.rendition import make as rendering


def through(changed: Collection[str], policies: Collection[str]) -> Iterator[Through]:
    """The files by which these policies differ: their own where those changed, otherwise all that did."""
    own = {name: f"policies/rules/{name.replace('-', '_')}.py" for name in sorted(policies)}
    for name, file in own.items():
        if file in changed:
            yield Through(kind="policy", file=file, what=name)
    shared = sorted(set(changed) - set(own.values()))
    if not set(own.values()) <= set(changed):
        for file in shared:
            yield Through(kind="policy", file=file, what=", ".join(own))


def added(
    pairs: Mapping[str, Pair],
    differing: Mapping[str, Collection[str]],
    changed: Collection[str],
    fleets: tuple[Fleet, Fleet],
) -> dict[str, Pair]:
    """The pairs, with the policies as a way to each stack that they say something else of."""
    found = dict(pairs)
    for name, policies in differing.items():
        ways = tuple(through(changed, policies))
        known = pairs.get(name)
        if known is not None:
            found[name] = Pair(known.before, known.after, (*known.through, *ways), known.leaves)
        elif all(name in fleet.stacks and rendering.stands(fleet, fleet.stacks[name]) for fleet in fleets):
            before, after = (
                Side(fleet, fleet.stacks[name], rendering.rendition(fleet, fleet.stacks[name])) for fleet in fleets
            )
            found[name] = Pair(before, after, ways)
    return dict(sorted(found.items()))
