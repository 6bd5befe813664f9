"""What clusters take of a cell's Kafka nodes, and what is left.

Owns      the shares. A cluster pays for what its pods reserve: of a node's price the mean of their share of its CPU and
          their share of its memory. The cell pays for the room that stands free. So the sum is the price of the nodes
          that stand, nothing is paid twice, and a cluster's bill does not change with its neighbours'.
Refuses   to pack pods onto nodes (`components/cell/packing.py`).
"""

from collections.abc import Iterable

from components.clouds.machines import Machine
from components.cost.contract import HOURS, Use
from components.services.contract import Load


def share(load: Load, machine: Machine) -> float:
    """Nodes that a load's pods reserve, in all. Pods that fit onto one node never reserve more than one."""
    return load.pods * (load.cpu / machine.allocatable_cpu + load.memory_gib / machine.allocatable_memory_gib) / 2


def reserved(service: str, load: Load, machine: Machine) -> Use:
    """What a cluster pays for the pods of one load."""
    nodes = share(load, machine)
    what = f"{load.pods} × {load.cpu:g} CPU, {load.memory_gib:g} GiB ({service} {load.what}) on {machine.name}"
    part = (
        f"{load.pods} × ({load.cpu:g}/{machine.allocatable_cpu:g} CPU + {load.memory_gib:g}/"
        f"{machine.allocatable_memory_gib:g} GiB)/2"
    )
    meter = f"machine/{machine.name}"
    return Use("compute", f"{service} {load.what}", what, meter, nodes * HOURS, f"{part} × {HOURS:g} h")


def free(machine: str, zones: int, standing: int, why: str, shares: Iterable[float]) -> Use:
    """What a cell pays for the room that no cluster has reserved. `standing` is per zone."""
    nodes, taken = standing * zones, sum(shares)
    room = max(0.0, nodes - taken)
    return Use(
        "compute",
        "free room on Kafka nodes",
        f"{room:.2f} of {nodes} × {machine} free ({why})",
        f"machine/{machine}",
        room * HOURS,
        f"({nodes} nodes − {taken:.2f} reserved) × {HOURS:g} h",
    )
