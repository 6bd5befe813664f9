"""VPC peerings: the request, its acceptance, and the options of each side.

Owns      two networks that exist and do not overlap, one peering a pair, and who may accept or set what.
Refuses   expiry by itself: the sandbox has no clock; a record that says `expired` is taken at its word.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.clouds.aws import ids, laws
from sandbox.clouds.aws.base import botocore, model
from sandbox.clouds.aws.ec2_network import vpc_exists
from sandbox.clouds.aws.laws import at_effect, known, refuse, region_of, section, writing
from sandbox.clouds.aws.quotas import PEERINGS, PENDING_PEERINGS, over
from sandbox.clouds.aws.standing import ACTIVE, PEERING, PENDING, VPC, overlap, peering_status
from sandbox.clouds.aws.standing import PEERING_ACCEPTER as ACCEPTER
from sandbox.contract import Record, Refusal, Request, World

OPTIONS = "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions"

_FAILED = "failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range"
_OPTIONS = {
    "accepter": "AccepterPeeringConnectionOptions",
    "requester": "RequesterPeeringConnectionOptions",
}


def _peer(request: Request, world: World) -> Record | None:
    """The network at the other end, where the request says that it is."""
    account = request.inputs.get("peerOwnerId") or request.scope.account
    region = request.inputs.get("peerRegion") or request.scope.region
    found = [vpc for vpc in world.all(VPC) if vpc.id == request.inputs.get("peerVpcId")]
    return next((vpc for vpc in found if (vpc.scope.account, region_of(vpc)) == (account, region)), None)


@writing
def _two_networks(request: Request, world: World) -> Iterable[Refusal]:
    peer, mine = request.inputs.get("peerVpcId"), request.inputs.get("vpcId")
    if not isinstance(peer, str) or not isinstance(mine, str):
        return
    theirs, own = _peer(request, world), world.find(VPC, mine, request.scope)
    if theirs is None:
        here = not request.inputs.get("peerOwnerId") and not request.inputs.get("peerRegion")
        message = f"the vpc ID '{peer}' does not exist" + ("" if here else f" there: the peering {_FAILED}")
        yield refuse("InvalidVpcID.NotFound" if here else "peering-failed", message, "peerVpcId")
    elif own is not None and request.operation != "update" and (both := overlap(world, own, theirs)):
        yield refuse("peering-failed", f"{both} overlap: the peering {_FAILED}", "peerVpcId")


@writing
def _one_a_pair(request: Request, world: World) -> Iterable[Refusal]:
    mine = {request.inputs.get("vpcId"), request.inputs.get("peerVpcId")}
    for other in world.all(PEERING):
        theirs = {other.inputs.get("vpcId"), other.inputs.get("peerVpcId")}
        alive = peering_status(world, other) in (ACTIVE, PENDING)
        if theirs == mine and alive and not laws.same(other, request):
            message = f"'{other.id}' connects the networks already ({peering_status(world, other)})"
            yield refuse("VpcPeeringConnectionAlreadyExists", message, "peerVpcId")


@writing
def _automatic(request: Request, world: World) -> Iterable[Refusal]:
    if request.inputs.get("autoAccept") is not True:
        return
    peer = _peer(request, world)
    if request.inputs.get("peerRegion") is not None:
        message = "peerRegion cannot be set while autoAccept is true: the peer's region has to accept"
        yield refuse("OperationNotPermitted", message, "autoAccept")
    elif peer is not None and peer.scope.account != request.scope.account:
        message = f"account {request.scope.account} cannot accept for the owner of '{peer.id}', {peer.scope.account}"
        yield refuse("OperationNotPermitted", message, "autoAccept")


def _quotas(request: Request, world: World) -> Iterable[Refusal]:
    if request.operation not in ("check", "create") or request.old is not None:
        return
    others = [one for one in world.all(PEERING) if not laws.same(one, request)]
    for end in ("vpcId", "peerVpcId"):
        vpc = request.inputs.get(end)
        active = [
            one
            for one in others
            if known(vpc)
            and vpc in (one.inputs.get("vpcId"), one.inputs.get("peerVpcId"))
            and peering_status(world, one) == ACTIVE
        ]
        yield from over(PEERINGS, len(active))
    mine = [one for one in others if one.scope.account == request.scope.account]
    waiting = [one for one in mine if region_of(one) == request.scope.region and peering_status(world, one) == PENDING]
    yield from over(PENDING_PEERINGS, len(waiting))


def _set_options(request: Request) -> list[str]:
    return [side for side in ("requester", "accepter") if section(request.inputs, side)]


@at_effect
def _options_of_active(request: Request, world: World) -> Iterable[Refusal]:
    for side in _set_options(request):
        active = request.inputs.get("autoAccept") is True
        if request.operation == "update" and request.old is not None:
            active = active or peering_status(world, request.old) == ACTIVE
        if not active:
            yield refuse("OperationNotPermitted", "peering options can be added only to active peerings", side)


def _connection(request: Request, world: World) -> Record | None:
    """The peering that is named, where this account and region are one of its ends."""
    id_ = request.inputs.get("vpcPeeringConnectionId")
    found = world.find(PEERING, id_) if isinstance(id_, str) else None
    return found if found is not None and _sides(request, world, found) else None


def _sides(request: Request, world: World, peering: Record) -> list[str]:
    """Which ends of the peering the request's account and region own."""
    here = (request.scope.account, request.scope.region)
    found = []
    for side, end in (("requester", "vpcId"), ("accepter", "peerVpcId")):
        vpc = world.find(VPC, str(peering.inputs.get(end)))
        if vpc is not None and (vpc.scope.account, region_of(vpc)) == here:
            found.append(side)
    return found


@writing
def _peering_exists(request: Request, world: World) -> Iterable[Refusal]:
    id_ = request.inputs.get("vpcPeeringConnectionId")
    if isinstance(id_, str) and _connection(request, world) is None:
        where = f"account {request.scope.account}, region {request.scope.region}"
        message = f"the vpcPeeringConnection ID '{id_}' does not exist in {where}"
        yield refuse("InvalidVpcPeeringConnectionID.NotFound", message, "vpcPeeringConnectionId")


@at_effect
def _only_the_accepter_accepts(request: Request, world: World) -> Iterable[Refusal]:
    peering = _connection(request, world)
    if peering is None or request.inputs.get("autoAccept") is not True:
        return
    status = peering_status(world, peering)
    if status not in (ACTIVE, PENDING):
        message = f"'{peering.id}' is {status}: only a peering in {PENDING} can be accepted; ask for a new one"
        yield refuse("InvalidStateTransition", message, "vpcPeeringConnectionId")
    if "accepter" not in _sides(request, world, peering):
        message = f"account {request.scope.account} asked for '{peering.id}': the owner of its peer has to accept it"
        yield refuse("OperationNotPermitted", message, "vpcPeeringConnectionId")


@at_effect
def _options_of_our_side(request: Request, world: World) -> Iterable[Refusal]:
    peering = _connection(request, world)
    if peering is None:
        return
    status = peering_status(world, peering)
    if request.type == ACCEPTER and request.inputs.get("autoAccept") is True and status == PENDING:
        status = ACTIVE
    sides = _sides(request, world, peering)
    for side in _set_options(request):
        if status != ACTIVE:
            message = f"peering {peering.id} is {status}: peering options can be added only to active peerings"
            yield refuse("OperationNotPermitted", message, side)
        if side not in sides:
            message = f"the {side}'s options of '{peering.id}' belong to the other account or region"
            yield refuse("OperationNotPermitted", message, side)


def _accepter_outputs(request: Request, world: World, id_: str) -> Mapping[str, Any]:
    peering = world.find(PEERING, id_)
    if peering is None:
        return {}
    accepted = request.inputs.get("autoAccept") is True
    theirs = world.find(VPC, str(peering.inputs.get("vpcId")))
    return {
        "acceptStatus": ACTIVE if accepted else peering_status(world, peering),
        "vpcId": peering.inputs.get("peerVpcId"),
        "peerVpcId": peering.inputs.get("vpcId"),
        "peerOwnerId": peering.scope.account,
        "peerRegion": region_of(theirs or peering),
    }


def _named(request: Request, _world: World) -> str:
    return str(request.inputs.get("vpcPeeringConnectionId"))


TYPES = [
    model(
        PEERING,
        botocore("ec2", "CreateVpcPeeringConnection", {"accepter": "", "autoAccept": "", "requester": ""}),
        ids.ec2_id("pcx"),
        computed=lambda request, world, _id: {
            "acceptStatus": peering_status(world, request.old)
            if request.old and request.inputs.get("autoAccept") is not True
            else ACTIVE
            if request.inputs.get("autoAccept") is True
            else PENDING,
            "peerOwnerId": request.inputs.get("peerOwnerId") or request.scope.account,
            "peerRegion": request.inputs.get("peerRegion") or request.scope.region,
        },
        immutable=("peerOwnerId", "peerVpcId", "vpcId", "peerRegion"),
        laws_of=(vpc_exists, _two_networks, _one_a_pair, _automatic, _options_of_active, _quotas),
    ),
    model(
        ACCEPTER,
        botocore("ec2", "AcceptVpcPeeringConnection", {"accepter": "", "autoAccept": "", "requester": ""}),
        _named,
        computed=_accepter_outputs,
        immutable=("vpcPeeringConnectionId",),
        laws_of=(_peering_exists, _only_the_accepter_accepts, _options_of_our_side),
    ),
    model(
        OPTIONS,
        botocore(
            "ec2",
            "ModifyVpcPeeringConnectionOptions",
            {
                f"{side}.allowRemoteVpcDnsResolution": f"{name}.AllowDnsResolutionFromRemoteVpc"
                for side, name in _OPTIONS.items()
            }
            | _OPTIONS,
        ),
        _named,
        computed=lambda _request, _world, _id: {},
        immutable=("vpcPeeringConnectionId",),
        laws_of=(
            _peering_exists,
            _options_of_our_side,
            laws.needs("MissingParameter", "options need a side", "requester", "accepter"),
        ),
        tagged=False,
    ),
]
