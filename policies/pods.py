"""Pods wherever an object holds their template, for the rules about pods.

Owns      the list of kinds that hold a pod's spec, and the way to its containers.
Refuses   pods that an operator makes: what Strimzi's objects say of their pods is Strimzi's, and has rules of its own.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.contract import Resource
from policies.look import items, kind, look

TYPES = (
    "kubernetes:apps/v1:DaemonSet",
    "kubernetes:apps/v1:Deployment",
    "kubernetes:apps/v1:StatefulSet",
    "kubernetes:batch/v1:CronJob",
    "kubernetes:batch/v1:Job",
    "kubernetes:core/v1:Pod",
)


def pod(resource: Resource) -> Any:
    """The pod's spec: a mapping, UNKNOWN, or None."""
    what = kind(resource.type)
    if what == "Pod":
        return look(resource.props, "spec")
    if what == "CronJob":
        return look(resource.props, "spec", "jobTemplate", "spec", "template", "spec")
    return look(resource.props, "spec", "template", "spec")


def containers(resource: Resource) -> Iterator[tuple[str, Any]]:
    """Every container with how a message names it; what is not known comes as it is."""
    spec = pod(resource)
    for key in ("initContainers", "containers"):
        for index, container in enumerate(items(spec, key)):
            name = container.get("name") if isinstance(container, Mapping) else None
            yield f"container '{name or index}'", container
