"""Launch templates.

Owns      that what a template names exists and fits together, and the counting of its versions.
Refuses   to launch anything; image ids are taken as given.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.clouds.aws import ids, laws, offers
from sandbox.clouds.aws.base import botocore, model, old
from sandbox.clouds.aws.ec2_firewall import TEMPLATE, groups_exist
from sandbox.clouds.aws.laws import known, refuse, section, writing
from sandbox.clouds.aws.normal import defaults, sets
from sandbox.contract import UNKNOWN, Refusal, Request, World

KEY = "aws:kms/key:Key"

_NOT_IN_A_VERSION = {"defaultVersion", "description", "name", "namePrefix", "tags", "updateDefaultVersion", "region"}

_DATA = (
    "blockDeviceMappings",
    "capacityReservationSpecification",
    "cpuOptions",
    "creditSpecification",
    "disableApiStop",
    "disableApiTermination",
    "ebsOptimized",
    "enclaveOptions",
    "hibernationOptions",
    "iamInstanceProfile",
    "imageId",
    "instanceInitiatedShutdownBehavior",
    "instanceMarketOptions",
    "instanceRequirements",
    "instanceType",
    "kernelId",
    "keyName",
    "licenseSpecifications",
    "maintenanceOptions",
    "metadataOptions",
    "monitoring",
    "networkInterfaces",
    "networkPerformanceOptions",
    "placement",
    "privateDnsNameOptions",
    "ramDiskId",
    "secondaryInterfaces",
    "userData",
)


@writing
def _name(request: Request, _world: World) -> Iterable[Refusal]:
    name = request.inputs.get("name")
    if known(name) and not re.fullmatch(r"[A-Za-z0-9().\-/_]{3,128}", str(name)):
        message = f"the launch template name '{name}' is invalid: 3 to 128 of letters, digits and ()./_-"
        yield refuse("InvalidLaunchTemplateName.MalformedException", message, "name")


@writing
def _machine(request: Request, _world: World) -> Iterable[Refusal]:
    machine = request.inputs.get("instanceType")
    if not known(machine):
        return
    family = str(machine).split(".")[0]
    if offers.architecture(str(machine)) is None and offers.knows_family(family):
        yield refuse("InvalidInstanceType", f"the instance type '{machine}' does not exist", "instanceType")


@writing
def _disks(request: Request, _world: World) -> Iterable[Refusal]:
    given = request.inputs.get("blockDeviceMappings")
    for index, mapping in enumerate(given if isinstance(given, list) else ()):
        if not isinstance(mapping, Mapping):
            continue
        disk = mapping.get("ebs")
        if mapping.get("deviceName") is None:
            message = "the request must contain the parameter deviceName"
            yield refuse("MissingParameter", message, "blockDeviceMappings", index, "deviceName")
        if isinstance(disk, Mapping):
            yield from _disk(disk, ("blockDeviceMappings", index, "ebs"))


@writing
def _once(request: Request, _world: World) -> Iterable[Refusal]:
    """One mapping a device, one list of tags a kind of resource."""
    for field, key in (("blockDeviceMappings", "deviceName"), ("tagSpecifications", "resourceType")):
        given = request.inputs.get(field)
        seen: set[str] = set()
        for index, one in enumerate(given if isinstance(given, list) else ()):
            name = one.get(key) if isinstance(one, Mapping) else None
            if isinstance(name, str) and name in seen:
                yield refuse("InvalidParameterValue", f"{field} has {key} '{name}' twice", field, index, key)
            seen.add(str(name))


def _disk(disk: Mapping[str, Any], place: tuple[str | int, ...]) -> Iterable[Refusal]:
    for flag in ("encrypted", "deleteOnTermination"):
        if disk.get(flag) not in (None, UNKNOWN, "", "true", "false", True, False):
            yield refuse("InvalidParameterValue", f"{flag} is {disk[flag]!r}: it must be true or false", *place, flag)
    if known(disk.get("kmsKeyId")) and disk.get("encrypted") in ("false", False, None):
        message = "a disk with a kmsKeyId must be encrypted"
        yield refuse("InvalidParameterDependency", message, *place, "encrypted")
    if disk.get("volumeType") != "gp3":
        return
    size, iops, throughput = disk.get("volumeSize"), disk.get("iops"), disk.get("throughput")
    if isinstance(size, int) and not 1 <= size <= 65536:
        yield refuse("InvalidParameterValue", f"volume of {size} GiB: gp3 has 1 to 65536", *place, "volumeSize")
    if isinstance(iops, int) and isinstance(size, int) and not 3000 <= iops <= max(3000, 500 * size):
        message = f"iops of {iops} for {size} GiB: gp3 has 3000 to 500 a GiB"
        yield refuse("InvalidParameterCombination", message, *place, "iops")
    if isinstance(throughput, int) and not 125 <= throughput <= (iops if isinstance(iops, int) else 3000) / 4:
        message = f"throughput of {throughput} MiB/s: gp3 has 125 to a quarter of its IOPS"
        yield refuse("InvalidParameterCombination", message, *place, "throughput")


@writing
def _metadata(request: Request, _world: World) -> Iterable[Refusal]:
    hops = section(request.inputs, "metadataOptions").get("httpPutResponseHopLimit")
    if isinstance(hops, int) and not 1 <= hops <= 64:
        message = f"httpPutResponseHopLimit is {hops}: it must be between 1 and 64"
        yield refuse("InvalidParameterValue", message, "metadataOptions", "httpPutResponseHopLimit")


@laws.deleting
def _by_no_node_group(request: Request, world: World) -> Iterable[Refusal]:
    # EC2 itself would delete it; EKS then reports the group as degraded and cannot scale or repair it.
    for group in world.all("aws:eks/nodeGroup:NodeGroup", request.scope):
        if request.old and section(group.inputs, "launchTemplate").get("id") == request.old.id:
            message = f"launch template '{request.old.id}' is in use by node group '{group.id}', which it would degrade"
            yield refuse("Ec2LaunchTemplateNotFound", message)


def _outputs(request: Request, _world: World, id_: str) -> dict[str, object]:
    latest = old(request, "latestVersion") or 1
    default = old(request, "defaultVersion") or 1
    if request.old is not None and _version_of(request.inputs) != _version_of(request.old.inputs):
        latest += 1
    if request.inputs.get("updateDefaultVersion") is True:
        default = latest
    return {
        "arn": ids.arn(request.scope, "ec2", f"launch-template/{id_}"),
        "latestVersion": latest,
        "defaultVersion": request.inputs.get("defaultVersion") or default,
    }


def _version_of(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in inputs.items() if key not in _NOT_IN_A_VERSION}


TYPES = [
    model(
        TEMPLATE,
        botocore(
            "ec2",
            "CreateLaunchTemplate",
            {
                **{name: f"LaunchTemplateData.{name[0].upper()}{name[1:]}" for name in _DATA},
                "blockDeviceMappings[].ebs.deleteOnTermination": "",
                "blockDeviceMappings[].ebs.encrypted": "",
                "defaultVersion": "",
                "description": "VersionDescription",
                "name": "LaunchTemplateName",
                "networkInterfaces[].ipv4AddressCount": (
                    "LaunchTemplateData.NetworkInterfaces[].SecondaryPrivateIpAddressCount"
                ),
                "networkInterfaces[].ipv4Addresses": "",
                "networkInterfaces[].securityGroups": "LaunchTemplateData.NetworkInterfaces[].Groups",
                "namePrefix": "",
                "securityGroupNames": "LaunchTemplateData.SecurityGroups",
                "tagSpecifications": "LaunchTemplateData.TagSpecifications",
                "tagSpecifications[].tags": "",
                "updateDefaultVersion": "",
                "vpcSecurityGroupIds": "LaunchTemplateData.SecurityGroupIds",
            },
        ),
        ids.ec2_id("lt"),
        computed=_outputs,
        immutable=("name", "namePrefix"),
        normalize=(sets("vpcSecurityGroupIds"), defaults(metadataOptions__httpEndpoint="enabled")),
        laws_of=(
            _name,
            _machine,
            _disks,
            _once,
            _metadata,
            groups_exist("vpcSecurityGroupIds.[]"),
            laws.arn_exists("blockDeviceMappings.[].ebs.kmsKeyId", KEY, "InvalidKey.NotFound", "KMS key"),
            _by_no_node_group,
        ),
        unique=("name",),
        unique_in="region",
    ),
]
