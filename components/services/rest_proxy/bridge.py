"""Strimzi's HTTP Bridge: a KafkaBridge object, and what the operator does not make around its pods.

Owns      the KafkaBridge, the network policy of its pods, its autoscaler.
Refuses   Service and disruption budget: the operator makes them from the KafkaBridge.
Identity  the Service is `<cluster>-rest-proxy-bridge-service`, as the operator calls it.
"""

from typing import Any

from components.services.contract import Manifest, ServiceRequest
from components.services.images import pulled
from components.services.rest_proxy.common import may, name, port, proxy_spec, secret
from components.services.workload_objects import SCALE_DOWN_SECONDS
from components.services.workload_pods import HOST, ZONE, quantity

API = "kafka.strimzi.io/v1"
METRICS_PORT = 8081
"""The Bridge's management port: health and metrics, without TLS, since Strimzi 1.0."""

METRICS_PORT_NAME = "rest-api-mgmt"

HEAP_SHARE = 0.6
METRICS = (
    "kafka_consumer_consumer_coordinator_metrics_.*",
    "kafka_consumer_consumer_fetch_manager_metrics_.*",
    "kafka_producer_producer_metrics_.*",
)


def pods(request: ServiceRequest) -> dict[str, str]:
    """Labels of the Bridge's pods, as the operator sets them."""
    return {"strimzi.io/cluster": name(request), "strimzi.io/kind": "KafkaBridge"}


def service(request: ServiceRequest) -> str:
    """The Service that the operator makes."""
    return f"{name(request)}-bridge-service"


def _metadata(request: ServiceRequest, **annotations: str) -> dict[str, Any]:
    return {
        "name": name(request),
        "namespace": request.namespace,
        "annotations": {**request.annotations, **annotations},
    }


def _http(request: ServiceRequest) -> dict[str, Any]:
    spec = proxy_spec(request)
    http: dict[str, Any] = {"port": port(spec)}
    if secret(spec):
        certificate = {"secretName": secret(spec), "certificate": "tls.crt", "key": "tls.key"}
        http["tls"] = {"certificateAndKey": certificate}
    if spec.cors:
        http["cors"] = {"allowedOrigins": list(spec.cors.origins), "allowedMethods": list(spec.cors.methods)}
    return http


def _template(request: ServiceRequest) -> dict[str, Any]:
    def over(key: str, otherwise: str) -> dict[str, Any]:
        return {
            "maxSkew": 1,
            "topologyKey": key,
            "whenUnsatisfiable": otherwise,
            "nodeTaintsPolicy": "Honor",
            "labelSelector": {"matchLabels": pods(request)},
            "matchLabelKeys": ["pod-template-hash"],
        }

    spread = [over(HOST, "ScheduleAnyway")]
    if len(request.place.zones) > 1:
        spread.insert(0, over(ZONE, "DoNotSchedule"))
    return {
        "deployment": {"deploymentStrategy": "RollingUpdate"},
        "pod": {
            "terminationGracePeriodSeconds": 60,
            "enableServiceLinks": False,
            "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
            "topologySpreadConstraints": spread,
        },
        "bridgeContainer": {
            "securityContext": {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
                "readOnlyRootFilesystem": True,
                "runAsNonRoot": True,
            }
        },
        "podDisruptionBudget": {"maxUnavailable": 1},
    }


def kafka_bridge(request: ServiceRequest) -> dict[str, Any]:
    """The KafkaBridge object of a request."""
    spec, kafka = proxy_spec(request), request.kafka
    memory, heap = f"{spec.memory_mib}Mi", f"{int(spec.memory_mib * HEAP_SHARE)}m"
    user = {"secretName": name(request), "certificate": "user.crt", "key": "user.key"}
    body: dict[str, Any] = {
        "replicas": spec.replicas,
        "bootstrapServers": kafka.bootstrap,
        "tls": {"trustedCertificates": [{"secretName": kafka.ca_secret, "pattern": "*.crt"}]},
        "authentication": {"type": "tls", "certificateAndKey": user},
        "http": _http(request),
        # What the section does not grant is off, so that a client hears "not available" and not "not authorized".
        "producer": {"enabled": may(spec, "produce"), "config": {"acks": "all", **spec.producer_config}},
        "consumer": {
            "enabled": may(spec, "consume"),
            "timeoutSeconds": spec.consumer_timeout_seconds,
            "config": {"auto.offset.reset": "earliest", **spec.consumer_config},
        },
        "resources": {"requests": {"cpu": quantity(spec.cpu), "memory": memory}, "limits": {"memory": memory}},
        "jvmOptions": {"-Xms": heap, "-Xmx": heap},
        "livenessProbe": {"initialDelaySeconds": 15, "periodSeconds": 10, "timeoutSeconds": 5, "failureThreshold": 6},
        "readinessProbe": {"initialDelaySeconds": 10, "periodSeconds": 10, "timeoutSeconds": 5, "failureThreshold": 3},
        "metricsConfig": {"type": "strimziMetricsReporter", "values": {"allowList": list(METRICS)}},
        "template": _template(request),
    }
    if spec.image:
        body["image"] = pulled(spec.image, request.place)
    if spec.config:
        body["config"] = dict(sorted(spec.config.items()))
    seconds = str(300 + 180 * max(spec.replicas, spec.autoscaling.most if spec.autoscaling else 0))
    wait = {"pulumi.com/waitFor": "condition=Ready", "pulumi.com/timeoutSeconds": seconds}
    return {"apiVersion": API, "kind": "KafkaBridge", "metadata": _metadata(request, **wait), "spec": body}


def _network_policy(request: ServiceRequest) -> dict[str, Any]:
    spec = proxy_spec(request)
    callers = [
        {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": one}}}
        for one in sorted(set(spec.namespaces))
    ]
    ingress = [
        {"from": callers, "ports": [{"protocol": "TCP", "port": port(spec)}]},
        {"from": [{"namespaceSelector": {}}], "ports": [{"protocol": "TCP", "port": METRICS_PORT}]},
    ]
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": _metadata(request),
        "spec": {"podSelector": {"matchLabels": pods(request)}, "policyTypes": ["Ingress"], "ingress": ingress},
    }


def _autoscaler(request: ServiceRequest, most: int, cpu_percent: int) -> dict[str, Any]:
    target = {"type": "Utilization", "averageUtilization": cpu_percent}
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": _metadata(request),
        "spec": {
            "scaleTargetRef": {"apiVersion": API, "kind": "KafkaBridge", "name": name(request)},
            "minReplicas": proxy_spec(request).replicas,
            "maxReplicas": most,
            "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}],
            "behavior": {"scaleDown": {"stabilizationWindowSeconds": SCALE_DOWN_SECONDS}},
        },
    }


def manifests(request: ServiceRequest) -> list[Manifest]:
    """The Bridge's objects, after the user `kafka-user`."""
    scaling = proxy_spec(request).autoscaling
    scaling = scaling if scaling and scaling.enabled else None
    found = [
        Manifest("network-policy", _network_policy(request)),
        Manifest(
            "bridge",
            kafka_bridge(request),
            after=("kafka-user", "network-policy"),
            ignore=("spec.replicas",) if scaling else (),
        ),
    ]
    if scaling:
        body = _autoscaler(request, scaling.most, scaling.cpu_percent)
        found.append(Manifest("autoscaler", body, after=("bridge",)))
    return found
