"""Private DNS zones and their links to virtual networks.

Owns      names of zones, and which network may see which zone.
Refuses   records: nothing of the fleet makes any here.
"""

from collections.abc import Iterator

from sandbox.clouds.azure import arm
from sandbox.clouds.azure.model import CREATE_ONLY, api, model
from sandbox.contract import Refusal, Request, World

_RESERVED = ("azure.com", "azure.net", "azurefd.net", "trafficmanager.net", "windows.net", "azmk8s.io")


def _zone(request: Request, _world: World) -> Iterator[Refusal]:
    name = arm.text(request.inputs, "privateZoneName")
    if name and not 2 <= len(name.split(".")) <= 34:
        yield arm.refuse("BadRequest", f"private zone '{name}' must have 2 to 34 labels", "privateZoneName")
    if any(name == one or name.endswith(f".{one}") for one in _RESERVED if not name.startswith("privatelink.")):
        yield arm.refuse("BadRequest", f"The zone name '{name}' is reserved by Azure.", "privateZoneName")


def _global(request: Request, _world: World) -> Iterator[Refusal]:
    given = arm.text(request.inputs, "location")
    if given and arm.region(given) != "global":
        yield arm.refuse(
            "LocationNotAvailableForResourceType",
            f"The provided location '{given}' is not available for resource type '{request.type}'. List of available "
            "regions is 'global'.",
            "location",
        )


def _linked_once(request: Request, world: World) -> Iterator[Refusal]:
    network, zone = arm.text(request.inputs, "virtualNetwork", "id"), arm.text(request.inputs, "privateZoneName")
    yield from arm.reference(request, world, "network:VirtualNetwork", network, ("virtualNetwork", "id"))
    for other in world.mentions(network) if network else ():
        theirs = arm.text(other.inputs, "privateZoneName")
        same = other.id == (request.old.id if request.old else "")
        if other.type == request.type and not same and theirs.lower() == zone.lower():
            yield arm.refuse(
                "BadRequest",
                f"A virtual network cannot be linked to multiple zones with overlapping namespaces. {network} is "
                f"linked to '{theirs}' by {other.id}.",
                "virtualNetwork",
            )


def _unlinked(request: Request, world: World) -> Iterator[Refusal]:
    old = request.old
    if old is None:
        return
    zone, group = (arm.text(old.inputs, key) for key in ("privateZoneName", "resourceGroupName"))
    link = arm.named(
        world, "privatedns:VirtualNetworkLink", request.scope, privateZoneName=zone, resourceGroupName=group
    )
    if link is not None:
        yield arm.refuse(
            "CannotDeleteResource",
            f"Can not delete resource before nested resources are deleted: {link.id}",
        )


TYPES = (
    model(
        "privatedns:PrivateZone",
        "Microsoft.Network/privateDnsZones",
        api("privatedns", "PrivateZone"),
        name="privateZoneName",
        version="2024-06-01",
        laws=(
            arm.well_named(
                "privateZoneName",
                r"[a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9_])?(\.[a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9_])?)*",
                "labels of 1 to 63 lower-case letters, digits, '-' or '_', with no final dot",
                "BadRequest",
            ),
            arm.said(_zone),
            arm.said(_global),
            arm.limited("private DNS zones"),
            arm.leaving(_unlinked),
        ),
        immutable={"location": CREATE_ONLY},
        normalize=arm.normal(location="global"),
        extra=lambda _request, _world, own: {"internalId": arm.digest(own, 32), "maxNumberOfRecordSets": 25000},
    ),
    model(
        "privatedns:VirtualNetworkLink",
        "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
        api("privatedns", "VirtualNetworkLink"),
        name="virtualNetworkLinkName",
        parents=("privateZoneName",),
        version="2024-06-01",
        laws=(
            arm.well_named(
                "virtualNetworkLinkName", r"[A-Za-z0-9]([-\w.]{0,78}\w)?", "1 to 80 letters, digits, '_', '.' or '-'"
            ),
            arm.under(
                "privatedns:PrivateZone",
                "Microsoft.Network/privateDnsZones",
                privateZoneName="privateZoneName",
                resourceGroupName="resourceGroupName",
            ),
            arm.said(_global),
            arm.standing(_linked_once),
        ),
        immutable={"location": CREATE_ONLY, "virtualNetwork": CREATE_ONLY},
        normalize=arm.normal(location="global"),
        extra=lambda _request, _world, _id: {"virtualNetworkLinkState": "Completed"},
    ),
)
