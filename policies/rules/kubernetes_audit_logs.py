"""Who asked the Kubernetes API for what is written down."""

from collections.abc import Iterator

from policies.clouds import EKS, GKE
from policies.contract import UNKNOWN, Policy, Resource, Scope, Verdict
from policies.look import items, later, look, unsure, yes
from policies.samples import bad, but, good, later_at, res, unknown

_NEEDED = {
    "aws:eks/cluster:Cluster": (("enabledClusterLogTypes",), ("api", "audit", "authenticator")),
    "gcp:container/cluster:Cluster": (("loggingConfig", "enableComponents"), ("SYSTEM_COMPONENTS", "APISERVER")),
}
_AZURE = "azure-native:monitor:DiagnosticSetting"


def _judge(resource: Resource, _: Scope) -> Iterator[Verdict]:
    if resource.type == _AZURE:
        logs = items(resource.props, "logs")
        on = {str(look(one, "category")) for one in logs if yes(look(one, "enabled"))}
        if on & {"kube-audit", "kube-audit-admin"}:
            return
        if unsure(logs):
            yield later("logs")
        elif any(one.startswith("kube-") for one in on):
            yield "logs have no 'kube-audit-admin': who changed what in Kubernetes is not written down"
        return
    path, needed = _NEEDED[resource.type]
    found = items(resource.props, *path)
    if UNKNOWN in found:
        yield later(".".join(path))
    elif missing := [one for one in needed if one not in found]:
        yield f"{'.'.join(path)} leaves out {', '.join(missing)}: who did what cannot be looked up"


_SETTING = res(
    _AZURE,
    {
        "name": "kf-orders",
        "resourceUri": "/subscriptions/s/managedClusters/kf-orders",
        "logs": [{"category": "kube-apiserver", "enabled": True}, {"category": "kube-audit-admin", "enabled": True}],
    },
)

POLICY = Policy(
    name="kubernetes-audit-logs",
    title="Kubernetes writes down who did what",
    severity="high",
    remediation="Leave the cell's control plane logs at their defaults.",
    framework="AWS FSBP EKS.8; CIS GKE Benchmark, logging; PCI DSS 4.0 10.2",
    types=(*_NEEDED, _AZURE),
    judge=_judge,
    url="https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html",
    samples=(
        good(EKS, GKE, _SETTING),
        bad(but(EKS, "enabledClusterLogTypes", ["api"])),
        bad(but(GKE, "loggingConfig", {"enableComponents": ["SYSTEM_COMPONENTS"]})),
        bad(but(_SETTING, "logs", [{"category": "kube-apiserver", "enabled": True}])),
        unknown(later_at(EKS, "enabledClusterLogTypes")),
    ),
)
