"""What a cluster file may say about the mirror into its cluster.

Owns      the shape of `services.mirror`: the clusters that are copied from, what of them, how, and until when.
Refuses   the other direction: what leaves this cluster is in the file of the cluster that it goes to.
Identity  a source's name is its alias: it is in the names of the mirror's own topics, and of prefixed copies.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from components.model import Cidr, Items, Name, Scalar, Spec, Version
from components.services.access import Reference
from components.services.mirror.patterns import Pattern

SecretName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([-a-z0-9.]{0,250}[a-z0-9])?$")]
"""Name of a Secret in the cluster's namespace, put there by whoever owns it."""

LoggerName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_.$]{0,200}$")]

Level = Literal["OFF", "FATAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE"]

_HOST = r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?:\d{2,5}"


class Remote(Spec):
    """How a source on another cell is reached. An app file there makes its user; its Secrets are delivered here."""

    address: str | None = Field(
        default=None,
        pattern=rf"^{_HOST}(,{_HOST})*$",
        description="Bootstrap addresses of the source as this cell reaches them, `host:port`, commas between several. "
        "By default the name of the source's first listener outside of its Kubernetes with this `authentication`.",
    )
    cidrs: Annotated[Items[Cidr], Field(min_length=1)] = Field(
        description="Where the source's brokers are: the mirror may connect to these addresses and the address's ports."
    )
    ca_secret: SecretName = Field(
        description="Secret in this cluster's namespace whose `*.crt` signed the source's certificates."
    )
    user_secret: SecretName = Field(
        description="Secret in this cluster's namespace with the user: `password`, or `user.crt` and `user.key`."
    )
    authentication: Literal["scram-sha-512", "tls"] = Field(
        default="scram-sha-512", description="What the source's listener asks for."
    )
    username: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$",
        description="Name of the user with `scram-sha-512`. A certificate has its own.",
    )


class Source(Spec):
    """One cluster that is copied from. Its key is its name in the fleet."""

    state: Literal["running", "paused", "promoted"] = Field(
        default="running",
        description="`paused`: nothing is copied, and it goes on where it stopped. `promoted`: this cluster has taken "
        "over from the source; the mirror is stopped and may no longer write the topics.",
    )
    topics: Annotated[Items[Pattern], Field(min_length=1)] = Field(
        description="Topics to copy: names, or beginnings with `*` at the end, e.g. `orders.*`. The mirror's users may "
        "read and write these, and no others."
    )
    exclude: Items[Pattern] = Field(
        default=(), description="Topics among them that are not copied. The mirror's user may still read them."
    )
    groups: Items[Pattern] = Field(
        default=(),
        description="Consumer groups whose positions are translated, so that consumers go on here where they were "
        "there. By default none.",
    )
    names: Literal["same", "prefixed"] = Field(
        default="same",
        description="`same`: copies are called like their originals, as a takeover needs it. `prefixed`: "
        "`<source>.<topic>`, as two clusters need it that both are written to.",
    )
    sync_group_offsets: bool = Field(
        default=True,
        description="Write the translated positions into the groups here, as long as nobody consumes with them.",
    )
    sync_topic_configs: bool = Field(
        default=True,
        description="Copy topics' configuration. Switch it off where an app file declares the topics here: two would "
        "write one setting.",
    )
    refresh_seconds: int = Field(
        default=300, ge=10, le=86400, description="How often new topics, partitions and groups are looked for."
    )
    checkpoint_seconds: int = Field(
        default=60,
        ge=5,
        le=3600,
        description="How often groups' positions are written: after a takeover consumers read this much again.",
    )
    offset_lag_max: int = Field(
        default=100,
        ge=0,
        le=1_000_000,
        description="Records between two points at which positions can be translated. Lower is more exact and "
        "writes more.",
    )
    tasks: int = Field(default=4, ge=1, le=500, description="Tasks that copy, at most one a partition.")
    consumer: dict[str, Scalar] = Field(
        default={}, description="Settings of the consumers that read the source, by Kafka's own keys."
    )
    producer: dict[str, Scalar] = Field(
        default={}, description="Settings of the producers that write here, by Kafka's own keys."
    )
    remote: Remote | None = Field(
        default=None, description="How it is reached where it stands on another cell; nothing on the same one."
    )


class MirrorSpec(Spec):
    """The mirror into this cluster, and which others may mirror from it."""

    version: Version | None = Field(
        default=None,
        description="Kafka version of the workers. By default the cluster's Kafka's; raising it rolls the workers.",
    )
    replicas: int = Field(default=2, ge=1, le=50, description="Workers. Tasks are spread over them.")
    cpu: float = Field(default=1, ge=0.1, le=32, description="CPUs that one worker requests. No limit.")
    memory_mib: int = Field(
        default=2048, ge=768, le=131072, description="Memory of one worker in MiB, requested and the limit."
    )
    heap_mib: int | None = Field(
        default=None, ge=256, description="Heap of one worker in MiB. By default three quarters of the memory."
    )
    config: dict[str, Scalar] = Field(
        default={},
        description="Worker configuration by Kafka's own keys. Keys that the operator owns are refused; so are keys "
        "and values that Kafka does not know.",
    )
    log_levels: dict[LoggerName, Level] = Field(
        default={}, description="Log levels by logger; `root` is for all others and is INFO by default."
    )
    sources: dict[Name, Source] = Field(default={}, description="Clusters of the fleet that are copied from, by name.")
    targets: Items[Name] = Field(
        default=(),
        description="Clusters of other teams that may mirror from this one. Clusters of the same team always may.",
    )


def references(spec: Spec) -> Iterator[Reference]:
    """The clusters that a section names."""
    if not isinstance(spec, MirrorSpec):
        raise TypeError(f"a section of mirror is a {type(spec).__name__}")
    for name in spec.sources:
        yield Reference(("sources", name), name)
    for index, name in enumerate(spec.targets):
        yield Reference(("targets", index), name)
