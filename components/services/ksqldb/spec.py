"""What a cluster file may say about its ksqlDB.

Owns      the shape of `services.ksqldb`: version, size, state, what it may read and write, how it is reached.
Refuses   settings of other services: Kafka's address, the schema registry's and Connect's are theirs to publish.
Identity  `service_id` names the consumer groups, the command topic and all internal topics: with another one ksqlDB
          starts from nothing. `storage_class` is for life; `disk_gib` only grows.
"""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from components.model import Items, Scalar, Spec
from components.services.images import PATTERN
from components.services.licences import Licence

Release = Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
"""A release of Confluent Platform, whose number the image has as its tag."""

Prefix = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,200}$")]
"""The beginning of topic names."""

SecretName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$")]
"""Name of a Secret in the cluster's namespace."""


class Size(Spec):
    """What one server gets."""

    cpu: float = Field(default=2, ge=0.25, le=64, description="CPUs that one server asks for. There is no limit.")
    memory_gib: float = Field(
        default=8, ge=1, le=512, description="Memory of one server in GiB: what it asks for and the most that it gets."
    )
    heap_share: float = Field(
        default=0.4,
        ge=0.1,
        le=0.8,
        description="Share of the memory that is Java's heap. State stores (RocksDB) live in the rest.",
    )


class Tls(Spec):
    """The certificate that the REST API shows. It covers `<cluster>-ksqldb.<namespace>.svc` and the servers' names."""

    secret: SecretName = Field(
        description="Secret of type kubernetes.io/tls that also holds `ca.crt`, `keystore.p12` and `truststore.p12`, "
        "as cert-manager writes it with `keystores.pkcs12`: ksqlDB reads no PEM for its REST API. Its names are "
        "`<cluster>-ksqldb.<namespace>.svc` and `*.<cluster>-ksqldb-pods.<namespace>.svc`."
    )
    password_secret: SecretName = Field(description="Secret with the password of both stores.")
    password_key: str = Field(default="password", min_length=1, description="Key of the password in that Secret.")


class Auth(Spec):
    """Who may use the REST API: names and passwords."""

    users_secret: SecretName = Field(
        description="Secret whose key `users.properties` has a line `name: password,role` for each user. The password "
        "may be hashed (MD5, CRYPT) or obfuscated (OBF) with Jetty's tool."
    )
    roles: Annotated[Items[str], Field(min_length=1)] = Field(
        description="Roles that may use the API; everybody else is refused."
    )


class Mode(Spec):
    """Interactive: a REST API takes statements. Headless: `queries` are all that runs. Replaced whole when merged."""

    model_config = ConfigDict(json_schema_extra={"x-merge": "replace"})

    queries: str | None = Field(
        default=None,
        min_length=1,
        description="SQL statements. With them ksqlDB is headless: it runs these and nothing else, has no REST API, "
        "and a change of them is a review and rolls the servers. Without them it is interactive.",
    )
    tls: Tls | None = Field(default=None, description="HTTPS for the REST API. Without it plain HTTP.")
    auth: Auth | None = Field(default=None, description="Names and passwords for the REST API. Needs `tls`.")
    open_to: Literal["cluster", "cell"] = Field(
        default="cluster",
        description="Whose pods may connect to the REST API: those of the cluster's namespace, or all of the cell's, "
        "which needs `tls` and `auth`.",
    )


class KsqlDbSpec(Spec):
    """`services.ksqldb` of a cluster file."""

    version: Release = Field(description="Release of Confluent Platform, e.g. 8.2.0. Another one rolls the servers.")
    image: Annotated[str, StringConstraints(pattern=PATTERN)] | None = Field(
        default=None,
        description="Image with registry and tag. By default Confluent's cp-ksqldb-server of `version`. One of your "
        "own is built on that, for example with user-defined functions in it.",
    )
    licence: Licence | None = Field(
        default=None,
        description="The licence under which ksqlDB is run, stated by who has read it: confluent-community.",
    )
    service_id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,48}$")] | None = Field(
        default=None,
        description="Name of this ksqlDB within Kafka, in all of its internal topics and groups. By default the "
        "cluster's name with `_`. With another one it starts from nothing and leaves the old topics behind.",
    )
    replicas: int = Field(default=2, ge=1, le=50, description="Servers. Work and state are shared among them.")
    size: Size = Field(default=Size(), description="CPU and memory of one server.")
    disk_gib: int = Field(
        default=100,
        ge=10,
        le=16_000,
        description="Disk for the state of one server in GiB. It can't be changed later: Kubernetes fixes the claims "
        "of a StatefulSet.",
    )
    storage_class: str | None = Field(
        default=None,
        description="Storage class of the state, one of the cell's. By default the cell's first. For life.",
    )
    standby_replicas: int = Field(
        default=1,
        ge=0,
        le=5,
        description="Further servers that keep a copy of each piece of state: they take over in seconds, and answer "
        "pull queries meanwhile. 0 means that state is restored from Kafka before anything goes on.",
    )
    processing_guarantee: Literal["at_least_once", "exactly_once_v2"] = Field(
        default="exactly_once_v2",
        description="What happens to a record when a server dies: `exactly_once_v2` counts it once and adds latency "
        "(transactions), `at_least_once` may count it twice.",
    )
    mode: Mode = Field(default=Mode(), description="Interactive with a REST API, or headless with fixed statements.")
    reads: Items[Prefix] = Field(
        default=(), description="Topics that queries may read, by the beginning of their names. Nothing by default."
    )
    writes: Items[Prefix] = Field(
        default=(),
        description="Topics that queries may write and make, by the beginning of their names, beyond `output_prefix`.",
    )
    output_prefix: Prefix | None = Field(
        default=None,
        description="Beginning of topics that a query makes without naming them; ksqlDB may do anything with these. By "
        "default `ksql-<service_id>`.",
    )
    streams: dict[str, Scalar] = Field(
        default={},
        description="Kafka Streams and its clients, by Kafka's own keys, without `ksql.streams.` in front. Judged by "
        "Kafka's tables.",
    )
    config: dict[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9.]*$")], Scalar] = Field(
        default={},
        description="ksqlDB's own settings, `ksql.…`. Passed through as they are: Confluent publishes no table to "
        "judge them by, so a typo here is found by the server, not by the review.",
    )
