"""Network Connectivity Center: hubs and their groups.

Owns      their API models, ids, outputs and laws.
Refuses   policy mode CUSTOM and hybrid inspection. A group is part of its hub at Google: declaring one states its
          settings, and deleting it here forgets them.
"""

from collections.abc import Iterator

from sandbox.clouds.gcp import tokens
from sandbox.clouds.gcp.forms import normal
from sandbox.clouds.gcp.links import decimal, project, relative, segment, values
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
    refusal,
    within_quota,
)
from sandbox.contract import ApiModel, Properties, Refusal, Request, TypeModel, World

_HUB = force_new("networkconnectivity/resource_network_connectivity_hub.go", "07fc865")
_GROUP = force_new("networkconnectivity/resource_network_connectivity_group.go", "0415505")

TOPOLOGIES = {"MESH": ("default",), "STAR": ("center", "edge")}
"""Groups that Google makes with a hub of each topology."""


def hub_name(value: str, in_project: str) -> str:
    """Relative name of a hub that is given by name or link."""
    return relative(value) if "/" in value else f"projects/{in_project}/locations/global/hubs/{value}"


def hub_id(request: Request, _: World) -> str:
    """`projects/<p>/locations/global/hubs/<n>`."""
    return f"projects/{project(request)}/locations/global/hubs/{request.inputs['name']}"


def uuid(text: str) -> str:
    """A UUID that depends on `text` alone."""
    number = f"{int(decimal(text, 30)):032x}"[-32:]
    return f"{number[:8]}-{number[8:12]}-{number[12:16]}-{number[16:20]}-{number[20:]}"


def labelled(request: Request) -> Properties:
    """What the provider tells of labels."""
    found = dict(request.inputs.get("labels") or {})
    return {"effectiveLabels": found, "pulumiLabels": found}


def hub_outputs(request: Request, _: World, id: str) -> Properties:
    """What Google adds to a hub."""
    return {
        "policyMode": "PRESET",
        "exportPsc": False,
        **request.inputs,
        **labelled(request),
        "state": "ACTIVE",
        "uniqueId": uuid(id),
        "routingVpcs": [],
    }


def group_id(request: Request, _: World) -> str:
    """`<hub>/groups/<n>`."""
    return f"{hub_name(str(request.inputs['hub']), project(request))}/groups/{request.inputs['name']}"


def group_outputs(request: Request, _: World, id: str) -> Properties:
    """What Google adds to a group."""
    hub = id.partition("/groups/")[0]
    return {
        **request.inputs,
        **labelled(request),
        "state": "ACTIVE",
        "uid": uuid(id),
        "routeTable": f"{hub}/routeTables/{request.inputs['name']}",
    }


@on(*WORLD)
def group_of_its_hub(request: Request, world: World) -> Iterator[Refusal]:
    """The hub exists, in the same project, and has a group of that name."""
    name = hub_name(str(request.inputs.get("hub")), project(request))
    hub = world.find(tokens.HUB, name)
    if hub is None:
        yield refusal("NOT_FOUND", f"resource '{name}' was not found", ("hub",))
        return
    if segment(name, "projects") != project(request):
        yield refusal("PERMISSION_DENIED", f"hub '{name}' is not in project '{project(request)}'", ("hub",))
    groups = TOPOLOGIES.get(str(hub.inputs.get("presetTopology")), ())
    if request.inputs.get("name") not in groups:
        message = f"group '{request.inputs.get('name')}' does not exist in hub '{name}': it has {', '.join(groups)}"
        yield refusal("NOT_FOUND", message, ("name",))


@on(*SHAPE)
def projects_of_a_group(request: Request, _: World) -> Iterator[Refusal]:
    """Projects by id or number, each once."""
    seen = set()
    for at, text in values(request.inputs, "autoAccept.autoAcceptProjects[]"):
        if text in seen:
            yield refusal("INVALID_ARGUMENT", f"project '{text}' is listed twice", at)
        seen.add(text)


@on("delete")
def without_spokes(request: Request, world: World) -> Iterator[Refusal]:
    """A hub goes after its spokes, whoever made them."""
    hub = request.old.id if request.old else ""
    found = [spoke for spoke in world.all(tokens.SPOKE) if relative(str(spoke.inputs.get("hub"))) == hub]
    if found:
        message = f"hub '{hub}' cannot be deleted: spoke '{found[0].id}' is attached to it ({len(found)} in all)"
        yield refusal("FAILED_PRECONDITION", message)


TYPES = (
    TypeModel(
        token=tokens.HUB,
        api=ApiModel(
            source="discovery",
            service="networkconnectivity.v1",
            shape="Hub",
            rename={"project": "", "deletionPolicy": ""},
            constants={},
        ),
        identify=hub_id,
        outputs=hub_outputs,
        immutable=dict.fromkeys(("name", "policyMode", "presetTopology", "project"), _HUB),
        laws=(
            matches("name", r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"),
            given("name"),
            own_project,
            labels("labels"),
            matches("presetTopology", "MESH|STAR", "the sandbox knows MESH and STAR"),
            matches("policyMode", "PRESET", "the sandbox knows PRESET"),
            api_on("networkconnectivity"),
            within_quota,
            without_spokes,
            deletable,
        ),
        normalize=normal({"presetTopology": "MESH"}),
        unique=("name",),
    ),
    TypeModel(
        token=tokens.HUB_GROUP,
        api=ApiModel(
            source="discovery",
            service="networkconnectivity.v1",
            shape="Group",
            rename={"project": "", "deletionPolicy": "", "hub": ""},
            constants={},
        ),
        identify=group_id,
        outputs=group_outputs,
        immutable=dict.fromkeys(("name", "hub", "project"), _GROUP),
        laws=(
            given("name"),
            matches("name", "default|center|edge"),
            own_project,
            labels("labels"),
            projects_of_a_group,
            group_of_its_hub,
            api_on("networkconnectivity"),
            deletable,
        ),
        normalize=normal(),
        unique=("name",),
        unique_in="parent:hub",
    ),
)
