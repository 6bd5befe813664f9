"""What a cell file may say: a place to run Kafka.

Owns      account, region, zones, addresses, network, Kubernetes with its capacity, the operator's version.
Refuses   anything computed from the clusters that stand on the cell: adding or removing one never changes it.
Identity  the file's stem is the cell's name; cloud, account, region, address block and layout are for life.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, create_model

from components import catalog
from components.cell.network_spec import NetworkSpec
from components.lifecycle import Retirable
from components.model import Cidr, CostCenter, Items, Spec, Version

Environment = Literal["dev", "staging", "prod"]


class NodePoolSpec(Spec):
    """Nodes of one kind, as many in every zone."""

    machine: str = Field(
        description="Node type in the cloud's vocabulary. A broker that does not fit on it is refused."
    )
    least_per_zone: int = Field(ge=0, le=200, description="Nodes that each zone always has.")
    most_per_zone: int = Field(
        ge=1, le=200, description="Nodes that each zone may grow to. Clusters that need more are refused."
    )


class AccessSpec(Spec):
    """Who may apply which kind of stack, in the cloud's own form (role ARN, service account, group id)."""

    platform: str = Field(description="Applies the cell's stack; becomes administrator of its Kubernetes cluster.")
    services: str = Field(description="Applies service stacks; may write Strimzi's objects and nothing in other areas.")
    apps: str = Field(description="Applies app stacks; may write KafkaTopic and KafkaUser only.")
    preview: str | None = Field(
        default=None,
        description="Previews every stack: reads its objects, and no Secret. Without it a preview is by a principal "
        "that could apply.",
    )


class KubernetesSpec(Spec):
    """The cell's managed Kubernetes."""

    version: Version = Field(description="Kubernetes minor version. The operator's supported range is checked.")
    api: Literal["private", "public"] = Field(
        default="private", description="Where the Kubernetes API answers: inside the network, or also outside."
    )
    api_allowed_cidrs: Items[Cidr] = Field(
        default=(), description="With `public`: the source ranges that may reach the API. Needed, so never everyone."
    )
    kafka_nodes: NodePoolSpec = Field(description="Dedicated, tainted nodes: only Kafka's pods run there.")
    system_nodes: NodePoolSpec = Field(description="Nodes for the operator, add-ons and stateless services.")
    access: AccessSpec = Field(description="The principals that may apply stacks to this cell.")
    log_retention_days: Literal[7, 30, 90, 365] = Field(
        default=90, description="How long the control plane's audit logs are kept, in days."
    )
    apis: Items[Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]+/v[a-z0-9]+$")]] = Field(
        default=(),
        description="API groups that somebody else installs in this Kubernetes, e.g. `monitoring.coreos.com/v1` "
        "(Prometheus Operator). A service that needs one is refused where it is missing.",
    )


class StrimziSpec(Spec):
    """The operator of the cell, one for all its clusters."""

    version: Version = Field(description="Version of the operator and of its CRDs. Raised here, one cell at a time.")
    chart_digest: str | None = Field(
        default=None,
        pattern=r"^sha256:[0-9a-f]{64}$",
        description="Manifest digest of the Helm chart: a tag can be moved, a digest cannot. "
        "Production without it is warned.",
    )
    image_registry: str = Field(
        default="",
        pattern=r"^([a-z0-9.-]+(:\d+)?(/[a-z0-9._/-]+)?)?$",
        description="Mirror from which all images are pulled, for cells without a way out. Empty: the images' own.",
    )


class CellBody(Spec):
    """A place to run Kafka. One section named like the cloud may hold what only that cloud understands."""

    cloud: str = Field(description="Which cloud the cell is in: a folder of `components/clouds/`.")
    account: str = Field(description="Account, project or subscription. The providers refuse to work in any other one.")
    region: str = Field(description="The cloud's name of the region.")
    zones: Annotated[Items[str], Field(min_length=1, max_length=8)] = Field(
        description="Zones, by the cloud's names. Zones can be added; each keeps its subnets for life."
    )
    network: NetworkSpec = Field(description="Addresses and how Kafka is reached.")
    kubernetes: KubernetesSpec = Field(description="Kubernetes with the capacity that the cell offers.")
    strimzi: StrimziSpec = Field(description="The operator.")

    def section(self) -> Any:
        """The section of the cell's own cloud, with that section's defaults where the file has none.

        Raises pydantic's ValidationError where the section has a field that must be given: `check` says so first.
        """
        given = getattr(self, self.cloud)
        return given if given is not None else catalog.spec_of(catalog.clouds()[self.cloud])()


class Ownership(Retirable):
    """What every cell and cluster says about itself."""

    environment: Environment = Field(description="Which ring of settings applies. It says nothing about production.")
    production: bool = Field(
        description="Whether data here matters. Protects whatever holds it, and refuses `fleet destroy`."
    )
    cost_center: CostCenter = Field(description="Becomes a tag on every resource that can carry one.")
    profile: str | None = Field(default=None, description="Named starting point in `fleet/profiles/`.")


def _sections() -> dict[str, Any]:
    return {
        name: (
            catalog.spec_of(entry) | None,
            Field(default=None, description=f"What only {entry.title} understands. Only where `cloud` is `{name}`."),
        )
        for name, entry in catalog.clouds().items()
    }


InlineCellSpec: type[CellBody] = create_model(
    "InlineCellSpec", __base__=CellBody, __module__=__name__, __doc__=CellBody.__doc__, **_sections()
)
"""A cell written into its only cluster's file; environment, production and cost centre are the cluster's."""


class _CellFile(CellBody, Ownership):
    pass


CellSpec: type[_CellFile] = create_model(
    "CellSpec", __base__=_CellFile, __module__=__name__, __doc__=CellBody.__doc__, **_sections()
)
"""A cell file: CellBody and Ownership with one optional section for each cloud of the catalog."""
