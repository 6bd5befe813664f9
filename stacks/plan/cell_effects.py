"""What a change of a cell does.

Owns      which changed values of a cell's document are asked about, and what stands for changes that no value explains.
Refuses   rules: `components/cell/impact.py` and the clouds' have them.
"""

from collections.abc import Iterator, Sequence

from components.cell import impact
from components.impact.contract import DYNAMIC, MISSING, NONE, REPLACES, Effect, ObjectChange
from components.impact.diff import differences
from stacks.plan.blame import Cause, of_leaf
from stacks.plan.pair import Leaf, Pair
from stacks.rendition import Item

CELL = "Cell"
METADATA = ("tags", "labels", "resourceLabels", "metadata", "effectiveLabels")
"""Properties in which clouds and Kubernetes keep ownership: they change in place."""


def effects(pair: Pair) -> Iterator[tuple[Cause, Effect]]:
    """Each changed value with what it does; resources that changed without one, at what changed them."""
    assert pair.before is not None and pair.after is not None  # noqa: S101 - the caller has both
    cell = pair.before.fleet.cells[pair.before.stack.cell]
    silent: list[Leaf] = []
    for leaf in pair.leaves:
        at = leaf.path[: len(cell.at)]
        change = ObjectChange(CELL, cell.name, "cell", leaf.path[len(cell.at) :], leaf.old, leaf.new)
        found = impact.judge(change, cell.spec) if at == cell.at else None
        if found is None:
            silent.append(leaf)
        else:
            yield of_leaf(leaf), found
    if silent or not pair.leaves:
        cause = of_leaf(silent[0]) if silent else _through(pair)
        yield from ((cause, effect) for effect in _resources(pair))


def _through(pair: Pair) -> Cause:
    first = next(iter(sorted(pair.through, key=lambda one: one.kind == "file")), None)
    return Cause(first.file, max(first.line, 1), 1, first.what) if first else Cause(pair.one.stack.file, 1, 1)


def _resources(pair: Pair) -> Iterator[Effect]:
    """Resources that differ, by what can be said without their cloud."""
    assert pair.before is not None and pair.after is not None  # noqa: S101 - the caller has both
    old, new = pair.before.rendition.items, pair.after.rendition.items
    for key in [*new, *(key for key in old if key not in new)]:
        was, will = old.get(key), new.get(key)
        if was is None and will is not None:
            yield _said(will, DYNAMIC, "is new", ())
        elif was is not None and will is None:
            yield _said(was, REPLACES, "is removed, or made again under another name", ())
        elif was is not None and will is not None and was != will:
            yield _changed(was, will)


def _changed(was: Item, will: Item) -> Effect:
    paths: Sequence[tuple[str | int, ...]] = [path for path, _, _ in differences(was.body, will.body)]
    if all(path[:1] and path[0] in METADATA for path in paths):
        why = "changes in tags, labels or annotations: in place" if paths else "changes in how the engine treats it"
        return _said(will, NONE if paths else DYNAMIC, why, ())
    return _said(will, REPLACES, "changes; whether in place the engine's preview says, so it counts as made again", ())


def _said(item: Item, impact_word: str, why: str, path: tuple[str | int, ...]) -> Effect:
    change = ObjectChange(item.type, item.name, item.name, path, MISSING, MISSING)
    return Effect(impact_word, f"{item.type} '{item.name}' {why}", change, source="no rule: caution")
