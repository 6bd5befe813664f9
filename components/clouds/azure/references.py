"""What an Azure id says: subscription, resource group and names.

Owns      taking apart the ids that a cell file may hold (the entry's patterns let nothing else through).
Refuses   Pulumi, and ids of other shapes.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Parts:
    """An id, taken apart: `names` are the names of the resource and of what it stands in, outermost first."""

    subscription: str
    group: str
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        """The resource's own name."""
        return self.names[-1]

    @property
    def group_id(self) -> str:
        """Id of the resource group."""
        return f"/subscriptions/{self.subscription}/resourceGroups/{self.group}"


def parts(id: str) -> Parts:
    """`/subscriptions/<s>/resourceGroups/<g>/providers/<p>/<type>/<name>[/<type>/<name>…]`, taken apart."""
    words = id.strip("/").split("/")
    if len(words) < 8 or len(words) % 2 or words[0] != "subscriptions" or words[4] != "providers":
        raise ValueError(f"'{id}' is no id of an Azure resource (/subscriptions/…/resourceGroups/…/providers/…)")
    return Parts(subscription=words[1], group=words[3], names=tuple(words[7::2]))
