"""What a changed key of a broker's configuration does: Kafka's own update modes, and Strimzi's way with them.

Owns      the verdict on one key of `Kafka.spec.kafka.config`.
Refuses   whether a value is legal (`components/config`), and pods (`kinds/kafka.py` names them).
Sources   Kafka's update modes (components/config/tables/broker.json, generated from its classes) and Strimzi's source,
          file names below. `tests/cluster/test_kafka_dynamic.py` asks a real broker about each key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.config import forbidden
from components.config.keys import VERSIONS, Key, known
from components.impact import losses
from components.impact.contract import MISSING
from components.impact.controller_keys import RELEVANT

BROKERS, CONTROLLERS = "brokers", "controllers"

DIFF = "strimzi-kafka-operator KafkaConfigurationDiff.java"
CUSTOM = "strimzi-kafka-operator KafkaConfiguration.java (isCustomConfigurationOption), KafkaReconciler.java (hash)"
ROLLER = "strimzi-kafka-operator#7391: what Kafka refuses to take dynamically, the operator tries by a restart"
MODES = "Kafka's update modes, components/config/tables/broker.json"

THREADS = (
    "background.threads",
    "log.cleaner.threads",
    "num.io.threads",
    "num.recovery.threads.per.data.dir",
    "num.replica.fetchers",
    "remote.log.manager.copier.thread.pool.size",
    "remote.log.manager.expiration.thread.pool.size",
    "remote.log.manager.follower.thread.pool.size",
    "remote.log.reader.threads",
)
"""Pools that Kafka resizes at once only between half and double of what they have (DynamicThreadPool.java)."""

PER_LISTENER = (
    "ssl.key.password",
    *(f"ssl.keystore.{word}" for word in ("certificate.chain", "key", "location", "password", "type")),
    *(f"ssl.truststore.{word}" for word in ("certificates", "location", "password", "type")),
)
"""Called dynamic by Kafka's tables, and taken only behind a listener's prefix (DynamicBrokerConfig.scala)."""

ELR = "min.insync.replicas"
"""Where Kafka counts eligible leader replicas it can be set for the whole cluster, and never unset."""


@dataclass(frozen=True)
class Verdict:
    """What one key does.

    restarts  `brokers`, `controllers`, both or nothing
    why       a sentence without its subject
    loses     what ends for good; empty where nothing does
    """

    restarts: tuple[str, ...]
    why: str
    source: str = ""
    loses: str = ""


def verdict(
    key: str, old: Any, new: Any, version: str, operator: str = "", config: Mapping[str, Any] | None = None
) -> Verdict:
    """What happens to the nodes of a cluster of Kafka `version` when `key` goes from `old` to `new`.

    operator  its version, where keys that it keeps for itself may be asked about too
    config    the brokers' whole configuration before the change
    """
    keys = known("broker", version if version in VERSIONS else VERSIONS[-1])
    told = _restarts(key, old, new, keys.get(key), operator)
    return Verdict(told.restarts, told.why, told.source, losses.of_broker(key, old, new, keys.get(key), config))


def _restarts(key: str, old: Any, new: Any, row: Key | None, operator: str) -> Verdict:
    if operator and (kept := forbidden.reason(key, operator)):
        return Verdict((BROKERS,), f"is the operator's ({kept}), which restarts brokers for it", CUSTOM)
    if row is None:
        what = "is one listener's" if forbidden.listener_of(key)[0] else "is a plugin's, none that Kafka knows"
        return Verdict((BROKERS, CONTROLLERS), f"{what}: the operator restarts nodes for such keys", CUSTOM)
    if old is MISSING and row.default is not None and text(new) == text(row.default):
        return Verdict((), "is Kafka's default already", DIFF)
    if key.startswith("controller.quorum."):
        return Verdict((CONTROLLERS,), "is read by controllers at their start", DIFF)
    nodes = (BROKERS, CONTROLLERS) if key in RELEVANT else (BROKERS,)
    if row.mode == "read-only":
        return Verdict(nodes, "is read at a node's start only", MODES)
    return _dynamic(key, old, new, row, nodes)


def _dynamic(key: str, old: Any, new: Any, row: Key, nodes: tuple[str, ...]) -> Verdict:
    """A key that Kafka can change while it runs."""
    if key in PER_LISTENER:
        return Verdict((BROKERS,), "is taken only behind a listener's prefix, so the operator restarts brokers", ROLLER)
    if key == ELR and new is MISSING:
        why = "cannot be unset while eligible leader replicas count (Kafka 4.1): the operator restarts nodes for it"
        return Verdict(nodes, why, "strimzi-kafka-operator#11880")
    if key in THREADS:
        was, will = _number(old, row), _number(new, row)
        if was is None or will is None or not was // 2 <= will <= was * 2:
            why = (
                "leaves what Kafka resizes at once (half to double of the present number), so the operator restarts "
                "brokers; go in steps of at most double"
            )
            return Verdict((BROKERS,), why, ROLLER)
    if key.startswith("ssl."):
        why = "is taken at once, and open listeners keep theirs until the next restart"
        return Verdict((), why, "Kafka SslConfigs.RECONFIGURABLE_CONFIGS")
    where = "for the whole cluster" if row.mode == "cluster-wide" else "by each broker"
    return Verdict((), f"is taken {where} without a restart", MODES)


def _number(value: Any, row: Key) -> int | None:
    found = row.default if value is MISSING else value
    return int(found) if isinstance(found, int | float | str) and str(found).lstrip("-").isdigit() else None


def text(value: Any) -> str:
    """A value as Kafka reports it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
