"""From what a cluster is for to brokers, CPU, memory and disk.

Owns      the formula (README.md has it in words, `limits.py` its numbers) and the reasons that it gives.
Refuses   prices, and burst figures: a broker's load is not a burst.
Identity  a change of the formula changes running clusters: `disk_gib` must never come out smaller for the same size.
"""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from components.clouds.machines import Machine, Volume
from components.services.kafka import limits
from components.services.kafka.spec import Size, Throughput

_GIB_PER_MB = 1e6 / 2**30


@dataclass(frozen=True)
class Sizing:
    """What a cluster consists of. CPU, memory and disk are those of one pod.

    replication     copies of each partition; `min_insync` of them must have a write
    brokers_needed  what the formula asks for; more than `brokers` where the file states too few
    reasons         one sentence a step, in order, for people
    """

    throughput: Throughput
    brokers: int
    brokers_needed: int
    replication: int
    min_insync: int
    cpu: float
    memory_gib: int
    heap_gib: int
    disk_gib: int
    disk_needed_gib: int
    controllers: int
    controller_cpu: float
    controller_memory_gib: int
    controller_heap_gib: int
    controller_disk_gib: int
    reasons: tuple[str, ...]


@cache
def named_sizes() -> dict[str, Throughput]:
    """The throughput that each named size stands for."""
    rows = json.loads((Path(__file__).parent / "sizes.json").read_text("utf-8"))
    # Lax on purpose: JSON's `5` is the float 5.0 here.
    return {name: Throughput.model_validate(row, strict=False) for name, row in rows.items()}


def throughput_of(size: Size) -> Throughput:
    """The throughput that a size promises, named or stated."""
    return size.throughput if size.throughput is not None else named_sizes()[size.name or ""]


def _n(value: float) -> str:
    return f"{value:.4g}"


def _after_loss(load: float, zones: int) -> int:
    """The least number of brokers of which `load` survive the loss of one zone, or with one zone of one broker."""
    if zones == 1:
        return math.ceil(load) + 1
    return math.ceil(load * zones / (zones - 1) / zones) * zones


def _tenths_up(cpus: float) -> float:
    # Rounded first: 0.7 * 10 is 7.000000000000001.
    return math.ceil(round(cpus * 10, 6)) / 10


def _multiple(brokers: float, zones: int) -> int:
    return math.ceil(brokers / zones) * zones


def _replicas_limit(machine: Machine) -> limits.Replicas:
    fitting = [
        r
        for r in limits.REPLICAS
        if r.memory_gib <= machine.allocatable_memory_gib and r.cpu <= machine.allocatable_cpu
    ]
    return fitting[-1] if fitting else limits.REPLICAS[0]


def _stored_gib(load: Throughput, replication: int, hours: float) -> float:
    written = load.produce_mb_per_s * hours * 3600 * replication
    return written * _GIB_PER_MB / limits.DISK_FILL


def _needs(
    load: Throughput, machine: Machine, volume: Volume, zones: int, rf: int, hours: float
) -> list[tuple[int, str]]:
    """For each limit the brokers that it asks for, and why."""
    w, out = load.produce_mb_per_s, load.produce_mb_per_s * load.consume_fan_out
    t = limits.TARGET_UTILISATION
    disk = min(volume.throughput_mb_per_s, machine.disk_mb_per_s)
    traffic = max(w * rf, w * (rf - 1) + out)
    cpu = max(w / limits.IN_MB_PER_CPU, out / limits.OUT_MB_PER_CPU)
    most = _replicas_limit(machine)
    stored, room = _stored_gib(load, rf, hours), max(1, volume.most_gib - limits.METADATA_GIB)
    lost = "one zone" if zones > 1 else "one broker"
    return [
        (max(rf, zones), f"replication: {rf} copies in {zones} zone(s) need at least {max(rf, zones)} brokers"),
        (
            _after_loss(w * rf / (t * disk), zones),
            f"disk: {_n(w)} MB/s x {rf} copies = {_n(w * rf)} MB/s written; a broker sustains {t} x "
            f"{_n(disk)} MB/s (the lesser of volume and {machine.name}) with {lost} lost",
        ),
        (
            _after_loss(traffic / (t * machine.network_mb_per_s), zones),
            f"network: {_n(traffic)} MB/s in the busier direction; a {machine.name} sustains {t} x "
            f"{_n(machine.network_mb_per_s)} MB/s with {lost} lost",
        ),
        (
            _after_loss(cpu / (math.floor(machine.allocatable_cpu * 10) / 10), zones),
            f"cpu: {_n(w)} MB/s in and {_n(out)} MB/s out need {_n(cpu)} CPUs; a {machine.name} gives "
            f"{_n(machine.allocatable_cpu)} with {lost} lost",
        ),
        (
            math.ceil(load.partitions * rf / most.replicas),
            f"partitions: {load.partitions} x {rf} copies, at most {most.replicas} on a broker of {machine.name}",
        ),
        (
            math.ceil(stored / room),
            f"storage: {_n(w)} MB/s for {_n(hours)} h x {rf} copies fill {limits.DISK_FILL:.0%} of "
            f"{_n(stored)} GiB; a volume has at most {volume.most_gib} GiB",
        ),
    ]


def _memory(load: Throughput, brokers: int, rf: int, machine: Machine) -> tuple[int, int, float, str]:
    """Memory, heap and CPU of one broker, and why."""
    replicas = math.ceil(load.partitions * rf / brokers)
    least = next((r for r in limits.REPLICAS if replicas <= r.replicas), limits.REPLICAS[-1])
    cached = load.produce_mb_per_s * rf / brokers * limits.CACHE_SECONDS * _GIB_PER_MB
    # Heap is half of the memory up to its most; what is left beside it must hold the cache.
    wanted = 2 * (cached + limits.NON_HEAP_GIB)
    if wanted > 2 * limits.HEAP_MOST_GIB:
        wanted = cached + limits.NON_HEAP_GIB + limits.HEAP_MOST_GIB
    memory = max(least.memory_gib, min(math.ceil(wanted / 2) * 2, math.floor(machine.allocatable_memory_gib)))
    heap = min(limits.HEAP_MOST_GIB, memory // 2)
    why = (
        f"memory: {replicas} replicas on a broker need {least.memory_gib} GiB, {limits.CACHE_SECONDS} s of writes "
        f"in the page cache {_n(cached)} GiB: {memory} GiB, of which {heap} GiB heap"
    )
    return memory, heap, least.cpu, why


def resolve(
    size: Size,
    machine: Machine,
    volume: Volume,
    zones: int,
    *,
    brokers: int | None = None,
    disk_gib: int | None = None,
    controllers: int = 3,
    local_hours: float | None = None,
) -> Sizing:
    """Brokers and what each needs, for `size` on `machine` with `volume` in `zones` zones.

    `brokers` and `disk_gib` are what the file states in place of the computed numbers. `local_hours`: data stays on
    the brokers' disks that long only, the rest is in tiered storage.
    """
    load = throughput_of(size)
    hours = load.retention_hours if local_hours is None else min(local_hours, load.retention_hours)
    rf = limits.REPLICATION if brokers is None else min(limits.REPLICATION, brokers)
    reasons = [
        f"size{f' {size.name}' if size.name else ''}: {_n(load.produce_mb_per_s)} MB/s produced, read "
        f"{_n(load.consume_fan_out)} times, kept {_n(load.retention_hours)} h, {load.partitions} partitions"
    ]
    if hours < load.retention_hours:
        reasons.append(f"tiered storage: {_n(hours)} h of them on the brokers' disks")
    needs = _needs(load, machine, volume, zones, rf, hours)
    reasons += [f"{why}: {count}" for count, why in needs]
    needed = _multiple(max(count for count, _ in needs), zones)
    decisive = next(why.split(":")[0] for count, why in needs if _multiple(count, zones) == needed)
    number = needed if brokers is None else brokers
    reasons.append(f"brokers: {needed}, decided by {decisive}, a multiple of {zones} zone(s)")
    if brokers is not None:
        reasons.append(f"brokers: {brokers} as the file states in place of {needed}")

    memory, heap, least_cpu, why = _memory(load, number, rf, machine)
    reasons.append(why)

    alive = number * (zones - 1) / zones if zones > 1 else max(1, number - 1)
    w = load.produce_mb_per_s / alive
    share = max(w / limits.IN_MB_PER_CPU, w * load.consume_fan_out / limits.OUT_MB_PER_CPU)
    cpu = max(least_cpu, _tenths_up(share))
    reasons.append(f"cpu: {_n(share)} for the load with the largest failure, at least {least_cpu}: {_n(cpu)}")

    step = limits.DISK_STEP_GIB
    disk_needed = math.ceil((_stored_gib(load, rf, hours) / number + limits.METADATA_GIB) / step) * step
    disk = max(disk_needed, volume.least_gib) if disk_gib is None else disk_gib
    reasons.append(
        f"disk: {_n(_stored_gib(load, rf, hours))} GiB over {number} brokers and {limits.METADATA_GIB} GiB: {disk} GiB"
    )

    small = load.partitions * rf <= limits.CONTROLLER_REPLICAS_SMALL
    controller_memory = 2 if small else 4
    reasons.append(f"controllers: {controllers} with {controller_memory} GiB for {load.partitions * rf} replicas")
    return Sizing(
        throughput=load,
        brokers=number,
        brokers_needed=needed,
        replication=rf,
        min_insync=max(1, rf - 1),
        cpu=cpu,
        memory_gib=memory,
        heap_gib=heap,
        disk_gib=disk,
        disk_needed_gib=disk_needed,
        controllers=controllers,
        controller_cpu=0.5 if small else 1.0,
        controller_memory_gib=controller_memory,
        controller_heap_gib=controller_memory // 2,
        controller_disk_gib=max(limits.CONTROLLER_DISK_GIB, volume.least_gib),
        reasons=tuple(reasons),
    )


def fits(sizing: Sizing, machine: Machine) -> bool:
    """Whether one broker of this sizing has room on an empty node of `machine`."""
    return sizing.memory_gib <= machine.allocatable_memory_gib and sizing.cpu <= machine.allocatable_cpu


def choose_machine(
    size: Size,
    machines: Iterable[Machine],
    volume: Volume,
    zones: int,
    *,
    brokers: int | None = None,
    controllers: int = 3,
    local_hours: float | None = None,
) -> Machine | None:
    """The machine on which the cluster takes the fewest CPUs in all, then the least memory; None where none fits."""
    best: tuple[float, float, int, str] | None = None
    chosen = None
    for machine in machines:
        if machine.use == "system":
            continue
        sizing = resolve(
            size, machine, volume, zones, brokers=brokers, controllers=controllers, local_hours=local_hours
        )
        if not fits(sizing, machine) or sizing.brokers < sizing.brokers_needed:
            continue
        cost = (sizing.brokers * machine.vcpu, sizing.brokers * machine.memory_gib, sizing.brokers, machine.name)
        if best is None or cost < best:
            best, chosen = cost, machine
    return chosen
