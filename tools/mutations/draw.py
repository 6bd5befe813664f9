"""Draws mutations by seed: every kind in turn, and for each kind every type that it fits in turn.

Owns      the order: the same seed and the same requests give the same mutations on every machine.
Refuses   a favourite: types and kinds are dealt like cards, so that no large resource has most of them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from random import Random

from sandbox.contract import Record
from tools.mutations.edit import Mutation
from tools.mutations.kinds import KINDS, Kind, Known


def known(records: Sequence[Record]) -> Known:
    """Siblings and ids among the requests."""
    by_type: dict[str, list[Record]] = defaultdict(list)
    ids: set[str] = set()
    for record in sorted(records, key=lambda one: (one.urn, one.id)):
        by_type[record.type].append(record)
        named = [record.outputs.get(name) for name in ("id", "arn", "selfLink", "email", "name")]
        ids.update(one for one in (record.id, *named) if isinstance(one, str) and len(one) > 5)
    return Known(by_type, frozenset(ids))


def draw(records: Sequence[Record], seed: int, count: int, kinds: Mapping[str, Kind] = KINDS) -> list[Mutation]:
    """`count` mutations, no two alike."""
    random = Random(seed)  # noqa: S311 - a game of dice that must be repeatable
    known_ = known(records)
    decks: dict[str, list[str]] = {kind: [] for kind in kinds}
    found: dict[str, Mutation] = {}
    for _round in range(count):
        if len(found) == count:
            break
        for kind, function in kinds.items():
            mutation = _draw(kind, function, decks[kind], known_, random)
            if mutation is not None and len(found) < count:
                found.setdefault(repr(mutation), mutation)
    return list(found.values())


def _draw(kind: str, function: Kind, deck: list[str], known_: Known, random: Random) -> Mutation | None:
    """The kind on the next type that it fits."""
    for _try in range(2 * len(known_.by_type)):
        if not deck:
            deck += random.sample(sorted(known_.by_type), len(known_.by_type))
        token = deck.pop()
        record = random.choice(known_.by_type[token])
        edits = function(record, known_, random)
        if edits:
            return Mutation(kind, record.urn, token, tuple(edits))
    return None
