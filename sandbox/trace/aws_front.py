"""Load balancers in AWS: those of records, and those that a controller makes of a Service.

Owns      where they stand, what they are called, and the way from one to a node.
Refuses   Kubernetes behind the node: sandbox/trace/gateway.py and sandbox/trace/pods.py.
"""

import ipaddress
from collections.abc import Mapping
from typing import Any

from sandbox.contract import Record
from sandbox.trace.aws_firewall import check, node_groups
from sandbox.trace.cluster import Kube, Pool
from sandbox.trace.front import Front, Source
from sandbox.trace.look import Address, Look, at, hop, host, inside, items, named, number
from sandbox.trace.objects import release
from sandbox.trace.places import Net, net_of_subnet, ranges, subnets
from sandbox.trace.result import Hop, broken
from sandbox.trace.strimzi import Service

_P = "service.beta.kubernetes.io/aws-load-balancer-"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
CONTROLLER = "aws-load-balancer-controller"


def public_address(key: str) -> Address:
    """A public address that follows from a key: of the range that is kept for tests."""
    return ipaddress.IPv4Address("198.18.0.0") + number(key) % 131072


def _by_controller(service: Service) -> bool:
    kind = service.annotations.get(f"{_P}type", "")
    return kind in {"external", "nlb-ip"} or service.class_name == "service.k8s.aws/nlb"


def _internal(service: Service) -> bool:
    told = service.annotations
    if _by_controller(service):
        return told.get(f"{_P}scheme", "internal") != "internet-facing"
    return told.get(f"{_P}internal", "false") not in {"", "false"}


def of_service(look: Look, kube: Kube, service: Service) -> Front:
    """The load balancer that a controller makes of a Service."""
    internal, problem = _internal(service), ""
    if _by_controller(service) and release(look, kube.scope, CONTROLLER) is None:
        problem = f"its class is for {CONTROLLER}, which no release installs"
    chosen = _subnets(look, kube, service, internal)
    if not chosen:
        role = "internal-elb" if internal else "elb"
        problem = problem or f"no subnet of {kube.net.id} is tagged kubernetes.io/role/{role}"
    made = []
    for one in chosen:
        private = host(ranges(one)[0], 64 + number(service.key) % 160)
        made.append((private if internal else public_address(f"{service.key} {one.id}"), one))
    name = f"{number(kube.record.id + service.key):08x}.elb.{kube.record.scope.region}.amazonaws.com"
    shown = f"NLB of Service {service.key} ({'internal' if internal else 'internet-facing'})"
    return Front("aws", shown, kube.net, not internal, tuple(made), (name,), service=service, problem=problem)


def _subnets(look: Look, kube: Kube, service: Service, internal: bool) -> list[Record]:
    told = service.annotations.get(f"{_P}subnets")
    available = subnets(look, kube.net)
    if told:
        named_ = {one.strip() for one in told.split(",")}
        return [one for one in available if one.id in named_ or at(one.inputs, "tags", "Name") in named_]
    role = "kubernetes.io/role/internal-elb" if internal else "kubernetes.io/role/elb"
    tagged = [one for one in available if at(one.inputs, "tags", role) in {"1", ""}]
    by_zone = {
        str(one.inputs.get("availabilityZone")): one for one in sorted(tagged, key=lambda one: one.id, reverse=True)
    }
    return [by_zone[zone] for zone in sorted(by_zone)]


def of_record(look: Look, record: Record) -> Front:
    """A load balancer that is a record."""
    internal = record.inputs.get("internal") is True
    mapped = [one.get("subnetId") for one in items(record.inputs.get("subnetMappings"))]
    found = [net_of_subnet(look, str(one)) for one in [*items(record.inputs.get("subnets")), *mapped] if one]
    places = [one for one in found if one is not None]
    told = {one.get("subnetId"): one for one in items(record.outputs.get("networkInterfaces"))}
    made = []
    for _, subnet in places:
        given = told.get(subnet.id, {}).get("privateIpAddress" if internal else "publicIpAddress")
        guess = (
            host(ranges(subnet)[0], 64 + number(record.id) % 160) if internal else public_address(record.id + subnet.id)
        )
        made.append((ipaddress.IPv4Address(given) if given else guess, subnet))
    net = places[0][0] if places else Net("aws", "", None)
    problem = "" if places else "none of its subnets is there"
    name = str(record.outputs.get("dnsName") or "")
    return Front("aws", named(record), net, not internal, tuple(made), (name,) if name else (), record, problem=problem)


def fronts(look: Look) -> list[Front]:
    """Every load balancer that is a record."""
    return [of_record(look, one) for one in look.all(BALANCER)]


def groups(front: Front) -> list[str]:
    """Security groups of a load balancer that is a record."""
    return [str(one) for one in items(front.record.inputs.get("securityGroups"))] if front.record else []


def to_node(
    look: Look, kube: Kube, front: Front, source: Source, port: int, *, linked: bool = False
) -> tuple[list[Hop], int]:
    """From a load balancer to a node: hops, and the port of the node (0: one that Kubernetes chose)."""
    if front.record is None:
        return _service_to_node(front, source, port), 0
    own = groups(front)
    hops: list[Hop] = []
    if own and not (
        linked and front.record.inputs.get("enforceSecurityGroupInboundRulesOnPrivateLinkTraffic") == "off"
    ):
        hops.append(check(look, front.told, own, "in", source.address, range(port, port + 1)))
    if broken(hops):
        return hops, 0
    found = [
        one
        for one in look.where("aws:lb/listener:Listener", loadBalancerArn=front.record.outputs.get("arn"))
        if int(one.inputs.get("port") or 0) == port
    ]
    if not found:
        return [*hops, hop("balancer", f"listener of port {port}", front.record, "fail", "it has none")], 0
    action: Mapping[str, Any] = next(iter(items(found[0].inputs.get("defaultActions"))), {})
    arn = str(action.get("targetGroupArn") or "")
    target = next((one for one in look.all("aws:lb/targetGroup:TargetGroup") if one.outputs.get("arn") == arn), None)
    if target is None:
        return [
            *hops,
            hop("balancer", f"target group of port {port}", found[0], "fail", f"{arn or 'none'} is not there"),
        ], 0
    hops.append(hop("balancer", f"port {port}", found[0], "pass", f"forwards to {named(target)}"))
    node_port = int(target.inputs.get("port") or 0)
    pools = _targets(look, kube, arn)
    if not pools:
        told = "no node is registered in the target group: nothing attaches one"
        return [*hops, hop("balancer", f"targets of port {port}", target, "fail", told)], node_port
    hops.append(hop("balancer", f"targets of port {port}", target, "pass", ", ".join(one.record.id for one in pools)))
    kept = _kept(target)
    hops += _into_nodes(look, kube, front, source, kept, pools, node_port)
    return hops, node_port


def _kept(target: Record) -> bool:
    """Whether targets see the client's own address: for instances that is the default."""
    return (
        str(target.inputs.get("preserveClientIp", target.inputs.get("targetType", "instance") == "instance")).lower()
        == "true"
    )


def _into_nodes(
    look: Look, kube: Kube, front: Front, source: Source, kept: bool, pools: list[Pool], port: int
) -> list[Hop]:
    hops: list[Hop] = []
    own, ports = groups(front), range(port, port + 1)
    for pool in pools:
        if broken(hops) or pool.subnet is None:
            continue
        node, theirs = host(ranges(pool.subnet)[0], 300), node_groups(look, kube, pool)
        if own:
            hops.append(check(look, front.told, own, "out", node, ports, theirs))
        for address, _ in [(source.address, None)] if kept else front.addresses:
            if not broken(hops):
                hops.append(check(look, f"nodes of {pool.record.id}", theirs, "in", address, ports, own))
    return _distinct(hops)


def _distinct(hops: list[Hop]) -> list[Hop]:
    """Without the repetitions of a check that passed for each zone by the same rule."""
    seen: set[str] = set()
    found = []
    for one in hops:
        if one.verdict == "fail" or one.resource not in seen:
            found.append(one)
        seen.add(one.resource)
    return found


def _targets(look: Look, kube: Kube, arn: str) -> list[Pool]:
    """Pools whose nodes are in a target group, by the records that attach them."""
    scaling = {
        str(one.inputs.get("autoscalingGroupName"))
        for one in look.where("aws:autoscaling/attachment:Attachment", lbTargetGroupArn=arn)
    }
    found = [one for one in kube.pools if set(_scaling_groups(one.record.outputs)) & scaling]
    bound = [
        one
        for one in look.kind("TargetGroupBinding", kube.scope)
        if at(one.inputs, "spec", "targetGroupARN") == arn and release(look, kube.scope, CONTROLLER) is not None
    ]
    single = look.where("aws:lb/targetGroupAttachment:TargetGroupAttachment", targetGroupArn=arn)
    return found or (list(kube.nodes()) if bound or single else [])


def _scaling_groups(outputs: Mapping[str, Any]) -> list[str]:
    return [
        str(group.get("name"))
        for one in items(outputs.get("resources"))
        for group in items(one.get("autoscalingGroups"))
    ]


def _service_to_node(front: Front, source: Source, port: int) -> list[Hop]:
    service = front.service
    if service is None or port not in service.ports:
        return [hop("balancer", f"port {port}", front.told, "fail", "the Service has no such port")]
    allowed = service.source_ranges or ("0.0.0.0/0",)
    asked = f"{front.told}: tcp {port} from {source.address}"
    if not inside(source.address, allowed):
        told = f"loadBalancerSourceRanges {', '.join(allowed)} do not hold {source.address}"
        return [hop("firewall", asked, f"Service {service.key}", "fail", told)]
    by = "the rules that the controller writes for the Service's source ranges"
    return [
        hop("balancer", f"port {port}", front.told, "pass", "forwards to every node"),
        hop("firewall", asked, by, "pass", f"{', '.join(allowed)} may connect"),
    ]
