"""Hosted zones, and the networks of other accounts that see them.

Owns      names, that one network sees one private zone of a name, and that another account's network is let in first.
Refuses   delegation: whether anything points to a public zone is its owner's business.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.clouds.aws import ids, laws
from sandbox.clouds.aws.base import botocore, model
from sandbox.clouds.aws.laws import at_effect, known, refuse, region_of, texts, writing
from sandbox.clouds.aws.normal import defaults, domain, sets
from sandbox.clouds.aws.quotas import ZONE_NETWORKS, over
from sandbox.clouds.aws.standing import VPC, ZONE, zone_networks
from sandbox.clouds.aws.standing import ZONE_ASSOCIATION as ASSOCIATION
from sandbox.contract import Record, Refusal, Request, World

AUTHORIZATION = "aws:route53/vpcAssociationAuthorization:VpcAssociationAuthorization"
RECORD = "aws:route53/record:Record"

_LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"


@writing
def _name(request: Request, _world: World) -> Iterable[Refusal]:
    name = request.inputs.get("name")
    if known(name) and (len(str(name)) > 255 or not re.fullmatch(rf"{_LABEL}(\.{_LABEL})*", str(name))):
        yield refuse("InvalidDomainName", f"the domain name '{name}' is not valid", "name")


@writing
def _networks_exist(request: Request, world: World) -> Iterable[Refusal]:
    for place, vpc in texts(request.inputs, "vpcs.[].vpcId"):
        found = world.find(VPC, vpc, request.scope)
        asked = request.inputs["vpcs"][place[1]].get("vpcRegion")
        region = asked if isinstance(asked, str) else request.scope.region
        if found is None or region_of(found) != region:
            message = f"the VPC '{vpc}' in region {region} that you provided is not there or not authorized"
            yield refuse("InvalidVPCId", message, *place)


@writing
def _one_zone_a_name(request: Request, world: World) -> Iterable[Refusal]:
    mine = {vpc for _, vpc in texts(request.inputs, "vpcs.[].vpcId")}
    yield from _conflicts(world, request, str(request.inputs.get("name")), mine, "name", request.old)


def _conflicts(
    world: World, request: Request, name: str, vpcs: set[str], path: str, but: Record | None = None
) -> Iterable[Refusal]:
    """A network sees one private zone of a name, of whatever account."""
    for other in world.all(ZONE) if vpcs else ():
        if laws.same(other, request) or (but is not None and other.id == but.id) or other.inputs.get("name") != name:
            continue
        for shared in sorted(vpcs & zone_networks(world, other)):
            message = f"the VPC '{shared}' has already been associated with the zone '{other.id}' of the same name"
            yield refuse("ConflictingDomainExists", message, path)


@laws.deleting
def _empty(request: Request, world: World) -> Iterable[Refusal]:
    if request.old is None or request.old.inputs.get("forceDestroy") is True:
        return
    held = [one.id for one in world.all(RECORD, request.scope) if one.inputs.get("zoneId") == request.old.id]
    if held:
        message = f"zone '{request.old.id}' holds {len(held)} records beside its own: {', '.join(held[:3])}"
        yield refuse("HostedZoneNotEmpty", message)


@writing
def _a_network(request: Request, world: World) -> Iterable[Refusal]:
    """The network to authorize or to associate: anybody's for the one, our own for the other."""
    vpc = request.inputs.get("vpcId")
    found = world.find(VPC, vpc) if isinstance(vpc, str) else None
    region = request.inputs.get("vpcRegion") or request.scope.region
    ours = request.type == AUTHORIZATION or (found is not None and found.scope.account == request.scope.account)
    if isinstance(vpc, str) and (found is None or region_of(found) != region or not ours):
        where = "" if request.type == AUTHORIZATION else f" of account {request.scope.account}"
        message = f"the VPC '{vpc}' in region {region} that you provided is not there, or is none{where}"
        yield refuse("InvalidVPCId", message, "vpcId")


def _zone(request: Request, world: World) -> Record | None:
    id_ = request.inputs.get("zoneId")
    return world.find(ZONE, id_) if isinstance(id_, str) else None


@writing
def _zone_is_private(request: Request, world: World) -> Iterable[Refusal]:
    zone, id_ = _zone(request, world), request.inputs.get("zoneId")
    own = request.type == ASSOCIATION or (zone is not None and zone.scope.account == request.scope.account)
    if isinstance(id_, str) and (zone is None or not own):
        yield refuse("NoSuchHostedZone", f"no hosted zone found with ID: {id_}", "zoneId")
    elif zone is not None and not zone.inputs.get("vpcs"):
        message = f"'{id_}' is a public zone: only private zones are associated with networks"
        yield refuse("PublicZoneVPCAssociation", message, "zoneId")


@at_effect
def _let_in(request: Request, world: World) -> Iterable[Refusal]:
    zone, vpc = _zone(request, world), request.inputs.get("vpcId")
    if zone is None or zone.scope.account == request.scope.account:
        return
    allowed = [
        one
        for one in world.all(AUTHORIZATION, zone.scope)
        if (one.inputs.get("zoneId"), one.inputs.get("vpcId")) == (zone.id, vpc)
    ]
    if not allowed:
        message = f"account {request.scope.account} cannot associate '{vpc}' with '{zone.id}'"
        why = f"account {zone.scope.account} has to authorize it first"
        yield refuse("NotAuthorizedException", f"{message}: {why}", "vpcId")


@at_effect
def _sees_one_of_a_name(request: Request, world: World) -> Iterable[Refusal]:
    zone, vpc = _zone(request, world), request.inputs.get("vpcId")
    if zone is None or not isinstance(vpc, str) or request.operation == "update":
        return
    there = zone_networks(world, zone)
    if vpc in there:
        message = f"the VPC '{vpc}' has already been associated with the zone '{zone.id}'"
        yield refuse("ConflictingDomainExists", message, "vpcId")
    yield from _conflicts(world, request, str(zone.inputs.get("name")), {vpc}, "vpcId", zone)
    yield from over(ZONE_NETWORKS, len(there))


def _associated(request: Request, world: World, _id: str) -> Mapping[str, Any]:
    zone = _zone(request, world)
    return {
        "owningAccount": zone.scope.account if zone else "",
        "vpcRegion": request.inputs.get("vpcRegion") or request.scope.region,
    }


def _pair(request: Request, _world: World) -> str:
    return f"{request.inputs.get('zoneId')}:{request.inputs.get('vpcId')}"


def _outputs(request: Request, _world: World, id_: str) -> dict[str, object]:
    if request.inputs.get("vpcs"):
        servers = [f"ns-{number}.awsdns-{number // 16:02d}.{top}." for number, top in _PRIVATE]
    else:
        first = int(ids.hexadecimal(id_, 4), 16) % 512
        servers = [f"ns-{first + 512 * n}.awsdns-{first % 64:02d}.{top}" for n, top in enumerate(_TOPS)]
    vpcs = [{"vpcRegion": request.scope.region, **vpc} for vpc in request.inputs.get("vpcs") or ()]
    return {
        "arn": f"arn:aws:route53:::hostedzone/{id_}",
        "nameServers": servers,
        "primaryNameServer": servers[0],
        "zoneId": id_,
        **({"vpcs": vpcs} if vpcs else {}),
    }


_TOPS = ("com", "net", "org", "co.uk")
_PRIVATE = ((0, "com"), (512, "net"), (1024, "org"), (1536, "co.uk"))

_VPC = {"zoneId": "HostedZoneId", "vpcId": "VPC.VPCId", "vpcRegion": "VPC.VPCRegion"}

TYPES = [
    model(
        ZONE,
        botocore(
            "route53",
            "CreateHostedZone",
            {
                "comment": "HostedZoneConfig.Comment",
                "enableAcceleratedRecovery": "",
                "forceDestroy": "",
                # The API takes one network here; the provider associates the others by calls of their own.
                "vpcs": "",
            },
            CallerReference="made up by the provider",
        ),
        lambda request, world: f"Z{ids.letters(ids.fresh(request, world, 'zone'), 20)}",
        computed=_outputs,
        regional=False,
        immutable=("name", "delegationSetId"),
        normalize=(domain("name"), sets("vpcs"), defaults(comment="Managed by Pulumi", forceDestroy=False)),
        laws_of=(_name, _networks_exist, _one_zone_a_name, _empty),
        reshaped=("vpcs",),
    ),
    model(
        AUTHORIZATION,
        botocore("route53", "CreateVPCAssociationAuthorization", _VPC),
        _pair,
        computed=lambda request, _world, _id: {"vpcRegion": request.inputs.get("vpcRegion") or request.scope.region},
        regional=False,
        immutable=("zoneId", "vpcId", "vpcRegion"),
        laws_of=(_zone_is_private, _a_network),
        tagged=False,
    ),
    model(
        ASSOCIATION,
        botocore("route53", "AssociateVPCWithHostedZone", _VPC),
        _pair,
        computed=_associated,
        regional=False,
        immutable=("zoneId", "vpcId", "vpcRegion"),
        laws_of=(_zone_is_private, _a_network, _let_in, _sees_one_of_a_name),
        tagged=False,
    ),
]
