"""The end of a thing, as its file says it: the tombstone that must stand before a file, a section or a topic may go.

Owns      the shape of `lifecycle` and `retirement`, the same for cells, clusters, their services, apps and topics.
Refuses   clocks and waiting times: the laws of old and new (`stacks/check/changes`) have both.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import ValidationInfo

from components.model import Day, Spec

Lifecycle = Literal["active", "retired"]

Data = Literal["kept", "deleted"]


class Retirement(Spec):
    """Since when something is retired, what becomes of its data, and why."""

    since: Day = Field(
        description="The day on which this was written, in UTC. The waiting time counts from it; it is never backdated."
    )
    data: Data = Field(
        description="`kept`: everything stays protected, and the file stays as long as the data does. `deleted`: "
        "protection ends with this change, and after the waiting time what is retired may be removed with its data."
    )
    reason: Annotated[str, StringConstraints(min_length=10)] = Field(
        description="Why, and where it was agreed: whoever reviews the removal decides by it."
    )

    @property
    def gives_up(self) -> bool:
        """Whether the data is stated to be deleted: protection has ended."""
        return self.data == "deleted"


class Retirable(Spec):
    """What can be retired says so in its own file."""

    lifecycle: Lifecycle = Field(default="active", description="`retired` is the tombstone that must precede deletion.")
    retirement: Retirement | None = Field(
        default=None,
        validate_default=True,
        description="With `lifecycle: retired`: since when, what becomes of the data, and why. Written by "
        "`fleet retire`.",
    )

    @field_validator("retirement")
    @classmethod
    def _both_or_neither(cls, given: Retirement | None, info: ValidationInfo) -> Retirement | None:
        retired = info.data.get("lifecycle") == "retired"
        if retired and given is None:
            raise PydanticCustomError(
                "retirement-missing",
                "`lifecycle: retired` needs `retirement` with since, data and reason: `fleet retire` writes them",
            )
        if given is not None and "lifecycle" in info.data and not retired:
            raise PydanticCustomError(
                "retirement-of-active", "there is a retirement, and `lifecycle` is not `retired`: state both or neither"
            )
        return given

    @property
    def gives_up(self) -> bool:
        """Whether it is retired and its data is stated to be deleted."""
        return self.retirement is not None and self.retirement.gives_up
