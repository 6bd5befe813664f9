"""Storage classes, as far as their CSI driver judges them.

Owns      the parameters of the three clouds' drivers, and the values that a class itself may have.
Refuses   drivers that it doesn't know: their parameters are not judged.
Identity  the API server takes any parameter; the driver refuses it when the first volume is made, and the broker waits
          for that volume for ever. Sources: the drivers' documents of parameters (aws-ebs-csi-driver, gcp-compute-
          persistent-disk-csi-driver, azuredisk-csi-driver).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.clouds.kubernetes.wire import at, dotted
from sandbox.contract import UNKNOWN, Refusal

VALUES: Mapping[str, tuple[str, ...]] = {
    "reclaimPolicy": ("Delete", "Retain"),
    "volumeBindingMode": ("Immediate", "WaitForFirstConsumer"),
}
_EVERY = ("csi.storage.k8s.io/fstype",)
PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "ebs.csi.aws.com": (
        *("allowAutoIOPSIncrease", "allowAutoIOPSPerGBIncrease", "blockAttachUntilInitialized", "blockExpress"),
        *("blockSize", "bytesPerINode", "encrypted", "ext4BigAlloc", "ext4ClusterSize", "fsType", "inodeSize", "iops"),
        *("iopsPerGB", "kmsKeyId", "numberOfINodes", "throughput", "type", "volumeInitializationRate"),
    ),
    "pd.csi.storage.gke.io": (
        *("availability-class", "disk-encryption-kms-key", "enable-confidential-storage", "labels"),
        *("provisioned-iops-on-create", "provisioned-throughput-on-create", "replication-type", "resource-tags"),
        *("storage-pools", "type", "use-allowed-disk-topology"),
    ),
    "disk.csi.azure.com": (
        *("attachDiskInitialDelay", "cachingMode", "diskAccessID", "diskEncryptionSetID", "diskEncryptionType"),
        *("diskIOPSReadWrite", "diskMBpsReadWrite", "enableAsyncAttach", "enableBursting", "enablePerformancePlus"),
        *("fsType", "kind", "location", "logicalSectorSize", "maxShares", "networkAccessPolicy", "perfProfile"),
        *("publicNetworkAccess", "resourceGroup", "skuName", "storageAccountType", "subscriptionID", "tags"),
        *("useragent", "userAgent", "writeAcceleratorEnabled", "zoned"),
    ),
}
TYPES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("ebs.csi.aws.com", "type"): ("gp2", "gp3", "io1", "io2", "sbg1", "sbp1", "sc1", "st1", "standard"),
    ("ebs.csi.aws.com", "encrypted"): ("false", "true"),
    ("pd.csi.storage.gke.io", "type"): (
        *("hyperdisk-balanced", "hyperdisk-balanced-high-availability", "hyperdisk-extreme", "hyperdisk-ml"),
        *("hyperdisk-throughput", "pd-balanced", "pd-extreme", "pd-ssd", "pd-standard"),
    ),
    ("disk.csi.azure.com", "skuName"): (
        *("PremiumV2_LRS", "Premium_LRS", "Premium_ZRS", "StandardSSD_LRS", "StandardSSD_ZRS", "Standard_LRS"),
        "UltraSSD_LRS",
    ),
    ("disk.csi.azure.com", "cachingMode"): ("None", "ReadOnly", "ReadWrite"),
}
PATTERNS: Mapping[tuple[str, str], str] = {
    ("ebs.csi.aws.com", "kmsKeyId"): r"(arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:)?(alias/.+|key/.+|[0-9a-f-]{36})",
    ("pd.csi.storage.gke.io", "disk-encryption-kms-key"): (
        r"projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+(/cryptoKeyVersions/\d+)?"
    ),
    ("disk.csi.azure.com", "diskEncryptionSetID"): (
        r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft.Compute/diskEncryptionSets/[^/]+"
    ),
}
"""The form of what a parameter refers to; whether it exists, the driver asks when it makes a volume."""


def _unsupported(path: tuple[str, ...], value: Any, allowed: tuple[str, ...]) -> Refusal:
    named = ", ".join(f'"{item}"' for item in allowed)
    return Refusal("law", "Invalid", f'{dotted(path)}: Unsupported value: "{value}": supported values: {named}', path)


def check(body: Mapping[str, Any]) -> Iterator[Refusal]:
    """Refusals of a StorageClass."""
    for field, allowed in VALUES.items():
        if (value := at(body, field)) is not None and value not in allowed:
            yield _unsupported((field,), value, allowed)
    driver, parameters = at(body, "provisioner"), at(body, "parameters")
    if driver not in PARAMETERS or not isinstance(parameters, Mapping):
        return
    # The drivers read their parameters' names without regard to case.
    known = {name.lower() for name in (*PARAMETERS[driver], *_EVERY)}
    for name, value in parameters.items():
        path = ("parameters", name)
        if name.lower() not in known:
            message = f"{dotted(path)}: {driver} knows no such parameter and makes no volume of this class"
            yield Refusal("law", "unknown-parameter", message, path)
        elif value is not UNKNOWN and (allowed := TYPES.get((driver, name), ())) and value not in allowed:
            yield _unsupported(path, value, allowed)
        elif isinstance(value, str) and not re.fullmatch(PATTERNS.get((driver, name), ".*"), value):
            message = f'{dotted(path)}: Invalid value: "{value}": {driver} needs {PATTERNS[driver, name]}'
            yield Refusal("law", "Invalid", message, path)
    if at(parameters, "skuName") == "PremiumV2_LRS" and at(parameters, "cachingMode") not in {"None", None}:
        path = ("parameters", "cachingMode")
        yield Refusal("law", "Invalid", f"{dotted(path)}: PremiumV2_LRS has no cache: cachingMode must be None", path)
