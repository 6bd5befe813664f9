"""Where the nodes of a cell with `egress` may connect to.

Owns      the outbound rules: the cell itself, what is joined to it, the allowed ranges, and what AKS cannot do without.
Refuses   names: a security group knows addresses only, so what a range does not hold needs a mirror inside of one.
"""

from collections.abc import Sequence

from pulumi_azure_native import network

from components.cell.network_spec import Egress
from components.clouds.azure.rules import POD_CIDR, rule
from components.clouds.contract import NetworkRequest

PLATFORM_DNS = "168.63.129.16"
"""Azure's resolver, in every virtual network."""


def services(region: str) -> tuple[tuple[str, str], ...]:
    """Azure's own services that nodes need -> why. A rule takes one tag only."""
    return (
        (f"AzureCloud.{region}", "The API server's tunnel, and the region's own services"),
        ("MicrosoftContainerRegistry", "Images of AKS"),
        ("AzureFrontDoor.FirstParty", "What those images are served from"),
        ("AzureActiveDirectory", "Logins of nodes and pods"),
        ("AzureMonitor", "Logs and metrics of the nodes"),
        ("Storage", "Node packages, and disks"),
        ("AzureKeyVault", "Keys"),
    )


def allowed(request: NetworkRequest, egress: Egress) -> list[network.SecurityRuleArgs]:
    """Everything but the denial at the end, by priority."""

    def out(
        priority: int,
        name: str,
        destinations: Sequence[str],
        description: str,
        protocol: str = "*",
        ports: Sequence[str] = ("*",),
    ) -> network.SecurityRuleArgs:
        return rule(
            priority,
            name,
            direction="Outbound",
            sources=("*",),
            destinations=destinations,
            protocol=protocol,
            ports=ports,
            description=description,
        )

    rules = [out(100, "allow-to-cell", (*request.ranges.inside, POD_CIDR), "The cell itself: nodes, pods, endpoints")]
    if joined := request.spec.joined_cidrs:
        rules.append(out(110, "allow-to-joined", joined, "What is peered with the network or on its hub"))
    rules.append(out(120, "allow-to-listed", egress.allowed_cidrs, "The ranges that the cell file allows"))
    rules.append(out(130, "allow-dns", (PLATFORM_DNS,), "Names", ports=("53",)))
    rules.append(out(140, "allow-time", ("*",), "The clock: certificates depend on it", "Udp", ("123",)))
    rules += [
        out(200 + 10 * n, f"allow-to-{tag.lower().replace('.', '-')}", (tag,), why, "Tcp")
        for n, (tag, why) in enumerate(services(request.identity.region))
    ]
    return rules
