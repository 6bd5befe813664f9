"""What a change of an app's own objects does, where the kind alone does not say it.

Owns      the objects that register schemas, and credentials of generations.
Refuses   topics, users and connectors: the rules of their kinds know them.
"""

from components.impact.contract import DYNAMIC, MISSING, Context, Effect, ObjectChange
from components.impact.effect import made

REGISTRY = "Schema Registry documentation: versions are only ever added"


def impact(change: ObjectChange, context: Context) -> Effect | None:
    """An effect, or None for the rules by kind."""
    if change.kind == "Job" and not change.path and change.new is not MISSING and context.service == "app":
        why = "registers the schemas that changed: a registered version stays, and clients may read it from then on"
        return made(change, DYNAMIC, why, REGISTRY)
    return None
