"""What pipelines ask of a forge, against a stand-in: the commit that was applied last, and one issue about drift."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from stacks.ci import issue
from stacks.ci.base import base
from stacks.ci.error import CiError
from stacks.ci.forge import Issue
from stacks.ci.runs import drift, summary
from stacks.run.outcome import Outcome, ResourceChange
from tests.ci.test_take import git


@dataclass
class Memory:
    """A forge that remembers."""

    deployed: list[str] = field(default_factory=list)
    found: dict[int, str] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)

    def applied(self, environment: str) -> Iterator[str]:
        assert environment == "fleet-apply"
        return iter(self.deployed)

    def issues(self) -> Iterator[Issue]:
        return (Issue(number, body) for number, body in self.found.items() if number not in self.closed)

    def open(self, title: str, body: str) -> int:
        number = len(self.found) + 1
        self.found[number] = body
        return number

    def edit(self, number: int, body: str, *, close: bool = False) -> None:
        self.found[number] = body
        if close:
            self.closed.add(number)


@pytest.fixture
def commits(tmp_path: Path) -> list[str]:
    git(tmp_path, "init", "--quiet", ".")
    found = []
    for number in range(4):
        git(tmp_path, "commit", "--quiet", "--allow-empty", "-m", str(number))
        found.append(git(tmp_path, "rev-parse", "HEAD"))
    return found


def test_an_apply_covers_those_before_it_that_failed(commits: list[str], tmp_path: Path) -> None:
    forge = Memory(deployed=["f" * 40, commits[1], commits[0]])
    assert base(tmp_path, forge, "fleet-apply", commits[2]) == commits[1]


def test_150_merges_with_dropped_and_failed_applies_leave_nothing_out(tmp_path: Path) -> None:
    """Whatever is dropped or fails: when the last apply has succeeded, every commit was in some apply."""
    git(tmp_path, "init", "--quiet", ".")
    forge, covered, every = Memory(), set(), []
    for number in range(150):
        git(tmp_path, "commit", "--quiet", "--allow-empty", "-m", str(number))
        every.append(git(tmp_path, "rev-parse", "HEAD"))
        if number and (number % 7 in (1, 2, 5) or number % 11 == 3) and number != 149:
            continue  # dropped, rejected or failed
        before = every[-2] if number else every[0]
        start = base(tmp_path, forge, "fleet-apply", before)
        covered |= set(git(tmp_path, "rev-list", f"{start}..HEAD").split())
        forge.deployed.insert(0, every[-1])
    assert covered == set(every[1:])


def test_what_a_later_run_applied_is_not_applied_again(commits: list[str], tmp_path: Path) -> None:
    git(tmp_path, "checkout", "--quiet", commits[1])
    assert base(tmp_path, Memory(deployed=[commits[3]]), "fleet-apply", commits[0]) == commits[1]


def test_the_first_time_the_push_tells(commits: list[str], tmp_path: Path) -> None:
    assert base(tmp_path, Memory(), "fleet-apply", commits[2]) == commits[2]
    for before in ("", "0" * 40, "f" * 40):
        with pytest.raises(CiError, match="nothing was applied before"):
            base(tmp_path, None, "fleet-apply", before)


def test_there_is_one_issue_and_it_is_closed_when_all_is_well() -> None:
    forge = Memory(found={7: "a stranger's"})
    forge.found[8] = "of others: <!-- kafka-fleet:drift -->"
    assert issue.keep(forge, "one", differs=True) == "issue 3 is opened"
    assert issue.keep(forge, "two", differs=True) == "issue 3 is rewritten"
    assert issue.keep(forge, "none", differs=False) == "no drift: issue 3 is closed"
    assert issue.keep(forge, "none", differs=False) == "no drift, and no issue about it"
    assert issue.keep(forge, "three", differs=True) == "issue 4 is opened"
    assert forge.found[7] == "a stranger's"


def outcome(stack: str, result: str = "ok", reason: str = "", op: str = "same") -> Outcome:
    change = ResourceChange(urn=f"urn:pulumi:x::y::z::{stack}-thing", type="a:b:C", op=op)
    return Outcome.model_validate(
        {
            "stack": stack,
            "operation": "refresh",
            "result": result,
            "reason": reason,
            "counts": {op: 1},
            "resources": (change,),
        }
    )


def test_what_could_not_be_read_is_not_said_to_differ() -> None:
    text, differs = drift([outcome("cell.a", op="update"), outcome("cell.b", "failed", "no answer")], "")
    assert differs and "1 differ, 1 could not be read" in text
    text, differs = drift([outcome("cell.b", "failed", "no answer")], "")
    assert not differs
    assert drift([outcome("cell.a")], "")[1] is False


def test_strangers_words_stay_words() -> None:
    hostile = "</td><script>alert(1)</script> @acme/platform `x`"
    for text in (summary([outcome("cell.a", "failed", hostile)]), drift([outcome("a", "failed", hostile)], "")[0]):
        assert "<script" not in text
        assert "@acme" not in text


def test_a_failure_comes_with_the_next_step() -> None:
    text = summary([outcome("cell.a"), outcome("cell.b", "refused", "it replaces the cluster")])
    assert "1 of 2 stacks applied" in text
    assert "Run the whole workflow again" in text
