"""Load balancers: network ones by law, the others by their types.

Owns      names, one subnet a zone with room in it, addresses, and that security groups are given at the start or never.
Refuses   application and gateway load balancers beyond what all kinds share; packets, health and capacity.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.clouds.aws import addresses, ids, laws, subnets
from sandbox.clouds.aws.base import botocore, model
from sandbox.clouds.aws.ec2_firewall import groups_exist, network_of
from sandbox.clouds.aws.ec2_nat import ADDRESS
from sandbox.clouds.aws.ec2_network import GATEWAY, NAT, SUBNET
from sandbox.clouds.aws.laws import at_effect, known, refuse, region_of, texts, writing
from sandbox.clouds.aws.normal import defaults, sets
from sandbox.clouds.aws.quotas import BALANCERS, over
from sandbox.clouds.aws.standing import SERVICE
from sandbox.contract import Law, Record, Refusal, Request, World

BALANCER = "aws:lb/loadBalancer:LoadBalancer"

_LEAST_FREE = 8
"""Addresses that a subnet must have free; source: NLB guide, 'Availability Zones'."""

_HOSTED = {
    "eu-central-1": "Z3F0SRJ5LGBH90",
    "eu-north-1": "Z1UDT6IFJ4EJM",
    "eu-west-1": "Z2IFOLAFXWLO4F",
    "eu-west-2": "ZD4D7Y8KGAS4G",
    "eu-west-3": "Z1CMS0P5QUZ6D5",
    "us-east-1": "Z26RNL4JYFTOTI",
    "us-east-2": "ZLMOA37VPKANP",
    "us-west-1": "Z24FKFUX50B4VW",
    "us-west-2": "Z18D5FSROUN65G",
}
"""Source: AWS general reference, 'Elastic Load Balancing endpoints', zone ids of network load balancers."""


def is_network(one: Request | Record) -> bool:
    """Whether it is a network load balancer."""
    return one.inputs.get("loadBalancerType") == "network"


def named_well(kind: str, longest: int = 32) -> Law:
    """What a load balancer or a target group may be called."""

    @writing
    def law(request: Request, _world: World) -> Iterable[Refusal]:
        for key, most in (("name", longest), ("namePrefix", 6)):
            name = request.inputs.get(key)
            if not known(name):
                continue
            if len(str(name)) > most:
                yield refuse("ValidationError", f"{kind} {key} '{name}' cannot be longer than '{most}' characters", key)
            elif not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?" if key == "name" else r"[\w-]+", str(name)):
                message = f"{kind} name '{name}' can only have letters, digits and hyphens, none at its ends"
                yield refuse("ValidationError", message, key)
            elif str(name).startswith("internal-"):
                yield refuse("ValidationError", f"{kind} name '{name}' cannot start with 'internal-'", key)

    return law


def unique_name(code: str, kind: str) -> Law:
    """No two of an account and region share a name."""

    @at_effect
    def law(request: Request, world: World) -> Iterable[Refusal]:
        name = request.inputs.get("name")
        for other in world.all(request.type, request.scope):
            there = name is not None and other.inputs.get("name") == name and region_of(other) == request.scope.region
            if there and not (request.old and request.old.id == other.id):
                yield refuse(code, f"a {kind} with the name '{name}' exists already: '{other.id}'", "name")

    return law


def places(request: Request, world: World) -> list[tuple[tuple[str | int, ...], Record, Mapping[str, Any]]]:
    """Every subnet that the load balancer is in, with what is said of it there."""
    found: list[tuple[tuple[str | int, ...], str, Mapping[str, Any]]] = []
    for place, id_ in texts(request.inputs, "subnets.[]"):
        found.append((place, id_, {}))
    for place, id_ in texts(request.inputs, "subnetMappings.[].subnetId"):
        found.append((place, id_, request.inputs["subnetMappings"][place[1]]))
    records = [(place, world.find(SUBNET, id_, request.scope), said) for place, id_, said in found]
    return [(place, subnet, said) for place, subnet, said in records if subnet is not None]


@writing
def _where(request: Request, world: World) -> Iterable[Refusal]:
    given = [name for name in ("subnets", "subnetMappings") if request.inputs.get(name)]
    if len(given) != 1:
        message = "a load balancer needs exactly one of subnets and subnetMappings"
        yield refuse("ValidationError", message, "subnets")
    networks: dict[str, str] = {}
    inside = [(place, subnet) for place, subnet, _said in places(request, world)]
    for place, zone, both in subnets.twins(inside):
        message = f"a load balancer cannot be attached to multiple subnets in the same zone: {zone} has {both}"
        yield refuse("InvalidConfigurationRequest", message, *place)
    for place, subnet in inside:
        networks[str(subnet.inputs.get("vpcId"))] = subnet.id
        if request.operation != "check" and is_network(request):
            yield from addresses.room(request, world, subnet, _LEAST_FREE, "InvalidSubnet", str(place[0]))
    if len(networks) > 1:
        said = ", ".join(f"'{subnet}' of '{vpc}'" for vpc, subnet in sorted(networks.items()))
        yield refuse("InvalidConfigurationRequest", f"the subnets are of different networks: {said}", given[0])
    if request.operation != "check" and request.inputs.get("internal") is not True:
        for vpc in networks:
            if not any(one.inputs.get("vpcId") == vpc for one in world.all(GATEWAY, request.scope)):
                message = f"VPC {vpc} has no internet gateway: an internet-facing load balancer needs one"
                yield refuse("InvalidSubnet", message, given[0] if given else "subnets")


@writing
def _addresses(request: Request, world: World) -> Iterable[Refusal]:
    internal = request.inputs.get("internal") is True
    for place, subnet, said in places(request, world):
        text, allocation = said.get("privateIpv4Address"), said.get("allocationId")
        at = place[:-1]
        if isinstance(text, str) and not internal:
            message = "only an internal load balancer has private addresses of its choice"
            yield refuse("InvalidConfigurationRequest", message, *at, "privateIpv4Address")
        elif isinstance(text, str):
            code = "InvalidConfigurationRequest"
            yield from addresses.asked(request, world, subnet, text, code, *at, "privateIpv4Address")
        if allocation is not None and internal:
            message = "an internal load balancer cannot have an Elastic IP"
            yield refuse("InvalidConfigurationRequest", message, *at, "allocationId")
        users = [
            *(one for one in world.all(NAT, request.scope) if one.inputs.get("allocationId") == allocation),
            *(
                one
                for one in world.all(BALANCER, request.scope)
                if allocation in [text for _, text in texts(one.inputs, "subnetMappings.[].allocationId")]
                and not laws.same(one, request)
            ),
        ]
        if known(allocation) and users:
            message = f"the allocation ID '{allocation}' is in use by '{users[0].id}'"
            yield refuse("ResourceInUse", message, *at, "allocationId")


@writing
def _groups(request: Request, world: World) -> Iterable[Refusal]:
    groups = request.inputs.get("securityGroups") or []
    if request.old is not None and request.operation == "update" and is_network(request):
        before = request.old.inputs.get("securityGroups") or []
        if bool(before) != bool(groups):
            said = "was made without security groups: none can be added" if groups else "must keep a security group"
            message = f"network load balancer '{request.old.inputs.get('name')}' {said}; make it anew"
            yield refuse("InvalidConfigurationRequest", message, "securityGroups")
    vpcs = {subnet.inputs.get("vpcId") for _, subnet, _ in places(request, world)}
    for place, group in texts(request.inputs, "securityGroups.[]"):
        found = network_of(world, request, group)
        if found is not None and vpcs and found not in vpcs:
            message = f"security group '{group}' is of '{found}', the load balancer in {sorted(map(str, vpcs))}"
            yield refuse("InvalidConfigurationRequest", message, *place)
    if request.inputs.get("enforceSecurityGroupInboundRulesOnPrivateLinkTraffic") is not None and not groups:
        message = "a load balancer without security groups has no inbound rules to enforce"
        path = "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"
        yield refuse("InvalidConfigurationRequest", message, path)


def _quota(request: Request, world: World) -> Iterable[Refusal]:
    if request.operation in ("check", "create") and request.old is None and is_network(request):
        others = [one for one in world.all(BALANCER, request.scope) if is_network(one) and not laws.same(one, request)]
        yield from over(BALANCERS, sum(region_of(one) == request.scope.region for one in others))


@laws.deleting
def _may_go(request: Request, world: World) -> Iterable[Refusal]:
    if request.old is None:
        return
    name = request.old.inputs.get("name")
    if request.old.inputs.get("enableDeletionProtection") is True:
        yield refuse(
            "OperationNotPermitted", f"load balancer '{name}' cannot be deleted: its deletion protection is on"
        )
    for service in world.all(SERVICE, request.scope):
        if request.old.id in (service.inputs.get("networkLoadBalancerArns") or ()):
            message = (
                f"load balancer '{name}' cannot be deleted because it is currently associated with another service"
            )
            yield refuse("ResourceInUse", f"{message}: '{service.id}'")


def _arn(request: Request, world: World) -> str:
    mark = ids.hexadecimal(ids.fresh(request, world, "load-balancer"), 16)
    kind = {"network": "net", "gateway": "gwy"}.get(str(request.inputs.get("loadBalancerType")), "app")
    name = request.inputs.get("name") or f"{request.inputs.get('namePrefix') or 'tf-lb-'}{mark[:12]}"
    return ids.arn(request.scope, "elasticloadbalancing", f"loadbalancer/{kind}/{name}/{mark}")


def _outputs(request: Request, world: World, id_: str) -> Mapping[str, Any]:
    name, mark = id_.split("/")[-2:]
    found = places(request, world)
    wanted = [(subnet, str(said.get("privateIpv4Address") or "")) for _, subnet, said in found]
    region, internal = request.scope.region, request.inputs.get("internal") is True
    balanced: list[dict[str, str]] = addresses.interfaces(request, world, id_, wanted)
    for one, (_, _, said) in zip(balanced, found, strict=True):
        if not internal:
            elastic = world.find(ADDRESS, str(said.get("allocationId")), request.scope)
            public = elastic.outputs.get("publicIp") if elastic else None
            one["publicIpAddress"] = str(public or ids.address(f"{id_}/{one['subnetId']}"))
    start = "" if is_network(request) or not internal else "internal-"
    end = f"elb.{region}.amazonaws.com" if is_network(request) else f"{region}.elb.amazonaws.com"
    return {
        "arn": id_,
        "arnSuffix": id_.partition("loadbalancer/")[2],
        "dnsName": f"{start}{name}-{mark}.{end}",
        "internal": internal,
        "name": name,
        "networkInterfaces": balanced,
        "subnets": sorted(subnet.id for _, subnet, _ in found),
        "vpcId": found[0][1].inputs.get("vpcId") if found else "",
        "zoneId": _HOSTED.get(region) or f"Z{ids.letters(f'elb/{region}', 13)}",
    }


_ATTRIBUTES = (
    *("accessLogs", "clientKeepAlive", "connectionLogs", "desyncMitigationMode", "dnsRecordClientRoutingPolicy"),
    *("dropInvalidHeaderFields", "enableCrossZoneLoadBalancing", "enableDeletionProtection", "enableHttp2"),
    *("enableTlsVersionAndCipherSuiteHeaders", "enableWafFailOpen", "enableXffClientPort", "enableZonalShift"),
    *("enforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "healthCheckLogs", "idleTimeout"),
    *("minimumLoadBalancerCapacity", "namePrefix", "preserveHostHeader", "secondaryIpsAutoAssignedPerSubnet"),
    *("xffHeaderProcessingMode", "subnetMappings[].outpostId"),
)
"""Set by calls of their own, as pairs of texts: AWS's model says nothing about their values."""

TYPES = [
    model(
        BALANCER,
        botocore(
            "elbv2",
            "CreateLoadBalancer",
            dict.fromkeys(_ATTRIBUTES, "") | {"internal": "", "loadBalancerType": "Type"},
            Name="made up by the provider where no name is given",
        ),
        _arn,
        computed=_outputs,
        immutable=("internal", "loadBalancerType", "name", "namePrefix", "customerOwnedIpv4Pool"),
        normalize=(
            sets("subnets", "securityGroups", "subnetMappings"),
            defaults(
                enableCrossZoneLoadBalancing=False,
                enableDeletionProtection=False,
                internal=False,
                ipAddressType="ipv4",
                loadBalancerType="application",
            ),
        ),
        laws_of=(
            named_well("load balancer"),
            unique_name("DuplicateLoadBalancerName", "load balancer"),
            laws.exists("subnets.[]", SUBNET, "SubnetNotFound", "subnet ID"),
            laws.exists("subnetMappings.[].subnetId", SUBNET, "SubnetNotFound", "subnet ID"),
            laws.exists("subnetMappings.[].allocationId", ADDRESS, "AllocationIdNotFound", "allocation ID"),
            groups_exist("securityGroups.[]", code="InvalidSecurityGroup"),
            _where,
            _addresses,
            _groups,
            _quota,
            _may_go,
        ),
        reshaped=("subnets",),
        unique=("name",),
        unique_in="region",
    ),
]
