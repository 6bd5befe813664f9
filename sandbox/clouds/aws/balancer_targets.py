"""What a load balancer listens on, and where it leads: listeners, target groups, and who joins them.

Owns      ports and protocols that fit, groups and networks that exist, and that a group in use stays.
Refuses   targets' health: whether anything answers is a question for a trace.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.clouds.aws import ids, laws
from sandbox.clouds.aws.balancers import BALANCER, is_network, named_well, unique_name
from sandbox.clouds.aws.base import botocore, model
from sandbox.clouds.aws.laws import at_effect, known, refuse, section, texts, writing
from sandbox.clouds.aws.normal import defaults
from sandbox.clouds.aws.standing import VPC
from sandbox.contract import Record, Refusal, Request, World

TARGETS = "aws:lb/targetGroup:TargetGroup"
LISTENER = "aws:lb/listener:Listener"
JOINED = "aws:autoscaling/attachment:Attachment"
NODES = "aws:eks/nodeGroup:NodeGroup"
CLUSTER = "aws:eks/cluster:Cluster"

_LEADS_TO = {
    "TCP": ("TCP", "TCP_UDP"),
    "TLS": ("TCP", "TLS"),
    "UDP": ("UDP", "TCP_UDP"),
    "TCP_UDP": ("TCP_UDP",),
}
"""Protocols of a network load balancer's listener -> of its targets; source: NLB guide, 'Target groups'."""


def _balancer(request: Request, world: World) -> Record | None:
    arn = request.inputs.get("loadBalancerArn")
    return world.find(BALANCER, arn, request.scope) if isinstance(arn, str) else None


def _forwards(inputs: Mapping[str, Any]) -> list[tuple[tuple[str | int, ...], str]]:
    """Every target group of a listener's actions."""
    return [
        *texts(inputs, "defaultActions.[].targetGroupArn"),
        *texts(inputs, "defaultActions.[].forward.targetGroups.[].arn"),
    ]


@writing
def _group(request: Request, _world: World) -> Iterable[Refusal]:
    inputs = request.inputs
    kind, protocol, port = (inputs.get(name) for name in ("targetType", "protocol", "port"))
    if kind == "lambda":
        return
    for name in ("protocol", "port", "vpcId"):
        if inputs.get(name) is None:
            yield refuse("ValidationError", f"a target group of type '{kind}' must have a {name}", name)
    if isinstance(port, int | float) and not 1 <= port <= 65535:
        yield refuse("ValidationError", f"port is {port:g}: it must be between 1 and 65535", "port")
    if protocol in ("UDP", "TCP_UDP") and inputs.get("preserveClientIp") in (False, "false"):
        message = f"client addresses are always preserved with {protocol}"
        yield refuse("InvalidConfigurationRequest", message, "preserveClientIp")


@writing
def _health(request: Request, _world: World) -> Iterable[Refusal]:
    check = section(request.inputs, "healthCheck")
    protocol, port = check.get("protocol"), check.get("port")
    for name, least, most in (
        ("interval", 5, 300),
        ("timeout", 2, 120),
        ("healthyThreshold", 2, 10),
        ("unhealthyThreshold", 2, 10),
    ):
        value = check.get(name)
        if isinstance(value, int | float) and not least <= value <= most:
            message = f"health check {name} is {value:g}: it must be between {least} and {most}"
            yield refuse("ValidationError", message, "healthCheck", name)
    if known(protocol) and protocol not in ("TCP", "HTTP", "HTTPS"):
        message = f"health check protocol '{protocol}' is not supported: TCP, HTTP or HTTPS"
        yield refuse("ValidationError", message, "healthCheck", "protocol")
    if protocol == "TCP":
        for name in ("path", "matcher"):
            if check.get(name) is not None:
                message = f"health checks by TCP have no {name}"
                yield refuse("InvalidConfigurationRequest", message, "healthCheck", name)
    numbered = str(port).isdigit() and 1 <= int(str(port)) <= 65535
    if known(port) and port != "traffic-port" and not numbered:
        message = f"health check port '{port}' must be 'traffic-port' or between 1 and 65535"
        yield refuse("ValidationError", message, "healthCheck", "port")


@laws.deleting
def _not_in_use(request: Request, world: World) -> Iterable[Refusal]:
    for listener in world.all(LISTENER, request.scope):
        if request.old and request.old.id in [arn for _, arn in _forwards(listener.inputs)]:
            message = f"target group '{request.old.id}' is currently in use by a listener or a rule: '{listener.id}'"
            yield refuse("ResourceInUse", message)


@writing
def _listens(request: Request, world: World) -> Iterable[Refusal]:
    balancer, inputs = _balancer(request, world), request.inputs
    if balancer is None or not is_network(balancer):
        return
    protocol, port, idle = inputs.get("protocol"), inputs.get("port"), inputs.get("tcpIdleTimeoutSeconds")
    if port is None:
        yield refuse("ValidationError", "a listener of a network load balancer needs a port", "port")
    if known(protocol) and protocol not in _LEADS_TO:
        message = f"protocol '{protocol}' is not one of a network load balancer: {', '.join(_LEADS_TO)}"
        yield refuse("UnsupportedProtocol", message, "protocol")
    if protocol == "TLS" and inputs.get("certificateArn") is None:
        yield refuse("CertificateNotFound", "a certificate must be specified for TLS listeners", "certificateArn")
    if protocol != "TLS" and inputs.get("certificateArn") is not None:
        message = f"certificates cannot be given to a {protocol} listener"
        yield refuse("InvalidConfigurationRequest", message, "certificateArn")
    if isinstance(idle, int | float) and not (60 <= idle <= 6000 and protocol == "TCP"):
        message = f"tcpIdleTimeoutSeconds is {idle:g} on a {protocol} listener: 60 to 6000, on TCP"
        yield refuse("InvalidConfigurationRequest", message, "tcpIdleTimeoutSeconds")
    for place, kind in texts(inputs, "defaultActions.[].type"):
        if kind != "forward":
            message = f"a listener of a network load balancer only forwards, it cannot do '{kind}'"
            yield refuse("InvalidLoadBalancerAction", message, *place)


@writing
def _port_is_free(request: Request, world: World) -> Iterable[Refusal]:
    mine = [request.inputs.get(name) for name in ("loadBalancerArn", "port")]
    for other in world.all(LISTENER, request.scope):
        theirs = [other.inputs.get(name) for name in ("loadBalancerArn", "port")]
        if all(map(known, mine)) and mine == theirs and not laws.same(other, request):
            message = f"a listener already exists on port {mine[1]:g} of this load balancer: '{other.id}'"
            yield refuse("DuplicateListener", message, "port")


@writing
def _leads(request: Request, world: World) -> Iterable[Refusal]:
    balancer, protocol = _balancer(request, world), request.inputs.get("protocol")
    if not request.inputs.get("defaultActions"):
        yield refuse("ValidationError", "a listener needs an action", "defaultActions")
    for place, arn in _forwards(request.inputs):
        group = world.find(TARGETS, arn, request.scope)
        if group is None or balancer is None:
            continue
        theirs = group.inputs.get("protocol")
        if is_network(balancer) and theirs not in _LEADS_TO.get(str(protocol), (theirs,)):
            message = f"a {protocol} listener cannot forward to target group '{arn}', which speaks {theirs}"
            yield refuse("InvalidConfigurationRequest", message, *place)
        if group.inputs.get("vpcId") != balancer.outputs.get("vpcId"):
            message = (
                f"target group '{arn}' is of '{group.inputs.get('vpcId')}', the load balancer in "
                f"'{balancer.outputs.get('vpcId')}'"
            )
            yield refuse("InvalidConfigurationRequest", message, *place)
        if request.operation == "check":
            continue
        for other in world.all(LISTENER, request.scope):
            elsewhere = other.inputs.get("loadBalancerArn") != balancer.id
            if elsewhere and arn in [used for _, used in _forwards(other.inputs)]:
                message = f"target group '{arn}' is of another load balancer already: '{other.id}' forwards to it"
                yield refuse("TargetGroupAssociationLimit", message, *place)


def group_of_nodes(world: World, request: Request) -> Record | None:
    """The node group whose Auto Scaling group is named."""
    name = request.inputs.get("autoscalingGroupName")
    for nodes in world.all(NODES, request.scope):
        names = [text for _, text in texts(nodes.outputs, "resources.[].autoscalingGroups.[].name")]
        if name in names:
            return nodes
    return None


@writing
def _joins(request: Request, world: World) -> Iterable[Refusal]:
    name, arn = request.inputs.get("autoscalingGroupName"), request.inputs.get("lbTargetGroupArn")
    nodes = group_of_nodes(world, request)
    if (arn is None) == (request.inputs.get("elb") is None):
        yield refuse("ValidationError", "an attachment has exactly one of elb and lbTargetGroupArn", "lbTargetGroupArn")
    if isinstance(name, str) and nodes is None:
        message = f"AutoScalingGroup name '{name}' not found in account {request.scope.account}"
        yield refuse("ValidationError", message, "autoscalingGroupName")
    group = world.find(TARGETS, arn, request.scope) if isinstance(arn, str) else None
    if group is None:
        return
    if group.inputs.get("targetType", "instance") != "instance":
        message = f"target group '{arn}' has target type {group.inputs.get('targetType')}: it must be instance"
        yield refuse("ValidationError", message, "lbTargetGroupArn")
    cluster = world.find(CLUSTER, str(nodes.inputs.get("clusterName")), request.scope) if nodes else None
    vpc = section(cluster.outputs, "vpcConfig").get("vpcId") if cluster else None
    if vpc is not None and group.inputs.get("vpcId") != vpc:
        message = f"target group '{arn}' is of '{group.inputs.get('vpcId')}', the nodes of '{name}' in '{vpc}'"
        yield refuse("ValidationError", message, "lbTargetGroupArn")


@at_effect
def _joins_once(request: Request, world: World) -> Iterable[Refusal]:
    keys = ("autoscalingGroupName", "lbTargetGroupArn", "elb")
    mine = [request.inputs.get(key) for key in keys]
    for other in world.all(JOINED, request.scope):
        if [other.inputs.get(key) for key in keys] == mine and not laws.same(other, request):
            yield refuse("already-exists", f"'{mine[0]}' is in the target group already, by {other.urn}")


def _group_arn(request: Request, world: World) -> str:
    mark = ids.hexadecimal(ids.fresh(request, world, "target-group"), 16)
    name = request.inputs.get("name") or f"{request.inputs.get('namePrefix') or 'tf-'}{mark[:12]}"
    return ids.arn(request.scope, "elasticloadbalancing", f"targetgroup/{name}/{mark}")


def _group_outputs(request: Request, world: World, id_: str) -> Mapping[str, Any]:
    users = [one for one in world.all(LISTENER, request.scope) if id_ in [arn for _, arn in _forwards(one.inputs)]]
    return {
        "arn": id_,
        "arnSuffix": id_.rpartition(":")[2],
        "loadBalancerArns": sorted({str(one.inputs.get("loadBalancerArn")) for one in users}),
        "name": id_.split("/")[-2],
    }


def _listener_arn(request: Request, world: World) -> str:
    mark = ids.hexadecimal(ids.fresh(request, world, "listener"), 16)
    return f"{str(request.inputs.get('loadBalancerArn')).replace(':loadbalancer/', ':listener/', 1)}/{mark}"


_GROUP_ATTRIBUTES = (
    *("connectionTermination", "deregistrationDelay", "lambdaMultiValueHeadersEnabled", "loadBalancingAlgorithmType"),
    *("loadBalancingAnomalyMitigation", "loadBalancingCrossZoneEnabled", "namePrefix", "preserveClientIp"),
    *("proxyProtocolV2", "slowStart", "stickiness", "targetFailovers", "targetGroupHealth", "targetHealthStates"),
)
_HEALTH = {
    "enabled": "HealthCheckEnabled",
    "healthyThreshold": "HealthyThresholdCount",
    "interval": "HealthCheckIntervalSeconds",
    "matcher": "Matcher.HttpCode",
    "path": "HealthCheckPath",
    "port": "HealthCheckPort",
    "protocol": "HealthCheckProtocol",
    "timeout": "HealthCheckTimeoutSeconds",
    "unhealthyThreshold": "UnhealthyThresholdCount",
}
_HEADERS = (
    *(f"routingHttpRequestXAmznMtlsClientcert{part}HeaderName" for part in ("", "Issuer", "Leaf", "SerialNumber")),
    *(f"routingHttpRequestXAmznMtlsClientcert{part}HeaderName" for part in ("Subject", "Validity")),
    *(f"routingHttpRequestXAmznTls{part}HeaderName" for part in ("CipherSuite", "Version")),
    *(f"routingHttpResponseAccessControlAllow{part}HeaderValue" for part in ("Credentials", "Headers", "Methods")),
    *(f"routingHttpResponseAccessControl{part}HeaderValue" for part in ("AllowOrigin", "ExposeHeaders", "MaxAge")),
    *(f"routingHttpResponse{part}HeaderValue" for part in ("ContentSecurityPolicy", "StrictTransportSecurity")),
    *(f"routingHttpResponse{part}" for part in ("XContentTypeOptionsHeaderValue", "XFrameOptionsHeaderValue")),
    "routingHttpResponseServerEnabled",
)
_ACTIONS = ("authenticateCognito", "authenticateOidc", "fixedResponse", "jwtValidation", "redirect")

TYPES = [
    model(
        TARGETS,
        botocore(
            "elbv2",
            "CreateTargetGroup",
            dict.fromkeys(_GROUP_ATTRIBUTES, "") | {f"healthCheck.{name}": place for name, place in _HEALTH.items()},
            Name="made up by the provider where no name is given",
        ),
        _group_arn,
        computed=_group_outputs,
        immutable=(
            *("ipAddressType", "name", "namePrefix", "port", "protocol", "protocolVersion", "targetControlPort"),
            *("targetType", "vpcId"),
        ),
        normalize=(defaults(targetType="instance", deregistrationDelay=300, proxyProtocolV2=False),),
        laws_of=(
            named_well("target group"),
            unique_name("DuplicateTargetGroupName", "target group"),
            laws.exists("vpcId", VPC, "ValidationError", "VPC ID"),
            _group,
            _health,
            _not_in_use,
        ),
        unique=("name",),
        unique_in="region",
    ),
    model(
        LISTENER,
        botocore(
            "elbv2",
            "CreateListener",
            dict.fromkeys(_HEADERS, "")
            | {f"defaultActions[].{name}": "" for name in _ACTIONS}
            | {
                "alpnPolicy": "AlpnPolicy[]",
                "certificateArn": "Certificates[].CertificateArn",
                "defaultActions[].forward.stickiness.duration": (
                    "DefaultActions[].ForwardConfig.TargetGroupStickinessConfig.DurationSeconds"
                ),
                "defaultActions[].forward.stickiness.enabled": (
                    "DefaultActions[].ForwardConfig.TargetGroupStickinessConfig.Enabled"
                ),
                "defaultActions[].forward.targetGroups[].arn": (
                    "DefaultActions[].ForwardConfig.TargetGroups[].TargetGroupArn"
                ),
                "defaultActions[].forward.targetGroups[].weight": (
                    "DefaultActions[].ForwardConfig.TargetGroups[].Weight"
                ),
                # An attribute, set by a call of its own.
                "tcpIdleTimeoutSeconds": "",
            },
        ),
        _listener_arn,
        computed=lambda _request, _world, id_: {"arn": id_},
        immutable=("loadBalancerArn",),
        laws_of=(
            laws.exists("loadBalancerArn", BALANCER, "LoadBalancerNotFound", "load balancer"),
            laws.exists("defaultActions.[].targetGroupArn", TARGETS, "TargetGroupNotFound", "target group"),
            laws.exists(
                "defaultActions.[].forward.targetGroups.[].arn", TARGETS, "TargetGroupNotFound", "target group"
            ),
            _listens,
            _port_is_free,
            _leads,
        ),
    ),
    model(
        JOINED,
        botocore(
            "autoscaling",
            "AttachLoadBalancerTargetGroups",
            {"elb": "", "lbTargetGroupArn": "TargetGroupARNs[]"},
        ),
        lambda request, world: (
            f"{request.inputs.get('autoscalingGroupName')}-"
            f"{ids.hexadecimal(ids.fresh(request, world, 'autoscaling-attachment'), 26)}"
        ),
        computed=lambda _request, _world, _id: {},
        immutable=("autoscalingGroupName", "lbTargetGroupArn", "elb"),
        laws_of=(
            laws.exists("lbTargetGroupArn", TARGETS, "ValidationError", "target group"),
            _joins,
            _joins_once,
        ),
        tagged=False,
    ),
]
