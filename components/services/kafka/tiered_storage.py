"""Old segments in an object store: brokers keep the last hours, a plugin has the rest.

Owns      the settings, and what of them goes into the Kafka object, its configuration and the brokers' pods.
Refuses   a plugin of its own: Kafka has none, so class, path and image are the file's. Secrets as values: they come
          from Secrets by reference.
Identity  it is not switched off again while a topic uses it: brokers that have lost the plugin do not start.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from components.finding import Finding
from components.model import Items, Scalar, Spec
from components.services.kafka.egress import Egress
from components.services.kafka.oauth import SecretRef

PluginKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,200}$")]

_SECRET = re.compile(r"(password|passwd|secret|token|private[._-]?key|account[._-]key)", re.IGNORECASE)
_ENDS = re.compile(r"\.(file|path|url|name|enabled?|class)$")
_OWNED = ("remote.log.storage.", "remote.log.metadata.manager.", "rsm.config.", "rlmm.config.")


class TieredStorage(Spec):
    """A plugin that keeps old segments elsewhere. Topics use it one by one (`remote.storage.enable`)."""

    class_name: str = Field(
        pattern=r"^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)+$",
        description="The plugin's RemoteStorageManager class, e.g. of Aiven's plugin for Apache Kafka.",
    )
    class_path: str = Field(
        pattern=r"^/\S+$", description="Where in `image` its jars are, e.g. `/opt/kafka/plugins/tiered-storage/*`."
    )
    local_retention_hours: float = Field(
        gt=0,
        le=24 * 366,
        description="How long data stays on the brokers' disks too, in hours: the default of topics, and what disks "
        "are sized for. Topics that do not use the plugin must not keep data longer.",
    )
    config: dict[PluginKey, str] = Field(
        default={}, description="The plugin's own configuration, passed on as it stands: nobody here knows its keys."
    )
    secrets: dict[PluginKey, SecretRef] = Field(
        default={}, description="Keys of that configuration whose values are in Secrets of the cluster's namespace."
    )
    identity: dict[str, str] = Field(
        default={},
        description="Annotations of the brokers' service account, by which a cloud gives pods an identity, e.g. "
        "`eks.amazonaws.com/role-arn`. Then no secret is needed at all.",
    )
    egress: Items[Egress] = Field(
        default=(Egress(),),
        description="Where the object store, its token service and its keys are. By default any address on port 443.",
    )


def _variable(key: str) -> str:
    return f"TIERED_STORAGE_{re.sub(r'[^A-Za-z0-9]', '_', key).upper()}"


def strimzi(tiered: TieredStorage) -> dict[str, Any]:
    """`tieredStorage` of the Kafka object. A broker puts secrets in when it starts, from its environment."""
    config = {**tiered.config, **{key: f"${{strimzienv:{_variable(key)}}}" for key in tiered.secrets}}
    manager: dict[str, Any] = {"className": tiered.class_name, "classPath": tiered.class_path}
    if config:
        manager["config"] = dict(sorted(config.items()))
    return {"type": "custom", "remoteStorageManager": manager}


def environment(tiered: TieredStorage) -> list[dict[str, Any]]:
    """Variables of the brokers' containers."""
    return [
        {"name": _variable(key), "valueFrom": {"secretKeyRef": {"name": ref.secret, "key": ref.key}}}
        for key, ref in sorted(tiered.secrets.items())
    ]


def broker_config(tiered: TieredStorage, copies: int, in_sync: int) -> dict[str, Scalar]:
    """Broker configuration that belongs to it. Strimzi sets the managers' classes and listener itself."""
    return {
        "log.local.retention.ms": round(tiered.local_retention_hours * 3_600_000),
        "rlmm.config.remote.log.metadata.topic.min.isr": in_sync,
        "rlmm.config.remote.log.metadata.topic.replication.factor": copies,
    }


def check(
    tiered: TieredStorage | None, image: str | None, config: dict[str, Scalar], hours: float
) -> Iterator[Finding]:
    """Every law of tiered storage that the section breaks. `hours` is the cluster's whole retention."""
    for key in config:
        if key.startswith(_OWNED):
            yield Finding(
                "config-of-tiered-storage",
                ("config", key),
                f"'{key}' is set by the operator from `tiered_storage`",
                hint="declare the plugin under `tiered_storage`",
            )
    if tiered is None:
        return
    at = ("tiered_storage",)
    if image is None:
        yield Finding(
            "tiered-storage-without-plugin",
            at,
            f"the operator's own image has no {tiered.class_name.rpartition('.')[2]}",
            hint="state `image`: Strimzi's image of this Kafka version with the plugin added",
        )
    if tiered.local_retention_hours > hours:
        yield Finding(
            "local-retention-too-long",
            (*at, "local_retention_hours"),
            f"{tiered.local_retention_hours:g} h on the brokers' disks of {hours:g} h in all",
            f"up to {hours:g}",
        )
    names = [_variable(key) for key in tiered.secrets]
    for key in tiered.secrets:
        if key in tiered.config or names.count(_variable(key)) > 1:
            yield Finding(
                "tiered-storage-key-twice", (*at, "secrets", key), f"'{key}' is given twice", hint="keep one of them"
            )
    for key in tiered.config:
        if _SECRET.search(key) and not _ENDS.search(key):
            yield Finding(
                "secret-in-file",
                (*at, "config", key),
                f"'{key}' looks like a secret, and this file is read by many",
                hint=f"put it into a Secret and name it: `secrets: {{{key}: {{secret: …, key: …}}}}`",
            )
