"""Who may read metrics, and which: a PodMonitor and a NetworkPolicy for each scrape of a service.

Owns      the labels that every series of a cluster has: `kafka_cluster`, `service`, `node`.
Refuses   the label `cluster`: where one Prometheus serves many Kubernetes clusters, it is theirs.
"""

from collections.abc import Mapping
from typing import Any

from components.services.contract import ServiceRequest
from components.services.monitoring.spec import MonitoringSpec
from components.services.telemetry import Scrape

API = "monitoring.coreos.com/v1"


def pod_monitor(request: ServiceRequest, spec: MonitoringSpec, service: str, scrape: Scrape) -> dict[str, Any]:
    """What Prometheus reads."""
    endpoint: dict[str, Any] = {
        "port": scrape.port,
        "path": scrape.path,
        "interval": f"{spec.scrape_interval_s}s",
        "scrapeTimeout": f"{min(spec.scrape_interval_s, 25)}s",
        "honorLabels": False,
        "relabelings": [
            {"action": "replace", "targetLabel": "kafka_cluster", "replacement": request.cluster},
            {"action": "replace", "targetLabel": "service", "replacement": service},
            {"action": "replace", "sourceLabels": ["__meta_kubernetes_pod_node_name"], "targetLabel": "node"},
        ],
    }
    if scrape.ca_secret:
        # Pods are read by address, which no certificate names.
        authority = {"secret": {"name": scrape.ca_secret, "key": "ca.crt"}}
        endpoint |= {"scheme": "https", "tlsConfig": {"ca": authority, "serverName": scrape.server_name}}
    return {
        "apiVersion": API,
        "kind": "PodMonitor",
        "metadata": _metadata(request, f"{request.cluster}-{scrape.name}", spec.labels),
        "spec": {
            "namespaceSelector": {"matchNames": [request.namespace]},
            "selector": {"matchLabels": dict(sorted(scrape.labels.items()))},
            "podMetricsEndpoints": [endpoint],
        },
    }


def network_policy(request: ServiceRequest, spec: MonitoringSpec, scrape: Scrape) -> dict[str, Any]:
    """The way in for whoever reads: the namespace denies everything that no policy allows."""
    readers: list[dict[str, Any]] = []
    for namespace in sorted(spec.prometheus.namespaces):
        reader: dict[str, Any] = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}}}
        if spec.prometheus.pod_labels:
            reader["podSelector"] = {"matchLabels": dict(sorted(spec.prometheus.pod_labels.items()))}
        readers.append(reader)
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": _metadata(request, f"{request.cluster}-{scrape.name}-metrics", {}),
        "spec": {
            "podSelector": {"matchLabels": dict(sorted(scrape.labels.items()))},
            "policyTypes": ["Ingress"],
            # By name: the same as the PodMonitor's, whatever its number is.
            "ingress": [{"from": readers, "ports": [{"protocol": "TCP", "port": scrape.port}]}],
        },
    }


def _metadata(request: ServiceRequest, name: str, labels: Mapping[str, str]) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "name": name,
        "namespace": request.namespace,
        "annotations": dict(request.annotations),
    }
    if labels:
        metadata["labels"] = dict(sorted(labels.items()))
    return metadata
