"""What a private endpoint may lead to: private link services that are records, and those that AKS makes.

Owns      finding either by id or alias, and who may see it and need not be asked.
Refuses   names that AKS makes up: a Service has to say `azure-pls-name`, or nobody can name its private link service.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sandbox.clouds.azure import aks_services, arm, joins, quotas
from sandbox.contract import Record, World

TYPE = "network:PrivateLinkService"
KIND = "Microsoft.Network/privateLinkServices"
_ALIAS = r"(?P<name>[\w.-]+)\.[0-9a-f-]{36}\.[a-z0-9]+\.azure\.privatelinkservice"


@dataclass(frozen=True)
class Service:
    """A private link service.

    visibility, auto_approval  subscriptions, or `*`
    record    the service itself, or the Kubernetes object whose annotations ask AKS for it
    broken    why AKS could not make it; empty where it stands
    """

    id: str
    alias: str
    subscription: str
    region: str
    visibility: tuple[str, ...]
    auto_approval: tuple[str, ...]
    subnet_id: str
    addresses: int
    fqdns: tuple[str, ...]
    record: Record
    broken: str = ""

    def seen_by(self, subscription: str) -> bool:
        """Whether a subscription can find it."""
        return subscription.lower() == self.subscription or _listed(self.visibility, subscription)

    def approves(self, subscription: str) -> bool:
        """Whether a connection of a subscription is accepted by itself."""
        return _listed(self.auto_approval, subscription)


def _listed(subscriptions: tuple[str, ...], subscription: str) -> bool:
    return "*" in subscriptions or subscription.lower() in (one.lower() for one in subscriptions)


def alias(id: str, region: str) -> str:
    """The alias by which others find a service."""
    return f"{id.rpartition('/')[2]}.{arm.guid(id.lower(), 'alias')}.{region}.azure.privatelinkservice"


def connection_name(endpoint: str) -> str:
    """What the provider's side calls the connection of an endpoint, given its id."""
    return f"{endpoint.rpartition('/')[2]}.{arm.guid(endpoint.lower(), 'connection')}"


def find(world: World, service: str) -> Service | None:
    """The service with an id or alias."""
    match = re.fullmatch(_ALIAS, service)
    name = match["name"] if match else service.rpartition("/")[2]
    for found in (*_records(world), *_made_by_aks(world, name)):
        if joins.same(found.id, service) or joins.same(found.alias, service):
            return found
    return None


def _records(world: World) -> Iterator[Service]:
    for record in world.all(arm.AZURE + TYPE):
        first: Mapping[str, Any] = next(iter(arm.items(record.inputs, "ipConfigurations")), {})
        yield Service(
            id=record.id,
            alias=arm.text(record.outputs, "alias"),
            subscription=record.scope.account.lower(),
            region=arm.region(arm.text(record.outputs, "location")),
            visibility=tuple(arm.items(record.inputs, "visibility", "subscriptions")),
            auto_approval=tuple(arm.items(record.inputs, "autoApproval", "subscriptions")),
            subnet_id=arm.text(first, "subnet", "id"),
            addresses=len(arm.items(record.inputs, "ipConfigurations")),
            fqdns=tuple(arm.items(record.inputs, "fqdns")),
            record=record,
        )


def _made_by_aks(world: World, name: str) -> Iterator[Service]:
    for record, cluster, said in aks_services.asking(world, "pls-name", name):
        if aks_services.word(said, "pls-create").lower() == "true":
            yield _made(world, cluster, record, said)


def _made(world: World, cluster: Record, record: Record, said: Mapping[str, Any]) -> Service:
    def word(key: str) -> str:
        return aks_services.word(said, key)

    subscription, region = cluster.scope.account, arm.region(arm.text(cluster.outputs, "location"))
    group = word("pls-resource-group") or arm.text(cluster.outputs, "nodeResourceGroup")
    own = arm.resource_id(subscription, group, KIND, word("pls-name"))
    subnet = word("pls-ip-configuration-subnet")
    count = word("pls-ip-configuration-ip-address-count") or "1"
    found = Service(
        id=own,
        alias=alias(own, region),
        subscription=subscription.lower(),
        region=region,
        visibility=tuple(word("pls-visibility").split()),
        auto_approval=tuple(word("pls-auto-approval").split()),
        subnet_id=aks_services.subnet_of(cluster, subnet) if subnet else aks_services.front_of(cluster, said),
        addresses=int(count) if count.isdigit() else 0,
        fqdns=tuple(word("pls-fqdns").split()),
        record=record,
    )
    return replace(found, broken=next(_broken(world, cluster, found, said), ""))


def _broken(world: World, cluster: Record, service: Service, said: Mapping[str, Any]) -> Iterator[str]:
    """Why AKS' controller would fail: it says so in events of the Service, and nobody else hears of it."""
    most = quotas.most("addresses of a private link service")
    if not 1 <= service.addresses <= most:
        yield f"azure-pls-ip-configuration-ip-address-count must be 1 to {most}"
    if why := unfit(world, service.subnet_id):
        yield why
    if why := aks_services.misplaced(world, cluster, said):
        yield why
    asked = {
        (one.id, aks_services.word(words, "pls-name"))
        for one, its, words in aks_services.asking(world, "pls-create", "true")
        if joins.same(its.id, cluster.id)
    }
    limit = quotas.most("private link services of a load balancer")
    if len(asked) > limit:
        yield f"cluster {cluster.id} asks for {len(asked)} private link services, and its load balancer takes {limit}"
    for listed in service.auto_approval:
        if not _listed(service.visibility, listed):
            yield f"azure-pls-auto-approval has {listed}, which azure-pls-visibility has not"


def unfit(world: World, subnet_id: str) -> str:
    """Why a private link service cannot take its addresses from a subnet; empty where it can."""
    subnet = arm.resolve(world, "network:Subnet", subnet_id)
    if subnet is None:
        return f"subnet {subnet_id} does not exist"
    if arm.text(subnet.inputs, "privateLinkServiceNetworkPolicies") != "Disabled":
        return f"subnet {subnet_id} has private link service network policies enabled"
    return ""
