"""Private Service Connect: whom a service attachment lets in.

Owns      finding the attachment that a rule means, GKE's own included, and the status of each of its connections.
Refuses   propagated connections, and consumers by number where the sandbox has made the number up.
"""

import ipaddress
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sandbox.clouds.gcp import tokens
from sandbox.clouds.gcp.links import decimal, network_name, regional_name, relative, segment, value, values
from sandbox.contract import Properties, Record, World

KUBERNETES = "kubernetes:networking.gke.io/v1:ServiceAttachment"
_GKE_NAME = re.compile(r"k8s1-(?:sa-)?[a-z0-9]{1,8}-(?P<middle>[a-z0-9-]+)-[a-z0-9]{1,8}")
"""`k8s1-sa-<cluster>-<namespace>-<name>-<hash>` (kubernetes/ingress-gce, pkg/utils/namer/serviceattachmentnamer.go)."""


@dataclass(frozen=True)
class Policy:
    """An attachment, as far as it decides who may connect.

    accept    consumer (project, network or endpoint) -> most connections, in the order of the list
    capacity  connections for which its NAT subnetworks have addresses
    """

    id: str
    preference: str
    accept: Sequence[tuple[str, int]]
    reject: frozenset[str]
    reconcile: bool
    capacity: int
    subnetworks: tuple[str, ...]


def find(world: World, target: str) -> Policy | None:
    """The attachment of a target's link or relative name, made by a program or by GKE."""
    name = relative(target)
    record = world.find(tokens.SERVICE_ATTACHMENT, name)
    if record is not None:
        return _declared(record, world)
    return next((_from_gke(found, cluster, world) for found, cluster in _gke(world, name)), None)


def nat_subnetworks(world: World) -> Iterator[tuple[str, str]]:
    """Every NAT subnetwork that is in use, with the attachment that uses it."""
    for record in world.all(tokens.SERVICE_ATTACHMENT):
        for name in _names(record.inputs, "natSubnets[]", record.scope.account, str(record.inputs.get("region"))):
            yield name, record.id
    for found in world.all(KUBERNETES):
        cluster = cluster_of(found, world)
        if cluster is not None:
            policy = _from_gke(found, cluster, world)
            yield from ((name, policy.id) for name in policy.subnetworks)


def _names(inputs: Properties, path: str, account: str, region: str) -> tuple[str, ...]:
    return tuple(regional_name(text, "subnetworks", account, region) for _, text in values(inputs, path))


def _capacity(world: World, subnetworks: Sequence[str], each: int) -> int:
    """Four addresses of every NAT subnetwork are lost; each connection takes one, or as many as the attachment says."""
    found = [world.find(tokens.SUBNETWORK, name) for name in subnetworks]
    sizes = [ipaddress.IPv4Network(r.inputs["ipCidrRange"]).num_addresses - 4 for r in found if r is not None]
    return sum(size // each for size in sizes)


def _declared(record: Record, world: World) -> Policy:
    account = record.scope.account
    accept: list[tuple[str, int]] = []
    for _, item in values(record.inputs, "consumerAcceptLists[]"):
        project, network, endpoint = (item.get(k) for k in ("projectIdOrNum", "networkUrl", "endpointUrl"))
        who = project or (network_name(network, account) if network else relative(str(endpoint)))
        accept.append((str(who), int(item.get("connectionLimit", 1 if endpoint else 0))))
    subnetworks = _names(record.inputs, "natSubnets[]", account, str(record.inputs.get("region")))
    return Policy(
        id=record.id,
        preference=str(record.inputs.get("connectionPreference")),
        accept=accept,
        reject=frozenset(_plain(text) for _, text in values(record.inputs, "consumerRejectLists[]")),
        reconcile=record.inputs.get("reconcileConnections") is True,
        capacity=_capacity(world, subnetworks, int(record.inputs.get("natIpsPerEndpoint") or 1)),
        subnetworks=subnetworks,
    )


def _plain(text: str) -> str:
    return relative(text) if "projects/" in text else text


def cluster_of(record: Record, world: World) -> Record | None:
    """The GKE cluster that a Kubernetes object stands in: the provider names its id, or the host of its API."""
    for cluster in world.all(tokens.CLUSTER):
        names = {cluster.id, str(cluster.outputs.get("selfLink")), str(cluster.outputs.get("endpoint"))}
        names |= {text for _, text in values(cluster.outputs, "privateClusterConfig.privateEndpoint")}
        names |= {text for _, text in values(cluster.outputs, "controlPlaneEndpointsConfig.dnsEndpointConfig.endpoint")}
        if record.scope.account in names or record.scope.region in names:
            return cluster
    return None


def _region(cluster: Record) -> str:
    where = segment(cluster.id, "locations") or str(cluster.inputs.get("location"))
    return "-".join(where.split("-")[:2])


def _gke(world: World, name: str) -> Iterator[tuple[Record, Record]]:
    """Kubernetes objects whose attachment may have that name: GKE's hashes are nobody's to foretell."""
    last = segment(name, "serviceAttachments")
    for record in world.all(KUBERNETES):
        cluster = cluster_of(record, world)
        if cluster is None or _region(cluster) != segment(name, "regions"):
            continue
        if segment(cluster.id, "projects") != segment(name, "projects"):
            continue
        told = value(record.outputs, "status.serviceAttachmentURL")
        if isinstance(told, str):
            if relative(told) == name:
                yield record, cluster
        elif _named(record, last):
            yield record, cluster


def _named(record: Record, last: str) -> bool:
    """GKE cuts namespace and name where both are too long for 63 characters, each from its end."""
    namespace, _, own = record.id.rpartition("/")
    if last == own:
        return True
    found = _GKE_NAME.fullmatch(last)
    if found is None:
        return False
    middle = found["middle"]
    cuts = [at for at, letter in enumerate(middle) if letter == "-"]
    return any(namespace.startswith(middle[:at]) and own.startswith(middle[at + 1 :]) for at in cuts)


def _from_gke(record: Record, cluster: Record, world: World) -> Policy:
    project, region = segment(cluster.id, "projects"), _region(cluster)
    spec = value(record.inputs, "spec") or {}
    subnetworks = _names(spec, "natSubnets[]", project, region)
    accept = [
        (str(item.get("project")), int(item.get("connectionLimit") or 0))
        for _, item in values(spec, "consumerAllowList[]")
    ]
    return Policy(
        id=f"{cluster.id}/serviceAttachments/{record.id}",
        preference=str(spec.get("connectionPreference")),
        accept=accept,
        reject=frozenset(text for _, text in values(spec, "consumerRejectList[]")),
        reconcile=spec.get("reconcileConnections") is True,
        capacity=_capacity(world, subnetworks, 1),
        subnetworks=subnetworks,
    )


def is_target(text: object) -> bool:
    """Whether a forwarding rule's target is a service attachment."""
    return isinstance(text, str) and "/serviceAttachments/" in text


def rules(world: World, policy: Policy) -> list[Record]:
    """The consumers' rules that lead to an attachment, in the order in which they were made."""
    found = []
    for record in world.all(tokens.FORWARDING_RULE):
        target = record.inputs.get("target")
        if is_target(target) and (other := find(world, str(target))) is not None and other.id == policy.id:
            found.append(record)
    return sorted(found, key=lambda record: int(record.outputs.get("pscConnectionId") or 0))


def statuses(policy: Policy, endpoints: Sequence[Record]) -> dict[str, str]:
    """Endpoint id -> status. What was decided stays, unless the attachment reconciles."""
    result: dict[str, str] = {}
    used: dict[str, int] = {}
    served = 0
    for endpoint in endpoints:
        before = endpoint.outputs.get("pscConnectionStatus")
        who = _who(endpoint)
        entry = next(((name, most) for name, most in policy.accept if name in who), None)
        if before == "CLOSED":
            result[endpoint.id] = "CLOSED"
            continue
        if before in ("ACCEPTED", "REJECTED") and not policy.reconcile:
            status = before
        elif who & policy.reject:
            status = "REJECTED"
        elif policy.preference == "ACCEPT_AUTOMATIC":
            status = "ACCEPTED"
        else:
            status = "ACCEPTED" if entry and used.get(entry[0], 0) < entry[1] else "PENDING"
        if status == "ACCEPTED":
            if entry:
                used[entry[0]] = used.get(entry[0], 0) + 1
            served += 1
            status = status if served <= policy.capacity else "NEEDS_ATTENTION"
        result[endpoint.id] = status
    return result


def _who(endpoint: Record) -> set[str]:
    account = endpoint.scope.account
    network = network_name(str(endpoint.outputs.get("network") or endpoint.inputs.get("network")), account)
    return {account, decimal(account, 12), network, endpoint.id}


def status(world: World, endpoint: Record) -> str:
    """The status of one connection as it stands now: CLOSED where its attachment is gone."""
    policy = find(world, str(endpoint.inputs.get("target")))
    if policy is None:
        return "CLOSED"
    others = [record for record in rules(world, policy) if record.id != endpoint.id]
    mine = int(endpoint.outputs.get("pscConnectionId") or 0)
    ordered = sorted([*others, endpoint], key=lambda r: int(r.outputs.get("pscConnectionId") or mine))
    return statuses(policy, ordered)[endpoint.id]
