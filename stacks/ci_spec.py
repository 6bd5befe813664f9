"""What `fleet.yaml` says of the machinery around the fleet: the forge, its runners, who CI is in each cloud.

Owns      the shape of `ci:`.
Refuses   secrets (CI signs in with short-lived tokens of the forge), and a list of clouds: each has a key of its own.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, create_model, model_validator
from pydantic_core import PydanticCustomError

from components import catalog
from components.model import Name, Spec

Repository = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)+$")]
Handle = Annotated[str, StringConstraints(pattern=r"^@[A-Za-z0-9][A-Za-z0-9._/-]*$")]
Branch = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$")]
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]


class Login(Spec):
    """Who CI is in one cloud. `fleet bootstrap <cloud>` makes these and prints this section."""

    account: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{3,62}$", description="Account, project or subscription of the bootstrap."
    )
    region: str = Field(pattern=r"^[a-z]+[a-z0-9-]*$", description="Where the state and its key are.")
    tenant: str = Field(default="", pattern=r"^[0-9a-f-]*$", description="Only Azure: the tenant of the subscription.")
    number: str = Field(default="", pattern=r"^[0-9]*$", description="Only Google Cloud: the project's number.")
    preview: str = Field(
        default="",
        pattern=r"^[A-Za-z0-9:/@._-]*$",
        description="Who previews: role ARN, service account or client id. It reads, and sees no secret's value.",
    )
    apply: str = Field(
        default="", pattern=r"^[A-Za-z0-9:/@._-]*$", description="Who applies, in the same form. Not who previews."
    )


def _logins() -> type[Spec]:
    """One optional key a cloud of the catalog."""
    fields: dict[str, Any] = {
        key: (Login | None, Field(default=None, description=f"{entry.title}."))
        for key, entry in sorted(catalog.clouds().items())
    }
    return create_model("CloudLogins", __base__=Spec, __module__=__name__, __doc__="Who CI is, by cloud.", **fields)


CloudLogins = _logins()


class CiEnvironments(Spec):
    """The forge's environments: their reviewers are what approves."""

    preview: Word = Field(default="fleet-preview", description="Reads the clouds with reviewed code. No reviewers.")
    preview_code: Word = Field(
        default="fleet-preview-code", description="Reads the clouds with the code of a change: give it reviewers."
    )
    apply: Word = Field(default="fleet-apply", description="Changes the clouds: give it reviewers.")
    drift: Word = Field(default="fleet-drift", description="Reads the clouds at night. No reviewers.")


class CiSettings(Spec):
    """The machinery around the fleet. Without `clouds` the workflows work on the sandbox."""

    forge: Literal["github", "gitlab"] = Field(default="github", description="Where the repository is.")
    repository: Repository | None = Field(
        default=None, description="`organization/name`. Needed with `clouds`: roles trust this repository alone."
    )
    branch: Branch = Field(default="main", description="The protected branch whose merges are applied.")
    subject: str = Field(
        default="",
        pattern=r"^[A-Za-z0-9:/@._-]*$",
        description="How the forge's tokens begin their subject; by default `repo:<repository>`. Newer repositories of "
        "GitHub have numbers in it: its settings page shows the prefix.",
    )
    organization: Word | None = Field(
        default=None, description="Before a team's handle: `@organization/team`. By default the fleet's name."
    )
    handles: dict[Name, Handle] = Field(
        default={}, description='Teams that the forge knows under another handle, e.g. `payments: "@acme/pay"`.'
    )
    runner: Word = Field(default="ubuntu-24.04", description="Label of the runners, or image tag family on GitLab.")
    private_runner: Word | None = Field(
        default=None,
        description="Label of runners inside the networks of private cells; without it only public Kubernetes APIs are "
        "reached.",
    )
    image: str = Field(
        default="python:3.12-bookworm",
        pattern=r"^[a-z0-9][A-Za-z0-9./:@_-]*$",
        description="Only GitLab: the image that jobs run in.",
    )
    shard_size: int = Field(default=25, ge=1, le=500, description="Stacks that one job previews.")
    most_shards: int = Field(default=40, ge=1, le=256, description="Jobs of one preview; the forge allows 256.")
    apply_minutes: int = Field(default=350, ge=30, le=350, description="An apply that takes longer is ended.")
    environments: CiEnvironments = Field(default=CiEnvironments(), description="The forge's environments.")
    clouds: CloudLogins = Field(default=CloudLogins(), description="By cloud: who CI is there.")  # type: ignore[valid-type] # made from the catalog

    @property
    def logins(self) -> Mapping[str, Login]:
        """By cloud: who CI is there; only those that are said."""
        return {name: login for name, login in self.clouds if login is not None}  # type: ignore[attr-defined]

    @model_validator(mode="after")
    def _says_whom_to_trust(self) -> "CiSettings":
        if self.logins and not self.repository:
            raise PydanticCustomError(
                "ci-repository", "`clouds` needs `repository`: the roles there trust that repository alone", {}
            )
        return self
