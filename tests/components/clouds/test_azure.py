"""The Azure cell as the engine hears of it: every registration, recorded and then looked at as plain data."""

import base64
import ipaddress
import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

import components.clouds.azure
from components.cell.spec import CellSpec
from components.clouds.azure import ENTRY, access, ids, storage
from components.clouds.azure.kubernetes import certificate_authority
from components.clouds.azure.rules import POD_CIDR
from components.clouds.azure.spec import AzureSpec
from components.clouds.contract import ClusterAddress, NodePool
from components.clouds.machines import machines, volumes
from tests.components.clouds.azure_plan import (
    CA,
    CELL,
    GROUP,
    IDENTITY,
    SMALL,
    SPEC,
    SUBSCRIPTION,
    TENANT,
    ZONES,
    Run,
    build,
)


@pytest.fixture(scope="module")
def cell() -> Run:
    return build()


def test_a_cell_of_three_zones_is_made_of_these_types(cell: Run) -> None:
    assert Counter(r.type.removeprefix("azure-native:") for r in cell.custom) == {
        "authorization:RoleAssignment": 7,
        "compute:DiskEncryptionSet": 1,
        "containerservice:AgentPool": 5,
        "containerservice:MaintenanceConfiguration": 2,
        "containerservice:ManagedCluster": 1,
        "keyvault:Key": 2,
        "keyvault:Vault": 1,
        "managedidentity:FederatedIdentityCredential": 1,
        "managedidentity:UserAssignedIdentity": 4,
        "monitor:DiagnosticSetting": 1,
        "network:FlowLog": 1,
        "network:NatGateway": 3,
        "network:NetworkSecurityGroup": 2,
        "network:PublicIPAddress": 3,
        "network:RouteTable": 1,
        "network:Subnet": 6,
        "network:VirtualNetwork": 1,
        "privatedns:PrivateZone": 1,
        "privatedns:VirtualNetworkLink": 1,
        "resources:ResourceGroup": 1,
        "storage:ManagementPolicy": 2,
        "storage:StorageAccount": 2,
    }


def test_component_tokens_are_the_fleets(cell: Run) -> None:
    assert {r.type for r in cell.seen if not r.type.startswith(("azure-native", "pulumi:"))} == {
        "kafkafleet:clouds:Network",
        "kafkafleet:clouds:Kubernetes",
    }


def test_every_resource_has_its_component_as_parent_and_the_cells_provider(cell: Run) -> None:
    assert cell.one(f"{CELL}-provider").type == "pulumi:providers:azure-native"
    for r in cell.custom:
        assert r.parent in {f"{CELL}-network", f"{CELL}-kubernetes"}, r.name
        assert r.provider == f"{CELL}-provider", r.name


def test_the_provider_is_pinned_to_subscription_and_tenant(cell: Run) -> None:
    given = cell.one(f"{CELL}-provider").inputs
    assert (given["subscriptionId"], given["tenantId"]) == (SUBSCRIPTION, TENANT)


def test_logical_names_are_unique_and_have_no_index(cell: Run) -> None:
    names = [r.name for r in cell.custom]
    assert len(set(names)) == len(names)
    assert all(name.startswith(f"{CELL}-") for name in names)


def test_what_holds_or_carries_data_is_protected_in_production_only(cell: Run) -> None:
    protected = Counter(r.type.removeprefix("azure-native:") for r in cell.custom if r.protect)
    assert protected == {
        "authorization:RoleAssignment": 3,
        "compute:DiskEncryptionSet": 1,
        "containerservice:AgentPool": 3,
        "containerservice:ManagedCluster": 1,
        "keyvault:Key": 2,
        "keyvault:Vault": 1,
        "managedidentity:UserAssignedIdentity": 3,
        "network:Subnet": 6,
        "network:VirtualNetwork": 1,
        "privatedns:PrivateZone": 1,
        "resources:ResourceGroup": 1,
        "storage:StorageAccount": 2,
    }
    assert not [r.name for r in build(replace(SMALL, production=False)).seen if r.protect]


def test_everything_that_takes_tags_has_them(cell: Run) -> None:
    without = {r.type.removeprefix("azure-native:") for r in cell.custom if r.inputs.get("tags") != IDENTITY.tags}
    assert without == {
        "authorization:RoleAssignment",
        "containerservice:MaintenanceConfiguration",
        "managedidentity:FederatedIdentityCredential",
        "monitor:DiagnosticSetting",
        "network:Subnet",
        "storage:ManagementPolicy",
    }


def test_subnets_come_from_the_layout_and_wait_for_one_another(cell: Run) -> None:
    subnets = cell.of("network:Subnet")
    assert subnets[f"{CELL}-nodes-westeurope-2"].inputs["addressPrefix"] == "10.20.16.0/20"
    order = [f"{CELL}-{role}-{zone}" for role in ("nodes", "load-balancers") for zone in ZONES]
    for before, after in pairwise(order):
        assert before in subnets[after].after
    assert all(s.inputs["defaultOutboundAccess"] is False for s in subnets.values())


def test_a_new_zone_moves_no_subnet_and_no_pool(cell: Run) -> None:
    two = build(replace(IDENTITY, zones=ZONES[:2]))
    for kind in ("network:Subnet", "containerservice:AgentPool", "network:NatGateway"):
        for name, r in two.of(kind).items():
            assert cell.of(kind)[name].inputs == r.inputs
    assert cell.one(f"{CELL}-aks").inputs == two.one(f"{CELL}-aks").inputs


def test_the_virtual_network_leaves_out_what_kubernetes_must_have_outside(cell: Run) -> None:
    (inputs,) = [r.inputs for r in cell.of("network:VirtualNetwork").values()]
    assert inputs["addressSpace"]["addressPrefixes"] == ["10.20.0.0/17", "10.20.128.0/20", "10.20.144.0/20"]
    space = [
        ipaddress.IPv4Network(p)
        for r in cell.of("network:VirtualNetwork").values()
        for p in r.inputs["addressSpace"]["addressPrefixes"]
    ]
    profile = cell.of("containerservice:ManagedCluster")[f"{CELL}-aks"].inputs["networkProfile"]
    for taken in (profile["serviceCidr"], profile["podCidr"]):
        assert not any(ipaddress.IPv4Network(taken).overlaps(part) for part in space)
    assert ipaddress.IPv4Address(profile["dnsServiceIP"]) in ipaddress.IPv4Network(profile["serviceCidr"])


def test_nat_is_one_a_zone_with_an_address_in_the_same_zone(cell: Run) -> None:
    for name, gateway in cell.of("network:NatGateway").items():
        address = cell.one(name.replace("-nat-", "-nat-address-"))
        assert gateway.inputs["zones"] == address.inputs["zones"] == [name[-1]]
        assert gateway.inputs["sku"]["name"] == address.inputs["sku"]["name"] == "Standard"


def test_a_single_nat_stands_in_no_zone_and_serves_all() -> None:
    run = build(network={"nat": "single"})
    (gateway,) = run.of("network:NatGateway").values()
    assert "zones" not in gateway.inputs
    nodes = [s for n, s in run.of("network:Subnet").items() if "-nodes-" in n]
    assert {s.inputs["natGateway"]["id"] for s in nodes} == {f"/id/{CELL}-nat"}
    assert len(run.outputs["egress"]) == 1


@pytest.mark.parametrize("gate", ["nodes", "load-balancers"])
def test_rules_are_sorted_and_end_with_a_denial(cell: Run, gate: str) -> None:
    rules = cell.of("network:NetworkSecurityGroup")[f"{CELL}-{gate}-gate"].inputs["securityRules"]
    priorities = [r["priority"] for r in rules]
    assert priorities == sorted(set(priorities))
    assert (rules[-1]["access"], rules[-1]["sourceAddressPrefix"]) == ("Deny", "*")
    assert not [r for r in rules if r["access"] == "Allow" and r.get("sourceAddressPrefix") in {"*", "Internet"}]


def test_only_public_cells_let_allowed_ranges_in_and_in_any_order_the_same() -> None:
    def clients(*cidrs: str, reachability: str = "public") -> list[Any]:
        run = build(SMALL, network={"reachability": reachability, "allowed_cidrs": cidrs})
        return run.of("network:NetworkSecurityGroup")[f"{CELL}-nodes-gate"].inputs["securityRules"]

    one, other = "203.0.113.0/24", "198.51.100.0/24"
    assert clients(one, other) == clients(other, one)
    assert one in str(clients(one, other))
    assert one not in str(clients(one, other, reachability="private"))


def test_kafka_is_reached_from_the_cells_own_ranges_and_never_from_a_tag(cell: Run) -> None:
    for gate in ("nodes", "load-balancers"):
        rules = cell.gate(gate)
        assert rules["allow-kafka-from-network"]["sourceAddressPrefix"] == "10.20.0.0/16"
        assert rules["allow-kafka-from-network"]["destinationPortRange"] == "9092-9199"
        assert not [rule for rule in rules.values() if "VirtualNetwork" in str(rule)]
        assert not [name for name in rules if "gateway" in name]


def test_flow_logs_are_kept_as_long_as_the_cell_says() -> None:
    run = build(SMALL, network={"flow_logs_retention_days": 7})
    assert run.one(f"{CELL}-flow-log").inputs["retentionPolicy"] == {"days": 7, "enabled": True}
    policy = run.one(f"{CELL}-flow-logs-retention").inputs["policy"]["rules"][0]["definition"]["actions"]
    assert policy["baseBlob"]["delete"]["daysAfterModificationGreaterThan"] == 7
    assert run.one(f"{CELL}-flow-logs").inputs["networkRuleSet"]["defaultAction"] == "Deny"


def test_kafka_nodes_are_tainted_labelled_and_one_pool_a_zone(cell: Run) -> None:
    pools = {n: r for n, r in cell.of("containerservice:AgentPool").items() if "-kafka-" in n}
    assert [r.inputs["availabilityZones"] for r in pools.values()] == [["1"], ["2"], ["3"]]
    for name, pool in pools.items():
        assert pool.inputs["nodeTaints"] == ["dedicated=kafka:NoSchedule"]
        assert pool.inputs["nodeLabels"] == {"dedicated": "kafka"}
        assert pool.inputs["vnetSubnetID"] == f"/id/{CELL}-nodes-{name[-12:]}"
        assert pool.inputs["enableEncryptionAtHost"] is True
        assert pool.ignore == ("count",)
        assert re.fullmatch("[a-z][a-z0-9]{0,11}", pool.inputs["agentPoolName"])


def test_the_first_zones_system_pool_comes_with_the_cluster_and_the_others_alone(cell: Run) -> None:
    cluster = cell.one(f"{CELL}-aks")
    assert [p["name"] for p in cluster.inputs["agentPoolProfiles"]] == ["system1"]
    assert cluster.ignore == ("agentPoolProfiles[0].count",)
    assert {n for n in cell.of("containerservice:AgentPool") if "-system-" in n} == {
        f"{CELL}-system-westeurope-2",
        f"{CELL}-system-westeurope-3",
    }


def test_nobody_logs_in_but_through_entra(cell: Run) -> None:
    cluster = cell.one(f"{CELL}-aks").inputs
    assert cluster["disableLocalAccounts"] is True
    assert cluster["aadProfile"] == {
        "managed": True,
        "enableAzureRBAC": False,
        "adminGroupObjectIDs": [GROUP],
        "tenantID": TENANT,
    }


def test_a_private_api_has_no_public_name_and_a_public_one_lets_the_nodes_in() -> None:
    private = build(SMALL).one(f"{CELL}-aks").inputs["apiServerAccessProfile"]
    assert private["enablePrivateCluster"] is True
    assert "authorizedIPRanges" not in private
    run = build(SMALL, kubernetes={"api": "public", "api_allowed_cidrs": ("203.0.113.0/24", "198.51.100.0/24")})
    ranges = run.one(f"{CELL}-aks").inputs["apiServerAccessProfile"]["authorizedIPRanges"]
    assert ranges == sorted(ranges)
    assert {f"{ip}/32" for ip in run.outputs["egress"]} < set(ranges)
    assert (run.outputs["endpoint"], run.outputs["ca"]) == ("https://c.hcp.westeurope.azmk8s.io:443", CA)


def test_a_cluster_waits_for_the_network_and_for_its_rights(cell: Run) -> None:
    waits = set(cell.one(f"{CELL}-aks").after)
    assert {f"{CELL}-nodes-{zone}" for zone in ZONES} < waits
    ours = {name for name in cell.of("authorization:RoleAssignment") if "-dns-" not in name}
    assert ours < waits


def test_keys_are_never_purged_and_disks_follow_a_new_version(cell: Run) -> None:
    vault = cell.one(f"{CELL}-vault").inputs["properties"]
    assert vault["enablePurgeProtection"] is True
    assert vault["enableRbacAuthorization"] is True
    assert cell.one(f"{CELL}-disks").inputs["rotationToLatestKeyVersionEnabled"] is True
    assert cell.outputs["disk_key"] == f"/id/{CELL}-disks"


def test_role_assignments_are_named_by_what_they_are_for(cell: Run) -> None:
    roles = cell.of("authorization:RoleAssignment")
    names = {r.inputs["roleAssignmentName"] for r in roles.values()}
    assert len(names) == len(roles)
    assert all(re.fullmatch(ENTRY.account_pattern, name) for name in names)
    assert (
        ids.role_assignment(IDENTITY, "reader", "control-reads-disks-key")
        == (roles[f"{CELL}-control-reads-disks-key"].inputs["roleAssignmentName"])
    )


def test_every_field_of_the_section_reaches_the_plan() -> None:
    plain = [r.inputs for r in build(SMALL).seen]
    changed: dict[str, Any] = {
        "tenant_id": GROUP,
        "network_watcher_resource_group": "watchers",
        "maintenance_day": "Tuesday",
        "maintenance_start_utc": "05:00",
    }
    assert set(changed) == set(AzureSpec.model_fields)
    for key, value in changed.items():
        other = build(SMALL, spec=SPEC.model_copy(update={key: value}))
        assert [r.inputs for r in other.seen] != plain, key


def test_a_second_construction_says_the_same(cell: Run) -> None:
    again = build(replace(IDENTITY, zones=ZONES[::-1]))
    assert [(r.name, r.inputs) for r in again.custom] == [(r.name, r.inputs) for r in cell.custom]


def test_a_system_pool_without_nodes_is_refused() -> None:
    with pytest.raises(ValueError, match="least_per_zone is 0; AKS wants at least 1 node"):
        build(SMALL, kubernetes={"system_nodes": NodePool("Standard_D2ds_v5", 0, 2)})


def test_names_that_are_unique_in_all_of_azure_fit_its_rules() -> None:
    for cell_name in ("a", "az-weu-prod", "a" * 40, "a--b--c"):
        identity = replace(IDENTITY, cell=cell_name)
        assert re.fullmatch(r"[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]", ids.vault(identity))
        assert re.fullmatch(r"[a-z0-9]{3,24}", ids.storage_account(identity, "audit"))
        assert ids.storage_account(identity, "audit") != ids.storage_account(identity, "flow")


def test_access_and_storage_are_pure_and_say_what_azure_wants() -> None:
    address = ClusterAddress("azure", SUBSCRIPTION, "westeurope", "c", "/id/c", "https://c", CA)
    credential = access.exec_credential(address)
    assert credential["command"] == "kubelogin"
    assert access.AKS_SERVER_APP in credential["args"]
    assert access.subject(GROUP, "kafka-fleet:apps") == {
        "kind": "Group",
        "name": GROUP,
        "apiGroup": "rbac.authorization.k8s.io",
    }
    classes = storage.storage_classes("/id/des")
    assert [c.name for c in classes] == ["kafka", "kafka-fast"]
    for found in classes:
        fact = volumes("azure")[found.name]
        assert found.parameters["cachingMode"] == "None"
        assert found.parameters["diskEncryptionSetID"] == "/id/des"
        assert int(found.parameters["DiskIOPSReadWrite"]) == fact.iops
        assert int(found.parameters["DiskMBpsReadWrite"]) == fact.throughput_mb_per_s


def test_machines_name_their_source_and_leave_room_for_the_system() -> None:
    for machine in machines("azure").values():
        assert machine.source
        assert machine.allocatable_cpu < machine.vcpu
        assert machine.allocatable_memory_gib < machine.memory_gib


def test_a_kubeconfig_without_an_authority_is_an_error() -> None:
    text = "clusters: [{name: c, cluster: {certificate-authority-data: ''}}]"
    with pytest.raises(ValueError, match="names no certificate authority"):
        certificate_authority(base64.b64encode(text.encode()).decode())


@pytest.mark.parametrize(
    ("zone", "slot"), [("westeurope-1", "1"), ("eastus2-3", "3"), ("westeurope-4", None), ("westeurope1", None)]
)
def test_zones_are_written_with_their_region(zone: str, slot: str | None) -> None:
    match = re.fullmatch(ENTRY.zone_pattern, zone)
    assert (match["slot"] if match else None) == slot


def test_pods_have_room_for_every_node_that_a_cell_may_declare() -> None:
    assert ipaddress.IPv4Network(POD_CIDR).num_addresses // 256 >= 2 * 8 * 200


@pytest.mark.parametrize("name", ["minimal", "full"])
def test_examples_are_cells_and_the_full_one_says_everything(name: str) -> None:
    text = (Path(components.clouds.azure.__file__).parent / "examples" / f"{name}.yaml").read_text("utf-8")
    spec = CellSpec.model_validate(yaml.safe_load(text))
    assert re.fullmatch(ENTRY.region_pattern, spec.region)
    assert all(re.fullmatch(ENTRY.zone_pattern, zone) for zone in spec.zones)
    assert all(
        re.fullmatch(ENTRY.principal_pattern, one)
        for one in spec.kubernetes.access.model_dump(exclude_none=True).values()
    )
    assert re.fullmatch(ENTRY.account_pattern, spec.account)
    assert {spec.kubernetes.kafka_nodes.machine, spec.kubernetes.system_nodes.machine} <= set(machines("azure"))
    if name == "full":
        assert spec.section().model_fields_set == set(AzureSpec.model_fields)
