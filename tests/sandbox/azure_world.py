"""A small world for Azure's laws: records in a list."""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.clouds.azure import MODEL
from sandbox.contract import Record, Refusal, Request, Scope

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
OTHER = "22222222-2222-3333-4444-555555555555"
TENANT = "99999999-8888-7777-6666-555555555555"
GROUP = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
SCOPE = Scope("azure", SUBSCRIPTION, "westeurope")
ROLE = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/"
Inputs = dict[str, Any]


def token(type: str) -> str:
    return f"azure-native:{type}"


def _strings(value: Any) -> set[str]:
    if isinstance(value, Mapping):
        return {s for one in value.values() for s in _strings(one)}
    if isinstance(value, list | tuple):
        return {s for one in value for s in _strings(one)}
    return {value} if isinstance(value, str) else set()


class World:
    """The contract's World over a list."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def find(self, type: str, id: str, scope: Scope | None = None) -> Record | None:
        return next((r for r in self.all(type, scope) if r.id == id), None)

    def all(self, type: str, scope: Scope | None = None) -> Sequence[Record]:
        return [r for r in self.records if r.type == type and (scope is None or r.scope.account == scope.account)]

    def by_output(self, name: str, value: Any, type: str = "") -> Sequence[Record]:
        return [r for r in self.records if r.outputs.get(name) == value and type in ("", r.type)]

    def mentions(self, value: str) -> Sequence[Record]:
        return [r for r in self.records if value in _strings(r.inputs)]

    def sequence(self, name: str) -> int:
        return len(name)

    def judge(
        self, operation: str, type: str, inputs: Inputs, old: Record | None = None, scope: Scope = SCOPE
    ) -> list[Refusal]:
        """Every refusal of the laws of a type."""
        model = MODEL.types[token(type)]
        name = old.urn.rpartition("::")[2] if old else "it"
        request = Request(
            operation, f"urn:pulumi:s::p::{token(type)}::{name}", token(type), scope, model.normalize(inputs), old
        )
        return [refusal for law in model.laws for refusal in law(request, self)]

    def add(self, type: str, inputs: Inputs, scope: Scope = SCOPE) -> Record:
        """Make a resource, whatever the laws say."""
        model = MODEL.types[token(type)]
        request = Request(
            "create",
            f"urn:pulumi:s::p::{token(type)}::{len(self.records)}",
            token(type),
            scope,
            model.normalize(inputs),
        )
        made = model.identify(request, self)
        record = Record(request.urn, request.type, made, scope, request.inputs, model.outputs(request, self, made))
        self.records.append(record)
        return record


def changed(inputs: Inputs, changes: Sequence[tuple[str, Any]]) -> Inputs:
    """Inputs with the values at dotted paths replaced, or taken away where the value is `...`."""
    for path, value in changes:
        *above, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        place: Any = inputs
        for part in above:
            place = place[part] if isinstance(part, int) else place.setdefault(part, {})
        if value is ...:
            del place[last]
        elif isinstance(last, int) and last == len(place):
            place.append(value)
        else:
            place[last] = value
    return inputs
