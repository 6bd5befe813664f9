"""Waves: rings first to last, nothing before what it stands on, what ends last and the other way round."""

from hypothesis import given
from hypothesis import strategies as st

from components.impact.contract import ROLLS_BROKERS
from stacks.plan.document import Affected, Estimate
from stacks.plan.order import duration, waves
from stacks.stack import Stack

KINDS = ("cell", "service", "app")


@st.composite
def fleets(draw: st.DrawFn) -> tuple[dict[str, Stack], dict[str, int], frozenset[str]]:
    stacks: dict[str, Stack] = {}
    for number in range(draw(st.integers(0, 14))):
        kind = draw(st.sampled_from(KINDS))
        lower = [name for name, one in stacks.items() if KINDS.index(one.kind) <= KINDS.index(kind) and kind != "cell"]
        after = tuple(draw(st.lists(st.sampled_from(lower), unique=True, max_size=3))) if lower else ()
        name = f"{kind}.{number}"
        stacks[name] = Stack(name, kind, "c", "f.yaml", False, after=after)  # type: ignore[arg-type]
    rings = {name: draw(st.integers(0, 3)) for name in stacks}
    # What ends takes with it whatever stands on it.
    gone = set(draw(st.lists(st.sampled_from(sorted(stacks)), unique=True))) if stacks else set()
    for name, one in stacks.items():
        if gone & set(one.after):
            gone.add(name)
    return stacks, rings, frozenset(gone)


@given(fleets())
def test_nothing_goes_before_what_it_stands_on(fleet: tuple[dict[str, Stack], dict[str, int], frozenset[str]]) -> None:
    stacks, rings, gone = fleet
    found = waves(stacks, rings, gone)
    assert found.keys() == stacks.keys()
    assert sorted(set(found.values())) == list(range(1, len(set(found.values())) + 1))
    for name, one in stacks.items():
        for other in one.after:
            if name not in gone and other not in gone:
                assert found[other] < found[name]
            if name in gone and other in gone:
                assert found[other] > found[name]
    if gone and gone != stacks.keys():
        assert min(found[name] for name in gone) > max(found[name] for name in stacks if name not in gone)


@given(fleets())
def test_a_ring_never_begins_before_an_earlier_one_has_ended(
    fleet: tuple[dict[str, Stack], dict[str, int], frozenset[str]],
) -> None:
    stacks, rings, _ = fleet
    found = waves(stacks, rings, frozenset())
    free = [name for name, one in stacks.items() if not one.after]
    for one in free:
        for other in free:
            if rings[one] < rings[other]:
                assert found[one] < found[other]


def test_what_ends_goes_apps_first() -> None:
    stacks = {
        "cell.a": Stack("cell.a", "cell", "a", "f", False),
        "kafka.b": Stack("kafka.b", "service", "a", "f", False, after=("cell.a",)),
        "app.b.c": Stack("app.b.c", "app", "a", "f", False, after=("cell.a", "kafka.b")),
    }
    assert waves(stacks, dict.fromkeys(stacks, 1), frozenset(stacks)) == {"app.b.c": 1, "kafka.b": 2, "cell.a": 3}


def affected(name: str, wave: int, seconds: int) -> Affected:
    return Affected(
        stack=name,
        kind="service",
        action="update",
        cell="a",
        owner="o",
        environment="prod",
        production=True,
        wave=wave,
        file="f",
        through=(),
        impact=ROLLS_BROKERS,
        estimate=Estimate(seconds=seconds),
    )


def test_the_longest_stack_of_each_wave_counts() -> None:
    told = duration([affected("a", 1, 10), affected("b", 1, 70), affected("c", 2, 0), affected("d", 3, 5)])
    assert told == Estimate(seconds=75, formula="b 70 s + d 5 s")
