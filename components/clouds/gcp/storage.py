"""The storage classes of a cell on GCP.

Owns      the parameters of GKE's disk driver for `kafka` and `kafka-fast`.
Refuses   Persistent Disk: the node types of `machines.json` take Hyperdisk only, whose speed belongs to the volume
          and is bought apart from its size.
Identity  a storage class is immutable: other figures need another name.
"""

from typing import Any

from components.clouds.contract import StorageClass

PROVISIONER = "pd.csi.storage.gke.io"


def _parameters(iops: int, throughput_mib_per_s: int, disk_key: Any) -> dict[str, Any]:
    return {
        "type": "hyperdisk-balanced",
        "provisioned-iops-on-create": str(iops),
        "provisioned-throughput-on-create": f"{throughput_mib_per_s}Mi",
        "disk-encryption-kms-key": disk_key,
        # xfs made by a driver newer than the node's kernel does not mount on Container-Optimized OS.
        "csi.storage.k8s.io/fstype": "ext4",
    }


def storage_classes(disk_key: Any) -> tuple[StorageClass, ...]:
    """Both classes. `volumes.json` says the same figures to sizing."""
    return (
        StorageClass(name="kafka", provisioner=PROVISIONER, parameters=_parameters(3000, 250, disk_key)),
        StorageClass(name="kafka-fast", provisioner=PROVISIONER, parameters=_parameters(16000, 600, disk_key)),
    )
