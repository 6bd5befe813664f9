"""What Azure refuses about clusters, pools, windows and diagnostic settings."""

from tests.sandbox.azure_cases import Case, delete, elsewhere, gone, new, twin, update
from tests.sandbox.azure_good import Cell

POOL = "agentPoolProfiles.0"
NET = "networkProfile"
API = "apiServerAccessProfile"


def _older(cell: Cell) -> Cell:
    cell.made["cluster"] = cell.world.add(
        "containerservice:ManagedCluster", {**cell.inputs["cluster"][1], "kubernetesVersion": "1.32"}
    )
    return cell


AKS: list[Case] = [
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
]
