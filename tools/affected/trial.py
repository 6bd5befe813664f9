"""One edit after the other: what `affected` says, next to what the oracle says.

Owns      the run, and the count of what was missed and what was too much, by kind of edit.
Refuses   to stop at a difference: all are told.
"""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ruamel.yaml.error import YAMLError

from stacks.load import load
from stacks.plan.affected import affected
from stacks.problem import Problem
from tools.affected.draw import Edit, several
from tools.affected.oracle import by_its_own_code, digests
from tools.affected.world import World

BROKEN = 0.1
"""Share of draws that are taken even where they break the fleet."""


@dataclass
class Row:
    """All edits of one kind."""

    edits: int = 0
    broken: int = 0
    silent: int = 0
    affected: int = 0
    missed: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)


@dataclass
class Trial:
    """A run of edits in one world."""

    world: World
    kinds: Mapping[str, Edit]
    seed: int
    told: Callable[[str], None] = lambda _: None
    code: bool = False
    """The edits change the code too: the oracle is each revision's own."""
    rows: dict[str, Row] = field(default_factory=dict)
    _digests: dict[str, dict[str, str]] = field(default_factory=dict)

    def run(self, edits: int) -> dict[str, Row]:
        """Draw and judge. Now and then a valid edit stays, so that later ones meet another fleet."""
        rng = random.Random(self.seed)  # noqa: S311 - reproducible data, no secret
        base = self.world.git("rev-parse", "HEAD")
        names = list(self.kinds)
        for number in range(edits):
            name = "several" if number % 10 == 9 and not self.code else names[number % len(names)]
            head, what = self._edit(name, rng)
            row = self.rows.setdefault(name, Row())
            valid = self._judge(row, base, head, f"{number}: {name}: {what}", in_worktree=rng.random() < 0.5)
            if valid and rng.random() < 0.15:
                base = head
            self.world.back_to(base)
            if number % 50 == 49:
                self.told(f"{number + 1} edits")
        return self.rows

    def _edit(self, name: str, rng: random.Random) -> tuple[str, str]:
        """Draw until something is changed; of edits that break the fleet only some are kept."""
        what = ""
        for _ in range(20):
            try:
                what = (several if name == "several" else self.kinds[name])(self.world.root, rng)
            except (YAMLError, KeyError, IndexError):
                what = ""  # an edit that stayed has a form that the tool which draws cannot take
            if what and (rng.random() < BROKEN or not load(self.world.root).errors):
                break
            self.world.git("checkout", "--quiet", "--force", "HEAD", "--", ".")
            self.world.git("clean", "-fdq")
        return self.world.commit(what or "nothing"), what

    def _judge(self, row: Row, base: str, head: str, what: str, in_worktree: bool) -> bool:
        before, after = self._oracle(base), self._oracle(head)
        # Without a good fleet.yaml there is no plan, and no stack may seem to be gone.
        wanted = {name for name in before.keys() | after.keys() if after and before.get(name) != after.get(name)}
        if in_worktree:
            # The same files, none of them committed.
            self.world.git("reset", "--quiet", "--soft", base)
            self.world.git("reset", "--quiet")
        found = affected(self.world.root, base, None if in_worktree else head)
        got = set(found.pairs)
        row.edits += 1
        row.broken += bool(found.after.errors)
        row.silent += not wanted
        row.affected += len(wanted)
        row.extra += [f"{what}: {problem}" for problem in self._invented(found.after.errors)]
        row.missed += [f"{what}: {name}" for name in sorted(wanted - got)]
        row.extra += [f"{what}: {name}" for name in sorted(got - wanted)]
        return not found.after.errors

    def _invented(self, errors: Iterable[Problem]) -> list[Problem]:
        """Errors of the part that was read which the whole fleet does not have."""
        if not errors:
            return []
        real = {(p.file, p.line, p.column, p.code) for p in load(self.world.root).problems}
        return [p for p in errors if (p.file, p.line, p.column, p.code) not in real]

    def _oracle(self, commit: str) -> dict[str, str]:
        if commit not in self._digests:
            with self.world.tree(commit) as root:
                self._digests[commit] = by_its_own_code(root) if self.code else digests(root)
        return self._digests[commit]


def table(rows: Mapping[str, Row]) -> str:
    """The rows as text, and every difference."""
    lines = [f"{'edit':<24}{'edits':>7}{'broken':>8}{'no effect':>11}{'stacks':>8}{'missed':>8}{'extra':>7}"]
    for name, row in [*sorted(rows.items()), ("all", _sum(rows))]:
        lines.append(
            f"{name:<24}{row.edits:>7}{row.broken:>8}{row.silent:>11}{row.affected:>8}"
            f"{len(row.missed):>8}{len(row.extra):>7}"
        )
    for row in rows.values():
        lines += [f"missed  {each}" for each in row.missed] + [f"extra   {each}" for each in row.extra]
    return "\n".join(lines) + "\n"


def _sum(rows: Mapping[str, Row]) -> Row:
    total = Row()
    for row in rows.values():
        for key, value in vars(row).items():
            setattr(total, key, getattr(total, key) + value)
    return total
