"""Stacks dealt out to machines, and the plans of the machines put together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stacks.approve import shard as dealing
from stacks.approve.document import Approved, BadPlanError, Shard, Step, identity, names_digest, sealed
from stacks.approve.merge import merge
from stacks.approve.shard import shard
from stacks.stack import Kind, Stack
from tests.approve.test_document import _PLAN

_KINDS: tuple[Kind, ...] = ("cell", "service", "app")
_FLEETS = st.dictionaries(st.text("abc.", min_size=1, max_size=8), st.sampled_from(_KINDS), max_size=40).map(
    lambda kinds: {name: Stack(name, kind, "one", "f", False) for name, kind in kinds.items()}
)


@given(_FLEETS, st.integers(1, 9), st.randoms())
def test_every_stack_is_in_one_part_and_all_machines_agree(stacks: dict[str, Stack], of: int, random: object) -> None:
    parts = [shard(stacks, number, of) for number in range(1, of + 1)]
    assert sorted(name for part in parts for name in part) == sorted(stacks)
    names = list(stacks)
    random.shuffle(names)  # type: ignore[attr-defined]
    again = {name: stacks[name] for name in names}
    assert [set(shard(again, number, of)) for number in range(1, of + 1)] == [set(part) for part in parts]


@given(_FLEETS, st.integers(1, 9))
def test_no_part_is_longer_than_another_by_more_than_one_stack(stacks: dict[str, Stack], of: int) -> None:
    loads = [
        sum(dealing._SECONDS[stacks[name].kind] for name in shard(stacks, number, of)) for number in range(1, of + 1)
    ]
    assert max(loads) - min(loads) <= max((dealing._SECONDS[one.kind] for one in stacks.values()), default=0)


def parts(of: int, stacks: dict[str, Stack]) -> dict[str, Approved]:
    """What the machines write."""
    return {
        f"part-{number}.json": sealed(
            _PLAN.model_copy(
                update={
                    "shard": Shard(number=number, of=of, all=names_digest(stacks)),
                    "stacks": {
                        name: Step(does="apply", result="ok", stack=identity(stacks[name]))
                        for name in shard(stacks, number, of)
                    },
                }
            )
        )
        for number in range(1, of + 1)
    }


FLEET = {f"app.a.{number}": Stack(f"app.a.{number}", "app", "one", "f", False) for number in range(7)}


@given(_FLEETS, st.integers(2, 6))
def test_the_parts_make_the_whole(stacks: dict[str, Stack], of: int) -> None:
    whole = merge(parts(of, stacks))
    assert (set(whole.stacks), whole.shard) == (set(stacks), None)
    assert whole == sealed(whole)


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (lambda found: found.pop("part-2.json"), "of 3 parts 2 missing"),
        (lambda found: found.update(again=found["part-1.json"]), "of 3 parts 1 twice"),
        (lambda found: found.update(zz=_PLAN), "zz is whole already"),
        (
            lambda found: found.update({"part-3.json": found["part-3.json"].model_copy(update={"head": "other"})}),
            "parts of different previews: head",
        ),
        (
            lambda found: found.update({"part-3.json": found["part-3.json"].model_copy(update={"stacks": {}})}),
            "do not add up",
        ),
        (
            lambda found: found.update({"part-3.json": parts(4, FLEET)["part-3.json"]}),
            "different previews: number of parts",
        ),
    ],
)
def test_what_does_not_make_a_whole_is_refused(broken: object, told: str) -> None:
    found = parts(3, FLEET)
    broken(found)  # type: ignore[operator]
    with pytest.raises(BadPlanError, match=told):
        merge(found)


def test_a_whole_alone_is_itself() -> None:
    assert merge({"plan.json": _PLAN}) is _PLAN
