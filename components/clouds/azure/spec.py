"""What only Azure needs to know about a cell.

Owns      the `azure:` section of a cell file.
Refuses   sizes, addresses and access: those are the cell's own, and the same on every cloud.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from components.clouds.contract import CloudSpec

Uuid = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
"""An id of Azure in the form that Azure returns: lower case, with hyphens."""


class AzureSpec(CloudSpec):
    """A cell on Azure."""

    tenant_id: Uuid = Field(
        description="Entra tenant of the subscription. Its groups may log in to the cell's Kubernetes, and only its "
        "principals may use the cell's keys."
    )
    network_watcher_resource_group: str = Field(
        default="NetworkWatcherRG",
        pattern=r"^[-\w._()]{1,89}[-\w_()]$",
        description="Resource group of the region's network watcher, under which flow logs are made. Azure makes one "
        "watcher a region by itself; name another group only where the subscription has switched that off.",
    )
    maintenance_day: Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] = Field(
        default="Sunday",
        description="Day of the week on which Azure may patch Kubernetes and the nodes. Each node is drained then.",
    )
    maintenance_start_utc: str = Field(
        default="02:00",
        pattern=r"^([01][0-9]|2[0-3]):00$",
        description="Hour (UTC) at which the eight-hour maintenance window opens, such as `02:00`.",
    )
