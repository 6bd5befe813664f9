"""All Kubernetes objects of one Kafka cluster, in the order in which they must exist.

Owns      the namespace and the list: which objects there are, what they wait for, which of them hold data.
Refuses   topics and users: they are the apps' (`components/apps`), in the same namespace.
Identity  the roles are logical names, so part of every URN.
"""

from collections.abc import Sequence
from typing import Any

from components.services.contract import Manifest, ServiceRequest
from components.services.kafka import kafka, network_policy, pools, routes
from components.services.kafka.place import kafka_spec, sizing_of


def _standard(request: ServiceRequest) -> str:
    """The pod security standard of the namespace: the strictest that every service of the cluster can keep."""
    asked = {getattr(spec, "pod_security", "restricted") for spec in request.services.values()}
    return "baseline" if "baseline" in asked else "restricted"


def _namespace(request: ServiceRequest) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": request.namespace,
            # Labels are safe here: a namespace's do not reach pods.
            "labels": {
                "kafka-fleet/cluster": request.cluster,
                "pod-security.kubernetes.io/enforce": _standard(request),
                "pod-security.kubernetes.io/warn": "restricted",
            },
            "annotations": dict(request.annotations),
        },
    }


def objects(request: ServiceRequest) -> Sequence[Manifest]:
    """The objects of a request. Deleting a protected one deletes data, whatever its volumes' policy says."""
    spec = kafka_spec(request)
    sizing = sizing_of(request)
    inside = ("namespace",)
    found = [Manifest("namespace", _namespace(request), protect=True)]
    for name, body in network_policy.policies(request).items():
        found.append(Manifest(name, body, after=inside))
    found.append(Manifest("controller-pool", pools.controllers(request, spec, sizing), protect=True, after=inside))
    found.append(Manifest("broker-pool", pools.brokers(request, spec, sizing), protect=True, after=inside))
    before = ["controller-pool", "broker-pool"]
    if spec.cruise_control.enabled and spec.cruise_control.auto_rebalance:
        found.append(Manifest("rebalance-template", kafka.rebalance_template(request), after=inside))
        before.append("rebalance-template")
    # Routes and records stand before the brokers, so that an address works as soon as its broker does.
    found += routes.manifests(request)
    found.append(Manifest("kafka", kafka.kafka(request, spec, sizing), protect=True, after=tuple(before)))
    return found
