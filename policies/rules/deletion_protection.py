"""The cloud itself refuses to delete what production stands on."""

from collections.abc import Iterator

from policies.clouds import AWS_PROVIDER, EKS, GKE
from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import expect, look, yes
from policies.samples import DEV, GONE, bad, but, good, later_at, res, unknown

_FLAGS = {
    "aws:eks/cluster:Cluster": ("deletionProtection", True),
    "gcp:container/cluster:Cluster": ("deletionProtection", True),
    "aws:lb/loadBalancer:LoadBalancer": ("enableDeletionProtection", True),
    "aws:route53/zone:Zone": ("forceDestroy", False),
    "gcp:dns/managedZone:ManagedZone": ("forceDestroy", False),
    "aws:s3/bucket:Bucket": ("forceDestroy", False),
    "gcp:storage/bucket:Bucket": ("forceDestroy", False),
}


def _judge(resource: Resource, scope: Scope) -> Iterator[Verdict]:
    if not scope.production or scope.given_up:
        return
    key, wanted = _FLAGS[resource.type]
    found = look(resource.props, key)
    # GKE's provider protects by itself.
    on = found is None and resource.type == "gcp:container/cluster:Cluster"
    yield from expect(key, found, on or yes(found) is wanted, "one call deletes it, and what stands on it")


_ZONE = res("aws:route53/zone:Zone", {"name": "orders.kafka.internal", "forceDestroy": False}, provider=AWS_PROVIDER)

POLICY = Policy(
    name="deletion-protection",
    title="Clouds refuse to delete what production stands on",
    severity="high",
    remediation="Set `production: true` on the cell.",
    framework="NIST SP 800-53 CP-9; CIS Controls 8.1 11.3",
    types=tuple(_FLAGS),
    judge=_judge,
    url="https://docs.aws.amazon.com/eks/latest/userguide/deletion-protection.html",
    samples=(
        good(EKS, GKE, _ZONE),
        good(but(EKS, "deletionProtection", GONE), scope=DEV, title="not production"),
        bad(but(EKS, "deletionProtection", GONE)),
        bad(but(_ZONE, "forceDestroy", True)),
        unknown(later_at(EKS, "deletionProtection")),
    ),
)
