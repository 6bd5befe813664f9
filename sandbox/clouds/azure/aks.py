"""AKS clusters.

Owns      versions, network profile, API access, identities, and the pools that come with a cluster.
Refuses   what runs in a cluster: the Kubernetes provider's judge has that.
"""

from collections.abc import Iterator

from sandbox.clouds.azure import aks_profile, arm, identity, pool_rules, pools
from sandbox.clouds.azure.aks_outputs import outputs
from sandbox.clouds.azure.aks_profile import PROFILE
from sandbox.clouds.azure.model import FORCE_NEW, api, model
from sandbox.clouds.azure.network import network, prefixes
from sandbox.contract import Record, Refusal, Request, World

_OPERATOR = "f1a07417-d97a-45cb-824c-7a7467783830"


def _pools(request: Request, _world: World) -> Iterator[Refusal]:
    given = arm.items(request.inputs, "agentPoolProfiles")
    names = [arm.text(pool, "name") for pool in given]
    if "agentPoolProfiles" not in request.inputs or (
        given and not any(arm.text(pool, "mode") == "System" for pool in given)
    ):
        yield arm.refuse("InvalidParameter", "a cluster needs a pool with mode System", "agentPoolProfiles")
    for index, pool in enumerate(given):
        where = ("agentPoolProfiles", index)
        yield from pool_rules.pool_said(pool, names[index], arm.place(request), where)
        if names[index] and names[index] in names[:index]:
            yield arm.refuse("InvalidParameter", f"two pools are named '{names[index]}'", *where, "name")


def _pools_changed(request: Request, _world: World) -> Iterator[Refusal]:
    old = request.old.inputs if request.old else {}
    before = {arm.text(pool, "name"): pool for pool in arm.items(old, "agentPoolProfiles")}
    for index, pool in enumerate(arm.items(request.inputs, "agentPoolProfiles")):
        name = arm.text(pool, "name")
        if name and name not in before:
            yield arm.refuse(
                "BadRequest",
                f"A new agent pool was introduced. Adding agent pools to an existing cluster is not allowed through "
                f"managed cluster operations: make '{name}' an AgentPool",
                "agentPoolProfiles",
                index,
            )
            continue
        for key in pool_rules.FOR_LIFE:
            was, now = arm.known(before.get(name), key), arm.known(pool, key)
            if was is not None and now is not None and arm.wholly_known(now) and was != now:
                yield arm.refuse(
                    "PropertyChangeNotAllowed",
                    f"Changing property 'properties.agentPoolProfiles[{index}].{key}' from {was!r} to {now!r} is not "
                    "allowed.",
                    "agentPoolProfiles",
                    index,
                    key,
                )


def _upgrade(request: Request, _world: World) -> Iterator[Refusal]:
    old = request.old.inputs if request.old else {}
    has, wanted = (pool_rules.minor(arm.text(given, "kubernetesVersion")) for given in (old, request.inputs))
    if (0, 0) in (has, wanted):
        return
    if wanted < has:
        yield arm.refuse(
            "OperationNotAllowed",
            f"Downgrading a cluster from {has[0]}.{has[1]} to {wanted[0]}.{wanted[1]} is not allowed.",
            "kubernetesVersion",
        )
    elif wanted[1] > has[1] + 1:
        yield arm.refuse(
            "OperationNotAllowed",
            f"Upgrading Kubernetes version {has[0]}.{has[1]} to {wanted[0]}.{wanted[1]} is not allowed. Available "
            f"upgrades: {has[0]}.{has[1] + 1}: minor versions are not skipped.",
            "kubernetesVersion",
        )


def _private_for_life(request: Request, _world: World) -> Iterator[Refusal]:
    path = ("apiServerAccessProfile", "enablePrivateCluster")
    old = request.old.inputs if request.old else {}
    was, now = bool(arm.known(old, *path)), bool(arm.known(request.inputs, *path))
    access = request.inputs.get(path[0])
    if was != now and arm.wholly_known(access):
        yield arm.refuse(
            "PropertyChangeNotAllowed",
            f"Changing property 'properties.apiServerAccessProfile.enablePrivateCluster' from {was} to {now} is not "
            "allowed without API server VNet integration: make a new cluster",
            *path,
        )


def _standing(request: Request, world: World) -> Iterator[Refusal]:
    given = arm.items(request.inputs, "agentPoolProfiles")
    outbound = arm.text(request.inputs, *PROFILE, "outboundType")
    for index, pool in enumerate(given):
        where = ("agentPoolProfiles", index)
        yield from pools.pool_standing(request, world, pool, arm.text(pool, "name"), where, outbound)
    yield from pools.cores(request, world, given)
    cidr = arm.text(request.inputs, *PROFILE, "podCidr")
    yield from pools.pod_room(cidr, pools.nodes_of(given), (*PROFILE, "podCidr"))
    yield from _ranges(request, world)
    yield from arm.reference(
        request,
        world,
        "compute:DiskEncryptionSet",
        arm.text(request.inputs, "diskEncryptionSetID"),
        ("diskEncryptionSetID",),
        "DiskEncryptionSetNotFound",
    )
    key = arm.text(request.inputs, "securityProfile", "azureKeyVaultKms", "keyId")
    if key and not world.by_output("keyUriWithVersion", key):
        yield arm.refuse(
            "KeyVaultKeyNotFound",
            f"The key '{key}' of azureKeyVaultKms was not found.",
            "securityProfile",
            "azureKeyVaultKms",
            "keyId",
        )


def _networks(request: Request, world: World) -> Iterator[Record]:
    for pool in arm.items(request.inputs, "agentPoolProfiles"):
        above = arm.text(pool, "vnetSubnetID").rpartition("/subnets/")[0]
        found = arm.resolve(world, "network:VirtualNetwork", above, request.scope) if above else None
        if found is not None:
            yield found


def _ranges(request: Request, world: World) -> Iterator[Refusal]:
    for key in ("serviceCidr", "podCidr"):
        own = network(arm.text(request.inputs, *PROFILE, key))
        if own is None:
            continue
        for found in _networks(request, world):
            for part in prefixes(found.inputs):
                if part.overlaps(own):
                    yield arm.refuse(
                        "NetworkProfileCIDROverlapVNET",
                        f"NetworkProfile CIDR {own} overlaps with reserved VNET CIDR {part} (networkProfile.{key})",
                        *PROFILE,
                        key,
                    )


def _identities(request: Request, world: World) -> Iterator[Refusal]:
    given = [str(one) for one in arm.items(request.inputs, "identity", "userAssignedIdentities")]
    assigned = arm.text(request.inputs, "identity", "type") == "UserAssigned"
    if assigned and len(given) != 1 and arm.wholly_known(request.inputs.get("identity")):
        yield arm.refuse(
            "InvalidParameter", f"exactly one user assigned identity is allowed, {len(given)} are given", "identity"
        )
    for one in given:
        yield from arm.reference(
            request,
            world,
            "managedidentity:UserAssignedIdentity",
            one,
            ("identity", "userAssignedIdentities"),
            "FailedIdentityOperation",
        )
    kubelet = arm.text(request.inputs, "identityProfile", "kubeletidentity", "resourceId")
    if not kubelet:
        return
    path = ("identityProfile", "kubeletidentity", "resourceId")
    yield from arm.reference(request, world, "managedidentity:UserAssignedIdentity", kubelet, path)
    control = arm.resolve(world, "managedidentity:UserAssignedIdentity", given[0], request.scope) if given else None
    if control is None:
        return
    if identity.has_role(world, arm.text(control.outputs, "principalId"), _OPERATOR, kubelet):
        return
    yield arm.refuse(
        "CustomKubeletIdentityMissingPermissionError",
        f"The cluster using user-assigned managed identity must be granted 'Managed Identity Operator' role to assign "
        f"kubelet identity. Role assignment of '{given[0]}' on '{kubelet}' is missing.",
        *path,
    )


def _empty(request: Request, world: World) -> Iterator[Refusal]:
    if request.old is None:
        return
    group, name = (arm.text(request.old.inputs, key) for key in ("resourceGroupName", "resourceName"))
    for inside in ("containerservice:AgentPool", "containerservice:MaintenanceConfiguration"):
        found = arm.named(world, inside, request.scope, resourceGroupName=group, resourceName=name)
        if found is not None:
            yield arm.refuse(
                "cluster-not-empty",
                f"cluster '{name}' still has '{found.id}': Azure would delete it too; delete it first",
            )
            return


_REPLACED = (
    "diskEncryptionSetID",
    "dnsPrefix",
    "fqdnSubdomain",
    "linuxProfile",
    "location",
    "nodeResourceGroup",
    "windowsProfile",
    *(
        f"networkProfile.{key}"
        for key in (
            "serviceCidr",
            "serviceCidrs",
            "dnsServiceIP",
            "networkMode",
            "networkPlugin",
            "networkPluginMode",
            "podCidr",
            "networkDataplane",
            "networkPolicy",
            "outboundType",
        )
    ),
)

TYPES = (
    model(
        "containerservice:ManagedCluster",
        "Microsoft.ContainerService/managedClusters",
        api("containerservice", "ManagedCluster", {"identity.userAssignedIdentities": ""}),
        name="resourceName",
        version="2025-09-01",
        laws=(
            arm.well_named(
                "resourceName",
                r"[A-Za-z0-9]([-\w]{0,61}[A-Za-z0-9])?",
                "1 to 63 letters, digits, '_' or '-', with a letter or digit at both ends",
                "InvalidParameter",
            ),
            arm.said(aks_profile.cluster),
            arm.said(aks_profile.network_profile),
            arm.said(_pools),
            arm.changing(_pools_changed),
            arm.changing(_upgrade),
            arm.changing(_private_for_life),
            arm.standing(_standing),
            arm.standing(_identities),
            arm.limited("managed clusters"),
            arm.leaving(_empty),
        ),
        immutable=dict.fromkeys(_REPLACED, FORCE_NEW),
        normalize=arm.normal(enableRBAC=True, supportPlan="KubernetesOfficial"),
        extra=outputs,
        in_use="cluster-in-use",
        reshaped=("identity", "oidcIssuerProfile"),
    ),
)
