"""Each law of Azure, green on a good cell and red where one thing is wrong, with its words."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.api.azure import schema
from sandbox.clouds.azure.facts import facts
from sandbox.contract import Record, Refusal, Request, Scope
from tests.sandbox.azure_world import (
    GROUP,
    MODEL,
    OTHER,
    ROLE,
    SCOPE,
    SUBSCRIPTION,
    TENANT,
    UNKNOWN,
    Cell,
    World,
    changed,
    token,
)

Case = tuple[str, Callable[[Cell], list[Refusal]], str, str]
Change = tuple[str, Any]


def new(role: str, *changes: Change) -> Callable[[Cell], list[Refusal]]:
    return lambda cell: cell.new(role, *changes)


def update(role: str, *changes: Change) -> Callable[[Cell], list[Refusal]]:
    return lambda cell: cell.update(role, *changes)


def delete(role: str) -> Callable[[Cell], list[Refusal]]:
    return lambda cell: cell.delete(role)


def gone(missing: str, role: str) -> Callable[[Cell], list[Refusal]]:
    """A resource made when another one that it needs does not exist."""

    def case(cell: Cell) -> list[Refusal]:
        cell.world.records.remove(cell.made[missing])
        return cell.new(role)

    return case


def twin(role: str, *changes: Change) -> Callable[[Cell], list[Refusal]]:
    """A second resource like one that exists."""

    def case(cell: Cell) -> list[Refusal]:
        kind, inputs = cell.inputs[role]
        return cell.world.judge("create", kind, changed(copy.deepcopy(inputs), changes))

    return case


def elsewhere(role: str, path: str, other: str) -> Callable[[Cell], list[Refusal]]:
    """A reference to the same thing in another subscription."""
    return lambda cell: cell.new(role, (path, cell.id(other).replace(SUBSCRIPTION, OTHER)))


RULE = "securityRules.0"
POOL = "agentPoolProfiles.0"
NET = "networkProfile"
API = "apiServerAccessProfile"

RED: list[Case] = [
    ("group name", new("group", ("resourceGroupName", "a b")), "InvalidResourceGroup", "the name 'a b' is not valid"),
    ("group period", new("group", ("resourceGroupName", "rg.")), "InvalidResourceGroup", "ends with a period"),
    (
        "group region",
        new("group", ("location", "westeurop")),
        "LocationNotAvailableForResourceType",
        "'westeurop' is not",
    ),
    ("group not empty", delete("group"), "resource-group-not-empty", "still holds azure-native:network:VirtualNetwork"),
    ("no group", gone("group", "network"), "ResourceGroupNotFound", "Resource group 'rg' could not be found."),
    ("vnet name", new("network", ("virtualNetworkName", "-v")), "InvalidResourceName", "the name '-v' is not valid"),
    ("vnet no space", new("network", ("addressSpace", ...)), "InvalidRequestFormat", "must have an address space"),
    (
        "vnet host bits",
        new("network", ("addressSpace.addressPrefixes.0", "10.20.0.1/17")),
        "InvalidCIDRNotation",
        "it should be '10.20.0.0/17'",
    ),
    (
        "vnet overlap",
        new("network", ("addressSpace.addressPrefixes.1", "10.20.64.0/20")),
        "address-space-overlaps",
        "10.20.0.0/17 and 10.20.64.0/20",
    ),
    (
        "vnet shrinks",
        update("network", ("addressSpace.addressPrefixes.0", "10.21.0.0/17")),
        "InUsePrefixCannotBeDeleted",
        "IpPrefix that holds 10.20.0.0/26 on Vnet vnet has active allocations",
    ),
    ("vnet in use", delete("network"), "InUseSubnetCannotBeDeleted", "Subnet nodes-1 is in use by"),
    ("subnet name", new("subnet", ("subnetName", "a/b")), "InvalidResourceName", "the name 'a/b' is not valid"),
    ("subnet without network", gone("network", "subnet"), "ParentResourceNotFound", "virtualNetworks/vnet' could not"),
    ("subnet no range", new("subnet", ("addressPrefix", ...)), "InvalidRequestFormat", "must have an address prefix"),
    (
        "subnet bad range",
        new("subnet", ("addressPrefix", "10.20.0.0")),
        "NetcfgInvalidSubnet",
        "the smallest subnet is",
    ),
    (
        "subnet no cidr",
        new("subnet", ("addressPrefix", "10.20/16")),
        "InvalidCIDRNotation",
        "'10.20/16' has an invalid",
    ),
    (
        "subnet too small",
        new("subnet", ("addressPrefix", "10.20.0.0/30")),
        "NetcfgInvalidSubnet",
        "Azure keeps 5 of them",
    ),
    (
        "subnet outside",
        new("subnet", ("addressPrefix", "10.30.0.0/24")),
        "NetcfgSubnetRangeOutsideVnet",
        "is outside the IP address range of virtual network 'vnet'",
    ),
    (
        "subnet overlap",
        twin("subnet", ("subnetName", "nodes-2"), ("addressPrefix", "10.20.0.32/27")),
        "NetcfgSubnetRangesOverlap",
        "overlaps with that of an existing subnet in virtual network 'vnet' (nodes-1: 10.20.0.0/26)",
    ),
    (
        "subnet without nat",
        gone("nat", "subnet"),
        "InvalidResourceReference",
        "natGateways/nat-1 referenced by resource it",
    ),
    (
        "subnet without gate",
        gone("gate", "subnet"),
        "InvalidResourceReference",
        "networkSecurityGroups/nodes referenced",
    ),
    ("subnet without routes", gone("routes", "subnet"), "InvalidResourceReference", "routeTables/routes referenced by"),
    (
        "subnet with another subscription's gate",
        elsewhere("subnet", "networkSecurityGroup.id", "gate"),
        "LinkedAuthorizationFailed",
        f"is in subscription '{OTHER}'",
    ),
    (
        "subnet moved in use",
        update("subnet", ("addressPrefix", "10.20.1.0/26")),
        "InUseSubnetCannotBeUpdated",
        "its range 10.20.0.0/26 cannot be changed",
    ),
    (
        "address dynamic",
        new("address", ("publicIPAllocationMethod", "Dynamic")),
        "StandardSkuPublicIPAddressesMustBeStatic",
        "must have AllocationMethod set to Static",
    ),
    (
        "address basic",
        new("address", ("sku", ...)),
        "IPv4BasicSkuPublicIpCountLimitReached",
        "set sku.name to Standard",
    ),
    ("address zone", new("address", ("zones", ["4"])), "AvailabilityZoneNotSupported", "The zone '4' is not supported"),
    (
        "address moved",
        update("address", ("zones", ["2"])),
        "ResourceAvailabilityZonesCannotBeModified",
        "from ['1'] to ['2']",
    ),
    (
        "nat zones",
        new("nat", ("zones", ["1", "2"])),
        "NatGatewayMultipleZones",
        "in one zone or in none, and 2 are given",
    ),
    ("nat sku", new("nat", ("sku.name", "Basic")), "InvalidNatGatewaySku", "'Basic' is not modelled"),
    (
        "nat other zone",
        new("nat", ("zones", ["2"])),
        "NatGatewayPublicIpZoneMismatch",
        "NAT gateway in zone 2 and public",
    ),
    (
        "nat without address",
        gone("address", "nat"),
        "InvalidResourceReference",
        "publicIPAddresses/nat-1 referenced by",
    ),
    (
        "nat takes a taken address",
        twin("nat", ("natGatewayName", "nat-2")),
        "PublicIPAddressInUse",
        "already allocated to",
    ),
    (
        "route range",
        new("routes", ("routes.0.addressPrefix", "0.0.0.1/0")),
        "InvalidCIDRNotation",
        "of route 'internet'",
    ),
    (
        "route hop",
        new("routes", ("routes.0.nextHopType", "VirtualAppliance")),
        "InvalidRouteNextHop",
        "next hop VirtualApp",
    ),
    (
        "route twice",
        new("routes", ("routes.1", {"name": "Internet", "addressPrefix": "10.0.0.0/8", "nextHopType": "None"})),
        "DuplicateResourceName",
        "two routes are named 'Internet'",
    ),
    (
        "rule priority",
        new("gate", (f"{RULE}.priority", 99)),
        "SecurityRuleInvalidPriority",
        "Value provided: 99 Allowed",
    ),
    (
        "rule conflict",
        lambda cell: cell.new("gate", ("securityRules.1", {**cell.inputs["gate"][1]["securityRules"][0], "name": "b"})),
        "SecurityRuleConflict",
        "Security rule b conflicts with rule allow-network.",
    ),
    (
        "rule port",
        new("gate", (f"{RULE}.destinationPortRange", "9199-9092")),
        "SecurityRuleInvalidPortRange",
        "9199-9092",
    ),
    ("rule prefix", new("gate", (f"{RULE}.sourceAddressPrefix", "vnet")), "SecurityRuleInvalidAddressPrefix", "vnet"),
    (
        "rule both",
        new("gate", (f"{RULE}.sourceAddressPrefixes", ["10.0.0.0/8"])),
        "SecurityRuleParameterContainsBoth",
        "has both 'sourceAddressPrefix' and 'sourceAddressPrefixes'",
    ),
    (
        "rule none",
        new("gate", (f"{RULE}.sourcePortRange", ...)),
        "SecurityRuleParameterNotSpecified",
        "neither 'sourcePort",
    ),
    (
        "account name",
        new("account", ("accountName", "kf-logs")),
        "AccountNameInvalid",
        "3 to 24 lower-case letters and",
    ),
    ("account tier", new("account", ("kind", "BlobStorage")), "AccountPropertyIsInvalid", "needs an access tier"),
    (
        "account for life",
        update("account", ("encryption.requireInfrastructureEncryption", False)),
        "AccountPropertyCannotBeUpdated",
        "from True to False is not allowed",
    ),
    ("policy name", new("policy", ("managementPolicyName", "mine")), "InvalidUri", "it is named 'default'"),
    ("policy alone", gone("account", "policy"), "ParentResourceNotFound", "storageAccounts/kflogs' could not be found"),
    (
        "policy blob",
        new("policy", ("policy.rules.0.definition.filters.blobTypes", ["pageBlob"])),
        "InvalidRequestPropertyValue",
        "filters pageBlob: allowed are appendBlob and blockBlob",
    ),
    (
        "policy tier",
        new("policy", ("policy.rules.0.definition.actions.baseBlob", {"tierToCool": {}})),
        "InvalidRequestPropertyValue",
        "moves append blobs to another tier",
    ),
    ("flow log days", new("flow log", ("retentionPolicy.days", 400)), "InvalidRetentionDays", "and 400 are given"),
    (
        "flow log watcher",
        new("flow log", ("networkWatcherName", "NetworkWatcher_eastus")),
        "ParentResourceNotFound",
        "the parent resource 'NetworkWatcher_eastus' in 'NetworkWatcherRG' could not be found",
    ),
    ("flow log twice", twin("flow log", ("flowLogName", "b")), "FlowLogAlreadyExistsForTarget", "has the flow log"),
    (
        "flow log without account",
        gone("account", "flow log"),
        "InvalidResourceReference",
        "storageAccounts/kflogs refer",
    ),
    (
        "zone region",
        new("zone", ("location", "westeurope")),
        "LocationNotAvailableForResourceType",
        "regions is 'global'",
    ),
    ("zone name", new("zone", ("privateZoneName", "cell.internal.")), "BadRequest", "with no final dot"),
    ("zone label", new("zone", ("privateZoneName", "internal")), "BadRequest", "must have 2 to 34 labels"),
    ("zone reserved", new("zone", ("privateZoneName", "kf.azure.com")), "BadRequest", "is reserved by Azure"),
    ("zone linked", delete("zone"), "CannotDeleteResource", "before nested resources are deleted"),
    (
        "link without zone",
        gone("zone", "link"),
        "ParentResourceNotFound",
        "privateDnsZones/cell.internal' could not be",
    ),
    ("link twice", twin("link", ("virtualNetworkLinkName", "b")), "BadRequest", "cannot be linked to multiple zones"),
    ("identity name", new("control", ("resourceName", "id")), "InvalidIdentityName", "3 to 128 letters"),
    ("role name", new("uses key", ("roleAssignmentName", "uses-key")), "InvalidRoleAssignmentId", "it must be a GUID"),
    (
        "role unknown",
        new("uses key", ("roleDefinitionId", ROLE + GROUP)),
        "RoleDefinitionDoesNotExist",
        f"'{GROUP}' does not",
    ),
    (
        "role principal",
        new("uses key", ("principalId", GROUP)),
        "PrincipalNotFound",
        f"Principal {GROUP} does not exist",
    ),
    ("role scope", gone("vault", "uses key"), "ResourceNotFound", "vaults/kf-cell' under which a role is given"),
    ("role no scope", new("uses key", ("scope", "rg")), "InvalidScope", "scope 'rg' is not an id"),
    ("role elsewhere", elsewhere("uses key", "scope", "vault"), "LinkedAuthorizationFailed", "in another subscription"),
    (
        "role twice",
        twin("uses key", ("roleAssignmentName", GROUP)),
        "RoleAssignmentExists",
        "The role assignment already exists",
    ),
    ("vault name", new("vault", ("vaultName", "kf--cell")), "VaultNameNotValid", "without two hyphens in a row"),
    (
        "vault tenant",
        new("vault", ("properties.tenantId", "contoso")),
        "BadRequest",
        "tenantId 'contoso' is not a GUID",
    ),
    (
        "vault days",
        new("vault", ("properties.softDeleteRetentionInDays", 91)),
        "BadRequest",
        "must be between 7 and 90",
    ),
    (
        "purge protection off",
        update("vault", ("properties.enablePurgeProtection", False)),
        "BadRequest",
        "Enabling the purge protection for a vault is an irreversible action.",
    ),
    (
        "purge protection left out",
        update("vault", ("properties.enablePurgeProtection", ...)),
        "BadRequest",
        "cannot be left out",
    ),
    (
        "vault retention changed",
        update("vault", ("properties.softDeleteRetentionInDays", 30)),
        "BadRequest",
        "from 90 to 30",
    ),
    (
        "vault soft delete",
        new("vault", ("properties.enableSoftDelete", False)),
        "BadRequest",
        "every vault has soft delete",
    ),
    (
        "vault policies",
        new("vault", ("properties.enableRbacAuthorization", False)),
        "BadRequest",
        "accessPolicies is not",
    ),
    ("vault with keys", delete("vault"), "vault-not-empty", "still has key"),
    ("key size", new("key", ("properties.keySize", 1024)), "BadRequest", "2048, 3072 or 4096 bits, not 1024"),
    ("key curve", new("key", ("properties.kty", "EC")), "BadRequest", "has a curve and no size"),
    ("key alone", gone("vault", "key"), "ParentResourceNotFound", "vaults/kf-cell' could not be found"),
    (
        "disks without vault",
        gone("vault", "disk set"),
        "KeyVaultNotFound",
        "vaults/kf-cell referenced by resource it was",
    ),
    ("disks without key", gone("key", "disk set"), "KeyVaultKeyNotFound", "was not found in its vault"),
    (
        "disks without right",
        gone("uses key", "disk set"),
        "KeyVaultAccessForbidden",
        "Key Vault Crypto Service Encryption",
    ),
    ("disks without identity", new("disk set", ("identity", ...)), "InvalidParameter", "needs an identity"),
    ("cluster name", new("cluster", ("resourceName", "cell-")), "InvalidParameter", "the name 'cell-' is not valid"),
    ("cluster prefix", new("cluster", ("dnsPrefix", "-cell")), "InvalidParameter", "dnsPrefix '-cell' is invalid"),
    ("cluster no prefix", new("cluster", ("dnsPrefix", ...)), "InvalidParameter", "exactly one of dnsPrefix and"),
    ("cluster version", new("cluster", ("kubernetesVersion", "1.20")), "K8sVersionNotSupported", "version 1.20 is not"),
    ("cluster accounts", new("cluster", ("aadProfile", ...)), "BadRequest", "disableLocalAccounts needs Entra"),
    (
        "cluster group",
        new("cluster", ("aadProfile.adminGroupObjectIDs", ["ops"])),
        "InvalidParameter",
        "has 'ops', which",
    ),
    (
        "cluster issuer",
        new("cluster", ("oidcIssuerProfile.enabled", False)),
        "OIDCIssuerNotEnabled",
        "workload identity",
    ),
    (
        "cluster key version",
        new("cluster", ("securityProfile.azureKeyVaultKms.keyId", "https://kf.vault.azure.net/keys/etcd")),
        "InvalidParameter",
        "must be the id of one version of a key",
    ),
    (
        "cluster private and ranges",
        new("cluster", (f"{API}.authorizedIPRanges", ["203.0.113.0/24"])),
        "BadRequest",
        "Private cluster cannot be enabled with AuthorizedIPRanges.",
    ),
    (
        "cluster public zone",
        new("cluster", (f"{API}.enablePrivateCluster", False)),
        "InvalidParameter",
        "privateDNSZone",
    ),
    (
        "cluster bad range",
        new("cluster", (API, {"authorizedIPRanges": ["office"]})),
        "InvalidAuthorizedIPRanges",
        "has 'office', which is not an IPv4 range",
    ),
    (
        "overlay plugin",
        new("cluster", (f"{NET}.networkPlugin", "kubenet")),
        "InvalidParameter",
        "overlay needs network",
    ),
    (
        "cilium overlay",
        new("cluster", (f"{NET}.networkPluginMode", ...)),
        "InvalidParameter",
        "cilium needs networkPlugin",
    ),
    (
        "cilium policy",
        new("cluster", (f"{NET}.networkPolicy", "calico")),
        "InvalidParameter",
        "'calico' does not go with",
    ),
    (
        "dns outside",
        new("cluster", (f"{NET}.dnsServiceIP", "10.20.0.10")),
        "InvalidDNSServiceIP",
        "must be in serviceCidr",
    ),
    (
        "dns first",
        new("cluster", (f"{NET}.dnsServiceIP", "10.20.160.1")),
        "InvalidDNSServiceIP",
        "not its first address",
    ),
    (
        "services no range",
        new("cluster", (f"{NET}.serviceCidr", "10.20.160.1/20")),
        "InvalidCIDRNotation",
        "is no range",
    ),
    (
        "services and pods",
        new("cluster", (f"{NET}.podCidr", "10.20.160.0/19")),
        "PodCidrOverlapsServiceCidr",
        "podCidr 10.20.160.0/19 overlaps serviceCidr",
    ),
    (
        "services in the network",
        new("cluster", (f"{NET}.serviceCidr", "10.20.128.0/20"), (f"{NET}.dnsServiceIP", "10.20.128.10")),
        "NetworkProfileCIDROverlapVNET",
        "overlaps with reserved VNET CIDR 10.20.128.0/20 (networkProfile.serviceCidr)",
    ),
    (
        "pods in the network",
        new("cluster", (f"{NET}.podCidr", "10.20.0.0/18")),
        "NetworkProfileCIDROverlapVNET",
        "podCidr",
    ),
    ("pods no room", new("cluster", (f"{NET}.podCidr", "100.64.0.0/24")), "InsufficientPodCidr", "room for 1 nodes"),
    ("cluster subnet", gone("subnet", "cluster"), "VnetSubnetNotFound", "subnets/nodes-1 referenced by resource it"),
    (
        "cluster subnet elsewhere",
        elsewhere("cluster", f"{POOL}.vnetSubnetID", "subnet"),
        "LinkedAuthorizationFailed",
        "there is no permission across them",
    ),
    ("cluster disks", gone("disk set", "cluster"), "DiskEncryptionSetNotFound", "diskEncryptionSets/disks referenced"),
    ("cluster etcd key", gone("key", "cluster"), "KeyVaultKeyNotFound", "of azureKeyVaultKms was not found"),
    (
        "cluster identity",
        gone("control", "cluster"),
        "FailedIdentityOperation",
        "userAssignedIdentities/id-control refer",
    ),
    (
        "kubelet right",
        gone("operates", "cluster"),
        "CustomKubeletIdentityMissingPermissionError",
        "must be granted 'Managed Identity Operator' role",
    ),
    ("two identities", new("cluster", ("identity.userAssignedIdentities", [])), "InvalidParameter", "exactly one user"),
    ("no system pool", new("cluster", (f"{POOL}.mode", "User")), "InvalidParameter", "needs a pool with mode System"),
    (
        "pool twice",
        lambda cell: cell.new("cluster", ("agentPoolProfiles.1", cell.inputs["cluster"][1]["agentPoolProfiles"][0])),
        "InvalidParameter",
        "two pools are named 'system1'",
    ),
    (
        "pool through the cluster",
        lambda cell: cell.update(
            "cluster", ("agentPoolProfiles.1", {**cell.inputs["cluster"][1]["agentPoolProfiles"][0], "name": "system2"})
        ),
        "BadRequest",
        "Adding agent pools to an existing cluster is not allowed through managed cluster operations",
    ),
    (
        "inline pool for life",
        update("cluster", (f"{POOL}.vmSize", "Standard_D8ds_v5")),
        "PropertyChangeNotAllowed",
        "Changing property 'properties.agentPoolProfiles[0].vmSize' from 'Standard_D4ds_v5' to 'Standard_D8ds_v5'",
    ),
    ("downgrade", update("cluster", ("kubernetesVersion", "1.33")), "OperationNotAllowed", "from 1.34 to 1.33 is not"),
    (
        "skipped minor",
        lambda cell: _older(cell).update("cluster", ("kubernetesVersion", "1.34")),
        "OperationNotAllowed",
        "Upgrading Kubernetes version 1.32 to 1.34 is not allowed. Available upgrades: 1.33",
    ),
    (
        "private for life",
        update("cluster", (API, {"enablePrivateCluster": False})),
        "PropertyChangeNotAllowed",
        "enablePrivateCluster' from True to False is not allowed",
    ),
    ("cluster not empty", delete("cluster"), "cluster-not-empty", "agentPools/kafka1"),
    ("pool name", new("pool", ("agentPoolName", "kafka-zone-1")), "InvalidParameter", "1 to 12 lower-case letters and"),
    ("pool size", new("pool", ("vmSize", "Standard_D4ds_v9")), "VMSizeNotSupported", "Standard_D4ds_v9"),
    ("pool zone", new("pool", ("availabilityZones", ["5"])), "AvailabilityZoneNotSupported", "the zone(s) '5'"),
    ("pool version", new("pool", ("orchestratorVersion", "1.12")), "K8sVersionNotSupported", "version 1.12 is not"),
    (
        "pool newer",
        new("pool", ("orchestratorVersion", "1.35")),
        "NodePoolMcVersionIncompatible",
        "1.35 and control plane",
    ),
    ("pool bounds", new("pool", ("minCount", 9)), "InvalidParameter", "minCount 9 of pool kafka1 is above maxCount 8"),
    ("pool no bounds", new("pool", ("minCount", ...)), "InvalidParameter", "give minCount and maxCount"),
    (
        "pool fixed",
        new("pool", ("enableAutoScaling", False)),
        "MinMaxCountWithoutAutoscaling",
        "does not scale by itself",
    ),
    ("pool empty system", new("pool", ("mode", "System"), ("minCount", 0)), "InvalidParameter", "has at least 1 node"),
    ("pool taint", new("pool", ("nodeTaints", ["kafka"])), "InvalidParameter", "Taint 'kafka' of pool kafka1 is not"),
    (
        "pool pods",
        new("pool", ("maxPods", 300)),
        "InvalidParameter",
        "maxPods of pool kafka1 is 300: allowed are 10 to",
    ),
    ("pool disk", new("pool", ("osDiskSizeGB", 10)), "InvalidParameter", "osDiskSizeGB of pool kafka1 is 10"),
    ("pool many", new("pool", ("maxCount", 1001)), "InvalidParameter", "maxCount of pool kafka1 is 1001"),
    (
        "pool without cluster",
        gone("cluster", "pool"),
        "ParentResourceNotFound",
        "managedClusters/cell' could not be found",
    ),
    ("pool subnet", gone("subnet", "pool"), "VnetSubnetNotFound", "subnets/nodes-1 referenced by resource it"),
    (
        "pool too many for its subnet",
        new("pool", ("maxCount", 60)),
        "InsufficientSubnetSize",
        "Pre-allocated IPs 64 exceeds IPs available 59 in Subnet Cidr 10.20.0.0/26",
    ),
    (
        "pool cores",
        new("pool", ("maxCount", 600)),
        "ErrCode_InsufficientVCPUQuota",
        "vcpu quota requested 2408 for family",
    ),
    ("pool exists", twin("pool"), "Conflict", "has an agent pool named 'kafka1' already"),
    ("pool for life", update("pool", ("availabilityZones", ["2"])), "PropertyChangeNotAllowed", "from ['1'] to ['2']"),
    ("window name", new("window", ("configName", "mine")), "InvalidParameter", "AKS knows default, aksManagedAuto"),
    ("window missing", new("window", ("maintenanceWindow", ...)), "InvalidParameter", "needs a maintenanceWindow"),
    ("window default", new("window", ("configName", "default")), "InvalidParameter", "'default' takes timeInWeek"),
    ("window short", new("window", ("maintenanceWindow.durationHours", 2)), "InvalidParameter", "4 to 24 hours long"),
    (
        "window time",
        new("window", ("maintenanceWindow.startTime", "2:00")),
        "InvalidParameter",
        "startTime '2:00' is not",
    ),
    ("window schedule", new("window", ("maintenanceWindow.schedule", {})), "InvalidParameter", "has exactly one of"),
    ("logs nowhere", new("logs", ("storageAccountId", ...)), "BadRequest", "needs a destination"),
    ("logs none", new("logs", ("logs", [])), "BadRequest", "needs at least one log or metric"),
    ("logs category", new("logs", ("logs.0.category", "audit")), "BadRequest", "Category 'audit' is not supported"),
    (
        "logs group",
        new("logs", ("logs.0.categoryGroup", "allLogs")),
        "BadRequest",
        "either a category or a category group",
    ),
    (
        "logs category twice",
        new("logs", ("logs.1", {"category": "kube-audit-admin", "enabled": True})),
        "BadRequest",
        "category 'kube-audit-admin' is given twice",
    ),
    ("logs twice", twin("logs", ("name", "b")), "Conflict", "Data sinks can't be reused"),
    (
        "logs of nothing",
        gone("cluster", "logs"),
        "ResourceNotFound",
        "managedClusters/cell referenced by resource it was",
    ),
    ("address name", new("address", ("publicIpAddressName", "a b")), "InvalidResourceName", "the name 'a b' is not"),
    ("nat name", new("nat", ("natGatewayName", "a b")), "InvalidResourceName", "the name 'a b' is not valid"),
    ("nat zone", new("nat", ("zones", ["7"])), "AvailabilityZoneNotSupported", "The zone '7' is not supported"),
    ("nat moved", update("nat", ("zones", ["2"])), "ResourceAvailabilityZonesCannotBeModified", "from ['1'] to ['2']"),
    ("routes name", new("routes", ("routeTableName", "a b")), "InvalidResourceName", "the name 'a b' is not valid"),
    ("gate name", new("gate", ("networkSecurityGroupName", "a b")), "InvalidResourceName", "the name 'a b' is not"),
    ("flow log name", new("flow log", ("flowLogName", "a b")), "InvalidResourceName", "the name 'a b' is not valid"),
    ("link name", new("link", ("virtualNetworkLinkName", "a b")), "InvalidResourceName", "the name 'a b' is not valid"),
    (
        "link region",
        new("link", ("location", "westeurope")),
        "LocationNotAvailableForResourceType",
        "regions is 'global'",
    ),
    ("key name", new("key", ("keyName", "a_b")), "BadRequest", "1 to 127 letters, digits and hyphens"),
    ("disks name", new("disk set", ("diskEncryptionSetName", "a b")), "InvalidResourceName", "1 to 80 letters, digits"),
    (
        "window without cluster",
        gone("cluster", "window"),
        "ParentResourceNotFound",
        "managedClusters/cell' could not be",
    ),
    ("logs name", new("logs", ("name", "a/b")), "InvalidResourceName", "1 to 260 characters without"),
    (
        "logs account",
        gone("account", "logs"),
        "InvalidResourceReference",
        "storageAccounts/kflogs referenced by resource",
    ),
]


def _older(cell: Cell) -> Cell:
    cell.made["cluster"] = cell.world.add(
        "containerservice:ManagedCluster", {**cell.inputs["cluster"][1], "kubernetesVersion": "1.32"}
    )
    return cell


@pytest.mark.parametrize(("case", "code", "text"), [c[1:] for c in RED], ids=[c[0] for c in RED])
def test_what_azure_refuses_is_refused_in_its_words(
    case: Callable[[Cell], list[Refusal]], code: str, text: str
) -> None:
    refusals = case(Cell())
    assert code in [one.code for one in refusals], refusals
    said = next(one for one in refusals if one.code == code and text in one.message)
    assert said.judge == "law"


@pytest.mark.parametrize("role", list(Cell().inputs))
def test_a_good_cell_is_refused_nothing(role: str) -> None:
    for operation in ("check", "create"):
        assert Cell().new(role, operation=operation) == []
    assert Cell().update(role) == []


@pytest.mark.parametrize("role", list(Cell().inputs))
def test_a_preview_is_not_refused_for_what_it_cannot_know(role: str) -> None:
    kind, inputs = Cell().inputs[role]
    world = World()
    for key in inputs:
        assert world.judge("check", kind, {**copy.deepcopy(inputs), key: UNKNOWN}) == [], key


def test_every_law_has_been_seen_red() -> None:
    """A law that nothing can make red is no law. Quotas and regions have tests of their own."""
    seen: set[tuple[str, str]] = set()

    class Watched(World):
        def judge(self, operation: str, type: str, inputs: Any, old: Record | None = None) -> list[Refusal]:
            model = MODEL.types[token(type)]
            request = Request(operation, "urn::it", token(type), SCOPE, model.normalize(inputs), old)
            seen.update((type, law.__qualname__) for law in model.laws if list(law(request, self)))
            return []

    for _, case, _, _ in RED:
        case(Cell(Watched()))
    never = [
        (name, law.__qualname__)
        for name, model in ((t.removeprefix("azure-native:"), m) for t, m in MODEL.types.items())
        for law in model.laws
        if (name, law.__qualname__) not in seen and law.__name__ not in ("in_group", "in_region")
    ]
    left = [f"{name} {law}" for name, law in never if "limited" not in law and law != "_room"]
    assert not left, "\n".join(left)


def test_quotas_count_in_one_subscription_and_region(monkeypatch: pytest.MonkeyPatch) -> None:
    cell = Cell()
    monkeypatch.setitem(facts()["quotas"]["virtual networks"], "most", 1)
    kind, inputs = cell.inputs["network"]
    second = {**inputs, "virtualNetworkName": "second"}
    (refusal,) = cell.world.judge("create", kind, second)
    assert (refusal.code, refusal.message) == (
        "QuotaExceeded",
        f"subscription '{SUBSCRIPTION}' has 1 virtual networks in 'westeurope': the limit is 1",
    )
    assert cell.world.judge("create", kind, {**second, "location": "northeurope"}) == []


def test_a_virtual_network_takes_so_many_subnets(monkeypatch: pytest.MonkeyPatch) -> None:
    cell = Cell()
    monkeypatch.setitem(facts()["quotas"]["subnets of a virtual network"], "most", 1)
    second = (("subnetName", "nodes-2"), ("addressPrefix", "10.20.1.0/26"))
    (refusal,) = twin("subnet", *second)(cell)
    assert (refusal.code, refusal.message) == (
        "SubnetCountLimitReached",
        "virtual network 'vnet' has 1 subnets, which is the limit",
    )


def test_references_are_found_whatever_their_case() -> None:
    cell = Cell()
    assert (
        cell.new("subnet", ("natGateway.id", cell.id("nat").upper().replace("/SUBSCRIPTIONS", "/subscriptions"))) == []
    )


def test_a_nat_gateway_is_needed_on_the_subnet() -> None:
    cell = Cell()
    cell.world.records.remove(cell.made["subnet"])
    kind, inputs = cell.inputs["subnet"]
    cell.world.add(kind, {k: v for k, v in inputs.items() if k != "natGateway"})
    codes = [one.code for one in cell.new("cluster")]
    assert codes == ["NatGatewayNotAssociatedWithSubnet"]


def test_normal_forms_are_idempotent_and_know_azures_spelling() -> None:
    cell = Cell()
    for kind, inputs in cell.inputs.values():
        normalize = MODEL.types[token(kind)].normalize
        assert normalize(normalize(inputs)) == normalize(inputs)
    group = MODEL.types[token("resources:ResourceGroup")]
    assert group.normalize({"location": "West Europe"}) == {"location": "westeurope"}


def test_ids_are_those_of_resource_manager() -> None:
    cell = Cell()
    assert cell.id("subnet") == (
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet/subnets/nodes-1"
    )
    assert cell.id("pool").endswith("/Microsoft.ContainerService/managedClusters/cell/agentPools/kafka1")
    assert cell.id("uses key").startswith(f"{cell.id('vault')}/providers/Microsoft.Authorization/roleAssignments/")
    assert cell.id("group") == f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg"


def test_computed_outputs_are_there_and_stay() -> None:
    one, other = Cell(), Cell()
    for role, record in one.made.items():
        assert record.outputs == other.made[role].outputs
    cluster = one.made["cluster"].outputs
    assert cluster["fqdn"] == ""
    assert cluster["privateFQDN"].endswith(".privatelink.westeurope.azmk8s.io")
    assert cluster["currentKubernetesVersion"] == "1.34.2"
    assert cluster["oidcIssuerProfile"]["issuerURL"].startswith("https://westeurope.oic.prod-aks.azure.com/")
    assert set(cluster["identity"]["userAssignedIdentities"]) == {one.id("control")}
    assert one.made["address"].outputs["ipAddress"].startswith("20.")


def test_the_kubeconfig_of_a_cluster_holds_no_credential() -> None:
    import base64

    cell = Cell()
    function = MODEL.functions["azure-native:containerservice:listManagedClusterUserCredentials"]
    arguments = {"resourceGroupName": "rg", "resourceName": "cell"}
    text = base64.b64decode(function(arguments, SCOPE, cell.world)["kubeconfigs"][0]["value"]).decode()
    assert "certificate-authority-data" in text
    assert "kubelogin" in text
    assert not [word for word in ("token:", "password", "client-key", "client-certificate") if word in text]
    with pytest.raises(LookupError, match="ResourceNotFound"):
        function({**arguments, "resourceName": "other"}, SCOPE, cell.world)


def test_names_that_are_unique_in_all_of_azure_are_said_to_be() -> None:
    wide = {t.removeprefix("azure-native:") for t, m in MODEL.types.items() if m.unique_in == "cloud"}
    assert wide == {"keyvault:Vault", "storage:StorageAccount"}


def test_immutable_properties_name_their_source() -> None:
    for model in MODEL.types.values():
        assert model.immutable
        assert all(len(source) > 20 for source in model.immutable.values()), model.token
    cluster = MODEL.types[token("containerservice:ManagedCluster")].immutable
    assert "replacement.go" in cluster["networkProfile.podCidr"]


@pytest.mark.parametrize(
    ("config", "codes"),
    [
        ({"subscriptionId": SUBSCRIPTION, "tenantId": TENANT}, []),
        ({"subscriptionId": UNKNOWN}, []),
        ({}, ["MissingSubscriptionId"]),
        ({"subscriptionId": "prod"}, ["InvalidSubscriptionId"]),
        ({"subscriptionId": SUBSCRIPTION, "tenantId": "contoso"}, ["InvalidSubscriptionId"]),
    ],
)
def test_a_provider_without_a_subscription_is_refused(config: dict[str, Any], codes: list[str]) -> None:
    assert [one.code for one in MODEL.check_config(config)] == codes
    if not codes and config["subscriptionId"] is not UNKNOWN:
        assert MODEL.scope({**config, "location": "West Europe"}) == Scope("azure", SUBSCRIPTION, "westeurope")


def test_every_type_has_a_model_of_azures_own() -> None:
    for model in MODEL.types.values():
        assert model.api is not None
        found = schema(model.api.service, model.api.shape)
        assert found["properties"]
        for renamed in model.api.rename.values():
            assert not renamed or renamed.split(".")[0] in found["properties"], (model.token, renamed)


def test_both_generations_of_models_are_read() -> None:
    new_kind = schema("azure.mgmt.network.models", "NetworkSecurityGroup")["$defs"]["SecurityRule"]
    assert new_kind["required"] == ["access", "direction", "priority", "protocol"]
    assert new_kind["properties"]["access"] == {"type": "string", "enum": ["Allow", "Deny"]}
    assert new_kind["properties"]["provisioningState"] == {"readOnly": True}
    old_kind = schema("azure.mgmt.authorization.v2022_04_01.models", "RoleAssignmentCreateParameters")
    assert old_kind["required"] == ["principalId", "roleDefinitionId"]
    assert "ServicePrincipal" in old_kind["properties"]["principalType"]["enum"]
    with pytest.raises(LookupError, match="has no model 'Nothing'"):
        schema("azure.mgmt.network.models", "Nothing")
