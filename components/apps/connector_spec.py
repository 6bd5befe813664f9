"""What an app file may say about connectors, and about the secrets that they need.

Owns      the shape of connectors and of secrets from a secret manager.
Refuses   laws that need the cluster: `connector_rules.py`.
Identity  a connector is called `<app>.<key>` in Connect; its offsets are kept under that name.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from components.apps.user_spec import ObjectName, ResourceName
from components.model import Scalar, Spec


class AutoRestart(Spec):
    """What the operator does when a connector or one of its tasks fails."""

    enabled: bool = Field(default=True, description="Whether the operator restarts what failed, ever more slowly.")
    most: int = Field(
        default=7,
        ge=1,
        le=100,
        description="Restarts in a row before it stays failed and somebody has to look. They are reset by a time of "
        "running well.",
    )


class Connector(Spec):
    """One connector of the cluster's Connect."""

    direction: Literal["source", "sink"] = Field(
        description="`source` writes into Kafka, `sink` reads from it. It decides which settings exist and whose "
        "rights the connector uses."
    )
    class_name: Annotated[
        str, StringConstraints(pattern=r"^[A-Za-z_$][A-Za-z0-9_$]*(\.[A-Za-z_$][A-Za-z0-9_$]*)*$")
    ] = Field(description="The plugin's Java class, e.g. `io.debezium.connector.postgresql.PostgresConnector`.")
    plugin_version: str | None = Field(
        default=None,
        pattern=r"^[\[(]?[0-9A-Za-z][0-9A-Za-z.,_ -]{0,60}[\])]?$",
        description="Version of the plugin, or a range like `[1.2,2.0)`, where the image has several.",
    )
    tasks_max: int = Field(default=1, ge=1, le=1000, description="The most tasks that share its work.")
    state: Literal["running", "paused", "stopped"] = Field(
        default="running",
        description="`paused` keeps its tasks without work; `stopped` frees them. Offsets stay in both.",
    )
    user: str = Field(
        description="Key of the app's user as which it speaks to Kafka: a scram-sha-512 one. The connector can do what "
        "that user may, and nothing else."
    )
    group: ResourceName | None = Field(
        default=None,
        description="With `sink`: its consumer group, inside the app's own prefixes. Another name starts it from the "
        "beginning.",
    )
    config: dict[str, Scalar] = Field(
        default={},
        description="The connector's own settings. A secret is written `${secret:<name>:<key>}`, from `secrets` of "
        "this file, and never as a value.",
    )
    auto_restart: AutoRestart = Field(default=AutoRestart(), description="What happens when it fails.")


class StoredSecret(Spec):
    """A secret of the app in a secret manager, for its connectors. docs/apps.md: under which name it must be there."""

    store: ObjectName = Field(description="The SecretStore or ClusterSecretStore of the cell that reads it.")
    store_kind: Literal["ClusterSecretStore", "SecretStore"] = Field(
        default="ClusterSecretStore",
        description="Kind of the store. A `SecretStore` is one in the cluster's own namespace.",
    )
