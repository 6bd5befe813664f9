"""What an app file may say: what one application has on one cluster.

Owns      the shape of topics, users, ACLs, quotas and shares.
Refuses   laws that need the cluster or the other apps on it: those are `rules.py`.
Identity  a topic's name is its key; a user is called `<app>.<key>` on the cluster. Renaming either is deleting one
          and making another: for a topic that is the end of its data.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from components.model import CostCenter, Items, Name, Scalar, Spec

Prefix = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}[._-]$")]
"""Beginning of names that an app owns. It ends with a separator, so that `orders.` never owns `orders2.x`."""

TopicName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,249}$")]
"""A topic's name as Kafka allows it."""

UserKey = Annotated[str, StringConstraints(pattern=r"^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$")]
"""At most 22 characters: `<app>.<key>` has to fit in a Kubernetes label and in a certificate's common name."""

Operation = Literal[
    "All",
    "Alter",
    "AlterConfigs",
    "ClusterAction",
    "Create",
    "Delete",
    "Describe",
    "DescribeConfigs",
    "IdempotentWrite",
    "Read",
    "Write",
]


class Topic(Spec):
    """One topic. Its name is its key."""

    partitions: int = Field(
        ge=1,
        le=10_000,
        description="Number of partitions. It only grows, and growing changes which partition a key goes to.",
    )
    replicas: int | None = Field(
        default=None,
        ge=1,
        le=5,
        description="Copies of each partition. By default the cluster's own number, which is 3 with three brokers.",
    )
    config: dict[str, Scalar] = Field(
        default={},
        description="Topic configuration by Kafka's own keys, e.g. `retention.ms`. What is left out is the cluster's "
        "default.",
    )


class Acl(Spec):
    """Something that a user may do. There is no deny: what is not allowed is denied."""

    resource: Literal["topic", "group", "transactional_id", "cluster"] = Field(
        description="Kind of thing. `cluster` has no name and allows Describe, DescribeConfigs and IdempotentWrite."
    )
    name: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9._-]{1,249}$",
        description="The name, or with `match: prefix` the beginning of names. Inside the app's own prefixes, or for "
        "topics inside a prefix that another app shares.",
    )
    match: Literal["literal", "prefix"] = Field(
        default="literal", description="Whether `name` is one name or the beginning of many."
    )
    operations: Annotated[Items[Operation], Field(min_length=1)] = Field(
        description="What is allowed, in Kafka's own words."
    )


class UserQuotas(Spec):
    """What one user may take from each broker. Without a limit the cluster's default for users holds."""

    producer_bytes_per_s: int | None = Field(
        default=None, ge=1024, description="Bytes per second and broker that the user may produce."
    )
    consumer_bytes_per_s: int | None = Field(
        default=None, ge=1024, description="Bytes per second and broker that the user may consume."
    )
    request_percent: int | None = Field(
        default=None, ge=1, le=10_000, description="Share of a broker's request threads, in percent of one thread."
    )
    controller_mutations_per_s: float | None = Field(
        default=None, gt=0, le=1000, description="Partitions per second that the user may create or delete."
    )


class User(Spec):
    """One credential, `<app>.<key>` on the cluster. The secret is made by the operator and never leaves the cell."""

    authentication: Literal["scram-sha-512", "tls"] = Field(
        description="A SCRAM password, or a client certificate. The cluster must have a listener that takes it."
    )
    acls: Items[Acl] = Field(default=(), description="What the user may do. Nothing by default.")
    quotas: UserQuotas | None = Field(
        default=None, description="Limits of its own. Only on clusters whose quotas have the scope `user`."
    )


class Share(Spec):
    """Lets another app of the same cluster use topics of this one."""

    app: Name = Field(description="The other app.")
    prefix: Prefix = Field(
        description="Which topics, by the beginning of their names: one of the own prefixes or a part."
    )
    operations: Annotated[Items[Literal["read", "write"]], Field(min_length=1)] = Field(
        description="What the other app's users may be allowed: `read` (Read, Describe, DescribeConfigs), `write` "
        "(Write, Describe, DescribeConfigs)."
    )


class AppSpec(Spec):
    """`fleet/apps/<team>/<app>.yaml`: topics, users, ACLs and quotas of one application on one cluster."""

    cluster: Name = Field(description="The cluster that all of it is on. Never changes.")
    cost_center: CostCenter | None = Field(
        default=None, description="Where the cost is booked, on every object. By default the cluster's."
    )
    profile: str | None = Field(default=None, description="Named starting point in `fleet/profiles/`.")
    lifecycle: Literal["active", "retired"] = Field(
        default="active", description="`retired` is the tombstone that must precede deletion."
    )
    prefixes: Annotated[Items[Prefix], Field(min_length=1)] = Field(
        description="Beginnings of the names of topics, groups and transactional ids that this app owns, e.g. "
        "`orders.`. No other app of the cluster may own an overlapping one."
    )
    topics: dict[TopicName, Topic] = Field(default={}, description="Topics by name, each inside an own prefix.")
    users: dict[UserKey, User] = Field(default={}, description="Users by key; on the cluster `<app>.<key>`.")
    shares: Items[Share] = Field(default=(), description="What other apps of the cluster may use.")
