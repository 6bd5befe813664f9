"""Security groups and their rules.

Owns      what a rule may say, that no rule is there twice, and that a group in use stays.
Refuses   to filter anything: no packet flows here.
"""

import re
from collections.abc import Iterable

from sandbox.clouds.aws import ids, laws
from sandbox.clouds.aws.base import botocore, model
from sandbox.clouds.aws.ec2_network import vpc_exists
from sandbox.clouds.aws.laws import at_effect, known, refuse, section, writing
from sandbox.clouds.aws.normal import defaults, ranges, without_empty
from sandbox.clouds.aws.standing import VPC
from sandbox.contract import ApiModel, Law, Refusal, Request, TypeModel, World

GROUP = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
CLUSTER = "aws:eks/cluster:Cluster"
NODES = "aws:eks/nodeGroup:NodeGroup"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"

_SOURCES = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
_PROTOCOLS = ("-1", "icmp", "icmpv6", "tcp", "udp")


def network_of(world: World, request: Request, group: str) -> str | None:
    """The VPC of a security group of any making: a resource, a VPC's default one, or an EKS cluster's own."""
    found = world.find(GROUP, group, request.scope)
    if found is not None:
        return str(found.inputs.get("vpcId")) if laws.region_of(found) == request.scope.region else None
    for vpc in world.by_output("defaultSecurityGroupId", group, VPC):
        if vpc.scope == request.scope:
            return vpc.id
    for cluster in world.all(CLUSTER, request.scope):
        own = cluster.outputs.get("vpcConfig") or {}
        if own.get("clusterSecurityGroupId") == group and cluster.scope == request.scope:
            return str(own.get("vpcId"))
    return None


def groups_exist(path: str, *, of: str = "", code: str = "InvalidGroup.NotFound") -> Law:
    """Every group at the path exists, and all are of one network: that at the property `of`, where one is named."""

    @writing
    def law(request: Request, world: World) -> Iterable[Refusal]:
        networks: dict[str, str] = {}
        for place, group in laws.texts(request.inputs, path):
            found = network_of(world, request, group)
            if found is None:
                yield refuse(code, f"the security group '{group}' does not exist", *place)
            else:
                networks[found] = group
        wanted = request.inputs.get(of) if of else None
        for found, group in networks.items():
            if isinstance(wanted, str) and found != wanted:
                message = f"security group '{group}' is of '{found}', what it is for is in '{wanted}'"
                yield refuse("InvalidParameter", message, path.partition(".")[0])
        if len(networks) > 1:
            said = " and ".join(f"'{group}' of '{network}'" for network, group in sorted(networks.items()))
            yield refuse("InvalidParameter", f"security groups of different networks: {said}", path.partition(".")[0])

    return law


@writing
def _words(request: Request, _world: World) -> Iterable[Refusal]:
    name, description = request.inputs.get("name"), request.inputs.get("description")
    if known(name) and (str(name).startswith("sg-") or len(str(name)) > 255):
        yield refuse("InvalidParameterValue", f"invalid group name '{name}': up to 255, not starting with sg-", "name")
    allowed = r"[A-Za-z0-9. _\-:/()#,@\[\]+=&;{}!$*]{0,255}"
    for key, text in (("name", name), ("description", description)):
        if known(text) and not re.fullmatch(allowed, str(text)):
            message = (
                f"value ({text}) for parameter {key} is invalid: up to 255 of a-z A-Z 0-9 and ._-:/()#,@[]+=&;{{}}!$*"
            )
            yield refuse("InvalidParameterValue", message, key)


@at_effect
def _name_is_free(request: Request, world: World) -> Iterable[Refusal]:
    name, vpc = request.inputs.get("name"), request.inputs.get("vpcId")
    for other in world.all(GROUP, request.scope) if name is not None else ():
        same = (other.inputs.get("name"), other.inputs.get("vpcId")) == (name, vpc)
        if same and not (request.old and request.old.id == other.id):
            message = f"the security group '{name}' already exists for VPC '{vpc}': '{other.id}'"
            yield refuse("InvalidGroup.Duplicate", message, "name")


@laws.deleting
def _on_no_node(request: Request, world: World) -> Iterable[Refusal]:
    if request.old is None:
        return
    templates = {
        template.id
        for template in world.all(TEMPLATE, request.scope)
        if request.old.id in (template.inputs.get("vpcSecurityGroupIds") or ())
    }
    for group in world.all(NODES, request.scope):
        if section(group.inputs, "launchTemplate").get("id") in templates:
            message = f"resource '{request.old.id}' has a dependent object: nodes of node group '{group.id}' are in it"
            yield refuse("DependencyViolation", message)


@writing
def _rule(request: Request, _world: World) -> Iterable[Refusal]:
    given = [name for name in _SOURCES if request.inputs.get(name) is not None]
    if len(given) != 1:
        message = f"a rule has exactly one of {', '.join(_SOURCES)}; this one has {len(given)}"
        yield refuse("InvalidParameterCombination", message)
    protocol = request.inputs.get("ipProtocol")
    first, last = request.inputs.get("fromPort"), request.inputs.get("toPort")
    if known(protocol) and protocol not in _PROTOCOLS and not re.fullmatch(r"\d{1,3}", str(protocol)):
        message = f"invalid value '{protocol}' for IP protocol: one of {', '.join(_PROTOCOLS)} or a number"
        yield refuse("InvalidPermission.Malformed", message, "ipProtocol")
    if protocol == "-1" and (first is not None or last is not None):
        yield refuse("InvalidParameterCombination", "a rule for all protocols (-1) has no ports", "fromPort")
    if protocol in ("tcp", "udp") and isinstance(first, int) and isinstance(last, int):
        if not 0 <= first <= last <= 65535:
            yield refuse("InvalidParameterValue", f"invalid TCP/UDP port range ({first}:{last})", "fromPort")
    elif protocol in ("tcp", "udp") and (first is None or last is None):
        yield refuse("MissingParameter", f"a {protocol} rule needs fromPort and toPort", "fromPort")


@writing
def _rule_is_new(request: Request, world: World) -> Iterable[Refusal]:
    keys = ("securityGroupId", "ipProtocol", "fromPort", "toPort", *_SOURCES)
    mine = [request.inputs.get(key) for key in keys]
    if not known(mine[0]):
        return
    for other in world.all(request.type, request.scope):
        if other.urn != request.urn and [other.inputs.get(key) for key in keys] == mine:
            message = f"the specified rule already exists in '{mine[0]}' as '{other.id}'"
            yield refuse("InvalidPermission.Duplicate", message, "securityGroupId")


def _rule_api(operation: str) -> ApiModel:
    inside = "IpPermissions[]"
    return botocore(
        "ec2",
        operation,
        {
            "securityGroupId": "GroupId",
            "ipProtocol": f"{inside}.IpProtocol",
            "fromPort": f"{inside}.FromPort",
            "toPort": f"{inside}.ToPort",
            "cidrIpv4": f"{inside}.IpRanges[].CidrIp",
            "cidrIpv6": f"{inside}.Ipv6Ranges[].CidrIpv6",
            "prefixListId": f"{inside}.PrefixListIds[].PrefixListId",
            "referencedSecurityGroupId": f"{inside}.UserIdGroupPairs[].GroupId",
            # Each source has a description of its own in the model; that of the IPv4 range stands for all.
            "description": f"{inside}.IpRanges[].Description",
        },
    )


def _rule_model(token: str, operation: str) -> TypeModel:
    return model(
        token,
        _rule_api(operation),
        ids.ec2_id("sgr"),
        computed=lambda request, _world, id_: {
            "arn": ids.arn(request.scope, "ec2", f"security-group-rule/{id_}"),
            "securityGroupRuleId": id_,
        },
        immutable=("securityGroupId",),
        normalize=(ranges("cidrIpv4"),),
        laws_of=(
            groups_exist("securityGroupId"),
            groups_exist("referencedSecurityGroupId"),
            laws.sized("cidrIpv4", 0, 32, "InvalidParameterValue"),
            _rule,
            _rule_is_new,
        ),
    )


def _default_id(request: Request, world: World) -> str:
    vpc = world.find(VPC, str(request.inputs.get("vpcId")), request.scope)
    return str(vpc.outputs["defaultSecurityGroupId"]) if vpc else "sg-0"


# New accounts have a default VPC; the sandbox's, like any that Kafka should run in, have none.
_HAS_NETWORK = laws.needs("VPCIdNotSpecified", "no default VPC for this account", "vpcId")

TYPES = [
    model(
        GROUP,
        botocore(
            "ec2",
            "CreateSecurityGroup",
            {"name": "GroupName", "namePrefix": "", "egress": "", "ingress": "", "revokeRulesOnDelete": ""},
            GroupName="made up by the provider where no name is given",
            Description="Managed by Pulumi",
        ),
        ids.ec2_id("sg"),
        computed=lambda request, _world, id_: {
            "arn": ids.arn(request.scope, "ec2", f"security-group/{id_}"),
            "ownerId": request.scope.account,
        },
        immutable=("name", "namePrefix", "description", "vpcId"),
        normalize=(defaults(description="Managed by Pulumi"), without_empty("ingress", "egress")),
        laws_of=(
            vpc_exists,
            _HAS_NETWORK,
            _words,
            _name_is_free,
            _on_no_node,
            laws.used_by(
                "DependencyViolation",
                (INGRESS, "referencedSecurityGroupId"),
                (EGRESS, "referencedSecurityGroupId"),
                ("aws:ec2/vpcEndpoint:VpcEndpoint", "securityGroupIds.[]"),
                ("aws:lb/loadBalancer:LoadBalancer", "securityGroups.[]"),
            ),
        ),
        unique=("name",),
        unique_in="parent:vpcId",
    ),
    model(
        DEFAULT,
        # EC2 makes the default group with the VPC: the provider adopts it and takes its rules away.
        botocore(
            "ec2",
            "CreateSecurityGroup",
            {"egress": "", "ingress": "", "revokeRulesOnDelete": ""},
            GroupName="default",
            Description="default VPC security group",
        ),
        _default_id,
        computed=lambda request, _world, id_: {
            "arn": ids.arn(request.scope, "ec2", f"security-group/{id_}"),
            "ownerId": request.scope.account,
            "name": "default",
            "description": "default VPC security group",
        },
        immutable=("vpcId",),
        normalize=(without_empty("ingress", "egress"),),
        laws_of=(vpc_exists, _HAS_NETWORK),
        adopts=True,
    ),
    _rule_model(INGRESS, "AuthorizeSecurityGroupIngress"),
    _rule_model(EGRESS, "AuthorizeSecurityGroupEgress"),
]
