"""What a change of monitoring's own objects does, where the kind alone says too much.

Owns      dashboards: the engine makes their ConfigMaps again, and nobody's data or access is concerned.
Refuses   everything else.
"""

from components.impact.contract import DYNAMIC, Context, Effect, ObjectChange
from components.impact.effect import made

SOURCE = "Grafana's sidecar reads ConfigMaps with its label (grafana/helm-charts, grafana chart)"


def impact(change: ObjectChange, context: Context) -> Effect | None:
    """An effect, or None for the rules by kind."""
    if change.kind == "ConfigMap" and change.path[:1] == ("data",) and context.service == "monitoring":
        return made(change, DYNAMIC, "is a dashboard, which Grafana loads anew", SOURCE)
    return None
