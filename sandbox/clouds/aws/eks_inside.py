"""What EKS keeps inside a cluster: add-ons, access entries, access policies.

Owns      which add-ons and policies exist, one entry a principal, and the order add-on after nodes.
Refuses   principals' existence: the roles of people and of CI are made elsewhere than in a cell.
"""

import json
import re
from collections.abc import Iterable

from sandbox.clouds.aws import ids, laws
from sandbox.clouds.aws.base import botocore, model, old
from sandbox.clouds.aws.ec2_firewall import NODES
from sandbox.clouds.aws.eks_cluster import trusts
from sandbox.clouds.aws.eks_nodes import cluster_exists, cluster_of
from sandbox.clouds.aws.iam import ROLE
from sandbox.clouds.aws.laws import at_effect, known, refuse, section, texts, writing
from sandbox.clouds.aws.normal import defaults, documents, sets
from sandbox.contract import Refusal, Request, World

ADDON = "aws:eks/addon:Addon"
ENTRY = "aws:eks/accessEntry:AccessEntry"
ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"

ADDONS = {
    "adot": ("adot-col-prom-metrics", "adot-col-otlp-ingest"),
    "amazon-cloudwatch-observability": ("cloudwatch-agent",),
    "aws-ebs-csi-driver": ("ebs-csi-controller-sa",),
    "aws-efs-csi-driver": ("efs-csi-controller-sa", "efs-csi-node-sa"),
    "aws-mountpoint-s3-csi-driver": ("s3-csi-driver-sa",),
    "coredns": (),
    "eks-node-monitoring-agent": (),
    "eks-pod-identity-agent": (),
    "external-dns": ("external-dns",),
    "kube-proxy": (),
    "metrics-server": (),
    "snapshot-controller": (),
    "vpc-cni": ("aws-node",),
}
"""Add-ons with the service accounts that may have an identity; source: EKS user guide, 'AWS add-ons' and 'community
add-ons', read 2026-11; a part of the list."""

NEEDS_NODES = ("aws-ebs-csi-driver", "coredns", "external-dns", "metrics-server")
"""Add-ons that run as ordinary pods: without a node EKS reports them as DEGRADED until the create times out."""

SETTINGS = {
    "vpc-cni": {"enableNetworkPolicy": ("true", "false"), "enableWindowsIpam": ("true", "false")},
}
"""Closed settings of an add-on's configuration schema, as far as they are in use here."""

POLICIES = {
    "AmazonEKSAdminPolicy",
    "AmazonEKSAdminViewPolicy",
    "AmazonEKSAutoNodePolicy",
    "AmazonEKSClusterAdminPolicy",
    "AmazonEKSEditPolicy",
    "AmazonEKSViewPolicy",
}
_POLICY = "arn:aws:eks::aws:cluster-access-policy/"
_INVALID = "InvalidParameterException"


@writing
def _addon(request: Request, _world: World) -> Iterable[Refusal]:
    name, version = request.inputs.get("addonName"), request.inputs.get("addonVersion")
    if not known(name):
        return
    if name not in ADDONS:
        message = f"addon '{name}' is not supported: EKS has {', '.join(sorted(ADDONS))}"
        yield refuse(_INVALID, message, "addonName")
        return
    if known(version) and not re.fullmatch(r"v\d+\.\d+\.\d+-eksbuild\.\d+", str(version)):
        yield refuse(
            _INVALID, f"addon version '{version}' is not supported: it is like v1.2.3-eksbuild.4", "addonVersion"
        )
    for key, allowed in _CONFLICTS.items():
        given = request.inputs.get(key)
        if known(given) and given not in allowed:
            yield refuse(_INVALID, f"{key} is '{given}': it must be one of {', '.join(allowed)}", key)
    for place, account in texts(request.inputs, "podIdentityAssociations.[].serviceAccount"):
        if account not in ADDONS[str(name)]:
            accounts = ", ".join(ADDONS[str(name)]) or "none"
            message = f"service account '{account}' is not one of addon '{name}' that may have an identity ({accounts})"
            yield refuse(_INVALID, message, *place)


_CONFLICTS = {
    "resolveConflictsOnCreate": ("NONE", "OVERWRITE"),
    "resolveConflictsOnUpdate": ("NONE", "OVERWRITE", "PRESERVE"),
}
"""Source: terraform-provider-aws, `aws_eks_addon`: there is nothing to preserve at a creation."""


@writing
def _settings(request: Request, _world: World) -> Iterable[Refusal]:
    text = request.inputs.get("configurationValues")
    if not isinstance(text, str):
        return
    try:
        given = json.loads(text)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        message = f"configurationValues is not a JSON object: {text[:60]}"
        yield refuse(_INVALID, message, "configurationValues")
        return
    settings = SETTINGS.get(str(request.inputs.get("addonName")), {})
    for key in sorted(given.keys() - settings.keys()) if settings else ():
        message = f"configurationValues: {key} is no setting of this add-on that is known here: {', '.join(settings)}"
        yield refuse(_INVALID, message, "configurationValues")
    for key, allowed in settings.items():
        if key in given and given[key] not in allowed:
            message = f"configurationValues: {key} is {given[key]!r}, it must be one of {', '.join(map(repr, allowed))}"
            yield refuse(_INVALID, message, "configurationValues")


@writing
def _nodes_first(request: Request, world: World) -> Iterable[Refusal]:
    name, cluster = request.inputs.get("addonName"), request.inputs.get("clusterName")
    if request.operation != "create" or name not in NEEDS_NODES:
        return
    if not any(group.inputs.get("clusterName") == cluster for group in world.all(NODES, request.scope)):
        message = f"addon '{name}' would stay DEGRADED (InsufficientNumberOfReplicas): cluster '{cluster}' has no nodes"
        yield refuse("ResourceNotReady", message, "addonName")


@writing
def _entry(request: Request, _world: World) -> Iterable[Refusal]:
    principal, kind = request.inputs.get("principalArn"), request.inputs.get("type", "STANDARD")
    if known(principal) and not re.fullmatch(r"arn:aws:iam::\d{12}:(role|user)/.+", str(principal)):
        message = f"the specified principalArn is invalid: '{principal}' is no IAM role or user"
        yield refuse(_INVALID, message, "principalArn")
    kinds = ("STANDARD", "FARGATE_LINUX", "EC2", "EC2_LINUX", "EC2_WINDOWS", "HYBRID_LINUX", "HYPERPOD_LINUX")
    if known(kind) and kind not in kinds:
        yield refuse(_INVALID, f"access entry type '{kind}' is not one of {', '.join(kinds)}", "type")
    groups = list(texts(request.inputs, "kubernetesGroups.[]"))
    if groups and kind != "STANDARD":
        message = f"an access entry of type {kind} has no Kubernetes groups"
        yield refuse(_INVALID, message, "kubernetesGroups")
    for place, group in groups:
        if group.startswith(("system:", "eks:", "aws:", "amazon:", "iam:")):
            yield refuse(_INVALID, f"the Kubernetes group '{group}' starts with a reserved prefix", *place)


@at_effect
def _entries_are_read(request: Request, world: World) -> Iterable[Refusal]:
    cluster = cluster_of(request, world)
    mode = ((cluster.outputs.get("accessConfig") if cluster else None) or {}).get("authenticationMode", "CONFIG_MAP")
    if cluster is not None and mode == "CONFIG_MAP":
        message = f"the cluster's authentication mode must be API or API_AND_CONFIG_MAP; it is {mode}"
        yield refuse("InvalidRequestException", message, "clusterName")


@writing
def _association(request: Request, world: World) -> Iterable[Refusal]:
    policy, principal = request.inputs.get("policyArn"), request.inputs.get("principalArn")
    if known(policy) and not (str(policy).startswith(_POLICY) and str(policy).removeprefix(_POLICY) in POLICIES):
        yield refuse(_INVALID, f"the policyArn parameter is not valid: '{policy}'", "policyArn")
    scope = section(request.inputs, "accessScope")
    namespaces = scope.get("namespaces")
    if scope.get("type") == "namespace" and not namespaces:
        yield refuse(_INVALID, "an access scope of type namespace names its namespaces", "accessScope")
    if scope.get("type") == "cluster" and namespaces:
        yield refuse(_INVALID, "an access scope of type cluster has no namespaces", "accessScope", "namespaces")
    if request.operation == "create" and known(principal):
        id_ = f"{request.inputs.get('clusterName')}:{principal}"
        if world.find(ENTRY, id_, request.scope) is None:
            message = f"the specified principal '{principal}' has no access entry in this cluster"
            yield refuse("ResourceNotFoundException", message, "principalArn")


@laws.deleting
def _entry_is_free(request: Request, world: World) -> Iterable[Refusal]:
    # EKS deletes the associations with the entry; here they are resources of their own, and would be left behind.
    for other in world.all(ASSOCIATION, request.scope):
        same = all(other.inputs.get(key) == request.inputs.get(key) for key in ("clusterName", "principalArn"))
        if same:
            message = f"the access entry has the policy association '{other.id}': delete it first"
            yield refuse("ResourceInUseException", message)


def _times(request: Request) -> dict[str, object]:
    return {"createdAt": old(request, "createdAt") or ids.EPOCH, "modifiedAt": old(request, "modifiedAt") or ids.EPOCH}


def _addon_outputs(request: Request, _world: World, id_: str) -> dict[str, object]:
    mark = ids.hexadecimal(f"{request.scope.account}/{request.scope.region}/{id_}", 32)
    return {
        "arn": ids.arn(request.scope, "eks", f"addon/{id_.replace(':', '/')}/{mark[:8]}"),
        "addonVersion": request.inputs.get("addonVersion") or old(request, "addonVersion") or "v1.0.0-eksbuild.1",
        **_times(request),
    }


def _entry_outputs(request: Request, _world: World, id_: str) -> dict[str, object]:
    principal = str(request.inputs.get("principalArn"))
    kind, name = principal.split(":")[5].split("/", maxsplit=1)[0], principal.rpartition("/")[2]
    cluster = request.inputs.get("clusterName")
    mark = ids.hexadecimal(f"{request.scope.region}/{id_}", 8)
    return {
        "accessEntryArn": ids.arn(
            request.scope, "eks", f"access-entry/{cluster}/{kind}/{request.scope.account}/{name}/{mark}"
        ),
        "userName": request.inputs.get("userName")
        or f"arn:aws:sts::{request.scope.account}:assumed-role/{name}/{{{{SessionName}}}}",
        **_times(request),
    }


TYPES = [
    model(
        ADDON,
        botocore(
            "eks",
            "CreateAddon",
            {"preserve": "", "resolveConflictsOnCreate": "resolveConflicts", "resolveConflictsOnUpdate": ""},
        ),
        lambda request, _world: f"{request.inputs.get('clusterName')}:{request.inputs.get('addonName')}",
        computed=_addon_outputs,
        immutable=("addonName", "clusterName"),
        normalize=(documents("configurationValues"), sets("podIdentityAssociations"), defaults(preserve=False)),
        laws_of=(
            cluster_exists,
            laws.arn_exists("podIdentityAssociations.[].roleArn", ROLE, _INVALID, "role"),
            trusts("pods.eks.amazonaws.com", "podIdentityAssociations.[].roleArn"),
            laws.arn_exists("serviceAccountRoleArn", ROLE, _INVALID, "role"),
            _addon,
            _settings,
            _nodes_first,
        ),
        unique=("addonName",),
        unique_in="parent:clusterName",
    ),
    model(
        ENTRY,
        botocore("eks", "CreateAccessEntry", {"userName": "username"}),
        lambda request, _world: f"{request.inputs.get('clusterName')}:{request.inputs.get('principalArn')}",
        computed=_entry_outputs,
        immutable=("clusterName", "principalArn", "type"),
        normalize=(sets("kubernetesGroups"), defaults(type="STANDARD")),
        laws_of=(cluster_exists, _entry, _entries_are_read, _entry_is_free),
        unique=("principalArn",),
        unique_in="parent:clusterName",
    ),
    model(
        ASSOCIATION,
        botocore("eks", "AssociateAccessPolicy"),
        lambda request, _world: "#".join(
            str(request.inputs.get(k)) for k in ("clusterName", "principalArn", "policyArn")
        ),
        computed=lambda _request, _world, _id: {"associatedAt": ids.EPOCH, "modifiedAt": ids.EPOCH},
        immutable=("accessScope", "clusterName", "policyArn", "principalArn"),
        normalize=(sets("accessScope.namespaces"),),
        laws_of=(cluster_exists, _association),
        unique=("principalArn", "policyArn"),
        unique_in="parent:clusterName",
        tagged=False,
    ),
]
