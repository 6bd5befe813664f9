"""Kubernetes is a version that its vendor still supports, at a price if need be."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from policies.ages import KUBERNETES, kubernetes_end
from policies.clouds import AKS, EKS, GKE
from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import later, look
from policies.samples import PROD, bad, but, good, later_at, unknown


def _judge(resource: Resource, scope: Scope) -> Iterator[Verdict]:
    cloud, key = KUBERNETES[resource.type]
    found = look(resource.props, key)
    if found is UNKNOWN:
        yield later(key)
    elif isinstance(found, str):
        end = kubernetes_end(cloud, found, "extended")
        if end is not None and scope.today > end:
            yield f"{key} is '{found}', whose last support ended on {end}: the cloud upgrades it when it likes to"


POLICY = Policy(
    name="kubernetes-supported",
    title="Kubernetes is supported",
    severity="high",
    remediation="Move the cell's `kubernetes.version` on, one minor version at a time.",
    framework="AWS FSBP EKS.2; NIST SP 800-53 SA-22",
    types=tuple(KUBERNETES),
    judge=_judge,
    url="https://endoflife.date/amazon-eks",
    samples=(
        good(EKS, GKE, AKS),
        good(but(EKS, "version", "1.99"), title="newer than the data"),
        bad(but(EKS, "version", "1.30")),
        bad(but(GKE, "minMasterVersion", "1.34"), scope=replace(PROD, today=date(2028, 1, 1))),
        unknown(later_at(EKS, "version")),
    ),
)
