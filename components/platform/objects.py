"""The objects of a cell's platform, but for CRDs and rights.

Owns      namespaces, storage classes, the network policies of the operator, and the list of everything.
Refuses   labels for ownership and cost: those are annotations everywhere (a changed label can roll brokers).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from components.platform import confinement, crds, dns, gateway, rbac
from components.platform.request import PlatformRequest
from components.services.contract import Manifest

OPERATOR_NAMESPACE = "strimzi-system"
DRAIN_CLEANER_NAMESPACE = "strimzi-drain-cleaner"
CERT_MANAGER_NAMESPACE = "cert-manager"
NAMESPACES = {
    "operator-namespace": OPERATOR_NAMESPACE,
    "drain-cleaner-namespace": DRAIN_CLEANER_NAMESPACE,
    "cert-manager-namespace": CERT_MANAGER_NAMESPACE,
}
_OPERATOR = {"strimzi.io/kind": "cluster-operator"}
_API_PORTS = (443, 6443)
_KAFKA_PORTS = {
    8083: "Connect REST",
    8443: "Kafka agent",
    9090: "control plane and Cruise Control",
    9091: "replication",
}


def _metadata(request: PlatformRequest, name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "annotations": dict(request.annotations), **more}


def _namespace(request: PlatformRequest, role: str, name: str) -> Manifest:
    levels = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("audit", "enforce", "warn")}
    if name == DRAIN_CLEANER_NAMESPACE:
        # Whether its chart sets everything that `restricted` asks for could not be seen: warn, and refuse less.
        levels["pod-security.kubernetes.io/enforce"] = "baseline"
    body = {"apiVersion": "v1", "kind": "Namespace", "metadata": _metadata(request, name, labels=levels)}
    return Manifest(role=role, body=body, protect=name == OPERATOR_NAMESPACE)


def _storage_classes(request: PlatformRequest) -> list[Manifest]:
    return [
        Manifest(
            role=f"storage-class-{each.name}",
            body={
                "apiVersion": "storage.k8s.io/v1",
                "kind": "StorageClass",
                "metadata": _metadata(request, each.name),
                "provisioner": each.provisioner,
                "parameters": dict(each.parameters),
                # A volume is made in the zone of the pod that waits for it, and outlives every object above it.
                "volumeBindingMode": "WaitForFirstConsumer",
                "reclaimPolicy": "Retain",
                "allowVolumeExpansion": True,
            },
            protect=True,
        )
        for each in sorted(request.storage_classes, key=lambda each: each.name)
    ]


def _policy(request: PlatformRequest, name: str, spec: Mapping[str, Any]) -> Manifest:
    body = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": _metadata(request, name, namespace=OPERATOR_NAMESPACE),
        "spec": spec,
    }
    return Manifest(role=f"network-policy-{name}", body=body, after=("operator-namespace",))


def _network_policies(request: PlatformRequest) -> list[Manifest]:
    tcp = [{"port": port, "protocol": "TCP"} for port in _API_PORTS]
    dns = [{"port": 53, "protocol": protocol} for protocol in ("TCP", "UDP")]
    kafka = [{"port": port, "protocol": "TCP"} for port in sorted(_KAFKA_PORTS)]
    clusters = {
        "namespaceSelector": {},
        "podSelector": {"matchExpressions": [{"key": "strimzi.io/cluster", "operator": "Exists"}]},
    }
    nothing = {"podSelector": {}, "policyTypes": ["Egress", "Ingress"]}
    operator = {
        "podSelector": {"matchLabels": _OPERATOR},
        "policyTypes": ["Egress", "Ingress"],
        "egress": [
            {"ports": dns, "to": [{"namespaceSelector": {}}]},
            # The API server's addresses are the cloud's and change: the ports are all that can be said.
            {"ports": tcp},
            {"ports": kafka, "to": [clusters]},
        ],
        "ingress": [{"ports": [{"port": 8080, "protocol": "TCP"}], "from": [{"namespaceSelector": {}}]}],
    }
    return [_policy(request, "default-deny", nothing), _policy(request, "cluster-operator", operator)]


def manifests(request: PlatformRequest) -> Sequence[Manifest]:
    """Every Kubernetes object of the platform (the Helm releases are not objects: see `operator.py`).

    Those of the gateway stand after releases too, by the roles of these.
    """
    return [
        *crds.manifests(request),
        *(_namespace(request, role, name) for role, name in NAMESPACES.items()),
        *_storage_classes(request),
        *_network_policies(request),
        *confinement.manifests(request),
        *rbac.manifests(request),
        *dns.manifests(request),
        *gateway.manifests(request),
    ]
