"""Written changes: their format and its reader.

A case is one edit of the example fleet, every stack that it affects, and every refusal:

    # more controllers
    @ fleet/clusters/payments/payments-prod.yaml
    -       replicas: 3
    +       replicas: ‸5
    = controllers-immutable cannot be changed
    ~ kafka.payments-prod irreversible

Edits are written as in `tests/corpus/cases.py`. `~ STACK IMPACT [(words of a reason)]` names an affected stack, or
several by a glob; together they are all of them, and `~ nothing` says that there is none. `= FILE:LINE:COL code words`
is a refusal in a file that the edit does not touch, or that is gone. `% before` begins an edit that was merged earlier,
`% change` ends it, `% today DAY` is the day on which the change is judged.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.corpus.cases import Case, Expected, Section

HERE = Path(__file__).parent
TODAY = "2026-11-23"
IMPACT = re.compile(r"^(\S+) (none|dynamic|rolls [a-z -]+?|moves data|replaces|irreversible|deletes)(?: \((.*)\))?$")
_PLACE = re.compile(r"^(\S+):(\d+):(\d+) (\S+) ?(.*)$")


@dataclass(frozen=True)
class Affects:
    """One expected stack, or several by a glob."""

    stack: str
    impact: str
    words: str = ""


@dataclass
class Written:
    """One case."""

    title: str
    file: str
    today: str = TODAY
    before: Case = field(default_factory=lambda: Case("before"))
    change: Case = field(default_factory=lambda: Case("change"))
    affects: list[Affects] = field(default_factory=list)
    elsewhere: list[Expected] = field(default_factory=list)
    judged: bool = False
    """Whether the case says at all which stacks are affected."""

    @property
    def id(self) -> str:
        """For pytest."""
        return f"{self.file}: {self.title}"


def load() -> list[Written]:
    """All cases of all files beside this one."""
    return [case for path in sorted(HERE.glob("written*.txt")) for case in parse(path.read_text(), path.stem)]


def parse(text: str, file: str) -> list[Written]:
    """The cases in one file's text."""
    cases: list[Written] = []
    part = Case("")
    for line in text.split("\n"):
        sign, rest = line[:1], line[2:]
        if sign == "#":
            cases.append(Written(rest, file))
            part = cases[-1].change
        elif sign == "%":
            part = _order(cases[-1], rest, part)
        elif sign == "~":
            _affects(cases[-1], rest)
        elif sign == "!":
            part.orders.append(rest.split(" "))
        elif sign == "@":
            part.sections.append(Section(rest))
        elif sign == "=" and (place := _PLACE.match(rest)):
            where = (place[1], int(place[2]), int(place[3]))
            cases[-1].elsewhere.append(Expected(*where, code=place[4], words=place[5]))
        elif line:
            assert sign in "+-= ", f"{file}: {line}"
            part.sections[-1].lines.append((sign, rest))
    return cases


def _order(case: Written, rest: str, part: Case) -> Case:
    word, _, value = rest.partition(" ")
    if word == "today":
        case.today = value
        return part
    assert word in {"before", "change"}, rest
    return case.before if word == "before" else case.change


def _affects(case: Written, rest: str) -> None:
    case.judged = True
    if rest == "nothing":
        return
    found = IMPACT.match(rest)
    assert found, rest
    case.affects.append(Affects(found[1], found[2], found[3] or ""))
