"""What a change of an object's own metadata does: most of it nothing, labels of Strimzi's objects a great deal.

Owns      annotations that nobody but this repository and Pulumi reads, and labels that reach pods.
Refuses   the pod template's metadata: that is a property like any other.
"""

from collections.abc import Iterator

from components.impact.contract import DELETES, DYNAMIC, NONE, REPLACES, Context, Effect, ObjectChange
from components.impact.effect import by_word, made
from components.impact.rule import touched

OURS = ("kafka-fleet/", "pulumi.com/", "grafana_folder")
CELLS = frozenset(("cell", "cost-center", "environment", "fleet", "managed-by", "owner"))
"""Ownership of what belongs to a cell, by the names of its tags."""
LABELS = "strimzi-kafka-operator#5242"
KUBERNETES = "Kubernetes API conventions: metadata.name and metadata.namespace identify an object"
HOLDS_DATA = ("Kafka", "KafkaNodePool", "KafkaTopic", "PersistentClaim", "PersistentVolumeClaim", "StatefulSet")

_SAID = {
    "strimzi.io/next-node-ids": (DYNAMIC, "is used when brokers are added next; those that run keep their ids"),
    "strimzi.io/remove-node-ids": (DYNAMIC, "is used when brokers are removed next"),
    "strimzi.io/rebalance-template": (DYNAMIC, "says whether Cruise Control uses it as a template"),
    "strimzi.io/managed": (DYNAMIC, "says whether the operator carries out changes of the topic"),
    "strimzi.io/pause-reconciliation": (DYNAMIC, "says whether the operator carries out changes at all"),
}
_ANNOTATIONS = "Strimzi documentation, 'Custom resource annotations'"


def judge(
    change: ObjectChange, context: Context, pods: tuple[str, ...], unknown: tuple[str, ...] = ("dynamic",)
) -> Iterator[Effect]:
    """A change below `metadata`. `pods`: words of what a label reaches; `unknown`: of an annotation nobody knows."""
    if change.path[1:2] in (("namespace",), ("name",)):
        impact = DELETES if change.kind in HOLDS_DATA else REPLACES
        yield made(change, impact, "identifies the object: the old one is deleted, a new one made", KUBERNETES)
        return
    keys = {str(path[2]) for path in touched(change) if len(path) > 2}
    if change.path[1:2] == ("annotations",):
        yield from _annotations(change, context, keys, unknown)
    elif pods and change.path[1:2] == ("labels",):
        for word in pods:
            yield by_word(change, context, word, "is a label that reaches the pods", LABELS)
    else:
        yield made(change, DYNAMIC, "is updated in place", KUBERNETES)


def _annotations(change: ObjectChange, context: Context, keys: set[str], unknown: tuple[str, ...]) -> Iterator[Effect]:
    """One effect: the worst of the keys."""
    strange = sorted(key for key in keys if not key.startswith(OURS) and key not in _SAID and key not in CELLS)
    said = [_SAID[key] for key in sorted(keys) if key in _SAID]
    if strange:
        for word in unknown:
            why = f"is an annotation that these rules do not know ({', '.join(strange)})"
            yield by_word(change, context, word, why, _ANNOTATIONS)
    elif said:
        yield made(change, *said[0], _ANNOTATIONS)
    else:
        yield made(change, NONE, "is an annotation for people and for the engine: no pod sees it", _ANNOTATIONS)
