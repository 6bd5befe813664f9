"""Every malformed file is refused, at the right place and for the right reason, and for no other."""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from stacks.load import load
from tests.corpus import cases

CASES = cases.load()


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    shutil.copytree(cases.BASE, tmp_path / "repo")
    yield tmp_path / "repo"
    shutil.rmtree(tmp_path)


def test_the_base_is_good() -> None:
    assert load(cases.BASE).problems == ()


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_one_edit_away_from_good(case: cases.Case, root: Path) -> None:
    expected = case.apply(root)
    found = load(root).problems
    told = "\n".join(map(str, found))
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


def test_the_corpus_is_broad() -> None:
    count = Counter(case.code for case in CASES)
    assert len(count) >= 200
    assert len(CASES) >= 500
    assert max(count.values()) <= 12
    assert len({case.id for case in CASES}) == len(CASES)
