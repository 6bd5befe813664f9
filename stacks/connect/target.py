"""Which credential of which app `fleet connect` means, and what a client needs to know to use it.

Owns      the choice of user, generation and listener, from the fleet's files alone.
Refuses   secrets: it knows where they are, never what they are.
"""

from dataclasses import dataclass
from enum import StrEnum

from components import catalog
from components.apps.naming import user_name
from components.apps.rotation import newest
from components.services.access import KafkaAccess, KafkaWay
from stacks import request
from stacks.fleet import App, Cluster, Fleet
from stacks.nearest import nearest


class ConnectError(Exception):
    """The files do not say what was asked for; `hint` is the nearest that they do say."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True)
class Target:
    """One credential on one cluster.

    user       its name on the cluster, which is also the name of its Secret in `namespace`
    ca_secret  Secret in `namespace` whose key `ca.crt` signed the brokers' certificates
    way        the listener that takes it
    cloud      of the cluster's cell
    """

    cluster: str
    app: str
    key: str
    user: str
    authentication: str
    namespace: str
    ca_secret: str
    way: KafkaWay
    cloud: str


class Side(StrEnum):
    """Where a client stands: in the cell's Kubernetes, or outside of it."""

    cell = "cell"
    outside = "outside"


def target(fleet: Fleet, cluster: str, app: str, key: str | None = None, side: Side | None = None) -> Target:
    """The newest credential of an app's user; ConnectError where the files have no such thing.

    Without a side, the listener inside the cell, or where none there takes the credential, one outside.
    """
    declared = _app(fleet, cluster, app)
    key = _key(declared, key)
    user = declared.spec.users[key]
    asked = request.app(fleet, declared)
    generation = newest(user, asked.today)
    if generation is None:
        raise ConnectError(
            f"no credential of user '{key}' of app '{app}' is valid today", f"see `credentials` in {_file(declared)}"
        )
    if user.authentication not in {"scram-sha-512", "tls"}:
        raise ConnectError(
            f"user '{key}' of app '{app}' authenticates by {user.authentication}: your identity provider gives its "
            "tokens, and the fleet holds nothing to hand over"
        )
    access = catalog.load(catalog.services()["kafka"].publish)(asked.kafka)
    if not isinstance(access, KafkaAccess):
        raise TypeError(f"kafka publishes a {type(access).__name__}")
    way = _way(access, user.authentication, side)
    return Target(
        cluster=cluster,
        app=app,
        key=key,
        user=user_name(app, key, generation),
        authentication=user.authentication,
        namespace=access.namespace,
        ca_secret=access.ca_secret,
        way=way,
        cloud=asked.kafka.place.cloud,
    )


def _way(access: KafkaAccess, authentication: str, side: Side | None) -> KafkaWay:
    inside = access.way(authentication) if side is not Side.outside else None
    found = inside or (access.outside(authentication) if side is not Side.cell else None)
    if found is None:
        where = {Side.cell: " inside the cell", Side.outside: " outside of the cell"}.get(side, "") if side else ""
        has = ", ".join(f"{way.name} ({way.type}, {way.authentication})" for way in access.ways)
        raise ConnectError(
            f"cluster '{access.cluster}' has no listener{where} that takes {authentication}", f"it has {has}"
        )
    return found


def cluster_of(fleet: Fleet, cluster: str) -> Cluster:
    """A cluster that stands; ConnectError with the nearest name where no file declares it."""
    if cluster not in fleet.clusters:
        raise ConnectError(f"no file declares cluster '{cluster}'", nearest(cluster, fleet.clusters))
    return fleet.clusters[cluster]


def _file(app: App) -> str:
    return app.resolved.file


def _app(fleet: Fleet, cluster: str, app: str) -> App:
    cluster_of(fleet, cluster)
    found = fleet.apps.get((cluster, app))
    if found is not None:
        return found
    names = sorted(name for on, name in fleet.apps if on == cluster)
    hint = nearest(app, names) or (f"it has {', '.join(names)}" if names else "it has no apps")
    raise ConnectError(f"cluster '{cluster}' has no app '{app}'", hint)


def _key(app: App, key: str | None) -> str:
    users = sorted(app.spec.users)
    if key is not None and key in users:
        return key
    if key is not None:
        hint = nearest(key, users) or (f"it has {', '.join(users)}" if users else "")
        raise ConnectError(f"app '{app.name}' has no user '{key}'", hint)
    if len(users) == 1:
        return users[0]
    if not users:
        raise ConnectError(f"app '{app.name}' has no users", f"add one to {_file(app)}")
    raise ConnectError(f"app '{app.name}' has several users", f"choose one with --user: {', '.join(users)}")
