"""What a changed property of a Deployment or StatefulSet does.

Owns      which properties restart pods, and which nothing can change on an object that exists.
Refuses   what the program in the pods makes of its settings.
"""

from collections.abc import Iterator, Mapping

from components.impact.contract import DYNAMIC, REPLACES, Context, Effect, ObjectChange
from components.impact.effect import PODS, of_rules
from components.impact.kinds import metadata
from components.impact.rule import Rule, rules_for, table

APPS = "Kubernetes API reference, apps/v1: pods follow from spec.template"
IMMUTABLE = "Kubernetes validation: 'updates to statefulset spec for fields other than … are forbidden'"

_IN_PLACE = (
    *("progressDeadlineSeconds", "revisionHistoryLimit", "minReadySeconds", "strategy", "paused"),
    *("updateStrategy", "ordinals", "persistentVolumeClaimRetentionPolicy"),
)

RULES: Mapping[str, tuple[Rule, ...]] = {
    "Deployment": table(
        APPS,
        ("", PODS, "is not known to these rules, so it counts as what pods restart for"),
        ("spec/template", PODS, "is part of the pods"),
        ("spec/replicas", DYNAMIC, "adds or ends pods"),
        (tuple(f"spec/{name}" for name in _IN_PLACE), DYNAMIC, "is how pods come and go next"),
        ("spec/selector", REPLACES, "never changes: the Deployment is made again, and all its pods with it"),
    ),
    "StatefulSet": (
        *table(
            APPS,
            ("", PODS, "is not known to these rules, so it counts as what pods restart for"),
            ("spec/template", PODS, "is part of the pods"),
            ("spec/replicas", DYNAMIC, "adds or ends pods, the last first; their disks stay"),
        ),
        *table(
            IMMUTABLE,
            ("spec", REPLACES, "never changes: the StatefulSet is made again, and its disks are taken over or lost"),
            (tuple(f"spec/{name}" for name in _IN_PLACE), DYNAMIC, "is how pods come and go next"),
        ),
    ),
}


def judge(change: ObjectChange, context: Context) -> Iterator[Effect]:
    """A changed property."""
    if change.path[:1] == ("metadata",):
        yield from metadata.judge(change, context, ())
    else:
        yield from of_rules(change, context, rules_for(RULES[change.kind], change))
