"""Private addresses that AWS takes out of subnets for what stands in them: load balancers, interface endpoints, NAT.

Owns      which address is whose: inside the subnet, never one of AWS's own five, never given twice.
Refuses   nodes and pods: none exists here, so what they would take is the business of sizing.
"""

import ipaddress
import zlib
from collections.abc import Iterable, Iterator

from sandbox.clouds.aws.laws import network, refuse
from sandbox.contract import Record, Refusal, Request, World

SUBNET = "aws:ec2/subnet:Subnet"
_HOLDERS = {
    "aws:lb/loadBalancer:LoadBalancer": "networkInterfaces",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "networkInterfaces",
}
_NAT = "aws:ec2/natGateway:NatGateway"
_ATTACHMENT = "aws:ec2transitgateway/vpcAttachment:VpcAttachment"
RESERVED = 5
"""Source: Amazon VPC user guide, 'Subnet CIDR blocks': the first four addresses and the last of a subnet."""


def of(record: Record) -> list[tuple[str, str]]:
    """Subnet and address of every interface that a resource has."""
    if record.type == _NAT:
        return [(str(record.inputs.get("subnetId")), str(record.outputs.get("privateIp")))]
    name = _HOLDERS.get(record.type)
    found = record.outputs.get(name) if name else None
    return [(one["subnetId"], one["privateIpAddress"]) for one in found or ()]


def taken(world: World, subnet: Record, but: str = "") -> set[str]:
    """Addresses of the subnet that somebody has; `but` is the URN of a resource that does not count."""
    found = set()
    for record in world.mentions(subnet.id):
        if record.urn != but and record.type in (*_HOLDERS, _NAT):
            found |= {address for where, address in of(record) if where == subnet.id}
    return found


def free(world: World, subnet: Record) -> int:
    """How many addresses the subnet has left. An attachment of a transit gateway has one too."""
    whole = network(subnet.inputs.get("cidrBlock"))
    if whole is None:
        return 0
    attached = sum(one.type == _ATTACHMENT for one in world.mentions(subnet.id))
    return max(0, whole.num_addresses - RESERVED - len(taken(world, subnet)) - attached)


def pick(world: World, subnet: Record, mark: str, but: str = "") -> str:
    """An address for `mark`: the same history gives the same one."""
    whole = network(subnet.inputs.get("cidrBlock"))
    if whole is None:
        return ""
    room = whole.num_addresses - RESERVED
    there, start = taken(world, subnet, but), zlib.crc32(f"{mark}/{subnet.id}".encode())
    candidates = (str(whole[4 + (start + step) % room]) for step in range(room))
    return next((address for address in candidates if address not in there), "")


def interfaces(request: Request, world: World, id_: str, wanted: Iterable[tuple[Record, str]]) -> list[dict[str, str]]:
    """One interface a subnet, at the address asked for or a free one; those that are there keep theirs."""
    before = dict(of(request.old)) if request.old else {}
    return [
        {
            "subnetId": subnet.id,
            "availabilityZone": str(subnet.inputs.get("availabilityZone", "")),
            "privateIpAddress": asked or before.get(subnet.id) or pick(world, subnet, id_, request.urn),
        }
        for subnet, asked in wanted
    ]


def room(request: Request, world: World, subnet: Record, least: int, code: str, path: str) -> Iterator[Refusal]:
    """Refuses a subnet that has fewer than `least` addresses left."""
    if request.old and any(where == subnet.id for where, _ in of(request.old)):
        return
    left = free(world, subnet)
    if left < least:
        message = f"not enough free addresses in subnet '{subnet.id}' ({subnet.inputs.get('cidrBlock')}): {left} left"
        yield refuse(code, f"{message}, {least} needed", path)


def asked(request: Request, world: World, subnet: Record, text: str, code: str, *path: str | int) -> Iterator[Refusal]:
    """Refuses an address that lies outside of the subnet, is AWS's own, or has an owner."""
    whole = network(subnet.inputs.get("cidrBlock"))
    try:
        address = ipaddress.IPv4Address(text)
    except ValueError:
        yield refuse(code, f"'{text}' is no IPv4 address", *path)
        return
    if whole is None or address not in whole:
        yield refuse(code, f"the address {text} is not in subnet '{subnet.id}' ({whole})", *path)
    elif int(address) - int(whole[0]) < 4 or address == whole[-1]:
        yield refuse(code, f"the address {text} is one of the five that AWS keeps in subnet '{subnet.id}'", *path)
    elif text in taken(world, subnet, request.urn):
        yield refuse("InvalidIPAddress.InUse", f"the address {text} is in use in subnet '{subnet.id}'", *path)
