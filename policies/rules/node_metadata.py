"""A pod cannot take its node's credentials from the cloud's metadata service."""

from collections.abc import Iterator

from policies.clouds import GKE_POOL, TEMPLATE
from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import expect, look, number
from policies.samples import GONE, bad, but, good, later_at, unknown


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    if resource.type.startswith("aws:"):
        tokens = look(resource.props, "metadataOptions", "httpTokens")
        right = tokens == "required"
        yield from expect(
            "metadataOptions.httpTokens", tokens, right, "a forged request of a pod gets the node's credentials"
        )
        hops = look(resource.props, "metadataOptions", "httpPutResponseHopLimit")
        limit = number(hops)
        right = limit is not None and limit <= 1
        yield from expect("metadataOptions.httpPutResponseHopLimit", hops, right, "pods reach it past the node")
    else:
        mode = look(resource.props, "nodeConfig", "workloadMetadataConfig", "mode")
        right = mode == "GKE_METADATA"
        yield from expect("nodeConfig.workloadMetadataConfig.mode", mode, right, "pods get the node's credentials")


POLICY = Policy(
    name="node-metadata",
    title="Pods do not get their node's credentials",
    severity="high",
    remediation="Leave the cell's node pools at their defaults.",
    framework="AWS FSBP EC2.170; CIS GKE Benchmark, workload identity",
    types=("aws:ec2/launchTemplate:LaunchTemplate", "gcp:container/nodePool:NodePool"),
    judge=_judge,
    url="https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html",
    samples=(
        good(TEMPLATE, GKE_POOL),
        bad(but(TEMPLATE, "metadataOptions", "httpTokens", "optional")),
        bad(but(TEMPLATE, "metadataOptions", "httpPutResponseHopLimit", 2)),
        bad(but(GKE_POOL, "nodeConfig", "workloadMetadataConfig", GONE)),
        unknown(later_at(TEMPLATE, "metadataOptions", "httpTokens")),
    ),
)
