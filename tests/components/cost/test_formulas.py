"""The formulas: traffic between zones, disks of objects, shares of nodes."""

import itertools
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.cell.packing import left_over, needed
from components.clouds.machines import machines
from components.cost import disks, nodes, traffic
from components.services.contract import Load, Manifest, Traffic

MACHINE = machines("aws")["r7g.2xlarge"]


def rate(asked: Traffic, zones: int, load_percent: float = 100) -> float:
    (use,) = traffic.cross_zone(asked, zones, load_percent)
    return use.quantity / traffic.GIB_PER_MB_MONTH


def test_traffic_between_three_zones_as_automq_computes_it() -> None:
    """300 written, read twice, three copies: 200 + 600 + 400 between zones."""
    assert math.isclose(rate(Traffic(300, 600, 3), 3), 1200)


def test_consumers_that_read_near_cross_no_zone_and_one_zone_has_nothing_to_cross() -> None:
    assert math.isclose(rate(Traffic(300, 600, 3, reads_near=True), 3), 800)
    assert math.isclose(rate(Traffic(300, 600, 1, reads_near=True), 3), 200 + 400)
    assert rate(Traffic(300, 600, 3), 1) == 0
    assert math.isclose(rate(Traffic(300, 600, 3), 3, 50), 600)


@pytest.mark.parametrize("zones", range(1, 6))
@pytest.mark.parametrize("copies", range(1, 6))
def test_copies_elsewhere_is_the_mean_over_every_spread_and_leader(copies: int, zones: int) -> None:
    spreads = [
        spread
        for spread in itertools.product(range(copies + 1), repeat=zones)
        if sum(spread) == copies and max(spread) - min(spread) <= 1
    ]
    counted = [copies - here for spread in spreads for here in spread for _ in range(here)]
    assert math.isclose(traffic.copies_elsewhere(copies, zones), sum(counted) / len(counted))


_RATES = st.floats(0, 1000)


@given(_RATES, _RATES, st.integers(1, 5), st.integers(1, 4), _RATES)
def test_more_produced_or_consumed_never_costs_less(w: float, c: float, copies: int, zones: int, more: float) -> None:
    base = rate(Traffic(w, c, copies), zones)
    assert rate(Traffic(w + more, c, copies), zones) >= base
    assert rate(Traffic(w, c + more, copies), zones) >= base
    assert rate(Traffic(w, c, copies, reads_near=True), zones) <= base + 1e-9


def test_disks_are_read_from_every_object_that_has_some() -> None:
    claim = {"resources": {"requests": {"storage": "1Ti"}}, "storageClassName": "kafka-fast"}
    pool = {"replicas": 3, "storage": {"volumes": [{"size": "500Gi"}, {"size": "20Gi", "class": "kafka-fast"}]}}
    bodies: list[dict[str, Any]] = [
        {"kind": "KafkaNodePool", "metadata": {"name": "broker"}, "spec": pool},
        {
            "kind": "StatefulSet",
            "metadata": {"name": "db"},
            "spec": {"replicas": 2, "volumeClaimTemplates": [{"spec": claim}]},
        },
        {"kind": "StatefulSet", "metadata": {"name": "none"}, "spec": {"replicas": 2}},
        {"kind": "PersistentVolumeClaim", "metadata": {"name": "one"}, "spec": claim},
        {"kind": "ConfigMap", "metadata": {"name": "c"}},
    ]
    assert list(disks.disks(Manifest(body["metadata"]["name"], body) for body in bodies)) == [
        disks.Disk("KafkaNodePool/broker", 3, 500, "kafka"),
        disks.Disk("KafkaNodePool/broker", 3, 20, "kafka-fast"),
        disks.Disk("StatefulSet/db", 2, 1024, "kafka-fast"),
        disks.Disk("PersistentVolumeClaim/one", 1, 1024, "kafka-fast"),
    ]


@pytest.mark.parametrize(("text", "gib"), [("2Gi", 2), ("512Mi", 0.5), ("1073741824", 1), ("1.5Ti", 1536)])
def test_quantities(text: str, gib: float) -> None:
    assert disks.gib(text) == gib


def test_a_quantity_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="5Zi"):
        disks.gib("5Zi")


_LOADS = st.lists(
    st.builds(
        Load,
        what=st.sampled_from(("brokers", "controllers", "workers")),
        pods=st.integers(1, 12),
        cpu=st.floats(0.1, MACHINE.allocatable_cpu),
        memory_gib=st.floats(0.5, MACHINE.allocatable_memory_gib),
        exclusive=st.booleans(),
    ),
    max_size=8,
)


@given(_LOADS, st.integers(1, 4))
def test_shares_never_exceed_the_nodes_that_are_needed_so_free_room_is_never_negative(
    loads: list[Load], zones: int
) -> None:
    asked = [(n, str(n), load) for n, load in enumerate(loads)]
    need = needed(MACHINE, asked, zones)
    shares = [nodes.share(load, MACHINE) for load in loads]
    assert sum(shares) <= need * zones + 1e-6
    room = nodes.free(MACHINE.name, zones, need, "", shares)
    assert math.isclose(room.quantity, (need * zones - sum(shares)) * 730, abs_tol=1e-3)


@given(_LOADS, st.integers(1, 4))
def test_what_is_needed_is_what_the_check_of_a_full_cell_lets_in(loads: list[Load], zones: int) -> None:
    asked = [(n, str(n), load) for n, load in enumerate(loads)]
    need = needed(MACHINE, asked, zones)
    assert left_over(MACHINE, need, asked, zones) is None
    assert need == 0 or left_over(MACHINE, need - 1, asked, zones) is not None


@given(st.integers(1, 30), st.integers(0, 30), st.integers(1, 4))
def test_more_brokers_of_a_size_never_need_fewer_nodes_or_reserve_less(pods: int, more: int, zones: int) -> None:
    few, many = (Load("brokers", n, 2, 16) for n in (pods, pods + more))
    assert nodes.share(many, MACHINE) >= nodes.share(few, MACHINE)
    assert needed(MACHINE, [(0, "a", many)], zones) >= needed(MACHINE, [(0, "a", few)], zones)
