"""How the mirror's credentials for a source on the same cell come into its own namespace.

Owns      a Role at the source that names two Secrets, an identity here that may read them, and what copies them.
Refuses   a person or the fleet's tools in between: External Secrets reads with that identity and writes the copy.
Identity  names of the copies are in the KafkaMirrorMaker2 object.
"""

from collections.abc import Mapping
from typing import Any

from components.services.access import Peer
from components.services.contract import Manifest, ServiceRequest

API = "external-secrets.io/v1"
"""What a cell must have for it; somebody else installs it."""

REFRESH = "5m"
"""How soon a renewed certificate arrives. The operator renews 30 days ahead."""

_RBAC = "rbac.authorization.k8s.io"
_READY = {"pulumi.com/waitFor": "condition=Ready"}


def _name(request: ServiceRequest) -> str:
    return f"{request.cluster}-mirror"


def agent(request: ServiceRequest) -> str:
    """The ServiceAccount that reads the sources' Secrets."""
    return f"{_name(request)}-secrets"


def user(request: ServiceRequest, peer: Peer) -> str:
    """The copy of the user's certificate and key."""
    return f"{_name(request)}-{peer.cluster}-user"


def authority(request: ServiceRequest, peer: Peer) -> str:
    """The copy of the certificates that signed the source's."""
    return f"{_name(request)}-{peer.cluster}-ca"


def _object(
    request: ServiceRequest, api: str, kind: str, name: str, namespace: str, more: Mapping[str, str], **content: Any
) -> dict[str, Any]:
    metadata = {"name": name, "namespace": namespace, "annotations": {**request.annotations, **more}}
    return {"apiVersion": api, "kind": kind, "metadata": metadata, **content}


def _rights(request: ServiceRequest, peer: Peer) -> tuple[dict[str, Any], dict[str, Any]]:
    name = agent(request)
    readable = sorted([_name(request), peer.kafka.ca_secret])
    role = _object(
        request,
        f"{_RBAC}/v1",
        "Role",
        name,
        peer.namespace,
        {},
        rules=[{"apiGroups": [""], "resources": ["secrets"], "resourceNames": readable, "verbs": ["get"]}],
    )
    binding = _object(
        request,
        f"{_RBAC}/v1",
        "RoleBinding",
        name,
        peer.namespace,
        {},
        roleRef={"apiGroup": _RBAC, "kind": "Role", "name": name},
        subjects=[{"kind": "ServiceAccount", "name": name, "namespace": request.namespace}],
    )
    return role, binding


def _store(request: ServiceRequest, peer: Peer) -> dict[str, Any]:
    provider = {
        "remoteNamespace": peer.namespace,
        # Kubernetes puts its own authority into every namespace.
        "server": {"caProvider": {"type": "ConfigMap", "name": "kube-root-ca.crt", "key": "ca.crt"}},
        "auth": {"serviceAccount": {"name": agent(request)}},
    }
    name = f"{_name(request)}-{peer.cluster}"
    spec = {"provider": {"kubernetes": provider}}
    return _object(request, API, "SecretStore", name, request.namespace, _READY, spec=spec)


def _copy(request: ServiceRequest, peer: Peer, name: str, content: Mapping[str, Any]) -> dict[str, Any]:
    spec = {
        "refreshInterval": REFRESH,
        "secretStoreRef": {"kind": "SecretStore", "name": f"{_name(request)}-{peer.cluster}"},
        # Kept when the source's is gone for a moment: a mirror without its certificate can't even stop in order.
        "target": {"name": name, "creationPolicy": "Owner", "deletionPolicy": "Retain"},
        **content,
    }
    return _object(request, API, "ExternalSecret", name, request.namespace, _READY, spec=spec)


def account(request: ServiceRequest) -> Manifest:
    """The identity that reads; External Secrets asks for its tokens, so no pod and no Secret holds one."""
    body = _object(
        request, "v1", "ServiceAccount", agent(request), request.namespace, {}, automountServiceAccountToken=False
    )
    return Manifest("secrets", body)


def brought(request: ServiceRequest, peer: Peer) -> list[Manifest]:
    """Everything that brings one source's two Secrets here. The user and `account` must stand before."""
    source = peer.cluster
    role, binding = _rights(request, peer)
    key = _name(request)
    certificate = {
        "data": [{"secretKey": name, "remoteRef": {"key": key, "property": name}} for name in ("user.crt", "user.key")]
    }
    # Whole: during a renewal the old authority is beside the new one under a name with its date.
    trusted = {"dataFrom": [{"extract": {"key": peer.kafka.ca_secret}}]}
    return [
        Manifest(f"{source}-reader", role),
        Manifest(f"{source}-reader-binding", binding, after=(f"{source}-reader", "secrets")),
        Manifest(f"{source}-store", _store(request, peer), after=(f"{source}-reader-binding",)),
        Manifest(
            f"{source}-certificate",
            _copy(request, peer, user(request, peer), certificate),
            after=(f"{source}-store", f"{source}-user"),
        ),
        Manifest(
            f"{source}-authority", _copy(request, peer, authority(request, peer), trusted), after=(f"{source}-store",)
        ),
    ]
