"""EKS managed node groups.

Owns      that a group's subnets, role, template, image and counts fit its cluster and one another.
Refuses   nodes: none exists, so what they would allocate is the business of sizing.
"""

import re
from collections.abc import Iterable
from typing import Any

from sandbox.clouds.aws import ids, laws, offers
from sandbox.clouds.aws.base import botocore, model
from sandbox.clouds.aws.ec2_firewall import CLUSTER, NODES, TEMPLATE
from sandbox.clouds.aws.ec2_network import SUBNET
from sandbox.clouds.aws.eks_cluster import minor, subnets, trusts
from sandbox.clouds.aws.iam import ROLE
from sandbox.clouds.aws.laws import at_effect, known, refuse, section, writing
from sandbox.clouds.aws.normal import defaults, sets
from sandbox.contract import Record, Refusal, Request, World

_INVALID = "InvalidParameterException"
_MOST_NODES = 450
"""Nodes a managed node group; source: Amazon EKS service quotas."""

cluster_exists = laws.exists("clusterName", CLUSTER, "ResourceNotFoundException", "cluster", named=True)


def cluster_of(request: Request, world: World) -> Record | None:
    """The cluster that the request names."""
    name = request.inputs.get("clusterName")
    return world.find(CLUSTER, name, request.scope) if isinstance(name, str) else None


@writing
def _subnets_of_its_cluster(request: Request, world: World) -> Iterable[Refusal]:
    cluster = cluster_of(request, world)
    if cluster is None:
        return
    vpc = (cluster.outputs.get("vpcConfig") or {}).get("vpcId")
    for subnet in subnets(request, world, "subnetIds.[]"):
        if subnet.inputs.get("vpcId") != vpc:
            message = f"subnet '{subnet.id}' is in '{subnet.inputs.get('vpcId')}', cluster '{cluster.id}' in '{vpc}'"
            yield refuse(_INVALID, message, "subnetIds")


@writing
def _counts(request: Request, _world: World) -> Iterable[Refusal]:
    scaling = section(request.inputs, "scalingConfig")
    least, wanted, most = (scaling.get(key) for key in ("minSize", "desiredSize", "maxSize"))
    if not (isinstance(least, int) and isinstance(wanted, int) and isinstance(most, int)):
        return
    if least > wanted:
        yield refuse(_INVALID, f"minimum capacity {least} can't be greater than desired size {wanted}", "scalingConfig")
    if wanted > most:
        yield refuse(_INVALID, f"desired capacity {wanted} can't be greater than max size {most}", "scalingConfig")
    if not (least >= 0 and 1 <= most <= _MOST_NODES):
        message = f"min size {least} and max size {most}: at least 0 and 1, at most {_MOST_NODES}"
        yield refuse(_INVALID, message, "scalingConfig")


def _template(request: Request, world: World) -> Record | None:
    id_ = section(request.inputs, "launchTemplate").get("id")
    return world.find(TEMPLATE, id_, request.scope) if isinstance(id_, str) else None


@at_effect
def _template_version(request: Request, world: World) -> Iterable[Refusal]:
    template = _template(request, world)
    version = section(request.inputs, "launchTemplate").get("version")
    if template is None or not isinstance(version, str) or version in ("$Latest", "$Default"):
        return
    latest = template.outputs.get("latestVersion")
    if not version.isdigit() or not 1 <= int(version) <= int(latest or 0):
        message = f"launch template '{template.id}' has no version {version}: it has 1 to {latest}"
        yield refuse("InvalidRequestException", message, "launchTemplate", "version")


def _machines(request: Request, world: World) -> list[str]:
    template = _template(request, world)
    single = template.inputs.get("instanceType") if template else None
    given = request.inputs.get("instanceTypes")
    found: list[Any] = [single] if single else list(given) if isinstance(given, list) else []
    return [machine for machine in found if isinstance(machine, str)]


@at_effect
def _machine_and_image(request: Request, world: World) -> Iterable[Refusal]:
    template, image = _template(request, world), request.inputs.get("amiType")
    if template is not None and template.inputs.get("instanceType") and request.inputs.get("instanceTypes"):
        message = "instanceTypes cannot be given here and in the launch template"
        yield refuse(_INVALID, message, "instanceTypes")
    if template is not None and request.inputs.get("diskSize") is not None:
        yield refuse(_INVALID, "diskSize cannot be given with a launch template", "diskSize")
    for machine in _machines(request, world):
        needed = offers.architecture(machine)
        if needed and isinstance(image, str) and image != "CUSTOM" and ("ARM_64" in image) != (needed == "arm64"):
            message = f"[{machine}] is not a valid instance type for requested amiType {image}: it is {needed}"
            yield refuse(_INVALID, message, "amiType")
        for subnet in subnets(request, world, "subnetIds.[]"):
            zone = subnet.inputs.get("availabilityZone")
            if isinstance(zone, str) and not offers.offered(machine, zone):
                message = f"your requested instance type ({machine}) is not supported in your requested zone ({zone})"
                yield refuse(_INVALID, message, "subnetIds")


@writing
def _version(request: Request, world: World) -> Iterable[Refusal]:
    cluster, asked = cluster_of(request, world), request.inputs.get("version")
    if cluster is None or not isinstance(asked, str):
        return
    theirs = str(cluster.outputs.get("version"))
    if not re.fullmatch(r"1\.\d{2}", asked):
        yield refuse(_INVALID, f"'{asked}' is no Kubernetes version", "version")
        return
    behind = minor(theirs) - minor(asked)
    # In the same apply the cluster may be about to rise: only what is done is judged.
    if behind < 0 and request.operation != "check":
        message = f"node group version {asked} must not be newer than its cluster's, {theirs}"
        yield refuse("InvalidParameterException", message, "version")
    if behind > 3:
        message = f"node group version {asked} is {behind} minors behind its cluster's, {theirs}: three are allowed"
        yield refuse("InvalidParameterException", message, "version")


@writing
def _update(request: Request, _world: World) -> Iterable[Refusal]:
    config = section(request.inputs, "updateConfig")
    both = config.get("maxUnavailable") is not None and config.get("maxUnavailablePercentage") is not None
    if both:
        yield refuse(_INVALID, "maxUnavailable and maxUnavailablePercentage exclude each other", "updateConfig")
    for key, most in (("maxUnavailable", 100), ("maxUnavailablePercentage", 100)):
        value = config.get(key)
        if isinstance(value, int) and not 1 <= value <= most:
            yield refuse(_INVALID, f"{key} is {value}: it must be between 1 and {most}", "updateConfig", key)


@writing
def _complete(request: Request, _world: World) -> Iterable[Refusal]:
    if request.inputs.get("subnetIds") == []:
        yield refuse(_INVALID, "a node group needs at least one subnet", "subnetIds")
    template = request.inputs.get("launchTemplate")
    if isinstance(template, dict) and template.get("id") is None and template.get("name") is None:
        yield refuse(_INVALID, "launchTemplate must have an id or a name", "launchTemplate", "id")


@writing
def _labels(request: Request, _world: World) -> Iterable[Refusal]:
    for key in section(request.inputs, "labels"):
        if (
            key.startswith(("eks.amazonaws.com/", "kubernetes.io/", "k8s.io/"))
            or key == "node.kubernetes.io/instance-type"
        ):
            yield refuse(_INVALID, f"label '{key}' has a reserved prefix", "labels", key)
    taints = request.inputs.get("taints")
    if isinstance(taints, list):
        seen: set[tuple[Any, Any]] = set()
        for taint in (one for one in taints if isinstance(one, dict)):
            mark = (taint.get("key"), taint.get("effect"))
            if known(mark[0]) and mark in seen:
                yield refuse(_INVALID, f"taint '{mark[0]}' with effect {mark[1]} is there twice", "taints")
            seen.add(mark)


def _outputs(request: Request, world: World, id_: str) -> dict[str, Any]:
    cluster = cluster_of(request, world)
    version = request.inputs.get("version") or (cluster.outputs.get("version") if cluster else "")
    mark = ids.hexadecimal(f"{request.scope.account}/{request.scope.region}/{id_}", 32)
    group = f"{mark[:8]}-{mark[8:12]}-{mark[12:16]}-{mark[16:20]}-{mark[20:]}"
    name = request.inputs.get("nodeGroupName")
    return {
        "arn": ids.arn(request.scope, "eks", f"nodegroup/{str(id_).replace(':', '/')}/{group}"),
        "releaseVersion": request.inputs.get("releaseVersion") or f"{version}.0-20261101",
        "resources": [{"autoscalingGroups": [{"name": f"eks-{name}-{group}"}], "remoteAccessSecurityGroupId": ""}],
        "status": "ACTIVE",
        "version": version,
    }


TYPES = [
    model(
        NODES,
        botocore(
            "eks",
            "CreateNodegroup",
            {
                "forceUpdateVersion": "",
                "nodeGroupName": "nodegroupName",
                "nodeGroupNamePrefix": "",
                "nodeRoleArn": "nodeRole",
                "remoteAccess.sourceSecurityGroupIds": "remoteAccess.sourceSecurityGroups",
                "subnetIds": "subnets",
            },
        ),
        lambda request, _world: f"{request.inputs.get('clusterName')}:{request.inputs.get('nodeGroupName')}",
        computed=_outputs,
        immutable=(
            "amiType",
            "capacityType",
            "clusterName",
            "diskSize",
            "instanceTypes",
            "launchTemplate.id",
            "launchTemplate.name",
            "nodeGroupName",
            "nodeGroupNamePrefix",
            "nodeRoleArn",
            "remoteAccess",
            "subnetIds",
        ),
        normalize=(sets("subnetIds", "taints"), defaults(capacityType="ON_DEMAND", forceUpdateVersion=False)),
        laws_of=(
            cluster_exists,
            laws.exists("subnetIds.[]", SUBNET, _INVALID, "subnet ID"),
            laws.arn_exists("nodeRoleArn", ROLE, _INVALID, "role"),
            trusts("ec2.amazonaws.com", "nodeRoleArn"),
            laws.exists("launchTemplate.id", TEMPLATE, "InvalidRequestException", "launch template"),
            _subnets_of_its_cluster,
            _counts,
            _template_version,
            _machine_and_image,
            _version,
            _update,
            _complete,
            _labels,
        ),
        unique=("nodeGroupName",),
        unique_in="parent:clusterName",
    ),
]
