"""Resource shares: what one account lets another one use.

Owns      that what is shared is there and the sharer's, and whom a share may name.
Refuses   invitations: the sandbox's accounts are one organization with sharing switched on, so naming an account is
          enough. Accepting is possible all the same, by an account that the share names.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.clouds.aws import ids
from sandbox.clouds.aws.base import botocore, model
from sandbox.clouds.aws.laws import refuse, region_of, writing
from sandbox.clouds.aws.normal import defaults, sets
from sandbox.clouds.aws.standing import SHARED, SHARED_WITH, account_of
from sandbox.contract import Record, Refusal, Request, World

SHARE = "aws:ram/resourceShare:ResourceShare"
ACCEPTER = "aws:ram/resourceShareAccepter:ResourceShareAccepter"

_SHAREABLE = {"transit-gateway": "AWS Transit Gateway", "subnet": "subnets", "prefix-list": "prefix lists"}
"""Source: AWS RAM guide, 'Shareable AWS resources', as far as networks go."""


def _share(world: World, arn: Any) -> Record | None:
    return next(iter(world.by_output("arn", arn, SHARE)), None) if isinstance(arn, str) else None


@writing
def _own_share(request: Request, world: World) -> Iterable[Refusal]:
    arn = request.inputs.get("resourceShareArn")
    found = _share(world, arn)
    if isinstance(arn, str) and (found is None or found.scope.account != request.scope.account):
        message = f"the resource share '{arn}' does not exist in account {request.scope.account}"
        yield refuse("UnknownResourceException", message, "resourceShareArn")


@writing
def _own_resource(request: Request, world: World) -> Iterable[Refusal]:
    arn = request.inputs.get("resourceArn")
    if not isinstance(arn, str):
        return
    parts = re.fullmatch(r"arn:aws:([a-z0-9-]+):([a-z0-9-]*):(\d{12}):([a-z-]+)/.+", arn)
    if parts is None:
        yield refuse("MalformedArnException", f"'{arn}' is not the ARN of a resource", "resourceArn")
    elif parts.group(1) != "ec2" or parts.group(4) not in _SHAREABLE:
        message = f"a {parts.group(1)} {parts.group(4)} cannot be shared here: {', '.join(_SHAREABLE.values())} can"
        yield refuse("InvalidResourceTypeException", message, "resourceArn")
    elif not any(
        one.scope.account == request.scope.account and region_of(one) == request.scope.region
        for one in world.by_output("arn", arn)
    ):
        message = f"the resource '{arn}' does not exist in account {request.scope.account}: only its owner shares it"
        yield refuse("UnknownResourceException", message, "resourceArn")


@writing
def _principal(request: Request, _world: World) -> Iterable[Refusal]:
    principal = request.inputs.get("principal")
    if not isinstance(principal, str):
        return
    if principal == request.scope.account:
        message = f"account {principal} owns the share: it cannot be shared with itself"
        yield refuse("InvalidParameterException", message, "principal")
    elif not account_of(principal) or principal == "*":
        message = f"'{principal}' is no principal: an account (12 digits), or the ARN of an organization, unit or role"
        yield refuse("MalformedArnException", message, "principal")


@writing
def _named_by_the_share(request: Request, world: World) -> Iterable[Refusal]:
    arn = request.inputs.get("shareArn")
    if not isinstance(arn, str):
        return
    named = {
        account_of(str(one.inputs.get("principal")))
        for one in world.all(SHARED_WITH)
        if one.inputs.get("resourceShareArn") == arn
    }
    if _share(world, arn) is None or not named & {request.scope.account, "*"}:
        message = f"no RAM resource share ({arn}) invitation found for account {request.scope.account}"
        yield refuse("ResourceShareInvitationArnNotFoundException", message, "shareArn")


def _accepted(request: Request, world: World, _id: str) -> Mapping[str, Any]:
    arn = str(request.inputs.get("shareArn"))
    share = _share(world, arn)
    region, account = request.scope.region, share.scope.account if share else ""
    return {
        "invitationArn": f"arn:aws:ram:{region}:{account}:resource-share-invitation/{ids.hexadecimal(arn, 32)}",
        "receiverAccountId": request.scope.account,
        "senderAccountId": account,
        "shareId": f"rs-{arn.rpartition('/')[2]}",
        "shareName": share.inputs.get("name") if share else "",
        "status": "ACTIVE",
        "resources": sorted(
            str(one.inputs.get("resourceArn")) for one in world.all(SHARED) if one.inputs.get("resourceShareArn") == arn
        ),
    }


def _share_arn(request: Request, world: World) -> str:
    mark = ids.hexadecimal(ids.fresh(request, world, "resource-share"), 32)
    name = f"{mark[:8]}-{mark[8:12]}-{mark[12:16]}-{mark[16:20]}-{mark[20:]}"
    return ids.arn(request.scope, "ram", f"resource-share/{name}")


TYPES = [
    model(
        SHARE,
        botocore("ram", "CreateResourceShare"),
        _share_arn,
        computed=lambda _request, _world, id_: {"arn": id_},
        immutable=("permissionArns",),
        normalize=(sets("permissionArns"), defaults(allowExternalPrincipals=False)),
    ),
    model(
        SHARED,
        botocore("ram", "AssociateResourceShare", {"resourceArn": "resourceArns[]"}),
        lambda request, _world: f"{request.inputs.get('resourceShareArn')},{request.inputs.get('resourceArn')}",
        computed=lambda _request, _world, _id: {},
        immutable=("resourceArn", "resourceShareArn"),
        laws_of=(_own_share, _own_resource),
        tagged=False,
    ),
    model(
        SHARED_WITH,
        botocore("ram", "AssociateResourceShare", {"principal": "principals[]"}),
        lambda request, _world: f"{request.inputs.get('resourceShareArn')},{request.inputs.get('principal')}",
        computed=lambda _request, _world, _id: {},
        immutable=("principal", "resourceShareArn"),
        laws_of=(_own_share, _principal),
        tagged=False,
    ),
    model(
        ACCEPTER,
        botocore(
            "ram",
            "AcceptResourceShareInvitation",
            {"shareArn": ""},
            resourceShareInvitationArn="found by the provider for the share",
        ),
        lambda request, _world: str(request.inputs.get("shareArn")),
        computed=_accepted,
        immutable=("shareArn",),
        laws_of=(_named_by_the_share,),
        tagged=False,
    ),
]
