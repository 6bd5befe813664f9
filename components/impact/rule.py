"""Rules as data: which property of a kind of object does what.

Owns      the form of a rule, and which of them speaks for a changed property.
Refuses   judgement of values: kinds that need it have a function (`kinds/`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from components.impact.contract import MISSING, ObjectChange, Path
from components.impact.diff import leaves


@dataclass(frozen=True)
class Rule:
    """What a change at or below a path does.

    path    parts with `/` between them, `*` for any one; empty is everything
    does    words that the kind's module turns into effects: `brokers`, `controllers`, `pods`, `dynamic`, `none` …
    why     what happens, without its subject, e.g. `is read at a node's start only`
    source  where that is from
    """

    path: str
    does: tuple[str, ...]
    why: str
    source: str

    @property
    def parts(self) -> tuple[str, ...]:
        """The path's parts."""
        return tuple(self.path.split("/")) if self.path else ()

    def speaks_for(self, path: Path) -> bool:
        """Whether `path` is at or below the rule's."""
        parts = self.parts
        return len(parts) <= len(path) and all(
            ours in ("*", str(theirs)) for ours, theirs in zip(parts, path, strict=False)
        )


def rule_for(rules: Sequence[Rule], path: Path) -> Rule | None:
    """The rule with the longest path of those that speak for `path`; the first of equals."""
    return max((rule for rule in rules if rule.speaks_for(path)), key=lambda rule: len(rule.parts), default=None)


def touched(change: ObjectChange) -> Iterator[Path]:
    """The single values that a change of a whole subtree consists of, each once."""
    seen: dict[Path, None] = {}
    for side in (change.old, change.new):
        if side is not MISSING:
            seen |= dict.fromkeys(leaves(side, change.path))
    yield from seen


def rules_for(rules: Sequence[Rule], change: ObjectChange) -> list[Rule]:
    """The rules that speak for any part of a change, each once; None of them means that nobody knows."""
    found: dict[Rule, None] = {}
    for path in touched(change):
        rule = rule_for(rules, path)
        if rule is not None:
            found[rule] = None
    return list(found)


def table(source: str, *rows: tuple[str | Iterable[str], str | tuple[str, ...], str]) -> tuple[Rule, ...]:
    """Rules of one source: paths (one or several), words, why."""
    made = []
    for paths, does, why in rows:
        words = (does,) if isinstance(does, str) else does
        made += [Rule(path, words, why, source) for path in ((paths,) if isinstance(paths, str) else paths)]
    return tuple(made)
