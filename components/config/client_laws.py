"""What Kafka's producers and consumers ask of their configuration beyond each key's own limits.

Owns      laws between the keys of one client, as its own classes tell them when a client is made.
Refuses   what depends on who makes the client: Connect turns idempotence off where nothing is said, a plain producer
          turns it on, so it counts here only where the configuration says it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from components.config.families import FAMILIES, split
from components.finding import Finding
from components.model import Scalar

Told = tuple[str, str, str]

_INSTANCE = re.compile(r"[A-Za-z0-9._-]{1,249}")
_CLASSIC_ONLY = ("partition.assignment.strategy", "heartbeat.interval.ms", "session.timeout.ms")
_NOT_CLASSIC = ("group.remote.assignor",)
_SHARE = ("share.acknowledgement.mode", "share.acquire.mode")
_MOST_IN_FLIGHT = 5


def _producer(config: Mapping[str, Scalar]) -> Iterator[Told]:
    idempotent = config.get("enable.idempotence")
    if idempotent is False and config.get("transactional.id"):
        yield "enable.idempotence", "'transactional.id' is set and 'enable.idempotence' is False", "true"
    if idempotent is not True:
        return
    in_flight, acks = config.get("max.in.flight.requests.per.connection"), config.get("acks")
    if isinstance(in_flight, int) and in_flight > _MOST_IN_FLIGHT:
        key = "max.in.flight.requests.per.connection"
        yield key, f"'enable.idempotence' is on and '{key}' is {in_flight}", f"at most {_MOST_IN_FLIGHT}"
    if acks not in (None, "all", "-1"):
        yield "acks", f"'enable.idempotence' is on and 'acks' is '{acks}'", "all"
    if config.get("retries") == 0:
        yield "retries", "'enable.idempotence' is on and 'retries' is 0", "1 or more"


def _consumer(config: Mapping[str, Scalar]) -> Iterator[Told]:
    instance = config.get("group.instance.id")
    if isinstance(instance, str) and (not _INSTANCE.fullmatch(instance) or instance in (".", "..")):
        yield (
            "group.instance.id",
            f"'group.instance.id' is '{instance}'",
            "letters, digits, '.', '_' and '-', 249 at most",
        )
    protocol = str(config.get("group.protocol", "classic")).lower()
    for key in (*_NOT_CLASSIC, *_SHARE) if protocol == "classic" else _CLASSIC_ONLY:
        if config.get(key) not in (None, ""):
            right = "leave it out, or `group.protocol: consumer`" if key in _NOT_CLASSIC else "leave it out"
            yield key, f"'{key}' is set and 'group.protocol' is {protocol}", right


_LAWS: Mapping[str, Callable[[Mapping[str, Scalar]], Iterator[Told]]] = {"producer": _producer, "consumer": _consumer}


@cache
def _groups(kind: str) -> tuple[tuple[str, str], ...]:
    """The clients that a kind of configuration holds: prefix and client; no prefix where it is a client's own."""
    own = (("", kind),) if kind in _LAWS else ()
    behind = ((one.prefix, one.kinds[0]) for one in FAMILIES.get(kind, ()) if len(one.kinds) == 1)
    return (*own, *((prefix, client) for prefix, client in behind if client in _LAWS))


def check(config: Mapping[str, Scalar], kind: str, path: tuple[str | int, ...]) -> Iterator[Finding]:
    """Laws that a client's configuration breaks, and those of the clients behind the prefixes of `kind`."""
    for prefix, client in _groups(kind):
        for key, message, right in _LAWS[client](split(config, prefix) if prefix else config):
            yield Finding(f"bad-{client}-config", (*path, prefix + key), f"{message}, which kafka refuses", right)
