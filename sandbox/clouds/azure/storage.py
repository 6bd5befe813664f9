"""Storage accounts and their lifecycle rules.

Owns      the name that is unique in all of Azure, and what of an account is for life.
Refuses   what is in an account.
"""

from collections.abc import Iterator, Mapping

from sandbox.clouds.azure import arm
from sandbox.clouds.azure.identity import given_back
from sandbox.clouds.azure.locks import held
from sandbox.clouds.azure.model import FORCE_NEW, api, model
from sandbox.contract import Properties, Refusal, Request, World

_FOR_LIFE = "Azure storage: infrastructure encryption can be chosen only when an account is made (general knowledge)"


def _sku(request: Request, _world: World) -> Iterator[Refusal]:
    kind, tier = arm.text(request.inputs, "kind"), arm.text(request.inputs, "accessTier")
    if kind == "BlobStorage" and not tier:
        yield arm.refuse(
            "AccountPropertyIsInvalid", "an account of kind BlobStorage needs an access tier", "accessTier"
        )
    sku = arm.text(request.inputs, "sku", "name")
    if kind in ("BlockBlobStorage", "FileStorage") and sku and not sku.startswith("Premium"):
        yield arm.refuse("AccountPropertyIsInvalid", f"kind {kind} needs a Premium sku, not {sku}", "sku", "name")


def _rules(request: Request, _world: World) -> Iterator[Refusal]:
    names: set[str] = set()
    for index, rule in enumerate(arm.items(request.inputs, "policy", "rules")):
        where = ("policy", "rules", index)
        name = arm.text(rule, "name")
        if name.lower() in names:
            yield arm.refuse("DuplicateRuleName", f"two lifecycle rules are named '{name}'", *where, "name")
        names.add(name.lower())
        blobs = arm.items(rule, "definition", "filters", "blobTypes")
        wrong = sorted({str(one) for one in blobs} - {"blockBlob", "appendBlob"})
        if wrong:
            yield arm.refuse(
                "InvalidRequestPropertyValue",
                f"lifecycle rule '{name}' filters {', '.join(wrong)}: allowed are appendBlob and blockBlob",
                *where,
                "definition",
                "filters",
                "blobTypes",
            )
        tiers = arm.known(rule, "definition", "actions", "baseBlob") or {}
        if "appendBlob" in blobs and any(str(action).startswith("tier") for action in tiers):
            yield arm.refuse(
                "InvalidRequestPropertyValue",
                f"lifecycle rule '{name}' moves append blobs to another tier: they can only be deleted",
                *where,
                "definition",
                "actions",
                "baseBlob",
            )
        for action in tiers:
            days = arm.known(tiers, action, "daysAfterModificationGreaterThan")
            if isinstance(days, int | float) and days < 0:
                yield arm.refuse("InvalidRequestPropertyValue", f"{days} days are not possible in '{name}'", *where)


def _endpoints(request: Request, world: World, id: str) -> Properties:
    name = id.rpartition("/")[2]
    given = request.inputs.get("identity")
    return {
        **({"identity": given_back(given, world)} if isinstance(given, Mapping) else {}),
        "primaryEndpoints": {
            kind: f"https://{name}.{kind}.core.windows.net/" for kind in ("blob", "dfs", "file", "queue", "table")
        },
        "primaryLocation": arm.place(request),
        "statusOfPrimary": "available",
    }


TYPES = (
    model(
        "storage:StorageAccount",
        "Microsoft.Storage/storageAccounts",
        api(
            "storage",
            "StorageAccountCreateParameters",
            {
                "networkRuleSet": "networkAcls",
                "enableHttpsTrafficOnly": "supportsHttpsTrafficOnly",
                "enableNfsV3": "isNfsV3Enabled",
                # The provider takes a list of identities where the API takes a mapping.
                "identity.userAssignedIdentities": "",
            },
        ),
        name="accountName",
        version="2024-01-01",
        laws=(
            arm.well_named(
                "accountName", r"[a-z0-9]{3,24}", "3 to 24 lower-case letters and digits", "AccountNameInvalid"
            ),
            arm.said(_sku),
            arm.frozen_in_place(
                "AccountPropertyCannotBeUpdated", "encryption.requireInfrastructureEncryption", "kind", why=_FOR_LIFE
            ),
            arm.limited("storage accounts"),
            arm.leaving(held),
        ),
        immutable=dict.fromkeys(("isHnsEnabled", "location"), FORCE_NEW),
        normalize=arm.normal(enableHttpsTrafficOnly=True),
        extra=_endpoints,
        reshaped=("identity",),
        in_use="storage-account-in-use",
        unique_in_cloud=True,
    ),
    model(
        "storage:ManagementPolicy",
        "Microsoft.Storage/storageAccounts/managementPolicies",
        api("storage", "ManagementPolicy"),
        name="managementPolicyName",
        parents=("accountName",),
        version="2024-01-01",
        laws=(
            arm.well_named(
                "managementPolicyName", "default", "an account has one policy, and it is named 'default'", "InvalidUri"
            ),
            arm.under(
                "storage:StorageAccount",
                "Microsoft.Storage/storageAccounts",
                accountName="accountName",
                resourceGroupName="resourceGroupName",
            ),
            arm.said(_rules),
        ),
        extra=lambda _request, _world, _id: {"name": "DefaultManagementPolicy"},
        tracked=False,
    ),
)
