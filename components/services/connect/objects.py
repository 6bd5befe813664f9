"""All Kubernetes objects of the Connect workers of one cluster, in the order in which they must exist.

Owns      the list: the user, the network policies, the workers, their autoscaler.
Refuses   connectors, their users and the Role by which they read their secrets: those are the apps'.
Identity  the roles are logical names, so part of every URN.
"""

from collections.abc import Sequence
from typing import Any

from components.services import strimzi_workers
from components.services.connect import network_policy
from components.services.connect.worker import connect_spec, kafka_connect, worker_config, workers_of
from components.services.contract import Manifest, ServiceRequest
from components.services.kafka_user import kafka_user
from components.services.workload import Autoscaling

SCALE_DOWN_SECONDS = 1800
"""How long the load must have been lower: each change of the number of workers moves tasks."""


def _autoscaler(request: ServiceRequest, autoscaling: Autoscaling) -> dict[str, Any]:
    workers = workers_of(request)
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {
            "name": workers.name,
            "namespace": request.namespace,
            "annotations": dict(request.annotations),
        },
        "spec": {
            "scaleTargetRef": {"apiVersion": strimzi_workers.API, "kind": workers.kind, "name": workers.name},
            "minReplicas": workers.replicas,
            "maxReplicas": autoscaling.most,
            "metrics": [
                {
                    "type": "Resource",
                    "resource": {
                        "name": "cpu",
                        "target": {"type": "Utilization", "averageUtilization": autoscaling.cpu_percent},
                    },
                }
            ],
            "behavior": {
                "scaleUp": {"policies": [{"type": "Pods", "value": 1, "periodSeconds": 180}]},
                "scaleDown": {
                    "stabilizationWindowSeconds": SCALE_DOWN_SECONDS,
                    "policies": [{"type": "Pods", "value": 1, "periodSeconds": 600}],
                },
            },
        },
    }


def objects(request: ServiceRequest) -> Sequence[Manifest]:
    """The objects of a request. None holds data: the workers' topics are in Kafka, not in this stack."""
    workers = workers_of(request)
    user = kafka_user(request, workers.name, strimzi_workers.grants(workers, worker_config(request)))
    found = [Manifest("user", user)]
    found += [Manifest(name, body) for name, body in network_policy.policies(request).items()]
    before = tuple(manifest.role for manifest in found)
    autoscaling = connect_spec(request).autoscaling
    scaled = autoscaling is not None and autoscaling.enabled
    ignore = ("spec.replicas",) if scaled else ()
    found.append(Manifest("workers", kafka_connect(request), after=before, ignore=ignore))
    if autoscaling is not None and scaled:
        found.append(Manifest("autoscaler", _autoscaler(request, autoscaling), after=("workers",)))
    return found
