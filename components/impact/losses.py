"""Changes of configuration after which data, offsets or transactions end that would otherwise have stayed.

Owns      which keys bound the life of data, for brokers (every topic without a value of its own) and for one topic.
Refuses   restarts (`broker_config.py`). A value that cannot be compared counts as a shorter life.
Sources   Kafka's documentation of each key; Kora lost data once, by a configuration update that changed retention
          (VLDB'23, doi 10.14778/3611540.3611567).
"""

from collections.abc import Mapping
from typing import Any

from components.config.keys import Key
from components.impact.contract import MISSING

BROKER = {
    "log.retention.ms": "messages",
    "log.retention.minutes": "messages",
    "log.retention.hours": "messages",
    "log.retention.bytes": "messages",
    "offsets.retention.minutes": "offsets of groups that are away",
    "transactional.id.expiration.ms": "the state of producers that are away",
}
"""Keys where a smaller number ends something, and what. -1 is no bound at all."""

TOPIC = {"retention.ms": "messages", "retention.bytes": "messages"}
CLEANUP = ("log.cleanup.policy", "cleanup.policy")

_WEEK = 7 * 24 * 3_600_000


def retention_ms(brokers: Mapping[str, Any]) -> float:
    """How long brokers keep messages where a topic says nothing, from their configuration; -1 is for ever."""
    for key, factor in (("log.retention.ms", 1), ("log.retention.minutes", 60_000), ("log.retention.hours", 3_600_000)):
        if key in brokers:
            value = float(brokers[key])
            return value * factor if value >= 0 else -1
    return _WEEK


def of_broker(key: str, old: Any, new: Any, row: Key | None, brokers: Mapping[str, Any] | None = None) -> str:
    """What ends on every topic without a value of its own; empty where nothing does.

    `brokers`: the whole configuration before the change; without it, what stands where nothing is said is a week.
    """
    if key == CLEANUP[0]:
        return _cleanup(old, new, "delete")
    default = row.default if row else None
    if key == "log.retention.ms":
        default = retention_ms({name: value for name, value in (brokers or {}).items() if name != key})
    elif key == "log.retention.minutes":
        default = _WEEK / 60_000
    return _shorter(BROKER.get(key, ""), old, new, default)


def of_topic(key: str, old: Any, new: Any, brokers: Mapping[str, Any] | None) -> str:
    """What ends in one topic. `brokers`: their configuration, for what the topic does not say; None: unknown."""
    if key == CLEANUP[1]:
        return _cleanup(old, new, None if brokers is None else str(brokers.get(CLEANUP[0], "delete")))
    default: Any = None
    if brokers is not None:
        default = retention_ms(brokers) if key == "retention.ms" else brokers.get(f"log.{key}", -1)
    return _shorter(TOPIC.get(key, ""), old, new, default)


def _shorter(what: str, old: Any, new: Any, default: Any) -> str:
    if not what:
        return ""
    was, will = _bound(old, default), _bound(new, default)
    if was is None or will is None:
        return f"{what} that were kept until now may end" if will != float("inf") else ""
    return f"{what} that are older or more than that end" if will < was else ""


def _bound(value: Any, default: Any) -> float | None:
    found = default if value is MISSING else value
    try:
        number = float(found)
    except (TypeError, ValueError):
        return None
    return float("inf") if number < 0 else number


def _cleanup(old: Any, new: Any, default: str | None) -> str:
    """A log that begins to be cleaned in another way loses what the old way kept."""
    was, will = _words(old, default), _words(new, default)
    if was is None or will is None:
        return "messages that were kept until now may end"
    if "compact" in will - was:
        return "of each key only the newest message stays"
    if "delete" in will - was:
        return "messages begin to end by age and size"
    return ""


def _words(value: Any, default: str | None) -> set[str] | None:
    found = default if value is MISSING else value
    return None if found is None else {word.strip() for word in str(found).split(",") if word.strip()}
