"""EKS clusters.

Owns      what a control plane needs: zones, a role that EKS may take, ranges that don't collide, a version that exists.
Refuses   the Kubernetes API: sandbox/clouds/kubernetes answers for the cluster that this makes.
"""

import base64
import ipaddress
from collections.abc import Iterable
from typing import Any

from sandbox.clouds.aws import ids, laws
from sandbox.clouds.aws.base import botocore, model, old
from sandbox.clouds.aws.ec2_firewall import CLUSTER, NODES, groups_exist
from sandbox.clouds.aws.ec2_network import SUBNET
from sandbox.clouds.aws.iam import ROLE
from sandbox.clouds.aws.kms import KEY
from sandbox.clouds.aws.laws import (
    at_effect,
    deleting,
    known,
    named,
    network,
    refuse,
    section,
    statements,
    texts,
    writing,
)
from sandbox.clouds.aws.normal import defaults, sets
from sandbox.clouds.aws.standing import VPC, vpc_ranges
from sandbox.contract import Law, Record, Refusal, Request, World

VERSIONS = ("1.31", "1.32", "1.33", "1.34", "1.35", "1.36")
"""Versions that EKS makes clusters of, in standard or extended support; source: EKS user guide, release calendar, with
its rule of 14 months standard and 12 months extended support counted to 2026-11 (the dates of 1.35 and 1.36 are
counted, not read)."""

_PRIVATE = tuple(map(ipaddress.IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
_INVALID = "InvalidParameterException"


def trusts(service: str, path: str, code: str = _INVALID) -> Law:
    """The role whose ARN is at the path lets this service take it."""

    @at_effect
    def law(request: Request, world: World) -> Iterable[Refusal]:
        for place, arn in texts(request.inputs, path):
            for role in world.by_output("arn", arn, ROLE):
                allowed = [
                    name
                    for one in statements(role.outputs.get("assumeRolePolicy"))
                    if one.get("Effect") == "Allow"
                    for name in named(one, "Service")
                ]
                if service not in allowed:
                    message = (
                        f"role '{arn}' cannot be assumed by {service}: its trust policy allows {allowed or 'nobody'}"
                    )
                    yield refuse(code, message, *place)

    return law


def subnets(request: Request, world: World, path: str) -> list[Record]:
    """The subnets named at the path, as far as they exist."""
    found = [world.find(SUBNET, id_, request.scope) for _, id_ in texts(request.inputs, path)]
    return [subnet for subnet in found if subnet is not None]


@writing
def _subnets(request: Request, world: World) -> Iterable[Refusal]:
    found = subnets(request, world, "vpcConfig.subnetIds.[]")
    given = section(request.inputs, "vpcConfig").get("subnetIds")
    if not isinstance(given, list) or len(found) != len(given):
        return
    zones = {str(subnet.inputs.get("availabilityZone")) for subnet in found}
    if len(zones) < 2:
        there = ", ".join(sorted(zones)) or "none"
        message = f"subnets specified must be in at least two different AZs; these are in {there}"
        yield refuse(_INVALID, message, "vpcConfig", "subnetIds")
    if len({subnet.inputs.get("vpcId") for subnet in found}) > 1:
        yield refuse(_INVALID, "subnets specified must be in the same VPC", "vpcConfig", "subnetIds")


@writing
def _service_range(request: Request, world: World) -> Iterable[Refusal]:
    text = section(request.inputs, "kubernetesNetworkConfig").get("serviceIpv4Cidr")
    asked, place = network(text), ("kubernetesNetworkConfig", "serviceIpv4Cidr")
    if asked is None:
        if known(text):
            yield refuse(_INVALID, f"serviceIpv4Cidr '{text}' is no IPv4 range", *place)
        return
    if not 12 <= asked.prefixlen <= 24 or not any(asked.subnet_of(private) for private in _PRIVATE):
        message = f"serviceIpv4Cidr '{asked}' must be a /24 to a /12 within 10/8, 172.16/12 or 192.168/16"
        yield refuse(_INVALID, message, *place)
    for subnet in subnets(request, world, "vpcConfig.subnetIds.[]")[:1]:
        vpc = world.find(VPC, str(subnet.inputs.get("vpcId")), request.scope)
        for part in vpc_ranges(world, vpc) if vpc else ():
            there = network(part)
            if there is not None and there.overlaps(asked):
                yield refuse(_INVALID, f"serviceIpv4Cidr '{asked}' overlaps the VPC's range {there}", *place)


@writing
def _version(request: Request, _world: World) -> Iterable[Refusal]:
    asked = request.inputs.get("version")
    if not known(asked):
        return
    if asked not in VERSIONS:
        message = f"unsupported Kubernetes version '{asked}': EKS has {', '.join(VERSIONS)}"
        yield refuse(_INVALID, message, "version")
        return
    current = request.old.outputs.get("version") if request.old else None
    if isinstance(current, str) and current != asked and not 0 < minor(str(asked)) - minor(current) <= 1:
        message = f"unsupported Kubernetes minor version update from {current} to {asked}: one minor up at a time"
        yield refuse(_INVALID, message, "version")


def minor(version: str) -> int:
    """34 of `1.34`."""
    return int(version.split(".")[1])


@writing
def _endpoints(request: Request, _world: World) -> Iterable[Refusal]:
    config = section(request.inputs, "vpcConfig")
    private, public = config.get("endpointPrivateAccess", False), config.get("endpointPublicAccess", True)
    if private is False and public is False:
        message = "private and public endpoint access cannot both be disabled"
        yield refuse(_INVALID, message, "vpcConfig", "endpointPublicAccess")
    given = [text for _, text in texts(request.inputs, "vpcConfig.publicAccessCidrs.[]")]
    if given and public is False:
        message = "publicAccessCidrs can be given only while endpointPublicAccess is true"
        yield refuse(_INVALID, message, "vpcConfig", "publicAccessCidrs")
    for text in given:
        found = network(text)
        if found is None or any(found.subnet_of(private_range) for private_range in _PRIVATE):
            message = f"the CIDR '{text}' is not allowed in publicAccessCidrs: it is no public IPv4 range"
            yield refuse(_INVALID, message, "vpcConfig", "publicAccessCidrs")


@writing
def _encryption(request: Request, _world: World) -> Iterable[Refusal]:
    resources = section(request.inputs, "encryptionConfig").get("resources")
    if isinstance(resources, list) and resources != ["secrets"]:
        message = f"encryptionConfig.resources is {resources}: EKS encrypts exactly ['secrets']"
        yield refuse(_INVALID, message, "encryptionConfig", "resources")


@writing
def _way_in(request: Request, _world: World) -> Iterable[Refusal]:
    order = ("CONFIG_MAP", "API_AND_CONFIG_MAP", "API")
    mode = section(request.inputs, "accessConfig").get("authenticationMode")
    before = ((request.old.outputs.get("accessConfig") if request.old else None) or {}).get("authenticationMode")
    if mode in order and before in order and order.index(mode) < order.index(before):
        message = f"unsupported authentication mode update from {before} to {mode}: it cannot be taken back"
        yield refuse("InvalidRequestException", message, "accessConfig", "authenticationMode")


@deleting
def _protection(request: Request, _world: World) -> Iterable[Refusal]:
    if request.inputs.get("deletionProtection") is True:
        name = request.inputs.get("name")
        message = f"cluster '{name}' has deletion protection enabled: disable it first"
        yield refuse("InvalidRequestException", message)


def _outputs(request: Request, world: World, id_: str) -> dict[str, Any]:
    scope = request.scope
    endpoint = old(request, "endpoint")
    if endpoint is None:
        unique = ids.hexadecimal(ids.fresh(request, world, "eks"), 32).upper()
        endpoint = f"https://{unique}.gr7.{scope.region}.eks.amazonaws.com"
    unique = endpoint.removeprefix("https://").partition(".")[0]
    found = subnets(request, world, "vpcConfig.subnetIds.[]")
    config = {
        "endpointPrivateAccess": False,
        "endpointPublicAccess": True,
        **section(request.inputs, "vpcConfig"),
        "clusterSecurityGroupId": f"sg-0{ids.hexadecimal(unique, 16)}",
        "vpcId": str(found[0].inputs.get("vpcId")) if found else "",
    }
    if config["endpointPublicAccess"]:
        config.setdefault("publicAccessCidrs", ["0.0.0.0/0"])
    pem = f"-----BEGIN CERTIFICATE-----\n{base64.b64encode(unique.encode()).decode()}\n-----END CERTIFICATE-----\n"
    services = {
        "ipFamily": "ipv4",
        "serviceIpv4Cidr": "172.20.0.0/16",
        **section(request.inputs, "kubernetesNetworkConfig"),
    }
    return {
        "arn": ids.arn(scope, "eks", f"cluster/{id_}"),
        "certificateAuthority": {"data": base64.b64encode(pem.encode()).decode()},
        "createdAt": old(request, "createdAt") or ids.EPOCH,
        "endpoint": endpoint,
        "identities": [{"oidcs": [{"issuer": f"https://oidc.eks.{scope.region}.amazonaws.com/id/{unique}"}]}],
        "kubernetesNetworkConfig": services,
        "platformVersion": "eks.1",
        "status": "ACTIVE",
        "version": request.inputs.get("version") or old(request, "version") or VERSIONS[-1],
        "vpcConfig": config,
    }


TYPES = [
    model(
        CLUSTER,
        botocore(
            "eks",
            "CreateCluster",
            {
                "defaultAddonsToRemoves": "",
                "enabledClusterLogTypes": "logging.clusterLogging[].types",
                "encryptionConfig": "encryptionConfig[]",
                "forceUpdateVersion": "",
                "kubernetesNetworkConfig.serviceIpv6Cidr": "",
                "vpcConfig": "resourcesVpcConfig",
                "vpcConfig.clusterSecurityGroupId": "",
                "vpcConfig.vpcId": "",
            },
        ),
        lambda request, _world: str(request.inputs.get("name")),
        computed=_outputs,
        immutable=(
            "accessConfig.bootstrapClusterCreatorAdminPermissions",
            "bootstrapSelfManagedAddons",
            "encryptionConfig",
            "kubernetesNetworkConfig.ipFamily",
            "kubernetesNetworkConfig.serviceIpv4Cidr",
            "name",
            "outpostConfig",
            "roleArn",
        ),
        normalize=(
            sets(
                "enabledClusterLogTypes",
                "encryptionConfig.resources",
                "vpcConfig.publicAccessCidrs",
                "vpcConfig.securityGroupIds",
                "vpcConfig.subnetIds",
            ),
            defaults(
                bootstrapSelfManagedAddons=True,
                deletionProtection=False,
                vpcConfig__endpointPrivateAccess=False,
                vpcConfig__endpointPublicAccess=True,
                kubernetesNetworkConfig__ipFamily="ipv4",
            ),
        ),
        laws_of=(
            laws.arn_exists("roleArn", ROLE, _INVALID, "role"),
            trusts("eks.amazonaws.com", "roleArn"),
            laws.exists("vpcConfig.subnetIds.[]", SUBNET, _INVALID, "subnet ID"),
            laws.arn_exists("encryptionConfig.provider.keyArn", KEY, _INVALID, "KMS key"),
            groups_exist("vpcConfig.securityGroupIds.[]"),
            _subnets,
            _service_range,
            _version,
            _endpoints,
            _encryption,
            _way_in,
            _protection,
            laws.used_by("ResourceInUseException", (NODES, "clusterName")),
        ),
        unique=("name",),
        unique_in="region",
        # EKS adds its own security group, the network and the ranges that were left open.
        reshaped=("kubernetesNetworkConfig", "vpcConfig"),
    ),
]
