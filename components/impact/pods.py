"""The pods behind an object, by the names that Kubernetes will show.

Owns      how Strimzi and Kubernetes name pods: `<cluster>-<pool>-<id>`, `<connect>-connect-<n>`, `<set>-<n>`.
Refuses   to ask a cluster: after a scale-down in the middle the ids that run may be others of the same range.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from components.impact.contract import Context
from components.services.contract import Manifest

BROKER, CONTROLLER = "broker", "controller"
NEXT_IDS = "strimzi.io/next-node-ids"
CLUSTER = "strimzi.io/cluster"

_SUFFIX = {"KafkaConnect": "connect", "KafkaMirrorMaker2": "mirrormaker2"}


def ids(ranges: str, count: int) -> list[int]:
    """The first ids of a value such as `[0-9]` or `[3, 100-999]`, in the order in which the operator takes them."""
    found: list[int] = []
    for first, last in re.findall(r"(\d+)(?:\s*-\s*(\d+))?", ranges):
        low, high = int(first), int(last or first)
        step = 1 if high >= low else -1
        for number in range(low, high + step, step):
            if len(found) == count:
                return found
            found.append(number)
    return found if ranges else list(range(count))


def of_pool(body: Mapping[str, Any]) -> tuple[str, ...]:
    """The pods of a KafkaNodePool."""
    meta = body["metadata"]
    cluster = meta.get("labels", {}).get(CLUSTER, "")
    numbers = ids(str(meta.get("annotations", {}).get(NEXT_IDS, "")), int(body["spec"]["replicas"]))
    return tuple(f"{cluster}-{meta['name']}-{number}" for number in numbers)


def pools(side: Mapping[tuple[str, str], Manifest], role: str = "") -> Iterator[Mapping[str, Any]]:
    """The KafkaNodePool objects of a stack, or those with a role."""
    for (kind, _), manifest in side.items():
        if kind == "KafkaNodePool" and (not role or role in manifest.body["spec"].get("roles", ())):
            yield manifest.body


def nodes(context: Context, role: str) -> tuple[str, ...]:
    """The brokers or controllers that run before the change."""
    side = context.before if any(pools(context.before)) else context.after
    return tuple(pod for pool in pools(side, role) for pod in of_pool(pool))


def of_object(context: Context, kind: str, name: str) -> tuple[str, ...]:
    """The pods of Connect, MirrorMaker 2, a bridge, a Deployment or a StatefulSet as it runs before the change.

    Pods of a Deployment have names that nobody knows before: the Deployment's stands for them.
    """
    manifest = context.before.get((kind, name)) or context.after.get((kind, name))
    spec = manifest.body.get("spec", {}) if manifest else {}
    if kind == "KafkaBridge":
        return (f"{name}-bridge",)
    if kind == "Deployment":
        return (name,)
    stem = f"{name}-{_SUFFIX[kind]}" if kind in _SUFFIX else name
    return tuple(f"{stem}-{number}" for number in range(int(spec.get("replicas", 1))))


def count(context: Context, kind: str, name: str) -> int:
    """How many pods an object has before the change."""
    manifest = context.before.get((kind, name)) or context.after.get((kind, name))
    return int(manifest.body.get("spec", {}).get("replicas", 1)) if manifest else 1
