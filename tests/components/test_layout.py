"""The address layout: nothing overlaps, everything is inside, and nothing that exists ever moves."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.cell.layout import LONGEST, SHORTEST, cut, slot
from components.cell.space import allocate
from components.clouds.contract import Ranges

PATTERN = r"^eu-west-1(?P<slot>[a-h])$"
Net = ipaddress.IPv4Network


@st.composite
def blocks(draw: st.DrawFn) -> str:
    length = draw(st.integers(SHORTEST, LONGEST))
    number = draw(st.integers(0, 2**length - 1))
    return str(Net((number << (32 - length), length)))


zones = st.lists(st.sampled_from([f"eu-west-1{c}" for c in "abcdefgh"]), unique=True, min_size=1)


def by_slots(ranges: Ranges) -> list[Net]:
    """What a cloud with zonal subnets uses."""
    zonal = [r for z in ranges.zones.values() for r in (z.private, z.public)]
    return [Net(r) for r in (*zonal, ranges.pods, ranges.services, ranges.control_plane, ranges.endpoints)]


def by_region(ranges: Ranges) -> list[Net]:
    """What a cloud with regional subnets uses."""
    regional = (ranges.regional, ranges.regional_public)
    return [Net(r) for r in (*regional, ranges.pods, ranges.services, ranges.control_plane, ranges.endpoints)]


@given(blocks(), zones)
def test_ranges_lie_in_the_block_and_never_overlap(block: str, names: list[str]) -> None:
    ranges = cut(1, block, names, PATTERN)
    for used in (by_slots(ranges), by_region(ranges)):
        assert all(r.subnet_of(Net(block)) for r in used)
        assert not [(a, b) for n, a in enumerate(used) for b in used[n + 1 :] if a.overlaps(b)]


@given(blocks(), zones, zones)
def test_adding_a_zone_moves_no_subnet(block: str, first: list[str], more: list[str]) -> None:
    before = cut(1, block, first, PATTERN)
    after = cut(1, block, [*more, *(z for z in first if z not in more)], PATTERN)
    assert {z: after.zones[z] for z in first} == dict(before.zones)
    for name in ("regional", "regional_public", "pods", "services", "control_plane", "endpoints"):
        assert getattr(after, name) == getattr(before, name)


def test_layout_1_is_frozen() -> None:
    """A golden: these very ranges are in clouds. A change here needs a new layout version, never a new golden."""
    ranges = cut(1, "10.0.0.0/16", ["eu-west-1a", "eu-west-1c"], PATTERN)
    assert {z: (r.private, r.public) for z, r in ranges.zones.items()} == {
        "eu-west-1a": ("10.0.0.0/20", "10.0.128.0/23"),
        "eu-west-1c": ("10.0.32.0/20", "10.0.132.0/23"),
    }
    assert (ranges.regional, ranges.regional_public) == ("10.0.0.0/17", "10.0.128.0/20")
    assert (ranges.pods, ranges.services) == ("10.0.192.0/18", "10.0.160.0/20")
    assert (ranges.control_plane, ranges.endpoints) == ("10.0.144.0/28", "10.0.145.0/24")


@pytest.mark.parametrize(
    ("version", "block", "names", "reason"),
    [
        (2, "10.0.0.0/16", ["eu-west-1a"], "layout 2 is not known"),
        (1, "10.0.0.0/21", ["eu-west-1a"], "is a /21"),
        (1, "10.0.0.0/8", ["eu-west-1a"], "is a /8"),
        (1, "10.0.0.0/16", ["eu-west-2a"], "does not match"),
        (1, "10.0.0.0/16", ["eu-west-1a", "eu-west-1a"], "slot of another zone"),
    ],
)
def test_what_cannot_be_cut_is_refused(version: int, block: str, names: list[str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        cut(version, block, names, PATTERN)


def test_digits_are_slots_too() -> None:
    assert slot("westeurope-1", r"^westeurope-(?P<slot>[1-8])$") == 0
    assert slot("westeurope-9", r"^westeurope-(?P<slot>\d)$") is None


@given(st.lists(blocks(), max_size=12), st.integers(SHORTEST, LONGEST))
def test_allocation_is_free_and_first(taken: list[str], length: int) -> None:
    space = ["10.0.0.0/8", "172.16.0.0/12"]
    block = allocate(length, space, taken)
    free = [
        c
        for area in space
        for c in (Net(area).subnets(new_prefix=length) if length >= Net(area).prefixlen else ())
        if not any(c.overlaps(Net(t)) for t in taken)
    ]
    assert block == (str(free[0]) if free else None)


def test_a_full_space_gives_nothing() -> None:
    assert allocate(16, ["10.0.0.0/15"], ["10.0.0.0/16", "10.1.0.0/16"]) is None
