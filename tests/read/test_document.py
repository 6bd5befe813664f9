"""A value is found where it stands; what is missing, where it has to be added."""

from typing import Any

import pytest

from stacks.read import Document, read_text

TEXT = """\
# a comment
name: orders   # here
"quoted key": 1
size:
    disk_gib: 100
    "kind": ssd
topics:
  - name: a
    ids: [1, 22, {x: 333}]
  -   name: b
text: |
  several
  lines
"""


@pytest.fixture
def document() -> Document:
    result = read_text("f.yaml", TEXT.encode())
    assert isinstance(result, Document)
    return result


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        (("name",), (2, 7), (2, 1)),
        (("quoted key",), (3, 15), (3, 1)),
        (("size",), (5, 5), (4, 1)),
        (("size", "disk_gib"), (5, 15), (5, 5)),
        (("size", "kind"), (6, 13), (6, 5)),
        (("topics", 0), (8, 5), (8, 5)),
        (("topics", 0, "ids", 1), (9, 14), (9, 14)),
        (("topics", 0, "ids", 2, "x"), (9, 22), (9, 19)),
        (("topics", 1, "name"), (10, 13), (10, 7)),
        (("text",), (11, 7), (11, 1)),
        ((), (2, 1), (2, 1)),
    ],
)
def test_positions(document: Document, path: Any, value: tuple[int, int], key: tuple[int, int]) -> None:
    assert document.position(path) == value
    assert document.position(path, key=True) == key


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("none",), (1, 1)),
        (("size", "none"), (4, 1)),
        (("size", "none", "deeper"), (4, 1)),
        (("topics", 7), (7, 1)),
        (("topics", 0, "none"), (8, 5)),
        (("name", "x"), (2, 1)),
    ],
)
def test_what_is_missing_is_told_at_the_nearest_key(document: Document, path: Any, place: tuple[int, int]) -> None:
    assert document.position(path) == place
    assert document.position(path, key=True) == place


def test_positions_count_characters_and_windows_line_ends() -> None:
    result = read_text("f.yaml", "a: ü☕ # é\r\nbé: x\r\n".encode())
    assert isinstance(result, Document)
    assert result.position(("bé",)) == (2, 5)
