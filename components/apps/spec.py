"""What an app file may say: what one application has on one cluster.

Owns      the shape of the file, of topics and of shares.
Refuses   laws that need the cluster or the other apps on it: those are `rules.py`.
Identity  a topic's name is its key; a user is called `<app>.<key>` on the cluster. Renaming either is deleting one
          and making another: for a topic that is the end of its data.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from components.apps.connector_spec import Connector, StoredSecret
from components.apps.subject_spec import Subject, SubjectName
from components.apps.user_spec import User
from components.lifecycle import Retirable, Retirement
from components.model import CostCenter, Items, Name, Scalar, Spec
from components.services.images import PATTERN as IMAGE

Prefix = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}[._-]$")]
"""Beginning of names that an app owns. It ends with a separator, so that `orders.` never owns `orders2.x`."""

TopicName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,249}$")]
"""A topic's name as Kafka allows it."""

UserKey = Annotated[str, StringConstraints(pattern=r"^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$")]
"""At most 22 characters: `<app>.<key>` has to fit in a Kubernetes label and in a certificate's common name."""


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
    retirement: Retirement | None = Field(
        default=None,
        description="The tombstone of the topic, which must stand before a production cluster's topic may be removed.",
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


class AppSpec(Retirable):
    """`fleet/apps/<team>/<app>.yaml`: what one application has on one cluster."""

    cluster: Name = Field(description="The cluster that all of it is on. Never changes.")
    cost_center: CostCenter | None = Field(
        default=None, description="Where the cost is booked, on every object. By default the cluster's."
    )
    profile: str | None = Field(default=None, description="Named starting point in `fleet/profiles/`.")
    prefixes: Annotated[Items[Prefix], Field(min_length=1)] = Field(
        description="Beginnings of the names of topics, groups and transactional ids that this app owns, e.g. "
        "`orders.`. No other app of the cluster may own an overlapping one."
    )
    topics: dict[TopicName, Topic] = Field(default={}, description="Topics by name, each inside an own prefix.")
    users: dict[UserKey, User] = Field(default={}, description="Users by key; on the cluster `<app>.<key>`.")
    shares: Items[Share] = Field(default=(), description="What other apps of the cluster may use.")
    connectors: dict[UserKey, Connector] = Field(
        default={}, description="Connectors by key, `<app>.<key>` in the cluster's Connect."
    )
    secrets: dict[UserKey, StoredSecret] = Field(
        default={}, description="Secrets by name that External Secrets fetches for the connectors."
    )
    subjects: dict[SubjectName, Subject] = Field(
        default={}, description="Subjects of the cluster's schema registry by name, each inside an own prefix."
    )
    subjects_image: str | None = Field(
        default=None,
        pattern=IMAGE,
        description="Image with Python 3 for the job that registers subjects. Usually given once, by a profile.",
    )
