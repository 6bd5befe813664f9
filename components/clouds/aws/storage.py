"""The storage classes of a cell on AWS: gp3 volumes, encrypted with the cell's own key.

Owns      the classes' parameters; `volumes.json` states what they sustain, and a test keeps the two together.
Refuses   sizes: a volume's size is the cluster's.
Identity  a StorageClass is immutable: other parameters need another name.
"""

from typing import Any

from components.clouds.contract import StorageClass

PROVISIONER = "ebs.csi.aws.com"


def _gp3(name: str, disk_key: Any, iops: int, throughput_mib_per_s: int) -> StorageClass:
    return StorageClass(
        name=name,
        provisioner=PROVISIONER,
        parameters={
            "csi.storage.k8s.io/fstype": "xfs",
            "encrypted": "true",
            "iops": str(iops),
            "kmsKeyId": disk_key,
            "throughput": str(throughput_mib_per_s),
            "type": "gp3",
        },
    )


def storage_classes(disk_key: Any) -> tuple[StorageClass, ...]:
    """`kafka`, and `kafka-fast` for the brokers whose node type can use more than it."""
    return (_gp3("kafka", disk_key, 3000, 250), _gp3("kafka-fast", disk_key, 12000, 750))
