"""What may reach a cell's subnets, and by which way their traffic leaves.

Owns      the rules of the two network security groups and the routes, as plain arguments.
Refuses   Azure's built-in allowance "anything in the virtual network": inbound traffic is denied unless a rule here
          says otherwise, because a peered network counts as "in the virtual network".
"""

from collections.abc import Sequence

from pulumi_azure_native import network

from components.clouds.contract import NetworkRequest

KAFKA_PORTS = "9092-9199"
"""Listener ports of Kafka. AKS load balancers keep the Service's port on the way to the node."""

POD_CIDR = "100.64.0.0/12"
"""Addresses of pods: an overlay that no packet leaves a node with, so every cell has the same.

It is outside the cell's block on purpose: the overlay takes a /24 a node for life, and the quarter of a block that the
layout keeps for pods is four nodes in the smallest block. Of the range that RFC 6598 reserves (no fleet may use it for
its own addresses) this part has 4,096 nodes; a cell may declare 3,200.
"""


def _rule(
    priority: int,
    name: str,
    *,
    sources: Sequence[str],
    access: str = "Allow",
    ports: str = "*",
    destinations: Sequence[str] = ("*",),
    protocol: str = "*",
    description: str,
) -> network.SecurityRuleArgs:
    # Azure has one field for one prefix and another for many, and gives back whichever was set.
    source = sorted(sources)
    destination = sorted(destinations)
    return network.SecurityRuleArgs(
        name=name,
        priority=priority,
        direction="Inbound",
        access=access,
        protocol=protocol,
        source_address_prefix=source[0] if len(source) == 1 else None,
        source_address_prefixes=source if len(source) > 1 else None,
        source_port_range="*",
        destination_address_prefix=destination[0] if len(destination) == 1 else None,
        destination_address_prefixes=destination if len(destination) > 1 else None,
        destination_port_range=ports,
        description=description,
    )


def _deny() -> network.SecurityRuleArgs:
    return _rule(
        4096, "deny-inbound", access="Deny", sources=("*",), description="Nothing else, not even from a peered network"
    )


def _clients(request: NetworkRequest) -> list[network.SecurityRuleArgs]:
    """Kafka's clients: the network's own, and with `public` also the cell's allowed ranges."""
    rules = [
        _rule(
            200,
            "allow-kafka-from-network",
            sources=("VirtualNetwork",),
            ports=KAFKA_PORTS,
            protocol="Tcp",
            description="Kafka listeners, from the virtual network and what is peered with it",
        )
    ]
    if request.reachability == "public":
        rules.append(
            _rule(
                210,
                "allow-kafka-from-clients",
                sources=request.allowed_cidrs,
                ports=KAFKA_PORTS,
                protocol="Tcp",
                description="Kafka listeners, from the ranges that the cell allows",
            )
        )
    return rules


def node_rules(request: NetworkRequest) -> list[network.SecurityRuleArgs]:
    """Rules of the nodes' subnets, by priority."""
    inside = (request.ranges.regional, POD_CIDR)
    return [
        _rule(
            100,
            "allow-nodes-and-pods",
            sources=inside,
            destinations=inside,
            description="Overlay traffic keeps pod addresses, so both ranges must reach both",
        ),
        _rule(
            110,
            "allow-health-probes",
            sources=("AzureLoadBalancer",),
            description="Probes of the load balancer: without them it takes every node for dead",
        ),
        *_clients(request),
        _deny(),
    ]


def load_balancer_rules(request: NetworkRequest) -> list[network.SecurityRuleArgs]:
    """Rules of the load balancers' subnets, by priority."""
    return [*_clients(request), _deny()]


def routes() -> list[network.RouteArgs]:
    """One route: out through the subnet's NAT gateway, whatever a gateway added later announces."""
    return [network.RouteArgs(name="internet", address_prefix="0.0.0.0/0", next_hop_type="Internet")]
