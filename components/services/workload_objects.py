"""The Kubernetes objects of a workload, in the order in which they must exist.

Owns      how a service's pods are guarded, placed, probed, scaled, rolled and reached: alike for all services.
Refuses   the program: image, settings and ports are the service's.
Identity  roles and names. A StatefulSet's volumes have its name, so renaming a workload with a disk loses them.
"""

from collections.abc import Sequence
from typing import Any

from components.names import bounded, digest
from components.services import workload_pods
from components.services.contract import Manifest, ServiceRequest
from components.services.workload import Destination, Workload

SCALE_DOWN_SECONDS = 300


def _object(
    request: ServiceRequest, workload: Workload, api: str, kind: str, name: str, **content: Any
) -> dict[str, Any]:
    return {
        "apiVersion": api,
        "kind": kind,
        "metadata": {
            "name": name,
            "namespace": request.namespace,
            "labels": {**workload.pods, "app.kubernetes.io/part-of": request.cluster},
            "annotations": dict(request.annotations),
        },
        **content,
    }


def config_map_name(workload: Workload) -> str:
    """A name that changes with the content.

    So changed files change the pods' template, which rolls them, while pods of the old generation keep their own
    files and can be gone back to. (A checksum as an annotation would roll them too, but a ConfigMap of the same name is
    deleted before it is made again, and a pod that starts in between does not start.)
    """
    content = "\0".join(f"{path}\0{text}" for path, text in sorted(workload.files.items()))
    return f"{bounded(workload.name, 52)}-{digest(content, 10)}"


def _files(workload: Workload) -> dict[str, str]:
    return {workload_pods.file_key(path): text for path, text in sorted(workload.files.items())}


def _running(request: ServiceRequest, workload: Workload) -> dict[str, Any]:
    template = workload_pods.template(request, workload, config_map_name(workload) if workload.files else "")
    spec: dict[str, Any] = {
        "replicas": workload.replicas,
        "revisionHistoryLimit": 5,
        "selector": {"matchLabels": workload.pods},
        "template": template,
    }
    if not workload.stateful:
        spec |= {
            # A new pod is ready before an old one goes: a version that does not start takes nothing away.
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
            "progressDeadlineSeconds": 2 * workload.probe.seconds + 120,
        }
        body = _object(request, workload, "apps/v1", "Deployment", workload.name, spec=spec)
    else:
        spec |= {
            "serviceName": f"{workload.name}-pods",
            "podManagementPolicy": "Parallel",
            "updateStrategy": {"type": "RollingUpdate"},
        }
        if workload.disk_gib:
            spec |= {
                "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
                "volumeClaimTemplates": [_claim(request, workload)],
            }
        body = _object(request, workload, "apps/v1", "StatefulSet", workload.name, spec=spec)
    most = max(workload.replicas, workload.scaling.most if workload.scaling else 0)
    body["metadata"]["annotations"]["pulumi.com/timeoutSeconds"] = str(
        300 + most * (workload.probe.seconds + workload.grace_seconds)
    )
    return body


def _claim(request: ServiceRequest, workload: Workload) -> dict[str, Any]:
    # No labels and no annotations of ownership: a claim's template can never change.
    return {
        "metadata": {"name": workload_pods.DISK},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": workload.storage_class or request.place.storage_classes[0],
            "resources": {"requests": {"storage": f"{workload.disk_gib}Gi"}},
        },
    }


def _service(request: ServiceRequest, workload: Workload) -> dict[str, Any]:
    port = {"name": workload.scheme, "port": workload.port, "targetPort": "http", "protocol": "TCP"}
    spec: dict[str, Any] = {"type": "ClusterIP", "selector": workload.pods, "ports": [port]}
    if workload.sticky:
        spec["sessionAffinity"] = "ClientIP"
    return _object(request, workload, "v1", "Service", workload.name, spec=spec)


def _names(request: ServiceRequest, workload: Workload) -> dict[str, Any]:
    spec = {
        "clusterIP": "None",
        # Pods must find each other before they are ready, or none would ever be.
        "publishNotReadyAddresses": True,
        "selector": workload.pods,
        "ports": [{"name": workload.scheme, "port": workload.port, "targetPort": "http", "protocol": "TCP"}],
    }
    return _object(request, workload, "v1", "Service", f"{workload.name}-pods", spec=spec)


def _budget(request: ServiceRequest, workload: Workload) -> dict[str, Any]:
    spec = {
        "maxUnavailable": 1,
        "selector": {"matchLabels": workload.pods},
        # A pod that does not work must not keep its node from being drained.
        "unhealthyPodEvictionPolicy": "AlwaysAllow",
    }
    return _object(request, workload, "policy/v1", "PodDisruptionBudget", workload.name, spec=spec)


def _autoscaler(request: ServiceRequest, workload: Workload, most: int, cpu_percent: int) -> dict[str, Any]:
    target = {"type": "Utilization", "averageUtilization": cpu_percent}
    spec = {
        "scaleTargetRef": {
            "apiVersion": "apps/v1",
            "kind": "StatefulSet" if workload.stateful else "Deployment",
            "name": workload.name,
        },
        "minReplicas": workload.replicas,
        "maxReplicas": most,
        "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}],
        "behavior": {"scaleDown": {"stabilizationWindowSeconds": SCALE_DOWN_SECONDS}},
    }
    return _object(request, workload, "autoscaling/v2", "HorizontalPodAutoscaler", workload.name, spec=spec)


def _port(*ports: int) -> list[dict[str, Any]]:
    return [{"protocol": "TCP", "port": port} for port in ports]


def _ingress(workload: Workload) -> list[dict[str, Any]]:
    peers: list[dict[str, Any]] = [{"podSelector": {"matchLabels": dict(labels)}} for labels in workload.clients]
    peers += [
        {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}
        for name in sorted(set(workload.namespaces))
    ]
    if workload.anyone:
        peers = [{"namespaceSelector": {}}]
    rules: list[dict[str, Any]] = []
    if peers:
        rules.append({"from": peers, "ports": _port(workload.port)})
    if workload.stateful or workload.ports:
        own = {"podSelector": {"matchLabels": workload.pods}}
        rules.append({"from": [own], "ports": _port(workload.port, *sorted(workload.ports.values()))})
    if workload.metrics_port:
        rules.append({"from": [{"namespaceSelector": {}}], "ports": _port(workload.metrics_port)})
    return rules


def _leads(destination: Destination) -> dict[str, Any]:
    peers: list[dict[str, Any]] = [{"ipBlock": {"cidr": cidr}} for cidr in sorted(destination.cidrs)]
    if destination.pods:
        peers.append({"podSelector": {"matchLabels": dict(destination.pods)}})
    return {"to": peers, "ports": _port(destination.port)}


def _network_policy(request: ServiceRequest, workload: Workload) -> dict[str, Any]:
    leads = list(workload.egress)
    if workload.kafka_user:
        brokers = {"strimzi.io/cluster": request.cluster, "strimzi.io/broker-role": "true"}
        leads.insert(0, Destination(int(request.kafka.bootstrap.rpartition(":")[2]), brokers))
    if workload.stateful or workload.ports:
        leads += [Destination(port, workload.pods) for port in (workload.port, *sorted(workload.ports.values()))]
    spec: dict[str, Any] = {
        "podSelector": {"matchLabels": workload.pods},
        "policyTypes": ["Egress", "Ingress"],
        "ingress": _ingress(workload),
        "egress": [_leads(destination) for destination in leads],
    }
    return _object(request, workload, "networking.k8s.io/v1", "NetworkPolicy", workload.name, spec=spec)


def manifests(request: ServiceRequest, workload: Workload, after: Sequence[str] = ()) -> list[Manifest]:
    """Everything that a workload is. `after` are roles of the same stack that its pods cannot start without."""

    def role(word: str) -> str:
        return f"{workload.role}-{word}" if workload.role else word

    account = _object(request, workload, "v1", "ServiceAccount", workload.name, automountServiceAccountToken=False)
    found = [
        Manifest(role("service-account"), account),
        Manifest(role("network-policy"), _network_policy(request, workload)),
    ]
    first = [*after, role("service-account"), role("network-policy")]
    if workload.files:
        content = {"data": _files(workload), "immutable": True}
        files = _object(request, workload, "v1", "ConfigMap", config_map_name(workload), **content)
        found.append(Manifest(role("files"), files))
        first.append(role("files"))
    if workload.stateful:
        found.append(Manifest(role("names"), _names(request, workload)))
        first.append(role("names"))
    found.append(
        Manifest(
            role("pods"),
            _running(request, workload),
            protect=workload.disk_gib > 0,
            after=tuple(first),
            ignore=("spec.replicas",) if workload.scaling else (),
        )
    )
    pods = (role("pods"),)
    # After the pods: Pulumi waits until a Service leads to something.
    found.append(Manifest(role("service"), _service(request, workload), after=pods))
    found.append(Manifest(role("budget"), _budget(request, workload)))
    if scaling := workload.scaling:
        autoscaler = _autoscaler(request, workload, scaling.most, scaling.cpu_percent)
        found.append(Manifest(role("autoscaler"), autoscaler, after=pods))
    return found
