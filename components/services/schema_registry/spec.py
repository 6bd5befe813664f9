"""What a cluster file may say about its schema registry.

Owns      the shape of `services.schema_registry`.
Refuses   subjects and their compatibility: they are the apps' (`components/apps`).
Identity  the topics that hold the schemas are the implementation's own, so changing `implementation` starts with an
          empty registry.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from components.model import Items, Scalar, Spec
from components.services.images import PATTERN
from components.services.licences import Licence
from components.services.workload import Autoscaling

Name = Literal["apicurio", "confluent", "karapace"]

Compatibility = Literal[
    "BACKWARD", "BACKWARD_TRANSITIVE", "FORWARD", "FORWARD_TRANSITIVE", "FULL", "FULL_TRANSITIVE", "NONE"
]

_VERSION = r"^\d+\.\d+\.\d+$"


class Versions(Spec):
    """The version of each implementation: the tag of its image. Only the chosen one's is used."""

    apicurio: str | None = Field(default=None, pattern=_VERSION, description="Version of Apicurio Registry, from 3.2.")
    confluent: str | None = Field(
        default=None, pattern=_VERSION, description="Version of Confluent Platform, whose Schema Registry it is."
    )
    karapace: str | None = Field(default=None, pattern=_VERSION, description="Version of Karapace, from 5.0.")


class Tls(Spec):
    """How the registry speaks HTTPS."""

    enabled: bool = Field(default=True, description="`false` ends what a default or a profile started.")
    secret: str = Field(
        pattern=r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        max_length=253,
        description="Existing kubernetes.io/tls Secret in the cluster's namespace with `tls.crt`, `tls.key` and the "
        "authority's `ca.crt`. For `confluent` it must also hold `tls-combined.pem` (PKCS #8 key and certificates in "
        "one file; cert-manager's additionalOutputFormats makes it). The certificate must be valid for the Service's "
        "name and for `*.<cluster>-schema-registry-pods.<namespace>.svc`: pods pass writes on to the leader.",
    )


class SchemaRegistrySpec(Spec):
    """A registry that speaks Confluent's schema registry API, whichever program it is."""

    implementation: Name = Field(
        description="Which program: `apicurio` and `karapace` are under apache-2.0, `confluent` under "
        "confluent-community. Each keeps its schemas in topics of its own, so another one starts empty."
    )
    versions: Versions = Field(
        default=Versions(),
        description="Versions of the implementations, normally from the service's file, ring by ring. Raising the "
        "chosen one's rolls the pods.",
    )
    licence: Licence | None = Field(
        default=None,
        description="The licence of the chosen implementation: says that it is known. `confluent-community` is refused "
        "where fleet.yaml says that clusters are offered to outsiders.",
    )
    image: str | None = Field(
        default=None,
        pattern=PATTERN,
        description="Another image of the chosen implementation in place of its own, with registry and tag or digest.",
    )
    replicas: int = Field(default=2, ge=1, le=20, description="Number of pods; with autoscaling the least.")
    autoscaling: Autoscaling | None = Field(
        default=None, description="Adds pods under load. By default their number is fixed."
    )
    cpu: float = Field(default=0.5, ge=0.1, le=16, description="CPUs that one pod requests; there is no limit.")
    memory_mib: int = Field(
        default=1024,
        ge=512,
        le=65536,
        description="Memory of one pod in MiB, request and limit: all schemas are in it.",
    )
    compatibility: Compatibility = Field(
        default="BACKWARD",
        description="How a new version of a schema must go with older ones, for subjects that say nothing themselves.",
    )
    open_to: Literal["cell", "cluster"] = Field(
        default="cell",
        description="Who may connect: `cell` all pods of the cell's Kubernetes, `cluster` only pods in the cluster's "
        "own namespace, such as Connect. The registry itself asks nobody who they are.",
    )
    namespaces: Items[Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]] = Field(
        default=(),
        description="With `open_to: cluster`, further Kubernetes namespaces whose pods may connect: those of apps.",
    )
    tls: Tls | None = Field(default=None, description="HTTPS in place of HTTP.")
    config: dict[str, Scalar] = Field(
        default={},
        description="Further settings by the implementation's own keys, passed on unread: no table of them exists, so "
        "a misspelt one is not noticed. Keys that this service sets, and secrets, are refused.",
    )
