"""Whatever bytes a fleet file holds, reading ends soon and says what is wrong; it never raises."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stacks.problem import Problem
from stacks.read import Document, read_text
from stacks.read.characters import LARGEST
from tests.read import texts

# A generous bound for shared machines; what is measured there is a tenth of it, and a quadratic reader takes minutes.
SECONDS = 1.0

BOMBS = {
    "flow-lists": "a: " + "[" * (LARGEST - 3),
    "flow-maps": "a: " + "{a: " * (LARGEST // 5),
    "flow-maps-closed": "a: " + "{a: " * 40 + "1" + "}" * 40,
    "block-lists": "- " * (LARGEST // 2),
    "block-maps": "".join(" " * depth + "a:\n" for depth in range(300)),
    "keys": "".join(f"k{index}: 1\n" for index in range(LARGEST // 9)),
    "equal-keys": "k: 1\n" * (LARGEST // 5),
    "nulls": "a: [" + "~," * (LARGEST // 2 - 4) + "]",
    "short-items": "a: [" + "1," * (LARGEST // 2 - 4) + "]",
    "pairs": "a: [" + "b: c," * (LARGEST // 6) + "]",
    "aliases": "a: &a [b]\nc: [" + "*a," * (LARGEST // 4) + "]",
    "alias-bomb": "a: &a [x,x]\n"
    + "".join(f"{y}: &{y} [*{x},*{x}]\n" for x, y in zip("abcdefgh", "bcdefghi", strict=True)),
    "anchors": "".join(f"a{index}: &a{index} 1\n" for index in range(LARGEST // 16)),
    "tags": "a: [" + "!t 1," * (LARGEST // 6) + "]",
    "quotes": 'a: "' + "\\\\" * (LARGEST // 2 - 4),
    "closed-quotes": "a: '" + "''" * (LARGEST // 2 - 4) + "'\n",
    "spaces": "a:" + " " * (LARGEST - 4) + "b\n",
    "blank-lines": "\n" * (LARGEST - 8) + "a: 1\n",
    "digits": "a: " + "9" * (LARGEST - 8) + "\n",
    "underscores": "a: 1" + "_" * (LARGEST - 8) + "x\n",
    "colons": "a: " + "1:" * (LARGEST // 2 - 4) + "x\n",
    "dots": "a: " + "1." * (LARGEST // 2 - 4) + "x\n",
    "plain": "a: " + "x: " * (LARGEST // 3 - 4),
    "question-marks": "? " * (LARGEST // 2),
    "tabs": "\t" * LARGEST,
    "tabs-between": "a: b\n" + "\t\n" * (LARGEST // 2 - 4),
    "tabs-in-comments": "# \t\n" * (LARGEST // 4),
    "controls": "\x01" * LARGEST,
    "byte-order-marks": "\ufeff" * (LARGEST // 3),
    "bidi": "a: " + "\u202e" * (LARGEST // 3 - 4),
    "comments": "#\n" * (LARGEST // 2),
    "documents": "---\n" * (LARGEST // 4),
    "directives": "%A b\n" * (LARGEST // 5),
    "carriage-returns": "\r" * LARGEST,
    "block-text": "a: |\n" + " x\n" * (LARGEST // 3 - 4),
    "many-lines-of-text": "a: b\n" + " c\n" * (LARGEST // 3 - 4),
    "open-list-over-lines": "a: [\n" + " b,\n" * (LARGEST // 4 - 4),
    "simple-keys": "a: {" + "b, " * (LARGEST // 3 - 4),
    "too-large": "a" * (LARGEST + 1),
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_a_hostile_file_takes_no_time(text: str) -> None:
    start = time.process_time()
    result = read_text("f.yaml", text.encode())
    assert time.process_time() - start < SECONDS
    _judge(result, text)


@settings(max_examples=2000, deadline=None)
@given(
    st.one_of(st.binary(max_size=200), st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")))
)
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    _judge(read_text("f.yaml", raw), raw.decode("utf-8", "replace"))


@settings(max_examples=2000, deadline=None)
@given(texts.texts, st.data())
def test_any_yamlish_text_is_read_or_refused_and_positions_stand_in_the_file(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    piece = data.draw(
        st.sampled_from(["", "[", "}", "'", '"', "\t", ": ", "- ", "\n", "\r", "\x00", "&a ", "*a ", "\ufeff", "|\n"])
    )
    cut = data.draw(st.integers(0, 2))
    changed = text[:at] + piece + text[at + cut :]
    _judge(read_text("f.yaml", changed.encode()), changed)


@settings(max_examples=500, deadline=None)
@given(texts.good)
def test_every_value_has_a_position_inside_the_file(text: str) -> None:
    document = read_text("f.yaml", text.encode())
    assert isinstance(document, Document)
    rows = text.split("\n")
    for path in _paths(document.data):
        line, column = document.position(path, key=True)
        assert rows[line - 1][column - 1 :].startswith(path[-1] if isinstance(path[-1], str) else ("", ""))


def _paths(data: object, above: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    steps = list(data.items()) if isinstance(data, dict) else list(enumerate(data)) if isinstance(data, list) else []
    return [path for step, value in steps for path in ((*above, step), *_paths(value, (*above, step)))]


def _judge(result: Document | tuple[Problem, ...], text: str) -> None:
    if isinstance(result, Document):
        assert result.data
        return
    assert result
    assert list(result) == sorted(result)
    rows = text.split("\n")
    for problem in result:
        assert 1 <= problem.line <= len(rows) + 1
        assert problem.column >= 1
        assert problem.message
        assert problem.message[0].isupper() is False
        assert not problem.message.endswith(".")
        assert "\n" not in problem.message + problem.hint + problem.allowed
