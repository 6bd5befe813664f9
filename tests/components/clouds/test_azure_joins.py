"""Azure: what a cell's network is joined to, and what is told of it: peerings, hub, consumed links."""

import re
from typing import Any

import pytest

from components.clouds.azure import addresses
from components.clouds.contract import LinkRequest
from tests.components.clouds.azure_plan import (
    CELL,
    GROUP,
    NETWORKS,
    OTHER,
    OTHERS,
    SMALL,
    SUBSCRIPTION,
    ZONE,
    Run,
    build,
    names,
)

THEIRS = f"{NETWORKS}/virtualNetworks/apps"
ELSEWHERE = f"{OTHERS}/virtualNetworks/apps"
HUB = f"{NETWORKS}/virtualHubs/company"
PEERING = "network:VirtualNetworkPeering"
LINK = "privatedns:VirtualNetworkLink"
SERVICE = f"{OTHERS}/privateLinkServices/kafka"
ALIAS = f"kafka.{GROUP}.northeurope.azure.privatelinkservice"


def peered(**peering: Any) -> Run:
    given = {"network": THEIRS, "cidrs": ["10.90.0.0/16"], **peering}
    return build(SMALL, network={"reachability": "peering", "peerings": {"apps": given}})


def hubbed(**hub: Any) -> Run:
    return build(SMALL, network={"reachability": "hub", "hub": {"cidrs": ["10.128.0.0/9"], **hub}})


def linked(**links: LinkRequest) -> Run:
    declared = {name: {"service": link.service, "dns_zone": link.dns_zone} for name, link in links.items()}
    return build(SMALL, network={"links": declared}, links=links)


@pytest.fixture(scope="module")
def ours() -> Run:
    return peered()


@pytest.fixture(scope="module")
def attached() -> Run:
    return hubbed(id=HUB)


def test_our_half_of_a_peering_passes_nothing_on(ours: Run) -> None:
    assert names(ours.of(PEERING)) == {"peer-apps"}
    half = ours.one(f"{CELL}-peer-apps")
    assert half.inputs == {
        "virtualNetworkPeeringName": f"kf-{CELL}-apps",
        "virtualNetworkName": f"{CELL}-virtual-network",
        "resourceGroupName": f"{CELL}-group",
        "remoteVirtualNetwork": {"id": THEIRS},
        "allowVirtualNetworkAccess": True,
        "allowForwardedTraffic": False,
        "allowGatewayTransit": False,
        "useRemoteGateways": False,
    }
    assert f"{CELL}-load-balancers-westeurope-1" in half.after


def test_with_one_side_the_others_are_told_what_to_run(ours: Run) -> None:
    told = ours.told["peerings"]["apps"]
    assert (told["id"], told["state"]) == (f"/id/{CELL}-peer-apps", "Initiated")
    assert told["instructions"][0] == (
        f"az network vnet peering create --subscription {SUBSCRIPTION} --resource-group shared --vnet-name apps"
        f" --name kf-{CELL} --allow-vnet-access true --remote-vnet /id/{CELL}-virtual-network"
    )
    assert ZONE in told["instructions"][1]


def test_both_sides_are_made_where_they_stand(ours: Run) -> None:
    run = peered(side="both")
    assert names(run.of(PEERING)) == {"peer-apps", "peer-apps-theirs"}
    back = run.one(f"{CELL}-peer-apps-theirs")
    assert (back.inputs["virtualNetworkName"], back.inputs["resourceGroupName"]) == ("apps", "shared")
    assert back.inputs["remoteVirtualNetwork"] == {"id": f"/id/{CELL}-virtual-network"}
    assert f"{CELL}-peer-apps" in back.after
    assert back.provider == f"{CELL}-provider"
    assert not [text for text in run.told["peerings"]["apps"]["instructions"] if text.startswith("az ")]
    assert run.one(f"{CELL}-peer-apps").inputs == ours.one(f"{CELL}-peer-apps").inputs


def test_another_subscription_has_a_provider_of_its_own() -> None:
    run = peered(network=ELSEWHERE, side="both", principal=GROUP)
    there = run.one(f"{CELL}-peer-apps-provider").inputs
    assert (there["subscriptionId"], there["clientId"]["value"]) == (OTHER, GROUP)
    assert run.one(f"{CELL}-peer-apps-theirs").provider == f"{CELL}-peer-apps-provider"
    assert run.one(f"{CELL}-peer-apps").provider == f"{CELL}-provider"
    assert not [name for name in names(peered(network=ELSEWHERE).seen) if name.endswith("peer-apps-provider")]


def test_the_others_resolve_our_names_unless_they_are_not_to(ours: Run) -> None:
    link = ours.one(f"{CELL}-dns-link-apps").inputs
    assert (link["privateZoneName"], link["virtualNetwork"]) == (f"{CELL}-dns", {"id": THEIRS})
    assert link["registrationEnabled"] is False
    assert names(peered(dns=False).of(LINK)) == {"dns-link"}


@pytest.mark.parametrize("gate", ["nodes", "load-balancers"])
def test_peered_ranges_reach_kafka_and_nothing_else(ours: Run, gate: str) -> None:
    allowed = [r for r in ours.gate(gate).values() if r.get("sourceAddressPrefix") == "10.90.0.0/16"]
    assert [(r["destinationPortRange"], r["protocol"], r["access"]) for r in allowed] == [("9092-9199", "Tcp", "Allow")]


def test_peerings_follow_one_another() -> None:
    one = {"network": THEIRS, "cidrs": ["10.90.0.0/16"]}
    two = {"network": ELSEWHERE, "cidrs": ["10.91.0.0/16"]}
    run = build(SMALL, network={"reachability": "peering", "peerings": {"b": two, "a": one}})
    assert f"{CELL}-peer-a" in run.one(f"{CELL}-peer-b").after
    assert f"{CELL}-peer-b" not in run.one(f"{CELL}-peer-a").after


def test_a_companys_hub_is_joined_where_it_stands(attached: Run) -> None:
    connection = attached.one(f"{CELL}-hub-connection").inputs
    table = {"id": f"{HUB}/hubRouteTables/defaultRouteTable"}
    assert connection == {
        "connectionName": f"kf-{CELL}",
        "virtualHubName": "company",
        "resourceGroupName": "shared",
        "remoteVirtualNetwork": {"id": f"/id/{CELL}-virtual-network"},
        "enableInternetSecurity": False,
        "routingConfiguration": {
            "associatedRouteTable": table,
            "propagatedRouteTables": {"ids": [table], "labels": ["default"]},
        },
    }
    assert not attached.of("network:VirtualHub")
    assert (attached.told["hub"]["id"], attached.told["hub"]["attachment"]) == (HUB, f"/id/{CELL}-hub-connection")


def test_the_nodes_learn_a_hubs_routes_and_still_leave_by_nat(attached: Run, ours: Run) -> None:
    table = attached.one(f"{CELL}-routes").inputs
    assert table["disableBgpRoutePropagation"] is False
    assert table["routes"] == ours.one(f"{CELL}-routes").inputs["routes"]
    assert ours.one(f"{CELL}-routes").inputs["disableBgpRoutePropagation"] is True


def test_a_hub_in_another_subscription_is_joined_there() -> None:
    run = hubbed(id=f"{OTHERS}/virtualHubs/company")
    assert run.one(f"{CELL}-hub-provider").inputs["subscriptionId"] == OTHER
    assert run.one(f"{CELL}-hub-connection").provider == f"{CELL}-hub-provider"


def test_a_new_hub_stands_in_the_cells_group_and_others_are_told_how_to_join() -> None:
    run = hubbed(new={"address_block": "10.250.0.0/23", "shared_with": [OTHER]})
    hub = run.one(f"{CELL}-hub").inputs
    assert (hub["addressPrefix"], hub["sku"], hub["virtualWan"]) == (
        "10.250.0.0/23",
        "Standard",
        {"id": f"/id/{CELL}-wan"},
    )
    assert run.one(f"{CELL}-wan").inputs["type"] == "Standard"
    assert run.one(f"{CELL}-hub").protect
    connection = run.one(f"{CELL}-hub-connection").inputs
    assert connection["resourceGroupName"] == f"{CELL}-group"
    told = run.told["hub"]
    assert told["asn"] == 65515
    assert [text for text in told["instructions"] if "az role assignment create" in text and f"/id/{CELL}-hub" in text]
    assert [text for text in told["instructions"] if "private-dns link vnet create" in text and ZONE in text]


def test_a_peering_and_a_hub_change_the_network_one_after_the_other() -> None:
    peering = {"network": THEIRS, "cidrs": ["10.90.0.0/16"]}
    run = build(
        SMALL,
        network={"reachability": "hub", "peerings": {"a": peering}, "hub": {"id": HUB, "cidrs": ["10.128.0.0/9"]}},
    )
    assert f"{CELL}-peer-a" in run.one(f"{CELL}-hub-connection").after
    both = run.gate("nodes")["allow-kafka-from-clients"]["sourceAddressPrefixes"]
    assert both == ["10.128.0.0/9", "10.90.0.0/16"]


def test_a_link_by_id_is_an_endpoint_with_the_address_that_the_names_lead_to() -> None:
    run = linked(orders=LinkRequest(SERVICE, "az-neu-prod.kafka.internal"))
    endpoint = run.one(f"{CELL}-link-orders").inputs
    at = addresses.endpoint("10.20.145.0/24", "orders")
    assert endpoint["subnet"]["id"] == f"/id/{CELL}-endpoints"
    assert endpoint["ipConfigurations"] == [{"name": "address", "privateIPAddress": at}]
    assert endpoint["privateLinkServiceConnections"] == [
        {"name": f"kf-{CELL}-link-orders", "privateLinkServiceId": SERVICE}
    ]
    assert "manualPrivateLinkServiceConnections" not in endpoint
    assert run.one(f"{CELL}-link-orders-dns").inputs["privateZoneName"] == "az-neu-prod.kafka.internal"
    assert run.one(f"{CELL}-link-orders-dns-link").inputs["virtualNetwork"] == {"id": f"/id/{CELL}-virtual-network"}
    records = run.of("privatedns:PrivateRecordSet")
    assert {r.inputs["relativeRecordSetName"] for r in records.values()} == {
        "*",
        "*.westeurope-1",
        "*.westeurope-2",
        "*.westeurope-3",
    }
    assert {str(r.inputs["aRecords"]) for r in records.values()} == {str([{"ipv4Address": at}])}
    assert run.told["links"]["orders"]["addresses"] == [at]


def test_a_link_by_alias_is_a_request_and_its_zones_are_the_providers() -> None:
    run = linked(orders=LinkRequest(ALIAS, "kafka.partner.example"))
    endpoint = run.one(f"{CELL}-link-orders").inputs
    (connection,) = endpoint["manualPrivateLinkServiceConnections"]
    assert connection["privateLinkServiceId"] == ALIAS
    assert CELL in connection["requestMessage"]
    assert "privateLinkServiceConnections" not in endpoint
    assert f"{CELL}-link-orders-wildcard-northeurope-2" in run.of("privatedns:PrivateRecordSet")


def test_a_new_link_moves_no_other() -> None:
    one = linked(orders=LinkRequest(SERVICE, "a.internal"))
    two = linked(orders=LinkRequest(SERVICE, "a.internal"), audit=LinkRequest(ALIAS, "b.internal"))
    assert two.one(f"{CELL}-link-orders").inputs == one.one(f"{CELL}-link-orders").inputs
    assert {"link-audit", "link-orders"} <= names(two.of("network:PrivateEndpoint"))


def test_fixed_addresses_are_none_of_azures_and_not_the_gateways() -> None:
    for length in (20, 24, 28, 29):
        block = f"10.1.0.0/{length}"
        given = {addresses.endpoint(block, f"link-{n}") for n in range(300)}
        size = 2 ** (32 - length)
        last = {int(re.sub(r"^10\.1\.(\d+)\.(\d+)$", lambda m: str(int(m[1]) * 256 + int(m[2])), a)) for a in given}
        assert min(last) >= 4
        assert max(last) <= size - 2
