"""What a storage account says of its blobs, and containers.

Owns      that both belong to an account, retention times, and names.
Refuses   blobs.
"""

from collections.abc import Iterator
from dataclasses import replace

from sandbox.clouds.azure import arm
from sandbox.clouds.azure.model import CREATE_ONLY, api, model
from sandbox.contract import Refusal, Request, World

_ACCOUNT = "Microsoft.Storage/storageAccounts"
_IN_AN_ACCOUNT = arm.under(
    "storage:StorageAccount", _ACCOUNT, accountName="accountName", resourceGroupName="resourceGroupName"
)


def _retention(request: Request, _world: World) -> Iterator[Refusal]:
    for key in ("deleteRetentionPolicy", "containerDeleteRetentionPolicy"):
        enabled, days = arm.known(request.inputs, key, "enabled"), arm.known(request.inputs, key, "days")
        if enabled is True and not (isinstance(days, int | float) and 1 <= days <= 365):
            yield arm.refuse("InvalidXmlNodeValue", "days of a retention: 1 to 365", key, "days")


def _versions_and_namespace(request: Request, world: World) -> Iterator[Refusal]:
    name = arm.text(request.inputs, "accountName")
    account = arm.named(world, "storage:StorageAccount", request.scope, accountName=name)
    if account and account.inputs.get("isHnsEnabled") is True and request.inputs.get("isVersioningEnabled") is True:
        message = "Versioning is not supported for an account with a hierarchical namespace"
        yield arm.refuse("FeatureNotSupportedForAccount", message, "isVersioningEnabled")


def _closed(request: Request, world: World) -> Iterator[Refusal]:
    name = arm.text(request.inputs, "accountName")
    account = arm.named(world, "storage:StorageAccount", request.scope, accountName=name)
    public = arm.text(request.inputs, "publicAccess") not in ("", "None")
    if public and account and account.inputs.get("allowBlobPublicAccess") is not True:
        message = "Public access is not permitted on this storage account."
        yield arm.refuse("PublicAccessNotPermitted", message, "publicAccess")


def _container(request: Request, _world: World) -> str:
    account = arm.resource_id(
        request.scope.account, arm.text(request.inputs, "resourceGroupName"), _ACCOUNT,
        arm.text(request.inputs, "accountName"),
    )  # fmt: skip
    return f"{account}/blobServices/default/containers/{arm.text(request.inputs, 'containerName')}"


TYPES = (
    model(
        "storage:BlobServiceProperties",
        f"{_ACCOUNT}/blobServices",
        api("storage", "BlobServicePropertiesProperties"),
        name="blobServicesName",
        parents=("accountName",),
        version="2024-01-01",
        laws=(
            arm.well_named(
                "blobServicesName", "default", "an account has one, and it is named 'default'", "InvalidUri"
            ),
            _IN_AN_ACCOUNT,
            arm.said(_retention),
            arm.standing(_versions_and_namespace),
        ),
        tracked=False,
    ),
    replace(
        model(
            "storage:BlobContainer",
            f"{_ACCOUNT}/containers",
            api("storage", "ContainerProperties"),
            name="containerName",
            parents=("accountName",),
            version="2024-01-01",
            laws=(
                arm.well_named(
                    "containerName",
                    r"(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]",
                    "3 to 63 lower-case letters, digits and single hyphens",
                    "InvalidResourceName",
                ),
                _IN_AN_ACCOUNT,
                arm.standing(_closed),
            ),
            immutable={"defaultEncryptionScope": CREATE_ONLY},
            tracked=False,
        ),
        # Between the two stands the account's one blob service, which nobody names.
        identify=_container,
    ),
)
