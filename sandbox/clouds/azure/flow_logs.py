"""Flow logs of virtual networks.

Owns      laws of what is logged, where to, and for how long.
Refuses   the network watcher: Azure makes one a region by itself with the first virtual network; where an own one is
          named, the sandbox takes its word that it exists.
"""

from collections.abc import Iterator

from sandbox.clouds.azure import arm
from sandbox.clouds.azure.model import CREATE_ONLY, api, model
from sandbox.clouds.azure.network import ALLOWED, NAME
from sandbox.contract import Refusal, Request, World

AUTOMATIC = "NetworkWatcherRG"


def _watcher(request: Request, world: World) -> Iterator[Refusal]:
    group, name = arm.text(request.inputs, "resourceGroupName"), arm.text(request.inputs, "networkWatcherName")
    if group != AUTOMATIC or not name:
        return
    here = name.rpartition("_")[2]
    regions = {
        arm.region(arm.text(r.outputs, "location"))
        for r in world.all("azure-native:network:VirtualNetwork", request.scope)
    }
    if not name.startswith("NetworkWatcher_") or here not in regions:
        yield arm.refuse(
            "ParentResourceNotFound",
            f"Failed to perform 'write' on resource of type 'networkWatchers/flowLogs', because the parent resource "
            f"'{name}' in '{group}' could not be found: Azure makes 'NetworkWatcher_<region>' when the region's first "
            "virtual network appears",
            "networkWatcherName",
        )


def _target(request: Request, world: World) -> Iterator[Refusal]:
    target = arm.text(request.inputs, "targetResourceId")
    yield from arm.reference(request, world, "network:VirtualNetwork", target, ("targetResourceId",))
    for other in world.mentions(target) if target else ():
        if other.type == request.type and other.id != (request.old.id if request.old else ""):
            yield arm.refuse(
                "FlowLogAlreadyExistsForTarget",
                f"{target} has the flow log {other.id} already: Azure keeps one for each target",
                "targetResourceId",
            )


def _retention(request: Request, _world: World) -> Iterator[Refusal]:
    days = arm.known(request.inputs, "retentionPolicy", "days")
    if isinstance(days, int | float) and not 0 <= days <= 365:
        yield arm.refuse(
            "InvalidRetentionDays",
            f"flow logs are kept 0 (for ever) to 365 days, and {days:.0f} are given",
            "retentionPolicy",
            "days",
        )


_MODEL = model(
    "network:FlowLog",
    "Microsoft.Network/networkWatchers/flowLogs",
    api("network", "FlowLog"),
    name="flowLogName",
    parents=("networkWatcherName",),
    version="2024-05-01",
    laws=(
        arm.well_named("flowLogName", NAME, ALLOWED),
        arm.said(_retention),
        arm.within(1, 2, "format", "version", code="InvalidFlowLogFormat"),
        arm.standing(_watcher),
        arm.standing(_target),
        arm.refers("storage:StorageAccount", "storageId"),
    ),
    immutable={"location": CREATE_ONLY, "targetResourceId": CREATE_ONLY},
    normalize=arm.normal(enabled=True),
    extra=lambda request, _world, _id: {"targetResourceGuid": arm.guid(arm.text(request.inputs, "targetResourceId"))},
    in_group=False,
)

TYPES = (_MODEL,)
