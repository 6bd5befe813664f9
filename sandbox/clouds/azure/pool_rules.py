"""What an agent pool says about itself: names, counts, sizes, zones, versions.

Owns      the rules that need to know nothing of what exists, and what of a pool is for life.
Refuses   subnets, quotas and clusters: pools.py.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.clouds.azure import arm
from sandbox.clouds.azure.facts import facts
from sandbox.contract import Refusal

Where = tuple[str | int, ...]
FOR_LIFE = (
    "vmSize",
    "availabilityZones",
    "vnetSubnetID",
    "osDiskSizeGB",
    "osDiskType",
    "osType",
    "maxPods",
    "enableEncryptionAtHost",
    "enableFIPS",
    "enableNodePublicIP",
    "enableUltraSSD",
    "kubeletDiskType",
    "type",
)
"""Azure/AKS refuses to change these on an existing pool (PropertyChangeNotAllowed; general knowledge)."""

_TAINT = r"[a-z0-9A-Z]([-\w./]*[a-z0-9A-Z])?(=[-\w.]*)?:(NoSchedule|NoExecute|PreferNoSchedule)"


def patch(version: str) -> str:
    """The patch version that AKS runs for what was asked: `1.34` is an alias of the newest patch."""
    minor = ".".join(version.split(".")[:2])
    return version if version.count(".") > 1 else str(facts()["kubernetes"].get(minor, version))


def minor(version: str) -> tuple[int, int]:
    """Major and minor of a version; zeros where it is none."""
    match = re.match(r"(\d+)\.(\d+)", version)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def version_known(version: str, *path: str | int) -> Iterator[Refusal]:
    """The version must be one that AKS offers."""
    if version and ".".join(version.split(".")[:2]) not in facts()["kubernetes"]:
        yield arm.refuse(
            "K8sVersionNotSupported",
            f"Managed cluster version {version} is not supported in this region. Please use [az aks get-versions] "
            f"command to get the supported version list in this region: {', '.join(facts()['kubernetes'])}.",
            *path,
        )


def pool_said(pool: Mapping[str, Any], name: str, place: str, where: Where) -> Iterator[Refusal]:
    """Refusals of what a pool says about itself."""
    if name and not re.fullmatch(r"[a-z][a-z0-9]{0,11}", name):
        yield arm.refuse(
            "InvalidParameter",
            f"The value of parameter agentPoolProfile.name is invalid: '{name}'. It is 1 to 12 lower-case letters and "
            "digits and starts with a letter.",
            *where,
        )
    size = arm.text(pool, "vmSize")
    if size and size not in facts()["sizes"]:
        yield arm.refuse(
            "VMSizeNotSupported",
            f"The VM size of AgentPoolProfile:{name} is not allowed in your subscription in location '{place}': {size}",
            *where,
            "vmSize",
        )
    there = facts()["regions"].get(place, {"zones": []})["zones"]
    for zone in arm.items(pool, "availabilityZones"):
        if zone not in there:
            yield arm.refuse(
                "AvailabilityZoneNotSupported",
                f"Preflight validation check for resource(s) of pool {name} failed: the zone(s) '{zone}' for resource "
                f"'{name}' is not supported in '{place}' (zones there: {', '.join(there) or 'none'}).",
                *where,
                "availabilityZones",
            )
    yield from version_known(arm.text(pool, "orchestratorVersion"), *where, "orchestratorVersion")
    yield from _counts(pool, name, where)
    for taint in arm.items(pool, "nodeTaints"):
        if arm.items(pool, "nodeTaints").count(taint) > 1:
            yield arm.refuse("InvalidParameter", f"Taint '{taint}' of pool {name} is given twice", *where, "nodeTaints")
        if not re.fullmatch(_TAINT, str(taint)):
            yield arm.refuse(
                "InvalidParameter",
                f"Taint '{taint}' of pool {name} is not key=value:effect (NoSchedule, NoExecute or PreferNoSchedule)",
                *where,
                "nodeTaints",
            )
    pods = arm.known(pool, "maxPods")
    if isinstance(pods, int | float) and not 10 <= pods <= 250:
        yield arm.refuse(
            "InvalidParameter", f"maxPods of pool {name} is {pods:.0f}: allowed are 10 to 250", *where, "maxPods"
        )
    for key, least, most in (("drainTimeoutInMinutes", 1, 1440), ("nodeSoakDurationInMinutes", 0, 30)):
        minutes = arm.known(pool, "upgradeSettings", key)
        if isinstance(minutes, int | float) and not least <= minutes <= most:
            message = f"{key} of pool {name} is {minutes:.0f}: allowed are {least} to {most}"
            yield arm.refuse("InvalidParameter", message, *where, "upgradeSettings", key)
    disk = arm.known(pool, "osDiskSizeGB")
    if isinstance(disk, int | float) and disk != 0 and not 30 <= disk <= 2048:
        yield arm.refuse(
            "InvalidParameter", f"osDiskSizeGB of pool {name} is {disk:.0f}: allowed are 0 and 30 to 2048", *where
        )


def _counts(pool: Mapping[str, Any], name: str, where: Where) -> Iterator[Refusal]:
    system = arm.text(pool, "mode") == "System"
    scaling = arm.known(pool, "enableAutoScaling")
    least, most, count = (arm.known(pool, key) for key in ("minCount", "maxCount", "count"))
    if scaling and ("minCount" not in pool or "maxCount" not in pool):
        yield arm.refuse(
            "InvalidParameter", f"pool {name} scales by itself: give minCount and maxCount", *where, "minCount"
        )
    if scaling is False and (least is not None or most is not None):
        yield arm.refuse(
            "MinMaxCountWithoutAutoscaling",
            f"pool {name} has minCount or maxCount and does not scale by itself (enableAutoScaling is false)",
            *where,
            "enableAutoScaling",
        )
    if least is not None and most is not None and least > most:
        yield arm.refuse(
            "InvalidParameter", f"minCount {least:.0f} of pool {name} is above maxCount {most:.0f}", *where, "minCount"
        )
    if system and least is not None and least < 1:
        yield arm.refuse(
            "InvalidParameter",
            f"minCount of system pool {name} is {least:.0f}: a system pool has at least 1 node",
            *where,
            "minCount",
        )
    if system and scaling is not True and count is not None and count < 1:
        yield arm.refuse("InvalidParameter", f"system pool {name} must have at least 1 node", *where, "count")
    for key, value in (("count", count), ("maxCount", most)):
        if isinstance(value, int | float) and not 0 <= value <= 1000:
            yield arm.refuse(
                "InvalidParameter", f"{key} of pool {name} is {value:.0f}: allowed are 0 to 1000", *where, key
            )
