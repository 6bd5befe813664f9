"""Cloud DNS: managed zones.

Owns      their API model, ids, name servers, immutable properties and laws: where a name is seen, and by which zone.
Refuses   records (records.py), and forwarding and Service Directory zones: no component makes any.
"""

import re
from collections.abc import Iterator

from sandbox.clouds.gcp import tokens
from sandbox.clouds.gcp.forms import normal
from sandbox.clouds.gcp.links import decimal, network_name, project, segment, values
from sandbox.clouds.gcp.networks import FORCE_NEW
from sandbox.clouds.gcp.records import of_zone
from sandbox.clouds.gcp.rules import (
    DELETE,
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
_TARGET = "peeringConfig.targetNetwork.networkUrl"
_PEERS = ("roles/dns.peer", "roles/dns.admin", "roles/owner")


def zone_id(request: Request, _: World) -> str:
    """`projects/<p>/managedZones/<n>`."""
    return f"projects/{project(request)}/managedZones/{request.inputs['name']}"


def zone_outputs(request: Request, _: World, id: str) -> Properties:
    """Private zones have one name server, `ns-gcp-private`; a public one has four of one of Google's sets."""
    labelled = dict(request.inputs.get("labels") or {})
    servers = ["ns-gcp-private.googledomains.com."]
    if request.inputs.get("visibility") == "public":
        letter = "abcde"[int(decimal(id, 6)) % 5]
        servers = [f"ns-cloud-{letter}{number}.googledomains.com." for number in range(1, 5)]
    return {
        **request.inputs,
        "effectiveLabels": labelled,
        "pulumiLabels": labelled,
        "managedZoneId": decimal(id, 19),
        "nameServers": request.old.outputs["nameServers"] if request.old else servers,
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
    if request.inputs.get("visibility") != "public":
        return
    for name in ("privateVisibilityConfig", "peeringConfig", "forwardingConfig"):
        if request.inputs.get(name):
            yield refusal("invalid", f"{name} needs visibility 'private'", (name,))


@on(*SHAPE)
def networks_once(request: Request, _: World) -> Iterator[Refusal]:
    """A zone is bound to a network once."""
    seen = set()
    for at, url in values(request.inputs, _NETWORKS):
        name = network_name(url, project(request))
        if name in seen:
            yield refusal("invalid", f"network '{name}' is listed twice", at)
        seen.add(name)


@on(*WORLD)
def one_zone_a_name(request: Request, world: World) -> Iterator[Refusal]:
    """One network sees a name in one private zone."""
    mine = {network_name(url, project(request)) for _, url in values(request.inputs, _NETWORKS)}
    for other in world.all(tokens.MANAGED_ZONE):
        theirs = {network_name(url, other.scope.account) for _, url in values(other.inputs, _NETWORKS)}
        same = request.old is not None and request.old.id == other.id
        if not same and other.inputs.get("dnsName") == request.inputs.get("dnsName") and mine & theirs:
            name = request.inputs.get("dnsName")
            yield refusal("conflict", f"the zone '{name}' is visible in this network as '{other.id}' already")


@on(*WORLD)
def may_peer(request: Request, world: World) -> Iterator[Refusal]:
    """Whoever leads a zone into a network of another project has been let in there; who that is, nobody knows here."""
    for at, url in values(request.inputs, _TARGET):
        where = segment(network_name(url, project(request)), "projects")
        grants = world.all(tokens.PROJECT_MEMBER)
        let = any(g.inputs.get("role") in _PEERS and g.inputs.get("project") == where for g in grants)
        if where != project(request) and not let:
            message = f"permission 'dns.networks.targetWithPeeringZone' denied on project '{where}': grant {_PEERS[0]}"
            yield refusal("forbidden", message, at)


@on(*DELETE)
def without_records(request: Request, world: World) -> Iterator[Refusal]:
    """Records go first, except where `forceDestroy`, in the state by an earlier apply, removes them."""
    if request.old is None or request.old.inputs.get("forceDestroy") is True:
        return
    found = of_zone(world, request.old)
    own = [r for r in found if r.inputs.get("name") != request.old.inputs.get("dnsName")
           or r.inputs.get("type") not in ("NS", "SOA")]  # fmt: skip
    if own:
        message = (
            f"the resource named '{request.old.inputs.get('name')}' cannot be deleted because it contains one or more "
            f"'resource records': {own[0].inputs.get('name')} {own[0].inputs.get('type')} ({len(own)} in all)"
        )
        yield refusal("containerNotEmpty", message)


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
            networks_once,
            refers(_NETWORKS, tokens.NETWORK, lambda r, v: network_name(v, project(r))),
            refers(
                _TARGET,
                tokens.NETWORK,
                lambda r, v: network_name(v, project(r)),
            ),
            may_peer,
            one_zone_a_name,
            without_records,
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
