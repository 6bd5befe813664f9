"""What happens to resources: checked, compared, created, read, updated, deleted.

Owns      the effects, each one a single transaction in which it is judged too: nothing changes between the two.
Refuses   the wire: structs come and go in sandbox/provider.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import grpc
from google.protobuf import any_pb2, struct_pb2
from pulumi.runtime.proto import provider_pb2, status_pb2

from sandbox import diff, wire
from sandbox.backing import Backing, Nothing
from sandbox.contract import UNKNOWN, CloudModel, Properties, Record, Refusal, Request, Scope
from sandbox.faults import Faults, PartialError
from sandbox.judge import Judge, unique_key
from sandbox.sdk.types import resource_type
from sandbox.store import Row, Store, strings
from sandbox.wire import Plain
from sandbox.world import StoreWorld

UNKNOWN_BYTES = wire.UNKNOWN_ON_WIRE.encode()
Secrets = frozenset[wire.Path]
_ENGINES_OWN = frozenset({"id", "urn"})


@dataclass(frozen=True)
class Target:
    """Which resource a call is about, and for whom."""

    urn: str
    type: str
    scope: Scope


class RefusedError(Exception):
    """A judge, or the absence of the thing, refuses the call."""

    def __init__(
        self,
        refusals: Iterable[Refusal],
        secret_texts: Iterable[str] = (),
        status: grpc.StatusCode = grpc.StatusCode.INVALID_ARGUMENT,
    ) -> None:
        self.refusals = list(refusals)
        self.secret_texts = list(secret_texts)
        self.status = status
        super().__init__("; ".join(one.message for one in self.refusals))


class InitFailedError(Exception):
    """The effect is there and the call fails all the same; the engine is told what is there."""

    def __init__(self, record: Record, inputs: struct_pb2.Struct, secrets: Secrets, reason: str) -> None:
        self.record, self.inputs, self.secrets, self.reason = record, inputs, secrets, reason
        super().__init__(reason)

    def answer(self, context: grpc.ServicerContext) -> Any:
        """Fail the call with the state as detail, so that the engine keeps the resource."""
        detail = any_pb2.Any()
        properties = wire.write(self.record.outputs, self.secrets)
        failed = provider_pb2.ErrorResourceInitFailed(
            id=self.record.id, properties=properties, reasons=[self.reason], inputs=self.inputs
        )
        detail.Pack(failed)
        status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=self.reason, details=[detail])
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
        return context.abort(grpc.StatusCode.UNKNOWN, self.reason)


class Resources:
    """The resources of one cloud."""

    def __init__(self, model: CloudModel, store: Store, backing: Backing | None = None) -> None:
        self.store = store
        self.judge = Judge(model)
        self.backing: Backing = backing or Nothing()
        self.faults = Faults(store, model.provider)

    def check(self, target: Target, plain: Plain, digest: bytes, olds: Properties) -> list[Refusal]:
        """Everything that any judge has against the inputs."""
        judged = self.judge.static(target.type, digest, plain)
        old = self._old_of(target, olds, judged.inputs)
        request = Request("check", target.urn, target.type, target.scope, judged.inputs, old)
        laws = self.judge.laws(request, StoreWorld(self.store, keep=False), bool(judged.refusals))
        return [*judged.refusals, *laws]

    def _old_of(self, target: Target, olds: Properties, news: Properties) -> Record | None:
        """What the checked inputs may already be: a check is sent with neither an id nor a word on why.

        The newest with the same URN (during a replacement there are two). A renamed resource has another URN here, and
        an imported one whatever its maker gave it: those are found by equal inputs, so that no law takes a thing for
        its own neighbour. A real duplicate passes here therefore, and is refused when it is created.
        """
        rows = self.store.rows("urn = ? AND type = ? AND account = ?", (target.urn, target.type, target.scope.account))
        if rows:
            return rows[-1].record
        inputs = self.judge.type_model(target.type, olds).normalize(olds) if olds else news
        text = max((value for value, _ in strings(inputs)), key=len, default=None)
        if text is None or wire.has_unknown(inputs):
            return None
        where = "type = ? AND account = ? AND number IN (SELECT number FROM strings WHERE value = ? AND side = 'input')"
        found = self.store.rows(where, (target.type, target.scope.account, text))
        return next((row.record for row in found if row.record.inputs == inputs), None)

    def diff(
        self, target: Target, old: struct_pb2.Struct, new: struct_pb2.Struct, ignore: Iterable[str]
    ) -> tuple[list[diff.Change], bool]:
        """Changed paths, and whether a replacement must delete first, because the names of both are the same."""
        digests = wire.digest(old), wire.digest(new)
        if digests[0] == digests[1] and UNKNOWN_BYTES not in new.SerializeToString():
            return [], False
        before = self.judge.static(target.type, digests[0], wire.read(old)).inputs
        after = self.judge.static(target.type, digests[1], wire.read(new)).inputs
        model = self.judge.type_model(target.type, after)
        found = diff.changes(before, after, model.immutable, ignore)
        names = unique_key(model, target.scope, before), unique_key(model, target.scope, after)
        return found, names[0] is not None and names[0] == names[1]

    def preview_create(self, target: Target, plain: Plain, digest: bytes) -> Properties:
        """Inputs as the vendor will return them; whatever else it will tell is not known yet."""
        inputs = self.judge.static(target.type, digest, plain).inputs
        self._accept(self.backing.preview(Request("create", target.urn, target.type, target.scope, inputs)), plain)
        unknown = {name: UNKNOWN for name in self.judge.outputs(target.type) if name not in _ENGINES_OWN}
        return {**unknown, **self._given_back(target, inputs)}

    def _given_back(self, target: Target, inputs: Properties) -> Properties:
        """The inputs that are outputs as they stand."""
        reshaped = self.judge.type_model(target.type, inputs).reshaped
        return {name: value for name, value in inputs.items() if name not in reshaped}

    def create(self, target: Target, plain: Plain, digest: bytes) -> tuple[Record, Secrets]:
        """Make the resource."""
        judged = self.judge.static(target.type, digest, plain)
        model = self.judge.type_model(target.type, judged.inputs)
        hits = self.faults.draw("create", target.type)
        self.faults.before(hits)
        self.backing.ready(target.scope)
        request = Request("create", target.urn, target.type, target.scope, judged.inputs)
        with self.store.effect() as connection:
            world = StoreWorld(self.store, keep=True)
            over = self.faults.over_quota(hits, target.type, target.scope.account)
            laws = self.judge.laws(request, world, bool(judged.refusals))
            self._accept([*judged.refusals, *laws, *([over] if over else [])], plain)
            id_ = model.identify(request, world)
            exists = self._in_the_way(target, id_)
            if exists and not model.adopts:
                message = f"{target.type} '{id_}' exists already (made by {exists.record.urn})"
                self._accept([Refusal("law", "already-exists", message)], plain)
            outputs = dict(model.outputs(request, world, id_))
            record = Record(target.urn, target.type, id_, target.scope, dict(judged.inputs), outputs)
            record, told = self.backing.apply(request, record)
            self._accept(told, plain)
            secrets = _secrets(plain.secrets, model.secrets)
            if exists:
                self.store.replace(connection, exists.number, record, secrets)
            else:
                self.store.insert(connection, record, secrets)
        self._after(hits, record, plain, secrets)
        return record, secrets

    def read(self, target: Target, id: str, known: Plain) -> tuple[Record, Properties, Secrets] | None:
        """The resource as it is. Inputs stay as the engine has them wherever the cloud agrees with them."""
        self.faults.before(self.faults.draw("read", target.type))
        row = self.store.find(target.type, id, target.scope)
        if row is None:
            return None
        record = self.backing.read(row.record)
        if record is None:
            with self.store.effect() as connection:
                self.store.delete(connection, row.number)
            return None
        record = self._observed(row, record)
        if not known.values:
            return record, self._inputs_only(target.type, record), row.secrets
        model = self.judge.type_model(target.type, known.values)
        normal = model.normalize(known.values)
        inputs = {}
        for key, value in known.values.items():
            if key not in record.inputs:
                continue  # somebody took it away behind the engine's back
            same = not diff.changes({key: normal.get(key)}, {key: record.inputs[key]})
            inputs[key] = value if same else record.inputs[key]
        for key, value in record.inputs.items():
            if key not in known.values and diff.changes({key: normal.get(key)}, {key: value}):
                inputs[key] = value
        return record, inputs, row.secrets | known.secrets

    def _observed(self, row: Row, record: Record) -> Record:
        """The record with what the cloud now says of it and others; kept, so that the file says the same."""
        observed = self.judge.type_model(record.type, record.inputs).observed
        seen = observed(record, StoreWorld(self.store, keep=False)) if observed else {}
        if not diff.changes({key: record.outputs.get(key) for key in seen}, seen):
            return record
        record = replace(record, outputs={**record.outputs, **seen})
        with self.store.effect() as connection:
            self.store.replace(connection, row.number, record, row.secrets)
        return record

    def _inputs_only(self, token: str, record: Record) -> Properties:
        kind = resource_type(self.judge.model.sdk, token)
        if kind is None:
            return record.inputs
        allowed = kind.shapes[kind.root].properties
        return {key: value for key, value in record.inputs.items() if key in allowed}

    def preview_update(self, target: Target, id: str, plain: Plain, digest: bytes) -> tuple[Properties, Secrets]:
        """Outputs after an update; what depends on unknown inputs keeps its old value or is unknown."""
        row = self._existing(target, id)
        inputs = self.judge.static(target.type, digest, plain).inputs
        model = self.judge.type_model(target.type, inputs)
        secrets = _secrets(plain.secrets, model.secrets)
        if wire.has_unknown(inputs):
            return {**row.record.outputs, **self._given_back(target, inputs)}, secrets
        request = Request("update", target.urn, target.type, target.scope, inputs, row.record)
        self._accept(self.backing.preview(request), plain)
        return model.outputs(request, StoreWorld(self.store, keep=False), id), secrets

    def update(self, target: Target, id: str, plain: Plain, digest: bytes) -> tuple[Record, Secrets]:
        """Change the resource in place."""
        judged = self.judge.static(target.type, digest, plain)
        model = self.judge.type_model(target.type, judged.inputs)
        hits = self.faults.draw("update", target.type)
        self.faults.before(hits)
        self.backing.ready(target.scope)
        with self.store.effect() as connection:
            row = self._existing(target, id)
            world = StoreWorld(self.store, keep=True)
            request = Request("update", target.urn, target.type, row.record.scope, judged.inputs, row.record)
            self._accept([*judged.refusals, *self.judge.laws(request, world, bool(judged.refusals))], plain)
            outputs = dict(model.outputs(request, world, id))
            record = Record(target.urn, target.type, id, row.record.scope, dict(judged.inputs), outputs)
            record, told = self.backing.apply(request, record)
            self._accept(told, plain)
            secrets = _secrets(plain.secrets, model.secrets)
            self.store.replace(connection, row.number, record, secrets)
        self._after(hits, record, plain, secrets)
        return record, secrets

    def delete(self, target: Target, id: str) -> str:
        """Remove the resource; that it is gone already is what was wanted."""
        hits = self.faults.draw("delete", target.type)
        self.faults.before(hits)
        self.backing.ready(target.scope)
        with self.store.effect() as connection:
            row = self.store.find(target.type, id, target.scope)
            if row is None:
                return "absent"
            world = StoreWorld(self.store, keep=True)
            request = Request("delete", target.urn, target.type, row.record.scope, row.record.inputs, row.record)
            refusals = self.judge.laws(request, world, False) or self.backing.delete(row.record)
            if refusals:
                raise RefusedError(refusals, status=grpc.StatusCode.FAILED_PRECONDITION)
            if not self.judge.type_model(target.type, row.record.inputs).outlives_delete:
                self.store.delete(connection, row.number)
        try:
            self.faults.after(hits)
        except PartialError as partial:
            raise RefusedError(
                [Refusal("law", "internal-error", str(partial))], status=grpc.StatusCode.UNKNOWN
            ) from partial
        return id

    def _existing(self, target: Target, id: str) -> Row:
        row = self.store.find(target.type, id, target.scope)
        if row is None:
            message = f"{target.type} '{id}' does not exist in account '{target.scope.account}': run a refresh"
            raise RefusedError([Refusal("law", "not-found", message)], status=grpc.StatusCode.NOT_FOUND)
        return row

    def _in_the_way(self, target: Target, id: str) -> Row | None:
        row = self.store.find(target.type, id, target.scope)
        return row if row is not None and row.record.scope == target.scope else None

    @staticmethod
    def _accept(refusals: list[Refusal], plain: Plain) -> None:
        if refusals:
            raise RefusedError(refusals, wire.secret_texts(plain.values, plain.secrets))

    def _after(self, hits: list[Any], record: Record, plain: Plain, secrets: Secrets) -> None:
        try:
            self.faults.after(hits)
        except PartialError as partial:
            raise InitFailedError(record, wire.write(plain.values, plain.secrets), secrets, str(partial)) from partial


def _secrets(given: Secrets, computed: Iterable[str]) -> Secrets:
    return given | {tuple(path.split(".")) for path in computed}
