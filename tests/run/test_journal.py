"""A run can be told and resumed from its journal, also where it died while it wrote."""

from pathlib import Path

import pytest

from stacks.run import journal
from stacks.run.journal import Journal, last_run
from stacks.run.outcome import Outcome
from stacks.run.settings import RunSettings


@pytest.fixture
def settings(tmp_path: Path) -> RunSettings:
    return RunSettings(root=tmp_path, program=tmp_path, state_root="file:///s", engine=tmp_path)


def _ended(stack: str, result: str) -> Outcome:
    return Outcome.model_validate(
        {"stack": stack, "operation": "up", "result": result, "outputs": {"a": "value"}, "reason": "because"}
    )


def test_a_dead_run_tells_what_is_done_and_what_was_under_way(settings: RunSettings) -> None:
    run = Journal(settings, "up", ["a", "b", "c", "d"])
    for name in "abc":
        run.started(name, f"digest-{name}")
    run.ended(_ended("a", "ok"))
    run.ended(_ended("b", "failed"))
    past = last_run(settings, "up")
    assert past is not None
    assert (past.done, past.open, past.finished) == ({"a": "digest-a"}, ("c",), False)
    assert past.asked == ("a", "b", "c", "d")
    run.finish()
    past = last_run(settings, "up")
    assert past is not None
    assert past.finished
    assert last_run(settings, "destroy") is None


def test_a_line_that_was_cut_off_is_no_line(settings: RunSettings) -> None:
    run = Journal(settings, "up", ["a"])
    run.started("a", "x")
    run.ended(_ended("a", "ok"))
    path = settings.scratch / "runs" / f"{run.id}.jsonl"
    text = path.read_text()
    for end in range(len(text)):
        path.write_text(text[:end])
        past = journal.read(path)
        assert past is None or set(past.done) <= {"a"}
    path.write_text(text[: text.rstrip().rindex("\n") + 20])
    past = journal.read(path)
    assert past is not None
    assert (past.done, past.open) == ({}, ("a",))


def test_a_journal_holds_no_values(settings: RunSettings) -> None:
    run = Journal(settings, "up", ["a"])
    run.ended(_ended("a", "ok"))
    text = (settings.scratch / "runs" / f"{run.id}.jsonl").read_text()
    assert "value" not in text
    assert "because" not in text
