"""What may talk to what in a cluster's namespace: nothing, except what stands here or what Strimzi adds by itself.

Owns      the namespace's default denial and the exceptions that Strimzi does not make.
Refuses   listeners: Strimzi writes a policy for each from `networkPolicyPeers`, and removes it with the listener.
"""

from typing import Any

from components.services.contract import ServiceRequest
from components.services.kafka import oauth
from components.services.kafka.egress import Egress, rule
from components.services.kafka.listeners import oauth_of
from components.services.kafka.place import kafka_spec


def _policy(request: ServiceRequest, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name, "namespace": request.namespace, "annotations": dict(request.annotations)},
        "spec": spec,
    }


def _of_strimzi() -> dict[str, Any]:
    return {"matchExpressions": [{"key": "strimzi.io/cluster", "operator": "Exists"}]}


def _ports(*ports: tuple[str, int]) -> list[dict[str, Any]]:
    return [{"protocol": protocol, "port": port} for protocol, port in ports]


def _outside(request: ServiceRequest) -> list[dict[str, Any]]:
    """Where brokers go beyond Kubernetes: identity providers and the object store, as far as the file says."""
    spec = kafka_spec(request)
    found = [Egress(cidrs=one.cidrs, port=oauth.port(one)) for one in oauth_of(spec, request.place).values()]
    if spec.tiered_storage is not None:
        found += spec.tiered_storage.egress
    unique = {(egress.port, tuple(sorted(egress.cidrs))): egress for egress in found}
    return [rule(unique[key]) for key in sorted(unique)]


def policies(request: ServiceRequest) -> dict[str, dict[str, Any]]:
    """Policies by name."""
    dns = {
        "to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}],
        "ports": _ports(("TCP", 53), ("UDP", 53)),
    }
    specs: dict[str, dict[str, Any]] = {
        "deny-all": {"podSelector": {}, "policyTypes": ["Egress", "Ingress"]},
        "allow-inside": {
            "podSelector": {},
            "policyTypes": ["Egress"],
            "egress": [{"to": [{"podSelector": {}}]}, dns],
        },
        "allow-kubernetes-api": {
            # The operators watch objects and a broker's init container reads its node's zone. The API's address is
            # not known here, only its ports.
            "podSelector": _of_strimzi(),
            "policyTypes": ["Egress"],
            "egress": [{"ports": _ports(("TCP", 443), ("TCP", 6443))}],
        },
        "allow-metrics": {
            "podSelector": _of_strimzi(),
            "policyTypes": ["Ingress"],
            "ingress": [{"from": [{"namespaceSelector": {}}], "ports": _ports(("TCP", 9404))}],
        },
    }
    if outside := _outside(request):
        specs["allow-outside"] = {
            "podSelector": {"matchLabels": {"strimzi.io/cluster": request.cluster, "strimzi.io/broker-role": "true"}},
            "policyTypes": ["Egress"],
            "egress": outside,
        }
    return {name: _policy(request, name, spec) for name, spec in specs.items()}
