"""Keys that stand for others behind a prefix: `producer.override.linger.ms` is the producer's `linger.ms`.

Owns      which prefixes each kind of configuration has, and which table judges what stands behind them.
Refuses   judgement (`table.py`). A family without a table belongs to a plugin: nobody here knows its keys.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from components.model import Scalar


@dataclass(frozen=True)
class Family:
    """Keys behind one prefix. `kinds` are the tables that know them, first one first; none: `owner` does."""

    prefix: str
    kinds: tuple[str, ...] = ()
    owner: str = ""
    named: bool = False

    def rest(self, key: str) -> str:
        """What stands behind the prefix (and behind the name, where each has one); empty where it is no member."""
        found = re.match(re.escape(self.prefix) + (r"[^.]+\." if self.named else ""), key)
        return key[found.end() :] if found else ""


_PROVIDERS = Family("config.providers.", owner="the config provider")
_CONVERTERS = tuple(Family(f"{part}.converter.", owner="the converter") for part in ("key", "value", "header"))
_OVERRIDES = tuple(Family(f"{client}.override.", (client,)) for client in ("producer", "consumer", "admin"))
_CONNECTOR = (
    *_OVERRIDES,
    *_CONVERTERS,
    _PROVIDERS,
    Family("transforms.", owner="the transformation", named=True),
    Family("predicates.", owner="the predicate", named=True),
)
_TOPIC_CREATION = Family("topic.creation.", ("topic_creation", "topic"), named=True)
_MIRROR = (
    *_CONNECTOR,
    _TOPIC_CREATION,
    *(
        Family(f"{side}.{client}.", (client,))
        for side in ("source", "target")
        for client in ("producer", "consumer", "admin")
    ),
    *(Family(f"{side}.cluster.", ("admin", "producer", "consumer")) for side in ("source", "target")),
    *(Family(f"{client}.", (client,)) for client in ("producer", "consumer", "admin")),
    Family("replication.policy.", owner="the replication policy"),
)

FAMILIES: Mapping[str, tuple[Family, ...]] = {
    "broker": (
        _PROVIDERS,
        Family("listener.name.", owner="one listener"),
        Family("cruise.control.metrics.", owner="Cruise Control's reporter"),
        Family("rsm.config.", owner="the remote storage plugin"),
        Family("rlmm.config.", owner="the remote metadata plugin"),
    ),
    "producer": (_PROVIDERS,),
    "consumer": (_PROVIDERS,),
    "admin": (_PROVIDERS,),
    "streams": (
        *(Family(f"{which}consumer.", ("consumer",)) for which in ("", "main.", "restore.", "global.")),
        Family("producer.", ("producer",)),
        Family("admin.", ("admin",)),
        Family("topic.", ("topic",)),
        Family("client.tag.", owner="the application"),
        _PROVIDERS,
    ),
    "connect_worker": (
        *(Family(f"{client}.", (client,)) for client in ("producer", "consumer", "admin")),
        *(Family(f"{which}.storage.", ("topic",)) for which in ("config", "offset", "status")),
        *_CONVERTERS,
        _PROVIDERS,
        Family("metrics.context.", owner="the metrics reporters"),
    ),
    "source_connector": (*_CONNECTOR, _TOPIC_CREATION),
    "sink_connector": _CONNECTOR,
    "mirror_source": _MIRROR,
    "mirror_checkpoint": _MIRROR,
}
"""Kind -> its families, the longer prefix first where one starts with another."""


@cache
def family(key: str, kind: str) -> tuple[Family, str] | None:
    """The family that a key belongs to, and what stands behind its prefix."""
    for one in FAMILIES.get(kind, ()):
        if rest := one.rest(key):
            return one, rest
    return None


def split(config: Mapping[str, Scalar], prefix: str) -> dict[str, Scalar]:
    """The keys behind one prefix, without it: `split(config, "producer.override.")`."""
    return {key[len(prefix) :]: value for key, value in config.items() if key.startswith(prefix) and key != prefix}
