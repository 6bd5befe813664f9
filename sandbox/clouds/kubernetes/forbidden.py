"""Configuration keys that Strimzi owns.

Owns      Strimzi 1.2.0's lists of forbidden prefixes and their exceptions, by kind (its `*ClusterSpec.java` and
          `KafkaConnectSpec.java`), and the search for them.
Refuses   silence: the operator drops such a key with a line in its log, and the user believes that it is set.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.clouds.kubernetes.wire import dotted
from sandbox.contract import Refusal

BROKER = (
    *("listeners", "advertised.", "broker.", "listener.", "host.name", "port", "inter.broker.listener.name", "sasl."),
    *("ssl.", "security.", "password.", "log.dir", "zookeeper.", "authorizer.", "super.user"),
    *("cruise.control.metrics.topic", "cruise.control.metrics.reporter.bootstrap.servers", "node.id", "process.roles"),
    *("controller.", "metadata.log.dir", "client.quota.callback.static.", "prometheus.metrics.reporter."),
    "cordoned.log.dirs",
)
BROKER_ALLOWED = (
    *("sasl.server.max.receive.size", "ssl.cipher.suites", "ssl.protocol", "ssl.enabled.protocols"),
    *("ssl.secure.random.implementation", "broker.session.timeout.ms", "broker.heartbeat.interval.ms"),
    *("controller.socket.timeout.ms", "controller.quorum.election.backoff.max.ms"),
    *("controller.quorum.election.timeout.ms", "controller.quorum.fetch.timeout.ms"),
    *("cruise.control.metrics.topic.num.partitions", "cruise.control.metrics.topic.replication.factor"),
    *("cruise.control.metrics.topic.retention.ms", "cruise.control.metrics.topic.min.insync.replicas"),
    *("cruise.control.metrics.topic.auto.create.retries", "cruise.control.metrics.topic.auto.create.timeout.ms"),
)
PER_LISTENER = re.compile(
    r"listener\.name\.[a-z0-9-]+\.(connections\.max\.reauth\.ms|max\.connections|max\.connection\.creation\.rate)"
)
_CLIENT = ("ssl.", "sasl.", "security.", "bootstrap.servers")
_CLIENT_ALLOWED = (
    "ssl.endpoint.identification.algorithm",
    "ssl.cipher.suites",
    "ssl.protocol",
    "ssl.enabled.protocols",
)
CONNECT = (
    *("ssl.", "sasl.", "security.", "listeners", "plugin.path", "rest.", "bootstrap.servers", "group.id"),
    *("config.storage.topic", "offset.storage.topic", "status.storage.topic"),
    *("consumer.interceptor.classes", "producer.interceptor.classes"),
)
CONNECTOR = ("name", "connector.class", "tasks.max", "connector.plugin.version")


def _at(body: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        try:
            body = body[part]
        except (KeyError, IndexError, TypeError):
            return None
    return body


def _places(body: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Where `body` holds configuration, and by which list it is judged."""
    kind = body.get("kind")
    if kind == "Kafka":
        yield ("spec", "kafka", "config"), "broker"
    elif kind == "KafkaConnect":
        yield ("spec", "config"), "connect"
    elif kind == "KafkaConnector":
        yield ("spec", "config"), "connector"
    elif kind == "KafkaMirrorMaker2":
        yield ("spec", "target", "config"), "mirror"
        mirrors = _at(body, ("spec", "mirrors"))
        for index in range(len(mirrors) if isinstance(mirrors, list | tuple) else 0):
            yield ("spec", "mirrors", index, "source", "config"), "mirror"
            for connector in ("sourceConnector", "checkpointConnector"):
                yield ("spec", "mirrors", index, connector, "config"), "connector"
    elif kind == "KafkaBridge":
        for part, rule in (("consumer", "consumer"), ("producer", "client"), ("adminClient", "client")):
            yield ("spec", part, "config"), rule


def forbidden(key: str, rule: str) -> str:
    """The prefix (or whole key) that forbids `key`, empty where it is allowed."""
    if rule == "connector":
        return key if key in CONNECTOR else ""
    prefixes = {
        "broker": BROKER,
        "connect": (*CONNECT, "prometheus.metrics.reporter."),
        "mirror": CONNECT,
        "client": _CLIENT,
        "consumer": (*_CLIENT, "group.id"),
    }[rule]
    allowed = BROKER_ALLOWED if rule == "broker" else _CLIENT_ALLOWED
    if key in allowed or (rule == "broker" and PER_LISTENER.fullmatch(key)):
        return ""
    return next((prefix for prefix in prefixes if key.lower().startswith(prefix)), "")


def check(body: Mapping[str, Any]) -> Iterator[Refusal]:
    """A refusal for every configuration key that the operator would drop."""
    for place, rule in _places(body):
        config = _at(body, place)
        for key in config if isinstance(config, Mapping) else ():
            if prefix := forbidden(str(key), rule):
                message = (
                    f"{dotted((*place, str(key)))}: Strimzi sets this itself and drops '{key}' silently "
                    f"(forbidden: '{prefix}'); remove it"
                )
                yield Refusal("law", "forbidden-config", message, (*place, str(key)))
