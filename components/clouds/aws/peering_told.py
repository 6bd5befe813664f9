"""What people have to do for a peering, command by command.

Owns      the commands for the other network's owners, and for the owner of a network that the cell was put into.
Refuses   what the fleet does itself: with both sides and route tables given, nothing is left to tell.
"""

import pulumi

from components.cell.network_spec import Peering
from components.clouds.aws.existing import own_cidrs
from components.clouds.contract import NetworkRequest


def instructions(
    request: NetworkRequest, peering: Peering, connection: pulumi.Output[str], zone_id: pulumi.Output[str]
) -> pulumi.Output[list[str]]:
    """The commands, with the ids that are known only after the cell was applied."""
    return pulumi.Output.all(connection, zone_id).apply(lambda ids: commands(request, peering, ids[0], ids[1]))


def commands(request: NetworkRequest, peering: Peering, connection: str, zone_id: str) -> list[str]:
    """The commands of one peering, in order."""
    identity = request.identity
    region = peering.region or identity.region
    found: list[str] = []
    if peering.side == "ours" and peering.request is None:
        found.append(
            f"aws ec2 accept-vpc-peering-connection --region {region} --vpc-peering-connection-id {connection}"
        )
    if peering.side == "ours" or not peering.route_tables:
        found += [
            f"aws ec2 create-route --region {region} --route-table-id <each route table of {peering.network}> "
            f"--destination-cidr-block {cidr} --vpc-peering-connection-id {connection}"
            for cidr in own_cidrs(request)
        ]
    if peering.side == "ours" and peering.dns and peering.account not in (None, identity.account):
        found.append(
            f"aws route53 associate-vpc-with-hosted-zone --hosted-zone-id {zone_id} "
            f"--vpc VPCRegion={region},VPCId={peering.network}"
        )
    if request.spec.existing is not None:
        found += [
            f"aws ec2 create-route --region {identity.region} "
            f"--route-table-id <each route table of the cell's subnets in {request.spec.existing.network}> "
            f"--destination-cidr-block {cidr} --vpc-peering-connection-id {connection}"
            for cidr in sorted(peering.cidrs)
        ]
    return found
