"""Nodes are machines of kinds that hold what they promise."""

from collections.abc import Iterator

from policies.clouds import AKS, GKE_POOL, TEMPLATE
from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import items, later, look, matches
from policies.samples import bad, but, given, good, later_at, unknown

_REFUSED = ("t2.*", "t3.*", "t3a.*", "t4g.*", "e2-micro", "e2-small", "e2-medium", "f1-*", "g1-*", "Standard_B*")
"""Machines whose processors are lent, and taken back when a broker needs them."""


def _judge(resource: Resource, scope: Scope) -> Iterator[Verdict]:
    refused, approved = scope.settings.get("refused", _REFUSED), scope.settings.get("approved", ["*"])
    if resource.type.startswith("aws:"):
        sizes = [look(resource.props, "instanceType")]
    elif resource.type.startswith("gcp:"):
        sizes = [look(resource.props, "nodeConfig", "machineType")]
    else:
        pools = items(resource.props, "agentPoolProfiles") or (resource.props,)
        sizes = [look(pool, "vmSize") for pool in pools]
    for size in sizes:
        if size is UNKNOWN:
            yield later("the machine's size")
        elif size is not None and (matches(str(size), refused) or not matches(str(size), approved)):
            yield f"machine '{size}' is not approved (refused: {', '.join(refused)}; approved: {', '.join(approved)})"


_PATTERNS = {"type": "array", "items": {"type": "string", "minLength": 2}}

POLICY = Policy(
    name="approved-machines",
    title="Nodes are approved machines",
    severity="medium",
    remediation="Choose another `machine` for the cell's nodes, or add it to the policy's settings.",
    framework="NIST SP 800-53 CM-2, SC-6",
    types=(
        "aws:ec2/launchTemplate:LaunchTemplate",
        "azure-native:containerservice:AgentPool",
        "azure-native:containerservice:ManagedCluster",
        "gcp:container/nodePool:NodePool",
    ),
    judge=_judge,
    levels={"dev": "advisory"},
    settings={
        "type": "object",
        "additionalProperties": False,
        "properties": {"approved": _PATTERNS, "refused": _PATTERNS},
    },
    url="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances.html",
    samples=(
        good(TEMPLATE, GKE_POOL, AKS),
        bad(but(TEMPLATE, "instanceType", "t4g.large")),
        bad(but(AKS, "agentPoolProfiles", 0, "vmSize", "Standard_B2s")),
        bad(TEMPLATE, scope=given(approved=["m7g.*"]), title="stricter by setting"),
        unknown(later_at(TEMPLATE, "instanceType")),
    ),
)
