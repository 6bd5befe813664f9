"""One good cell on Azure, for laws to be judged on."""

import copy
from typing import Any

from sandbox.contract import Record, Refusal
from tests.sandbox import azure_good_joins
from tests.sandbox.azure_world import GROUP, ROLE, TENANT, Inputs, World, changed


class Cell:
    """The good resources of one cell, in the order in which they are made; `inputs` can be changed before use."""

    def __init__(self, world: World | None = None) -> None:
        self.world = world or World()
        self.made: dict[str, Record] = {}
        self.inputs: dict[str, tuple[str, Inputs]] = {}
        for role, kind, inputs in self._good():
            self.inputs[role] = (kind, inputs)
            self.made[role] = self.world.add(kind, inputs)

    def id(self, role: str) -> str:
        return self.made[role].id

    def without(self, role: str) -> tuple[str, Inputs]:
        """Take a resource out of the world, and give its inputs to be judged as new."""
        self.world.records.remove(self.made[role])
        kind, inputs = self.inputs[role]
        return kind, copy.deepcopy(inputs)

    def new(self, role: str, *changes: tuple[str, Any], operation: str = "create") -> list[Refusal]:
        """Refusals of a resource made anew with changes at dotted paths; the value `...` takes a property away."""
        kind, inputs = self.without(role)
        return self.world.judge(operation, kind, changed(inputs, changes))

    def update(self, role: str, *changes: tuple[str, Any]) -> list[Refusal]:
        """Refusals of a change of what exists."""
        kind, inputs = self.inputs[role]
        return self.world.judge("update", kind, changed(copy.deepcopy(inputs), changes), self.made[role])

    def delete(self, role: str) -> list[Refusal]:
        """Refusals of a deletion."""
        kind, inputs = self.inputs[role]
        return self.world.judge("delete", kind, inputs, self.made[role])

    def _good(self) -> Any:
        here = {"resourceGroupName": "rg", "location": "westeurope"}
        inside = {"resourceGroupName": "rg"}
        yield "group", "resources:ResourceGroup", {"resourceGroupName": "rg", "location": "westeurope"}
        yield (
            "network",
            "network:VirtualNetwork",
            {
                **here,
                "virtualNetworkName": "vnet",
                "addressSpace": {"addressPrefixes": ["10.20.0.0/17", "10.20.128.0/20"]},
            },
        )
        yield (
            "address",
            "network:PublicIPAddress",
            {
                **here,
                "publicIpAddressName": "nat-1",
                "sku": {"name": "Standard"},
                "publicIPAllocationMethod": "Static",
                "zones": ["1"],
            },
        )
        yield (
            "nat",
            "network:NatGateway",
            {
                **here,
                "natGatewayName": "nat-1",
                "sku": {"name": "Standard"},
                "publicIpAddresses": [{"id": self.id("address")}],
                "zones": ["1"],
            },
        )
        rule = {
            "name": "allow-network",
            "priority": 100,
            "direction": "Inbound",
            "access": "Allow",
            "protocol": "Tcp",
            "sourceAddressPrefix": "VirtualNetwork",
            "sourcePortRange": "*",
            "destinationAddressPrefix": "*",
            "destinationPortRange": "9092-9199",
        }
        yield (
            "gate",
            "network:NetworkSecurityGroup",
            {**here, "networkSecurityGroupName": "nodes", "securityRules": [rule]},
        )
        route = {"name": "internet", "addressPrefix": "0.0.0.0/0", "nextHopType": "Internet"}
        yield "routes", "network:RouteTable", {**here, "routeTableName": "routes", "routes": [route]}
        yield (
            "subnet",
            "network:Subnet",
            {
                **inside,
                "virtualNetworkName": "vnet",
                "subnetName": "nodes-1",
                "addressPrefix": "10.20.0.0/26",
                "natGateway": {"id": self.id("nat")},
                "networkSecurityGroup": {"id": self.id("gate")},
                "routeTable": {"id": self.id("routes")},
            },
        )
        yield (
            "account",
            "storage:StorageAccount",
            {
                **here,
                "accountName": "kflogs",
                "kind": "StorageV2",
                "sku": {"name": "Standard_ZRS"},
                "encryption": {"requireInfrastructureEncryption": True},
            },
        )
        lifecycle = {
            "name": "retention",
            "type": "Lifecycle",
            "definition": {
                "actions": {"baseBlob": {"delete": {"daysAfterModificationGreaterThan": 7}}},
                "filters": {"blobTypes": ["appendBlob", "blockBlob"]},
            },
        }
        yield (
            "policy",
            "storage:ManagementPolicy",
            {**inside, "accountName": "kflogs", "managementPolicyName": "default", "policy": {"rules": [lifecycle]}},
        )
        yield (
            "flow log",
            "network:FlowLog",
            {
                "resourceGroupName": "NetworkWatcherRG",
                "location": "westeurope",
                "networkWatcherName": "NetworkWatcher_westeurope",
                "flowLogName": "flow",
                "targetResourceId": self.id("network"),
                "storageId": self.id("account"),
                "retentionPolicy": {"days": 7, "enabled": True},
            },
        )
        yield "zone", "privatedns:PrivateZone", {**inside, "location": "global", "privateZoneName": "cell.internal"}
        yield (
            "link",
            "privatedns:VirtualNetworkLink",
            {
                **inside,
                "location": "global",
                "privateZoneName": "cell.internal",
                "virtualNetworkLinkName": "cell",
                "registrationEnabled": False,
                "virtualNetwork": {"id": self.id("network")},
            },
        )
        for role in ("control", "kubelet", "disks"):
            yield role, "managedidentity:UserAssignedIdentity", {**here, "resourceName": f"id-{role}"}
        vault = {"tenantId": TENANT, "sku": {"family": "A", "name": "premium"}, "enableRbacAuthorization": True}
        yield (
            "vault",
            "keyvault:Vault",
            {**here, "vaultName": "kf-cell", "properties": {**vault, "enablePurgeProtection": True}},
        )
        key = {"kty": "RSA", "keySize": 3072}
        yield "key", "keyvault:Key", {**inside, "vaultName": "kf-cell", "keyName": "disks", "properties": key}
        yield self._grant("uses key", "e147488a-f6f5-4113-8e2d-b22465e65bf6", "vault", "disks", 1)
        yield self._grant("operates", "f1a07417-d97a-45cb-824c-7a7467783830", "kubelet", "control", 2)
        uri = self.made["key"].outputs["keyUriWithVersion"]
        yield (
            "disk set",
            "compute:DiskEncryptionSet",
            {
                **here,
                "diskEncryptionSetName": "disks",
                "encryptionType": "EncryptionAtRestWithCustomerKey",
                "activeKey": {"keyUrl": uri, "sourceVault": {"id": self.id("vault")}},
                "identity": {"type": "UserAssigned", "userAssignedIdentities": [self.id("disks")]},
            },
        )
        yield "cluster", "containerservice:ManagedCluster", self._cluster(here, uri)
        pool = self._pool("kafka1", "User", 8)
        del pool["name"]
        yield (
            "pool",
            "containerservice:AgentPool",
            {**inside, **pool, "resourceName": "cell", "agentPoolName": "kafka1", "nodeTaints": ["a=b:NoSchedule"]},
        )
        schedule = {"weekly": {"dayOfWeek": "Sunday", "intervalWeeks": 1}}
        yield (
            "window",
            "containerservice:MaintenanceConfiguration",
            {
                **inside,
                "resourceName": "cell",
                "configName": "aksManagedAutoUpgradeSchedule",
                "maintenanceWindow": {
                    "durationHours": 8,
                    "startTime": "02:00",
                    "utcOffset": "+00:00",
                    "schedule": schedule,
                },
            },
        )
        yield (
            "logs",
            "monitor:DiagnosticSetting",
            {
                "name": "audit",
                "resourceUri": self.id("cluster"),
                "storageAccountId": self.id("account"),
                "logs": [{"category": "kube-audit-admin", "enabled": True}],
            },
        )
        yield from azure_good_joins.good(self, here, inside)

    def _grant(self, name: str, role: str, scope: str, principal: str, number: int) -> tuple[str, str, Inputs]:
        return (
            name,
            "authorization:RoleAssignment",
            {
                "roleAssignmentName": f"00000000-0000-4000-8000-{number:012d}",
                "roleDefinitionId": ROLE + role,
                "scope": self.id(scope),
                "principalId": self.made[principal].outputs["principalId"],
                "principalType": "ServicePrincipal",
            },
        )

    def _pool(self, name: str, mode: str, most: int) -> Inputs:
        return {
            "name": name,
            "mode": mode,
            "vmSize": "Standard_D4ds_v5",
            "availabilityZones": ["1"],
            "vnetSubnetID": self.id("subnet"),
            "enableAutoScaling": True,
            "count": 1,
            "minCount": 1,
            "maxCount": most,
            "maxPods": 110,
            "osDiskSizeGB": 128,
            "orchestratorVersion": "1.34",
            "upgradeSettings": {"maxSurge": "1"},
        }

    def _cluster(self, here: Inputs, key: str) -> Inputs:
        return {
            **here,
            "resourceName": "cell",
            "dnsPrefix": "cell",
            "kubernetesVersion": "1.34",
            "nodeResourceGroup": "rg-nodes",
            "disableLocalAccounts": True,
            "diskEncryptionSetID": self.id("disk set"),
            "identity": {"type": "UserAssigned", "userAssignedIdentities": [self.id("control")]},
            "identityProfile": {"kubeletidentity": {"resourceId": self.id("kubelet")}},
            "aadProfile": {"managed": True, "adminGroupObjectIDs": [GROUP], "tenantID": TENANT},
            "apiServerAccessProfile": {"enablePrivateCluster": True, "privateDNSZone": "system"},
            "oidcIssuerProfile": {"enabled": True},
            "securityProfile": {
                "workloadIdentity": {"enabled": True},
                "azureKeyVaultKms": {"enabled": True, "keyId": key, "keyVaultNetworkAccess": "Public"},
            },
            "networkProfile": {
                "networkPlugin": "azure",
                "networkPluginMode": "overlay",
                "networkDataplane": "cilium",
                "networkPolicy": "cilium",
                "podCidr": "100.64.0.0/12",
                "serviceCidr": "10.20.160.0/20",
                "dnsServiceIP": "10.20.160.10",
                "outboundType": "userAssignedNATGateway",
            },
            "agentPoolProfiles": [self._pool("system1", "System", 2)],
        }
