"""Whose it is, and who pays for it, stands on everything in a cloud."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from policies.clouds import AKS, EKS, GKE, VPC
from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import document, later, look
from policies.samples import GONE, bad, but, good, later_at, unknown

_WANTED = ("cell", "cost-center", "environment", "fleet", "owner")
_TAGGED = {
    **dict.fromkeys(
        (
            "aws:cloudwatch/logGroup:LogGroup",
            "aws:ec2/eip:Eip",
            "aws:ec2/launchTemplate:LaunchTemplate",
            "aws:ec2/natGateway:NatGateway",
            "aws:ec2/securityGroup:SecurityGroup",
            "aws:ec2/subnet:Subnet",
            "aws:ec2/vpc:Vpc",
            "aws:ec2/vpcEndpoint:VpcEndpoint",
            "aws:ec2transitgateway/transitGateway:TransitGateway",
            "aws:eks/cluster:Cluster",
            "aws:eks/nodeGroup:NodeGroup",
            "aws:iam/role:Role",
            "aws:kms/key:Key",
            "aws:lb/loadBalancer:LoadBalancer",
            "aws:route53/zone:Zone",
            "aws:s3/bucket:Bucket",
            "azure-native:compute:DiskEncryptionSet",
            "azure-native:containerservice:ManagedCluster",
            "azure-native:keyvault:Key",
            "azure-native:keyvault:Vault",
            "azure-native:network:NatGateway",
            "azure-native:network:NetworkSecurityGroup",
            "azure-native:network:PublicIPAddress",
            "azure-native:network:VirtualNetwork",
            "azure-native:resources:ResourceGroup",
            "azure-native:storage:StorageAccount",
        ),
        "tags",
    ),
    "gcp:compute/address:Address": "labels",
    "gcp:container/cluster:Cluster": "resourceLabels",
    "gcp:dns/managedZone:ManagedZone": "labels",
    "gcp:kms/cryptoKey:CryptoKey": "labels",
    "gcp:storage/bucket:Bucket": "labels",
}


def _given(resource: Resource) -> tuple[Mapping[str, Any], Any]:
    """The tags that the provider puts on everything, and the resource's own."""
    usual = document(look(resource.provider, "defaultTags"))
    labels = document(look(resource.provider, "defaultLabels"))
    found = look(usual, "tags") if resource.type.startswith("aws:") else labels
    return found if isinstance(found, Mapping) else {}, look(resource.props, _TAGGED[resource.type])


def _missing(resource: Resource, scope: Scope) -> list[str]:
    usual, own = _given(resource)
    has = {**usual, **own} if isinstance(own, Mapping) else usual
    return [key for key in scope.settings.get("keys", _WANTED) if not has.get(key)]


def _judge(resource: Resource, scope: Scope) -> Iterator[Verdict]:
    missing = _missing(resource, scope)
    if missing and _given(resource)[1] is UNKNOWN:
        yield later(_TAGGED[resource.type])
    elif missing:
        yield f"{_TAGGED[resource.type]} leave out {', '.join(missing)}: nobody knows whose it is"


def _remedy(resource: Resource, scope: Scope) -> Mapping[str, Any]:
    own = _given(resource)[1]
    added = {key: scope.tags[key] for key in _missing(resource, scope) if key in scope.tags}
    if own is UNKNOWN or not added:
        return resource.props
    return {**resource.props, _TAGGED[resource.type]: {**(own if isinstance(own, Mapping) else {}), **added}}


_BARE = replace(VPC, provider={"region": "eu-west-1"})

POLICY = Policy(
    name="required-tags",
    title="Everything in a cloud says whose it is",
    severity="low",
    remediation="Nothing: where the level is `remediate`, missing tags are added from the fleet files.",
    framework="NIST SP 800-53 CM-8; AWS tagging best practices",
    types=tuple(_TAGGED),
    judge=_judge,
    remedy=_remedy,
    levels={"dev": "remediate", "staging": "remediate", "prod": "remediate"},
    settings={
        "type": "object",
        "additionalProperties": False,
        "properties": {"keys": {"type": "array", "items": {"type": "string", "minLength": 1}}},
    },
    url="https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html",
    samples=(
        good(EKS, VPC, title="from the provider's own"),
        good(GKE, AKS),
        bad(_BARE),
        bad(but(_BARE, "tags", {"owner": "platform"})),
        bad(but(AKS, "tags", GONE)),
        unknown(later_at(_BARE, "tags")),
    ),
)
