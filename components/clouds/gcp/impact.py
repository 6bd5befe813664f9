"""What a changed field of a cell does on GCP, where that is not the same everywhere.

Owns      the rules of the section `gcp`.
Refuses   any SDK.
"""

from components.cell.impact_rule import FieldRule, choose, once
from components.cell.spec import CellBody
from components.impact.contract import DYNAMIC, IRREVERSIBLE, Effect, ObjectChange

_CHANNELS = "Google Cloud, 'Release channels': a cluster moves between channels in place"

RULES: tuple[FieldRule, ...] = (
    FieldRule("gcp.project_number", IRREVERSIBLE, "names the service agents that may use the cell's keys"),
    FieldRule(
        "gcp.release_channel", DYNAMIC, "is how early GKE patches, in place", once("control plane setting"), _CHANNELS
    ),
    FieldRule("gcp.maintenance_days", DYNAMIC, "is when GKE may patch, in place", once("control plane setting")),
    FieldRule(
        "gcp.maintenance_start_hour_utc", DYNAMIC, "is when GKE may patch, in place", once("control plane setting")
    ),
    FieldRule(
        "gcp.dns_endpoint",
        DYNAMIC,
        "opens or closes GKE's own name of the Kubernetes API, in place",
        once("control plane setting"),
    ),
    FieldRule("gcp", DYNAMIC, "holds settings of GKE: what each does is told at its own field", once("setting")),
)


def judge(change: ObjectChange, body: CellBody) -> Effect | None:
    """An effect, or None for the rules of every cloud."""
    rule = choose(RULES, change.path)
    return rule.effect(change, body) if rule is not None else None
