"""What a changed field of a cell does on AWS, where that is not the same everywhere.

Owns      the rules of the section `aws`, and of node types of another architecture.
Refuses   any SDK.
"""

from components.cell.impact_rule import FieldRule, choose, nodes, once
from components.cell.spec import CellBody
from components.clouds.machines import machines
from components.impact.contract import DYNAMIC, REPLACES, ROLLS_BROKERS, Effect, ObjectChange

_GROUPS = "Amazon EKS User Guide, 'Update a managed node group'; pulumi-aws: what replaces an aws.eks.NodeGroup"
_ADDONS = "Amazon EKS User Guide, 'Amazon EKS add-ons'"
_BOTH = ("kafka_nodes", "system_nodes")

RULES: tuple[FieldRule, ...] = (
    FieldRule("aws.support_type", DYNAMIC, "is how long EKS supports the version, in place", once("setting"), _GROUPS),
    FieldRule(
        "aws.ami_family",
        REPLACES,
        "is fixed when a node group is made: new ones are made, and every node is drained",
        nodes(*_BOTH),
        _GROUPS,
    ),
    FieldRule(
        "aws.root_volume_gib",
        ROLLS_BROKERS,
        "is in the launch template: every node is made anew one by one, so every broker restarts once",
        nodes(*_BOTH),
        _GROUPS,
    ),
    FieldRule("aws.nodes_run", DYNAMIC, "is how many nodes run; fewer of them are drained", nodes(*_BOTH), _GROUPS),
    FieldRule("aws.addon_versions", DYNAMIC, "rolls the add-on's own pods; brokers run on", once("setting"), _ADDONS),
    FieldRule("aws.key_deletion_days", DYNAMIC, "is how long a deleted key can be brought back", once("setting")),
    FieldRule("aws", DYNAMIC, "holds settings of EKS: what each does is told at its own field", once("setting")),
)


def judge(change: ObjectChange, body: CellBody) -> Effect | None:
    """An effect, or None for the rules of every cloud."""
    if change.path[:1] == ("kubernetes",) and change.path[-1:] == ("machine",):
        catalogue = machines("aws")
        old, new = catalogue.get(str(change.old)), catalogue.get(str(change.new))
        if old is not None and new is not None and old.architecture != new.architecture:
            pool = str(change.path[1])
            rule = FieldRule(
                f"kubernetes.{pool}.machine",
                REPLACES,
                f"is of another architecture ({old.architecture} -> {new.architecture}): new node groups are made "
                "beside the old ones, which are drained and deleted",
                nodes(pool),
                _GROUPS,
            )
            return rule.effect(change, body)
    rule_of_section = choose(RULES, change.path)
    return rule_of_section.effect(change, body) if rule_of_section is not None else None
