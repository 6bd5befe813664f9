"""Words in which rules write their samples.

Owns      scopes and resources that samples start from, and how one differs from another in a single value.
Refuses   to be a test: samples are part of a rule, and say to its reader what it means.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from policies.contract import UNKNOWN, Resource, Sample, Scope

TAGS = {
    "cell": "orders-cell",
    "cost-center": "cc-1",
    "environment": "prod",
    "fleet": "acme",
    "managed-by": "kafka-fleet",
    "owner": "platform",
}
PROD = Scope(stack="kafka.orders", environment="prod", production=True, cloud="aws", tags=TAGS)
DEV = Scope(stack="kafka.orders", environment="dev", production=False, cloud="aws", tags={**TAGS, "environment": "dev"})
APP = replace(PROD, stack="app.orders.billing")

_GONE = object()
GONE: Any = _GONE
"""For `but`: the value is taken out."""


def good(*resources: Resource, scope: Scope = PROD, title: str = "") -> Sample:
    """What the rule has nothing to say about."""
    return Sample("good", resources, scope, title)


def bad(*resources: Resource, scope: Scope = PROD, title: str = "") -> Sample:
    """What the rule is against; it says so at least once."""
    return Sample("bad", resources, scope, title)


def unknown(*resources: Resource, scope: Scope = PROD, title: str = "") -> Sample:
    """What the rule can only judge after the apply."""
    return Sample("unknown", resources, scope, title)


def given(scope: Scope = PROD, **settings: Any) -> Scope:
    """A scope with settings of the rule."""
    return replace(scope, settings=settings)


def res(resource_type: str, props: Mapping[str, Any], *, name: str = "sample", **more: Any) -> Resource:
    """A resource of a cloud."""
    return Resource(resource_type, name, props, **more)


def kube(
    token: str, spec: Any = None, *, name: str = "orders", namespace: str = "kafka-orders", **more: Any
) -> Resource:
    """A Kubernetes object: `kube("apps/v1:Deployment", {...})`. Further words are keys beside `spec`."""
    version, _, kind = token.rpartition(":")
    metadata = {"name": name, **({"namespace": namespace} if namespace else {}), **more.pop("metadata", {})}
    props = {"apiVersion": version.removeprefix("core/"), "kind": kind, "metadata": metadata, **more}
    return Resource(f"kubernetes:{token}", name, props if spec is None else {**props, "spec": spec})


def but(resource: Resource, *path_and_value: Any) -> Resource:
    """The same with another value at a path: `but(KAFKA, "spec", "kafka", "version", "4.0.0")`."""
    *path, value = path_and_value
    return replace(resource, props=_changed(resource.props, path, value))


def later_at(resource: Resource, *path: str | int) -> Resource:
    """The same with a value that is known after the apply."""
    return but(resource, *path, UNKNOWN)


def _changed(node: Any, path: list[Any], value: Any) -> Any:
    if not path:
        return value
    head, *rest = path
    if isinstance(head, int):
        return [_changed(one, rest, value) if index == head else one for index, one in enumerate(node)]
    copy = dict(node or {})
    if value is GONE and not rest:
        copy.pop(head, None)
    else:
        copy[head] = _changed(copy.get(head), rest, value)
    return copy


LISTENER = {
    "name": "tls",
    "port": 9093,
    "type": "internal",
    "tls": True,
    "authentication": {"type": "tls"},
}
KAFKA = kube(
    "kafka.strimzi.io/v1:Kafka",
    {
        "kafka": {
            "version": "4.3.1",
            "authorization": {"type": "simple"},
            "config": {
                "auto.create.topics.enable": False,
                "default.replication.factor": 3,
                "min.insync.replicas": 2,
                "offsets.topic.replication.factor": 3,
                "transaction.state.log.replication.factor": 3,
                "transaction.state.log.min.isr": 2,
                "unclean.leader.election.enable": False,
            },
            "listeners": [LISTENER],
            "rack": {"topologyKey": "topology.kubernetes.io/zone", "type": "topology-label"},
        },
    },
)
_SPREAD = {
    "maxSkew": 1,
    "topologyKey": "topology.kubernetes.io/zone",
    "whenUnsatisfiable": "DoNotSchedule",
    "labelSelector": {"matchLabels": {"strimzi.io/cluster": "orders"}},
}
POOL = kube(
    "kafka.strimzi.io/v1:KafkaNodePool",
    {
        "replicas": 3,
        "roles": ["broker"],
        "resources": {"limits": {"memory": "8Gi"}, "requests": {"cpu": "2", "memory": "8Gi"}},
        "storage": {
            "type": "jbod",
            "volumes": [{"id": 0, "type": "persistent-claim", "size": "100Gi", "deleteClaim": False}],
        },
        "template": {
            "pod": {
                "affinity": {
                    "podAntiAffinity": {
                        "requiredDuringSchedulingIgnoredDuringExecution": [
                            {
                                "topologyKey": "kubernetes.io/hostname",
                                "labelSelector": {"matchLabels": {"strimzi.io/cluster": "orders"}},
                            }
                        ]
                    }
                },
                "topologySpreadConstraints": [_SPREAD],
            }
        },
    },
    name="broker",
    metadata={"labels": {"strimzi.io/cluster": "orders"}},
)
TOPIC = kube(
    "kafka.strimzi.io/v1:KafkaTopic",
    {"partitions": 12, "replicas": 3, "config": {"min.insync.replicas": 2}},
    name="payments",
)
USER = kube(
    "kafka.strimzi.io/v1:KafkaUser",
    {
        "authentication": {"type": "tls"},
        "authorization": {
            "type": "simple",
            "acls": [
                {
                    "type": "allow",
                    "operations": ["Describe", "Read"],
                    "resource": {"type": "topic", "name": "payments", "patternType": "literal"},
                }
            ],
        },
        "quotas": {"producerByteRate": 1048576, "consumerByteRate": 1048576},
    },
    name="billing.reader",
)
WORKLOAD = kube(
    "apps/v1:StatefulSet",
    {
        "replicas": 2,
        "selector": {"matchLabels": {"app.kubernetes.io/name": "registry"}},
        "serviceName": "registry",
        "template": {
            "metadata": {"labels": {"app.kubernetes.io/name": "registry"}},
            "spec": {
                "automountServiceAccountToken": False,
                "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
                "containers": [
                    {
                        "name": "registry",
                        "image": "ghcr.io/aiven-open/karapace:6.2.3",
                        "resources": {"limits": {"memory": "1Gi"}, "requests": {"cpu": "500m", "memory": "1Gi"}},
                        "securityContext": {
                            "allowPrivilegeEscalation": False,
                            "capabilities": {"drop": ["ALL"]},
                            "readOnlyRootFilesystem": True,
                        },
                    }
                ],
                "topologySpreadConstraints": [
                    {
                        **_SPREAD,
                        "whenUnsatisfiable": "ScheduleAnyway",
                        "labelSelector": {"matchLabels": {"app.kubernetes.io/name": "registry"}},
                    }
                ],
            },
        },
    },
    name="registry",
)
STORAGE_CLASS = kube(
    "storage.k8s.io/v1:StorageClass",
    name="kafka",
    namespace="",
    provisioner="ebs.csi.aws.com",
    parameters={"encrypted": "true", "kmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/1", "type": "gp3"},
    reclaimPolicy="Retain",
    allowVolumeExpansion=True,
    volumeBindingMode="WaitForFirstConsumer",
)
POD = ("spec", "template", "spec")
CONTAINER = (*POD, "containers", 0)
