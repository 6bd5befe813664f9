"""Kubernetes is moved on before its normal support ends."""

from collections.abc import Iterator
from datetime import timedelta

from policies.ages import KUBERNETES, kubernetes_end
from policies.clouds import AKS, EKS, GKE
from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import later, look
from policies.samples import bad, but, given, good, later_at, unknown


def _judge(resource: Resource, scope: Scope) -> Iterator[Verdict]:
    cloud, key = KUBERNETES[resource.type]
    found = look(resource.props, key)
    if found is UNKNOWN:
        yield later(key)
    elif isinstance(found, str):
        end = kubernetes_end(cloud, found, "support")
        before = timedelta(days=int(scope.settings.get("days_before", 60)))
        if end is not None and scope.today > end - before:
            yield f"{key} is '{found}', whose normal support {'ended' if scope.today > end else 'ends'} on {end}"


POLICY = Policy(
    name="kubernetes-age",
    title="Kubernetes is upgraded in time",
    severity="medium",
    remediation="Move the cell's `kubernetes.version` on, one minor version at a time.",
    framework="NIST SP 800-53 SI-2, SA-22",
    types=tuple(KUBERNETES),
    judge=_judge,
    levels={"dev": "advisory", "staging": "advisory", "prod": "advisory"},
    settings={
        "type": "object",
        "additionalProperties": False,
        "properties": {"days_before": {"type": "integer", "minimum": 0, "maximum": 365}},
    },
    url="https://endoflife.date/amazon-eks",
    samples=(
        good(EKS, GKE, AKS),
        bad(but(EKS, "version", "1.34")),
        bad(but(AKS, "kubernetesVersion", "1.34")),
        bad(EKS, scope=given(days_before=365), title="stricter by setting"),
        unknown(later_at(EKS, "version")),
    ),
)
