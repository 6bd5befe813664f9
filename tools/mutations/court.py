"""A sandbox in this process, that holds what was recorded and judges changes of it as the server would.

Owns      the engine's order of calls for one changed resource: check, then diff, then update, or create where an
          immutable property changed. What would replace a thing of the same name is judged without the old one.
Refuses   effects: whatever is judged, the world stays as it was recorded.
"""

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox import diff, wire
from sandbox.contract import Properties, Record, Refusal, Request
from sandbox.judge import Judge, unique_key
from sandbox.models import clouds
from sandbox.store import Store
from sandbox.world import StoreWorld


@dataclass(frozen=True)
class Verdict:
    """What became of changed inputs. `same`: the vendor's normal form of them is what exists already."""

    operation: str
    refusals: tuple[Refusal, ...]
    same: bool = False
    crash: str = ""


class _RolledBackError(Exception):
    """Ends an effect without one."""


class Court:
    """Judges over one set of records."""

    def __init__(self, folder: Path, records: Iterable[Record]) -> None:
        self.records = list(records)
        self._store = Store(folder)
        self._judges = {provider: Judge(model) for provider, model in clouds().items()}
        with self._store.effect() as connection:
            for record in self.records:
                self._store.insert(connection, record, frozenset())

    def close(self) -> None:
        """Let go of the file."""
        self._store.connection().close()

    def judge_of(self, token: str) -> Judge:
        """The judge of a type's cloud."""
        return self._judges[token.partition(":")[0]]

    def judge(self, record: Record, inputs: Properties, *, operation: str = "") -> Verdict:
        """Judge new inputs of what exists; with an operation, that one after the check, whatever the diff says."""
        try:
            return self._judge(record, inputs, operation)
        except Exception as error:  # noqa: BLE001 - the server tells of such a bug as its own failure; it is counted
            return Verdict("crash", (), crash=f"{type(error).__name__}: {error}")

    def _judge(self, record: Record, inputs: Properties, operation: str) -> Verdict:
        judge = self.judge_of(record.type)
        struct = wire.write(inputs)
        judged = judge.static(record.type, wire.digest(struct), wire.read(struct))
        old = None if operation == "create" else record
        check = self._laws(judge, Request("check", record.urn, record.type, record.scope, judged.inputs, old), judged)
        if check:
            return Verdict("check", tuple(check))
        model = judge.type_model(record.type, judged.inputs)
        found = diff.changes(record.inputs, judged.inputs, model.immutable)
        if operation == "create" or any(one.replaces for one in found):
            return self._replace(judge, record, judged.inputs)
        request = Request("update", record.urn, record.type, record.scope, judged.inputs, record)
        return Verdict("update", tuple(self._laws(judge, request, judged)), same=not found)

    def _laws(self, judge: Judge, request: Request, judged: Any) -> list[Refusal]:
        world = StoreWorld(self._store, keep=False)
        return [*judged.refusals, *judge.laws(request, world, bool(judged.refusals))]

    def _replace(self, judge: Judge, record: Record, inputs: Mapping[str, Any]) -> Verdict:
        model = judge.type_model(record.type, inputs)
        request = Request("create", record.urn, record.type, record.scope, inputs)
        keys = unique_key(model, record.scope, record.inputs), unique_key(model, record.scope, inputs)
        old = self._store.find(record.type, record.id, record.scope)
        refusals: list[Refusal] = []
        with contextlib.suppress(_RolledBackError), self._store.effect() as connection:
            if old is not None and keys[0] is not None and keys[0] == keys[1]:
                self._store.delete(connection, old.number)
            world = StoreWorld(self._store, keep=False)
            refusals += judge.laws(request, world, False)
            if not refusals:
                id_ = model.identify(request, world)
                taken = self._store.find(record.type, id_, record.scope)
                if taken is not None and taken.record.scope == record.scope and not model.adopts:
                    message = f"{record.type} '{id_}' exists already (made by {taken.record.urn})"
                    refusals.append(Refusal("law", "already-exists", message))
            raise _RolledBackError
        return Verdict("replace", tuple(refusals))

    def delete(self, record: Record) -> Verdict:
        """Judge the deletion of what exists."""
        request = Request("delete", record.urn, record.type, record.scope, record.inputs, record)
        world = StoreWorld(self._store, keep=False)
        return Verdict("delete", tuple(self.judge_of(record.type).laws(request, world, False)))

    def unmutated(self) -> list[tuple[Record, Verdict]]:
        """Records that are refused, or seen as changed, though nothing was changed: each one is a defect."""
        judged = [(record, self.judge(record, record.inputs)) for record in self.records]
        return [(record, one) for record, one in judged if one.refusals or one.crash or not one.same]
