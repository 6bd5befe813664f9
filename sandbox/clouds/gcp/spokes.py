"""Network Connectivity Center: VPC networks as spokes of a hub.

Owns      their API model, id, state and laws: one hub a network, no overlap of what is exported, and who is accepted.
Refuses   hybrid spokes (tunnels, attachments, appliances) and producer networks, and the hub owner's `acceptSpoke`
          call: a spoke of another project is accepted by its group's list, when it is made or changed, or not at all.
"""

from collections.abc import Iterator

from sandbox.clouds.gcp import exchange, tokens
from sandbox.clouds.gcp.forms import normal
from sandbox.clouds.gcp.hubs import TOPOLOGIES, hub_name, labelled, uuid
from sandbox.clouds.gcp.links import cidr, decimal, network_name, project, relative, segment, value, values
from sandbox.clouds.gcp.networks import force_new
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
)
from sandbox.contract import ApiModel, Properties, Refusal, Request, TypeModel, World

_SOURCE = force_new("networkconnectivity/resource_network_connectivity_spoke.go", "00bf104")
_LINKS = (
    "linkedInterconnectAttachments",
    "linkedProducerVpcNetwork",
    "linkedRouterApplianceInstances",
    "linkedVpnTunnels",
    "gateway",
)
MOST_ACTIVE = 250
MOST = 1000
MOST_FILTERS = 16
"""VPC spokes of a hub, active and in all, and ranges in each filter: cloud.google.com/network-connectivity quotas."""


def spoke_id(request: Request, _: World) -> str:
    """`projects/<p>/locations/<l>/spokes/<n>`."""
    return f"projects/{project(request)}/locations/{request.inputs['location']}/spokes/{request.inputs['name']}"


def _hub(request: Request) -> str:
    return hub_name(str(request.inputs.get("hub")), project(request))


def _group(request: Request) -> str:
    given_name = request.inputs.get("group")
    name = given_name.rsplit("/", 1)[-1] if isinstance(given_name, str) else "default"
    return f"{_hub(request)}/groups/{name}"


def accepted(request: Request, world: World) -> bool:
    """Whether the spoke takes part: it is the hub's own project's, was accepted before, or its group lists it."""
    mine = project(request)
    if segment(_hub(request), "projects") == mine:
        return True
    if request.old is not None and request.old.outputs.get("state") == "ACTIVE":
        return True
    group = world.find(tokens.HUB_GROUP, _group(request))
    listed = [text for _, text in values(group.inputs, "autoAccept.autoAcceptProjects[]")] if group else []
    return bool({mine, decimal(mine, 12)}.intersection(listed))


def spoke_outputs(request: Request, world: World, id: str) -> Properties:
    """The state, as the hub's owner and the group's list have made it."""
    active = accepted(request, world)
    pending = {"code": "PENDING_REVIEW", "message": "The proposed spoke is pending review.", "userDetails": ""}
    return {
        **request.inputs,
        **labelled(request),
        "group": _group(request),
        "state": "ACTIVE" if active else "INACTIVE",
        "reasons": [] if active else [pending],
        "uniqueId": uuid(id),
    }


@on(*SHAPE)
def networks_only(request: Request, _: World) -> Iterator[Refusal]:
    """A spoke joins one thing; here, a VPC network, and those are global."""
    for name in _LINKS:
        if request.inputs.get(name):
            yield refusal("not-modelled", f"spokes with '{name}' are not modelled: use linkedVpcNetwork", (name,))
            return
    if not request.inputs.get("linkedVpcNetwork"):
        yield refusal("INVALID_ARGUMENT", "a spoke needs linkedVpcNetwork", ("linkedVpcNetwork",))
    where = request.inputs.get("location")
    if isinstance(where, str) and where != "global":
        message = f"location '{where}': a VPC spoke is in location 'global'"
        yield refusal("INVALID_ARGUMENT", message, ("location",))


@on(*SHAPE)
def filters(request: Request, _: World) -> Iterator[Refusal]:
    """IPv4 ranges without host bits, at most sixteen each."""
    for name in ("excludeExportRanges", "includeExportRanges"):
        found = list(values(request.inputs, f"linkedVpcNetwork.{name}[]"))
        if len(found) > MOST_FILTERS:
            message = f"{name} has {len(found)} ranges: at most {MOST_FILTERS}"
            yield refusal("INVALID_ARGUMENT", message, ("linkedVpcNetwork", name))
        for at, text in found:
            if text == "ALL_IPV4_RANGES" and name == "includeExportRanges":
                continue
            if cidr(text) is None:
                yield refusal("INVALID_ARGUMENT", f"'{text}' is not an IPv4 range without host bits", at)


@on(*WORLD)
def hub_takes_it(request: Request, world: World) -> Iterator[Refusal]:
    """The hub exists and has the group; the network is the spoke's own project's and joined to no hub yet."""
    hub = world.find(tokens.HUB, _hub(request))
    if hub is None:
        yield refusal("NOT_FOUND", f"resource '{_hub(request)}' was not found", ("hub",))
        return
    groups = TOPOLOGIES.get(str(hub.inputs.get("presetTopology")), ())
    group = _group(request).rsplit("/", 1)[-1]
    if group not in groups:
        message = f"group '{group}' does not exist in hub '{hub.id}': it has {', '.join(groups)}"
        yield refusal("INVALID_ARGUMENT", message, ("group",))
    attached = [r for r in world.all(tokens.SPOKE) if relative(str(r.inputs.get("hub"))) == hub.id]
    others = [r for r in attached if request.old is None or r.id != request.old.id]
    if len(others) >= MOST:
        yield refusal("RESOURCE_EXHAUSTED", f"hub '{hub.id}' has {MOST} spokes, the most that it takes", ("hub",))
    active = [r for r in others if r.outputs.get("state") == "ACTIVE"]
    if len(active) >= MOST_ACTIVE and accepted(request, world):
        message = f"quota 'active VPC spokes per hub' exceeded, limit: {MOST_ACTIVE}"
        yield refusal("RESOURCE_EXHAUSTED", message, ("hub",))


@on(*WORLD)
def one_hub_a_network(request: Request, world: World) -> Iterator[Refusal]:
    """A network is a spoke once, and its project's."""
    at = ("linkedVpcNetwork", "uri")
    uri = value(request.inputs, "linkedVpcNetwork.uri")
    if not isinstance(uri, str):
        return
    network = relative(uri)
    if segment(network, "projects") != project(request):
        message = f"network '{network}' is not in the spoke's project '{project(request)}'"
        yield refusal("PERMISSION_DENIED", message, at)
    for other in world.all(tokens.SPOKE):
        itself = request.old is not None and other.id == request.old.id
        if not itself and exchange.spoke_network(other) == network:
            message = f"network '{network}' is attached as spoke '{other.id}' already"
            yield refusal("FAILED_PRECONDITION", message, at)


@on(*WORLD)
def nothing_overlaps(request: Request, world: World) -> Iterator[Refusal]:
    """No exported range is that of another spoke, or of a network that is peered with another spoke."""
    at = ("linkedVpcNetwork", "uri")
    network = relative(str(value(request.inputs, "linkedVpcNetwork.uri")))
    linked = request.inputs.get("linkedVpcNetwork") or {}
    held = exchange.of(world, network)
    for path, text in values(linked, "excludeExportRanges[]"):
        excluded = cidr(text)
        cut = next((h for h in held if excluded and h.range != excluded and excluded.subnet_of(h.range)), None)
        if cut is not None:
            message = f"exclude range {text} is a part of {cut.range} of '{cut.subnetwork}': exclude all of it or none"
            yield refusal("INVALID_ARGUMENT", message, ("linkedVpcNetwork", *path))
    if not accepted(request, world):
        return
    for peer in exchange.peers(world, network):
        spoke = exchange.spoke_of(world, peer)
        if spoke is not None and relative(str(spoke.inputs.get("hub"))) == _hub(request):
            message = f"'{network}' is peered with '{peer}', which is spoke '{spoke.id}' of the same hub"
            yield refusal("FAILED_PRECONDITION", message, at)
    exported = [h for h in held if exchange.exports(linked, h.range)]
    others = list(exchange.through_hub(world, _hub(request), network))
    for one in exported:
        other = next((o for o in others if o.range.overlaps(one.range)), None)
        if other is not None:
            message = (
                f"subnet {one.range} ('{one.subnetwork}') overlaps with {other.range} ('{other.subnetwork}') "
                "of another spoke of the hub: exclude it from export"
            )
            yield refusal("FAILED_PRECONDITION", message, at)


TYPES = (
    TypeModel(
        token=tokens.SPOKE,
        api=ApiModel(
            source="discovery",
            service="networkconnectivity.v1",
            shape="Spoke",
            rename={"project": "", "deletionPolicy": "", "location": "", "gateway": ""},
            constants={},
        ),
        identify=spoke_id,
        outputs=spoke_outputs,
        immutable=dict.fromkeys(("name", "hub", "location", "group", "project", "linkedVpcNetwork.uri"), _SOURCE),
        laws=(
            matches("name", r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"),
            given("name"),
            own_project,
            labels("labels"),
            networks_only,
            filters,
            refers("linkedVpcNetwork.uri", tokens.NETWORK, lambda r, v: network_name(v, project(r))),
            hub_takes_it,
            one_hub_a_network,
            nothing_overlaps,
            api_on("networkconnectivity"),
            deletable,
        ),
        normalize=normal(),
        unique=("name",),
        unique_in="parent:location",
        reshaped=("group",),
    ),
)
