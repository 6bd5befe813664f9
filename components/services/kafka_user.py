"""The KafkaUser of a service: its own identity on the cluster, with no more than it needs.

Owns      the object and the words of ACLs.
Refuses   wildcards over everything: a service that needs them says why in its README.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

API = "kafka.strimzi.io/v1"


@dataclass(frozen=True)
class Grant:
    """What is allowed on one thing. `kind` is Strimzi's word; `cluster` has no name."""

    kind: Literal["topic", "group", "transactionalId", "cluster"]
    name: str
    operations: tuple[str, ...]
    prefix: bool = False


def _acl(grant: Grant) -> dict[str, Any]:
    resource: dict[str, Any] = {"type": grant.kind}
    if grant.kind != "cluster":
        resource |= {"name": grant.name, "patternType": "prefix" if grant.prefix else "literal"}
    return {"resource": resource, "operations": sorted(grant.operations), "host": "*", "type": "allow"}


def kafka_user(
    *,
    name: str,
    cluster: str,
    namespace: str,
    annotations: Mapping[str, str],
    grants: Sequence[Grant],
    authentication: str = "tls",
) -> dict[str, Any]:
    """The KafkaUser object. Its Secret has the user's name: `user.crt`, `user.key`, or `password`.

    A certificate's common name is the user's, so a name has at most 64 characters.
    """
    return {
        "apiVersion": API,
        "kind": "KafkaUser",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "labels": {"strimzi.io/cluster": cluster},
            "annotations": {**annotations, "pulumi.com/waitFor": "condition=Ready"},
        },
        "spec": {
            "authentication": {"type": authentication},
            "authorization": {"type": "simple", "acls": [_acl(grant) for grant in sorted(grants, key=_order)]},
        },
    }


def _order(grant: Grant) -> tuple[str, str, bool, tuple[str, ...]]:
    return grant.kind, grant.name, grant.prefix, tuple(sorted(grant.operations))
