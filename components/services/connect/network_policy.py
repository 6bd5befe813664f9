"""What the workers may reach, and who reaches them, beyond the namespace's own rules.

Owns      the way out for connectors, and the way in to the REST API for services of the cluster.
Refuses   the way in for apps: connectors come from Git. The operator writes the policy that lets itself and the other
          workers in, and the one for metrics is the namespace's.
"""

from typing import Any

from components.services.connect.worker import connect_spec, workers_of
from components.services.contract import ServiceRequest
from components.services.strimzi_workers import REST_PORT
from components.services.workload import pods_of

CLIENTS = {"console": "console", "ksqldb": "ksqldb"}
"""Services that may speak to the REST API where the cluster has them, and the end of their pods' name."""


def _policy(request: ServiceRequest, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    workers = workers_of(request)
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {
            "name": f"{workers.name}-{name}",
            "namespace": request.namespace,
            "annotations": dict(request.annotations),
        },
        "spec": {"podSelector": {"matchLabels": workers.pods}, **spec},
    }


def policies(request: ServiceRequest) -> dict[str, dict[str, Any]]:
    """Policies by name; none where nothing is asked for."""
    found: dict[str, dict[str, Any]] = {}
    clients = [pods_of(f"{request.cluster}-{end}") for key, end in CLIENTS.items() if key in request.services]
    if clients:
        rule = {
            "from": [{"podSelector": {"matchLabels": labels}} for labels in clients],
            "ports": [{"protocol": "TCP", "port": REST_PORT}],
        }
        found["clients"] = _policy(request, "clients", {"policyTypes": ["Ingress"], "ingress": [rule]})
    ways = connect_spec(request).egress
    if ways:
        rules = [
            {
                "to": [{"ipBlock": {"cidr": way.cidr}}],
                "ports": [{"protocol": "TCP", "port": port} for port in way.ports],
            }
            for way in ways
        ]
        found["egress"] = _policy(request, "egress", {"policyTypes": ["Egress"], "egress": rules})
    return found
