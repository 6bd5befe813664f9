"""Operations counted and named, for people.

Owns      the engine's many words for a step boiled down to six, their signs and colours, and a resource's cloud.
Refuses   cloud lists: the cloud is the package part of a type token.
"""

from collections import Counter
from collections.abc import Iterable

from stacks.run.outcome import Outcome, ResourceChange
from stacks.stack import ROOT_TYPE

SIGNS = {"create": "+", "update": "~", "replace": "±", "delete": "-", "unprotect": "!", "same": "="}
COLORS = {
    "create": "green",
    "update": "yellow",
    "replace": "magenta",
    "delete": "red",
    "unprotect": "red",
    "same": "dim",
}
_PLAIN = {
    "create": "create",
    "import": "create",
    "update": "update",
    "delete": "delete",
    "discard": "delete",
    "same": "same",
    "read": "same",
    "refresh": "same",
}


def kind(resource: ResourceChange) -> str:
    """What happens to a resource, as one of the keys of SIGNS."""
    if resource.lifts_protection and resource.op == "same":
        return "unprotect"
    # create-replacement, delete-replaced, import-replacement, …: all steps of one replacement
    return _PLAIN.get(resource.op, "replace")


def count(outcome: Outcome) -> Counter[str]:
    """How many resources of a stack meet which end; neither the stack's own root resource nor steps that failed."""
    return Counter(kind(one) for one in outcome.resources if _counts(one))


def _counts(resource: ResourceChange) -> bool:
    return not is_root(resource) and not resource.failed


def is_root(resource: ResourceChange) -> bool:
    """Whether it is the engine's own resource for the stack as a whole."""
    return resource.type == ROOT_TYPE


def cloud(resource: ResourceChange) -> str:
    """Whose resource it is: `aws`, `gcp`, `kubernetes`, …; `components` for those that exist only in the engine."""
    package = resource.type.partition(":")[0]
    if package == "pulumi":
        # pulumi:providers:aws configures a provider and exists in no cloud
        return "components"
    return "components" if package == "kafkafleet" else package


def by_cloud(outcomes: Iterable[Outcome]) -> dict[str, Counter[str]]:
    """Cloud -> how many resources meet which end; sorted, what exists only in the engine last."""
    found: dict[str, Counter[str]] = {}
    for outcome in outcomes:
        for one in outcome.resources:
            if _counts(one):
                found.setdefault(cloud(one), Counter())[kind(one)] += 1
    return dict(sorted(found.items(), key=lambda item: (item[0] == "components", item[0])))


def signs(counts: Counter[str]) -> str:
    """`+12 ~1 =30`, without what is zero."""
    return " ".join(f"{sign}{counts[name]}" for name, sign in SIGNS.items() if counts[name])
