"""An edit changes the lines it means, keeps every comment, and reads back as what was asked for."""

import copy
import difflib
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from stacks.edit import Path, add_item, add_key, remove_key, set_value
from stacks.problem import Problem
from stacks.read import Document, read_text
from tests.read import texts

TEXT = """\
# who
team: pay   # the team

services:
    kafka:
        version: '4.1'
        listeners:   # odd indentation is kept
        - {name: internal, port: 9093}
        - name: external
          port: 9094
        ranges: [10.0.0.0/8,  "x"]   # two
        # a comment at the end of kafka
# a comment before connect
    connect:
        workers: 3
notes: |
    first
    second
"""

SCALARS = st.one_of(
    st.sampled_from(
        [
            "a",
            "no",
            "4.10",
            "0777",
            "",
            "x: y",
            "# no",
            "- a",
            "it's",
            'a "b"',
            "10.0.0.0/8",
            "a, b",
            "é",
            "[x",
            "null",
            "1:30",
        ]
    ),
    st.integers(-(2**63), 2**63 - 1),
    st.booleans(),
    st.floats(-1000, 1000).map(lambda number: round(number, 3)),
)
VALUES = st.one_of(
    SCALARS,
    st.lists(SCALARS, max_size=3),
    st.dictionaries(st.sampled_from(["k", "on", "a b", "1"]), SCALARS, max_size=3),
)


def changed(before: str, after: str) -> list[str]:
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]


def paths(data: Any, above: Path = ()) -> list[Path]:
    steps = list(data.items()) if isinstance(data, dict) else list(enumerate(data)) if isinstance(data, list) else []
    return [path for step, value in steps for path in ((*above, step), *paths(value, (*above, step)))]


def at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


@pytest.mark.parametrize(
    ("path", "value", "lines"),
    [
        (("team",), "retail", ["- team: pay   # the team", "+ team: retail   # the team"]),
        (("services", "kafka", "version"), "4.2", ["-         version: '4.1'", '+         version: "4.2"']),
        (("services", "connect", "workers"), 5, ["-         workers: 3", "+         workers: 5"]),
        (
            ("services", "kafka", "listeners", 0, "port"),
            1,
            ["-         - {name: internal, port: 9093}", "+         - {name: internal, port: 1}"],
        ),
        (("services", "kafka", "listeners", 1, "port"), 1, ["-           port: 9094", "+           port: 1"]),
        (
            ("services", "kafka", "ranges"),
            ["10.0.0.0/9"],
            ['-         ranges: [10.0.0.0/8,  "x"]   # two', "+         ranges: [10.0.0.0/9]   # two"],
        ),
        (
            ("services", "kafka", "ranges", 1),
            "z",
            ['-         ranges: [10.0.0.0/8,  "x"]   # two', "+         ranges: [10.0.0.0/8,  z]   # two"],
        ),
        (("services", "connect"), {"a": 1}, ["-         workers: 3", "+       a: 1"]),
        (("team",), {"a": [1]}, ["- team: pay   # the team", "+ team:   # the team", "+   a:", "+     - 1"]),
    ],
)
def test_a_set_value_changes_its_line_only(path: Path, value: Any, lines: list[str]) -> None:
    after = set_value(TEXT, path, value)
    assert isinstance(after, str), after
    assert [line for line in changed(TEXT, after) if line[0] != "?"] == lines


def test_an_added_key_stands_behind_the_last_of_its_mapping() -> None:
    after = add_key(TEXT, ("services", "kafka", "storage"), {"disk_gib": 100})
    assert isinstance(after, str)
    assert changed(TEXT, after) == ["+         storage:", "+           disk_gib: 100"]
    assert after.index("# two") < after.index("storage") < after.index("# a comment at the end")
    flow = add_key(TEXT, ("services", "kafka", "listeners", 0, "tls"), True)
    assert isinstance(flow, str)
    assert "{name: internal, port: 9093, tls: true}" in flow
    last = add_key(TEXT, ("owner",), "ada")
    assert isinstance(last, str)
    assert last.endswith("    second\nowner: ada\n")


def test_an_added_item_stands_at_the_end_of_its_list() -> None:
    after = add_item(TEXT, ("services", "kafka", "ranges"), "10.2.0.0/16")
    assert isinstance(after, str)
    assert '[10.0.0.0/8,  "x", 10.2.0.0/16]   # two' in after
    block = add_item(TEXT, ("services", "kafka", "listeners"), {"name": "third"})
    assert isinstance(block, str)
    assert changed(TEXT, block) == ["+         - {name: third}"]


def test_a_removed_key_takes_its_lines_along() -> None:
    after = remove_key(TEXT, ("services", "kafka", "listeners"))
    assert isinstance(after, str)
    assert len(changed(TEXT, after)) == 4


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda: set_value(TEXT, ("nobody",), 1), "there is no 'nobody'"),
        (lambda: set_value(TEXT, ("services", "kafka", "listeners", 7), 1), "there is no"),
        (lambda: set_value(TEXT, (), 1), "the whole file"),
        (lambda: set_value(TEXT, ("notes",), "x"), "several lines"),
        (lambda: set_value(TEXT, ("services",), "x"), "comment"),
        (lambda: add_key(TEXT, ("team",), "x"), "already there"),
        (lambda: add_key(TEXT, ("team", "x"), "x"), "no mapping"),
        (lambda: add_item(TEXT, ("team",), "x"), "no list"),
        (lambda: remove_key(TEXT, ("services", "connect", "workers")), "all that its"),
        (lambda: remove_key(TEXT, ("services", "kafka", "listeners", 1, "name")), "behind a '-'"),
        (lambda: set_value(TEXT, ("team",), "\u202e"), "would not read back"),
        (lambda: set_value("a: 1\na: 2\n", ("a",), 1), "stands twice"),
    ],
)
def test_what_cannot_be_done_is_refused(edit: Any, words: str) -> None:
    problem = edit()
    assert isinstance(problem, Problem)
    assert words in problem.message


@settings(max_examples=600, deadline=None)
@given(texts.good, VALUES, st.data())
def test_only_lines_of_the_value_change(text: str, value: Any, data: st.DataObject) -> None:
    document = read_text("f", text.encode())
    assert isinstance(document, Document)
    path = data.draw(st.sampled_from(paths(document.data)))
    old = at(document.data, path)
    after = set_value(text, path, value)
    if isinstance(after, Problem):
        assert not isinstance(old, (str, int, float)) or isinstance(value, (list, dict))
        return
    if not isinstance(old, (list, dict)) and not isinstance(value, (list, dict)):
        lines = list(zip(text.split("\n"), after.split("\n"), strict=True))
        assert sum(left != right for left, right in lines) <= 1
    assert [line for line in changed(text, after) if line.lstrip("+- ").startswith("#")] == []
    wanted = copy.deepcopy(document.data)
    at(wanted, path[:-1])[path[-1]] = value
    assert YAML(typ="rt").load(io.StringIO(after)) == wanted, "another reader finds the same values"


@settings(max_examples=400, deadline=None)
@given(texts.good, VALUES, st.data())
def test_an_added_key_only_adds_lines_and_removing_it_restores_the_file(
    text: str, value: Any, data: st.DataObject
) -> None:
    document = read_text("f", text.encode())
    assert isinstance(document, Document)
    mappings = [(), *(path for path in paths(document.data) if isinstance(at(document.data, path), dict))]
    path = (*data.draw(st.sampled_from(mappings)), "fresh")
    after = add_key(text, path, value)
    assert isinstance(after, str), after
    lost = [line for line in changed(text, after) if line[0] == "-"]
    flow = not at(document.data, path[:-1]) or lost
    assert len(lost) <= (1 if flow else 0)
    if not flow:
        assert remove_key(after, path) == text
