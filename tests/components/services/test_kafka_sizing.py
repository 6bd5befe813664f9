"""Sizing: more load never gives less, everything fits, and one zone less still carries the load."""

import math

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from components.clouds.machines import Machine, Volume, machines, volumes
from components.services.kafka import limits
from components.services.kafka.sizing import Sizing, choose_machine, fits, named_sizes, resolve
from components.services.kafka.spec import Size, Throughput

AWS = {name: m for name, m in machines("aws").items() if m.use != "system"}
VOLUME = volumes("aws")["kafka"]
XLARGE = AWS["r7g.xlarge"]

rates = st.floats(0.1, 1500, allow_nan=False)
fans = st.floats(0, 10, allow_nan=False)
hours = st.floats(0.5, 336, allow_nan=False)
partitions = st.integers(1, 50_000)
zones = st.integers(1, 4)
nodes = st.sampled_from(sorted(AWS))
loads = st.builds(
    lambda w, f, h, p: Throughput(produce_mb_per_s=w, consume_fan_out=f, retention_hours=h, partitions=p),
    rates,
    fans,
    hours,
    partitions,
)


def sized(load: Throughput, machine: Machine, number: int, volume: Volume = VOLUME) -> Sizing:
    return resolve(Size(throughput=load), machine, volume, number)


@given(loads, nodes, zones, st.sampled_from(["produce_mb_per_s", "consume_fan_out", "retention_hours", "partitions"]))
@settings(max_examples=300, deadline=None)
def test_more_load_never_gives_less(load: Throughput, node: str, number: int, field: str) -> None:
    more = load.model_copy(update={field: type(getattr(load, field))(getattr(load, field) * 2)})
    small, large = sized(load, AWS[node], number), sized(more, AWS[node], number)
    assert large.brokers >= small.brokers
    assert large.brokers * large.disk_gib >= small.brokers * (
        small.disk_gib - limits.DISK_STEP_GIB - limits.METADATA_GIB
    )
    assert large.controller_memory_gib >= small.controller_memory_gib


@given(loads, nodes, zones)
@settings(max_examples=300, deadline=None)
def test_what_is_kept_fits_on_the_disks(load: Throughput, node: str, number: int) -> None:
    found = sized(load, AWS[node], number)
    kept_gib = load.produce_mb_per_s * 1e6 * load.retention_hours * 3600 * found.replication / 2**30
    assert found.brokers * (found.disk_gib - limits.METADATA_GIB) * limits.DISK_FILL >= kept_gib * 0.999
    assert VOLUME.least_gib <= found.disk_gib <= VOLUME.most_gib + limits.DISK_STEP_GIB


@given(loads, nodes, zones)
@settings(max_examples=300, deadline=None)
def test_one_zone_lost_still_carries_the_load(load: Throughput, node: str, number: int) -> None:
    machine = AWS[node]
    found = sized(load, machine, number)
    alive = found.brokers - (found.brokers // number if number > 1 else 1)
    w, rf = load.produce_mb_per_s, found.replication
    assert w * rf / alive <= limits.TARGET_UTILISATION * min(VOLUME.throughput_mb_per_s, machine.disk_mb_per_s) * 1.001
    out = w * (rf - 1) + w * load.consume_fan_out
    assert max(w * rf, out) / alive <= limits.TARGET_UTILISATION * machine.network_mb_per_s * 1.001
    assert w / alive / limits.IN_MB_PER_CPU <= found.cpu + 1e-6


@given(loads, nodes, zones)
@settings(max_examples=300, deadline=None)
def test_copies_are_feasible_and_brokers_spread_over_the_zones(load: Throughput, node: str, number: int) -> None:
    found = sized(load, AWS[node], number)
    assert found.brokers % number == 0
    assert 1 <= found.min_insync < found.replication <= found.brokers
    assert math.ceil(load.partitions * found.replication / found.brokers) <= 4000
    assert found.heap_gib <= limits.HEAP_MOST_GIB
    assert 2 * found.heap_gib <= found.memory_gib
    assert found.reasons


@given(loads, nodes, zones)
@settings(max_examples=300, deadline=None)
def test_the_latest_writes_are_in_the_page_cache(load: Throughput, node: str, number: int) -> None:
    machine = AWS[node]
    found = sized(load, machine, number)
    latest = load.produce_mb_per_s * 1e6 / 2**30 * found.replication / found.brokers * limits.CACHE_SECONDS
    left = found.memory_gib - found.heap_gib - limits.NON_HEAP_GIB
    assert left >= latest * 0.999 or found.memory_gib >= math.floor(machine.allocatable_memory_gib)


def test_a_stated_number_of_brokers_asks_for_larger_machines() -> None:
    size = Size(name="large")
    free, bound = (choose_machine(size, AWS.values(), VOLUME, 3, brokers=n) for n in (None, 6))
    assert free is not None
    assert bound is not None
    assert resolve(size, bound, VOLUME, 3, brokers=6).brokers_needed <= 6
    assert choose_machine(size, AWS.values(), VOLUME, 3, brokers=3) is None


@given(loads, zones)
@settings(max_examples=100, deadline=None)
def test_the_chosen_machine_is_large_enough(load: Throughput, number: int) -> None:
    size = Size(throughput=load)
    machine = choose_machine(size, AWS.values(), VOLUME, number)
    assume(machine is not None)
    assert machine is not None
    assert fits(resolve(size, machine, VOLUME, number), machine)


def test_system_machines_are_never_chosen() -> None:
    only = [m for m in machines("aws").values() if m.use == "system"]
    assert only
    assert choose_machine(Size(name="dev"), only, VOLUME, 3) is None


def test_named_sizes_are_throughputs_of_the_same_formula() -> None:
    for name, load in named_sizes().items():
        named = resolve(Size.model_validate({"name": name}), XLARGE, VOLUME, 3)
        stated = resolve(Size(throughput=load), XLARGE, VOLUME, 3)
        assert (named.brokers, named.cpu, named.memory_gib, named.disk_gib) == (
            stated.brokers,
            stated.cpu,
            stated.memory_gib,
            stated.disk_gib,
        )


def test_named_sizes_on_a_common_machine() -> None:
    """The table of README.md: a change here is a change of running clusters."""
    found = {
        name: (s.brokers, s.cpu, s.memory_gib, s.heap_gib, s.disk_gib)
        for name in named_sizes()
        for s in [resolve(Size.model_validate({"name": name}), AWS["r7g.xlarge"], VOLUME, 3)]
    }
    assert found == {
        "dev": (3, 0.5, 4, 2, 70),
        "small": (3, 1.0, 6, 3, 550),
        "medium": (3, 2.5, 24, 6, 2700),
        "large": (12, 3.7, 24, 6, 4040),
    }


def test_every_named_size_has_a_machine_in_every_cloud() -> None:
    for cloud in ("aws", "gcp", "azure"):
        for name in named_sizes():
            size = Size.model_validate({"name": name})
            assert choose_machine(size, machines(cloud).values(), volumes(cloud)["kafka"], 3), (cloud, name)


def test_what_the_file_states_goes_over_the_formula() -> None:
    found = resolve(Size(name="small"), XLARGE, VOLUME, 3, brokers=9, disk_gib=777, controllers=5)
    assert (found.brokers, found.disk_gib, found.controllers) == (9, 777, 5)
    assert any("the file states" in reason for reason in found.reasons)


def test_a_single_broker_has_a_single_copy() -> None:
    found = resolve(Size(name="dev"), XLARGE, VOLUME, 1, brokers=1)
    assert (found.replication, found.min_insync) == (1, 1)


def test_the_reasons_name_every_step() -> None:
    text = "\n".join(resolve(Size(name="large"), XLARGE, VOLUME, 3).reasons)
    for step in ("size", "replication", "disk", "network", "cpu", "partitions", "storage", "memory", "controllers"):
        assert step in text, step
    assert "decided by" in text
