"""What becomes of joins on Azure when the other side comes, goes or changes, and how much of each there may be."""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sandbox.clouds.azure import endpoints, joins, link_services
from sandbox.clouds.azure.facts import facts
from sandbox.contract import Record, Refusal, Scope
from tests.sandbox.azure_cases import twin
from tests.sandbox.azure_cases_joins import HIDDEN, THERE
from tests.sandbox.azure_good import Cell
from tests.sandbox.azure_world import MODEL, OTHER, SUBSCRIPTION, World, token

AKS = "service.beta.kubernetes.io/azure-"
BALANCER = {
    f"{AKS}load-balancer-internal": "true",
    f"{AKS}load-balancer-internal-subnet": "balancer-subnet",
    f"{AKS}load-balancer-ipv4": "10.20.2.5",
}
PLS = "service.beta.kubernetes.io/azure-pls-"
ASKS = {
    f"{PLS}create": "true",
    f"{PLS}name": "kf-one",
    f"{PLS}ip-configuration-subnet": "link-subnet",
    f"{PLS}ip-configuration-ip-address-count": "2",
    f"{PLS}visibility": f"{SUBSCRIPTION} {OTHER}",
    f"{PLS}auto-approval": OTHER,
    f"{PLS}fqdns": "one.kafka.internal",
}
MADE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-nodes/providers/Microsoft.Network/privateLinkServices/kf-one"


def observed(cell: Cell, record: Record) -> Any:
    tell = MODEL.types[record.type].observed
    assert tell is not None
    return tell(record, cell.world)


def asks(cell: Cell, annotations: dict[str, str], cluster: str = "") -> Record:
    """An EnvoyProxy in the cell's cluster whose Service carries these annotations."""
    scope = Scope("kubernetes", cluster or cell.id("cluster"), "host")
    inputs = {"spec": {"provider": {"kubernetes": {"envoyService": {"annotations": annotations}}}}}
    kind = "kubernetes:gateway.envoyproxy.io/v1alpha1:EnvoyProxy"
    record = Record(f"urn::{len(cell.world.records)}", kind, "kafka-gateway/kafka", scope, inputs, inputs)
    cell.world.records.append(record)
    return record


def leads(cell: Cell, service: str, scope: Scope | None = None, key: str = "privateLinkServiceConnections") -> Any:
    """Inputs of an endpoint in the far network that leads there, and what the laws say of it."""
    cell.world.add("resources:ResourceGroup", cell.inputs["group"][1], THERE)
    inputs = {
        "resourceGroupName": "rg",
        "location": "westeurope",
        "privateEndpointName": "to-one",
        "subnet": {"id": cell.id("endpoint subnet").replace(SUBSCRIPTION, (scope or THERE).account)},
        key: [{"name": "one", "privateLinkServiceId": service}],
    }
    if (scope or THERE).account == OTHER:
        for role in ("far", "endpoint subnet"):
            kind, given = cell.inputs[role]
            cell.world.add(kind, given, THERE)
    return inputs, cell.world.judge("create", "network:PrivateEndpoint", inputs, scope=scope or THERE)


def test_a_peering_is_connected_when_both_sides_stand_and_not_before() -> None:
    cell = Cell()
    first, second = cell.made["answer"], cell.made["peering"]
    assert (first.outputs["peeringState"], second.outputs["peeringState"]) == ("Initiated", "Connected")
    assert observed(cell, first)["peeringState"] == observed(cell, second)["peeringState"] == "Connected"
    cell.world.records.remove(first)
    assert observed(cell, second)["peeringState"] == "Disconnected"
    known = replace(second, outputs={**second.outputs, "peeringState": "Disconnected"})
    assert observed(cell, known)["peeringState"] == "Disconnected"
    cell.world.records.append(first)
    cell.world.records.remove(second)
    assert observed(cell, first)["peeringState"] == "Initiated"


def test_a_cut_off_side_is_brought_back_by_an_update() -> None:
    cell = Cell()
    cell.world.records.remove(cell.made["answer"])
    kind, inputs = cell.inputs["peering"]
    assert cell.update("peering", ("allowForwardedTraffic", True)) == []
    cell.world.records.remove(cell.made["peering"])
    cell.world.add(kind, inputs)
    answer = cell.inputs["answer"]
    assert cell.world.judge("create", *answer) == []


def test_a_changed_address_space_is_not_carried_until_it_is_synchronised() -> None:
    cell = Cell()
    assert observed(cell, cell.made["peering"])["peeringSyncLevel"] == "FullyInSync"
    cell.world.records.remove(cell.made["far"])
    kind, inputs = cell.inputs["far"]
    grown = {**inputs, "addressSpace": {"addressPrefixes": ["10.40.0.0/16", "10.41.0.0/16"]}}
    assert cell.world.judge("update", kind, grown, cell.made["far"]) == []
    cell.world.add(kind, grown)
    assert observed(cell, cell.made["peering"])["peeringSyncLevel"] == "RemoteNotInSync"
    assert observed(cell, cell.made["answer"])["peeringSyncLevel"] == "LocalNotInSync"
    old = cell.made["peering"]
    cell.world.records.remove(old)
    synchronised = cell.world.add(old.type.removeprefix("azure-native:"), dict(old.inputs))
    assert observed(cell, synchronised)["peeringSyncLevel"] == "FullyInSync"


def test_both_ends_may_be_of_two_subscriptions() -> None:
    cell = Cell()
    kind, network = cell.inputs["spoke"]
    cell.world.add("resources:ResourceGroup", cell.inputs["group"][1], THERE)
    theirs = cell.world.add(
        kind, {**network, "virtualNetworkName": "theirs", "addressSpace": {"addressPrefixes": ["10.80.0.0/16"]}}, THERE
    )
    peering = {"resourceGroupName": "rg", "virtualNetworkPeeringName": "across"}
    ours = {**peering, "virtualNetworkName": "vnet", "remoteVirtualNetwork": {"id": theirs.id}}
    back = {**peering, "virtualNetworkName": "theirs", "remoteVirtualNetwork": {"id": cell.id("network")}}
    assert cell.world.judge("create", joins.PEERING, ours) == []
    first = cell.world.add(joins.PEERING, ours)
    assert cell.world.judge("create", joins.PEERING, back, scope=THERE) == []
    assert cell.world.add(joins.PEERING, back, THERE).outputs["peeringState"] == "Connected"
    assert joins.peering_state(cell.world, first) == "Connected"
    link = {**cell.inputs["link"][1], "virtualNetworkLinkName": "across", "virtualNetwork": {"id": theirs.id}}
    assert cell.world.judge("create", "privatedns:VirtualNetworkLink", link) == []
    hub = {
        "resourceGroupName": "rg",
        "virtualHubName": "hub",
        "connectionName": "theirs",
        "remoteVirtualNetwork": {"id": theirs.id},
    }
    assert cell.world.judge("create", joins.CONNECTION, hub) == []
    assert [one.code for one in cell.world.judge("create", joins.CONNECTION, hub, scope=THERE)] == [
        "ParentResourceNotFound"
    ]


def test_a_network_with_a_peering_is_not_deleted_with_it() -> None:
    cell = Cell()
    for role in ("endpoint", "endpoint subnet"):
        cell.without(role)
    (refusal,) = cell.delete("far")
    assert (refusal.code, "virtualNetworkPeerings/answer" in refusal.message) == ("virtual-network-not-empty", True)


def test_a_connection_waits_until_it_is_accepted_and_ends_with_the_word_of_the_provider() -> None:
    cell = Cell()
    endpoint = cell.made["endpoint"]
    (connection,) = endpoint.outputs["manualPrivateLinkServiceConnections"]
    assert connection["privateLinkServiceConnectionState"]["status"] == "Pending"
    assert endpoints.connection_status(cell.world, endpoint) == "Approved"
    kind, inputs = cell.without("accepted")
    assert endpoints.connection_status(cell.world, endpoint) == "Pending"
    cell.world.add(kind, {**inputs, "privateLinkServiceConnectionState": {"status": "Rejected"}})
    (connection,) = observed(cell, endpoint)["manualPrivateLinkServiceConnections"]
    assert connection["privateLinkServiceConnectionState"]["status"] == "Rejected"
    (seen,) = observed(cell, cell.made["service"])["privateEndpointConnections"]
    assert seen["name"] == link_services.connection_name(endpoint.id)
    cell.without("service")
    assert endpoints.connection_status(cell.world, endpoint) == "Disconnected"


def test_an_alias_leads_to_a_service_as_its_id_does() -> None:
    cell = Cell()
    alias = cell.made["service"].outputs["alias"]
    assert alias.startswith("kafka.")
    assert alias.endswith(".westeurope.azure.privatelinkservice")
    changes = (("manualPrivateLinkServiceConnections.0.privateLinkServiceId", alias),)
    assert cell.new("endpoint", *changes) == []
    assert cell.world.judge("update", *cell.inputs["endpoint"], cell.made["endpoint"]) == []


def test_addresses_are_given_out_lowest_first_and_stay() -> None:
    cell = Cell()
    service = cell.made["service"]
    assert [one["privateIPAddress"] for one in service.outputs["ipConfigurations"]] == ["10.20.1.4", "10.20.1.5"]
    assert cell.made["endpoint"].outputs["privateAddress"] == "10.40.0.10"
    assert cell.made["endpoint"].outputs["customDnsConfigs"] == [
        {"fqdn": "cell.internal", "ipAddresses": ["10.40.0.10"]}
    ]
    kind, inputs = cell.inputs["endpoint"]
    other = cell.world.add(kind, {**inputs, "privateEndpointName": "b", "ipConfigurations": []})
    third = cell.world.add(kind, {**inputs, "privateEndpointName": "c", "ipConfigurations": []})
    assert (other.outputs["privateAddress"], third.outputs["privateAddress"]) == ("10.40.0.4", "10.40.0.5")
    row = cell.made["row"].outputs["ipPrefix"]
    assert cell.made["row address"].outputs["ipAddress"] == row.partition("/")[0]
    assert observed(cell, cell.made["row"])["publicIPAddresses"] == [{"id": cell.id("row address")}]


def test_a_service_that_aks_makes_is_found_by_what_its_annotations_say() -> None:
    cell = Cell()
    asks(cell, ASKS)
    inputs, refusals = leads(cell, MADE)
    assert refusals == []
    made = cell.world.add("network:PrivateEndpoint", inputs, THERE)
    (connection,) = made.outputs["privateLinkServiceConnections"]
    assert connection["privateLinkServiceConnectionState"]["status"] == "Approved"
    assert made.outputs["customDnsConfigs"][0]["fqdn"] == "one.kafka.internal"
    found = link_services.find(cell.world, MADE)
    assert found is not None
    assert (found.subnet_id, found.addresses, found.broken) == (cell.id("link subnet"), 2, "")
    assert leads(cell, found.alias, key="manualPrivateLinkServiceConnections")[1] == []


def test_a_connection_to_a_service_of_aks_can_be_accepted_one_by_one() -> None:
    cell = Cell()
    asks(cell, {key: value for key, value in ASKS.items() if not key.endswith("auto-approval")})
    inputs, refusals = leads(cell, MADE, key="manualPrivateLinkServiceConnections")
    assert refusals == []
    endpoint = cell.world.add("network:PrivateEndpoint", inputs, THERE)
    assert endpoints.connection_status(cell.world, endpoint) == "Pending"
    kind, word = cell.inputs["accepted"]
    name = link_services.connection_name(endpoint.id)
    accepted = {**word, "resourceGroupName": "rg-nodes", "serviceName": "kf-one", "peConnectionName": name}
    assert cell.world.judge("create", kind, accepted) == []
    record = cell.world.add(kind, accepted)
    assert record.outputs["privateEndpoint"] == {"id": endpoint.id}
    assert endpoints.connection_status(cell.world, endpoint) == "Approved"


def test_the_address_of_a_load_balancer_of_aks_is_given_to_nobody_else() -> None:
    cell = Cell()
    frontend = {"name": "b", "subnet": {"id": cell.id("balancer subnet")}}
    changes = (("loadBalancerName", "b"), ("frontendIPConfigurations", [{**frontend, "privateIPAddress": "10.20.2.5"}]))
    assert twin("balancer", *changes)(cell) == []
    asks(cell, {**ASKS, **BALANCER})
    assert [one.code for one in twin("balancer", *changes)(cell)] == ["PrivateIPAddressIsAllocated"]
    kind, inputs = cell.inputs["balancer"]
    other = cell.world.add(kind, {**inputs, "loadBalancerName": "b", "frontendIPConfigurations": [frontend]})
    (given,) = other.outputs["frontendIPConfigurations"]
    assert given["privateIPAddress"] == "10.20.2.6"
    found = link_services.find(cell.world, MADE)
    assert found is not None
    assert found.broken == ""


def _hidden(cell: Cell) -> None:
    asks(cell, {**ASKS, f"{PLS}visibility": SUBSCRIPTION, f"{PLS}auto-approval": ""})


def _on_a_closed_subnet(cell: Cell) -> None:
    asks(cell, {**ASKS, f"{PLS}ip-configuration-subnet": "balancer-subnet"})


def _nine_addresses(cell: Cell) -> None:
    asks(cell, {**ASKS, f"{PLS}ip-configuration-ip-address-count": "9"})


def _nine_services(cell: Cell) -> None:
    for number in range(8):
        asks(cell, {**ASKS, f"{PLS}name": f"kf-{number}"})
    asks(cell, ASKS)


def _elsewhere(cell: Cell) -> None:
    asks(cell, {**ASKS, **BALANCER, f"{AKS}load-balancer-ipv4": "10.20.9.4"})


def _approves_the_unseen(cell: Cell) -> None:
    asks(cell, {**ASKS, f"{PLS}visibility": OTHER, f"{PLS}auto-approval": f"{OTHER} {SUBSCRIPTION}"})


@pytest.mark.parametrize(
    ("prepare", "why"),
    [
        (lambda cell: None, "does not exist or is not visible to subscription"),
        (lambda cell: asks(cell, {**ASKS, f"{PLS}create": "false"}), "does not exist"),
        (lambda cell: asks(cell, {**ASKS, f"{PLS}name": "another"}), "does not exist"),
        (lambda cell: asks(cell, {**ASKS, f"{PLS}resource-group": "rg"}), "does not exist"),
        (lambda cell: asks(cell, ASKS, cluster="another-cluster"), "does not exist"),
        (_hidden, f"is not visible to subscription {OTHER}"),
        (_on_a_closed_subnet, "has private link service network policies enabled"),
        (_nine_addresses, "azure-pls-ip-configuration-ip-address-count must be 1 to 8"),
        (_nine_services, "asks for 9 private link services, and its load balancer takes 8"),
        (_elsewhere, "address 10.20.9.4 of the load balancer is not in subnet"),
        (lambda cell: asks(cell, {**ASKS, f"{AKS}load-balancer-internal-subnet": "lost"}), "subnets/lost of the load"),
        (_approves_the_unseen, f"azure-pls-auto-approval has {SUBSCRIPTION}"),
    ],
)
def test_a_service_that_aks_does_not_make_is_not_found(prepare: Callable[[Cell], Any], why: str) -> None:
    cell = Cell()
    prepare(cell)
    refusals = leads(cell, MADE)[1]
    assert [one.code for one in refusals] == [HIDDEN]
    assert why in refusals[0].message


def test_the_standing_of_a_basic_wan_and_of_routers_is_told() -> None:
    cell = Cell()
    outputs = cell.made["hub"].outputs
    assert (outputs["virtualRouterAsn"], outputs["virtualRouterIps"]) == (65515, ["10.60.0.68", "10.60.0.69"])
    kind, inputs = cell.inputs["connection"]
    bare = cell.world.add(kind, {key: value for key, value in inputs.items() if key != "routingConfiguration"})
    table = {"id": f"{cell.id('hub')}/hubRouteTables/defaultRouteTable"}
    assert bare.outputs["routingConfiguration"]["associatedRouteTable"] == table


def test_names_have_the_ids_and_servers_of_azure() -> None:
    cell = Cell()
    assert cell.id("record").endswith("/privateDnsZones/cell.internal/A/*")
    assert cell.made["record"].outputs["fqdn"] == "*.cell.internal."
    assert cell.id("public record").endswith("/dnsZones/cell.example.com/A/*.one")
    servers = cell.made["public zone"].outputs["nameServers"]
    assert [one.rpartition("azure-dns.")[2] for one in servers] == ["com.", "net.", "org.", "info."]
    assert len({one.split(".")[0].partition("-")[2] for one in servers}) == 1
    assert cell.id("federation").endswith(
        "/userAssignedIdentities/id-control/federatedIdentityCredentials/external-dns"
    )


def test_what_is_in_a_clusters_own_group_may_be_made_there() -> None:
    cell = Cell()
    kind, inputs = cell.inputs["address"]
    there = {**inputs, "resourceGroupName": "rg-nodes", "publicIpAddressName": "gateway"}
    assert cell.world.judge("create", kind, there) == []
    cell.without("cluster")
    assert [one.code for one in cell.world.judge("create", kind, there)] == ["ResourceGroupNotFound"]


def _near(role: str, *changes: tuple[str, Any]) -> Callable[[Cell], list[Refusal]]:
    return twin(role, *changes)


LIMITS: list[tuple[str, int, Callable[[Cell], list[Refusal]], str]] = [
    (
        "peerings of a virtual network",
        1,
        _near("peering", ("virtualNetworkPeeringName", "b")),
        "VnetPeeringCountLimitReached",
    ),
    (
        "private endpoints of a virtual network",
        1,
        _near("endpoint", ("privateEndpointName", "b")),
        "PrivateEndpointCountPerVirtualNetworkLimitReached",
    ),
    (
        "private endpoints of a private link service",
        1,
        _near("endpoint", ("privateEndpointName", "b")),
        "PrivateEndpointCountPerPrivateLinkServiceLimitReached",
    ),
    (
        "connections of a virtual hub",
        1,
        _near("connection", ("connectionName", "b")),
        "VirtualHubConnectionLimitReached",
    ),
    (
        "virtual network links of a private DNS zone",
        2,
        _near("link", ("virtualNetworkLinkName", "b")),
        "VirtualNetworkLinkLimitReached",
    ),
    (
        "registering links of a private DNS zone",
        1,
        _near("far link", ("virtualNetworkLinkName", "b")),
        "VirtualNetworkLinkLimitReached",
    ),
    (
        "record sets of a private DNS zone",
        1,
        _near("record", ("relativeRecordSetName", "b")),
        "RecordSetLimitReached",
    ),
    (
        "record sets of a public DNS zone",
        1,
        _near("public record", ("relativeRecordSetName", "b")),
        "RecordSetLimitReached",
    ),
    (
        "federated credentials of an identity",
        1,
        _near("federation", ("federatedIdentityCredentialResourceName", "second")),
        "FederatedIdentityCredentialLimitReached",
    ),
    ("public DNS zones", 1, _near("public zone", ("zoneName", "b.example.com")), "QuotaExceeded"),
    ("private link services", 1, _near("service", ("serviceName", "b")), "QuotaExceeded"),
    ("private endpoints", 1, _near("endpoint", ("privateEndpointName", "b")), "QuotaExceeded"),
    ("load balancers", 1, _near("balancer", ("loadBalancerName", "b")), "QuotaExceeded"),
    ("public address prefixes", 1, _near("row", ("publicIpPrefixName", "b")), "QuotaExceeded"),
    ("public addresses", 2, _near("row address", ("publicIpAddressName", "b")), "QuotaExceeded"),
    ("virtual WANs", 1, _near("wan", ("virtualWANName", "b")), "QuotaExceeded"),
    (
        "routes of a route table",
        1,
        _near("routes", ("routes.1", {"name": "b", "addressPrefix": "10.0.0.0/8", "nextHopType": "None"})),
        "RouteCountLimitReached",
    ),
    (
        "rules of a network security group",
        0,
        _near("gate", ("networkSecurityGroupName", "b")),
        "SecurityRuleCountLimitReached",
    ),
]


@pytest.mark.parametrize(("quota", "most", "case", "code"), LIMITS, ids=[one[0] for one in LIMITS])
def test_a_quota_counts(
    quota: str, most: int, case: Callable[[Cell], list[Refusal]], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert code not in [one.code for one in case(Cell())]
    cell = Cell()
    monkeypatch.setitem(facts()["quotas"][quota], "most", most)
    assert code in [one.code for one in case(cell)]


def test_documented_limits_stand_in_the_facts() -> None:
    given = {name: row["most"] for name, row in facts()["quotas"].items()}
    assert given["peerings of a virtual network"] == 500
    assert given["private endpoints of a virtual network"] == 1000
    assert given["private link services of a load balancer"] == 8
    assert given["routes of a route table"] == 400
    assert given["rules of a network security group"] == 1000
    assert all(len(row["source"]) > 10 for row in facts()["quotas"].values())


def test_every_new_type_is_refused_in_a_group_that_is_not_there() -> None:
    world = World()
    cell = Cell()
    for role in ("peering", "wan", "hub", "endpoint", "service", "balancer", "row", "public zone", "federation"):
        kind, inputs = cell.inputs[role]
        codes = [one.code for one in world.judge("create", kind, copy.deepcopy(inputs))]
        assert "ResourceGroupNotFound" in codes, role
        assert token(kind) in MODEL.types
