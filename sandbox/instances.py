"""Provider instances: who is calling, with which configuration.

Owns      the table from a connection to its configuration. The engine opens one connection a provider instance.
Refuses   a call before Configure: an instance whose connection was lost is not guessed at.
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.contract import Scope
from sandbox.sdk.types import provider_type

_REMEMBERED = 20_000
_ENGINES_OWN = frozenset({"version", "pluginDownloadURL", "__internal", "pluginChecksums"})


@dataclass(frozen=True)
class Instance:
    """One configured provider."""

    scope: Scope
    config: Mapping[str, Any]


class UnconfiguredError(Exception):
    """A call from a connection that never configured itself here."""


class Instances:
    """The instances of one provider, by peer address."""

    def __init__(self) -> None:
        self._by_peer: OrderedDict[str, Instance] = OrderedDict()
        self._lock = threading.Lock()

    def remember(self, peer: str, instance: Instance) -> None:
        """Connections end without a word, so the oldest are forgotten."""
        with self._lock:
            self._by_peer[peer] = instance
            self._by_peer.move_to_end(peer)
            if len(self._by_peer) > _REMEMBERED:
                self._by_peer.popitem(last=False)

    def get(self, peer: str) -> Instance:
        """The caller's instance."""
        instance = self._by_peer.get(peer)
        if instance is None:
            raise UnconfiguredError(
                f"the connection from {peer} has not configured its provider here: the sandbox was restarted during"
                " the run; run the command again"
            )
        return instance


def decoded(sdk: str, sent: Mapping[str, Any]) -> dict[str, Any]:
    """Provider configuration as plain values. Whatever is not a string travels as JSON in a string."""
    kind = provider_type(sdk)
    types = kind.shapes[kind.root].properties
    values: dict[str, Any] = {}
    for key, value in sent.items():
        if key in _ENGINES_OWN:
            continue
        values[key] = value
        if isinstance(value, str) and types.get(key, "str") != "str":
            try:
                values[key] = json.loads(value)
            except ValueError:
                values[key] = value  # the SDK judge says what is wrong with it
    return values
