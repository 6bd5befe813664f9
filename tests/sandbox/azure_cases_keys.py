"""What Azure refuses about identities, roles, vaults, keys and disks, and names that break a rule."""

from sandbox.contract import Refusal
from tests.sandbox.azure_cases import Case, delete, elsewhere, gone, new, twin, update
from tests.sandbox.azure_good import Cell
from tests.sandbox.azure_world import GROUP, ROLE


def _nat_address_twice(cell: Cell) -> list[Refusal]:
    address = {"id": cell.id("address")}
    return cell.new("nat", ("publicIpAddresses", [address, address]))


KEYS: list[Case] = [
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
    ("disks nobody", new("disk set", ("identity", {"type": "UserAssigned"})), "InvalidIdentityValues", "needs userAss"),
    ("vault access", new("vault", ("properties.publicNetworkAccess", "some")), "BadRequest", "enabled or disabled"),
    ("address idle", new("address", ("idleTimeoutInMinutes", 31)), "InvalidIdleTimeout", "31: allowed are 4 to 30"),
    ("nat idle", new("nat", ("idleTimeoutInMinutes", 3)), "InvalidIdleTimeout", "3: allowed are 4 to 120"),
    ("nat address twice", _nat_address_twice, "InvalidRequestFormat", "publicIpAddresses has '/subscriptions/"),
    (
        "route of no range",
        new("routes", ("routes.0.addressPrefix", "10.9.0.0")),
        "InvalidCIDRNotation",
        "'10.9.0.0' of",
    ),
    ("flow log version", new("flow log", ("format", {"version": 3})), "InvalidFlowLogFormat", "allowed are 1 to 2"),
    (
        "window weeks",
        new("window", ("maintenanceWindow.schedule.weekly.intervalWeeks", 9)),
        "InvalidParameter",
        "intervalWeeks is 9: allowed are 1 to 4",
    ),
    (
        "cleaner hours",
        new("cluster", ("securityProfile.imageCleaner", {"enabled": True, "intervalHours": 1})),
        "InvalidParameter",
        "intervalHours is 1: allowed are 24 to 2160",
    ),
    (
        "pool drain",
        new("pool", ("upgradeSettings", {"drainTimeoutInMinutes": -1})),
        "InvalidParameter",
        "drainTimeoutInMinutes of pool kafka1 is -1",
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
