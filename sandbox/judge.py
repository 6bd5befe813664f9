"""The order in which a request is judged: the vendor's SDK types, the cloud's API model, the cloud's laws.

Owns      collecting every refusal of one resource at once, and the generic laws that a `TypeModel` states as data.
Refuses   to remember verdicts that depend on the world: only the first two judges' are kept, by digest of the inputs.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.api.judge import judge as judge_api
from sandbox.contract import UNKNOWN, CloudModel, Record, Refusal, Request, Scope, TypeModel, World
from sandbox.models import unmodelled
from sandbox.sdk.judge import judge as judge_sdk
from sandbox.sdk.judge import nearest
from sandbox.sdk.types import resource_type, tokens
from sandbox.wire import Plain
from sandbox.world import StoreWorld

_REMEMBERED = 4096


@dataclass(frozen=True)
class Judged:
    """What the judges that need no world say of one resource's inputs."""

    inputs: Mapping[str, Any]
    """Normalised as the vendor would; as given where the types are wrong."""
    refusals: tuple[Refusal, ...]


class Judge:
    """Judges the resources of one cloud."""

    def __init__(self, model: CloudModel) -> None:
        self.model = model
        self._known: OrderedDict[tuple[str, bytes], Judged] = OrderedDict()
        self._lock = threading.Lock()

    def type_model(self, token: str, inputs: Mapping[str, Any]) -> TypeModel:
        """The cloud's model of a type, or the stand-in where only the SDK judges it."""
        return self.model.find(token, inputs) or unmodelled(token)

    def outputs(self, token: str) -> tuple[str, ...]:
        """Names of the outputs that the SDK expects of a type."""
        kind = resource_type(self.model.sdk, token)
        return kind.outputs if kind else ()

    def static(self, token: str, digest: bytes, plain: Plain) -> Judged:
        """SDK and API model; the same inputs are judged once."""
        key = (token, digest)
        with self._lock:
            known = self._known.get(key)
            if known is not None:
                self._known.move_to_end(key)
                return known
        judged = self._judge_static(token, plain.values)
        with self._lock:
            self._known[key] = judged
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return judged

    def _judge_static(self, token: str, values: Mapping[str, Any]) -> Judged:
        kind = resource_type(self.model.sdk, token)
        if kind is None:
            open_model = self.model.find(token, values)
            if open_model is None:
                return Judged(values, (self._unknown_type(token),))
            return Judged(open_model.normalize(values), ())
        refusals = judge_sdk(kind, values)
        model = self.type_model(token, values)
        if model.api is not None:
            told = {refusal.path for refusal in refusals}
            refusals += [one for one in judge_api(model.api, values) if one.path not in told]
        if any(refusal.judge == "sdk" for refusal in refusals):
            return Judged(values, tuple(refusals))
        return Judged(model.normalize(values), tuple(refusals))

    def _unknown_type(self, token: str) -> Refusal:
        close = nearest(token, tokens(self.model.sdk))
        hint = f": did you mean '{close}'?" if close else ""
        return Refusal("sdk", "unknown-type", f"the {self.model.sdk} SDK has no resource type '{token}'{hint}")

    def laws(self, request: Request, world: StoreWorld, refused: bool) -> list[Refusal]:
        """The cloud's laws; `refused` says that a judge before them has found the inputs wrong."""
        model = self.type_model(request.type, request.inputs)
        refusals: list[Refusal] = []
        for law in model.laws:
            try:
                refusals += law(request, world)
            except Exception:
                # A law may rely on the types that the SDK promises; where they are wrong that has been said already.
                if not refused:
                    raise
        if request.operation == "delete":
            refusals += _in_use(request, model, world)
        elif request.operation in ("create", "update"):
            refusals += _not_unique(request, model, world)
        return refusals


def _in_use(request: Request, model: TypeModel, world: StoreWorld) -> Iterator[Refusal]:
    if not model.in_use_code or request.old is None:
        return
    users = world.users(request.old)
    if users:
        named = ", ".join(f"{user.type} '{user.id}'" for user in users[:5]) + (" …" if len(users) > 5 else "")
        message = f"{request.type} '{request.old.id}' is in use by {named}: delete what uses it first"
        yield Refusal("law", model.in_use_code, message)


def value_at(values: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path of mappings; None where there is none."""
    value: Any = values
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def unique_key(model: TypeModel, scope: Scope, inputs: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """What must be unique about a resource, with the place in which it must be; None where it is not known."""
    values = tuple(value_at(inputs, path) for path in model.unique)
    if not values or any(value is UNKNOWN for value in values) or all(value is None for value in values):
        return None
    if model.unique_in == "cloud":
        return values
    if model.unique_in == "region":
        return (scope.account, scope.region, *values)
    if model.unique_in.startswith("parent:"):
        parent = value_at(inputs, model.unique_in.removeprefix("parent:"))
        return None if parent is UNKNOWN else (scope.account, parent, *values)
    return (scope.account, *values)


def _not_unique(request: Request, model: TypeModel, world: World) -> Iterator[Refusal]:
    key = unique_key(model, request.scope, request.inputs)
    if key is None or model.adopts:
        return
    text = next((value_at(request.inputs, path) for path in model.unique), None)
    # Texts are indexed; anything else is rare enough to be looked for one by one.
    others = world.mentions(text) if isinstance(text, str) else world.all(request.type)
    for other in others:
        if other.type != request.type or _same(other, request.old):
            continue
        if unique_key(model, other.scope, other.inputs) == key:
            said = ", ".join(f"{path} {value_at(request.inputs, path)!r}" for path in model.unique)
            message = f"{request.type} with {said} exists already as '{other.id}' (made by {other.urn})"
            yield Refusal("law", "already-exists", message, tuple(model.unique[0].split(".")))
            return


def _same(record: Record, old: Record | None) -> bool:
    return old is not None and (record.type, record.id, record.scope) == (old.type, old.id, old.scope)
