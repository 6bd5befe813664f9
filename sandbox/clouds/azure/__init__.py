"""Azure in the sandbox: which types it knows, and whom a provider works for.

Owns      the list of the service files, the provider's configuration, the functions that can be invoked.
Refuses   the product: a second witness imports nothing of it.
"""

import re
from collections.abc import Iterator

from sandbox.clouds.azure import (
    aks,
    aks_outputs,
    arm,
    blobs,
    custom_roles,
    disks,
    egress,
    endpoints,
    federation,
    flow_logs,
    gates,
    groups,
    hub_connections,
    identity,
    load_balancers,
    locks,
    maintenance,
    monitor,
    network,
    peerings,
    pools,
    prefixes,
    private_dns,
    private_links,
    public_dns,
    storage,
    vault,
    wans,
)
from sandbox.contract import CloudModel, Properties, Refusal, Scope

_SERVICES = (
    groups,
    network,
    egress,
    prefixes,
    gates,
    peerings,
    wans,
    hub_connections,
    load_balancers,
    private_links,
    endpoints,
    flow_logs,
    private_dns,
    public_dns,
    storage,
    blobs,
    identity,
    custom_roles,
    locks,
    federation,
    vault,
    disks,
    aks,
    pools,
    maintenance,
    monitor,
)


def scope(config: Properties) -> Scope:
    """Whom a provider works for."""
    return Scope("azure", arm.text(config, "subscriptionId"), arm.region(arm.text(config, "location")))


def check_config(config: Properties) -> Iterator[Refusal]:
    """Refusals of a provider's configuration."""
    for key, required in (("subscriptionId", True), ("tenantId", False)):
        given = config.get(key)
        if given is None and required:
            yield arm.refuse(
                "MissingSubscriptionId",
                "the provider has no subscription id: it would take the one that the machine is logged in to",
                key,
            )
        elif isinstance(given, str) and not re.fullmatch(identity.GUID, given):
            yield arm.refuse("InvalidSubscriptionId", f"The provided {key} '{given}' is malformed or invalid.", key)


MODEL = CloudModel(
    provider="azure-native",
    sdk="pulumi_azure_native",
    types={found.token: found for service in _SERVICES for found in service.TYPES},
    functions={"azure-native:containerservice:listManagedClusterUserCredentials": aks_outputs.credentials},
    scope=scope,
    check_config=check_config,
)
