"""Pods have identities of their own in the cloud, without keys that somebody could copy."""

from collections.abc import Iterator

from policies.clouds import AKS, AWS_PROVIDER, GKE
from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import expect, look, yes
from policies.samples import GONE, bad, but, good, later_at, res, unknown

_KEYS = ("aws:iam/accessKey:AccessKey", "gcp:serviceaccount/key:Key")


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    if resource.type in _KEYS:
        yield "a key of an account is a secret that can be copied and that nobody rotates: give pods identities instead"
    elif resource.type.startswith("gcp:"):
        pool = look(resource.props, "workloadIdentityConfig", "workloadPool")
        yield from expect("workloadIdentityConfig.workloadPool", pool, bool(pool), "pods share their node's identity")
    else:
        for path in (("oidcIssuerProfile", "enabled"), ("securityProfile", "workloadIdentity", "enabled")):
            on = look(resource.props, *path)
            yield from expect(".".join(path), on, yes(on), "pods share their node's identity")


POLICY = Policy(
    name="workload-identity",
    title="Pods have identities of their own, without keys",
    severity="high",
    remediation="Leave the cell's `kubernetes` section at its defaults, and make no access keys.",
    framework="CIS GKE Benchmark, workload identity; CIS GCP Foundations, service account keys; AWS FSBP IAM.3",
    types=("gcp:container/cluster:Cluster", "azure-native:containerservice:ManagedCluster", *_KEYS),
    judge=_judge,
    url="https://cloud.google.com/kubernetes-engine/docs/concepts/workload-identity",
    samples=(
        good(GKE, AKS),
        bad(but(GKE, "workloadIdentityConfig", GONE)),
        bad(but(AKS, "oidcIssuerProfile", "enabled", False)),
        bad(res("aws:iam/accessKey:AccessKey", {"user": "kafka"}, provider=AWS_PROVIDER)),
        unknown(later_at(GKE, "workloadIdentityConfig")),
    ),
)
