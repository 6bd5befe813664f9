"""What goes beyond an approval: the order of classes, protection, and inputs."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stacks.approve.classes import ORDER, Class, class_of, worse
from stacks.approve.compare import beyond, other_inputs, words
from stacks.approve.document import Identity, Step, Word
from stacks.run.outcome import PropertyChange, ResourceChange

_WHO = Identity(kind="cell", cell="one", file="f", production=False)


def step(**resources: Word) -> Step:
    return Step(does="apply", result="ok", stack=_WHO, resources=resources)


def change(urn: str = "u", op: str = "same", **more: Any) -> ResourceChange:
    return ResourceChange(urn=urn, type="t:t:T", op=op, **more)


@pytest.mark.parametrize("approved", ORDER)
@pytest.mark.parametrize("now", ORDER)
def test_less_is_allowed_and_more_is_not(approved: Class, now: Class) -> None:
    found = beyond(step(u=Word(does=approved)), [change(op=now)])
    assert bool(found) == (ORDER.index(now) > ORDER.index(approved))
    assert worse(now, approved) == bool(found)


def test_what_is_not_named_was_to_stay() -> None:
    ops = ("same", "read", "create", "delete")
    found = beyond(step(), [change(op, op) for op in ops])
    assert [(one.urn, one.approved, one.now) for one in found] == [
        ("create", "same", "create"),
        ("delete", "same", "delete"),
    ]


def test_protection_that_ends_needs_an_approval_of_its_own() -> None:
    lifted = [change(op="update", lifts_protection=True)]
    (found,) = beyond(step(u=Word(does="delete")), lifted)
    assert (found.lifts_protection, found.approved, found.now) == (True, "delete", "update")
    assert beyond(step(u=Word(does="update", lifts_protection=True)), lifted) == ()


def test_paths_are_told_and_no_values() -> None:
    changed = change(op="replace", changes=(PropertyChange(path="size", kind="update-replace", old="1", new="2"),))
    (found,) = beyond(step(), [changed])
    assert found.paths == ("size",)
    assert set(found.model_dump()) == {"urn", "type", "approved", "now", "lifts_protection", "paths"}


def test_a_word_of_the_engine_that_nobody_knows_is_the_worst() -> None:
    assert class_of("explode") == "delete"
    assert {class_of(word) for word in ("create-replacement", "import-replacement", "delete-replaced")} == {"replace"}


_CHANGES = st.lists(
    st.builds(
        change,
        urn=st.sampled_from("abcdef"),
        op=st.sampled_from([*ORDER, "read", "discard", "create-replacement"]),
        lifts_protection=st.booleans(),
    ),
    unique_by=lambda one: one.urn,
)


@given(_CHANGES)
def test_what_was_seen_is_allowed_once_it_was_approved(found: list[ResourceChange]) -> None:
    assert beyond(step(**words(found)), found) == ()


@given(_CHANGES, _CHANGES)
def test_nothing_is_allowed_that_is_worse_anywhere(seen: list[ResourceChange], now: list[ResourceChange]) -> None:
    approved = {one.urn: one for one in seen}
    wrong = {
        one.urn
        for one in now
        if worse(class_of(one.op), class_of(approved[one.urn].op) if one.urn in approved else "same")
        or (one.lifts_protection and not (one.urn in approved and approved[one.urn].lifts_protection))
    }
    assert {one.urn for one in beyond(step(**words(seen)), now)} == wrong


def test_inputs_are_compared_by_their_result_and_explained_by_their_parts() -> None:
    was = {"result": "1", "fleet": "f", "cluster": "c", "code": "x"}
    assert other_inputs(was, {**was, "code": "y", "cluster": "other"}) == ""
    told = other_inputs(was, {**was, "result": "2", "cluster": "other", "code": "y"})
    assert "its cluster is resolved to" in told
    assert "the code that builds it" in told
    assert "fleet.yaml" not in told
    assert "another stack" in other_inputs(was, {**was, "result": "2"})
    assert other_inputs({}, {"result": "2"})
