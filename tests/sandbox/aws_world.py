"""A world in memory, and the shortest way to make AWS resources in it: judged, normalised, identified."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.api.judge import judge as judge_api
from sandbox.clouds.aws import MODEL
from sandbox.contract import Record, Refusal, Request, Scope

ACCOUNT = "111122223333"
HERE = Scope("aws", ACCOUNT, "eu-west-1")


def kind_of(token: str) -> str:
    """Class name of a type; those of transit gateways, which EC2 has too, begin with `Transit`."""
    _provider, module, name = token.split(":")
    return f"Transit{name}" if module.startswith("ec2transitgateway/") and not name.startswith("Transit") else name


TOKENS = {kind_of(token): token for token in MODEL.types}
"""Class name -> token: no two types of the model share one."""


def strings(value: Any) -> Sequence[str]:
    """All texts in a value."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for item in value.values() for text in strings(item)]
    return [text for item in value for text in strings(item)] if isinstance(value, list | tuple) else []


@dataclass
class World:
    """The contract's world over a list."""

    records: list[Record] = field(default_factory=list)
    sequences: dict[str, int] = field(default_factory=dict)

    def find(self, type: str, id: str, scope: Scope | None = None) -> Record | None:
        found = [r for r in self.all(type, scope) if r.id == id]
        return found[0] if found else None

    def all(self, type: str, scope: Scope | None = None) -> Sequence[Record]:
        return [r for r in self.records if r.type == type and (scope is None or r.scope.account == scope.account)]

    def by_output(self, name: str, value: Any, type: str = "") -> Sequence[Record]:
        return [r for r in self.records if r.outputs.get(name) == value and type in ("", r.type)]

    def mentions(self, value: str) -> Sequence[Record]:
        return [r for r in self.records if value in strings(r.inputs)]

    def sequence(self, name: str) -> int:
        self.sequences[name] = self.sequences.get(name, 0) + 1
        return self.sequences[name]

    def refusals(
        self,
        kind: str,
        inputs: Mapping[str, Any],
        *,
        name: str = "new",
        scope: Scope = HERE,
        old: Record | None = None,
        operation: str = "create",
    ) -> list[Refusal]:
        """What the API model and the laws say."""
        model = MODEL.types[TOKENS[kind]]
        api = judge_api(model.api, inputs) if model.api and operation != "delete" else []
        request = Request(operation, f"urn:{kind}:{name}", model.token, scope, model.normalize(inputs), old)
        return [*api, *(refusal for law in model.laws for refusal in law(request, self))]

    def make(self, kind: str, mark: str = "it", /, scope: Scope = HERE, **inputs: Any) -> Record:
        """Create a resource that must be accepted."""
        refused = self.refusals(kind, inputs, name=mark, scope=scope)
        assert not refused, refused
        model = MODEL.types[TOKENS[kind]]
        request = Request("create", f"urn:{kind}:{mark}", model.token, scope, model.normalize(inputs))
        id_ = model.identify(request, self)
        made = Record(request.urn, model.token, id_, scope, request.inputs, model.outputs(request, self, id_))
        self.records.append(made)
        return made

    def update(self, old: Record, **changed: Any) -> Record:
        """Change a resource that must be accepted."""
        model = MODEL.types[old.type]
        inputs = model.normalize({**old.inputs, **changed})
        request = Request("update", old.urn, old.type, old.scope, inputs, old)
        refused = [refusal for law in model.laws for refusal in law(request, self)]
        assert not refused, refused
        new = Record(old.urn, old.type, old.id, old.scope, inputs, model.outputs(request, self, old.id))
        self.records[self.records.index(old)] = new
        return new

    def refused_update(self, old: Record, **changed: Any) -> list[Refusal]:
        kind = kind_of(old.type)
        name = old.urn.rpartition(":")[2]
        return self.refusals(kind, {**old.inputs, **changed}, name=name, scope=old.scope, old=old, operation="update")

    def refused_delete(self, old: Record) -> list[Refusal]:
        kind = kind_of(old.type)
        return self.refusals(kind, old.inputs, name=old.urn, scope=old.scope, old=old, operation="delete")
