"""What may reach a cell's subnets, and by which way their traffic leaves.

Owns      the inbound rules of the two network security groups and the routes, as plain arguments.
Refuses   Azure's built-in allowance "anything in the virtual network", and its tag of that name: a peered network and
          whatever a hub announces count as "in the virtual network". Ranges are named one by one instead.
"""

from collections.abc import Sequence
from typing import Literal

from pulumi_azure_native import network

from components.cell.ports import gateway_ports
from components.clouds.azure import egress_rules
from components.clouds.azure.rules import POD_CIDR, rule
from components.clouds.contract import NetworkRequest

KAFKA_PORTS = "9092-9199"
"""Listener ports of Kafka. AKS load balancers keep the Service's port on the way to the node."""


def _from(
    priority: int, name: str, sources: Sequence[str], ports: Sequence[str], description: str
) -> network.SecurityRuleArgs:
    return rule(priority, name, sources=sources, ports=ports, protocol="Tcp", description=description)


def _clients(request: NetworkRequest) -> list[network.SecurityRuleArgs]:
    """Kafka's clients: the cell's own ranges, and those that the cell file declares."""
    inside, outside = request.ranges.inside, request.spec.client_cidrs
    rules = [_from(200, "allow-kafka-from-network", inside, (KAFKA_PORTS,), "Kafka listeners, from the cell itself")]
    if outside:
        rules.append(
            _from(
                210,
                "allow-kafka-from-clients",
                outside,
                (KAFKA_PORTS,),
                "Kafka listeners, from ranges that are peered, on the hub or allowed",
            )
        )
    if request.spec.has_gateway:
        ports = _spans(gateway_ports(request.spec))
        # A private link's consumers come from addresses in the cell: its subnet is part of the cell's ranges.
        rules.append(
            _from(220, "allow-gateway-from-network", inside, ports, "The gateway, from the cell and its private link")
        )
        if outside:
            rules.append(
                _from(
                    230,
                    "allow-gateway-from-clients",
                    outside,
                    ports,
                    "The gateway, from ranges that are peered, on the hub or allowed",
                )
            )
    return rules


def _spans(ports: Sequence[int]) -> list[str]:
    """Ports as Azure writes them: neighbours as one range."""
    spans: list[list[int]] = []
    for port in sorted(ports):
        if spans and port == spans[-1][1] + 1:
            spans[-1][1] = port
        else:
            spans.append([port, port])
    return [str(first) if first == last else f"{first}-{last}" for first, last in spans]


def _deny(direction: Literal["Inbound", "Outbound"], description: str) -> network.SecurityRuleArgs:
    return rule(
        4096,
        f"deny-{direction.lower()}",
        direction=direction,
        access="Deny",
        sources=("*",),
        description=description,
    )


def node_rules(request: NetworkRequest) -> list[network.SecurityRuleArgs]:
    """Rules of the nodes' subnets, by direction and priority."""
    inside = (request.ranges.regional, POD_CIDR)
    inbound = [
        rule(
            100,
            "allow-nodes-and-pods",
            sources=inside,
            destinations=inside,
            description="Overlay traffic keeps pod addresses, so both ranges must reach both",
        ),
        rule(
            110,
            "allow-health-probes",
            sources=("AzureLoadBalancer",),
            description="Probes of the load balancer: without them it takes every node for dead",
        ),
        *_clients(request),
        _deny("Inbound", "Nothing else, not even from a peered network"),
    ]
    if request.spec.egress is None:
        return inbound
    return [
        *inbound,
        *egress_rules.allowed(request, request.spec.egress),
        _deny("Outbound", "Nothing else: where the cell may connect to is listed above"),
    ]


def load_balancer_rules(request: NetworkRequest) -> list[network.SecurityRuleArgs]:
    """Rules of the load balancers' subnets, by priority."""
    return [*_clients(request), _deny("Inbound", "Nothing else, not even from a peered network")]


def routes() -> list[network.RouteArgs]:
    """One route: out through the subnet's NAT gateway, whatever a gateway or hub announces as the way to everywhere."""
    return [network.RouteArgs(name="internet", address_prefix="0.0.0.0/0", next_hop_type="Internet")]
