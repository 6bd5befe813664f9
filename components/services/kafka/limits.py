"""The numbers that sizing stands on, each with where it comes from.

Owns      constants of the formula. The formula is `sizing.py`, its description README.md.
Refuses   anything measured by nobody: each line names a vendor's or project's published figure.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Replicas:
    """Up to `replicas` partition replicas a broker needs at least this much."""

    replicas: int
    memory_gib: int
    cpu: float


REPLICAS = (
    # Amazon MSK, recommended partitions a broker by type; memory is three quarters of the type's.
    Replicas(300, 4, 0.5),  # t3.small
    Replicas(1_000, 6, 1.0),  # m7g.large, m7g.xlarge
    Replicas(2_000, 24, 2.0),  # m7g.2xlarge
    Replicas(4_000, 48, 4.0),  # m7g.4xlarge and larger
)

IN_MB_PER_CPU = 7.8
OUT_MB_PER_CPU = 15.6
"""Amazon MSK Express m7g, recommended and not throttling: 15.6 MB/s in and 31.2 MB/s out on 2 vCPU, up to 16xlarge."""

TARGET_UTILISATION = 0.55
"""Share of a disk's or network's baseline that is planned for. Amazon MSK asks brokers to stay below 60 % of CPU."""

DISK_FILL = 0.75
"""Share of a disk that is planned for; alarms stand at 85 %, which is also Amazon MSK's line."""

METADATA_GIB = 10
"""Beside the data, on each broker: the KRaft metadata log and its snapshots (Strimzi keeps them on the same volume)."""

CACHE_SECONDS = 45
"""How much of the latest writes should still be in the page cache: consumers that keep up then never touch disks."""

HEAP_MOST_GIB = 6
"""Confluent's and Red Hat's tuned brokers stay at 6 GiB heap; the rest of the memory is page cache."""

NON_HEAP_GIB = 1
"""Metaspace, threads and direct buffers of a broker: Microsoft's Strimzi guide plans 1 to 2 GiB."""

REPLICATION = 3
DISK_STEP_GIB = 10

CONTROLLER_DISK_GIB = 25
"""For all sizes alike, because volumes cannot shrink. Strimzi and Confluent plan 25 to 64 GiB."""

CONTROLLER_REPLICAS_SMALL = 10_000
"""Replicas in the cluster up to which a controller has 2 GiB and half a CPU; beyond, 4 GiB and one CPU."""

USERS_PER_CLUSTER = 500
"""KafkaUsers on one cluster. Strimzi's own performance test takes 500 in 54 s and shows no more; beyond it, OAuth."""
