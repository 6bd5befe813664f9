"""What an app file may say about subjects of the schema registry.

Owns      the shape of subjects and of the job that registers them.
Refuses   schemas that no registry would take: `subject_rules.py`.
Identity  a subject's name is its key. Subjects are never deleted by leaving them out.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from components.model import Spec

SubjectName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,249}$")]
"""A subject's name, e.g. `orders.events-value`. A registry takes more characters; these are safe in its URLs."""


class Schema(Spec):
    """The newest schema of a subject."""

    type: Literal["AVRO", "JSON", "PROTOBUF"] = Field(description="Its language.")
    text: str = Field(
        min_length=1,
        max_length=200_000,
        description="The schema itself, best as a YAML block (`text: |`).",
    )


class Subject(Spec):
    """One subject. Its name is its key."""

    compatibility: Literal[
        "BACKWARD", "BACKWARD_TRANSITIVE", "FORWARD", "FORWARD_TRANSITIVE", "FULL", "FULL_TRANSITIVE", "NONE"
    ] = Field(
        default="BACKWARD",
        description="Which changes of the schema the registry takes. `BACKWARD`: consumers with the new schema read "
        "what was written with the one before. `NONE` takes anything.",
    )
    # Not called `schema`: that is a method of every pydantic model.
    content: Schema | None = Field(
        default=None,
        description="The schema to register as the newest version, where it is not there yet. Left out, producers "
        "register it and only the mode is set here.",
    )
