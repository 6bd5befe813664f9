"""Cloud DNS: managed zones.

Owns      their API model, ids, name servers, immutable properties and laws.
Refuses   records, forwarding and peering zones: no component makes any.
"""

import re
from collections.abc import Iterator

from sandbox.clouds.gcp import tokens
from sandbox.clouds.gcp.forms import normal
from sandbox.clouds.gcp.links import decimal, network_name, project, values
from sandbox.clouds.gcp.networks import FORCE_NEW
from sandbox.clouds.gcp.rules import (
    SHAPE,
    WORLD,
    api_on,
    deletable,
    given,
    labels,
    matches,
    on,
    own_project,
    refers,
    refusal,
    within_quota,
)
from sandbox.contract import ApiModel, Properties, Refusal, Request, TypeModel, World

_LABEL = r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"
_NETWORKS = "privateVisibilityConfig.networks[].networkUrl"


def zone_id(request: Request, _: World) -> str:
    """`projects/<p>/managedZones/<n>`."""
    return f"projects/{project(request)}/managedZones/{request.inputs['name']}"


def zone_outputs(request: Request, _: World, id: str) -> Properties:
    """Private zones have one name server, `ns-gcp-private`."""
    labelled = dict(request.inputs.get("labels") or {})
    return {
        **request.inputs,
        "effectiveLabels": labelled,
        "pulumiLabels": labelled,
        "managedZoneId": decimal(id, 19),
        "nameServers": ["ns-gcp-private.googledomains.com."],
    }


@on(*SHAPE)
def dns_name(request: Request, _: World) -> Iterator[Refusal]:
    """A full name with its final dot."""
    for at, name in values(request.inputs, "dnsName"):
        if not name.endswith("."):
            message = f"invalid value for 'entity.managedZone.dnsName': '{name}' must end with a dot"
            yield refusal("invalid", message, at)
        elif len(name) > 254 or not all(re.fullmatch(_LABEL, part) for part in name[:-1].split(".")):
            yield refusal("invalid", f"invalid value for 'entity.managedZone.dnsName': '{name}'", at)


@on(*SHAPE)
def visible_somewhere(request: Request, _: World) -> Iterator[Refusal]:
    """Only a private zone is bound to networks."""
    public = request.inputs.get("visibility") == "public"
    if public and request.inputs.get("privateVisibilityConfig"):
        at = ("privateVisibilityConfig",)
        yield refusal("invalid", "privateVisibilityConfig needs visibility 'private'", at)


@on(*WORLD)
def one_zone_a_name(request: Request, world: World) -> Iterator[Refusal]:
    """One network sees a name in one private zone."""
    mine = {network_name(url, project(request)) for _, url in values(request.inputs, _NETWORKS)}
    for other in world.all(tokens.MANAGED_ZONE, request.scope):
        theirs = {network_name(url, project(request)) for _, url in values(other.inputs, _NETWORKS)}
        same = request.old is not None and request.old.id == other.id
        if not same and other.inputs.get("dnsName") == request.inputs.get("dnsName") and mine & theirs:
            name = request.inputs.get("dnsName")
            yield refusal("conflict", f"the zone '{name}' is visible in this network as '{other.id}' already")


TYPES = (
    TypeModel(
        token=tokens.MANAGED_ZONE,
        api=ApiModel(
            source="discovery",
            service="dns.v1",
            shape="ManagedZone",
            rename={"project": "", "deletionPolicy": "", "forceDestroy": "", "reverseLookup": ""},
            constants={},
        ),
        identify=zone_id,
        outputs=zone_outputs,
        immutable=dict.fromkeys(("name", "dnsName", "visibility", "project", "reverseLookup"), FORCE_NEW),
        laws=(
            matches("name", r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?"),
            given("name"),
            own_project,
            labels("labels"),
            dns_name,
            visible_somewhere,
            refers(_NETWORKS, tokens.NETWORK, lambda r, v: network_name(v, project(r))),
            one_zone_a_name,
            api_on("dns"),
            within_quota,
            deletable,
        ),
        normalize=normal(
            {"visibility": "public", "description": "Managed by Pulumi", "forceDestroy": False},
            sets=("privateVisibilityConfig.networks",),
        ),
        unique=("name",),
    ),
)
