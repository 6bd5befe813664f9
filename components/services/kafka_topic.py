"""A KafkaTopic that a service keeps its own state in.

Owns      the object: a program that makes such a topic itself takes whatever replication it is told at first start.
Refuses   topics of apps (`components/apps`).
Identity  the object's name follows from the topic's; deleting the object deletes the topic and what is in it.
"""

from collections.abc import Mapping
from typing import Any

from components.model import Scalar
from components.names import object_name
from components.services.contract import ServiceRequest
from components.services.kafka_user import API


def kafka_topic(
    request: ServiceRequest, topic: str, *, partitions: int, config: Mapping[str, Scalar]
) -> dict[str, Any]:
    """The KafkaTopic object. Its manifest belongs protected: its deletion deletes data."""
    kafka = request.kafka
    return {
        "apiVersion": API,
        "kind": "KafkaTopic",
        "metadata": {
            "name": object_name(topic),
            "namespace": request.namespace,
            "labels": {"strimzi.io/cluster": request.cluster},
            "annotations": {**request.annotations, "pulumi.com/waitFor": "condition=Ready"},
        },
        "spec": {
            "topicName": topic,
            "partitions": partitions,
            "replicas": kafka.replication,
            "config": dict(sorted({"min.insync.replicas": kafka.min_insync, **config}.items())),
        },
    }
