"""What holds data, or the keys to it, cannot be deleted by a change to the program."""

from collections.abc import Iterator
from dataclasses import replace

from policies.clouds import EKS, VPC
from policies.contract import Policy, Resource, Scope, Verdict
from policies.samples import DEV, KAFKA, POOL, PROD, bad, good

_STATEFUL = (
    "aws:ec2/subnet:Subnet",
    "aws:ec2/vpc:Vpc",
    "aws:eks/cluster:Cluster",
    "aws:kms/key:Key",
    "aws:route53/zone:Zone",
    "azure-native:compute:DiskEncryptionSet",
    "azure-native:containerservice:ManagedCluster",
    "azure-native:keyvault:Key",
    "azure-native:keyvault:Vault",
    "azure-native:network:VirtualNetwork",
    "azure-native:resources:ResourceGroup",
    "gcp:compute/network:Network",
    "gcp:compute/subnetwork:Subnetwork",
    "gcp:container/cluster:Cluster",
    "gcp:dns/managedZone:ManagedZone",
    "gcp:kms/cryptoKey:CryptoKey",
    "gcp:kms/keyRing:KeyRing",
    "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
    "kubernetes:kafka.strimzi.io/v1:Kafka",
    "kubernetes:kafka.strimzi.io/v1:KafkaNodePool",
    "kubernetes:kafka.strimzi.io/v1:KafkaTopic",
    "kubernetes:storage.k8s.io/v1:StorageClass",
)


def _judge(resource: Resource, scope: Scope) -> Iterator[Verdict]:
    if scope.production and not scope.given_up and not resource.protect:
        yield "it is not protected: a change to the program, or its name, would delete what it holds"


_KAFKA, _POOL = replace(KAFKA, protect=True), replace(POOL, protect=True)

POLICY = Policy(
    name="protect-stateful",
    title="What holds data is protected from deletion",
    severity="critical",
    remediation="Set `production: true`; to delete, retire the file first.",
    framework="NIST SP 800-53 CP-9, SI-12; CIS Controls 8.1 11.3",
    types=_STATEFUL,
    judge=_judge,
    url="https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
    samples=(
        good(EKS, VPC, _KAFKA, _POOL),
        good(KAFKA, scope=DEV, title="not production"),
        good(KAFKA, scope=replace(PROD, given_up=True), title="retired, and its data is not kept"),
        bad(KAFKA),
        bad(replace(EKS, protect=False)),
    ),
)
