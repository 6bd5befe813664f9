"""Every law of old and new refuses what it should, at the right place, and nothing beside it."""

from pathlib import Path

import pytest

from stacks import today
from tests.review import changes

CASES = changes.read()


@pytest.mark.parametrize("change", CASES, ids=[change.id for change in CASES])
def test_a_change(change: changes.Change, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(today.VARIABLE, change.today)
    expected, found, review = change.judge(tmp_path)
    told = "\n".join(map(str, found))
    assert not review.before.errors, "\n".join(map(str, review.before.errors))
    if not review.endings:  # else what refers to it is told by the laws of one state
        assert not review.after.errors, "\n".join(map(str, review.after.errors))
    assert sorted((e.file, e.line, e.column, e.code) for e in expected) == sorted(
        (p.file, p.line, p.column, p.code) for p in found
    ), told
    for want in expected:
        said = [
            str(p)
            for p in found
            if (p.file, p.line, p.column, p.code) == (want.file, want.line, want.column, want.code)
        ]
        assert any(want.words in text for text in said), told


def test_titles_are_told_apart() -> None:
    assert len({change.id for change in CASES}) == len(CASES)
