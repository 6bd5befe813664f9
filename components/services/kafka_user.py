"""The KafkaUser of a service: its own identity on the cluster, with no more than it needs.

Owns      the object and the words of ACLs.
Refuses   wildcards over everything: a service that needs them says why in its README.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from components.services.access import Peer
from components.services.contract import ServiceRequest

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
    request: ServiceRequest, name: str, grants: Sequence[Grant], *, on: Peer | None = None
) -> dict[str, Any]:
    """The KafkaUser object, on the request's cluster or `on` another. Its Secret `name` has `user.crt` and `user.key`.

    A certificate's common name is the user's, so a name has at most 64 characters.
    """
    at = on or request
    return {
        "apiVersion": API,
        "kind": "KafkaUser",
        "metadata": {
            "name": name,
            "namespace": at.namespace,
            "labels": {"strimzi.io/cluster": at.cluster},
            "annotations": {**request.annotations, "pulumi.com/waitFor": "condition=Ready"},
        },
        "spec": {
            "authentication": {"type": "tls"},
            "authorization": {"type": "simple", "acls": [_acl(grant) for grant in sorted(grants, key=_order)]},
        },
    }


def _order(grant: Grant) -> tuple[str, str, bool, tuple[str, ...]]:
    return grant.kind, grant.name, grant.prefix, tuple(sorted(grant.operations))
