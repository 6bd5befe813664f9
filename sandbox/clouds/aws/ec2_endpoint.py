"""VPC endpoints and flow logs: what watches a network or takes a short way out of it.

Owns      which services have gateway endpoints, and that a flow log's role, log group and network are there.
Refuses   interface endpoints beyond their types: no cell makes one yet.
"""

from collections.abc import Iterable

from sandbox.clouds.aws import ids, laws
from sandbox.clouds.aws.base import botocore, model, old
from sandbox.clouds.aws.ec2_network import SUBNET, vpc_exists
from sandbox.clouds.aws.ec2_routes import TABLE
from sandbox.clouds.aws.laws import known, refuse, texts, writing
from sandbox.clouds.aws.normal import defaults, documents, sets
from sandbox.contract import Refusal, Request, World

ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
FLOW_LOG = "aws:ec2/flowLog:FlowLog"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
ROLE = "aws:iam/role:Role"

_GATEWAY_SERVICES = ("dynamodb", "s3")
_WATCHED = ("eniId", "regionalNatGatewayId", "subnetId", "transitGatewayAttachmentId", "transitGatewayId", "vpcId")


@writing
def _service(request: Request, _world: World) -> Iterable[Refusal]:
    name = request.inputs.get("serviceName")
    if not known(name):
        return
    start = f"com.amazonaws.{request.scope.region}."
    if request.inputs.get("vpcEndpointType", "Gateway") != "Gateway":
        return
    if name not in {f"{start}{service}" for service in _GATEWAY_SERVICES}:
        message = (
            f"the Vpc Endpoint Service '{name}' does not exist as a gateway in {request.scope.region}: there are "
            f"{', '.join(start + service for service in _GATEWAY_SERVICES)}"
        )
        yield refuse("InvalidServiceName", message, "serviceName")
    for key in ("subnetIds", "securityGroupIds", "privateDnsEnabled"):
        if request.inputs.get(key):
            yield refuse("InvalidParameter", f"a gateway endpoint cannot have {key}", key)


@writing
def _tables_of_its_network(request: Request, world: World) -> Iterable[Refusal]:
    vpc = request.inputs.get("vpcId")
    for place, id_ in texts(request.inputs, "routeTableIds.[]"):
        table = world.find(TABLE, id_, request.scope)
        if table is not None and known(vpc) and table.inputs.get("vpcId") != vpc:
            message = f"route table '{id_}' belongs to '{table.inputs.get('vpcId')}', the endpoint to '{vpc}'"
            yield refuse("InvalidParameter", message, *place)
        for other in world.all(ENDPOINT, request.scope):
            same = other.inputs.get("serviceName") == request.inputs.get("serviceName") and other.urn != request.urn
            if same and id_ in (other.inputs.get("routeTableIds") or ()):
                message = f"route table '{id_}' already has a route to the endpoint '{other.id}' of that service"
                yield refuse("RouteAlreadyExists", message, *place)


def _endpoint_outputs(request: Request, _world: World, id_: str) -> dict[str, object]:
    return {
        "arn": ids.arn(request.scope, "ec2", f"vpc-endpoint/{id_}"),
        "ownerId": request.scope.account,
        "prefixListId": f"pl-{ids.hexadecimal(request.scope.region + str(request.inputs.get('serviceName')), 8)}",
        "requesterManaged": False,
        "state": "available",
        "policy": request.inputs.get("policy") or old(request, "policy") or _OPEN,
    }


_OPEN = '{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}],"Version":"2008-10-17"}'


@writing
def _what_and_where(request: Request, _world: World) -> Iterable[Refusal]:
    given = [name for name in _WATCHED if request.inputs.get(name) is not None]
    if len(given) != 1:
        yield refuse("InvalidParameter", f"a flow log watches exactly one of {', '.join(_WATCHED)}; given {len(given)}")
    interval = request.inputs.get("maxAggregationInterval")
    if known(interval) and interval not in (60, 600):
        message = f"maxAggregationInterval is {interval}: it must be 60 or 600 (seconds)"
        yield refuse("InvalidParameter", message, "maxAggregationInterval")
    if request.inputs.get("logDestinationType", "cloud-watch-logs") == "cloud-watch-logs":
        if request.inputs.get("iamRoleArn") is None:
            message = "a flow log to CloudWatch Logs needs the role that writes it"
            yield refuse("MissingParameter", message, "iamRoleArn")
        if request.inputs.get("logDestination") is None:
            yield refuse("MissingParameter", "a flow log needs a logDestination", "logDestination")


TYPES = [
    model(
        ENDPOINT,
        botocore("ec2", "CreateVpcEndpoint", {"autoAccept": "", "policy": "PolicyDocument"}),
        ids.ec2_id("vpce"),
        computed=_endpoint_outputs,
        immutable=("vpcId", "serviceName", "vpcEndpointType", "serviceRegion"),
        normalize=(
            sets("routeTableIds", "subnetIds", "securityGroupIds"),
            defaults(vpcEndpointType="Gateway"),
            documents("policy"),
        ),
        laws_of=(
            vpc_exists,
            laws.exists("routeTableIds.[]", TABLE, "InvalidRouteTableId.NotFound", "routeTable ID"),
            laws.needs(
                "MissingParameter",
                "an endpoint needs what it leads to",
                "serviceName",
                "serviceNetworkArn",
                "resourceConfigurationArn",
            ),
            _service,
            _tables_of_its_network,
        ),
    ),
    model(
        FLOW_LOG,
        botocore(
            "ec2",
            "CreateFlowLogs",
            {
                "eniId": "ResourceIds[]",
                "iamRoleArn": "DeliverLogsPermissionArn",
                "regionalNatGatewayId": "ResourceIds[]",
                "subnetId": "ResourceIds[]",
                "transitGatewayAttachmentId": "ResourceIds[]",
                "transitGatewayId": "ResourceIds[]",
                "vpcId": "ResourceIds[]",
            },
            ResourceType="VPC",
        ),
        ids.ec2_id("fl"),
        computed=lambda request, _world, id_: {"arn": ids.arn(request.scope, "ec2", f"vpc-flow-log/{id_}")},
        immutable=(
            *_WATCHED,
            "iamRoleArn",
            "logDestination",
            "logDestinationType",
            "logFormat",
            "maxAggregationInterval",
            "trafficType",
        ),
        normalize=(defaults(logDestinationType="cloud-watch-logs", maxAggregationInterval=600),),
        laws_of=(
            vpc_exists,
            laws.exists("subnetId", SUBNET, "InvalidSubnetID.NotFound", "subnet ID"),
            laws.arn_exists("iamRoleArn", ROLE, "InvalidParameter", "IAM role"),
            laws.arn_exists("logDestination", LOG_GROUP, "LogDestinationNotFound", "log group"),
            laws.needs("MissingParameter", "a flow log of a network needs its kind of traffic", "trafficType"),
            _what_and_where,
        ),
    ),
]
