"""What is folded behind a stack in a comment: each effect with its place, and the resources that go.

Owns      the list of one stack.
Refuses   resources that merely change: the full report has them.
"""

from collections.abc import Iterator, Sequence

from stacks.plan.document import Effect
from stacks.pull.markup import code, prose
from stacks.pull.parts import Part
from stacks.pull.rows import Row
from stacks.pull.verdict import listed, many
from stacks.pull.words import lasting
from stacks.tell.beyond import line
from stacks.tell.counting import is_root, kind

_MOST_EFFECTS, _MOST_RESOURCES, _MOST_NODES = 12, 12, 6
_TOLD = ("delete", "replace", "unprotect")


def details(rows: Sequence[Row]) -> Part:
    """One folded list for each stack with effects, the worst first."""
    given = [row for row in rows if next(_items(row), "")]

    def left(shown: int) -> str:
        return f"<p>Details of {many(len(given) - shown, 'more stack')} are in the full report.</p>\n"

    return Part(given, _details, "\n#### Details\n\n", "", left)


def _details(row: Row) -> str:
    time = lasting(row.planned.estimate.seconds) if row.planned else ""
    head = f"<summary>{code(row.name)} {prose(row.impact, 60)}{f', {time}' if time else ''}</summary>"
    items = "".join(f"<li>{one}</li>\n" for one in _items(row))
    return f"<details>\n{head}\n<ul>\n{items}</ul>\n</details>\n\n"


def _items(row: Row) -> Iterator[str]:
    if row.planned:
        effects = row.planned.effects
        yield from map(_effect, effects[:_MOST_EFFECTS])
        if len(effects) > _MOST_EFFECTS:
            yield f"and {many(len(effects) - _MOST_EFFECTS, 'more change')}"
        if through := [f"{one.kind} {code(one.file, 120)}" for one in row.planned.through if one.kind != "file"]:
            yield f"through {listed(through[:3])}{' and others' if len(through) > 3 else ''}"
    if row.seen:
        for other in row.seen.beyond[:_MOST_RESOURCES]:
            yield f"not as approved: {code(other.urn.rpartition('::')[2])} {prose(line(other))}"
        if len(row.seen.beyond) > _MOST_RESOURCES:
            yield f"and {many(len(row.seen.beyond) - _MOST_RESOURCES, 'more resource')} not as approved"
        for remedy in row.seen.remediations[:_MOST_RESOURCES]:
            yield f"policy {code(remedy.policy)} puts {code(remedy.urn.rpartition('::')[2])} right"
        found = [one for one in row.seen.resources if kind(one) in _TOLD and not is_root(one)]
        for one in sorted(found, key=lambda each: (_TOLD.index(kind(each)), each.urn))[:_MOST_RESOURCES]:
            yield f"{kind(one)} {code(one.name)} {code(one.type)}{' (failed)' if one.failed else ''}"
        if len(found) > _MOST_RESOURCES:
            yield f"and {many(len(found) - _MOST_RESOURCES, 'more resource')} that go or are replaced"


def _effect(effect: Effect) -> str:
    where = code(f"{effect.file}:{effect.line}:{effect.column}", 160)
    change = ""
    if effect.old is not None or effect.new is not None:
        old = "nothing" if effect.old is None else code(effect.old, 120)
        new = "nothing" if effect.new is None else code(effect.new, 120)
        change = f": {old} → {new}"
    nodes = list(map(code, effect.nodes[:_MOST_NODES]))
    rest = len(effect.nodes) - len(nodes)
    pods = f"; pods {listed(nodes)}{f' and {rest:,} more' if rest > 0 else ''}" if nodes else ""
    time = lasting(effect.estimate.seconds)
    how = f" ({prose(effect.estimate.formula, 120)})" if effect.estimate.formula else ""
    took = f"; {time}{how}" if time else ""
    return f"<b>{prose(effect.impact, 60)}</b> {prose(effect.reason)} {where} {code(effect.path)}{change}{pods}{took}"
