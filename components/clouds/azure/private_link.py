"""The private link service of a cell, as AKS makes it from the gateway's Service.

Owns      the annotations, the service's id, and how connections are accepted by hand.
Refuses   to make the service here: it stands on a frontend of AKS' own load balancer, which the Service brings about.
"""

from collections.abc import Mapping

from components import names
from components.cell.network_spec import PrivateLink
from components.clouds.azure import ids
from components.clouds.contract import Identity

NAT_ADDRESSES = 1
"""Each is 64,000 connections to each node. More can be added, none taken away."""

MOST_NAT_ADDRESSES = 8


def name(identity: Identity) -> str:
    """Name of the service: given, because AKS' own cannot be foretold."""
    return names.cell_resource(identity.cell, limit=80)


def service_id(identity: Identity) -> str:
    """What a consumer of the same tenant writes into its `links`; others need the alias, which Azure draws."""
    return (
        f"/subscriptions/{identity.account}/resourceGroups/{ids.node_resource_group(identity)}"
        f"/providers/Microsoft.Network/privateLinkServices/{name(identity)}"
    )


def annotations(identity: Identity, link: PrivateLink, subnet: str, dns_zone: str) -> Mapping[str, str]:
    """What the Service says beyond an internal load balancer."""
    listed = " ".join(sorted(link.consumers))
    said = {
        "create": "true",
        "name": name(identity),
        "resource-group": ids.node_resource_group(identity),
        "ip-configuration-subnet": subnet,
        "ip-configuration-ip-address-count": str(NAT_ADDRESSES),
        "visibility": listed,
        "fqdns": dns_zone,
        # Brokers do not speak it.
        "proxy-protocol": "false",
    }
    if link.acceptance == "listed":
        said["auto-approval"] = listed
    return {f"service.beta.kubernetes.io/azure-pls-{key}": said[key] for key in sorted(said)}


def instructions(identity: Identity, link: PrivateLink) -> list[str]:
    """Commands for people: a connection is made by its consumer, and Pulumi's provider makes none that exists."""
    at = f"--subscription {identity.account} --resource-group {ids.node_resource_group(identity)}"
    said = [
        f"alias, for consumers of other tenants: az network private-link-service show {at} --name {name(identity)}"
        " --query alias"
    ]
    if link.acceptance == "manual":
        said.append(
            f"who asks: az network private-link-service show {at} --name {name(identity)}"
            " --query privateEndpointConnections"
        )
        said += [
            f"accept: az network private-link-service connection update {at} --service-name {name(identity)}"
            f" --name {connection} --connection-status Approved"
            for connection in sorted(link.accepted)
        ]
    return said
