"""Dashboards as ConfigMaps, the way in which Grafana's sidecar takes them.

Owns      their names, label and folder.
Refuses   what is on them: that is the services'.
"""

import json
from typing import Any

from components.services.contract import ServiceRequest
from components.services.monitoring.spec import MonitoringSpec
from components.services.telemetry import Dashboard

MOST_BYTES = 1_048_576
"""Of all values of a ConfigMap together (Kubernetes API reference)."""


def text(dashboard: Dashboard) -> str:
    """A dashboard's JSON, always the same for the same model."""
    return json.dumps(dashboard.model, sort_keys=True, separators=(",", ":"))


def config_map(request: ServiceRequest, spec: MonitoringSpec, dashboard: Dashboard) -> dict[str, Any]:
    """One dashboard."""
    name = f"{request.cluster}-{dashboard.name}"
    annotations = dict(request.annotations)
    if spec.grafana.folder is not None:
        annotations[spec.grafana.folder_annotation] = spec.grafana.folder
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": f"{name}-dashboard",
            "namespace": request.namespace,
            "labels": {spec.grafana.label: spec.grafana.label_value},
            "annotations": annotations,
        },
        # The sidecar writes all of them into one folder of files: the cluster's name keeps them apart.
        "data": {f"{name}.json": text(dashboard)},
    }
