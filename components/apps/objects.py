"""The Kubernetes objects of one app, in order: topics, users, deliveries, connectors, subjects.

Owns      object names, `topicName`, ACLs and quotas in Strimzi's words.
Refuses   namespaces and secrets: the first is the cluster's, the second the operator makes and nobody reads here.
Identity  roles are `topic-<name>`, `user-<key>` and `user-<key>.<generation>`, so that the order in a file never
          matters.
"""

from collections.abc import Sequence
from typing import Any

from components.apps import connectors, delivery, subjects
from components.apps.contract import AppRequest
from components.apps.naming import user_name
from components.apps.roles import acls
from components.apps.rotation import valid
from components.apps.spec import Topic
from components.apps.user_spec import Acl, User
from components.names import object_name
from components.services.contract import Manifest

API = "kafka.strimzi.io/v1"

_RESOURCES = {"topic": "topic", "group": "group", "transactional_id": "transactionalId", "cluster": "cluster"}


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


def _user(request: AppRequest, key: str, generation: str, user: User) -> dict[str, Any]:
    spec: dict[str, Any] = {"authorization": {"type": "simple", "acls": [_acl(acl) for acl in acls(user)]}}
    if user.authentication != "oauth":
        # Without it the operator makes no credentials, and rights and quotas hold for a token's principal.
        spec = {"authentication": {"type": user.authentication}, **spec}
    if quotas := _quotas(user):
        spec["quotas"] = quotas
    name = user_name(request.app, key, generation)
    return {"apiVersion": API, "kind": "KafkaUser", "metadata": _metadata(request, name), "spec": spec}


def objects(request: AppRequest) -> Sequence[Manifest]:
    """The objects of an app. A KafkaTopic's deletion deletes its data, so topics are protected in production.

    A topic that is given up, by a tombstone of its own, is not.
    """
    found = []
    for name, topic in sorted(request.spec.topics.items()):
        gone = topic.retirement is not None and topic.retirement.gives_up
        found.append(Manifest(f"topic-{name}", _topic(request, name, topic), protect=not gone))
    for key, user in sorted(request.spec.users.items()):
        for generation in valid(user, request.today):
            role = delivery.user_role(key, generation)
            found.append(Manifest(role, _user(request, key, generation, user)))
    found.extend(delivery.pushes(request))
    found.extend(delivery.fetched(request))
    found.extend(connectors.manifests(request))
    found.extend(subjects.manifests(request))
    return found
