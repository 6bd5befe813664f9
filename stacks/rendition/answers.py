"""What a cloud would answer to a registration: the inputs, and something recognisable for each value that it computes.

Owns      stand-ins for computed values, by the types that the provider's SDK declares, the same on every run.
Refuses   knowledge of clouds: what a provider's function answers stands in the cloud's own folder (`Cloud.answers`).
"""

import importlib
import types
import typing
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

from pulumi import Output, _types
from pulumi.runtime import mocks, rpc

from components import catalog

DEEPEST = 3
"""How far into a value of a resource stand-ins are made: components read `certificate_authority.data`, not deeper."""


class AsksTheCloudError(Exception):
    """A program that calls a function of a provider: what it registers then depends on more than the fleet."""


class Answering(mocks.Mocks):
    """Answers for any program of the fleet."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Id and state of a resource: its inputs over stand-ins for what is computed."""
        computed = {key: _stand_in(kind, f"{args.name}.{key}", DEEPEST) for key, kind in _outputs(args.typ).items()}
        return f"{args.name}-id", _over(computed, args.inputs)

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """The result of a function of a provider, where its cloud has an answer."""
        for entry in catalog.clouds().values():
            found: Mapping[str, Any] | None = (
                catalog.load(entry.answers)(args.token, args.args) if entry.answers else None
            )
            if found is not None:
                return dict(found), []
        raise AsksTheCloudError(f"the program asks the cloud: {args.token}")


@cache
def _outputs(token: str) -> Mapping[str, Any]:
    """Name and type of each output of a resource, as its SDK declares them; none for components and unknown types."""
    package, _, rest = token.partition(":")
    module = rest.partition(":")[0]
    for key, modules in rpc._RESOURCE_MODULES.items():
        if key != f"{package}:{module}":
            continue
        for each in modules:
            info = getattr(each, "mod_info", {})
            if token in info.get("classes", {}):
                found = importlib.import_module(info["fqn"])
                return _types.resource_types(getattr(found, info["classes"][token]))
    return {}


@cache
def _fields(kind: type) -> Mapping[str, Any]:
    return _types.output_type_types(kind)


def _stand_in(kind: Any, what: str, deep: int) -> Any:  # noqa: PLR0911 - one line a form of type
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Output or origin is Union or origin is types.UnionType:
        return _stand_in(next((each for each in inside if each is not type(None)), str), what, deep)
    if origin is typing.Annotated:
        return _stand_in(inside[0], what, deep)
    if origin is Literal:
        return inside[0]
    if origin in (list, tuple) or (origin and issubclass(origin, typing.Sequence)):
        return [_stand_in(inside[0], f"{what}[0]", deep - 1)] if deep else []
    if origin in (dict,) or (origin and issubclass(origin, Mapping)):
        return {}
    if kind is bool:
        return False
    if kind in (int, float):
        return 0
    if isinstance(kind, type) and _types.is_output_type(kind):
        inner = _fields(kind) if deep else {}
        return {key: _stand_in(each, f"{what}.{key}", deep - 1) for key, each in inner.items()}
    return what


def _over(low: Mapping[str, Any], high: Mapping[str, Any]) -> dict[str, Any]:
    """What was given stays; mappings meet key by key."""
    merged = dict(low)
    for key, value in high.items():
        under = merged.get(key)
        if isinstance(under, dict) and isinstance(value, Mapping):
            merged[key] = _over(under, value)
        elif isinstance(under, dict) and isinstance(value, list):
            # A set that is given as a list and comes back as a mapping, as Azure's identities do.
            merged[key] = {str(each): {} for each in value}
        else:
            merged[key] = value
    return merged
