"""Load balancers that AKS makes of Services, and private links of Azure.

Owns      where a frontend stands, the way from it to a node, and who may connect to a private link service.
Refuses   Kubernetes behind the node.

A frontend of an internal load balancer is no interface: Azure judges packets where they leave the client and where they
enter the nodes' subnets, with the frontend's address and port, because AKS leaves it in the packet (floating IP). The
group of the frontend's own subnet is looked at too: whoever closes it means to close the load balancers.
"""

import ipaddress
from collections.abc import Mapping
from typing import Any

from sandbox.contract import Record
from sandbox.trace.azure_firewall import check
from sandbox.trace.azure_routes import way
from sandbox.trace.cluster import Kube
from sandbox.trace.front import Front, Source, Spot
from sandbox.trace.look import Look, at, hop, host, inside, items, last, network, number, same
from sandbox.trace.places import Client, net_of_subnet, ranges, subnets
from sandbox.trace.result import Hop, broken
from sandbox.trace.strimzi import Service

_A = "service.beta.kubernetes.io/azure-"
ENDPOINT = "azure-native:network:PrivateEndpoint"
APPROVAL = "azure-native:network:PrivateLinkServicePrivateEndpointConnection"


def of_service(look: Look, kube: Kube, service: Service) -> Front:
    """The load balancer that AKS makes of a Service."""
    told = service.annotations
    internal = told.get(f"{_A}load-balancer-internal") == "true"
    shown = f"load balancer of Service {service.key} ({'internal' if internal else 'external'})"
    fixed = network(told.get(f"{_A}load-balancer-ipv4"))
    if not internal:
        name = told.get(f"{_A}pip-name")
        given = (
            next((one for one in look.all("azure-native:network:PublicIPAddress") if last(one.id) == name), None)
            if name
            else None
        )
        fixed = network(given.outputs.get("ipAddress")) if given else fixed
        problem = f"public address {name} is not there" if name and given is None else ""
        address = fixed.network_address if fixed else ipaddress.IPv4Address("198.18.0.0") + number(service.key) % 131072
        return Front("azure", shown, kube.net, True, ((address, None),), service=service, problem=problem)
    subnet = _subnet(look, kube, told.get(f"{_A}load-balancer-internal-subnet"))
    if subnet is None:
        return Front("azure", shown, kube.net, False, (), service=service, problem="its subnet is not there")
    address = fixed.network_address if fixed else host(ranges(subnet)[0], 64 + number(service.key) % 160)
    problem = "" if inside(address, ranges(subnet)) else f"{address} is not in {last(subnet.id)}"
    return Front("azure", shown, kube.net, False, ((address, subnet),), service=service, problem=problem)


def _subnet(look: Look, kube: Kube, name: str | None) -> Record | None:
    if name:
        return next((one for one in subnets(look, kube.net) if last(one.id).lower() == name.lower()), None)
    system = kube.nodes("system")
    return system[0].subnet if system else None


def node_subnets(kube: Kube) -> list[Record]:
    """Subnets of the nodes, each once."""
    return list({one.subnet.id: one.subnet for one in kube.pools if one.subnet is not None}.values())


def out(look: Look, client: Client, spot: Spot, port: int) -> list[Hop]:
    """The client's own subnet lets it out."""
    if client.net is None or client.net.cloud != "azure":
        return []
    found = check(look, client.net, client.subnet, "Outbound", client.address, spot.address, port)
    return [found] if found else []


def to_node(look: Look, kube: Kube, front: Front, source: Source, port: int) -> list[Hop]:
    """From a load balancer to a node."""
    service = front.service
    if service is None or port not in service.ports:
        return [hop("balancer", f"port {port}", front.told, "fail", "the Service has no such port")]
    address, subnet = front.addresses[0]
    asked = f"{front.told}: tcp {port} from {source.address}"
    ranges_ = service.source_ranges or tuple(
        service.annotations.get(f"{_A}allowed-ip-ranges", "").replace(",", " ").split()
    )
    if front.public and ranges_ and not inside(source.address, ranges_):
        told = f"source ranges {', '.join(ranges_)} do not hold {source.address}"
        return [hop("firewall", asked, f"Service {service.key}", "fail", told)]
    hops = [hop("balancer", f"port {port}", front.told, "pass", "forwards to a node")]
    judged = [
        check(look, kube.net, one, "Inbound", source.address, address, port)
        for one in [*([subnet] if subnet else []), *node_subnets(kube)]
    ]
    for one in judged:
        if one is not None and not broken(hops):
            hops.append(one)
    return _few(hops)


def _few(hops: list[Hop]) -> list[Hop]:
    """One hop for each group, not for each subnet that has it."""
    seen: set[tuple[str, str, str]] = set()
    found = []
    for one in hops:
        key = (one.kind, one.resource, one.reason)
        if key not in seen or one.verdict == "fail":
            found.append(one)
        seen.add(key)
    return found


def endpoint(look: Look, value: str) -> Record | None:
    """The private endpoint that an address means."""
    for one in look.all(ENDPOINT):
        if value in _addresses(one):
            return one
    return None


def _addresses(one: Record) -> list[str]:
    told = [str(item.get("privateIPAddress")) for item in items(one.inputs.get("ipConfigurations"))]
    told += [
        str(address)
        for item in items(one.outputs.get("customDnsConfigs"))
        for address in items(item.get("ipAddresses"))
    ]
    return [*told, str(one.outputs.get("privateAddress") or "")]


def follow(
    look: Look, client: Client, one: Record, value: str, port: int, made: list[tuple[Kube, Service]]
) -> tuple[list[Hop], tuple[Kube, Service] | None, Source | None]:
    """To the endpoint and through it: hops, the Service behind, and who connects to it then."""
    found = net_of_subnet(look, str(at(one.inputs, "subnet", "id")))
    if found is None:
        return [hop("endpoint", value, one, "fail", "its subnet is not there")], None, None
    net, subnet = found
    spot = Spot(net, subnet, ipaddress.IPv4Address(value))
    hops, _ = way(look, client, spot, [subnet])
    hops += [] if broken(hops) else out(look, client, spot, port)
    if broken(hops):
        return hops, None, None
    asked = ("privateLinkServiceConnections", "manualPrivateLinkServiceConnections")
    told: Mapping[str, Any] = next((item for key in asked for item in items(one.inputs.get(key))), {})
    goal = str(told.get("privateLinkServiceId") or "")
    behind = next(((kube, service) for kube, service in made if _means(kube, service, goal)), None)
    if behind is None:
        return (
            [*hops, hop("endpoint", goal, one, "unknown", "no private link service of this name is in the sandbox")],
            None,
            None,
        )
    hops.append(_approved(look, one, behind[1], goal))
    if broken(hops):
        return hops, None, None
    kube, service = behind
    nat = _subnet(look, kube, service.annotations.get(f"{_A}pls-ip-configuration-subnet"))
    if nat is None or nat.inputs.get("privateLinkServiceNetworkPolicies") != "Disabled":
        why = "it is not there" if nat is None else "privateLinkServiceNetworkPolicies is not Disabled"
        return [*hops, hop("endpoint", "NAT subnet of the private link service", nat, "fail", why)], None, None
    return hops, behind, Source(host(ranges(nat)[0], 2), client)


def _means(kube: Kube, service: Service, goal: str) -> bool:
    told = service.annotations
    if kube.cloud != "azure" or told.get(f"{_A}pls-create") != "true":
        return False
    name = told.get(f"{_A}pls-name", "")
    # An id ends in the service's name; an alias begins with it.
    return bool(name) and (last(goal).lower() == name.lower() or goal.lower().startswith(f"{name.lower()}."))


def _approved(look: Look, one: Record, service: Service, goal: str) -> Hop:
    asked = f"{last(one.id)} to {last(goal)}"
    told = service.annotations
    subscription = one.scope.account
    visible = told.get(f"{_A}pls-visibility", "").replace(",", " ").split()
    shown = f"Service {service.key}"
    own = subscription == service.scope.account.partition("/subscriptions/")[2].partition("/")[0]
    if not own and "*" not in visible and subscription not in visible:
        return hop(
            "endpoint",
            asked,
            shown,
            "fail",
            f"subscription {subscription} may not see it ({', '.join(visible) or 'nobody may'})",
        )
    if subscription in told.get(f"{_A}pls-auto-approval", "").replace(",", " ").split():
        return hop("endpoint", asked, shown, "pass", f"subscription {subscription} is approved by itself")
    for by in look.all(APPROVAL):
        if last(by.id).partition(".")[0].lower() == last(one.id).lower() or same(
            at(by.inputs, "privateEndpoint", "id"), one.id
        ):
            status = str(at(by.inputs, "privateLinkServiceConnectionState", "status"))
            return hop("endpoint", asked, by, "pass" if status == "Approved" else "fail", status)
    return hop(
        "endpoint", asked, shown, "fail", f"Pending: nobody has approved the connection of subscription {subscription}"
    )
