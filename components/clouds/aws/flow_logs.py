"""Who talked to whom in the cell's network: VPC flow logs in an encrypted log group.

Owns      the log group with its retention and key, the role that writes into it, and the flow log.
Refuses   to read them: people do, in CloudWatch.
"""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.clouds.aws.builder import Builder, document
from components.clouds.aws.keys import key, log_writers
from components.clouds.aws.roles import role, trust
from components.clouds.aws.spec import AwsSpec
from components.clouds.contract import NetworkRequest


def flow_logs(
    build: Builder,
    request: NetworkRequest,
    spec: AwsSpec,
    vpc_id: pulumi.Input[str] | None,
    subnets: Mapping[str, pulumi.Input[str]],
) -> None:
    """Record accepted and rejected connections, in ten-minute steps.

    Of the whole VPC; without `vpc_id` of each of `subnets` (logical name -> id): the rest of it is somebody else's.
    """
    name = f"/{build.physical('flow-logs')}"
    logs_key = key(build, "flow-logs", f"Flow logs of cell {build.identity.cell}", spec, log_writers(build, name))
    group = aws.cloudwatch.LogGroup(
        build.logical("flow-logs"),
        aws.cloudwatch.LogGroupArgs(
            name=name,
            kms_key_id=logs_key.arn,
            retention_in_days=request.spec.flow_logs_retention_days,
            tags=build.tags("flow-logs"),
        ),
        build.plain(),
    )
    writer = role(
        build,
        "flow-logs",
        f"Writes the flow logs of cell {build.identity.cell}",
        trust("vpc-flow-logs.amazonaws.com", StringEquals={"aws:SourceAccount": build.identity.account}),
        own=document(
            {
                "Action": [
                    "logs:CreateLogStream",
                    "logs:DescribeLogGroups",
                    "logs:DescribeLogStreams",
                    "logs:PutLogEvents",
                ],
                "Effect": "Allow",
                "Resource": [
                    build.arn("logs", f"log-group:{name}"),
                    build.arn("logs", f"log-group:{name}:*"),
                ],
            }
        ),
    )
    watched: list[tuple[str, pulumi.Input[str] | None, pulumi.Input[str] | None]] = [("flow-log", vpc_id, None)]
    if vpc_id is None:
        watched = [(f"flow-log-{role}", None, subnet) for role, subnet in sorted(subnets.items())]
    for logical, its_vpc, subnet in watched:
        aws.ec2.FlowLog(
            build.logical(logical),
            aws.ec2.FlowLogArgs(
                vpc_id=its_vpc,
                subnet_id=subnet,
                traffic_type="ALL",
                log_destination_type="cloud-watch-logs",
                log_destination=group.arn,
                iam_role_arn=writer.arn,
                max_aggregation_interval=600,
                tags=build.tags("flow-logs"),
            ),
            build.plain(after=writer.ready),
        )
