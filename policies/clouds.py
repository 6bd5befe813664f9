"""Resources of clouds that several rules' samples start from.

Owns      those resources: right in every value that a rule looks at.
Refuses   to be complete: a sample holds what rules look at, and what the vendor requires.
"""

import json

from policies.samples import TAGS, res

AWS_PROVIDER = {
    "region": "eu-west-1",
    "defaultTags": json.dumps({"tags": TAGS}),
}

EKS = res(
    "aws:eks/cluster:Cluster",
    {
        "name": "kf-orders",
        "roleArn": "arn:aws:iam::111122223333:role/control-plane",
        "version": "1.35",
        "deletionProtection": True,
        "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False},
        "enabledClusterLogTypes": ["api", "audit", "authenticator"],
        "encryptionConfig": {
            "provider": {"keyArn": "arn:aws:kms:eu-west-1:111122223333:key/1"},
            "resources": ["secrets"],
        },
        "vpcConfig": {"endpointPrivateAccess": True, "endpointPublicAccess": False, "subnetIds": ["subnet-1"]},
    },
    provider=AWS_PROVIDER,
    protect=True,
)
GKE = res(
    "gcp:container/cluster:Cluster",
    {
        "name": "kf-orders",
        "location": "europe-west1",
        "minMasterVersion": "1.35",
        "deletionProtection": True,
        "databaseEncryption": {"state": "ENCRYPTED", "keyName": "projects/p/locations/l/keyRings/k/cryptoKeys/etcd"},
        "enableShieldedNodes": True,
        "loggingConfig": {"enableComponents": ["SYSTEM_COMPONENTS", "APISERVER"]},
        "masterAuth": {"clientCertificateConfig": {"issueClientCertificate": False}},
        "masterAuthorizedNetworksConfig": {"cidrBlocks": [{"cidrBlock": "10.0.0.0/16"}]},
        "privateClusterConfig": {"enablePrivateEndpoint": True, "enablePrivateNodes": True},
        "workloadIdentityConfig": {"workloadPool": "p.svc.id.goog"},
        "resourceLabels": TAGS,
    },
    protect=True,
)
GKE_POOL = res(
    "gcp:container/nodePool:NodePool",
    {
        "cluster": "kf-orders",
        "location": "europe-west1",
        "networkConfig": {"enablePrivateNodes": True},
        "nodeConfig": {
            "bootDiskKmsKey": "projects/p/locations/l/keyRings/k/cryptoKeys/disks",
            "machineType": "n4-highmem-8",
            "shieldedInstanceConfig": {"enableSecureBoot": True, "enableIntegrityMonitoring": True},
            "workloadMetadataConfig": {"mode": "GKE_METADATA"},
        },
    },
)
AKS = res(
    "azure-native:containerservice:ManagedCluster",
    {
        "resourceGroupName": "kf-orders",
        "resourceName": "kf-orders",
        "location": "westeurope",
        "kubernetesVersion": "1.35",
        "agentPoolProfiles": [
            {
                "name": "system",
                "mode": "System",
                "enableEncryptionAtHost": True,
                "enableNodePublicIP": False,
                "vmSize": "Standard_D4ds_v5",
            }
        ],
        "apiServerAccessProfile": {"enablePrivateCluster": True},
        "disableLocalAccounts": True,
        "diskEncryptionSetID": "/subscriptions/s/diskEncryptionSets/disks",
        "oidcIssuerProfile": {"enabled": True},
        "securityProfile": {
            "azureKeyVaultKms": {"enabled": True, "keyId": "https://v.vault.azure.net/keys/etcd/1"},
            "workloadIdentity": {"enabled": True},
        },
        "tags": TAGS,
    },
    protect=True,
)
TEMPLATE = res(
    "aws:ec2/launchTemplate:LaunchTemplate",
    {
        "instanceType": "r7g.2xlarge",
        "blockDeviceMappings": [
            {"deviceName": "/dev/xvda", "ebs": {"encrypted": "true", "kmsKeyId": "arn:aws:kms:eu-west-1:1:key/1"}}
        ],
        "metadataOptions": {"httpEndpoint": "enabled", "httpTokens": "required", "httpPutResponseHopLimit": 1},
    },
    provider=AWS_PROVIDER,
)
VPC = res("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"}, provider=AWS_PROVIDER, protect=True)
BUCKET = res(
    "gcp:storage/bucket:Bucket",
    {
        "name": "acme-state",
        "location": "EU",
        "publicAccessPrevention": "enforced",
        "uniformBucketLevelAccess": True,
        "versioning": {"enabled": True},
        "labels": TAGS,
    },
    protect=True,
)
