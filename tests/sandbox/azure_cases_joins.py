"""What Azure refuses about peerings, hubs, private links, and the names that lead there."""

import copy
from typing import Any

from sandbox.contract import Record, Refusal, Scope
from tests.sandbox.azure_cases import Case, delete, gone, new, twin, update
from tests.sandbox.azure_good import Cell
from tests.sandbox.azure_world import OTHER, SUBSCRIPTION, changed

THERE = Scope("azure", OTHER, "westeurope")
PEERING, CONNECTION = "network:VirtualNetworkPeering", "network:HubVirtualNetworkConnection"
FAR = "remoteVirtualNetwork.id"
FRONTEND, OWN = "frontendIPConfigurations.0", "ipConfigurations.0"
MANUAL, AUTOMATIC = "manualPrivateLinkServiceConnections", "privateLinkServiceConnections"
HIDDEN = "ThirdPartyPrivateLinkServiceProvidedDuringPrivateEndpointCreationDoesNotExistOrIsNotVisible"
GATEWAY = "azure-native:network:VirtualNetworkGateway"


def network(cell: Cell, name: str, *blocks: str, scope: Scope | None = None) -> str:
    """A further virtual network of that name."""
    inputs = {
        "resourceGroupName": "rg",
        "location": "westeurope",
        "virtualNetworkName": name,
        "addressSpace": {"addressPrefixes": list(blocks)},
    }
    return cell.world.add("network:VirtualNetwork", inputs, scope or cell.made["network"].scope).id


def gateway(cell: Cell, role: str) -> None:
    """A VPN gateway in a network: a type that only the SDK judges."""
    inputs = {"ipConfigurations": [{"subnet": {"id": f"{cell.id(role)}/subnets/GatewaySubnet"}}]}
    scope = cell.made[role].scope
    cell.world.records.append(Record("urn::gateway", GATEWAY, "virtualnetworkgateway-1", scope, inputs, inputs))


def _other_way(change: Any) -> Any:
    def case(cell: Cell) -> list[Refusal]:
        change(cell)
        return cell.new("peering", ("useRemoteGateways", True))

    return case


def _meets(*blocks: str, third: bool = False) -> Any:
    """A peering with a network of these ranges, or with one that is peered with it."""

    def case(cell: Cell) -> list[Refusal]:
        met = network(cell, "met", *blocks)
        if not third:
            return cell.new("peering", (FAR, met))
        kind, inputs = cell.inputs["answer"]
        between = {**inputs, "virtualNetworkPeeringName": "met", "remoteVirtualNetwork": {"id": met}}
        cell.world.add(kind, between)
        return cell.new("peering")

    return case


def _uses_gateway(cell: Cell) -> None:
    gateway(cell, "far")
    inputs = {**cell.inputs["answer"][1], "allowGatewayTransit": True}
    cell.world.records.remove(cell.made["answer"])
    cell.world.add(PEERING, inputs)


def _both_gateways(cell: Cell) -> None:
    _uses_gateway(cell)
    gateway(cell, "network")


def _second_gateway(cell: Cell) -> None:
    _uses_gateway(cell)
    inputs = {
        **cell.inputs["peering"][1],
        "virtualNetworkPeeringName": "second",
        "remoteVirtualNetwork": {"id": network(cell, "second", "10.90.0.0/16")},
        "useRemoteGateways": True,
    }
    cell.world.add(PEERING, inputs)


def _connects(*blocks: str, to: str = "hub") -> Any:
    def case(cell: Cell) -> list[Refusal]:
        return cell.world.judge(
            "create",
            CONNECTION,
            {
                "resourceGroupName": "rg",
                "virtualHubName": to,
                "connectionName": "met",
                "remoteVirtualNetwork": {"id": network(cell, "met", *blocks)},
            },
        )

    return case


def _with_gateway(cell: Cell) -> list[Refusal]:
    gateway(cell, "spoke")
    return cell.new("connection")


def _uses_another(cell: Cell) -> list[Refusal]:
    inputs = {**cell.inputs["peering"][1], "virtualNetworkName": "spoke", "useRemoteGateways": True}
    cell.world.add(PEERING, inputs)
    return cell.new("connection")


def _basic(cell: Cell) -> list[Refusal]:
    cell.world.records.remove(cell.made["wan"])
    cell.world.add("network:VirtualWan", {**cell.inputs["wan"][1], "type": "Basic"})
    return cell.new("hub")


def _eight(cell: Cell) -> list[Refusal]:
    for number in range(7):
        cell.world.add("network:PrivateLinkService", {**cell.inputs["service"][1], "serviceName": f"s{number}"})
    return twin("service", ("serviceName", "ninth"))(cell)


def _small(cell: Cell) -> list[Refusal]:
    """Eleven addresses of a /28 are given out: all of them, with one that is held already."""
    asked = [{"name": f"f{n}", "subnet": {"id": cell.id("balancer subnet")}} for n in range(11)]
    return twin("balancer", ("loadBalancerName", "big"), ("frontendIPConfigurations", asked))(cell)


def _delegated(cell: Cell) -> list[Refusal]:
    kind, inputs = cell.without("endpoint subnet")
    delegation = {"name": "aks", "serviceName": "Microsoft.ContainerService/managedClusters"}
    cell.world.add(kind, {**inputs, "delegations": [delegation]})
    return cell.new("endpoint")


def _from_elsewhere(*changes: tuple[str, Any]) -> Any:
    """The endpoint as another subscription would make it."""

    def case(cell: Cell) -> list[Refusal]:
        kind, inputs = cell.without("endpoint")
        cell.world.add("resources:ResourceGroup", cell.inputs["group"][1], THERE)
        return cell.world.judge("create", kind, changed(copy.deepcopy(inputs), changes), scope=THERE)

    return case


def _unlisted(cell: Cell) -> list[Refusal]:
    """Seen, and not approved by itself: an automatic connection would have to be."""
    kind, inputs = cell.without("service")
    cell.world.add(kind, {**inputs, "visibility": {"subscriptions": ["*"]}})
    (one,) = cell.inputs["endpoint"][1][MANUAL]
    automatic: list[Refusal] = _from_elsewhere((MANUAL, []), (AUTOMATIC, [one]))(cell)
    return automatic


def _cname(name: str, of: str) -> Any:
    value: tuple[tuple[str, Any], ...] = (("relativeRecordSetName", name), ("recordType", of))
    if of == "CNAME":
        return twin("record", *value, ("aRecords", ...), ("cnameRecord", {"cname": "broker.example.com"}))

    def case(cell: Cell) -> list[Refusal]:
        kind, inputs = cell.inputs["record"]
        known = {k: v for k, v in inputs.items() if k != "aRecords"}
        alias = {"recordType": "CNAME", "cnameRecord": {"cname": "b.example.com"}, "relativeRecordSetName": name}
        cell.world.add(kind, {**known, **alias})
        return twin("record", *value)(cell)

    return case


def _registers_twice(cell: Cell) -> list[Refusal]:
    cell.world.add("privatedns:PrivateZone", {**cell.inputs["zone"][1], "privateZoneName": "other.internal"})
    return twin("far link", ("privateZoneName", "other.internal"), ("virtualNetworkLinkName", "b"))(cell)


def _row_full(cell: Cell) -> list[Refusal]:
    for number in (2, 3):
        cell.world.add(
            "network:PublicIPAddress", {**cell.inputs["row address"][1], "publicIpAddressName": f"row-{number}"}
        )
    return twin("row address", ("publicIpAddressName", "row-4"))(cell)


def _table_used(cell: Cell) -> list[Refusal]:
    table = {"associatedRouteTable": {"id": cell.id("table")}}
    kind, inputs = cell.without("connection")
    cell.world.add(kind, {**inputs, "routingConfiguration": table})
    return cell.delete("table")


JOINS: list[Case] = [
    ("peering name", new("peering", ("virtualNetworkPeeringName", "a/b")), "InvalidResourceName", "the name 'a/b'"),
    ("peering alone", gone("network", "peering"), "ParentResourceNotFound", "virtualNetworks/vnet' could not be found"),
    ("peering nowhere", new("peering", ("remoteVirtualNetwork", ...)), "InvalidRequestFormat", "must name its remote"),
    ("peering no far", gone("far", "peering"), "InvalidGlobalResourceReference", "virtualNetworks/far referenced by"),
    (
        "peering itself",
        lambda cell: cell.new("peering", (FAR, cell.id("network"))),
        "PeeringVnetToItselfNotAllowed",
        "cannot be peered with itself",
    ),
    ("peering overlaps", _meets("10.20.64.0/18"), "VnetAddressSpacesOverlap", "Overlapping address prefixes: 10.20."),
    (
        "peering overlaps a third",
        _meets("10.20.128.0/24", third=True),
        "VnetAddressSpaceOverlapsWithAlreadyPeeredVnet",
        "virtualNetworks/met already peered with the second virtual network",
    ),
    (
        "peering twice",
        twin("peering", ("virtualNetworkPeeringName", "b")),
        "AnotherPeeringAlreadyReferencesRemoteVnet",
        "virtualNetworkPeerings/peering already references remote virtual network",
    ),
    (
        "peering leads elsewhere",
        lambda cell: cell.update("peering", (FAR, network(cell, "x", "10.70.0.0/16"))),
        "ChangingRemoteVirtualNetworkNotAllowed",
        "make another one",
    ),
    ("peering again after one side went", new("answer"), "RemotePeeringIsDisconnected", "back to Initiated state"),
    ("peering no gateway", new("peering", ("useRemoteGateways", True)), "RemoteVnetHasNoGateways", "any gateways"),
    (
        "peering gateway not offered",
        _other_way(lambda cell: gateway(cell, "far")),
        "RemotePeeringDoesNotAllowGatewayTransit",
        "does not have AllowGatewayTransit set",
    ),
    (
        "peering own gateway",
        _other_way(_both_gateways),
        "VnetHasGateways",
        "has a gateway of its own",
    ),
    ("peering second gateway", _other_way(_second_gateway), "UseRemoteGatewaysAlreadySet", "over one peering"),
    (
        "peering both gateways",
        new("peering", ("useRemoteGateways", True), ("allowGatewayTransit", True)),
        "gateway-transit-both-ways",
        "a peering does one of them",
    ),
    (
        "peered network grows into the other",
        update("network", ("addressSpace.addressPrefixes.2", "10.40.128.0/24")),
        "VnetAddressSpacesOverlap",
        "it would overlap 10.40.0.0/16 of",
    ),
    (
        "connected network grows into its hub",
        update("spoke", ("addressSpace.addressPrefixes.1", "10.60.1.0/24")),
        "VnetAddressSpacesOverlap",
        "it would overlap 10.60.0.0/23 of",
    ),
    (
        "delegated to two",
        new(
            "endpoint subnet",
            ("delegations", [{"name": n, "serviceName": "Microsoft.Web/serverFarms"} for n in "ab"]),
        ),
        "SubnetWithMultipleDelegations",
        "a subnet is delegated to one service, not to 2",
    ),
    (
        "delegated to nobody",
        new("endpoint subnet", ("delegations", [{"name": "a", "serviceName": "aks"}])),
        "SubnetDelegationServiceNameInvalid",
        "'aks' is not a service that takes subnets",
    ),
    (
        "link subnet's policies",
        update("link subnet", ("privateLinkServiceNetworkPolicies", "Enabled")),
        "PrivateLinkServiceNetworkPoliciesCannotBeEnabledOnPrivateLinkServiceSubnet",
        "privateLinkServices/kafka takes its addresses from it",
    ),
    ("row name", new("row", ("publicIpPrefixName", "-r")), "InvalidResourceName", "the name '-r' is not valid"),
    ("row length", new("row", ("prefixLength", 24)), "InvalidPublicIPPrefixLength", "prefixLength is 24"),
    ("row sku", new("row", ("sku", ...)), "InvalidPublicIPPrefixSku", "set sku.name"),
    ("row full", _row_full, "PublicIPPrefixOutOfIPAddresses", "every address of"),
    ("row of a nat", gone("row", "row nat"), "InvalidResourceReference", "publicIPPrefixes/row referenced by"),
    ("wan name", new("wan", ("virtualWANName", "a b")), "InvalidResourceName", "the name 'a b' is not valid"),
    ("wan type", new("wan", ("type", "Premium")), "InvalidVirtualWanType", "type is 'Premium'"),
    ("wan downgrade", update("wan", ("type", "Basic")), "virtual-wan-downgrade", "cannot become Basic"),
    ("hub name", new("hub", ("virtualHubName", "h-")), "InvalidResourceName", "the name 'h-' is not valid"),
    ("hub no range", new("hub", ("addressPrefix", ...)), "InvalidRequestFormat", "must have an address prefix"),
    ("hub bad range", new("hub", ("addressPrefix", "10.60.0.1/23")), "InvalidCIDRNotation", "'10.60.0.1/23' has"),
    ("hub small", new("hub", ("addressPrefix", "10.60.0.0/25")), "InvalidVirtualHubAddressPrefix", "at least a /24"),
    ("hub asn", new("hub", ("virtualRouterAsn", 64512)), "virtual-hub-asn", "virtualRouterAsn is 64512"),
    (
        "hub units",
        new("hub", ("virtualRouterAutoScaleConfiguration", {"minCapacity": 1})),
        "InvalidParameter",
        "minCapacity is 1: allowed are 2 to 50",
    ),
    ("hub no wan", new("hub", ("virtualWan", ...)), "InvalidRequestFormat", "must name its virtual WAN"),
    ("hub wan gone", gone("wan", "hub"), "InvalidResourceReference", "virtualWans/wan referenced by"),
    ("hub basic wan", _basic, "VirtualHubSkuMismatch", "its hubs are Basic"),
    (
        "hub overlaps a hub",
        twin("hub", ("virtualHubName", "second"), ("addressPrefix", "10.60.1.0/24")),
        "VirtualHubAddressPrefixOverlaps",
        "10.60.1.0/24 overlaps 10.60.0.0/23 of hub",
    ),
    (
        "hub overlaps a network",
        twin("hub", ("virtualHubName", "second"), ("addressPrefix", "10.50.0.0/24")),
        "VirtualHubAddressPrefixOverlaps",
        "overlaps the address space of",
    ),
    ("hub moves", update("hub", ("addressPrefix", "10.61.0.0/23")), "PropertyChangeNotAllowed", "range is for life"),
    ("hub in use", delete("hub"), "VirtualHubInUse", "hubVirtualNetworkConnections/spoke: delete it first"),
    ("connection name", new("connection", ("connectionName", "c.")), "InvalidResourceName", "the name 'c.' is not"),
    ("connection alone", gone("hub", "connection"), "ParentResourceNotFound", "virtualHubs/hub' could not be found"),
    ("connection to nothing", gone("spoke", "connection"), "InvalidGlobalResourceReference", "virtualNetworks/spoke"),
    (
        "connection of nothing",
        new("connection", ("remoteVirtualNetwork", ...)),
        "InvalidRequestFormat",
        "must name its virtual network",
    ),
    (
        "connection twice",
        twin("connection", ("connectionName", "b")),
        "VirtualNetworkAlreadyConnectedToVirtualHub",
        "by /subscriptions",
    ),
    ("connection gateway", _with_gateway, "VirtualNetworkWithGatewayCannotBeConnected", "has a gateway of its own"),
    ("connection other gateway", _uses_another, "VirtualNetworkWithGatewayCannotBeConnected", "another network's"),
    ("connection overlaps its hub", _connects("10.60.1.0/24"), "VnetAddressSpacesOverlap", "with that of hub"),
    (
        "connection overlaps another",
        _connects("10.50.7.0/24"),
        "VnetAddressSpaceOverlapsWithAlreadyPeeredVnet",
        "virtualNetworks/spoke, which",
    ),
    (
        "connection table",
        lambda cell: cell.new(
            "connection", ("routingConfiguration.associatedRouteTable.id", cell.id("hub") + "/hubRouteTables/lost")
        ),
        "InvalidResourceReference",
        "hubRouteTables/lost is not a route table of",
    ),
    (
        "connection moves",
        lambda cell: cell.update("connection", (FAR, cell.id("far"))),
        "ChangingRemoteVirtualNetworkNotAllowed",
        "make another one",
    ),
    ("table name", new("table", ("routeTableName", "t/")), "InvalidResourceName", "the name 't/' is not valid"),
    ("table alone", gone("hub", "table"), "ParentResourceNotFound", "virtualHubs/hub' could not be found"),
    ("table range", new("table", ("routes.0.destinations.0", "office")), "InvalidCIDRNotation", "'office' has an"),
    ("table hop", new("table", ("routes.0.nextHopType", "Internet")), "InvalidHubRouteNextHopType", "'Internet'"),
    ("table kind", new("table", ("routes.0.destinationType", "Tag")), "InvalidHubRouteDestinationType", "'Tag'"),
    ("table to nothing", gone("connection", "table"), "InvalidResourceReference", "hubVirtualNetworkConnections/spoke"),
    (
        "table twice",
        lambda cell: cell.new("table", ("routes.1", cell.inputs["table"][1]["routes"][0])),
        "DuplicateResourceName",
        "routes has 'office' twice",
    ),
    (
        "table conflict",
        lambda cell: cell.new("table", ("routes.1", {**cell.inputs["table"][1]["routes"][0], "name": "b"})),
        "HubRouteConflict",
        "two routes lead to '192.168.0.0/16'",
    ),
    ("table in use", _table_used, "HubRouteTableInUse", "is used by"),
    ("balancer name", new("balancer", ("loadBalancerName", "l b")), "InvalidResourceName", "the name 'l b' is not"),
    ("balancer basic", new("balancer", ("sku.name", "Basic")), "BasicLoadBalancerRetired", "set sku.name"),
    (
        "balancer end",
        new("balancer", (f"{FRONTEND}.subnet", ...)),
        "InvalidFrontendIPConfiguration",
        "exactly one of subnet and publicIPAddress",
    ),
    (
        "balancer ends",
        lambda cell: cell.new(
            "balancer", ("frontendIPConfigurations.1", cell.inputs["balancer"][1]["frontendIPConfigurations"][0])
        ),
        "DuplicateResourceName",
        "has 'kafka' twice",
    ),
    ("balancer in use", delete("balancer"), "LoadBalancerInUse", "privateLinkServices/kafka ends at"),
    ("balancer full", _small, "SubnetIsFull", "does not have enough capacity for 11 IP addresses"),
    (
        "balancer address",
        new("balancer", (f"{FRONTEND}.privateIPAddress", "10.20.2.3")),
        "PrivateIPAddressInReservedRange",
        "10.20.2.3 falls within reserved IP range of subnet prefix 10.20.2.0/28",
    ),
    ("service name", new("service", ("serviceName", "s ")), "InvalidResourceName", "the name 's ' is not valid"),
    (
        "service addresses",
        new(
            "service",
            ("ipConfigurations", [{"name": f"n{n}", "subnet": {"id": "x"}} for n in range(9)]),
        ),
        "PrivateLinkServiceIpConfigurationsCountLimitReached",
        "1 to 8 addresses of its own, and this one 9",
    ),
    (
        "service address names",
        new("service", ("ipConfigurations.1.name", "nat-1")),
        "DuplicateResourceName",
        "has 'nat-1' twice",
    ),
    (
        "service primaries",
        new("service", ("ipConfigurations.1.primary", True)),
        "InvalidRequestFormat",
        "one IP configuration is the primary",
    ),
    (
        "service ends nowhere",
        new("service", ("loadBalancerFrontendIpConfigurations", ...)),
        "InvalidRequestFormat",
        "give one of them",
    ),
    ("service frontend", gone("balancer", "service"), "InvalidResourceReference", "frontendIPConfigurations/kafka ref"),
    ("service ninth", _eight, "PrivateLinkServicesPerLoadBalancerLimitReached", "the limit is 8"),
    (
        "service subnet's policies",
        lambda cell: cell.new("service", (f"{OWN}.subnet.id", cell.id("balancer subnet"))),
        "PrivateLinkServiceCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled",
        "since it has private link service network policies enabled",
    ),
    (
        "service for nobody known",
        new("service", ("visibility.subscriptions", ["contoso"])),
        "InvalidSubscriptionId",
        "'contoso' is neither",
    ),
    (
        "service approves who cannot see",
        new("service", ("autoApproval.subscriptions", [OTHER])),
        "auto-approval-not-visible",
        "put it into visibility too",
    ),
    (
        "service for too many",
        new("service", ("visibility.subscriptions", [SUBSCRIPTION] * 101)),
        "InvalidRequestFormat",
        "visibility lists 101",
    ),
    (
        "service connected",
        delete("service"),
        "PrivateLinkServiceWithPrivateEndpointConnectionsCannotBeDeleted",
        "privateEndpoints/to-kafka is connected",
    ),
    (
        "accepted by nobody",
        gone("service", "accepted"),
        "ParentResourceNotFound",
        "privateLinkServices/kafka' could not be found",
    ),
    (
        "accepted nobody",
        gone("endpoint", "accepted"),
        "PrivateEndpointConnectionNotFound",
        "the consumer's endpoint comes first",
    ),
    (
        "accepted somehow",
        new("accepted", ("privateLinkServiceConnectionState.status", "Accepted")),
        "InvalidPrivateLinkServiceConnectionStatus",
        "status is 'Accepted'",
    ),
    ("endpoint name", new("endpoint", ("privateEndpointName", "e:")), "InvalidResourceName", "the name 'e:' is not"),
    ("endpoint no subnet", new("endpoint", ("subnet", ...)), "InvalidRequestFormat", "must have a subnet"),
    ("endpoint no service", new("endpoint", (MANUAL, [])), "InvalidRequestFormat", "and 0 are given"),
    ("endpoint subnet", gone("endpoint subnet", "endpoint"), "InvalidResourceReference", "subnets/endpoint-subnet"),
    ("endpoint region", new("endpoint", ("location", "northeurope")), "InvalidResourceReference", "'westeurope', and"),
    ("endpoint delegated", _delegated, "ResourceNotPermittedOnDelegatedSubnet", "delegated to Microsoft.Container"),
    (
        "endpoint outside",
        new("endpoint", (f"{OWN}.privateIPAddress", "10.40.1.10")),
        "PrivateIPAddressNotInSubnet",
        "10.40.1.10 does not belong to the range of subnet prefix 10.40.0.0/28",
    ),
    (
        "endpoint no address",
        new("endpoint", (f"{OWN}.privateIPAddress", "ten")),
        "InvalidRequestFormat",
        "'ten' is not an IPv4 address",
    ),
    (
        "endpoint taken",
        twin("endpoint", ("privateEndpointName", "b")),
        "PrivateIPAddressIsAllocated",
        "10.40.0.10 which is already allocated to resource",
    ),
    (
        "endpoint's address for life",
        update("endpoint", (f"{OWN}.privateIPAddress", "10.40.0.11")),
        "PropertyChangeNotAllowed",
        "for life",
    ),
    ("endpoint to nothing", gone("service", "endpoint"), HIDDEN, "does not exist or is not visible"),
    ("endpoint not seen", _from_elsewhere(), HIDDEN, f"is not visible to subscription {OTHER}"),
    ("endpoint not approved", _unlisted, "LinkedAuthorizationFailed", f"ask with {MANUAL}"),
    (
        "endpoint alias",
        lambda cell: cell.new(
            "endpoint",
            (MANUAL, []),
            (AUTOMATIC, [{"name": "a", "privateLinkServiceId": cell.made["service"].outputs["alias"]}]),
        ),
        "LinkedInvalidPropertyId",
        "an alias goes with a manual connection",
    ),
    (
        "endpoint kind",
        lambda cell: cell.new("endpoint", (f"{MANUAL}.0.privateLinkServiceId", cell.id("nat"))),
        "InvalidPrivateLinkServiceIdType",
        "has an invalid resource type",
    ),
    (
        "endpoint part",
        lambda cell: cell.new("endpoint", (f"{MANUAL}.0.privateLinkServiceId", cell.id("account"))),
        "MissingParameterOnPrivateLinkService",
        "which part of it is meant",
    ),
    (
        "endpoint group",
        new("endpoint", (f"{MANUAL}.0.groupIds", ["kafka"])),
        "group-of-private-link-service",
        "leave groupIds out",
    ),
    (
        "endpoint message",
        new("endpoint", (f"{MANUAL}.0.requestMessage", "x" * 141)),
        "RequestMessageTooLong",
        "at most 140 characters",
    ),
    ("link registers twice", _registers_twice, "BadRequest", "auto registration of its machines"),
    (
        "link to nothing",
        gone("far", "far link"),
        "InvalidResourceReference",
        "virtualNetworks/far referenced by",
    ),
    ("zone with records", delete("zone"), "zone-not-empty", "privateDnsZones/cell.internal/A/*"),
    ("record alone", gone("zone", "record"), "ParentResourceNotFound", "privateDnsZones/cell.internal' could not"),
    ("record name", new("record", ("relativeRecordSetName", "a.*")), "BadRequest", "of which the first may be '*'"),
    ("record dot", new("record", ("relativeRecordSetName", "b.")), "BadRequest", "with no final dot"),
    (
        "record outside",
        new("record", ("relativeRecordSetName", "b.cell.internal")),
        "record-outside-zone",
        "would become 'b.cell.internal.cell.internal'",
    ),
    (
        "record long",
        new("record", ("relativeRecordSetName", ".".join(["x" * 60] * 4))),
        "BadRequest",
        "longer than 253",
    ),
    ("record ttl", new("record", ("ttl", -1)), "BadRequest", "ttl is -1"),
    ("record type", new("record", ("recordType", "NS")), "BadRequest", "record type is 'NS'"),
    ("record no value", new("record", ("aRecords", ...)), "BadRequest", "a record set of type A needs aRecords"),
    ("record empty", new("record", ("aRecords", [])), "BadRequest", "has at least one record"),
    ("record other value", new("record", ("cnameRecord", {"cname": "a.b"})), "BadRequest", "and cnameRecord is given"),
    ("record address", new("record", ("aRecords.0.ipv4Address", "10.20.2")), "BadRequest", "'10.20.2' is not an IPv4"),
    (
        "record too many",
        new("record", ("aRecords", [{"ipv4Address": f"10.0.0.{n}"} for n in range(21)])),
        "RecordLimitReached",
        "the limit is 20",
    ),
    ("cname beside", _cname("*", "CNAME"), "Conflict", "because another record with the same name already exists"),
    ("beside a cname", _cname("b", "A"), "Conflict", "because a CNAME record with the same name already exists"),
    ("cname at the root", _cname("@", "CNAME"), "BadRequest", "cannot be at the root"),
    (
        "cname to nothing",
        new("record", ("recordType", "CNAME"), ("aRecords", ...), ("cnameRecord", {"cname": '"b"'})),
        "BadRequest",
        "The domain name '\"b\"' is invalid.",
    ),
    ("public zone name", new("public zone", ("zoneName", "Cell.example")), "BadRequest", "lower-case letters"),
    ("public zone label", new("public zone", ("zoneName", "example")), "BadRequest", "must have 2 to 34 labels"),
    ("public zone private", new("public zone", ("zoneType", "Private")), "BadRequest", "this one is public"),
    (
        "public zone region",
        new("public zone", ("location", "westeurope")),
        "LocationNotAvailableForResourceType",
        "regions is 'global'",
    ),
    ("public zone with records", delete("public zone"), "zone-not-empty", "dnsZones/cell.example.com/A/*.one"),
    ("public record alone", gone("public zone", "public record"), "ParentResourceNotFound", "dnsZones/cell.example"),
    ("public record name", new("public record", ("relativeRecordSetName", "*x")), "BadRequest", "name '*x' is invalid"),
    ("public record ttl", new("public record", ("ttl", 2**31)), "BadRequest", "ttl is 2147483648"),
    (
        "public record of nothing",
        gone("row address", "public record"),
        "InvalidResourceReference",
        "publicIPAddresses/row-1 referenced by",
    ),
    (
        "public cname beside",
        twin(
            "public record",
            ("recordType", "CNAME"),
            ("targetResource", ...),
            ("cnameRecord", {"cname": "b.example.com"}),
        ),
        "Conflict",
        "because another record with the same name",
    ),
    (
        "federation name",
        new("federation", ("federatedIdentityCredentialResourceName", "x")),
        "InvalidFederatedIdentityCredentialName",
        "3 to 120 letters",
    ),
    ("federation alone", gone("control", "federation"), "ParentResourceNotFound", "userAssignedIdentities/id-control"),
    ("federation issuer", new("federation", ("issuer", "http://x")), "BadRequest", "is not an https URL"),
    ("federation audience", new("federation", ("audiences", [])), "BadRequest", "has one audience, and 0 are given"),
    ("federation subject", new("federation", ("subject", "")), "BadRequest", "1 to 600 characters"),
    (
        "federation twice",
        twin("federation", ("federatedIdentityCredentialResourceName", "second")),
        "Conflict",
        "Issuer and subject combination already exists",
    ),
    (
        "rule with tags",
        new(
            "gate",
            ("securityRules.0.sourceAddressPrefix", ...),
            ("securityRules.0.sourceAddressPrefixes", ["VirtualNetwork", "10.0.0.0/8"]),
        ),
        "SecurityRuleParameterContainsUnsupportedValue",
        "Unsupported value used: VirtualNetwork",
    ),
    (
        "rules with too many ranges",
        new(
            "gate",
            ("securityRules.0.sourceAddressPrefix", ...),
            ("securityRules.0.sourceAddressPrefixes", [f"10.{n // 250}.{n % 250}.0/24" for n in range(4001)]),
        ),
        "SecurityRuleAddressPrefixesOrPortsCountLimitReached",
        "list 4001 ranges and ports",
    ),
    (
        "two ways",
        new("routes", ("routes.1", {"name": "b", "addressPrefix": "0.0.0.0/0", "nextHopType": "None"})),
        "RouteConflict",
        "Routes cannot have the same AddressPrefix: 0.0.0.0/0",
    ),
]
