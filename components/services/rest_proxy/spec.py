"""What a cluster file may say about its REST proxy.

Owns      the shape of `services.rest_proxy`.
Refuses   rights that nobody wrote down: the proxy acts for whoever reaches it, so topics and namespaces are listed.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from components.model import Items, Scalar, Spec
from components.services.images import PATTERN
from components.services.licences import Licence
from components.services.workload import Autoscaling

Name = Literal["confluent", "strimzi-bridge"]

KafkaName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,249}$")]

Namespace = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]

Origin = Annotated[str, StringConstraints(pattern=r"^https?://[A-Za-z0-9.-]+(:\d{1,5})?$")]

Method = Literal["DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"]


class Topic(Spec):
    """Topics that may be used through the proxy."""

    name: KafkaName = Field(description="Name of a topic, or with `prefix` the beginning of names.")
    prefix: bool = Field(default=False, description="Whether `name` stands for all topics that begin with it.")
    may: Annotated[Items[Literal["produce", "consume"]], Field(min_length=1)] = Field(
        description="What everybody who reaches the proxy may do there: `produce`, `consume` or both."
    )


class Versions(Spec):
    """The version of each implementation that has one of its own."""

    confluent: str | None = Field(
        default=None,
        pattern=r"^\d+\.\d+\.\d+$",
        description="Version of Confluent Platform, whose REST Proxy it is: the tag of its image. (The Bridge's "
        "follows from the cell's operator.)",
    )


class Tls(Spec):
    """How the proxy speaks HTTPS."""

    enabled: bool = Field(default=True, description="`false` ends what a default or a profile started.")
    secret: str = Field(
        pattern=r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        max_length=253,
        description="Existing kubernetes.io/tls Secret in the cluster's namespace with `tls.crt`, `tls.key` (PKCS #8) "
        "and the authority's `ca.crt`, valid for the Service's name. For `confluent` it must also hold "
        "`tls-combined.pem` (that key and the certificates in one file; cert-manager's additionalOutputFormats makes "
        "it), valid for `*.<cluster>-rest-proxy-pods.<namespace>.svc` too.",
    )


class Cors(Spec):
    """Web pages that may use the proxy from a browser."""

    origins: Annotated[Items[Origin], Field(min_length=1)] = Field(
        description="Origins of those pages, e.g. `https://shop.example.com`."
    )
    methods: Annotated[Items[Method], Field(min_length=1)] = Field(
        default=("GET", "POST"), description="HTTP methods that they may use."
    )


class RestProxySpec(Spec):
    """HTTP in place of Kafka's protocol, for programs that can't speak it."""

    implementation: Name = Field(
        description="Which program: `strimzi-bridge` is under apache-2.0, `confluent` under confluent-community. Their "
        "APIs differ."
    )
    versions: Versions = Field(
        default=Versions(), description="Versions, normally from the service's file, ring by ring."
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
    topics: Annotated[Items[Topic], Field(min_length=1)] = Field(
        description="What may be used through the proxy. Its user has rights on this and on nothing else."
    )
    groups: Items[KafkaName] = Field(
        default=(), description="Beginnings of the names of consumer groups that may be used; needed by `consume`."
    )
    namespaces: Annotated[Items[Namespace], Field(min_length=1)] = Field(
        description="Kubernetes namespaces whose pods may connect. Nobody is asked for a name: each of those pods has "
        "all rights of the proxy."
    )
    replicas: int = Field(default=2, ge=1, le=50, description="Number of pods; with autoscaling the least.")
    autoscaling: Autoscaling | None = Field(
        default=None, description="Adds pods under load. By default their number is fixed."
    )
    cpu: float = Field(default=0.5, ge=0.1, le=16, description="CPUs that one pod requests; there is no limit.")
    memory_mib: int = Field(
        default=1024, ge=512, le=65536, description="Memory of one pod in MiB, request and limit; 60 % of it is heap."
    )
    consumer_timeout_seconds: int = Field(
        default=300,
        ge=10,
        le=86400,
        description="After how long without a request a consumer made over HTTP is closed.",
    )
    cors: Cors | None = Field(default=None, description="Lets web pages use the proxy. By default none may.")
    tls: Tls | None = Field(default=None, description="HTTPS in place of HTTP.")
    producer_config: dict[str, Scalar] = Field(
        default={}, description="Settings of the proxy's producers by Kafka's own keys, judged by Kafka's own table."
    )
    consumer_config: dict[str, Scalar] = Field(
        default={}, description="Settings of the proxy's consumers by Kafka's own keys, judged by Kafka's own table."
    )
    config: dict[str, Scalar] = Field(
        default={},
        description="Further settings by the implementation's own keys, passed on unread: no table of them exists, so "
        "a misspelt one is not noticed. Keys that this service sets, and secrets, are refused.",
    )
