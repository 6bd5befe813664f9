"""How long a client may keep a connection that says nothing, before something on the way forgets it in silence.

Owns      `idle.json`: by cloud, the shortest idle timeout of what stands before a listener, with its source.
Refuses   listeners without a load balancer on the way: nothing there forgets.
"""

import json
from functools import cache
from pathlib import Path

from components.services.access import KafkaWay

DATA = Path(__file__).with_name("idle.json")
SHARE = 0.85
"""Part of the timeout after which a client closes by itself: well before, for it looks only now and then."""
CLIENTS_OWN = 540
"""Kafka's own default for clients, shorter than the ten minutes of its brokers."""


@cache
def _seconds() -> dict[str, int]:
    return {cloud: int(row["seconds"]) for cloud, row in json.loads(DATA.read_text("utf-8")).items()}


def most_idle_ms(cloud: str, way: KafkaWay) -> int | None:
    """Milliseconds for `connections.max.idle.ms`; None where nothing on the way needs it."""
    if way.type == "internal" or way.fan_out == "direct" or cloud not in _seconds():
        return None
    return int(min(CLIENTS_OWN, SHARE * _seconds()[cloud]) * 1000)
