"""Every way of reaching a cluster, on every cloud, by the stock engine: applied, traced, scaled, traced again, broken.

One sandbox for the whole file: fifteen cells and a cluster for each way that is built. The tests build on each other in
the order of the file, as an operator's day would.
"""

from collections import Counter
from collections.abc import Iterator

import pytest

from components.clouds.reach import FAN_OUTS, REACHABILITIES
from sandbox.store import Store
from tests.sandbox.trace_breaks import break_store, mend
from tools.networks.fleet import Pair, built, pairs
from tools.networks.matrix import Matrix

pytestmark = pytest.mark.xdist_group("networks")


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matrix]:
    made = Matrix(tmp_path_factory.mktemp("networks") / "fleet")
    with made.running():
        made.apply()
        yield made


@pytest.fixture(scope="module")
def scaled(matrix: Matrix) -> Matrix:
    matrix.scale()
    return matrix


def reached(matrix: Matrix, pair: Pair, brokers: int) -> None:
    told = matrix.traced(pair)
    said = "\n".join(f"{t.host}:{t.port} {t.broken}" for t in told.targets if t.result != "reachable")
    assert told.reachable, said
    assert len(told.targets) == brokers + 1


def test_every_pair_is_built_or_refused_with_a_reason_and_a_way_out() -> None:
    squares = list(pairs())
    assert len(squares) == 3 * len(REACHABILITIES) * len(FAN_OUTS)
    for pair in squares:
        if pair.refused is not None:
            assert len(pair.refused.why) > 20
            assert Pair(pair.cloud, pair.reachability, pair.refused.nearest).refused is None  # type: ignore[arg-type]
    assert Counter(pair.cloud for pair in built()) == {"aws": 17, "gcp": 17, "azure": 14}


@pytest.mark.parametrize("pair", built(), ids=lambda pair: pair.cluster)
def test_clients_reach_the_bootstrap_and_three_brokers(matrix: Matrix, pair: Pair) -> None:
    reached(matrix, pair, 3)


def test_a_second_run_changes_nothing(matrix: Matrix) -> None:
    # Every cell, and each way of a listener on each cloud: the rest are the same programs over other values.
    each = [f"kafka.{pair.cluster}" for pair in built() if pair.reachability in ("private", "privatelink")]
    assert matrix.changes("cell.*", *each) == {}


@pytest.mark.parametrize("pair", built(), ids=lambda pair: pair.cluster)
def test_six_brokers_are_reached_as_three_were(scaled: Matrix, pair: Pair) -> None:
    reached(scaled, pair, 6)


def test_growing_moved_no_address(scaled: Matrix) -> None:
    for pair in built():
        before, after = scaled.addresses[pair.cluster], scaled.named(pair)
        assert after.items() >= before.items(), pair.cluster


@pytest.mark.parametrize("seed", range(24))
def test_what_was_broken_is_named(scaled: Matrix, seed: int) -> None:
    """One thing on the way of a client is removed or altered: the trace ends at a hop of that kind."""
    pair = built()[seed * 7 % len(built())]
    store = Store(scaled.state)
    broken = break_store(store, seed, scaled.traced(pair))
    try:
        ends = {target.broken.kind for target in scaled.traced(pair).targets if target.broken is not None}
        assert ends, f"{pair.cluster}: {broken.what}: nothing is broken"
        assert ends <= broken.kinds, f"{pair.cluster}: {broken.what}"
    finally:
        mend(store, broken)
    assert scaled.traced(pair).reachable
