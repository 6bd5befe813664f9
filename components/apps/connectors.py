"""The objects of an app's connectors: a KafkaConnector each, and the right of Connect to read the app's Secrets.

Owns      names, labels, the Role with exactly the Secrets that the connectors use, and its binding.
Refuses   rights for anyone but Connect's own ServiceAccount; `components/platform/app_limits.py` refuses them too.
Identity  a connector is called `<app>.<key>`: Connect keeps its offsets under that name.
"""

from collections.abc import Iterator
from typing import Any

from components.apps import connector_config
from components.apps.connector_spec import Connector
from components.apps.contract import AppRequest
from components.apps.delivery import user_role
from components.apps.naming import role_name, secret_name, user_name
from components.apps.rotation import valid
from components.services.access import HttpAccess
from components.services.contract import Manifest

API = "kafka.strimzi.io/v1"
RBAC = "rbac.authorization.k8s.io"


def connector_name(app: str, key: str) -> str:
    """A connector's name in Connect."""
    return f"{app}.{key}"


def service_account(connect: HttpAccess) -> str:
    """As whom Connect's workers run. The operator calls it after the KafkaConnect."""
    return str(connect.facts.get("service_account", f"{connect.name}-connect"))


def _metadata(request: AppRequest, name: str, **annotations: str) -> dict[str, Any]:
    return {"name": name, "namespace": request.kafka.namespace, "annotations": {**request.annotations, **annotations}}


def _connector(request: AppRequest, connect: HttpAccess, key: str, connector: Connector) -> dict[str, Any]:
    metadata = _metadata(request, connector_name(request.app, key), **{"pulumi.com/waitFor": "condition=Ready"})
    spec: dict[str, Any] = {
        "class": connector.class_name,
        "tasksMax": connector.tasks_max,
        "state": connector.state,
        "autoRestart": {"enabled": connector.auto_restart.enabled, "maxRestarts": connector.auto_restart.most},
        "config": dict(connector_config.complete(request, connector)),
    }
    if connector.plugin_version is not None:
        spec["version"] = connector.plugin_version
    return {
        "apiVersion": API,
        "kind": "KafkaConnector",
        "metadata": {**metadata, "labels": {"strimzi.io/cluster": connect.name}},
        "spec": spec,
    }


def _secrets(request: AppRequest) -> list[str]:
    """The Secrets that the app's connectors use, all generations that exist today included."""
    found: set[str] = set()
    for connector in request.spec.connectors.values():
        user = request.spec.users[connector.user]
        found |= {user_name(request.app, connector.user, one) for one in valid(user, request.today)}
        found |= {secret_name(request.app, name) for name in connector_config.secrets_of(request.spec, connector)}
    return sorted(found)


def _rights(request: AppRequest, connect: HttpAccess) -> Iterator[Manifest]:
    name = role_name(request.app)
    role = {
        "apiVersion": f"{RBAC}/v1",
        "kind": "Role",
        "metadata": _metadata(request, name),
        "rules": [{"apiGroups": [""], "resources": ["secrets"], "resourceNames": _secrets(request), "verbs": ["get"]}],
    }
    binding = {
        "apiVersion": f"{RBAC}/v1",
        "kind": "RoleBinding",
        "metadata": _metadata(request, name),
        "roleRef": {"apiGroup": RBAC, "kind": "Role", "name": name},
        "subjects": [
            {"kind": "ServiceAccount", "name": service_account(connect), "namespace": request.kafka.namespace}
        ],
    }
    yield Manifest("connect-role", role)
    yield Manifest("connect-role-binding", binding, after=("connect-role",))


def manifests(request: AppRequest) -> Iterator[Manifest]:
    """Everything of an app's connectors; nothing where the cluster has no Connect or a user is missing (refused)."""
    spec = request.spec
    if request.connect is None or not spec.connectors:
        return
    if any(connector.user not in spec.users for connector in spec.connectors.values()):
        return
    yield from _rights(request, request.connect)
    for key, connector in sorted(spec.connectors.items()):
        user = spec.users[connector.user]
        users = (user_role(connector.user, one) for one in valid(user, request.today))
        secrets = (f"secret-{name}" for name in sorted(connector_config.secrets_of(spec, connector)))
        yield Manifest(
            f"connector-{key}",
            _connector(request, request.connect, key, connector),
            after=("connect-role-binding", *users, *secrets),
        )
