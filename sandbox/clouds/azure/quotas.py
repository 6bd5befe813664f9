"""How much of something one thing of Azure may hold.

Owns      the refusal of what goes over a quota of `facts.json`.
Refuses   quotas of a subscription and region: `arm.limited` counts those for every type alike.
"""

from collections.abc import Iterator

from sandbox.clouds.azure import arm
from sandbox.clouds.azure.facts import facts
from sandbox.contract import Refusal


def most(name: str) -> int:
    """The limit of that name."""
    limit: int = facts()["quotas"][name]["most"]
    return limit


def over(name: str, count: int, holder: str, code: str, *path: str | int) -> Iterator[Refusal]:
    """Refused where `count`, the new one included, is more than the limit; `holder` is what holds them."""
    if count > most(name):
        yield arm.refuse(code, f"{holder}: {count} {name} with this one, and the limit is {most(name)}", *path)
