"""Security groups.

Owns      whether a set of groups lets a connection in or out. Answers need no rule: groups remember connections.
Refuses   prefix lists: a rule that names one is not taken to match.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sandbox.contract import Record
from sandbox.trace.cluster import Kube, Pool
from sandbox.trace.look import Address, Look, at, hop, inside, items, named
from sandbox.trace.result import Hop

GROUP = "aws:ec2/securityGroup:SecurityGroup"
_RULES = {
    "in": "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "out": "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
}


def _covers(told: Any, ports: range) -> bool:
    if str(told.get("ipProtocol", told.get("protocol"))) in {"-1", "all"}:
        return True
    if str(told.get("ipProtocol", told.get("protocol"))) not in {"tcp", "6"}:
        return False
    first, end = int(told.get("fromPort") or 0), int(told.get("toPort") or 0)
    return first <= ports.start and ports.stop - 1 <= end


def _peers(told: Any, group: str) -> tuple[list[str], list[str]]:
    ranges = [told.get("cidrIpv4"), *items(told.get("cidrBlocks"))]
    groups = [
        told.get("referencedSecurityGroupId"),
        told.get("sourceSecurityGroupId"),
        *items(told.get("securityGroups")),
    ]
    groups += [group] if told.get("self") else []
    return [str(one) for one in ranges if one], [str(one) for one in groups if one]


def rules(look: Look, group: str, direction: str) -> list[tuple[Any, str]]:
    """Rules of a group in one direction, each with the name of what holds it."""
    found: list[tuple[Any, str]] = [
        (one.inputs, named(one)) for one in look.where(_RULES[direction], securityGroupId=group)
    ]
    old = "ingress" if direction == "in" else "egress"
    for one in look.where("aws:ec2/securityGroupRule:SecurityGroupRule", securityGroupId=group, type=old):
        found.append((one.inputs, named(one)))
    record = look.find(GROUP, group)
    found += [(one, named(record)) for one in items(record.inputs.get(old)) if record] if record else []
    return found


def allows(
    look: Look, groups: Iterable[str], direction: str, peer: Address, peer_groups: Sequence[str], ports: range
) -> str:
    """What lets a connection through; empty where nothing does. EKS' own group lets its members talk and go out."""
    for group in groups:
        for told, by in rules(look, group, direction):
            ranges, others = _peers(told, group)
            if _covers(told, ports) and (inside(peer, ranges) or set(others) & set(peer_groups)):
                return by
        own = _eks(look, group)
        if own and (direction == "out" or group in peer_groups):
            return f"the rules that EKS writes in {group}"
    return ""


def _eks(look: Look, group: str) -> bool:
    return any(
        at(one.outputs, "vpcConfig", "clusterSecurityGroupId") == group for one in look.all("aws:eks/cluster:Cluster")
    )


def check(
    look: Look,
    what: str,
    groups: Sequence[str],
    direction: str,
    peer: Address,
    ports: range,
    peer_groups: Sequence[str] = (),
) -> Hop:
    """Whether the groups of something let a connection in (`in`) or out (`out`)."""
    way = "from" if direction == "in" else "to"
    shown = str(ports.start) if len(ports) == 1 else f"{ports.start}-{ports.stop - 1}"
    asked = f"{what}: tcp {shown} {way} {peer}"
    if not groups:
        return hop("firewall", asked, what, "pass", "it has no security group")
    by = allows(look, groups, direction, peer, peer_groups, ports)
    if by:
        return hop("firewall", asked, by, "pass", "allowed")
    told = f"no rule of {', '.join(groups)} lets tcp {shown} {way} {peer} through"
    return hop("firewall", asked, f"SecurityGroup {', '.join(groups)}", "fail", told)


def node_groups(look: Look, kube: Kube, pool: Pool | None) -> list[str]:
    """Security groups of a pool's nodes, which its pods share."""
    own = str(at(kube.record.outputs, "vpcConfig", "clusterSecurityGroupId") or "")
    template: Record | None = None
    if pool is not None:
        template = look.find(
            "aws:ec2/launchTemplate:LaunchTemplate", str(at(pool.record.inputs, "launchTemplate", "id"))
        )
    told = [str(one) for one in items(template.inputs.get("vpcSecurityGroupIds"))] if template else []
    return told or [one for one in [own] if one]
