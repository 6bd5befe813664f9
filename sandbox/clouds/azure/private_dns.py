"""Private DNS zones, their links to virtual networks, and their records.

Owns      names of zones, and which network may see which zone.
Refuses   what records of any zone have in common: `record_sets.py`.
"""

from collections.abc import Iterator

from sandbox.clouds.azure import arm, joins, quotas, record_sets
from sandbox.clouds.azure.model import CREATE_ONLY, api, model
from sandbox.contract import Record, Refusal, Request, World

_RESERVED = ("azure.com", "azure.net", "azurefd.net", "trafficmanager.net", "windows.net", "azmk8s.io")


RECORDS = record_sets.Kind(
    token="privatedns:PrivateRecordSet",  # noqa: S106 - a type token
    zone="privatedns:PrivateZone",
    key="privateZoneName",
    path="Microsoft.Network/privateDnsZones",
    service="privatedns",
    quota="record sets of a private DNS zone",
    types={
        "A": "aRecords",
        "AAAA": "aaaaRecords",
        "CNAME": "cnameRecord",
        "MX": "mxRecords",
        "PTR": "ptrRecords",
        "SOA": "soaRecord",
        "SRV": "srvRecords",
        "TXT": "txtRecords",
    },
)


def _zone(request: Request, _world: World) -> Iterator[Refusal]:
    name = arm.text(request.inputs, "privateZoneName")
    if name and not 2 <= len(name.split(".")) <= 34:
        yield arm.refuse("BadRequest", f"private zone '{name}' must have 2 to 34 labels", "privateZoneName")
    if any(name == one or name.endswith(f".{one}") for one in _RESERVED if not name.startswith("privatelink.")):
        yield arm.refuse("BadRequest", f"The zone name '{name}' is reserved by Azure.", "privateZoneName")


def only_global(request: Request, _world: World) -> Iterator[Refusal]:
    """DNS has no regions."""
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
    yield from arm.reference(request, world, joins.NETWORK, network, ("virtualNetwork", "id"), anywhere=True)
    for other in _others(request, world):
        theirs = arm.text(other.inputs, "privateZoneName")
        if not joins.same(arm.text(other.inputs, "virtualNetwork", "id"), network):
            continue
        if joins.same(theirs, zone):
            yield arm.refuse(
                "BadRequest",
                f"A virtual network cannot be linked to multiple zones with overlapping namespaces. {network} is "
                f"linked to '{theirs}' by {other.id}.",
                "virtualNetwork",
            )
        if request.inputs.get("registrationEnabled") is True and other.inputs.get("registrationEnabled") is True:
            yield arm.refuse(
                "BadRequest",
                f"A virtual network can only be linked to one zone with auto registration of its machines: {network} "
                f"is by {other.id}.",
                "registrationEnabled",
            )


def _others(request: Request, world: World) -> list[Record]:
    own = request.old.id if request.old else ""
    return [one for one in world.all(request.type) if not joins.same(one.id, own)]


def _room(request: Request, world: World) -> Iterator[Refusal]:
    group, zone = (arm.text(request.inputs, key) for key in ("resourceGroupName", "privateZoneName"))
    own = arm.resource_id(request.scope.account, group, RECORDS.path, zone).lower()
    there = [one for one in _others(request, world) if one.id.lower().startswith(f"{own}/")]
    name = "virtual network links of a private DNS zone"
    yield from quotas.over(name, len(there) + 1, zone, "VirtualNetworkLinkLimitReached")
    if request.inputs.get("registrationEnabled") is True:
        registering = [one for one in there if one.inputs.get("registrationEnabled") is True]
        name = "registering links of a private DNS zone"
        yield from quotas.over(name, len(registering) + 1, zone, "VirtualNetworkLinkLimitReached")


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
                record_sets.LABELS,
                record_sets.LABELS_IN_WORDS,
                "BadRequest",
            ),
            arm.said(_zone),
            arm.said(only_global),
            arm.limited("private DNS zones"),
            arm.leaving(_unlinked),
            record_sets.empty(RECORDS),
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
            arm.said(only_global),
            arm.standing(_linked_once),
            arm.standing(_room),
        ),
        immutable={"location": CREATE_ONLY, "virtualNetwork": CREATE_ONLY},
        normalize=arm.normal(location="global", registrationEnabled=False),
        extra=lambda _request, _world, _id: {"virtualNetworkLinkState": "Completed"},
    ),
    record_sets.model_of(RECORDS),
)
