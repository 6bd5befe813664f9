"""What a changed property of a KafkaUser does: to its credentials and to what it may.

Owns      the rules for `KafkaUser.spec`.
Refuses   restarts: a user never causes one of brokers; its clients may need one.
"""

from collections.abc import Iterator

from components.impact.contract import DYNAMIC, REPLACES, Context, Effect, ObjectChange
from components.impact.effect import of_rules
from components.impact.kinds import metadata
from components.impact.rule import rules_for, table

OPERATOR = "Strimzi documentation, 'User Operator'"

RULES = table(
    OPERATOR,
    ("", DYNAMIC, "is carried out by the user operator"),
    ("spec/authorization", DYNAMIC, "changes what the user may, for connections that exist too"),
    ("spec/quotas", DYNAMIC, "changes how much the user may, at once"),
    (
        "spec/authentication",
        REPLACES,
        "gives the user other credentials: clients with the old ones are refused",
    ),
    (
        ("spec/authentication/validityDays", "spec/authentication/renewalDays"),
        DYNAMIC,
        "counts from the next renewal of the certificate on",
    ),
    ("spec/template", DYNAMIC, "belongs to the user's Secret"),
)


def judge(change: ObjectChange, context: Context) -> Iterator[Effect]:
    """A changed property of a user."""
    if change.path[:1] == ("metadata",):
        yield from metadata.judge(change, context, ())
    else:
        yield from of_rules(change, context, rules_for(RULES, change))
