"""What it does that an object comes or goes as a whole.

Owns      which kinds hold data, access or a name that others use.
Refuses   properties of objects that stay (`kinds/`).
"""

from collections.abc import Iterator, Mapping

from components.impact import durations, pods
from components.impact.contract import (
    DELETES,
    DYNAMIC,
    IRREVERSIBLE,
    MISSING,
    REPLACES,
    Context,
    Effect,
    Estimate,
    ObjectChange,
)
from components.impact.effect import made
from components.services.contract import Manifest

API = "Kubernetes API reference: what an object owns is deleted with it"
STRIMZI = "Strimzi documentation"
SECRETS = "External Secrets Operator documentation"

_ENDS: Mapping[str, tuple[str, str]] = {
    "Kafka": ("ends the cluster, and clients with it; disks stay where their claim says so", STRIMZI),
    "KafkaNodePool": ("ends its nodes, and the copies of data on them", STRIMZI),
    "KafkaTopic": ("deletes the topic with everything in it (its finalizer does)", STRIMZI),
    "KafkaUser": (
        "deletes the user: its clients are refused, and a new one has other credentials",
        "Strimzi documentation",
    ),
    "Namespace": ("deletes everything in the namespace", API),
    "PersistentVolumeClaim": ("deletes the disk where its class says so", API),
    "CustomResourceDefinition": ("deletes every object of its kind, in the whole Kubernetes", API),
    "StatefulSet": ("ends its pods; disks stay where the retention policy says so", API),
    "Secret": ("deletes what is in it", API),
    "SecretStore": (
        "ends every secret that comes through it at its next refresh",
        "External Secrets Operator documentation",
    ),
}
"""Kinds whose end takes data or access away."""

_STOPS: Mapping[str, str] = {
    "KafkaConnect": "ends the workers and what their connectors do; their topics stay",
    "KafkaMirrorMaker2": "ends the copying; what was copied stays",
    "KafkaBridge": "ends the bridge: its clients have no address any more",
    "KafkaConnector": "ends the connector; where it was stays known to Connect",
    "Deployment": "ends its pods",
    "Service": "ends the address that clients use",
    "ConfigMap": "is not read any more",
    "Job": "has done its work",
    "StorageClass": "is gone for new disks; those that exist stay",
    "Gateway": "ends the way in for clients outside",
}


def judge(change: ObjectChange, context: Context) -> Effect:
    """An object that is new, gone, or there under another name."""
    if change.old is MISSING:
        return _added(change, context)
    twin = next(
        (name for (kind, name), one in context.after.items() if kind == change.kind and one.role == change.role), ""
    )
    source = _ENDS.get(change.kind, ("", API))[1]
    if twin and change.kind in ("ConfigMap", "Job"):
        return made(change, DYNAMIC, f"gives way to '{twin}'; pods that use it say so themselves", API)
    if change.kind in _ENDS and not _bare(change):
        why = _ENDS[change.kind][0]
        if _unmanaged(change):
            return made(change, DYNAMIC, "is no longer declared, and the operator leaves the topic alone", STRIMZI)
        return made(change, DELETES, f"is removed: that {why}", source, _pods(change))
    if twin:
        return made(change, REPLACES, f"is deleted, and '{twin}' made in its place", API)
    return made(change, DYNAMIC, f"is removed: that {_STOPS.get(change.kind, 'ends it')}", API, _pods(change))


def _bare(change: ObjectChange) -> bool:
    """A StatefulSet without disks holds nothing."""
    return change.kind == "StatefulSet" and not change.old["spec"].get("volumeClaimTemplates")


def _unmanaged(change: ObjectChange) -> bool:
    annotations = change.old["metadata"].get("annotations", {})
    return change.kind == "KafkaTopic" and annotations.get("strimzi.io/managed") == "false"


def _pods(change: ObjectChange) -> tuple[str, ...]:
    return pods.of_pool(change.old) if change.kind == "KafkaNodePool" else ()


def _added(change: ObjectChange, context: Context) -> Effect:
    if change.kind == "KafkaNodePool":
        names = pods.of_pool(change.new)
        if pods.CONTROLLER in change.new["spec"].get("roles", ()) and any(pods.pools(context.before)):
            why = "is a new pool of controllers, and the quorum is for life"
            return made(change, IRREVERSIBLE, why, "strimzi-kafka-operator#9429", names)
        return made(change, DYNAMIC, "is new", STRIMZI, names, durations.once("new broker", "new nodes at once"))
    running = change.kind in ("KafkaConnect", "KafkaMirrorMaker2", "KafkaBridge", "Deployment", "StatefulSet")
    took = durations.once("worker", "its pods at once") if running else None
    return made(change, DYNAMIC, "is new", API, (), took or Estimate())


def holds_data(manifest: Manifest) -> bool:
    """Whether the end of an object takes data, access or other objects away."""
    body = manifest.body
    gone = ObjectChange(str(body["kind"]), str(body["metadata"]["name"]), manifest.role, (), body, MISSING)
    return manifest.protect or (gone.kind in _ENDS and not _bare(gone) and not _unmanaged(gone))


def told() -> Iterator[tuple[str, str, str, str]]:
    """Kind, class, why and source of every kind whose end these rules have words for."""
    yield from ((kind, DELETES, why, source) for kind, (why, source) in _ENDS.items())
    yield from ((kind, DYNAMIC, why, API) for kind, why in _STOPS.items())
