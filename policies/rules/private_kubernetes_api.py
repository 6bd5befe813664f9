"""The Kubernetes API does not answer the internet, but for listed addresses."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.clouds import AKS, EKS, GKE
from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import items, later, look, names, yes
from policies.samples import GONE, bad, but, good, later_at, unknown

_ANYWHERE = ("0.0.0.0/0", "::/0")


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    public, ranges, where = _AT[resource.type](resource.props)
    if public is UNKNOWN:
        yield later(where)
    elif public:
        if UNKNOWN in ranges:
            yield later(f"who may reach it ({where})")
        elif not ranges or set(ranges) & set(_ANYWHERE):
            yield f"{where}: the whole internet can try to log in"


def _aws(props: Mapping[str, Any]) -> tuple[Any, list[Any], str]:
    public = look(props, "vpcConfig", "endpointPublicAccess")
    on = public if public is UNKNOWN else public is None or yes(public)  # AWS' own default is on
    return on, names(props, "vpcConfig", "publicAccessCidrs"), "vpcConfig.endpointPublicAccess is on"


def _gcp(props: Mapping[str, Any]) -> tuple[Any, list[Any], str]:
    private = look(props, "privateClusterConfig", "enablePrivateEndpoint")
    on = private if private is UNKNOWN else not yes(private)
    blocks = [
        block if block is UNKNOWN else str(block)
        for one in items(props, "masterAuthorizedNetworksConfig", "cidrBlocks")
        if (block := look(one, "cidrBlock"))
    ]
    return on, blocks, "privateClusterConfig.enablePrivateEndpoint is off"


def _azure(props: Mapping[str, Any]) -> tuple[Any, list[Any], str]:
    private = look(props, "apiServerAccessProfile", "enablePrivateCluster")
    on = private if private is UNKNOWN else not yes(private)
    ranges = names(props, "apiServerAccessProfile", "authorizedIPRanges")
    return on, ranges, "apiServerAccessProfile.enablePrivateCluster is off"


_AT = {
    "aws:eks/cluster:Cluster": _aws,
    "gcp:container/cluster:Cluster": _gcp,
    "azure-native:containerservice:ManagedCluster": _azure,
}
_OPEN = but(EKS, "vpcConfig", "endpointPublicAccess", True)

POLICY = Policy(
    name="private-kubernetes-api",
    title="The Kubernetes API does not answer the internet",
    severity="critical",
    remediation="Give the cell a private API, or list the ranges that may reach it in `kubernetes.api`.",
    framework="AWS FSBP EKS.1; CIS GKE Benchmark, cluster networking; NSA Kubernetes Hardening 1.2",
    types=tuple(_AT),
    judge=_judge,
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/eks-controls.html",
    samples=(
        good(EKS, GKE, AKS),
        good(but(_OPEN, "vpcConfig", "publicAccessCidrs", ["198.51.100.0/24"]), title="for listed addresses"),
        bad(_OPEN),
        bad(but(EKS, "vpcConfig", "endpointPublicAccess", GONE), title="AWS' own default"),
        bad(but(but(GKE, "privateClusterConfig", GONE), "masterAuthorizedNetworksConfig", GONE)),
        bad(but(AKS, "apiServerAccessProfile", GONE)),
        unknown(later_at(EKS, "vpcConfig", "endpointPublicAccess")),
    ),
)
