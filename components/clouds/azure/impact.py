"""What a changed field of a cell does on Azure, where that is not the same everywhere.

Owns      the rules of the section `azure`, and what AKS fixes when it makes a cluster or a pool.
Refuses   any SDK.
"""

from components.cell.impact_rule import FieldRule, choose, nodes, once
from components.cell.spec import CellBody
from components.impact.contract import DYNAMIC, IRREVERSIBLE, REPLACES, Effect, ObjectChange

_POOLS = "Microsoft Learn, 'Resize node pools in AKS': a pool's VM size never changes"
_CLUSTER = "Microsoft Learn, 'Create a private AKS cluster': an existing cluster is not made private"

RULES: tuple[FieldRule, ...] = (
    FieldRule(
        "kubernetes.kafka_nodes.machine",
        REPLACES,
        "is fixed when AKS makes a pool: each zone's pool is deleted with its brokers' nodes and made anew",
        nodes("kafka_nodes"),
        _POOLS,
    ),
    FieldRule(
        "kubernetes.system_nodes.machine",
        REPLACES,
        "is fixed when AKS makes a pool: each zone's pool is deleted and made anew",
        nodes("system_nodes"),
        _POOLS,
    ),
    FieldRule("kubernetes.api", IRREVERSIBLE, "is fixed when AKS makes a cluster", source=_CLUSTER),
    FieldRule("azure.tenant_id", IRREVERSIBLE, "is the directory of keys and logins, for the cell's life"),
    FieldRule(
        "azure.network_watcher_resource_group",
        REPLACES,
        "is where the flow log is made: it is made anew there, and traffic is not affected",
        once("setting"),
    ),
    FieldRule("azure.maintenance_day", DYNAMIC, "is when Azure may patch, in place", once("setting")),
    FieldRule("azure.maintenance_start_utc", DYNAMIC, "is when Azure may patch, in place", once("setting")),
    FieldRule("azure", DYNAMIC, "holds settings of AKS: what each does is told at its own field", once("setting")),
)


def judge(change: ObjectChange, body: CellBody) -> Effect | None:
    """An effect, or None for the rules of every cloud."""
    rule = choose(RULES, change.path)
    return rule.effect(change, body) if rule is not None else None
