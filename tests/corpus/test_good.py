"""No good file is refused: fleets drawn by seed from what is allowed, in every legal style."""

from pathlib import Path

import pytest

from stacks.load import load
from stacks.read import Document, read, read_text
from stacks.read.witness import same
from tests.corpus import good

SEEDS = range(40)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_good_fleet_in_any_style_has_no_problem(seed: int, tmp_path: Path) -> None:
    drawn = good.fleet(seed)
    for name, (text, data) in drawn.items():
        path = tmp_path / "fleet" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
        document = read(tmp_path, f"fleet/{name}")
        assert isinstance(document, Document), document
        assert document.data == data
    assert load(tmp_path).problems == ()


def test_there_are_enough_and_they_differ() -> None:
    texts = [text for seed in SEEDS for text, _ in good.fleet(seed).values()]
    assert len(texts) >= 200
    assert len(set(texts)) >= 200


def test_a_seed_gives_the_same_fleet() -> None:
    assert good.fleet(7) == good.fleet(7)


TRICKY = {
    "a: x & y\n": "x & y",
    "a: 5 * 3\n": "5 * 3",
    "a: hello!\n": "hello!",
    "a: a<<b\n": "a<<b",
    "a: 'NO'\n": "NO",
    'a: "0777"\n': "0777",
    'a: "&anchor *alias !tag"\n': "&anchor *alias !tag",
    "a: '# no comment'\n": "# no comment",
    "a: no comment#here\n": "no comment#here",
    "a: 'it''s'\n": "it's",
    'a: "a\\tb\\n\\u00e9"\n': "a\tb\né",
    "a: 100%\n": "100%",
    "a: user@example.com\n": "user@example.com",
    "a: -x\n": "-x",
    "a: ?x\n": "?x",
    "a: :x\n": ":x",
    "a: --- x\n": "--- x",
    "a: |\n  key: value\n  - item # text\n": "key: value\n- item # text\n",
    "a: >-\n  one\n  two\n": "one two",
    "a: one\n  two\n": "one two",
    "a:\n  one\n": "one",
    "a: 'one\n  two'\n": "one two",
    "a: [b,\n  c]\n": ["b", "c"],
    "a: [\n  b,\n  c,\n]\n": ["b", "c"],
    "a: {b: 1,\n    c: 2}\n": {"b": 1, "c": 2},
    "a:\n- b\n- c\n": ["b", "c"],
    "a:\n  - - b\n    - c\n": [["b", "c"]],
    "? a\n: b\n": "b",
    "a: 9223372036854775807\n": 2**63 - 1,
    "a: -9223372036854775808\n": -(2**63),
    "a: 3.10\n": 3.1,
    "a: 1.2.3\n": "1.2.3",
    "a: 10.0.0.0/8\n": "10.0.0.0/8",
    "a: 12h\n": "12h",
    "a: 1e\n": "1e",
    "a: e10\n": "e10",
    "a: 0.0.0.1\n": "0.0.0.1",
    "a: nothing\n": "nothing",
    "a: yesterday\n": "yesterday",
    "a: 'null'\n": "null",
    "a: 日本\n": "日本",
    "a: x # a\ttab in a comment\n": "x",
    "a: 1\r\n": 1,
    "a: 1": 1,
    "---\na: 1\n": 1,
    "a: 1\n...\n": 1,
    "\n\n# a comment\n\na: 1 # 1\n\n": 1,
}


@pytest.mark.parametrize(("text", "value"), TRICKY.items(), ids=range(len(TRICKY)))
def test_what_only_looks_dangerous_is_read(text: str, value: object) -> None:
    document = read_text("f.yaml", text.encode())
    assert isinstance(document, Document), document
    assert same(document.data, {"a": value})
