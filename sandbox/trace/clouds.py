"""The three clouds behind one set of questions: where a Service's load balancer stands, and how packets get somewhere.

Owns      the choice of the module that answers.
Refuses   any answer of its own.
"""

from sandbox.contract import Record
from sandbox.trace import aws_firewall, aws_front, aws_routes, azure_front, azure_routes, gcp_front, gcp_routes
from sandbox.trace.azure_firewall import check as azure_check
from sandbox.trace.cluster import Kube, Pool
from sandbox.trace.front import Front, Source, Spot
from sandbox.trace.gcp_firewall import check as gcp_check
from sandbox.trace.look import Address, Look, at, hop, host, items
from sandbox.trace.places import Client, ranges
from sandbox.trace.result import Hop, broken
from sandbox.trace.strimzi import Service

_OF_SERVICE = {"aws": aws_front.of_service, "gcp": gcp_front.of_service, "azure": azure_front.of_service}


def front(look: Look, kube: Kube, service: Service) -> Front:
    """The load balancer that the cloud makes of a Service."""
    return _OF_SERVICE[kube.cloud](look, kube, service)


def way(look: Look, kube: Kube, client: Client, spot: Spot, *, pod: bool = False) -> tuple[list[Hop], Address]:
    """Routes to an address of the cluster's network and back, and what the client's own side lets out."""
    if kube.cloud == "aws":
        hops, seen = aws_routes.way(look, client, spot)
    elif kube.cloud == "gcp":
        hops, seen = gcp_routes.way(look, client, spot)
    else:
        nodes = azure_front.node_subnets(kube)
        answers = [spot.subnet] if pod and spot.subnet else nodes
        hops, seen = azure_routes.way(look, client, spot, answers)
    return hops, seen


def out(look: Look, kube: Kube, client: Client, spot: Spot, port: int) -> list[Hop]:
    """What the client's own side lets out."""
    if client.cloud == "gcp":
        return gcp_front.out(look, client, spot.address, port)
    if client.cloud == "azure":
        return azure_front.out(look, client, spot, port)
    if client.node:
        groups = aws_firewall.node_groups(look, kube, next(iter(kube.nodes()), None))
        return [aws_firewall.check(look, "client (a node)", groups, "out", spot.address, range(port, port + 1), groups)]
    if client.cloud == "aws" and not client.hub:
        told = "the client's own security group, which is not known, lets it out"
        return [hop("firewall", f"client: tcp {port} to {spot.address}", "", "assumed", told)]
    return []


def to_front(look: Look, kube: Kube, client: Client, given: Front, port: int) -> tuple[list[Hop], Source]:
    """To each of a load balancer's addresses: a client may get any of them."""
    hops: list[Hop] = []
    seen = client.address
    for address, subnet in given.addresses:
        if broken(hops):
            break
        spot = Spot(given.net, subnet, address, given.public)
        more, seen = way(look, kube, client, spot)
        more += [] if broken(more) else out(look, kube, client, spot, port)
        hops += [one for one in more if not _told(one, hops)]
    if not given.addresses:
        hops.append(hop("balancer", given.told, given.record, "fail", given.problem or "it has no address"))
    if kube.cloud == "gcp" and not broken(hops):
        region = gcp_front.region_hop(client, given)
        hops += [region] if region else []
    return hops, Source(seen, client)


def _told(one: Hop, before: list[Hop]) -> bool:
    """Whether the same was said of another of the load balancer's addresses."""
    if one.verdict == "fail":
        return False
    return any((one.kind, one.resource, one.verdict) == (old.kind, old.resource, old.verdict) for old in before)


def to_node(look: Look, kube: Kube, given: Front, source: Source, port: int, *, linked: bool) -> tuple[list[Hop], int]:
    """From a load balancer to a node: hops, and the node's port where a record says it."""
    if kube.cloud == "aws":
        return aws_front.to_node(look, kube, given, source, port, linked=linked)
    if kube.cloud == "gcp":
        return gcp_front.to_node(look, kube, given, source, port), 0
    return azure_front.to_node(look, kube, given, source, port), 0


def to_pod(look: Look, kube: Kube, pool: Pool | None, spot: Spot, source: Address, port: int) -> list[Hop]:
    """Into a pod that has an address of the network: its node's firewall."""
    if kube.cloud == "aws":
        groups = aws_firewall.node_groups(look, kube, pool)
        what = f"nodes of {pool.record.id}" if pool else "nodes"
        return [aws_firewall.check(look, what, groups, "in", source, range(port, port + 1))]
    if kube.cloud == "gcp":
        tags = items(at(pool.record.inputs, "nodeConfig", "tags")) if pool else []
        return [gcp_check(look, kube.net, f"nodes ({', '.join(tags)})", "INGRESS", spot.address, source, port, tags)]
    found = azure_check(look, kube.net, spot.subnet, "Inbound", source, spot.address, port)
    return [found] if found else []


def node_address(pool: Pool | None) -> Address | None:
    """An address of a pool's nodes: as which a connection through a node port enters a pod."""
    subnet: Record | None = pool.subnet if pool else None
    return host(ranges(subnet)[0], 300) if subnet else None
