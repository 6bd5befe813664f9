"""The pods of a workload: what Kubernetes is told to run, where, and as whom.

Owns      the pod template: restricted security, spread, probes, resources, what is mounted where.
Refuses   a service account's token: no workload speaks to Kubernetes.
"""

import re
from typing import Any

from components.names import bounded, digest
from components.services.contract import ServiceRequest
from components.services.workload import KAFKA_CA, KAFKA_USER, TLS, PodField, SecretKey, Workload

ZONE = "topology.kubernetes.io/zone"
HOST = "kubernetes.io/hostname"

DISK = "data"
"""Name of the volume of a workload with a disk: part of its claims' names."""

DRAIN_SECONDS = 10
"""How long a pod that ends goes on serving: until every node has heard that it left the Service."""

READABLE_BY_GROUP = 0o440


def file_key(path: str) -> str:
    """The key of a file in its ConfigMap."""
    return re.sub(r"[^-._a-zA-Z0-9]+", "-", path).strip("-")


def volume_name(path: str) -> str:
    """The name of what is mounted at `path`, e.g. `mnt-kafka-user`."""
    plain = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-")
    exact = f"/{plain.replace('-', '/')}" == path
    return bounded(plain if exact else f"{plain}-{digest(path)}", 63)


def _secrets(request: ServiceRequest, workload: Workload) -> dict[str, str]:
    found = dict(workload.secrets)
    if workload.kafka_user:
        found |= {KAFKA_USER: workload.kafka_user, KAFKA_CA: request.kafka.ca_secret}
    if workload.tls_secret:
        found[TLS] = workload.tls_secret
    return dict(sorted(found.items()))


def _volumes(request: ServiceRequest, workload: Workload, config_map: str) -> list[dict[str, Any]]:
    volumes: list[dict[str, Any]] = [
        # Readable by the pod's group: the user is neither root nor the owner.
        {"name": volume_name(path), "secret": {"secretName": secret, "defaultMode": READABLE_BY_GROUP}}
        for path, secret in _secrets(request, workload).items()
    ]
    volumes += [
        {"name": volume_name(path), "emptyDir": {"sizeLimit": f"{workload.writable_mib}Mi"}}
        for path in sorted(workload.writable)
    ]
    if config_map:
        volumes.append({"name": "files", "configMap": {"name": config_map, "defaultMode": READABLE_BY_GROUP}})
    return volumes


def _mounts(request: ServiceRequest, workload: Workload) -> list[dict[str, Any]]:
    mounts: list[dict[str, Any]] = [
        {"name": volume_name(path), "mountPath": path, "readOnly": True} for path in _secrets(request, workload)
    ]
    mounts += [{"name": volume_name(path), "mountPath": path} for path in sorted(workload.writable)]
    # One by one: a whole ConfigMap as a folder would hide what the image has in it.
    mounts += [
        {"name": "files", "mountPath": path, "subPath": file_key(path), "readOnly": True}
        for path in sorted(workload.files)
    ]
    if workload.disk_gib:
        mounts.append({"name": DISK, "mountPath": workload.disk_path})
    return mounts


def _variable(name: str, value: str | SecretKey | PodField) -> dict[str, Any]:
    if isinstance(value, SecretKey):
        return {"name": name, "valueFrom": {"secretKeyRef": {"name": value.secret, "key": value.key}}}
    if isinstance(value, PodField):
        return {"name": name, "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": value.path}}}
    return {"name": name, "value": value}


def _environment(workload: Workload) -> list[dict[str, Any]]:
    # Kubernetes replaces $(NAME) by variables that stand earlier in the list only.
    ordered = sorted(workload.environment.items(), key=lambda item: (isinstance(item[1], str), item[0]))
    return [_variable(name, value) for name, value in ordered]


def _probes(workload: Workload) -> dict[str, Any]:
    probe = workload.probe
    own = probe.port in (0, workload.port)

    def get(path: str) -> dict[str, Any]:
        scheme = workload.scheme.upper() if own else "HTTP"
        return {"httpGet": {"path": path, "port": "http" if own else probe.port, "scheme": scheme}, "timeoutSeconds": 5}

    return {
        "startupProbe": {**get(probe.live), "periodSeconds": 5, "failureThreshold": -(-probe.seconds // 5)},
        "readinessProbe": {**get(probe.ready), "periodSeconds": 10, "failureThreshold": 3},
        "livenessProbe": {**get(probe.live), "periodSeconds": 10, "failureThreshold": 6},
    }


def _container(request: ServiceRequest, workload: Workload) -> dict[str, Any]:
    ports = {"http": workload.port, **dict(sorted(workload.ports.items()))}
    if workload.metrics_port:
        ports["metrics"] = workload.metrics_port
    memory = f"{workload.memory_mib}Mi"
    container: dict[str, Any] = {
        "name": "main",
        "image": workload.image,
        "imagePullPolicy": "IfNotPresent",
        "ports": [{"name": name, "containerPort": port, "protocol": "TCP"} for name, port in ports.items()],
        # No limit of CPU: throttling is latency.
        "resources": {"requests": {"cpu": quantity(workload.cpu), "memory": memory}, "limits": {"memory": memory}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        },
        "lifecycle": {"preStop": {"sleep": {"seconds": DRAIN_SECONDS}}},
        **_probes(workload),
    }
    if workload.command:
        container["command"] = list(workload.command)
    if workload.arguments:
        container["args"] = list(workload.arguments)
    if workload.environment:
        container["env"] = _environment(workload)
    if mounts := _mounts(request, workload):
        container["volumeMounts"] = mounts
    return container


def quantity(cpu: float) -> str:
    """CPUs in Kubernetes' canonical form."""
    milli = round(cpu * 1000)
    return str(milli // 1000) if milli % 1000 == 0 else f"{milli}m"


def _spread(request: ServiceRequest, workload: Workload) -> list[dict[str, Any]]:
    def over(key: str, otherwise: str) -> dict[str, Any]:
        constraint: dict[str, Any] = {
            "maxSkew": 1,
            "topologyKey": key,
            "whenUnsatisfiable": otherwise,
            # Nodes that these pods may not run on (Kafka's own, and those of a lost zone) are not counted.
            "nodeTaintsPolicy": "Honor",
            "labelSelector": {"matchLabels": workload.pods},
        }
        if not workload.stateful:
            # Each generation is spread by itself: otherwise the new pods stand where the old ones leave room.
            constraint["matchLabelKeys"] = ["pod-template-hash"]
        return constraint

    hosts = over(HOST, "ScheduleAnyway")
    return [over(ZONE, "DoNotSchedule"), hosts] if len(request.place.zones) > 1 else [hosts]


def template(request: ServiceRequest, workload: Workload, config_map: str) -> dict[str, Any]:
    """The pod template of a workload. `config_map` holds its files; empty where it has none."""
    spec: dict[str, Any] = {
        "serviceAccountName": workload.name,
        "automountServiceAccountToken": False,
        # Variables named after every Service of the namespace collide with those that images read.
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": DRAIN_SECONDS + workload.grace_seconds,
        "securityContext": {
            "runAsNonRoot": True,
            # No group: the image's own, or 0 for a user that it does not know, which is what such images expect.
            "runAsUser": workload.run_as,
            "fsGroup": workload.run_as,
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "topologySpreadConstraints": _spread(request, workload),
        "containers": [_container(request, workload)],
    }
    if volumes := _volumes(request, workload, config_map):
        spec["volumes"] = volumes
    return {
        # Ownership and cost are on the Deployment only: on the template, another owner would roll the pods.
        "metadata": {"labels": {**workload.labels, **workload.pods, "app.kubernetes.io/part-of": request.cluster}},
        "spec": spec,
    }
