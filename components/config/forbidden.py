"""Broker configuration that the operator keeps for itself, and drops from a Kafka object without a word.

Owns      the reading of `tables/operator.json`, generated from Strimzi's own model, and the reason for each key.
Refuses   keys that Kafka does not know: `table.py`.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_PER_LISTENER = re.compile(
    r"^listener\.name\.[a-z0-9-]+\.(connections\.max\.reauth\.ms|max\.connections(\.per\.ip(\.overrides)?)?"
    r"|max\.connection\.creation\.rate)$"
)

_REASONS = (
    ("listener", "listeners are declared under `listeners`"),
    ("advertised.", "addresses follow from `listeners`"),
    ("inter.broker", "brokers always talk to each other over mutual TLS"),
    ("security.", "brokers always talk to each other over mutual TLS"),
    ("ssl.", "certificates are the operator's"),
    ("sasl.", "authentication is declared for each listener"),
    ("password.", "certificates are the operator's"),
    ("authorizer.", "authorization is always Kafka's own, with ACLs from the apps"),
    ("super.user", "it is declared under `super_users`"),
    ("client.quota.", "it is declared under `quotas`"),
    ("log.dir", "it follows from the volumes"),
    ("cordoned.log.dirs", "the operator sets it while it removes brokers"),
    ("prometheus.", "metrics are always on"),
    ("cruise.control.", "it is declared under `cruise_control`"),
    ("metadata.log.dir", "it follows from the volumes"),
)


@cache
def _data() -> Mapping[str, Mapping[str, list[str]]]:
    text = (Path(__file__).parent / "tables" / "operator.json").read_text("utf-8")
    loaded: Mapping[str, Mapping[str, list[str]]] = json.loads(text)["keys"]
    return loaded


def exceptions(operator: str) -> tuple[str, ...]:
    """Keys that the operator lets through although their prefix is its own."""
    row = _data().get(operator)
    return tuple(row["exceptions"]) if row else ()


def reason(key: str, operator: str) -> str:
    """Why the operator would drop `key`; empty where it takes it, or where the operator version is unknown."""
    row = _data().get(operator)
    if row is None or key in row["exceptions"] or _PER_LISTENER.match(key):
        return ""
    if not any(key.startswith(prefix) for prefix in row["forbidden_prefixes"]):
        return ""
    return next((why for prefix, why in _REASONS if key.startswith(prefix)), "the operator sets it itself")
