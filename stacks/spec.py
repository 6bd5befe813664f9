"""The models of the six kinds of fleet file, composed from the catalog.

Owns      what a file may say, kind by kind.
Refuses   laws across files (those are `stacks/check`), and Pulumi: importing this loads no SDK, so that validating
          ten thousand files stays cheap.
"""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, StringConstraints, Tag, create_model
from pydantic_core import PydanticCustomError

from components import catalog
from components.apps.spec import AppSpec
from components.cell.spec import CellBody, CellSpec, Environment, InlineCellSpec, Ownership
from components.lifecycle import Retirement
from components.model import Cidr, Day, Items, Name, Scalar, Spec
from stacks.ci_spec import CiSettings
from stacks.policy_spec import PolicySettings

Ring = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,20}$")]
Glob = Annotated[str, StringConstraints(pattern=r"^[a-z0-9*?-]+$")]
ServiceKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,40}$")]


class AddressRange(Spec):
    """One range of the fleet, and which cells it is for."""

    cidr: Cidr = Field(description="The range.")
    environments: Items[Environment] = Field(
        default=(), description="Environments whose cells lie here. By default all others."
    )
    regions: Items[str] = Field(
        default=(),
        description="Shell patterns of regions, e.g. `eu-*`, whose cells lie here. By default all others.",
    )


class AddressSpace(Spec):
    """From which addresses `fleet new cell` allocates."""

    ranges: Annotated[Items[AddressRange], Field(min_length=1)] = Field(
        description="Ranges that belong to the fleet, in the order in which they are used."
    )
    reserved: Items[Cidr] = Field(
        default=(), description="Ranges inside or outside of these that no cell may overlap: offices, peers, Docker."
    )
    cell_prefix_length: int = Field(
        default=16, ge=12, le=20, description="Size of a new cell's block, as a prefix length."
    )


class Team(Spec):
    """Which names a team may declare."""

    clusters: Items[Glob] = Field(
        default=(), description="Shell patterns of cluster names. A name that none of them matches is refused."
    )
    apps: Items[Glob] = Field(default=(), description="Shell patterns of app names.")


class State(Spec):
    """Where the engine keeps its state."""

    backend: str = Field(
        default="file://.fleet/state",
        pattern=r"^(file|s3|gs|azblob)://.+$",
        description="URL under which each cell has its own backend, `<backend>/<cell>`. `file://` is for one machine.",
    )
    secrets_provider: str = Field(
        default="passphrase",
        pattern=r"^(passphrase|(awskms|gcpkms|azurekeyvault|hashivault)://.+)$",
        description="What encrypts secrets in the state. A key service is far faster than a passphrase.",
    )


class Deletion(Spec):
    """How much may be deleted, and how soon."""

    waiting_days: int = Field(
        default=14, ge=1, le=365, description="Days between a file's retirement and the change that may remove it."
    )
    most_per_change: int = Field(
        default=1, ge=1, le=50, description="Files that one change may remove, and that one change may retire."
    )


def _known_cloud(name: str) -> str:
    if name not in catalog.clouds():
        raise PydanticCustomError(
            "unknown-cloud", "there is no cloud '{name}': {known}", {"name": name, "known": ", ".join(catalog.clouds())}
        )
    return name


CloudName = Annotated[str, AfterValidator(_known_cloud)]


class CostSettings(Spec):
    """What estimates of cost know of this company (docs/cost.md)."""

    discount_percent: dict[CloudName, Annotated[float, Field(ge=0, lt=100)]] = Field(
        default={}, description="By cloud: what your contract takes off the list prices, e.g. `aws: 20`."
    )
    average_load_percent: float = Field(
        default=100,
        gt=0,
        le=100,
        description="The month's average of the declared rates: a cluster is sized for its peak; traffic is billed.",
    )


class FleetSpec(Spec):
    """`fleet/fleet.yaml`: one page about the whole fleet, owned by the platform team."""

    name: Name = Field(description="The fleet's name; a tag on everything.")
    dns_domain: str = Field(
        pattern=r"^[a-z0-9]([a-z0-9.-]{0,120}[a-z0-9])?$",
        description="Domain under which each cell has its private zone, `<cell>.<dns_domain>`.",
    )
    public_dns_domain: str | None = Field(
        default=None,
        pattern=r"^[a-z0-9]([a-z0-9.-]{0,120}[a-z0-9])?$",
        description="Domain of yours under which each public cell has its public zone, `<cell>.<public_dns_domain>`. "
        "Its name servers are an output of the cell: delegate to them once.",
    )
    platform_team: Name = Field(description="The team that owns cells and this file.")
    rings: Annotated[Items[Ring], Field(min_length=1)] = Field(
        description="Names of the rings through which changes spread, first to last."
    )
    address_space: AddressSpace = Field(description="The fleet's addresses.")
    teams: dict[Name, Team] = Field(description="Teams and the names that they may declare.")
    offered_as_a_service: bool = Field(
        default=False,
        description="Whether outsiders of the company use these clusters as a service of yours. Some services' "
        "licences forbid that, and are then refused.",
    )
    granted_limits: dict[str, dict[str, Annotated[int, Field(ge=1)]]] = Field(
        default={},
        description="By cloud: limits that the vendor has raised for you, by the keys of the cloud's `limits.json`, "
        "e.g. `aws: {load_balancers_per_region: 200}`.",
    )
    cost: CostSettings = Field(default=CostSettings(), description="What estimates of cost know of you.")
    deletion: Deletion = Field(default=Deletion(), description="How much may be deleted, and how soon.")
    policies: PolicySettings = Field(default=PolicySettings(), description="How the policies are applied.")
    state: State = Field(default=State(), description="Where the engine keeps its state.")
    ci: CiSettings = Field(default=CiSettings(), description="The machinery around the fleet.")


class Allowed(Spec):
    """What clusters may say of one field: a list of values, or a range."""

    values: Items[Scalar] | None = Field(default=None, description="The only values that are allowed.")
    least: float | None = Field(default=None, description="The smallest number that is allowed.")
    most: float | None = Field(default=None, description="The largest number that is allowed.")
    why: str = Field(default="", description="The reason, for whoever is refused.")


class Exemption(Spec):
    """Clusters that may leave what is allowed, until a day."""

    clusters: Annotated[Items[Glob], Field(min_length=1)] = Field(description="Shell patterns of cluster names.")
    fields: Annotated[Items[str], Field(min_length=1)] = Field(description="Fields, as `allowed` writes them.")
    until: Day = Field(description="The last day, in UTC. After it the clusters are refused like all others.")
    reason: Annotated[str, StringConstraints(min_length=10)] = Field(
        description="Why, and where it was agreed: the next reader decides by it whether to prolong."
    )


class ServiceSpec(Spec):
    """`fleet/services/<service>.yaml`: a service owner's own file. It flows into every cluster."""

    owner: Name = Field(description="The team that owns the service.")
    defaults: dict[str, Any] = Field(
        default={}, description="Values that every cluster's section starts from, ring by ring the same."
    )
    rings: dict[Ring, dict[str, Any]] = Field(
        default={}, description="Values for one ring, over `defaults`. This is how a version moves through the fleet."
    )
    allowed: dict[str, Allowed] = Field(
        default={},
        description="What clusters' files may say, by field: `disk_gib`, `size.name`, `config.log.segment.bytes`.",
    )
    exceptions: Items[Exemption] = Field(default=(), description="Who may leave what is allowed, and until when.")


class ProfileSpec(Spec):
    """`fleet/profiles/<name>.yaml`: a named starting point. A file picks at most one; profiles do not inherit."""

    kind: Literal["cell", "cluster", "app"] = Field(description="Which kind of file may pick this profile.")
    values: dict[str, Any] = Field(description="What the file starts from; the file's own values go over it.")


def _cell_form(value: Any) -> str:
    return "name" if isinstance(value, str) else "inline"


if TYPE_CHECKING:
    _CellForm = str | CellBody
else:  # InlineCellSpec is made from the catalog, so a type checker cannot know it
    _CellForm = Annotated[
        Annotated[Name, Tag("name")] | Annotated[InlineCellSpec, Tag("inline")], Discriminator(_cell_form)
    ]


def _services() -> type[Spec]:
    """One optional key a service: `services` is a mapping, so that an error names one field of one service."""
    fields: dict[str, Any] = {
        key: (catalog.spec_of(entry) | None, Field(default=None, description=f"{entry.title}. Owner: {entry.owner}."))
        for key, entry in catalog.services().items()
    }
    return create_model("ServicesSpec", __base__=Spec, __module__=__name__, __doc__="Services by name.", **fields)


class ClusterBase(Ownership):
    """`fleet/clusters/<team>/<cluster>.yaml`: a Kafka cluster and the services around it."""

    ring: Ring | None = Field(
        default=None, description="Ring of this cluster. By default the one named like `environment`."
    )
    cell: _CellForm = Field(
        description="Where it stands: the name of a cell, or a cell of its own written here. Never changes."
    )
    retired_services: dict[ServiceKey, Retirement] = Field(
        default={},
        description="Services that will be removed, by key: the tombstone that must stand before a section may go.",
    )


ServicesSpec = _services()

ClusterSpec: type[ClusterBase] = create_model(
    "ClusterSpec",
    __base__=ClusterBase,
    __module__=__name__,
    __doc__=ClusterBase.__doc__,
    services=(ServicesSpec, Field(description="The services, each with its own section: `kafka`, …")),
)

Kind = Literal["fleet", "cell", "cluster", "app", "service", "profile"]

MODELS: dict[Kind, type[Spec]] = {
    "fleet": FleetSpec,
    "cell": CellSpec,
    "cluster": ClusterSpec,
    "app": AppSpec,
    "service": ServiceSpec,
    "profile": ProfileSpec,
}
