"""One region's failure does not take all of production."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from policies.clouds import AWS_PROVIDER, EKS, GKE
from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import look
from policies.samples import DEV, bad, good


def _judge(stacks: Mapping[str, Sequence[Resource]], scopes: Mapping[str, Scope]) -> Iterator[tuple[str, Verdict]]:
    at = {name: _region(one) for name, found in stacks.items() if scopes[name].production for one in found}
    if len(at) > 1 and len(set(at.values())) == 1:
        for name, (cloud, region) in at.items():
            yield name, f"all {len(at)} production cells stand in {cloud} {region}: its failure takes them all"


def _region(cluster: Resource) -> tuple[str, str]:
    cloud = cluster.type.partition(":")[0].removesuffix("-native")
    found = look(cluster.props, "location") or look(cluster.provider, "region")
    return cloud, str(found)


_HERE, _THERE = replace(EKS, urn="cell.a"), replace(EKS, urn="cell.b")
_FAR = replace(_THERE, provider={**AWS_PROVIDER, "region": "eu-central-1"})

POLICY = Policy(
    name="fleet-regions",
    title="Production stands in several regions",
    severity="low",
    remediation="Place a production cell in another region, or another cloud.",
    framework="NIST SP 800-53 CP-6, CP-7",
    types=("aws:eks/cluster:Cluster", "azure-native:containerservice:ManagedCluster", "gcp:container/cluster:Cluster"),
    judge_fleet=_judge,
    levels={"dev": "disabled", "staging": "disabled", "prod": "advisory"},
    url="https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/welcome.html",
    samples=(
        good(_HERE, _FAR),
        good(_HERE, replace(GKE, urn="cell.c"), title="another cloud"),
        good(_HERE, title="one cell alone"),
        good(_HERE, _THERE, scope=DEV, title="not production"),
        bad(_HERE, _THERE),
    ),
)
