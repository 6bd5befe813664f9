"""Which stack waits for which."""

from graphlib import TopologicalSorter

from hypothesis import given
from hypothesis import strategies as st

from stacks.run.order import order
from stacks.stack import Stack

NAMES = [f"s{number}" for number in range(8)]


@st.composite
def fleets(draw: st.DrawFn) -> tuple[dict[str, Stack], set[str], dict[str, list[str]]]:
    """Stacks that stand on earlier ones, those that are asked for, and those that are gone: nothing stays on them."""
    after = {
        name: draw(st.lists(st.sampled_from(NAMES[:at]), unique=True)) if at else [] for at, name in enumerate(NAMES)
    }
    lost = set(draw(st.lists(st.sampled_from(NAMES), unique=True)))
    stood = {name: [other for other in NAMES if name in after[other] and other not in lost] for name in lost}
    kept = {name: tuple(other for other in needs if name in lost or other not in lost) for name, needs in after.items()}
    fleet = {name: Stack(name, "service", "one", "f", False, after=needs) for name, needs in kept.items()}
    asked = set(draw(st.lists(st.sampled_from(NAMES), unique=True)))
    return fleet, asked, {name: stood[name] for name in lost & asked}


@given(fleets())
def test_an_up_makes_what_is_needed_first_and_deletes_what_nothing_stands_on_any_more(
    given_: tuple[dict[str, Stack], set[str], dict[str, list[str]]],
) -> None:
    fleet, asked, gone = given_
    found = order("up", asked, fleet, gone)
    sequence = list(TopologicalSorter(found).static_order())  # raises where some wait for each other
    assert set(sequence) == asked == found.keys()
    at = {name: place for place, name in enumerate(sequence)}
    for name in asked - gone.keys():
        assert all(at[need] < at[name] for need in fleet[name].after if need in asked - gone.keys())
    for name in gone:
        assert all(at[other] < at[name] for other in gone[name] if other in asked)
        assert all(at[other] < at[name] for other in gone if name in fleet[other].after)


@given(fleets())
def test_a_destroy_goes_the_other_way_and_a_look_in_any(
    given_: tuple[dict[str, Stack], set[str], dict[str, list[str]]],
) -> None:
    fleet, asked, _ = given_
    found = order("destroy", asked, fleet)
    assert found == {name: {other for other in asked if name in fleet[other].after} for name in asked}
    assert not any(order("preview", asked, fleet).values())
