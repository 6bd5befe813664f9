"""VPC firewall rules.

Owns      which rule decides: the lowest priority number, and a denial before an allowance of the same number.
Refuses   hierarchical and network firewall policies, which the fleet does not make.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sandbox.contract import Record
from sandbox.trace.look import Address, Look, hop, inside, items, named, same
from sandbox.trace.places import Net
from sandbox.trace.result import Hop


@dataclass(frozen=True)
class Rule:
    """One rule that could decide."""

    priority: int
    allows: bool
    told: str


def _ports(told: Iterable[dict[str, object]], port: int) -> bool:
    for one in told:
        if one.get("protocol") not in {"all", "tcp", "6"}:
            continue
        ports = [str(item) for item in items(one.get("ports"))]
        if not ports or any(_holds(item, port) for item in ports):
            return True
    return False


def _holds(text: str, port: int) -> bool:
    first, _, end = text.partition("-")
    return int(first) <= port <= int(end or first)


def _applies(rule: Record, direction: str, peer: Address, own: Address, tags: Sequence[str]) -> bool:
    told = rule.inputs
    if told.get("direction", "INGRESS") != direction or told.get("disabled") is True:
        return False
    targets = items(told.get("targetTags"))
    if (targets and not set(targets) & set(tags)) or told.get("targetServiceAccounts"):
        return False
    there, here = (
        ("sourceRanges", "destinationRanges") if direction == "INGRESS" else ("destinationRanges", "sourceRanges")
    )
    if told.get("sourceTags") and direction == "INGRESS" and not told.get("sourceRanges"):
        return False
    if told.get(there) and not inside(peer, items(told[there])):
        return False
    return not told.get(here) or bool(inside(own, items(told[here])))


def check(
    look: Look, net: Net, what: str, direction: str, own: Address, peer: Address, port: int,
    tags: Sequence[str] = (), extra: Sequence[Rule] = (),
) -> Hop:  # fmt: skip
    """Whether the network's rules let a connection in (`INGRESS`) or out (`EGRESS`) of machines with these tags."""
    found = list(extra)
    for one in look.all("gcp:compute/firewall:Firewall"):
        if not same(one.inputs.get("network"), net.id) or not _applies(one, direction, peer, own, tags):
            continue
        priority = int(one.inputs.get("priority", 1000))
        if _ports(items(one.inputs.get("allows")), port):
            found.append(Rule(priority, True, named(one)))
        if _ports(items(one.inputs.get("denies")), port):
            found.append(Rule(priority, False, named(one)))
    way = "from" if direction == "INGRESS" else "to"
    asked = f"{what}: tcp {port} {way} {peer}"
    if not found:
        implied = direction == "EGRESS"
        told = f"no rule is for it, and {direction.lower()} is {'allowed' if implied else 'denied'} then"
        return hop("firewall", asked, net.record or net.id, "pass" if implied else "fail", told)
    chosen = min(found, key=lambda one: (one.priority, one.allows))
    told = f"{'allowed' if chosen.allows else 'denied'} at priority {chosen.priority}"
    return hop("firewall", asked, chosen.told, "pass" if chosen.allows else "fail", told)
