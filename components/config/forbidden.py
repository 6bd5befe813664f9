"""Configuration that the operator keeps for itself, and drops from an object without a word.

Owns      the reading of `tables/operator.json`, generated from Strimzi's own model, and the reason for each key.
Refuses   keys that Kafka does not know: `table.py`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from components.config.keys import TABLES

_TLS = "certificates are the operator's"
_ADDRESS = "the operator connects it to its cluster"
_STORE = "its three topics are named after the service"

_REASONS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "broker": (
        ("listener", "listeners are declared under `listeners`"),
        ("advertised.", "addresses follow from `listeners`"),
        ("inter.broker", "brokers always talk to each other over mutual TLS"),
        ("security.", "brokers always talk to each other over mutual TLS"),
        ("ssl.", _TLS),
        ("sasl.", "authentication is declared for each listener"),
        ("password.", _TLS),
        ("authorizer.", "authorization is always Kafka's own, with ACLs from the apps"),
        ("super.user", "it is declared under `super_users`"),
        ("client.quota.", "it is declared under `quotas`"),
        ("log.dir", "it follows from the volumes"),
        ("cordoned.log.dirs", "the operator sets it while it removes brokers"),
        ("prometheus.", "metrics are always on"),
        ("cruise.control.", "it is declared under `cruise_control`"),
        ("metadata.log.dir", "it follows from the volumes"),
    ),
    "connect_worker": (
        ("group.id", "it is named after the service"),
        ("config.storage.topic", _STORE),
        ("offset.storage.topic", _STORE),
        ("status.storage.topic", _STORE),
        ("ssl.", _TLS),
        ("sasl.", "workers authenticate with their own certificate"),
        ("security.", "workers always talk to brokers over mutual TLS"),
        ("listeners", "the REST API belongs to the operator"),
        ("rest.", "the REST API belongs to the operator"),
        ("plugin.path", "plugins are in the image"),
        ("bootstrap.servers", _ADDRESS),
        ("consumer.interceptor.", "the operator keeps interceptors for tracing"),
        ("producer.interceptor.", "the operator keeps interceptors for tracing"),
        ("prometheus.", "metrics are always on"),
    ),
    "connector": (
        ("name", "it is the connector's key in the file"),
        ("connector.class", "it is declared under `class`"),
        ("tasks.max", "it is declared under `tasks_max`"),
        ("connector.plugin.version", "the version is the image's"),
    ),
    "bridge": (
        ("kafka.", "Kafka's clients are configured apart: producer, consumer, admin"),
        ("http.", "the HTTP side is declared in its own fields"),
        ("bridge.", "it is named after the service, and metrics are always on"),
    ),
}
_CLIENT = (
    ("ssl.", _TLS),
    ("sasl.", "it authenticates with its own credentials"),
    ("security.", "it always talks to brokers over TLS"),
    ("bootstrap.servers", _ADDRESS),
    ("group.id", "each consumer of the API names its own"),
)
_SAME = {
    "source_connector": "connector",
    "sink_connector": "connector",
    "mirror_source": "connector",
    "mirror_checkpoint": "connector",
}


@dataclass(frozen=True)
class Rules:
    """What one operator version does with one kind. Prefixes are compared without case, exceptions as they are."""

    prefixes: tuple[str, ...]
    exceptions: tuple[str, ...]
    options: tuple[str, ...]
    per_listener: tuple[str, ...]


@cache
def _all() -> Mapping[str, Mapping[str, Rules]]:
    text = (TABLES / "operator.json").read_text("utf-8")
    return {
        version: {kind: Rules(**{name: tuple(words) for name, words in row.items()}) for kind, row in kinds.items()}
        for version, kinds in json.loads(text)["keys"].items()
    }


def kinds(operator: str) -> tuple[str, ...]:
    """Every kind of configuration of which that operator version keeps a part for itself."""
    return tuple(_all().get(operator, {}))


def rules(operator: str, kind: str = "broker") -> Rules | None:
    """What an operator version does with one kind; None where the version or the kind is unknown."""
    return _all().get(operator, {}).get(_SAME.get(kind, kind))


def exceptions(operator: str, kind: str = "broker") -> tuple[str, ...]:
    """Keys that the operator lets through although their prefix is its own."""
    found = rules(operator, kind)
    return found.exceptions if found else ()


def listener_of(key: str) -> tuple[str, str]:
    """`<name>-<port>` and the rest of a key that is one listener's; two empty words for any other key."""
    parts = key.split(".", 3)
    return (parts[2], parts[3]) if len(parts) == 4 and parts[:2] == ["listener", "name"] else ("", "")


def _drops(key: str, found: Rules) -> bool:
    small = key.lower()
    if small in found.options:
        return True
    if not any(small.startswith(prefix.lower()) for prefix in found.prefixes) or key in found.exceptions:
        return False
    return listener_of(key)[1] not in found.per_listener


def reason(key: str, operator: str, kind: str = "broker") -> str:
    """Why the operator would drop `key`; empty where it takes it, or where the operator version is unknown.

    `kind` is a table's (`broker`, `connect_worker`, `source_connector`, `mirror_source` …) or one of `kinds`.
    """
    found = rules(operator, kind)
    if found is None or not _drops(key, found):
        return ""
    if found.per_listener and listener_of(key)[0]:
        return f"of one listener it takes only {', '.join(found.per_listener)}"
    reasons = _REASONS.get("connect_worker" if kind == "mirror_cluster" else _SAME.get(kind, kind), _CLIENT)
    return next((why for prefix, why in reasons if key.lower().startswith(prefix)), "the operator sets it itself")
