"""Routes to what is joined to the cell's network.

Owns      one route for each range in each route table that is the cell's own.
Refuses   tables of others: what their owners have to do is told (`peering_told.py`, `hub.py`).
"""

from collections.abc import Iterable, Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.clouds.aws.builder import Builder, mark


def routes(
    build: Builder,
    tables: Mapping[str, pulumi.Output[str]],
    to: str,
    cidrs: Iterable[str],
    *,
    hub: pulumi.Input[str] | None = None,
    peering: pulumi.Input[str] | None = None,
    after: Sequence[pulumi.Resource] = (),
) -> None:
    """Send `cidrs` over the hub or the peering, from nodes and from load balancers alike."""
    wanted = sorted(cidrs)
    for role, table in sorted(tables.items()):
        for cidr in wanted:
            aws.ec2.Route(
                build.logical(f"{role}-to-{to}-{mark(cidr)}"),
                aws.ec2.RouteArgs(
                    route_table_id=table,
                    destination_cidr_block=cidr,
                    transit_gateway_id=hub,
                    vpc_peering_connection_id=peering,
                ),
                build.plain(after=after),
            )
