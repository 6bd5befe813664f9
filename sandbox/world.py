"""The world that a law may look at, read from the store.

Owns      the contract's `World` over SQLite; sequences move on only inside an effect.
Refuses   writing anything else: laws look, they do not act.
"""

from collections.abc import Sequence
from typing import Any

from sandbox.contract import Record, Scope
from sandbox.store import Store, strings

_DESCRIBES = frozenset({"tags", "tagsAll", "labels", "resourceLabels", "annotations", "description"})


class StoreWorld:
    """`keep` is true inside an effect: then a sequence's number is taken for good."""

    def __init__(self, store: Store, *, keep: bool) -> None:
        self._store = store
        self._keep = keep
        self._looked: dict[str, int] = {}

    def find(self, type: str, id: str, scope: Scope | None = None) -> Record | None:
        """The resource of that type and provider id."""
        row = self._store.find(type, id, scope)
        return row.record if row else None

    def all(self, type: str, scope: Scope | None = None) -> Sequence[Record]:
        """All resources of a type, in that scope's account."""
        if scope is None:
            return [row.record for row in self._store.rows("type = ?", (type,))]
        return [row.record for row in self._store.rows("type = ? AND account = ?", (type, scope.account))]

    def by_output(self, name: str, value: Any, type: str = "") -> Sequence[Record]:
        """Resources one of whose outputs equals `value`."""
        if isinstance(value, str):
            where = "number IN (SELECT number FROM strings WHERE value = ? AND side = 'output' AND place = ?)"
            rows = self._store.rows(where, (value, name))
            return [row.record for row in rows if not type or row.record.type == type]
        rows = self._store.rows("type = ?", (type,)) if type else self._store.rows("true")
        return [row.record for row in rows if row.record.outputs.get(name) == value]

    def mentions(self, value: str) -> Sequence[Record]:
        """Resources that hold `value` as a whole string anywhere in their inputs."""
        where = "number IN (SELECT number FROM strings WHERE value = ? AND side = 'input')"
        return [row.record for row in self._store.rows(where, (value,))]

    def users(self, record: Record) -> Sequence[Record]:
        """Resources of the same account that use `record` by its id: a tag or a name of equal text is no use."""
        return [
            other
            for other in self.mentions(record.id)
            if other.scope.account == record.scope.account
            and (other.type, other.id) != (record.type, record.id)
            and any(value == record.id and _refers(place) for value, place in strings(other.inputs))
        ]

    def sequence(self, name: str) -> int:
        """The next number of a named sequence."""
        if self._keep:
            return self._store.sequence(name, keep=True)
        self._looked[name] = self._looked.get(name, self._store.sequence(name, keep=False) - 1) + 1
        return self._looked[name]


def _refers(place: str) -> bool:
    parts = place.replace("[]", "").split(".")
    return parts[-1] != "name" and not _DESCRIBES.intersection(parts)
