"""The subnets that a resource stands in.

Owns      which of those that it names exist, and which lie in the zone of an earlier one.
Refuses   judgement: each service has a code and words of its own for the same mistake.
"""

from collections.abc import Iterable, Iterator

from sandbox.clouds.aws.ec2_network import SUBNET
from sandbox.clouds.aws.laws import texts
from sandbox.contract import Record, Request, World

Place = tuple[str | int, ...]
"""Path of an input."""


def named(request: Request, world: World) -> list[tuple[Place, Record]]:
    """Those of `subnetIds` that exist."""
    found = [(place, world.find(SUBNET, id_, request.scope)) for place, id_ in texts(request.inputs, "subnetIds.[]")]
    return [(place, subnet) for place, subnet in found if subnet is not None]


def twins(subnets: Iterable[tuple[Place, Record]]) -> Iterator[tuple[Place, str, str]]:
    """Of each subnet in the zone of an earlier one: its place, the zone, and both ids in words."""
    first: dict[str, str] = {}
    for place, subnet in subnets:
        zone = str(subnet.inputs.get("availabilityZone"))
        if zone in first:
            yield place, zone, f"'{first[zone]}' and '{subnet.id}'"
        first[zone] = subnet.id
