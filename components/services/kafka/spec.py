"""What a cluster file may say about its Kafka.

Owns      the shape of `services.kafka`: version, size, listeners, broker configuration, quotas, helpers.
Refuses   what depends on the place or on another field (that is `rules.py`), and replication below three copies as
          a choice of its own: it follows from the number of brokers.
Identity  `controllers` and `storage_class` are for life; `disk_gib` only grows; a listener's name is part of the
          names of its Services, so renaming one takes away an address.
"""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from components.clouds.reach import FanOut
from components.model import Cidr, Items, Scalar, Spec, Version
from components.services.images import PATTERN
from components.services.kafka.oauth import Oauth
from components.services.kafka.tiered_storage import TieredStorage

ListenerName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{0,10}$")]
"""Name of a listener as Strimzi's CRD allows it. With a digit in front it could be the number of a broker in a host
name (components/dns_names.py)."""

ListenerPorts = Annotated[str, StringConstraints(pattern=r"^\d{4,5}-\d{4,5}$")]

Authentication = Literal["scram-sha-512", "tls", "oauth"]


class Throughput(Spec):
    """What the cluster is for, in the terms of its users. Brokers, CPU, memory and disk follow by formula."""

    produce_mb_per_s: float = Field(
        gt=0,
        le=10_000,
        description="Highest sustained rate of all producers together, in MB (10^6 bytes) per second as sent, so after "
        "compression and before replication. Disk is sized as if it lasted for the whole retention.",
    )
    consume_fan_out: float = Field(
        ge=0, le=50, description="How many times each byte is read: the number of consumer groups that read everything."
    )
    retention_hours: float = Field(
        gt=0,
        le=24 * 366,
        description="How long data stays on disk, in hours. Also the default retention of topics: lowering it deletes "
        "older data of topics that state none.",
    )
    partitions: int = Field(
        ge=1, le=200_000, description="Partitions of all topics together, before replication. Apps may not exceed it."
    )


class Size(Spec):
    """How big the cluster is: a named size or a throughput, exactly one. Replaced whole when files are merged."""

    model_config = ConfigDict(json_schema_extra={"x-merge": "replace"})

    name: Literal["dev", "small", "medium", "large"] | None = Field(
        default=None, description="A named size: stands for the throughput that `sizes.json` states for it."
    )
    throughput: Throughput | None = Field(default=None, description="The cluster's own numbers.")

    @model_validator(mode="after")
    def _exactly_one(self) -> "Size":
        if (self.name is None) == (self.throughput is None):
            given = "neither" if self.name is None else "both"
            raise PydanticCustomError(
                "one-size",
                "size has {given} of `name` and `throughput`: state exactly one, e.g. `size: {name: small}`",
                {"given": given},
            )
        return self


class Listener(Spec):
    """One way in. Always TLS, always authenticated. What is left out is taken from the default of that name."""

    enabled: bool = Field(default=True, description="`false` removes a default listener and its addresses.")
    type: Literal["internal", "network", "external", "link"] | None = Field(
        default=None,
        description="From where: `internal` inside Kubernetes, `network` by private addresses from the cell's network "
        "and what is joined to it, `external` by public addresses from `allowed_cidrs` only, `link` through the cell's "
        "private link.",
    )
    fan_out: FanOut | None = Field(
        default=None,
        description="How clients outside of Kubernetes tell brokers apart: a load balancer for each "
        "(`lb-per-broker`), the cell's gateway by name (`sni`) or by port (`port-per-broker`), or the pods' own "
        "addresses (`direct`). By default the cell's. A change moves the addresses of all brokers.",
    )
    port: int | None = Field(
        default=None,
        ge=9092,
        le=65535,
        description="Port of the brokers. Clients see it too, but for the fan-outs through the gateway: there it is "
        "443, or one of `ports`.",
    )
    ports: ListenerPorts | None = Field(
        default=None,
        description="With `port-per-broker`: the part of the gateway's `broker_ports` that is this listener's, e.g. "
        "`9100-9109`: the first is the bootstrap's, then one for each broker by its id.",
    )
    authentication: Authentication | None = Field(
        default=None,
        description="How clients prove who they are: SCRAM passwords, client certificates, or tokens of the company's "
        "identity provider (`oauth`).",
    )
    allowed_cidrs: Items[Cidr] | None = Field(
        default=None,
        description="Source ranges that may connect, with `lb-per-broker` and `direct`. `external`: by default those "
        "of the cell, and each must lie inside one of those. `network`: by default the network and what is joined to "
        "it. Through the gateway the cell decides for all of its clusters.",
    )
    oauth: Oauth | None = Field(default=None, description="With authentication `oauth`: whose tokens it takes.")


class Quotas(Spec):
    """What clients may take from a broker. Kafka runs one of two plugins, and each ignores the other's limits."""

    scope: Literal["user", "broker"] = Field(
        default="user",
        description="`user`: each user has limits of its own, and the rates here are the default for users without. "
        "`broker`: all clients of a broker share the rates here, per-user quotas of apps are refused, and producing "
        "stops before a disk is full.",
    )
    producer_bytes_per_s: int | None = Field(
        default=None, ge=1024, description="Bytes per second and broker that may be produced. By default no limit."
    )
    consumer_bytes_per_s: int | None = Field(
        default=None, ge=1024, description="Bytes per second and broker that may be consumed. By default no limit."
    )
    min_free_ratio: float | None = Field(
        default=None,
        gt=0,
        lt=0.5,
        description="With scope `broker`: producing stops when less than this share of a volume is free. By default "
        "0.1. Scope `user` has no such brake.",
    )


class CruiseControl(Spec):
    """Moves partitions between brokers."""

    enabled: bool = Field(default=True, description="Whether Cruise Control runs beside the cluster.")
    auto_rebalance: bool = Field(
        default=True, description="Move partitions by itself when brokers are added, and before they are removed."
    )


class KafkaExporter(Spec):
    """Metrics that brokers do not have: the lag of consumer groups."""

    enabled: bool = Field(default=True, description="Whether the exporter runs beside the cluster.")


class KafkaSpec(Spec):
    """One Kafka cluster. Replication is 3 with 2 in-sync replicas wherever there are three brokers."""

    version: Version = Field(
        description="Kafka's version. Normally from the service's file, ring by ring; raising it rolls every broker."
    )
    metadata_version: str | None = Field(
        default=None,
        pattern=r"^\d+\.\d+(-IV\d+)?$",
        description="Format of the cluster's metadata, e.g. 4.3-IV0. By default the one of `version`; an older one "
        "keeps the way back open until an upgrade has proven itself. It can not be lowered again.",
    )
    image: str | None = Field(
        default=None,
        pattern=PATTERN,
        description="Image of brokers and controllers in place of the operator's own for `version`, e.g. Strimzi's "
        "with plugins added. With its registry and a tag or digest; pulled through the cell's mirror.",
    )
    size: Size = Field(description="How big the cluster is.")
    brokers: int | None = Field(
        default=None,
        ge=1,
        le=200,
        description="Number of brokers in place of the computed one. Must be a multiple of the zones in production.",
    )
    remove_brokers: Items[Annotated[int, Field(ge=100, le=999)]] = Field(
        default=(),
        description="Ids of the brokers that go first when `brokers` is lowered. By default those with the highest "
        "ids. Cruise Control moves their partitions away before; without it the operator refuses.",
    )
    disk_gib: int | None = Field(
        default=None,
        ge=1,
        description="Disk of each broker in GiB in place of the computed one. It only grows: volumes cannot shrink.",
    )
    controllers: Literal[1, 3, 5] = Field(
        default=3,
        description="Number of controllers, for life: the quorum is static. 1 is for development; 5 keeps deciding "
        "with two lost.",
    )
    storage_class: Literal["kafka", "kafka-fast"] = Field(
        default="kafka", description="Storage class of all volumes, for life."
    )
    listeners: dict[ListenerName, Listener] = Field(
        default={},
        description="Changes to the default listeners, and further ones. Defaults: `tls` (9093, internal, client "
        "certificates: the platform's own services use it), `scram` (9094, internal, passwords), and by the cell's "
        "reachability `network`, `external` or `link` (9095, passwords, with the cell's fan-out).",
    )
    config: dict[str, Scalar] = Field(
        default={},
        description="Broker configuration by Kafka's own keys. Keys that the operator owns, and would drop without a "
        "word, are refused; so are keys and values that Kafka does not know.",
    )
    super_users: Items[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._=-]{0,63}$")]] = Field(
        default=(),
        description="Users that no ACL binds, e.g. `CN=fleet-admin` (certificate) or `fleet-admin` (password).",
    )
    tiered_storage: TieredStorage | None = Field(
        default=None, description="Old segments in an object store. By default all data is on the brokers' disks."
    )
    quotas: Quotas = Field(default=Quotas(), description="What clients may take from a broker.")
    cruise_control: CruiseControl = Field(default=CruiseControl(), description="Moves partitions between brokers.")
    kafka_exporter: KafkaExporter = Field(default=KafkaExporter(), description="Metrics of consumer groups.")
    maintenance_windows: Items[Annotated[str, StringConstraints(pattern=r"^\S+( \S+){5,6}$")]] = Field(
        default=(),
        description="When the operator may renew certificates, which rolls brokers: Quartz cron expressions in UTC, "
        "e.g. `* * 2-5 ? * TUE,WED,THU *`. By default at any time. Changes from Git do not wait for it.",
    )
