"""Changes under review as text: the corpus' format (`tests/corpus/cases.py`), with a base of its own where needed.

    # what a person did
    % today 2026-12-20
    % before
    @ fleet/clusters/web/shop-prod.yaml
    …                                       an edit that was merged earlier
    % change
    @ fleet/clusters/web/shop-prod.yaml
    …                                       the change; its `=` lines are all that the laws of old and new say of it

A case without `% before` starts from the corpus' base. One without any `=` line is a change that they have nothing
against. Files differ by content; a rename is what `! rename` does.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from stacks.check.changes import Review, problems
from stacks.fleet import Fleet
from stacks.load import load
from stacks.plan.pair import FileChange
from stacks.problem import Problem
from tests.corpus import cases

HERE = Path(__file__).parent / "cases"


@dataclass
class Change:
    """One change: what was there before it, what it does, and on which day."""

    title: str
    before: cases.Case = field(default_factory=lambda: cases.Case(""))
    after: cases.Case = field(default_factory=lambda: cases.Case(""))
    today: str = cases.TODAY

    @property
    def expected(self) -> list[str]:
        """What follows, as it is written."""
        return [text for section in self.after.sections for sign, text in section.lines if sign == "="]

    @property
    def id(self) -> str:
        """For pytest."""
        return self.title

    def codes(self) -> set[str]:
        """Every code that is expected."""
        return self.after.codes()

    def judge(self, root: Path) -> tuple[list[cases.Expected], tuple[Problem, ...], Review]:
        """Expected and told. `root` is an empty folder."""
        old, new = root / "before", root / "after"
        shutil.copytree(cases.BASE, old)
        assert not self.before.apply(old), "what was there before has no errors to expect"
        shutil.copytree(old, new)
        expected = self.after.apply(new)
        base = load(old) if self.before.sections or self.before.orders else _base()
        review = Review(base, load(new), tuple(files(old, new, self.after.orders)), date.fromisoformat(self.today))
        return expected, problems(review), review


@cache
def _base() -> Fleet:
    return load(cases.BASE)


def read() -> list[Change]:
    """All changes."""
    found: list[Change] = []
    for path in sorted(HERE.glob("*.txt")):
        into = "after"
        for line in path.read_text().split("\n"):
            sign, text = line[:1], line[2:]
            if sign == "#":
                found.append(Change(text))
                into = "after"
            elif sign == "%":
                word, _, rest = text.partition(" ")
                if word == "today":
                    found[-1].today = rest
                else:
                    into = {"before": "before", "change": "after"}[word]
            elif line:
                _take(getattr(found[-1], into), sign, text)
    return found


def _take(case: cases.Case, sign: str, text: str) -> None:
    if sign == "!":
        case.orders.append(text.split(" "))
    elif sign == "@":
        case.sections.append(cases.Section(text))
    else:
        assert sign in "+-= ", text
        case.sections[-1].lines.append((sign, text))


def files(old: Path, new: Path, orders: list[list[str]] | None = None) -> Iterator[FileChange]:
    """What differs between two folders, as Git would tell it; a renamed folder is renamed file by file."""
    was, will = ({str(p.relative_to(at)) for p in (at / "fleet").rglob("*") if p.is_file()} for at in (old, new))
    renamed: dict[str, str] = {}
    for order, *names in orders or ():
        if order == "rename":
            renamed |= {
                name: names[1] + name.removeprefix(names[0])
                for name in was
                if name == names[0] or name.startswith(f"{names[0]}/")
            }
    for name in sorted(was - will):
        after = renamed.get(name, "")
        yield FileChange(name, after, "renamed" if after else "removed")
    for name in sorted(will - was - set(renamed.values())):
        yield FileChange("", name, "added")
    for name in sorted(was & will):
        if (old / name).read_bytes() != (new / name).read_bytes():
            yield FileChange(name, name, "modified")
