"""Hosted zones.

Owns      names, and that one network sees one private zone of a name.
Refuses   records: nothing of a cell's stack writes one yet, so a zone is never found non-empty.
"""

import re
from collections.abc import Iterable

from sandbox.clouds.aws import ids
from sandbox.clouds.aws.base import botocore, model
from sandbox.clouds.aws.ec2_network import VPC
from sandbox.clouds.aws.laws import known, refuse, texts, writing
from sandbox.clouds.aws.normal import defaults, domain, sets
from sandbox.contract import Refusal, Request, World

ZONE = "aws:route53/zone:Zone"

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
        if found is None or found.scope.region != region:
            message = f"the VPC '{vpc}' in region {region} that you provided is not there or not authorized"
            yield refuse("InvalidVPCId", message, *place)


@writing
def _one_zone_a_name(request: Request, world: World) -> Iterable[Refusal]:
    mine = {vpc for _, vpc in texts(request.inputs, "vpcs.[].vpcId")}
    for other in world.all(ZONE, request.scope):
        if other.urn == request.urn or other.inputs.get("name") != request.inputs.get("name"):
            continue
        for shared in sorted(mine & {vpc for _, vpc in texts(other.inputs, "vpcs.[].vpcId")}):
            message = f"the VPC '{shared}' has already been associated with the zone '{other.id}' of the same name"
            yield refuse("ConflictingDomainExists", message, "name")


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
        laws_of=(_name, _networks_exist, _one_zone_a_name),
        reshaped=("vpcs",),
    ),
]
