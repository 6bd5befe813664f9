"""What an app file may say about one user: how it proves who it is, what it may do, where its credentials go.

Owns      the shape of users, roles, ACLs, quotas, credentials and deliveries.
Refuses   laws that need the cluster, the other apps or the day: `acl_rules.py`, `credential_rules.py`,
          `delivery_rules.py`.
Identity  a user is called `<app>.<key>` on the cluster, one of its generations `<app>.<key>.<generation>`.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from components.model import Day, Items, Spec

ResourceName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,249}$")]
"""A name of a topic, group or transactional id, or the beginning of such names."""

Generation = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$")]
"""Name of one generation of a user's credentials, e.g. `2026-09`."""

ObjectName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
"""Name of something in Kubernetes that somebody else made."""


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


class Role(Spec):
    """What a user is for; it becomes exactly the ACLs that this needs. A name that ends with `.`, `-` or `_` stands for
    all names that begin so, any other for itself."""

    role: Literal["produce", "consume", "transact", "stream"] = Field(
        description="`produce` writes topics; `consume` reads topics in consumer groups; `transact` uses transactional "
        "ids; `stream` is a Kafka Streams application."
    )
    topics: Items[ResourceName] = Field(
        default=(), description="With `produce`: the topics that are written. With `consume`: those that are read."
    )
    groups: Items[ResourceName] = Field(
        default=(), description="With `consume`: the consumer groups, inside the app's own prefixes."
    )
    transactional_ids: Items[ResourceName] = Field(
        default=(), description="With `transact`: the transactional ids, inside the app's own prefixes."
    )
    application_id: ResourceName | None = Field(
        default=None,
        description="With `stream`: the `application.id`, inside the app's own prefixes. It is the group, and its "
        "internal topics and transactional ids begin with it and a hyphen.",
    )
    reads: Items[ResourceName] = Field(default=(), description="With `stream`: the topics that the application reads.")
    writes: Items[ResourceName] = Field(
        default=(), description="With `stream`: the topics that the application writes."
    )


class UserQuotas(Spec):
    """What one user may take from each broker. Without a limit the cluster's default for users holds. Kafka counts by
    name, so each generation of a user has these limits for itself."""

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


class Credential(Spec):
    """One generation of a user's credentials. Both days belong to it, in UTC."""

    since: Day | None = Field(
        default=None,
        description="First day on which it exists. Only the first generation may leave it out: it exists at once.",
    )
    until: Day | None = Field(
        default=None,
        description="Last day on which it exists: the first apply after that day removes it, and Kafka refuses it. "
        "The last generation has none.",
    )


class Delivery(Spec):
    """Where a user's credentials are copied to, by External Secrets, without passing through a person."""

    store: ObjectName | None = Field(
        default=None,
        description="A SecretStore or ClusterSecretStore of the cell: the credentials are pushed into its secret "
        "manager. Either this or `namespace`.",
    )
    store_kind: Literal["ClusterSecretStore", "SecretStore"] = Field(
        default="ClusterSecretStore",
        description="Kind of the store. A `SecretStore` is one in the cluster's own namespace.",
    )
    namespace: ObjectName | None = Field(
        default=None,
        description="A namespace of the same Kubernetes: the credentials become a Secret there, once its owner allows "
        "it (docs/apps.md). Either this or `store`.",
    )


class User(Spec):
    """One identity, `<app>.<key>` on the cluster. Its secret is made by the operator and never passes through here."""

    authentication: Literal["scram-sha-512", "tls", "oauth"] = Field(
        description="A SCRAM password, a client certificate, or `oauth`: tokens whose principal is `<app>.<key>`, with "
        "rights and quotas here and credentials at the identity provider. The cluster must have a listener that "
        "takes it."
    )
    roles: Items[Role] = Field(default=(), description="What the user is for; becomes ACLs. Nothing by default.")
    acls: Items[Acl] = Field(
        default=(), description="What the user may do beside its roles, ACL by ACL. Nothing by default."
    )
    quotas: UserQuotas | None = Field(
        default=None, description="Limits of its own. Only on clusters whose quotas have the scope `user`."
    )
    credentials: dict[Generation, Credential] = Field(
        default={},
        description="Generations of the credentials by name: `<app>.<key>.<generation>` on the cluster, at most two at "
        "a time. Left out, there is one without a generation, `<app>.<key>`, which never ends.",
    )
    deliver: Items[Delivery] = Field(
        default=(),
        description="Where the credentials of every generation are copied to. Nowhere by default: they stay in the "
        "cluster's namespace.",
    )
