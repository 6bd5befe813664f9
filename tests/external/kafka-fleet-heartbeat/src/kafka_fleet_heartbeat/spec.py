"""What a cluster file may say about its heartbeat.

Owns      the shape of `services.heartbeat`.
Refuses   the topic's settings: they follow from the cluster, so that every broker is asked and nothing is kept.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from kafka_fleet import IMAGE, Spec


class HeartbeatSpec(Spec):
    """`services.heartbeat` of a cluster file."""

    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")] = Field(
        description="Release of KMinion, e.g. 2.2.12. Another one rolls the pod."
    )
    image: Annotated[str, StringConstraints(pattern=IMAGE)] | None = Field(
        default=None, description="Image with registry and tag. By default KMinion's own of `version`."
    )
    licence: Literal["mit"] = Field(description="The licence of KMinion, stated by who has read it.")
    interval_ms: int = Field(
        default=500, ge=100, le=60_000, description="Time between two messages to each partition, in milliseconds."
    )
    lost_after_ms: int = Field(
        default=10_000,
        ge=1_000,
        le=120_000,
        description="A message that does not come back within this many milliseconds is counted as lost.",
    )
    slow_ms: int = Field(
        default=500,
        ge=1,
        le=60_000,
        description="An alert is raised while one message in a hundred takes longer than this, in milliseconds.",
    )
