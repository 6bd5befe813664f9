"""What only AWS understands about a cell.

Owns      the section `aws` of a cell file.
Refuses   what every cloud has (zones, ranges, node types): that stands once, in the cell's own model.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from components.clouds.contract import CloudSpec
from components.model import Spec

AddonVersion = Annotated[str, StringConstraints(pattern=r"^v\d+\.\d+\.\d+-eksbuild\.\d+$")]


class AddonVersions(Spec):
    """Pinned versions of EKS's own add-ons. One that is left out stays at the version that EKS chose at creation."""

    vpc_cni: AddonVersion | None = Field(default=None, description="Pins the pod network, e.g. `v1.20.4-eksbuild.1`.")
    kube_proxy: AddonVersion | None = Field(default=None, description="Pins kube-proxy; follow the cluster's minor.")
    eks_pod_identity_agent: AddonVersion | None = Field(default=None, description="Pins the agent of pod identities.")
    coredns: AddonVersion | None = Field(default=None, description="Pins the cluster's DNS.")
    aws_ebs_csi_driver: AddonVersion | None = Field(default=None, description="Pins the driver of the brokers' disks.")


class AwsSpec(CloudSpec):
    """AWS settings of a cell."""

    support_type: Literal["STANDARD", "EXTENDED"] = Field(
        default="STANDARD",
        description="`STANDARD`: EKS upgrades the control plane by itself when the version's support ends. "
        "`EXTENDED`: it stays for another year, at six times the control plane's price.",
    )
    ami_family: Literal["al2023", "bottlerocket"] = Field(
        default="al2023",
        description="Operating system of the nodes. A change makes new node groups and drains the old ones.",
    )
    root_volume_gib: int = Field(
        default=50,
        ge=20,
        le=1000,
        description="Encrypted gp3 disk of each node for images and logs, in GiB. A change replaces nodes one by one.",
    )
    nodes_run: Literal["least", "most"] = Field(
        default="most",
        description="How many nodes a zone runs: EKS scales nothing by itself. `most` keeps a node for everything "
        "that validation lets onto the cell; `least` is for cells where something else scales the node groups.",
    )
    addon_versions: AddonVersions = Field(
        default=AddonVersions(), description="Pins versions of EKS's add-ons; they are raised here after Kubernetes."
    )
    key_deletion_days: int = Field(
        default=30,
        ge=7,
        le=30,
        description="Waiting time of a deleted encryption key, in days. After it, what it encrypted is lost.",
    )
