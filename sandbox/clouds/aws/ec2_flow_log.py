"""Flow logs: what watches a network.

Owns      that a flow log's role, log group and network are there, and that it watches one thing.
Refuses   records of traffic: no packet flows here.
"""

from collections.abc import Iterable

from sandbox.clouds.aws import ids, laws
from sandbox.clouds.aws.base import botocore, model
from sandbox.clouds.aws.ec2_network import SUBNET, vpc_exists
from sandbox.clouds.aws.laws import known, refuse, writing
from sandbox.clouds.aws.normal import defaults
from sandbox.contract import Refusal, Request, World

FLOW_LOG = "aws:ec2/flowLog:FlowLog"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
ROLE = "aws:iam/role:Role"

_WATCHED = ("eniId", "regionalNatGatewayId", "subnetId", "transitGatewayAttachmentId", "transitGatewayId", "vpcId")


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
