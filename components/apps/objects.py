"""The Kubernetes objects of one app: a KafkaTopic for each topic, a KafkaUser for each user.

Owns      object names, `topicName`, ACLs and quotas in Strimzi's words.
Refuses   namespaces and secrets: the first is the cluster's, the second the operator makes and nobody reads here.
Identity  roles are `topic-<name>` and `user-<key>`, so that the order in a file never matters.
"""

from collections.abc import Sequence
from typing import Any

from components.apps.contract import AppRequest
from components.apps.spec import Acl, Topic, User
from components.names import object_name
from components.services.contract import Manifest

API = "kafka.strimzi.io/v1"

_RESOURCES = {"topic": "topic", "group": "group", "transactional_id": "transactionalId", "cluster": "cluster"}


def user_name(app: str, key: str) -> str:
    """A user's name on the cluster. A key has no dot and neither has an app, so two apps can never share one."""
    return f"{app}.{key}"


def _metadata(request: AppRequest, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "namespace": request.kafka.namespace,
        "labels": {"strimzi.io/cluster": request.kafka.cluster},
        "annotations": {**request.annotations, "pulumi.com/waitFor": "condition=Ready"},
    }


def _topic(request: AppRequest, name: str, topic: Topic) -> dict[str, Any]:
    called = object_name(name)
    spec: dict[str, Any] = {"partitions": topic.partitions}
    if called != name:
        spec["topicName"] = name
    if topic.replicas is not None:
        spec["replicas"] = topic.replicas
    if topic.config:
        spec["config"] = dict(sorted(topic.config.items()))
    return {"apiVersion": API, "kind": "KafkaTopic", "metadata": _metadata(request, called), "spec": spec}


def _acl(acl: Acl) -> dict[str, Any]:
    resource: dict[str, Any] = {"type": _RESOURCES[acl.resource]}
    if acl.resource != "cluster":
        resource |= {"name": acl.name, "patternType": acl.match}
    return {"resource": resource, "operations": sorted(acl.operations), "host": "*", "type": "allow"}


def _quotas(user: User) -> dict[str, Any]:
    if user.quotas is None:
        return {}
    given = {
        "producerByteRate": user.quotas.producer_bytes_per_s,
        "consumerByteRate": user.quotas.consumer_bytes_per_s,
        "requestPercentage": user.quotas.request_percent,
        "controllerMutationRate": user.quotas.controller_mutations_per_s,
    }
    return {key: value for key, value in given.items() if value is not None}


def _user(request: AppRequest, key: str, user: User) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "authentication": {"type": user.authentication},
        "authorization": {"type": "simple", "acls": [_acl(acl) for acl in sorted(user.acls, key=_order)]},
    }
    if quotas := _quotas(user):
        spec["quotas"] = quotas
    name = user_name(request.app, key)
    return {"apiVersion": API, "kind": "KafkaUser", "metadata": _metadata(request, name), "spec": spec}


def _order(acl: Acl) -> tuple[str, str, str, tuple[str, ...]]:
    return acl.resource, acl.name or "", acl.match, tuple(sorted(acl.operations))


def objects(request: AppRequest) -> Sequence[Manifest]:
    """The objects of an app. A KafkaTopic's deletion deletes its data, so topics are protected in production."""
    found = []
    for name, topic in sorted(request.spec.topics.items()):
        found.append(Manifest(f"topic-{name}", _topic(request, name, topic), protect=True))
    for key, user in sorted(request.spec.users.items()):
        found.append(Manifest(f"user-{key}", _user(request, key, user)))
    return found
