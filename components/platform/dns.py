"""DNS records of load balancers and of pods, by external-dns.

Owns      its namespace, its network policies, and the values of its release.
Refuses   every zone but the cell's own; the gateway's wildcard record, which the cell's stack makes; and a second
          replica: external-dns elects no leader, and two would undo each other's changes. While it is away records stay
          as they are, and only new or moved brokers wait for theirs.
Identity  the owner in the TXT records beside each record is the cell's name: another name would own none of them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from components.platform.request import DNS_NAMESPACE, PlatformRequest
from components.services.contract import Manifest

ROLE = "dns-namespace"
RELEASE = "external-dns"
_METADATA = "169.254.0.0/16"
"""Where clouds give a pod its identity: link-local, and reached on a port of each cloud's own."""


def _policy(request: PlatformRequest, name: str, spec: Mapping[str, Any]) -> Manifest:
    body = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name, "namespace": DNS_NAMESPACE, "annotations": dict(request.annotations)},
        "spec": spec,
    }
    return Manifest(f"dns-policy-{name}", body, after=(ROLE,))


def manifests(request: PlatformRequest) -> Sequence[Manifest]:
    """Namespace and network policies. Nothing connects to it but who reads its metrics."""
    levels = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("audit", "enforce", "warn")}
    metadata = {"name": DNS_NAMESPACE, "annotations": dict(request.annotations), "labels": levels}
    both = ["Egress", "Ingress"]
    writer = {
        "podSelector": {"matchLabels": {"app.kubernetes.io/name": "external-dns"}},
        "policyTypes": both,
        "ingress": [{"ports": [{"port": 7979, "protocol": "TCP"}], "from": [{"namespaceSelector": {}}]}],
        "egress": [
            {
                "ports": [{"port": 53, "protocol": protocol} for protocol in ("TCP", "UDP")],
                "to": [{"namespaceSelector": {}}],
            },
            # The API servers of Kubernetes and of the cloud have no addresses that could be said.
            {"ports": [{"port": port, "protocol": "TCP"} for port in (443, 6443)]},
            {"to": [{"ipBlock": {"cidr": _METADATA}}]},
        ],
    }
    return [
        Manifest(ROLE, {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}),
        _policy(request, "default-deny", {"podSelector": {}, "policyTypes": both}),
        _policy(request, "external-dns", writer),
    ]


def _merged(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[str, Any]:
    """Both, to any depth. Where they meet ours holds: a cloud says how it may write, never where."""
    found = {**theirs, **ours}
    for key in theirs.keys() & ours.keys():
        if isinstance(theirs[key], Mapping) and isinstance(ours[key], Mapping):
            found[key] = _merged(theirs[key], ours[key])
    return found


def values(request: PlatformRequest) -> dict[str, Any]:
    """Values of the chart: ours, and those by which the cloud lets it write. May hold Pulumi outputs."""
    if not request.dns_zones:
        raise ValueError(f"cell {request.cell} has no DNS zones: without a filter external-dns would write to any zone")
    ours: dict[str, Any] = {
        "domainFilters": list(request.dns_zones),
        "nodeSelector": {"dedicated": "system"},
        # It removes what it made when the Service is gone, and touches nothing of others: the registry tells.
        "policy": "sync",
        "registry": "txt",
        "resources": {"limits": {"memory": "256Mi"}, "requests": {"cpu": "50m", "memory": "256Mi"}},
        "serviceAccount": {"create": True, "name": "external-dns"},
        "sources": ["service"],
        # A broker that moves is found again after seconds, not at the next minute.
        "triggerLoopOnEvent": True,
        "txtOwnerId": request.cell,
    }
    if request.image_registry:
        ours["image"] = {"repository": f"{request.image_registry}/external-dns/external-dns"}
    return _merged(request.dns_writer, ours)
