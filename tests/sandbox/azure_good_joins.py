"""What joins a good cell on Azure to others: peerings, a hub, private links, and the names that lead there."""

from collections.abc import Iterator
from typing import Any

from sandbox.clouds.azure import link_services
from tests.sandbox.azure_world import SUBSCRIPTION, Inputs

Good = Iterator[tuple[str, str, Inputs]]


def good(cell: Any, here: Inputs, inside: Inputs) -> Good:
    """The resources in the order in which they are made; `cell` knows the ids of what came before."""
    yield from _networks(cell, here, inside)
    yield from _hub(cell, here, inside)
    yield from _links(cell, here, inside)
    yield from _names(cell, here, inside)


def _networks(cell: Any, here: Inputs, inside: Inputs) -> Good:
    for name, block in (("far", "10.40.0.0/16"), ("spoke", "10.50.0.0/16")):
        space = {"addressPrefixes": [block]}
        yield name, "network:VirtualNetwork", {**here, "virtualNetworkName": name, "addressSpace": space}
    for role, ours, theirs in (("answer", "far", "network"), ("peering", "vnet", "far")):
        yield (
            role,
            "network:VirtualNetworkPeering",
            {
                **inside,
                "virtualNetworkName": ours,
                "virtualNetworkPeeringName": role,
                "remoteVirtualNetwork": {"id": cell.id(theirs)},
            },
        )
    for role, network, block, policies in (
        ("link subnet", "vnet", "10.20.1.0/28", "Disabled"),
        ("balancer subnet", "vnet", "10.20.2.0/28", "Enabled"),
        ("endpoint subnet", "far", "10.40.0.0/28", "Enabled"),
    ):
        yield (
            role,
            "network:Subnet",
            {
                **inside,
                "virtualNetworkName": network,
                "subnetName": role.replace(" ", "-"),
                "addressPrefix": block,
                "privateLinkServiceNetworkPolicies": policies,
            },
        )
    row = {"publicIpPrefixName": "row", "prefixLength": 31, "sku": {"name": "Standard"}}
    yield "row", "network:PublicIPPrefix", {**here, **row}
    yield (
        "row address",
        "network:PublicIPAddress",
        {
            **here,
            "publicIpAddressName": "row-1",
            "sku": {"name": "Standard"},
            "publicIPAllocationMethod": "Static",
            "publicIPPrefix": {"id": cell.id("row")},
        },
    )
    yield (
        "row nat",
        "network:NatGateway",
        {**here, "natGatewayName": "row", "sku": {"name": "Standard"}, "publicIpPrefixes": [{"id": cell.id("row")}]},
    )


def _hub(cell: Any, here: Inputs, inside: Inputs) -> Good:
    yield "wan", "network:VirtualWan", {**here, "virtualWANName": "wan", "type": "Standard"}
    yield (
        "hub",
        "network:VirtualHub",
        {
            **here,
            "virtualHubName": "hub",
            "addressPrefix": "10.60.0.0/23",
            "sku": "Standard",
            "virtualWan": {"id": cell.id("wan")},
        },
    )
    table = {"id": f"{cell.id('hub')}/hubRouteTables/defaultRouteTable"}
    yield (
        "connection",
        "network:HubVirtualNetworkConnection",
        {
            **inside,
            "virtualHubName": "hub",
            "connectionName": "spoke",
            "remoteVirtualNetwork": {"id": cell.id("spoke")},
            "routingConfiguration": {
                "associatedRouteTable": table,
                "propagatedRouteTables": {"ids": [table], "labels": ["default"]},
            },
        },
    )
    route = {
        "name": "office",
        "destinationType": "CIDR",
        "destinations": ["192.168.0.0/16"],
        "nextHopType": "ResourceId",
        "nextHop": cell.id("connection"),
    }
    yield (
        "table",
        "network:HubRouteTable",
        {**inside, "virtualHubName": "hub", "routeTableName": "own", "routes": [route], "labels": ["own"]},
    )


def _links(cell: Any, here: Inputs, inside: Inputs) -> Good:
    frontend = {"name": "kafka", "subnet": {"id": cell.id("balancer subnet")}}
    yield (
        "balancer",
        "network:LoadBalancer",
        {**here, "loadBalancerName": "lb", "sku": {"name": "Standard"}, "frontendIPConfigurations": [frontend]},
    )
    (made,) = cell.made["balancer"].outputs["frontendIPConfigurations"]
    addresses = [
        {"name": f"nat-{number}", "primary": number == 1, "subnet": {"id": cell.id("link subnet")}} for number in (1, 2)
    ]
    yield (
        "service",
        "network:PrivateLinkService",
        {
            **here,
            "serviceName": "kafka",
            "loadBalancerFrontendIpConfigurations": [{"id": made["id"]}],
            "ipConfigurations": addresses,
            "visibility": {"subscriptions": [SUBSCRIPTION]},
            "autoApproval": {"subscriptions": []},
            "fqdns": ["cell.internal"],
        },
    )
    wanted = {"name": "kafka", "privateLinkServiceId": cell.id("service"), "requestMessage": "please"}
    yield (
        "endpoint",
        "network:PrivateEndpoint",
        {
            **here,
            "privateEndpointName": "to-kafka",
            "subnet": {"id": cell.id("endpoint subnet")},
            "manualPrivateLinkServiceConnections": [wanted],
            "ipConfigurations": [{"name": "kafka", "privateIPAddress": "10.40.0.10"}],
        },
    )
    yield (
        "accepted",
        "network:PrivateLinkServicePrivateEndpointConnection",
        {
            **inside,
            "serviceName": "kafka",
            "peConnectionName": link_services.connection_name(cell.id("endpoint")),
            "privateLinkServiceConnectionState": {"status": "Approved", "description": "known"},
        },
    )


def _names(cell: Any, here: Inputs, inside: Inputs) -> Good:
    yield (
        "far link",
        "privatedns:VirtualNetworkLink",
        {
            **inside,
            "location": "global",
            "privateZoneName": "cell.internal",
            "virtualNetworkLinkName": "far",
            "registrationEnabled": True,
            "virtualNetwork": {"id": cell.id("far")},
        },
    )
    wildcard = {"relativeRecordSetName": "*", "recordType": "A", "ttl": 60, "aRecords": [{"ipv4Address": "10.20.2.4"}]}
    yield "record", "privatedns:PrivateRecordSet", {**inside, "privateZoneName": "cell.internal", **wildcard}
    yield "public zone", "dns:Zone", {**inside, "zoneName": "cell.example.com", "location": "global"}
    target = {"targetResource": {"id": cell.id("row address")}}
    yield (
        "public record",
        "dns:RecordSet",
        {**inside, "zoneName": "cell.example.com", "relativeRecordSetName": "*.one", "recordType": "A", **target},
    )
    yield (
        "federation",
        "managedidentity:FederatedIdentityCredential",
        {
            **inside,
            "resourceName": "id-control",
            "federatedIdentityCredentialResourceName": "external-dns",
            "issuer": cell.made["cluster"].outputs["oidcIssuerProfile"]["issuerURL"],
            "subject": "system:serviceaccount:external-dns:external-dns",
            "audiences": ["api://AzureADTokenExchange"],
        },
    )
