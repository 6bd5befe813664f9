"""The objects that bring an app's subjects into the schema registry: the wished state, and a Job that brings it.

Owns      a ConfigMap and a Job named after their content: another wish is another Job, and the same wish none.
Refuses   deletion: a subject that is left out stays as it is. A registry's operator that is looked after, which could
          do this all the time, does not exist; so a change made by hand in the registry stays until the next wish.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from components.apps.contract import AppRequest
from components.names import digest
from components.services.access import HttpAccess
from components.services.contract import Manifest
from components.services.images import pulled

_SCRIPT = "register_subjects.py"
_WISHED = "wished.json"
_AT = "/wished"
_CA = "/ca"
_LABELS = {"app.kubernetes.io/component": "subjects"}


@cache
def _script() -> str:
    return (Path(__file__).parent / _SCRIPT).read_text("utf-8")


def wished(request: AppRequest) -> Mapping[str, Mapping[str, str]]:
    """What the Job is to bring about, as its input."""
    found: dict[str, dict[str, str]] = {}
    for name, subject in sorted(request.spec.subjects.items()):
        found[name] = {"compatibility": subject.compatibility}
        if subject.content is not None:
            found[name] |= {"schema": subject.content.text, "type": subject.content.type}
    return found


def _metadata(request: AppRequest, name: str) -> dict[str, Any]:
    return {"name": name, "namespace": request.kafka.namespace, "annotations": dict(request.annotations)}


def _pod(request: AppRequest, registry: HttpAccess, image: str, data: str) -> dict[str, Any]:
    volumes: list[dict[str, Any]] = [{"name": "wished", "configMap": {"name": data}}]
    mounts = [{"name": "wished", "mountPath": _AT, "readOnly": True}]
    arguments = [f"{_AT}/{_SCRIPT}", f"{_AT}/{_WISHED}", registry.url]
    if registry.ca_secret:
        # Only the certificate: whatever else the Secret has stays out of the pod.
        items = [{"key": "ca.crt", "path": "ca.crt"}]
        volumes.append({"name": "ca", "secret": {"secretName": registry.ca_secret, "items": items}})
        mounts.append({"name": "ca", "mountPath": _CA, "readOnly": True})
        arguments.append(f"{_CA}/ca.crt")
    container = {
        "name": "register",
        "image": pulled(image, request.kafka.place),
        "command": ["python3"],
        "args": arguments,
        "env": [{"name": "PYTHONDONTWRITEBYTECODE", "value": "1"}],
        "resources": {"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": {"memory": "64Mi"}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        },
        "volumeMounts": mounts,
    }
    return {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "restartPolicy": "Never",
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 1000,
            "runAsGroup": 1000,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container],
        "volumes": volumes,
    }


def manifests(request: AppRequest) -> Iterator[Manifest]:
    """ConfigMap and Job; nothing without subjects, or where there is no registry or image (refused)."""
    registry, image = request.schema_registry, request.spec.subjects_image
    if registry is None or image is None or not request.spec.subjects:
        return
    text = json.dumps(wished(request), indent=1, sort_keys=True)
    pod = _pod(request, registry, image, "")
    name = f"{request.app}-subjects-{digest(json.dumps([text, _script(), pod], sort_keys=True), 10)}"
    data = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": _metadata(request, name),
        "immutable": True,
        "data": {_SCRIPT: _script(), _WISHED: text},
    }
    job = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": _metadata(request, name),
        "spec": {
            "backoffLimit": 5,
            "activeDeadlineSeconds": 300,
            "template": {"metadata": {"labels": _LABELS}, "spec": _pod(request, registry, image, name)},
        },
    }
    yield Manifest("subjects", data)
    yield Manifest("subjects-job", job, after=("subjects",))
