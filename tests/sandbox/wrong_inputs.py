"""Wrong inputs chosen by hand, each one edit away from a request of the example fleet.

Owns      what is asked (type, part of the name, edits) and what the cloud would say: judge, code, part of the message.
Refuses   inputs that a provider accepts: what is legal and unwise is a matter for checks and policies.
"""

from dataclasses import dataclass
from typing import Any

from tools.mutations.edit import Edit

DROP = object()
DELETE = "delete"


@dataclass(frozen=True)
class Wrong:
    """`edits`: dotted paths (numbers are list items) and new values; DROP takes away. Without any it is a delete."""

    type: str
    name: str
    edits: tuple[tuple[str, Any], ...]
    judge: str
    code: str
    says: str


def edit(path: str, value: Any) -> Edit:
    """One entry of `edits`; a key with dots in it is written with slashes instead of the others."""
    separator = "/" if "/" in path and "." in path else "."
    parts = tuple(int(part) if part.isdigit() else part for part in path.split(separator))
    return Edit("drop", parts) if value is DROP else Edit("set", parts, value)


def one(type: str, name: str, path: str, value: Any, judge: str, code: str, says: str) -> Wrong:
    """A case of a single edit."""
    return Wrong(type, name, ((path, value),), judge, code, says)


def delete(type: str, name: str, code: str, says: str) -> Wrong:
    """A deletion of what is in use, or protected."""
    return Wrong(type, name, (), "law", code, says)


EKS, NODES, SUBNET = "eks/cluster:Cluster", "eks/nodeGroup:NodeGroup", "ec2/subnet:Subnet"
GKE, POOL, SUBNETWORK = "container/cluster:Cluster", "nodePool:NodePool", "subnetwork:Subnetwork"
AKS, AGENTS, AZURE_SUBNET = "containerservice:ManagedCluster", "containerservice:AgentPool", "network:Subnet"
KAFKA, BROKERS, TOPIC, USER = "v1:Kafka", "v1:KafkaNodePool", "v1:KafkaTopic", "v1:KafkaUser"

ALOW = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Alow","Action":"sts:AssumeRole",'
    '"Principal":{"Service":"ec2.amazonaws.com"}}]}'
)

CASES = (
    # AWS
    one(
        EKS,
        "euw1-prod",
        "vpcConfig.endpointPublicAcess",
        True,
        "sdk",
        "unknown-property",
        "did you mean 'endpointPublicAccess'",
    ),
    one(
        EKS,
        "euw1-prod",
        "accessConfig.authenticationMode",
        "IAM",
        "api",
        "value-not-allowed",
        "allowed are API, API_AND_CONFIG_MAP, CONFIG_MAP",
    ),
    one(EKS, "euw1-prod", "version", "1.99", "law", "InvalidParameterException", "1.99"),
    one(
        EKS,
        "euw1-prod",
        "roleArn",
        "arn:aws:iam::111122223333:role/nobody",
        "law",
        "InvalidParameterException",
        "role/nobody",
    ),
    one(NODES, "euw1-prod", "scalingConfig.maxSize", "many", "sdk", "wrong-type", "it must be an integer"),
    one(NODES, "euw1-prod", "subnetIds", DROP, "sdk", "missing-required-property", "required property 'subnetIds'"),
    one(NODES, "euw1-prod", "scalingConfig.minSize", 99, "law", "InvalidParameterException", "99"),
    one(SUBNET, "public-eu-west-1a", "cidrBlock", "10.0.130.0/23", "law", "InvalidSubnet.Conflict", "10.0.130.0/23"),
    one(SUBNET, "public-eu-west-1a", "cidrBlock", "192.168.0.0/24", "law", "InvalidSubnet.Range", "192.168.0.0/24"),
    one(SUBNET, "public-eu-west-1a", "availabilityZone", "eu-west-1q", "law", "InvalidParameterValue", "eu-west-1q"),
    one(
        "RouteTableAssociation",
        "",
        "subnetId",
        "subnet-00000000000000000",
        "law",
        "InvalidSubnetID.NotFound",
        "subnet-00000000000000000",
    ),
    one("iam/role:Role", "euw1-prod", "assumeRolePolicy", ALOW, "law", "MalformedPolicyDocument", "Alow"),
    one("kms/key:Key", "euw1-prod", "deletionWindowInDays", 3, "law", "ValidationException", "3"),
    delete("ec2/vpc:Vpc", "euw1-prod", "DependencyViolation", "has dependencies and cannot be deleted"),
    delete("iam/role:Role", "euw1-prod", "DeleteConflict", "role"),
    # GCP
    one(
        GKE,
        "ew1-prod",
        "ipAllocationPolicy.clusterRangeName",
        "pods",
        "sdk",
        "unknown-property",
        "did you mean 'clusterSecondaryRangeName'",
    ),
    one(
        SUBNETWORK,
        "ew1-prod-nodes",
        "logConfig.aggregationInterval",
        "INTERVAL_1_HOUR",
        "api",
        "value-not-allowed",
        "INTERVAL_10_MIN",
    ),
    one(SUBNETWORK, "ew1-prod-nodes", "ipCidrRange", "10.1.0.1/17", "law", "invalid", "without host bits"),
    one(SUBNETWORK, "ew1-prod-nodes", "ipCidrRange", "10.1.160.0/20", "law", "invalid", "10.1.160.0/20"),
    one(
        "firewall:Firewall",
        "ew1-prod",
        "network",
        "projects/acme-kafka-prod/global/networks/none",
        "law",
        "notFound",
        "networks/none' was not found",
    ),
    one(POOL, "ew1-prod", "nodeConfig.machineType", "n4-standard-5", "law", "INVALID_ARGUMENT", "n4-standard-5"),
    one("cryptoKey:CryptoKey", "ew1-prod", "labels.owner", "Platform", "law", "invalid", "label value 'Platform'"),
    one(
        "projects/iAMMember:IAMMember",
        "ew1-prod",
        "member",
        "fleet-platform",
        "law",
        "INVALID_ARGUMENT",
        "fleet-platform",
    ),
    one(GKE, "ew1-prod", "location", DROP, "law", "required", "'location' is not given"),
    delete("network:Network", "ew1-prod", "resourceInUseByAnotherResource", "is already being used by"),
    delete("cryptoKey:CryptoKey", "ew1-prod", "deletion-prevented", "deletion_policy is PREVENT"),
    # Azure
    one(AKS, "", "networkProfile.podCidrr", "10.244.0.0/16", "sdk", "unknown-property", "did you mean 'podCidr'"),
    one(AGENTS, "kafka", "osType", "Solaris", "api", "value-not-allowed", "Linux"),
    one(
        AZURE_SUBNET,
        "",
        "addressPrefix",
        "192.168.0.0/24",
        "law",
        "NetcfgSubnetRangeOutsideVnet",
        "is outside the IP address range of virtual network",
    ),
    one(
        AZURE_SUBNET,
        "load-balancers-westeurope-1",
        "addressPrefix",
        "10.2.128.0/22",
        "law",
        "NetcfgSubnetRangesOverlap",
        "overlap",
    ),
    one(AGENTS, "kafka", "vnetSubnetID", "/subscriptions/x/y", "law", "InvalidParameter", "/subscriptions/x/y"),
    one("NetworkSecurityGroup", "", "securityRules.0.priority", 5, "law", "SecurityRuleInvalidPriority", "5"),
    one(
        "network:VirtualNetwork", "", "location", "westeurop", "law", "LocationNotAvailableForResourceType", "westeurop"
    ),
    one("keyvault:Vault", "", "properties.sku.name", "gold", "sdk", "value-not-allowed", "standard"),
    delete("network:VirtualNetwork", "", "InUseSubnetCannotBeDeleted", "cannot be deleted"),
    # Kubernetes and Strimzi
    one(
        KAFKA,
        "web-prod",
        "spec/kafka/config/ssl.keystore.location",
        "/own.p12",
        "law",
        "forbidden-config",
        "Strimzi sets this itself",
    ),
    one(
        KAFKA,
        "web-prod",
        "spec.kafka.listners",
        [],
        "crd",
        "unknown-field",
        ".spec.kafka.listners: field not declared in schema",
    ),
    one(
        BROKERS,
        "web-prod-broker",
        "spec.storage.volumes.0.size",
        "1Gi",
        "law",
        "volume-shrunk",
        "a volume can't shrink",
    ),
    one(TOPIC, "", "spec.partitions", 0, "crd", "Invalid", "spec.partitions"),
    one(USER, "", "spec.authorization.acls.0.operations.0", "Reed", "crd", "Invalid", 'Unsupported value: "Reed"'),
    one(
        TOPIC,
        "",
        "metadata.labels",
        DROP,
        "law",
        "cluster-label-missing",
        "no operator takes an object without this label",
    ),
    one(
        TOPIC,
        "",
        "spec.config",
        {"retention.ms": {"days": 7}},
        "law",
        "topic-config-value",
        "spec.config[retention.ms]",
    ),
    one(
        "StorageClass",
        "euw1-prod",
        "parameters.tpye",
        "gp3",
        "law",
        "unknown-parameter",
        "ebs.csi.aws.com knows no such parameter",
    ),
    one(
        "StorageClass",
        "euw1-prod",
        "parameters.kmsKeyId",
        "arm:aws:kms:eu-west-1:1:key/x",
        "law",
        "Invalid",
        "parameters.kmsKeyId",
    ),
    one(
        "ClusterRoleBinding",
        "euw1-prod",
        "subjects.0.kind",
        "Team",
        "law",
        "Invalid",
        'supported values: "Group", "ServiceAccount", "User"',
    ),
    one(
        "ValidatingAdmissionPolicyBinding",
        "",
        "spec.validationActions",
        ["Deny", "Deny"],
        "crd",
        "Invalid",
        'Duplicate value: "Deny"',
    ),
    one("NetworkPolicy", "", "metadata.namespace", "nowhere", "law", "NotFound", 'namespaces "nowhere" not found'),
    one("ValidatingAdmissionPolicy", "", "spec.failurePolicy", "Fale", "law", "Invalid", 'Unsupported value: "Fale"'),
    one(
        "ValidatingAdmissionPolicy",
        "",
        "spec.matchConstraints.resourceRules.0.operations.0",
        "MAKE",
        "law",
        "Invalid",
        'supported values: "*", "CONNECT", "CREATE", "DELETE", "UPDATE"',
    ),
    one(
        "CustomResourceDefinition",
        "",
        "spec.versions.0.schema.openAPIV3Schema.properties.spec.type",
        "objekt",
        "law",
        "Invalid",
        'Unsupported value: "objekt"',
    ),
    one(
        BROKERS,
        "web-prod-broker",
        "spec.template.pod.topologySpreadConstraints.0.maxSkew",
        0,
        "law",
        "Invalid",
        "must be greater than or equal to 1",
    ),
    one("helm.sh/v3:Release", "", "timeout", -1, "law", "release-bad-timeout", "-1 seconds"),
    one("serviceaccount/account:Account", "", "accountId", DROP, "law", "required", "'accountId' is not given"),
    one(
        GKE,
        "ew1-prod",
        "maintenancePolicy.maintenanceExclusions.0.startTime",
        "tomorrow",
        "law",
        "INVALID_ARGUMENT",
        "'tomorrow' is not a time",
    ),
    one("monitor:DiagnosticSetting", "", "resourceUri", "cluster", "law", "InvalidResourceId", "'cluster' is no id"),
    one(GKE, "ew1-prod", "nodeConfig.serviceAccount", "nodes@acme", "law", "invalid", "nodes@acme"),
    one(
        "NetworkSecurityGroup",
        "",
        "securityRules.0.sourceAddressPrefix",
        "VirtualNetwor",
        "law",
        "SecurityRuleInvalidAddressPrefix",
        "Value provided: VirtualNetwor",
    ),
    one(
        "network:VirtualNetwork",
        "",
        "addressSpace.addressPrefixes.0",
        "10.2.0.0",
        "law",
        "InvalidCIDRNotation",
        "'10.2.0.0' has an invalid CIDR notation",
    ),
    one(
        KAFKA,
        "web-prod",
        "spec.kafka.listeners.0.configuration",
        {"loadBalancerSourceRanges": ["10.0.0.0/33"]},
        "law",
        "range-malformed",
        "'10.0.0.0/33' is no CIDR",
    ),
    one("SecurityGroupEgressRule", "", "cidrIpv4", "10.0.0.0", "law", "InvalidParameterValue", "no IPv4 range"),
    delete("core/v1:Namespace", "web-prod", "namespace-not-empty", "delete them first"),
    delete("CustomResourceDefinition", "kafkatopics", "crd-in-use", "objects would be deleted with it"),
)
