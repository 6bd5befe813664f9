"""Laws of what a bootstrap needs, each seen red: buckets, federations, roles of one's own, locks."""

import json
from typing import Any

import pytest

from sandbox.clouds.azure import MODEL
from sandbox.clouds.gcp import tokens
from sandbox.contract import Request
from tests.sandbox import azure_world, bootstrap_types, gcp_world
from tests.sandbox.aws_world import ACCOUNT, HERE, World

GITHUB = "https://token.actions.githubusercontent.com"
FORGE = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
BUCKET = "kf-acme-state"


def document(**statement: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


def trust(arn: str = FORGE, **condition: Any) -> str:
    return document(Principal={"Federated": arn}, Action="sts:AssumeRoleWithWebIdentity", Condition=condition)


@pytest.fixture
def aws() -> World:
    world = World()
    world.make("Bucket", bucket=BUCKET, objectLockEnabled=True)
    world.make("BucketPublicAccessBlock", bucket=BUCKET, blockPublicPolicy=True)
    world.make("OpenIdConnectProvider", url=GITHUB, clientIdLists=["sts.amazonaws.com"])
    return world


PUBLIC = document(Principal="*", Action="s3:GetObject", Resource=f"arn:aws:s3:::{BUCKET}/*")
OTHERS = document(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, Action="s3:GetObject", Resource="arn:aws:s3:::x/*")
RULE = {"id": "old", "status": "Enabled"}
BIG = document(Action=[f"ec2:Describe{number:0200d}" for number in range(40)], Resource="*")


@pytest.mark.parametrize(
    ("kind", "inputs", "code"),
    [
        ("Bucket", {"bucket": "Capital"}, "InvalidBucketName"),
        ("Bucket", {}, "required"),
        ("Bucket", {"bucket": "other", "versioning": {"enabled": True}}, "deprecated"),
        ("BucketVersioning", {"bucket": "none", "versioningConfiguration": {"status": "Enabled"}}, "NoSuchBucket"),
        (
            "BucketVersioning",
            {"bucket": BUCKET, "versioningConfiguration": {"status": "Suspended"}},
            "InvalidBucketState",
        ),
        (
            "BucketObjectLockConfiguration",
            {"bucket": BUCKET, "rule": {"defaultRetention": {"mode": "GOVERNANCE"}}},
            "MalformedXML",
        ),
        ("BucketLifecycleConfiguration", {"bucket": BUCKET, "rules": [RULE, RULE]}, "InvalidArgument"),
        ("BucketPolicy", {"bucket": BUCKET, "policy": PUBLIC}, "AccessDenied"),
        ("BucketPolicy", {"bucket": BUCKET, "policy": OTHERS}, "MalformedPolicy"),
        (
            "BucketServerSideEncryptionConfiguration",
            {
                "bucket": BUCKET,
                "rules": [
                    {
                        "applyServerSideEncryptionByDefault": {
                            "sseAlgorithm": "aws:kms",
                            "kmsMasterKeyId": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/none",
                        }
                    }
                ],
            },
            "KMS.NotFoundException",
        ),
        ("OpenIdConnectProvider", {"url": "http://x.example", "clientIdLists": ["x"]}, "ValidationError"),
        ("OpenIdConnectProvider", {"url": "https://x.example", "clientIdLists": []}, "ValidationError"),
        ("Policy", {"name": "big", "policy": BIG}, "LimitExceeded"),
        ("Role", {"name": "a", "assumeRolePolicy": trust()}, "MalformedPolicyDocument"),
        (
            "Role",
            {"name": "b", "assumeRolePolicy": trust(FORGE.replace("token.", "other."), StringEquals={"x": "y"})},
            "MalformedPolicyDocument",
        ),
        (
            "Role",
            {
                "name": "c",
                "assumeRolePolicy": trust(StringEquals={"token.actions.githubusercontent.com:sub": "repo:a/b:x"}),
                "permissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/none",
            },
            "NoSuchEntity",
        ),
    ],
)
def test_aws_refuses(aws: World, kind: str, inputs: dict[str, Any], code: str) -> None:
    assert code in [one.code for one in aws.refusals(kind, inputs, scope=HERE)]


def test_aws_locks_need_versions_and_keep_the_bucket(aws: World) -> None:
    plain = aws.make("Bucket", "plain", bucket="plain-bucket")
    found = aws.refusals("BucketObjectLockConfiguration", {"bucket": "plain-bucket"})
    assert [one.code for one in found] == ["InvalidBucketState"]
    assert not aws.refused_delete(plain)
    (locked,) = (one for one in aws.records if one.id == BUCKET and one.type.endswith(":Bucket"))
    assert "BucketNotEmpty" in [one.code for one in aws.refused_delete(locked)]


@pytest.fixture(scope="module")
def gcp(tmp_path_factory: pytest.TempPathFactory) -> gcp_world.Cloud:
    cloud = gcp_world.Cloud(tmp_path_factory.mktemp("gcp"))
    for service in ("storage", "cloudkms"):
        cloud.make(tokens.API, service=f"{service}.googleapis.com")
    ring = cloud.make(tokens.KEY_RING, name="keys", location="europe-west1")
    cloud.make(tokens.CRYPTO_KEY, name="state", keyRing=ring.id)
    cloud.make(tokens.POOL, workloadIdentityPoolId="kafka-fleet")
    cloud.make(tokens.ACCOUNT, accountId="ci-preview")
    return cloud


KEY = f"projects/{gcp_world.OURS}/locations/europe-west1/keyRings/keys/cryptoKeys/state"
PROVIDER = {"workloadIdentityPoolId": "kafka-fleet", "workloadIdentityPoolProviderId": "forge"}
CI = f"serviceAccount:ci-preview@{gcp_world.OURS}.iam.gserviceaccount.com"
POOL_MEMBER = "principalSet://iam.googleapis.com/projects/42/locations/global/workloadIdentityPools/{}/attribute.role/x"
ACCOUNT_NAME = f"projects/{gcp_world.OURS}/serviceAccounts/ci-preview@{gcp_world.OURS}.iam.gserviceaccount.com"


@pytest.mark.parametrize(
    ("token", "inputs", "word"),
    [
        (tokens.BUCKET, {"name": "goog-state", "location": "europe-west1"}, "no 'goog'"),
        (tokens.BUCKET, {"name": "No", "location": "europe-west1"}, "3 to 63"),
        (
            tokens.BUCKET,
            {"name": "state-a", "location": "europe-west1", "softDeletePolicy": {"retentionDurationSeconds": 60}},
            "604800",
        ),
        (
            tokens.BUCKET,
            {
                "name": "state-b",
                "location": "europe-west1",
                "versioning": {"enabled": True},
                "retentionPolicy": {"retentionPeriod": "86400"},
            },
            "never be overwritten",
        ),
        (
            tokens.BUCKET,
            {"name": "state-c", "location": "europe-west1", "encryption": {"defaultKmsKeyName": KEY}},
            "grant service-",
        ),
        (
            tokens.BUCKET,
            {"name": "state-d", "location": "us-east1", "encryption": {"defaultKmsKeyName": KEY}},
            "the same location",
        ),
        (
            tokens.BUCKET,
            {"name": "state-e", "location": "europe-west1", "encryption": {"defaultKmsKeyName": f"{KEY}-not"}},
            "was not found",
        ),
        (
            tokens.BUCKET_MEMBER,
            {"bucket": "none", "role": "roles/storage.objectViewer", "member": CI},
            "does not exist",
        ),
        (tokens.BUCKET_MEMBER, {"bucket": "none", "role": "roles/dns.admin", "member": CI}, "not supported"),
        (tokens.POOL, {"workloadIdentityPoolId": "gcp-mine"}, "not 'gcp-'"),
        (
            tokens.POOL_PROVIDER,
            {**PROVIDER, "oidc": {"issuerUri": GITHUB}, "attributeMapping": {"google.subject": "assertion.sub"}},
            "is shared",
        ),
        (
            tokens.POOL_PROVIDER,
            {**PROVIDER, "oidc": {"issuerUri": "http://x"}, "attributeMapping": {"google.subject": "assertion.sub"}},
            "must be https",
        ),
        (
            tokens.POOL_PROVIDER,
            {**PROVIDER, "oidc": {"issuerUri": "https://x"}, "attributeMapping": {"attribute.a": "assertion.sub"}},
            "google.subject",
        ),
        (
            tokens.POOL_PROVIDER,
            {
                **PROVIDER,
                "oidc": {"issuerUri": "https://x"},
                "attributeMapping": {"google.subject": "assertion.sub"},
                "attributeCondition": "nonsense.sub == 'x'",
            },
            "does not parse: nonsense",
        ),
        (
            tokens.POOL_PROVIDER,
            {
                "workloadIdentityPoolId": "none",
                "workloadIdentityPoolProviderId": "forge",
                "oidc": {"issuerUri": "https://x"},
                "attributeMapping": {"google.subject": "assertion.sub"},
            },
            "does not exist",
        ),
        (tokens.ROLE, {"roleId": "ci", "title": "x", "permissions": ["compute.*"]}, "not valid"),
        (
            tokens.PROJECT_MEMBER,
            {"project": gcp_world.OURS, "role": f"projects/{gcp_world.OURS}/roles/none", "member": CI},
            "does not exist",
        ),
        (
            tokens.ACCOUNT_MEMBER,
            {
                "serviceAccountId": ACCOUNT_NAME,
                "role": "roles/iam.workloadIdentityUser",
                "member": POOL_MEMBER.format("none"),
            },
            "pool does not exist",
        ),
    ],
)
def test_gcp_refuses(gcp: gcp_world.Cloud, token: str, inputs: dict[str, Any], word: str) -> None:
    assert word in gcp.refused(token, gcp_world.OURS, **inputs).text


def test_gcp_takes_what_is_right(gcp: gcp_world.Cloud) -> None:
    made = {"serviceAccountId": ACCOUNT_NAME, "role": "roles/iam.workloadIdentityUser"}
    assert not gcp.refused(tokens.ACCOUNT_MEMBER, **made, member=POOL_MEMBER.format("kafka-fleet")).codes


@pytest.fixture
def azure() -> azure_world.World:
    world = azure_world.World()
    world.add("resources:ResourceGroup", {"resourceGroupName": "kf-b", "location": "westeurope"})
    account = {"accountName": "kfstate", "resourceGroupName": "kf-b", "location": "westeurope", "kind": "StorageV2"}
    world.add("storage:StorageAccount", {**account, "sku": {"name": "Standard_ZRS"}, "isHnsEnabled": True})
    return world


IN = {"accountName": "kfstate", "resourceGroupName": "kf-b"}
GUID = "11111111-2222-4333-8444-555555555555"
HERE_AZURE = f"/subscriptions/{azure_world.SCOPE.account}"
ROLE = {"roleDefinitionId": GUID, "roleName": "ci", "scope": HERE_AZURE, "assignableScopes": [HERE_AZURE]}


AZURE_RED: list[tuple[str, dict[str, Any], str]] = [
    ("storage:BlobContainer", {**IN, "containerName": "State"}, "InvalidResourceName"),
    ("storage:BlobContainer", {**IN, "containerName": "state", "accountName": "no"}, "ParentResourceNotFound"),
    ("storage:BlobContainer", {**IN, "containerName": "state", "publicAccess": "Blob"}, "PublicAccessNotPermitted"),
    ("storage:BlobServiceProperties", {**IN, "blobServicesName": "mine"}, "InvalidUri"),
    (
        "storage:BlobServiceProperties",
        {**IN, "blobServicesName": "default", "deleteRetentionPolicy": {"enabled": True, "days": 400}},
        "InvalidXmlNodeValue",
    ),
    (
        "storage:BlobServiceProperties",
        {**IN, "blobServicesName": "default", "isVersioningEnabled": True},
        "FeatureNotSupportedForAccount",
    ),
    ("authorization:RoleDefinition", {**ROLE, "permissions": [{"actions": ["read"]}]}, "InvalidActionOrNotAction"),
    ("authorization:RoleDefinition", {**ROLE, "assignableScopes": []}, "BadRequestFormat"),
    ("authorization:RoleDefinition", {**ROLE, "assignableScopes": ["/x"]}, "InvalidAssignableScopes"),
    ("authorization:RoleDefinition", {**ROLE, "roleDefinitionId": "x"}, "InvalidRoleDefinitionId"),
    (
        "authorization:ManagementLockByScope",
        {"lockName": "l", "scope": HERE_AZURE, "level": "Never"},
        "InvalidLockLevel",
    ),
    (
        "authorization:ManagementLockByScope",
        {"lockName": "l", "scope": "/x", "level": "CanNotDelete"},
        "InvalidScope",
    ),
    (
        "authorization:RoleAssignment",
        {
            "roleAssignmentName": GUID,
            "roleDefinitionId": f"{HERE_AZURE}/providers/Microsoft.Authorization/roleDefinitions/{GUID}",
            "scope": HERE_AZURE,
            "principalId": GUID,
        },
        "RoleDefinitionDoesNotExist",
    ),
    ("authorization:ManagementLockByScope", {"lockName": "<l>", "scope": HERE_AZURE}, "InvalidResourceName"),
    (
        "storage:BlobServiceProperties",
        {**IN, "blobServicesName": "default", "accountName": "no"},
        "ParentResourceNotFound",
    ),
]


@pytest.mark.parametrize(("type", "inputs", "code"), AZURE_RED)
def test_azure_refuses(azure: azure_world.World, type: str, inputs: dict[str, Any], code: str) -> None:
    assert code in [one.code for one in azure.judge("create", type, inputs)]


def test_azure_locks_hold_what_is_below_them(azure: azure_world.World) -> None:
    (account,) = azure.all("azure-native:storage:StorageAccount")
    assert not azure.judge("delete", "storage:StorageAccount", account.inputs, old=account)
    group = f"{HERE_AZURE}/resourceGroups/kf-b"
    azure.add("authorization:ManagementLockByScope", {"lockName": "l", "scope": group, "level": "CanNotDelete"})
    refused = azure.judge("delete", "storage:StorageAccount", account.inputs, old=account)
    assert "ScopeLocked" in [one.code for one in refused]


def test_azure_locks_hold_vaults_and_groups(azure: azure_world.World) -> None:
    (group,) = azure.all("azure-native:resources:ResourceGroup")
    vault = azure.add("keyvault:Vault", {"vaultName": "kfkeys", "resourceGroupName": "kf-b", "location": "westeurope"})
    azure.add("authorization:ManagementLockByScope", {"lockName": "l", "scope": group.id, "level": "CanNotDelete"})
    for kind, record in (("resources:ResourceGroup", group), ("keyvault:Vault", vault)):
        assert "ScopeLocked" in [one.code for one in azure.judge("delete", kind, record.inputs, old=record)]


def test_every_law_of_azure_has_been_seen_red(azure: azure_world.World) -> None:
    seen = set()
    for kind, inputs, _ in AZURE_RED:
        model = MODEL.types[azure_world.token(kind)]
        request = Request("create", "urn::it", model.token, azure_world.SCOPE, model.normalize(inputs))
        seen |= {(model.token, law.__qualname__) for law in model.laws if list(law(request, azure))}
    with_state = {"_name_once", "_assigned", "in_group", "in_region"}  # the tests above and below
    every = {
        (name, law.__qualname__)
        for name in bootstrap_types.AZURE
        for law in MODEL.types[name].laws
        if law.__name__ not in with_state
    }
    assert every - seen == set()


def test_azure_keeps_roles_that_are_given_and_their_names(azure: azure_world.World) -> None:
    role = azure.add("authorization:RoleDefinition", ROLE)
    other = {**ROLE, "roleDefinitionId": GUID.replace("1", "2")}
    refused = azure.judge("create", "authorization:RoleDefinition", other)
    assert "RoleDefinitionWithSameNameExists" in [one.code for one in refused]
    given = {"roleAssignmentName": GUID, "roleDefinitionId": role.id, "scope": HERE_AZURE, "principalId": GUID}
    azure.add("authorization:RoleAssignment", given)
    refused = azure.judge("delete", "authorization:RoleDefinition", role.inputs, old=role)
    assert "RoleDefinitionHasAssignments" in [one.code for one in refused]
