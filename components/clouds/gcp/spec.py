"""What only GCP needs to know about a cell.

Owns      the `gcp` section of a cell file.
Refuses   anything that another cloud has too (that stands in the cell itself), and any SDK.
"""

from typing import Annotated, Literal

from pydantic import Field

from components.clouds.contract import CloudSpec
from components.model import Items

Day = Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
MAINTENANCE_HOURS = 6


class GcpSpec(CloudSpec):
    """The `gcp` section of a cell file."""

    project_number: str = Field(
        pattern=r"^[1-9][0-9]{5,14}$",
        description=(
            "Number of the project, in quotes. GCP names its own service agents by it, and these need the cell's "
            "keys: with another number the grants fail and no node starts."
        ),
    )
    release_channel: Literal["RAPID", "REGULAR", "STABLE", "EXTENDED"] = Field(
        default="REGULAR",
        description="How early GKE applies patches. Minor versions wait for the cell's own `version` in any channel.",
    )
    maintenance_days: Annotated[Items[Day], Field(min_length=2, max_length=7)] = Field(
        default=("SA", "SU"),
        description="Days on which GKE may patch nodes. It insists on 48 hours in 32 days, so one day is too few.",
    )
    maintenance_start_hour_utc: int = Field(
        default=2, ge=0, le=23, description=f"Hour at which the window opens, in UTC. It is {MAINTENANCE_HOURS} h long."
    )
    dns_endpoint: bool = Field(
        default=False,
        description=(
            "Also answer on GKE's DNS name, from anywhere, to callers whom IAM lets in. It spares people a bastion; "
            "with a private API it is a second way in."
        ),
    )
