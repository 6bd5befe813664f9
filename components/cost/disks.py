"""The disks that Kubernetes objects ask for, and what they use.

Owns      which objects have volumes: node pools of Strimzi, StatefulSets, claims.
Refuses   disks of nodes: those are the cell's.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from components.clouds.machines import Volume
from components.cost.contract import Use
from components.cost.prices import Catalogue
from components.services.contract import Manifest

_GIB = {"Ki": 2**-20, "Mi": 2**-10, "Gi": 1.0, "Ti": 2**10, "": 2**-30, "M": 1e6 / 2**30, "G": 1e9 / 2**30}
DEFAULT_CLASS = "kafka"


@dataclass(frozen=True)
class Disk:
    """`number` equal volumes of one object. `size_gib` is that of one."""

    owner: str
    number: int
    size_gib: float
    storage_class: str


def gib(quantity: str) -> float:
    """A Kubernetes quantity of bytes, e.g. `500Gi`, in GiB. Refuses any other text with ValueError."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(Ki|Mi|Gi|Ti|M|G|)", quantity)
    if not found:
        raise ValueError(f"'{quantity}' is no size that a volume has")
    return float(found[1]) * _GIB[found[2]]


def disks(manifests: Iterable[Manifest]) -> Iterator[Disk]:
    """Every volume that the objects ask for."""
    for manifest in manifests:
        body = manifest.body
        owner, spec = f"{body['kind']}/{body['metadata']['name']}", body.get("spec", {})
        if body["kind"] == "KafkaNodePool":
            for volume in spec["storage"]["volumes"]:
                yield Disk(owner, spec["replicas"], gib(volume["size"]), volume.get("class", DEFAULT_CLASS))
        elif body["kind"] == "StatefulSet":
            for claim in spec.get("volumeClaimTemplates", ()):
                yield _claimed(owner, spec["replicas"], claim["spec"])
        elif body["kind"] == "PersistentVolumeClaim":
            yield _claimed(owner, 1, spec)


def _claimed(owner: str, number: int, claim: Mapping[str, Any]) -> Disk:
    return Disk(
        owner, number, gib(claim["resources"]["requests"]["storage"]), claim.get("storageClassName", DEFAULT_CLASS)
    )


def uses(disk: Disk, volume: Volume, catalogue: Catalogue) -> Iterator[Use]:
    """Capacity, and what is provisioned beyond the performance that every volume includes."""
    subject = f"disks of {disk.owner}"
    what = f"{disk.number} × {disk.size_gib:g} GiB {disk.storage_class} ({disk.owner})"
    iops = max(0, volume.iops - catalogue.iops_included)
    throughput = round(volume.throughput_mb_per_s * 1e6 / catalogue.throughput_unit_bytes)
    beyond = max(0, throughput - catalogue.throughput_included)
    for meter, each, unit in (
        ("disk_gib_month", disk.size_gib, "GiB"),
        ("disk_iops_month", iops, "IOPS"),
        ("disk_throughput_month", beyond, "MB/s"),
    ):
        yield Use("disk", subject, what, meter, disk.number * each, f"{disk.number} × {each:g} {unit}")
