"""Azure: the gateway's load balancer, its names and its private link; who writes records; egress; existing networks."""

import json
from typing import Any

import pytest

from tests.components.clouds.azure_plan import (
    CELL,
    NETWORKS,
    OTHER,
    OTHERS,
    PUBLIC_ZONE,
    SMALL,
    SUBSCRIPTION,
    TENANT,
    ZONE,
    ZONES,
    Run,
    build,
    names,
)

PREFIX = "service.beta.kubernetes.io/azure-"
RECORD = "privatedns:PrivateRecordSet"
LINK = {"consumers": [OTHER, SUBSCRIPTION]}


def existing(**fields: Any) -> dict[str, Any]:
    def subnet(name: str, cidr: str) -> dict[str, str]:
        return {"id": f"{NETWORKS}/virtualNetworks/company/subnets/{name}", "cidr": cidr}

    zone = {"nodes": subnet("nodes", "10.77.0.0/22"), "load_balancers": subnet("front", "10.77.4.0/26")}
    return {"network": f"{NETWORKS}/virtualNetworks/company", "zones": {ZONES[0]: zone}, **fields}


@pytest.fixture(scope="module")
def private() -> Run:
    return build(network={"gateway": {"broker_ports": "9100-9139"}})


@pytest.fixture(scope="module")
def linked() -> Run:
    return build(SMALL, network={"reachability": "privatelink", "privatelink": LINK})


@pytest.fixture(scope="module")
def public() -> Run:
    return build(
        SMALL, network={"reachability": "public", "allowed_cidrs": ["203.0.113.0/24", "198.51.100.0/24"], "gateway": {}}
    )


@pytest.fixture(scope="module")
def inside() -> Run:
    return build(SMALL, network={"existing": existing(), "gateway": {}})


def test_a_private_gateway_has_a_fixed_address_in_the_first_zones_subnet(private: Run) -> None:
    said = private.outputs["service"]["annotations"]
    assert said == {
        f"{PREFIX}load-balancer-internal": "true",
        f"{PREFIX}load-balancer-internal-subnet": f"kf-{CELL}-load-balancers-1",
        f"{PREFIX}load-balancer-ipv4": "10.20.129.252",
        f"{PREFIX}load-balancer-tcp-idle-timeout": "30",
    }
    assert private.one(f"{CELL}-load-balancers-westeurope-1").inputs["addressPrefix"] == "10.20.128.0/23"
    assert private.outputs["service"]["type"] == "LoadBalancer"
    assert private.outputs["service"]["source_ranges"] == []
    assert private.outputs["gateway"] == {"address": "10.20.129.252"}
    assert private.outputs["objects"] == 0


def test_every_name_leads_to_the_gateway(private: Run) -> None:
    records = private.of(RECORD)
    assert {r.inputs["relativeRecordSetName"] for r in records.values()} == {"*", *(f"*.{zone}" for zone in ZONES)}
    for record in records.values():
        assert record.inputs["aRecords"] == [{"ipv4Address": "10.20.129.252"}]
        assert (record.inputs["recordType"], record.inputs["ttl"]) == ("A", 60)
        assert record.inputs["privateZoneName"] == f"{CELL}-dns"


@pytest.mark.parametrize("gate", ["nodes", "load-balancers"])
def test_the_gateways_ports_are_open_to_the_cell(private: Run, gate: str) -> None:
    rule = private.gate(gate)["allow-gateway-from-network"]
    assert rule["destinationPortRanges"] == ["443", "9100-9139"]
    assert rule["sourceAddressPrefix"] == "10.20.0.0/16"
    assert "allow-gateway-from-clients" not in private.gate(gate)


def test_clients_of_a_public_gateway_reach_its_ports(public: Run) -> None:
    rule = public.gate("nodes")["allow-gateway-from-clients"]
    assert rule["sourceAddressPrefixes"] == ["198.51.100.0/24", "203.0.113.0/24"]
    assert rule["destinationPortRange"] == "443"


def test_a_private_link_is_made_by_aks_from_the_service(linked: Run) -> None:
    said = linked.outputs["service"]["annotations"]
    pls = {key.removeprefix(f"{PREFIX}pls-"): value for key, value in said.items() if "-pls-" in key}
    assert pls == {
        "create": "true",
        "name": f"kf-{CELL}",
        "resource-group": f"kf-{CELL}-nodes",
        "ip-configuration-subnet": f"kf-{CELL}-link",
        "ip-configuration-ip-address-count": "1",
        "visibility": f"{SUBSCRIPTION} {OTHER}",
        "auto-approval": f"{SUBSCRIPTION} {OTHER}",
        "fqdns": ZONE,
        "proxy-protocol": "false",
    }
    assert said[f"{PREFIX}load-balancer-internal"] == "true"
    assert linked.one(f"{CELL}-aks").inputs["nodeResourceGroup"] == pls["resource-group"]
    subnet = linked.one(f"{CELL}-link").inputs
    assert (subnet["subnetName"], subnet["addressPrefix"]) == (pls["ip-configuration-subnet"], "10.20.154.0/24")
    assert subnet["privateLinkServiceNetworkPolicies"] == "Disabled"
    assert linked.one(f"{CELL}-nodes-westeurope-1").inputs["privateLinkServiceNetworkPolicies"] == "Enabled"


def test_what_a_consumer_writes_down_is_known_before_the_service_stands(linked: Run) -> None:
    assert linked.outputs["gateway"]["service"] == (
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/kf-{CELL}-nodes/providers/Microsoft.Network/privateLinkServices/"
        f"kf-{CELL}"
    )


def test_acceptance_by_hand_is_told_and_nothing_is_accepted_by_itself() -> None:
    run = build(
        SMALL,
        network={
            "reachability": "privatelink",
            "privatelink": {**LINK, "acceptance": "manual", "accepted": ["orders.1", "audit.2"]},
        },
    )
    said = run.outputs["service"]["annotations"]
    assert f"{PREFIX}pls-auto-approval" not in said
    assert said[f"{PREFIX}pls-visibility"] == f"{SUBSCRIPTION} {OTHER}"
    accept = [text for text in run.outputs["gateway"]["instructions"] if text.startswith("accept: ")]
    assert [text.split(" --name ")[1].split()[0] for text in accept] == ["audit.2", "orders.1"]


def test_a_public_gateway_has_an_address_that_only_allowed_ranges_reach(public: Run) -> None:
    address = public.one(f"{CELL}-gateway-address")
    assert address.inputs["publicIpAddressName"] == f"kf-{CELL}-gateway"
    assert (address.inputs["sku"]["name"], address.inputs["publicIPAllocationMethod"]) == ("Standard", "Static")
    assert address.inputs["resourceGroupName"] == public.one(f"{CELL}-aks").inputs["nodeResourceGroup"]
    assert f"{CELL}-aks" in address.after
    assert address.protect
    service = public.outputs["service"]
    assert service["annotations"] == {
        f"{PREFIX}pip-name": f"kf-{CELL}-gateway",
        f"{PREFIX}load-balancer-resource-group": f"kf-{CELL}-nodes",
        f"{PREFIX}load-balancer-tcp-idle-timeout": "30",
    }
    assert service["source_ranges"] == ["198.51.100.0/24", "203.0.113.0/24"]


def test_public_names_are_in_the_public_zone(public: Run) -> None:
    zone = public.one(f"{CELL}-public-dns")
    assert (zone.inputs["zoneName"], zone.inputs["zoneType"], zone.protect) == (PUBLIC_ZONE, "Public", True)
    assert public.told["name_servers"] == ["ns1.azure-dns.com.", "ns2.azure-dns.net."]
    assert not public.of(RECORD)
    records = public.of("dns:RecordSet")
    assert {r.inputs["relativeRecordSetName"] for r in records.values()} == {"*", "*.westeurope-1"}
    address = f"20.1.2.{len(f'{CELL}-gateway-address')}"
    assert {r.inputs["aRecords"][0]["ipv4Address"] for r in records.values()} == {address}
    assert public.outputs["public_zone"] == f"/id/{CELL}-public-dns"


def test_external_dns_may_write_the_cells_zone_and_read_its_group(private: Run) -> None:
    writes, lists = private.one(f"{CELL}-dns-writes-zone"), private.one(f"{CELL}-dns-lists-zones")
    assert writes.inputs["scope"] == f"/id/{CELL}-dns"
    assert writes.inputs["roleDefinitionId"].endswith("/b12aa53e-6015-4669-85d0-8515ebb3ae7f")
    assert lists.inputs["scope"] == f"/id/{CELL}-group"
    assert lists.inputs["roleDefinitionId"].endswith("/acdd72a7-3385-48ef-bd42-f606fba81ae7")
    assert {r.inputs["principalId"] for r in (writes, lists)} == {f"{CELL}-dns-identity-principal"}
    trusted = private.one(f"{CELL}-dns-federation").inputs
    assert trusted["issuer"] == "https://westeurope.oic.example/issuer/"
    assert trusted["subject"] == "system:serviceaccount:external-dns:external-dns"
    assert trusted["audiences"] == ["api://AzureADTokenExchange"]
    assert trusted["resourceName"] == f"{CELL}-dns-identity"


def test_external_dns_logs_in_with_the_pods_own_token(private: Run) -> None:
    values = private.outputs["dns_writer"]
    assert values["provider"] == {"name": "azure-private-dns"}
    assert values["serviceAccount"]["annotations"] == {
        "azure.workload.identity/client-id": f"{CELL}-dns-identity-client"
    }
    assert values["podLabels"] == {"azure.workload.identity/use": "true"}
    assert values["secretConfiguration"]["mountPath"] == "/etc/kubernetes"
    assert json.loads(values["secretConfiguration"]["data"]["azure.json"]) == {
        "resourceGroup": f"{CELL}-group",
        "subscriptionId": SUBSCRIPTION,
        "tenantId": TENANT,
        "useWorkloadIdentityExtension": True,
    }


def test_a_public_cells_external_dns_writes_the_public_zone_and_no_other(public: Run) -> None:
    assert public.outputs["dns_writer"]["provider"] == {"name": "azure"}
    writes = public.one(f"{CELL}-dns-writes-zone").inputs
    assert writes["scope"] == f"/id/{CELL}-public-dns"
    assert writes["roleDefinitionId"].endswith("/befefa01-2a29-4197-83a8-272ff33ce314")


def test_an_existing_network_is_used_and_not_touched(inside: Run) -> None:
    assert not [
        r.name
        for kind in ("VirtualNetwork", "Subnet", "NatGateway", "NetworkSecurityGroup", "RouteTable", "FlowLog")
        for r in inside.of(f"network:{kind}").values()
    ]
    assert names(inside.of("storage:StorageAccount")) == {"audit-logs"}
    network = f"{NETWORKS}/virtualNetworks/company"
    assert inside.outputs["network"] == network
    assert inside.outputs["node_subnets"] == {ZONES[0]: f"{network}/subnets/nodes"}
    assert inside.outputs["egress"] == []
    assert inside.one(f"{CELL}-dns-link").inputs["virtualNetwork"] == {"id": network}
    (pool,) = inside.one(f"{CELL}-aks").inputs["agentPoolProfiles"]
    assert pool["vnetSubnetID"] == f"{network}/subnets/nodes"
    said = inside.outputs["service"]["annotations"]
    assert said[f"{PREFIX}load-balancer-internal-subnet"] == "front"
    assert said[f"{PREFIX}load-balancer-ipv4"] == "10.77.4.60"


def test_an_existing_network_is_peered_where_it_stands() -> None:
    peering = {"network": f"{NETWORKS}/virtualNetworks/apps", "cidrs": ["10.90.0.0/16"]}
    run = build(SMALL, network={"reachability": "peering", "existing": existing(), "peerings": {"apps": peering}})
    half = run.one(f"{CELL}-peer-apps")
    assert (half.inputs["virtualNetworkName"], half.inputs["resourceGroupName"]) == ("company", "shared")
    assert half.provider == f"{CELL}-provider"


def test_in_an_existing_network_a_private_link_takes_addresses_of_the_front_subnet() -> None:
    run = build(SMALL, network={"reachability": "privatelink", "privatelink": LINK, "existing": existing()})
    said = run.outputs["service"]["annotations"]
    assert said[f"{PREFIX}pls-ip-configuration-subnet"] == said[f"{PREFIX}load-balancer-internal-subnet"] == "front"


def test_in_an_existing_network_a_public_api_lets_in_what_the_file_says() -> None:
    run = build(
        SMALL,
        network={"existing": existing()},
        kubernetes={"api": "public", "api_allowed_cidrs": ("203.0.113.0/24",)},
    )
    access = run.one(f"{CELL}-aks").inputs["apiServerAccessProfile"]
    assert access["authorizedIPRanges"] == ["203.0.113.0/24"]


def test_an_existing_zone_gets_the_records_where_it_stands() -> None:
    zone = f"{OTHERS}/privateDnsZones/{ZONE}"
    run = build(SMALL, network={"existing": existing(private_dns_zone=zone), "gateway": {}})
    assert not run.of("privatedns:PrivateZone")
    assert not run.of("privatedns:VirtualNetworkLink")
    record = run.one(f"{CELL}-gateway-wildcard")
    assert (record.inputs["privateZoneName"], record.inputs["resourceGroupName"]) == (ZONE, "theirs")
    assert record.provider == f"{CELL}-dns-provider"
    writes, lists = run.one(f"{CELL}-dns-writes-zone").inputs, run.one(f"{CELL}-dns-lists-zones").inputs
    assert (writes["scope"], lists["scope"]) == (zone, f"/subscriptions/{OTHER}/resourceGroups/theirs")
    assert writes["roleDefinitionId"].startswith(f"/subscriptions/{OTHER}/")


def test_a_zone_of_another_name_is_refused() -> None:
    with pytest.raises(ValueError, match=f"is the zone 'kafka.internal', and the cell's names are in '{ZONE}'"):
        build(SMALL, network={"existing": existing(private_dns_zone=f"{OTHERS}/privateDnsZones/kafka.internal")})


def test_with_egress_nodes_connect_to_what_is_listed_and_what_aks_needs() -> None:
    peering = {"network": f"{NETWORKS}/virtualNetworks/apps", "cidrs": ["10.90.0.0/16"]}
    run = build(
        SMALL,
        network={
            "reachability": "peering",
            "peerings": {"apps": peering},
            "egress": {"allowed_cidrs": ["203.0.113.0/24"]},
        },
    )
    out = run.gate("nodes", "Outbound")
    assert [r["priority"] for r in out.values()] == sorted(r["priority"] for r in out.values())
    assert out["allow-to-cell"]["destinationAddressPrefixes"] == ["10.20.0.0/16", "100.64.0.0/12"]
    assert out["allow-to-joined"]["destinationAddressPrefix"] == "10.90.0.0/16"
    assert out["allow-to-listed"]["destinationAddressPrefix"] == "203.0.113.0/24"
    assert {r["destinationAddressPrefix"] for r in out.values() if 200 <= r["priority"] < 4096} == {
        "AzureActiveDirectory",
        "AzureCloud.westeurope",
        "AzureFrontDoor.FirstParty",
        "AzureKeyVault",
        "AzureMonitor",
        "MicrosoftContainerRegistry",
        "Storage",
    }
    *_, last = out.values()
    assert (last["access"], last["destinationAddressPrefix"], last["priority"]) == ("Deny", "*", 4096)
    everywhere = [
        r["name"] for r in out.values() if r["access"] == "Allow" and r.get("destinationAddressPrefix") == "*"
    ]
    assert everywhere == ["allow-time"]
    assert not run.gate("load-balancers", "Outbound")


def test_without_egress_nothing_is_said_of_where_nodes_connect_to(private: Run) -> None:
    assert not private.gate("nodes", "Outbound")


def test_a_gateway_changes_nothing_of_the_cell_beneath_it(private: Run) -> None:
    plain = {r.name: r.inputs for r in build().custom}
    gates = {f"{CELL}-{gate}-gate" for gate in ("nodes", "load-balancers")}
    assert {r.name: r.inputs for r in private.custom if r.name in plain and r.name not in gates} == {
        name: inputs for name, inputs in plain.items() if name not in gates
    }
    assert names([r for r in private.custom if r.name not in plain]) == {
        "gateway-wildcard",
        *(f"gateway-wildcard-{zone}" for zone in ZONES),
    }
