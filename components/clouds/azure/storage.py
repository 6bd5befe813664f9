"""The storage classes of a cell on Azure.

Owns      disk type and provisioned performance.
Refuses   host caching: Premium SSD v2 has none, and asking for it fails when the first disk is attached.
Identity  a storage class cannot change: other figures need another name.
"""

from typing import Any

from components.clouds.contract import StorageClass

_PERFORMANCE = {"kafka": (5000, 250), "kafka-fast": (20000, 1000)}
"""IOPS and MB/s of one disk; `volumes.json` tells them to sizing, with their source."""


def storage_classes(disk_key: Any) -> tuple[StorageClass, ...]:
    """`kafka` (default) and `kafka-fast`, encrypted through the disk encryption set `disk_key`."""
    return tuple(
        StorageClass(
            name=name,
            provisioner="disk.csi.azure.com",
            parameters={
                "skuName": "PremiumV2_LRS",
                "cachingMode": "None",
                "DiskIOPSReadWrite": str(iops),
                "DiskMBpsReadWrite": str(megabytes),
                "diskEncryptionSetID": disk_key,
                "fsType": "xfs",
            },
        )
        for name, (iops, megabytes) in _PERFORMANCE.items()
    )
