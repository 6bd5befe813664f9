"""What the store holds for each Kafka cluster: the objects as they were applied, grouped by the cluster they are of.

Owns      the reading of the sandbox's database, read-only, beside a server that may be writing it.
Refuses   to judge: what stands in the store was judged when it was applied.
Identity  a cluster is the name of its Kafka object: names of clusters are unique in a fleet.
"""

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sandbox.store import FILE

LABEL = "strimzi.io/cluster"
COMPONENT = "app.kubernetes.io/component"
_TYPE = "kubernetes:kafka.strimzi.io/"
_BESIDE = ("apps/v1:Deployment", "apps/v1:StatefulSet", "batch/v1:Job", "core/v1:ConfigMap")
"""Types of which some objects are a schema registry, or bring subjects into one."""
_KEPT = ("apiVersion", "kind", "metadata", "spec", "data")

Body = Mapping[str, Any]


@dataclass
class Cluster:
    """The objects of one cluster, each list in the order in which they came to exist."""

    name: str
    namespace: str
    account: str
    kafka: Body
    pools: list[Body] = field(default_factory=list)
    topics: list[Body] = field(default_factory=list)
    users: list[Body] = field(default_factory=list)
    connects: list[Body] = field(default_factory=list)
    connectors: list[Body] = field(default_factory=list)
    registries: list[Body] = field(default_factory=list)
    subjects: list[Body] = field(default_factory=list)
    """Jobs that bring subjects into one of the registries, and the ConfigMaps that they are given."""

    @property
    def digest(self) -> str:
        """Tells two states of the objects apart; the status says which one it is of."""
        text = json.dumps(asdict(self), sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


_PLACES = {"KafkaNodePool": "pools", "KafkaTopic": "topics", "KafkaUser": "users", "KafkaConnect": "connects"}


def at(body: Any, *path: str, default: Any = None) -> Any:
    """A value deep inside, or the default."""
    for key in path:
        if not isinstance(body, Mapping) or body.get(key) is None:
            return default
        body = body[key]
    return body


def name_of(body: Body) -> str:
    """`metadata.name`."""
    return str(at(body, "metadata", "name", default=""))


def read(state_dir: Path) -> dict[str, Cluster]:
    """Every declared cluster by name, as the store has it now."""
    if not (state_dir / FILE).exists():
        return {}
    connection = _connection(state_dir)
    try:
        return group(connection)
    finally:
        connection.close()


def _connection(state_dir: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{state_dir / FILE}?mode=ro", uri=True, timeout=30)


class Watch:
    """Reads the database again when somebody has written to it."""

    def __init__(self, state_dir: Path) -> None:
        self._state_dir = state_dir
        self._connection: sqlite3.Connection | None = None
        self._seen: int | None = None

    def changed(self) -> bool:
        """Whether anything was committed since this was last asked; True the first time there is a database."""
        if self._connection is None:
            if not (self._state_dir / FILE).exists():
                return False
            self._connection = _connection(self._state_dir)
        version = int(self._connection.execute("PRAGMA data_version").fetchone()[0])
        before, self._seen = self._seen, version
        return before != version

    def read(self) -> dict[str, Cluster]:
        """Every declared cluster by name."""
        if self._connection is None:
            return {}
        return group(self._connection)


def group(connection: sqlite3.Connection) -> dict[str, Cluster]:
    """Every Kafka object with what belongs to it by label, namespace and Kubernetes cluster."""
    rows = connection.execute(
        "SELECT account, inputs FROM resources WHERE (type >= ? AND type < ?) OR type IN (?, ?, ?, ?) ORDER BY number",
        (_TYPE, _TYPE + "~", *(f"kubernetes:{one}" for one in _BESIDE)),
    ).fetchall()
    objects = [(str(account), {k: v for k, v in json.loads(text).items() if k in _KEPT}) for account, text in rows]
    found: dict[str, Cluster] = {}
    for account, body in objects:
        if body.get("kind") == "Kafka":
            space = str(at(body, "metadata", "namespace", default=""))
            found[name_of(body)] = Cluster(name_of(body), space, account, body)
    workers: dict[tuple[str, str, str], Cluster] = {}
    for account, body in objects:
        place = _PLACES.get(str(body.get("kind")))
        if place is None:
            continue
        cluster = found.get(_owner(body))
        if cluster is None or (cluster.account, cluster.namespace) != (account, at(body, "metadata", "namespace")):
            continue
        getattr(cluster, place).append(body)
        if place == "connects":
            workers[account, cluster.namespace, name_of(body)] = cluster
    for account, body in objects:
        if body.get("kind") == "KafkaConnector":
            key = (account, str(at(body, "metadata", "namespace")), str(at(body, "metadata", "labels", LABEL)))
            if key in workers:
                workers[key].connectors.append(body)
    _registries(found, objects)
    return found


def _registries(found: Mapping[str, Cluster], objects: Sequence[tuple[str, Body]]) -> None:
    """A registry is the workload of that component which has the name of a user of the cluster; its Jobs name it."""
    owners = {(c.account, c.namespace, name_of(user)): c for c in found.values() for user in c.users}
    there: dict[tuple[str, str, str], Cluster] = {}
    for account, body in objects:
        key = (account, str(at(body, "metadata", "namespace", default="")), name_of(body))
        workload = body.get("kind") in {"Deployment", "StatefulSet"} and component(body) == "schema-registry"
        if workload and (cluster := owners.get(key)) is not None:
            cluster.registries.append(body)
            there[key] = cluster
    maps = {(a, at(b, "metadata", "namespace"), name_of(b)): b for a, b in objects if b.get("kind") == "ConfigMap"}
    for account, body in objects:
        if body.get("kind") != "Job" or component(body) != "subjects":
            continue
        name, space = registry_of(body)
        given = maps.get((account, at(body, "metadata", "namespace"), wish_of(body)))
        if (cluster := there.get((account, space, name))) is not None and given is not None:
            cluster.subjects += [body, given]


def component(body: Body) -> str:
    """What the pods of a workload say they are."""
    return str(at(body, "spec", "template", "metadata", "labels", COMPONENT, default=""))


def arguments_of(body: Body) -> list[str]:
    """What the first container of a workload is given."""
    containers = at(body, "spec", "template", "spec", "containers", default=[])
    return [str(one) for one in at(containers[0], "args", default=[])] if containers else []


def registry_of(job: Body) -> tuple[str, str]:
    """Name and namespace of the registry that a Job is given, of its address `<name>.<namespace>.svc`; else empty."""
    given = arguments_of(job)
    words = (urlsplit(given[2]).hostname or "").split(".") if len(given) > 2 else []
    return (words[0], words[1]) if len(words) > 1 else ("", "")


def wish_of(job: Body) -> str:
    """Name of the ConfigMap that a Job is given."""
    volumes = at(job, "spec", "template", "spec", "volumes", default=[])
    return next((str(name) for one in volumes if (name := at(one, "configMap", "name"))), "")


def _owner(body: Body) -> str:
    """The cluster that an object says it is of. A KafkaConnect only says where to connect to: `<cluster>-kafka-…`."""
    if body.get("kind") == "KafkaConnect":
        return str(at(body, "spec", "bootstrapServers", default="")).partition("-kafka-bootstrap")[0]
    return str(at(body, "metadata", "labels", LABEL, default=""))
