"""Differences: every changed leaf, its kind, and whether it replaces."""

import pytest

from sandbox.contract import UNKNOWN
from sandbox.diff import Change, changes, dotted


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": 1}, {"a": 1.0}, []),
        ({"a": 1}, {"a": True}, [("a", "UPDATE")]),
        ({"a": "x"}, {"a": "X"}, [("a", "UPDATE")]),
        ({"a": ["x", "y"]}, {"a": ["y", "x"]}, [("a[0]", "UPDATE"), ("a[1]", "UPDATE")]),
        ({"a": ["x"]}, {"a": ["x", "y"]}, [("a[1]", "ADD")]),
        ({"a": {"b": 1, "c": 2}}, {}, [("a.b", "DELETE"), ("a.c", "DELETE")]),
        ({}, {"a": {"b.c/d": 1}}, [('a["b.c/d"]', "ADD")]),
        ({}, {"a": {}}, [("a", "ADD")]),
        ({"a": "x"}, {"a": UNKNOWN}, [("a", "UPDATE")]),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, [("a[0].b", "UPDATE")]),
    ],
)
def test_changes(old: dict[str, object], new: dict[str, object], expected: list[tuple[str, str]]) -> None:
    assert [(one.dotted, one.kind) for one in changes(old, new)] == expected


@pytest.mark.parametrize(
    ("old", "new", "immutable", "replaces"),
    [
        ({"a": {"b": 1}}, {"a": {"b": 2}}, "a.b", True),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, "a", True),
        ({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}}, "a.b", False),
        ({"ab": 1}, {"ab": 2}, "a", False),
        ({}, {"a": {"b": 1}}, "a.b", True),
        ({"a": {"b": 1}}, {"a": UNKNOWN}, "a.b", True),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, "a[].b", True),
        ({}, {"a": [{"b": 2}]}, "a[].b", True),
        ({"a": [{"c": 1}]}, {"a": [{"c": 2}]}, "a[].b", False),
    ],
)
def test_immutable_properties_replace(
    old: dict[str, object], new: dict[str, object], immutable: str, replaces: bool
) -> None:
    assert any(one.replaces for one in changes(old, new, [immutable])) is replaces


def test_what_the_engine_ignores_is_no_change() -> None:
    old, new = {"tags": {"a.b": "1"}, "size": 1}, {"tags": {"a.b": "2"}, "size": 2}
    assert changes(old, new, ignore=['tags["a.b"]']) == [Change(("size",), "UPDATE")]
    assert changes(old, new, ignore=["tags", "size"]) == []


def test_paths_are_spelled_as_the_engine_does() -> None:
    assert dotted(("a", 0, "b-c", 'd"e')) == 'a[0].b-c["d\\"e"]'
