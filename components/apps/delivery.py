"""The objects by which External Secrets copies an app's credentials to where the app runs.

Owns      a PushSecret for each generation and destination, and one a destination for the cluster's certificate; for
          a namespace the SecretStore and the ServiceAccount that lead there; an ExternalSecret for each secret that a
          connector reads.
Refuses   deletion in the destination: `deletionPolicy` is None, because with Delete a delivery that is taken out of a
          file, or an object lost by accident, would take away credentials that are in use. What is left of a retired
          generation is worthless: Kafka has forgotten it.
Identity  the secret in the destination is called after cluster, app, user and generation (`naming.delivered_name`).
"""

from collections.abc import Iterator, Sequence
from typing import Any

from components.apps.contract import AppRequest
from components.apps.naming import agent_name, authority_name, delivered_name, secret_name, stored_name, user_name
from components.apps.rotation import valid
from components.apps.spec import AppSpec
from components.apps.user_spec import Delivery, User
from components.services.contract import Manifest

PUSH = "external-secrets.io/v1alpha1"
STORE = "external-secrets.io/v1"

# The keys of the Secrets that the operator makes. `user.p12` is the same certificate again, and binary, which most
# secret managers do not take.
_KEYS = {"scram-sha-512": ("password", "sasl.jaas.config"), "tls": ("ca.crt", "user.crt", "user.key")}


def apis(spec: AppSpec) -> dict[str, tuple[str | int, ...]]:
    """The API groups that an app needs in its cell, each with the place in the file that first asks for it."""
    needed: dict[str, tuple[str | int, ...]] = {}
    for key, user in spec.users.items():
        for index, delivery in enumerate(user.deliver):
            path = ("users", key, "deliver", index)
            needed.setdefault(PUSH, path)
            if delivery.namespace is not None:
                needed.setdefault(STORE, path)
    for name in spec.secrets:
        needed.setdefault(STORE, ("secrets", name))
    return needed


def _metadata(request: AppRequest, name: str, *, wait: bool = True) -> dict[str, Any]:
    waiting = {"pulumi.com/waitFor": "condition=Ready"} if wait else {}
    return {"name": name, "namespace": request.kafka.namespace, "annotations": {**request.annotations, **waiting}}


def _destination(delivery: Delivery) -> str:
    return (
        f"namespace-{delivery.namespace}" if delivery.namespace else f"{delivery.store_kind}-{delivery.store}".lower()
    )


def _store_name(request: AppRequest, namespace: str) -> str:
    return f"{request.app}.{namespace}"


def _push(
    request: AppRequest, name: str, source: str, remote: str, keys: Sequence[str], delivery: Delivery
) -> dict[str, Any]:
    store = (
        {"kind": "SecretStore", "name": _store_name(request, delivery.namespace)}
        if delivery.namespace
        else {"kind": delivery.store_kind, "name": delivery.store}
    )
    return {
        "apiVersion": PUSH,
        "kind": "PushSecret",
        "metadata": _metadata(request, name),
        "spec": {
            "deletionPolicy": "None",
            # A password that the operator makes anew and a renewed certificate have to arrive.
            "updatePolicy": "Replace",
            "refreshInterval": "10m0s",
            "secretStoreRefs": [store],
            "selector": {"secret": {"name": source}},
            "data": [
                {
                    "match": {"secretKey": key, "remoteRef": {"remoteKey": remote, "property": key}},
                    "conversionStrategy": "None",
                }
                for key in keys
            ],
        },
    }


def _of_user(request: AppRequest, key: str, user: User, generation: str, delivery: Delivery) -> dict[str, Any]:
    source = user_name(request.app, key, generation)
    remote = delivered_name(request.kafka.cluster, request.app, key, generation)
    name = f"{source}.{_destination(delivery)}"
    return _push(request, name, source, remote, _KEYS[user.authentication], delivery)


def _authority(request: AppRequest, delivery: Delivery) -> dict[str, Any]:
    """The certificate that signed the brokers'. It is public, and no client outside of the namespace finds it."""
    cluster = request.kafka.cluster
    name = f"{request.app}.{_destination(delivery)}.cluster-ca"
    remote = authority_name(cluster, request.app)
    return _push(request, name, f"{cluster}-cluster-ca-cert", remote, ("ca.crt",), delivery)


def _agent(request: AppRequest) -> dict[str, Any]:
    """As whom External Secrets writes into another namespace; what it may do there is that namespace's owner's say."""
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": _metadata(request, agent_name(request.app), wait=False),
        "automountServiceAccountToken": False,
    }


def _namespace_store(request: AppRequest, namespace: str) -> dict[str, Any]:
    return {
        "apiVersion": STORE,
        "kind": "SecretStore",
        # Not waited for: External Secrets says Ready only after the namespace's owner has allowed it, and then the
        # PushSecret is the one to wait for.
        "metadata": _metadata(request, _store_name(request, namespace), wait=False),
        "spec": {
            "provider": {
                "kubernetes": {
                    "remoteNamespace": namespace,
                    "server": {"caProvider": {"type": "ConfigMap", "name": "kube-root-ca.crt", "key": "ca.crt"}},
                    "auth": {"serviceAccount": {"name": agent_name(request.app)}},
                }
            }
        },
    }


def _store_roles(delivery: Delivery) -> tuple[str, ...]:
    return (f"store-{delivery.namespace}",) if delivery.namespace else ()


def pushes(request: AppRequest) -> Iterator[Manifest]:
    """Everything that delivers credentials. Roles of the users that it comes after are `objects.user_role`."""
    targets = sorted({d.namespace for user in request.spec.users.values() for d in user.deliver if d.namespace})
    if targets:
        yield Manifest("delivery-agent", _agent(request))
    for namespace in targets:
        yield Manifest(f"store-{namespace}", _namespace_store(request, namespace), after=("delivery-agent",))
    users = [user for user in request.spec.users.values() if user.authentication in _KEYS]
    places = {_destination(d): d for user in users for d in user.deliver}
    for name, delivery in sorted(places.items()):
        yield Manifest(f"authority.{name}", _authority(request, delivery), after=_store_roles(delivery))
    for key, user in sorted(request.spec.users.items()):
        if user.authentication not in _KEYS:
            continue
        for generation in valid(user, request.today):
            for delivery in sorted(user.deliver, key=_destination):
                user_is = user_role(key, generation)
                yield Manifest(
                    f"delivery-{user_is.removeprefix('user-')}.{_destination(delivery)}",
                    _of_user(request, key, user, generation, delivery),
                    after=(user_is, *_store_roles(delivery)),
                )


def user_role(key: str, generation: str) -> str:
    """Logical name of one generation of a user. Keys have no dot, so no key can be another's generation."""
    return f"user-{key}.{generation}" if generation else f"user-{key}"


def fetched(request: AppRequest) -> Iterator[Manifest]:
    """An ExternalSecret for each stored secret of the app."""
    for name, stored in sorted(request.spec.secrets.items()):
        body = {
            "apiVersion": STORE,
            "kind": "ExternalSecret",
            "metadata": _metadata(request, secret_name(request.app, name)),
            "spec": {
                "refreshInterval": "10m0s",
                "secretStoreRef": {"kind": stored.store_kind, "name": stored.store},
                "target": {
                    "name": secret_name(request.app, name),
                    "creationPolicy": "Owner",
                    # What the secret manager loses for a moment, a running connector keeps.
                    "deletionPolicy": "Retain",
                },
                "dataFrom": [
                    {
                        "extract": {
                            "key": stored_name(request.kafka.cluster, request.app, name),
                            "conversionStrategy": "Default",
                            "decodingStrategy": "None",
                            "metadataPolicy": "None",
                        }
                    }
                ],
            },
        }
        yield Manifest(f"secret-{name}", body)
