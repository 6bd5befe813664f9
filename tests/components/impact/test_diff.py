"""Differences between objects: elements of lists are told apart by their natural keys."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from components.impact.contract import MISSING
from components.impact.diff import changes, differences, leaves, text
from components.services.contract import Manifest

SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=2)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("a", "name", "id")), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(VALUES, VALUES)
def test_there_is_a_difference_exactly_where_the_values_differ(old: Any, new: Any) -> None:
    assert bool(list(differences(old, new))) is (text(old) != text(new))


@given(VALUES)
def test_a_value_differs_from_nothing_as_a_whole(value: Any) -> None:
    assert list(differences(MISSING, value)) == [((), MISSING, value)]
    assert list(leaves(value))


def test_an_element_that_is_put_in_front_is_one_change() -> None:
    old = {"listeners": [{"name": "tls", "port": 9093}, {"name": "scram", "port": 9094}]}
    new = {"listeners": [{"name": "first", "port": 9092}, *old["listeners"]]}
    assert [path for path, _, _ in differences(old, new)] == [("listeners", "first")]


def test_an_element_is_followed_by_its_key_wherever_it_stands() -> None:
    old = {"volumes": ({"id": 0, "size": "1Gi"}, {"id": 1, "size": "1Gi"})}
    new = {"volumes": [{"id": 0, "size": "1Gi"}, {"id": 7, "size": "1Gi"}, {"id": 1, "size": "2Gi"}]}
    assert list(differences(old, new)) == [
        (("volumes", "1", "size"), "1Gi", "2Gi"),
        (("volumes", "7"), MISSING, {"id": 7, "size": "1Gi"}),
    ]


def test_another_order_is_one_change_of_the_list() -> None:
    old = {"env": [{"name": "a", "value": 1}, {"name": "b"}]}
    new = {"env": [{"name": "b"}, {"name": "a", "value": 1}]}
    assert [path for path, _, _ in differences(old, new)] == [("env",)]


def test_true_is_not_one() -> None:
    assert list(differences({"a": True}, {"a": 1})) == [(("a",), True, 1)]


def test_a_key_may_lie_deeper() -> None:
    old = [{"source": {"alias": "a"}, "topicsPattern": "x"}, {"source": {"alias": "b"}}]
    new = [{"source": {"alias": "a"}, "topicsPattern": "y"}, {"source": {"alias": "b"}}]
    assert [path for path, _, _ in differences(old, new)] == [("a", "topicsPattern")]


def test_a_list_without_keys_changes_as_a_whole() -> None:
    assert [path for path, _, _ in differences({"words": ["a", "b"]}, {"words": ["a", "c"]})] == [("words",)]
    twice = [{"name": "a"}, {"name": "a"}]
    assert [path for path, _, _ in differences(twice, [{"name": "a"}])] == [()]


def _manifest(name: str, protect: bool = False, **spec: Any) -> Manifest:
    return Manifest("role", {"apiVersion": "v1", "kind": "Thing", "metadata": {"name": name}, "spec": spec}, protect)


def test_objects_come_go_and_lose_protection() -> None:
    before = (_manifest("stays", protect=True, a=1), _manifest("goes"))
    after = (_manifest("stays", a=2), _manifest("comes"))
    assert [(one.name, one.path, one.old is MISSING, one.new is MISSING) for one in changes(before, after)] == [
        ("stays", ("spec", "a"), False, False),
        ("stays", ("protect",), False, False),
        ("comes", (), True, False),
        ("goes", (), False, True),
    ]
