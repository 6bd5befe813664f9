"""Names of what belongs to one app, on the cluster and where its credentials are delivered.

Owns      names of users and their generations, of secrets in secret managers, of the app's Kubernetes objects.
Refuses   names chosen in a file for things in a secret manager: one app could then write over another's secret, or
          read it.
Identity  a change here renames users and secrets that clients have written down.
"""

from components.names import bounded, digest

LIMIT = 63
"""Of a user's name: a certificate's common name has at most 64 characters, a Kubernetes label 63."""


def user_name(app: str, key: str, generation: str = "") -> str:
    """A user's name on the cluster. Neither app nor key nor generation has a dot, so no two can ever be the same."""
    return f"{app}.{key}.{generation}" if generation else f"{app}.{key}"


def _remote(kind: str, *parts: str) -> str:
    """Only letters, digits and hyphens, as the strictest secret manager wants it. The end keeps names apart that
    hyphens alone would make equal."""
    return f"{bounded('-'.join(('kafka', *(part for part in parts if part))), 110)}-{digest('/'.join((kind, *parts)))}"


def delivered_name(cluster: str, app: str, key: str, generation: str) -> str:
    """The secret that a user's credentials become elsewhere, e.g. `kafka-orders-billing-api-2026-09-x2k4ab`."""
    return _remote("user", cluster, app, key, generation)


def authority_name(cluster: str, app: str) -> str:
    """The secret with which an app's clients check the brokers' certificates, beside their credentials."""
    return _remote("authority", cluster, app, "cluster-ca")


def stored_name(cluster: str, app: str, name: str) -> str:
    """Name under which an app's own secret has to be in the secret manager."""
    return _remote("stored", cluster, app, name)


def secret_name(app: str, name: str) -> str:
    """The Secret in the cluster's namespace that holds a stored secret of an app. More dots than any user has."""
    return f"{app}.{name}.from.store"


def role_name(app: str) -> str:
    """The Role by which Connect reads an app's Secrets, and its binding. Apps' stacks may write no other name."""
    return f"{ROLE_PREFIX}{app}"


def agent_name(app: str) -> str:
    """The ServiceAccount as which an app's credentials are written into other namespaces."""
    return f"kafka-fleet-app-{app}"


ROLE_PREFIX = "kafka-fleet-app-"
