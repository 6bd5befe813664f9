"""No node has an address on the internet."""

from collections.abc import Iterator

from policies.clouds import AKS, AWS_PROVIDER, GKE, GKE_POOL
from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import expect, items, look, yes
from policies.samples import bad, but, good, later_at, res, unknown

_PRIVATE = {
    "gcp:container/cluster:Cluster": ("privateClusterConfig", "enablePrivateNodes"),
    "gcp:container/nodePool:NodePool": ("networkConfig", "enablePrivateNodes"),
}


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    wrong = "nodes get addresses on the internet"
    if resource.type in _PRIVATE:
        path = _PRIVATE[resource.type]
        found = look(resource.props, *path)
        yield from expect(".".join(path), found, yes(found), wrong)
    elif resource.type == "aws:ec2/subnet:Subnet":
        found = look(resource.props, "mapPublicIpOnLaunch")
        yield from expect("mapPublicIpOnLaunch", found, not yes(found), wrong)
    else:
        pools = items(resource.props, "agentPoolProfiles") or (resource.props,)
        for pool in pools:
            found = look(pool, "enableNodePublicIP")
            yield from expect("enableNodePublicIP", found, not yes(found), wrong)


_SUBNET = res(
    "aws:ec2/subnet:Subnet",
    {"vpcId": "vpc-1", "cidrBlock": "10.0.0.0/20", "mapPublicIpOnLaunch": False},
    provider=AWS_PROVIDER,
    protect=True,
)

POLICY = Policy(
    name="private-nodes",
    title="Nodes have no public addresses",
    severity="high",
    remediation="Leave the cell's network at its defaults: nodes go out by NAT.",
    framework="AWS FSBP EC2.15; CIS GKE Benchmark, private nodes",
    types=(
        *_PRIVATE,
        "aws:ec2/subnet:Subnet",
        "azure-native:containerservice:AgentPool",
        "azure-native:containerservice:ManagedCluster",
    ),
    judge=_judge,
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html",
    samples=(
        good(_SUBNET, GKE, GKE_POOL, AKS),
        bad(but(_SUBNET, "mapPublicIpOnLaunch", True)),
        bad(but(GKE, "privateClusterConfig", "enablePrivateNodes", False)),
        bad(but(AKS, "agentPoolProfiles", 0, "enableNodePublicIP", True)),
        unknown(later_at(_SUBNET, "mapPublicIpOnLaunch")),
    ),
)
