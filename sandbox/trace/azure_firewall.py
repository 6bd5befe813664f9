"""Network security groups.

Owns      which rule decides: the lowest priority number, then the three that every group has.
Refuses   application security groups, and service tags other than VirtualNetwork, AzureLoadBalancer and Internet.
"""

from collections.abc import Mapping
from typing import Any

from sandbox.contract import Record
from sandbox.trace.azure_routes import connection, effective
from sandbox.trace.look import Address, Look, at, hop, inside, items, last, named, network
from sandbox.trace.places import Net
from sandbox.trace.result import Hop

_N = "azure-native:network:"
_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")


def _default(direction: str) -> list[dict[str, Any]]:
    into = direction == "Inbound"
    second = (
        ("AllowAzureLoadBalancerInBound", "AzureLoadBalancer", "*")
        if into
        else ("AllowInternetOutBound", "*", "Internet")
    )
    rules = [
        (f"AllowVnet{direction}", 65000, "Allow", "VirtualNetwork", "VirtualNetwork"),
        (second[0], 65001, "Allow", second[1], second[2]),
        (f"DenyAll{direction}", 65500, "Deny", "*", "*"),
    ]
    return [
        {
            "name": name,
            "priority": priority,
            "access": access,
            "direction": direction,
            "protocol": "*",
            "destinationPortRange": "*",
            "sourceAddressPrefix": source,
            "destinationAddressPrefix": destination,
        }
        for name, priority, access, source, destination in rules
    ]


def _in_network(look: Look, net: Net, subnet: Record, address: Address) -> bool:
    """Service tag VirtualNetwork: the network, what is peered with it, and what is behind its hub."""
    known = [one.range for one in effective(look, net.id, subnet) if one.kind in {"local", "peering", "hub"}]
    office = connection(look, net.id) is not None and bool(inside(address, _PRIVATE))
    return bool(inside(address, known)) or office


def _address(look: Look, net: Net, subnet: Record, told: Mapping[str, Any], side: str, address: Address) -> bool:
    prefixes = [told.get(f"{side}AddressPrefix"), *items(told.get(f"{side}AddressPrefixes"))]
    for one in (str(prefix) for prefix in prefixes if prefix):
        if one in {"*", "0.0.0.0/0", "Any"}:
            return True
        if one == "VirtualNetwork" and _in_network(look, net, subnet, address):
            return True
        if one == "Internet" and not _in_network(look, net, subnet, address):
            return True
        if network(one) is not None and inside(address, [one]):
            return True
    return False


def _port(told: Mapping[str, Any], port: int) -> bool:
    ranges = [told.get("destinationPortRange"), *items(told.get("destinationPortRanges"))]
    for one in (str(range_) for range_ in ranges if range_):
        first, _, end = one.partition("-")
        if one == "*" or (first.isdigit() and int(first) <= port <= int(end or first)):
            return True
    return False


def check(
    look: Look, net: Net, subnet: Record | None, direction: str, source: Address, destination: Address, port: int
) -> Hop | None:
    """Whether a subnet's group lets a connection through; None where the subnet has none."""
    group = (
        look.find(f"{_N}NetworkSecurityGroup", str(at(subnet.inputs, "networkSecurityGroup", "id"))) if subnet else None
    )
    if subnet is None or group is None:
        return None
    told: list[Mapping[str, Any]] = [*items(group.inputs.get("securityRules")), *_default(direction)]
    for one in look.all(f"{_N}SecurityRule"):
        if one.id.lower().startswith(f"{group.id.lower()}/securityrules/"):
            told.append({**one.inputs, "name": one.inputs.get("securityRuleName") or last(one.id)})
    fitting = [
        one
        for one in told
        if one.get("direction") == direction
        and str(one.get("protocol", "*")).lower() in {"*", "tcp"}
        and _port(one, port)
        and _address(look, net, subnet, one, "source", source)
        and _address(look, net, subnet, one, "destination", destination)
    ]
    chosen = min(fitting, key=lambda one: int(one.get("priority") or 65500))
    asked = f"{last(subnet.id)}: tcp {port} from {source} to {destination}"
    verdict = "pass" if chosen.get("access") == "Allow" else "fail"
    reason = f"rule {chosen.get('name')} at priority {chosen.get('priority')}: {str(chosen.get('access')).lower()}"
    return hop("firewall", asked, f"{named(group)}", verdict, reason)  # type: ignore[arg-type] # one of two words of the type
