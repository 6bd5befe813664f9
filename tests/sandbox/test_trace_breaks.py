"""Networks broken by seed: whatever is drawn on the way of a client, the trace names a hop that says so."""

from pathlib import Path

import pytest

from sandbox.store import Store
from sandbox.trace import Trace
from sandbox.trace import trace as trace_of
from sandbox.world import StoreWorld
from tests.sandbox import test_trace_aws, test_trace_azure, test_trace_gcp
from tests.sandbox.trace_breaks import break_store, break_world, breaks, mend
from tests.sandbox.trace_world import World, ends

WAYS = {
    f"{cloud} {way}": found
    for cloud, tests in (("aws", test_trace_aws), ("gcp", test_trace_gcp), ("azure", test_trace_azure))
    for way, found in tests.WAYS.items()
}


def _named(traced: Trace) -> set[str]:
    return {one.broken.kind for one in traced.targets if one.broken is not None}


@pytest.mark.parametrize("way", WAYS)
def test_every_break_of_a_way_is_named(way: str) -> None:
    build, source = WAYS[way]
    world = build()
    found = breaks(world.records, world.trace(source))
    assert len(found) >= 2, found
    for one in found:
        records = list(world.records)
        for old, new in one.changes:
            index = records.index(old)
            records[index : index + 1] = [] if new is None else [new]
        traced = World(records).trace(source)
        assert _named(traced), f"{one.what}: {ends(traced)}"
        assert _named(traced) <= one.kinds, f"{one.what}: {ends(traced)}"


@pytest.mark.parametrize("seed", range(20))
def test_a_seed_breaks_the_same_thing_again(seed: int) -> None:
    build, source = list(WAYS.values())[seed % len(WAYS)]
    told = []
    for _ in range(2):
        world = build()
        broken = break_world(world, seed, world.trace(source))
        told.append(broken.what)
        assert _named(world.trace(source)) <= broken.kinds
    assert told[0] == told[1]


def test_a_sandbox_is_broken_and_mended(tmp_path: Path) -> None:
    build, source = WAYS["aws peering, sni"]
    store = Store(tmp_path)
    with store.effect() as connection:
        for record in build().records:
            store.insert(connection, record, frozenset())

    def traced() -> Trace:
        return trace_of(StoreWorld(store, keep=False), source, "orders")

    assert traced().reachable
    for seed in range(5):
        broken = break_store(store, seed, traced())
        assert _named(traced())
        assert _named(traced()) <= broken.kinds, broken.what
        mend(store, broken)
        assert traced().reachable, broken.what
