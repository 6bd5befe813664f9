"""The order of files in a whole run."""

from pathlib import Path

import pytest

from tests.conftest import FIRST, pytest_collection_modifyitems

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("file", FIRST)
def test_what_goes_first_exists(file: str) -> None:
    assert (ROOT / file).is_file()


class _Item:
    def __init__(self, file: str, name: str) -> None:
        self.location = (file, 0, name)


def test_slow_files_go_first_and_tests_keep_their_order() -> None:
    given = [_Item("tests/a.py", "1"), _Item(FIRST[1], "2"), _Item(FIRST[0], "3"), _Item(FIRST[1], "4")]
    pytest_collection_modifyitems(given)  # type: ignore[arg-type]
    assert [item.location[2] for item in given] == ["3", "2", "4", "1"]
