"""Maintenance windows of AKS clusters.

Owns      the three names that AKS knows, and what a window may say.
Refuses   running them.
"""

import re
from collections.abc import Iterator

from sandbox.clouds.azure import arm
from sandbox.clouds.azure.model import api, model
from sandbox.contract import Refusal, Request, World

_NAMES = ("default", "aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule")
_KINDS = ("absoluteMonthly", "daily", "relativeMonthly", "weekly")


def _window(request: Request, _world: World) -> Iterator[Refusal]:
    name, window = arm.text(request.inputs, "configName"), request.inputs.get("maintenanceWindow")
    if name.startswith("aksManaged") and window is None:
        yield arm.refuse(
            "InvalidParameter",
            f"'{name}' needs a maintenanceWindow; timeInWeek goes with 'default'",
            "maintenanceWindow",
        )
    if name == "default" and window is not None:
        yield arm.refuse("InvalidParameter", "'default' takes timeInWeek, and no window", "maintenanceWindow")
    hours = arm.known(window, "durationHours")
    if isinstance(hours, int | float) and not 4 <= hours <= 24:
        yield arm.refuse(
            "InvalidParameter",
            f"durationHours is {hours:.0f}: a window is 4 to 24 hours long",
            "maintenanceWindow",
            "durationHours",
        )
    for key, pattern, form in (
        ("startTime", r"([01]\d|2[0-3]):[0-5]\d", "HH:MM"),
        ("utcOffset", r"[+-](0\d|1[0-4]):[0-5]\d", "+HH:MM or -HH:MM"),
    ):
        given = arm.text(window, key)
        if given and not re.fullmatch(pattern, given):
            yield arm.refuse("InvalidParameter", f"{key} '{given}' is not {form}", "maintenanceWindow", key)
    schedule = arm.known(window, "schedule")
    if schedule is not None and sum(key in schedule for key in _KINDS) != 1:
        yield arm.refuse(
            "InvalidParameter",
            f"a schedule has exactly one of {', '.join(_KINDS)}",
            "maintenanceWindow",
            "schedule",
        )


TYPES = (
    model(
        "containerservice:MaintenanceConfiguration",
        "Microsoft.ContainerService/managedClusters/maintenanceConfigurations",
        api("containerservice", "MaintenanceConfiguration"),
        name="configName",
        parents=("resourceName",),
        version="2025-09-01",
        laws=(
            arm.well_named("configName", "|".join(_NAMES), f"AKS knows {', '.join(_NAMES)}", "InvalidParameter"),
            arm.under(
                "containerservice:ManagedCluster",
                "Microsoft.ContainerService/managedClusters",
                resourceName="resourceName",
                resourceGroupName="resourceGroupName",
            ),
            arm.said(_window),
            arm.within(1, 4, "maintenanceWindow", "schedule", "weekly", "intervalWeeks"),
            arm.within(1, 7, "maintenanceWindow", "schedule", "daily", "intervalDays"),
        ),
        tracked=False,
    ),
)
