"""What the vendor's Python SDK knows of a resource type: its inputs to any depth, and the names of its outputs.

Owns      token -> class -> input types, read from the SDK's own classes, one type at a time, when first asked for.
Refuses   a whole SDK at once: that takes seconds and hundreds of megabytes a cloud.
          Two names of `pulumi._types` are private; tests/sandbox/test_core_sdk.py pins what they do.
"""

import functools
import importlib
import importlib.util
import inspect
import json
import sys
import threading
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

import pulumi
from pulumi import _types

from sandbox.cache import remembered

ANY = "any"
Type = Any
"""`any`, `str`, `int`, `float`, `bool`, `asset`; or one of these mappings:
{"list": Type}, {"map": Type}, {"object": class name}, {"enum": [values]}, {"union": [Type, …]}."""


@dataclass(frozen=True)
class Shape:
    """An object of the SDK: wire name -> type, and which of them must be given."""

    properties: Mapping[str, Type]
    required: frozenset[str]


@dataclass(frozen=True)
class ResourceType:
    """One resource type. `shapes` holds every object that its inputs reach; `root` is the one of the inputs."""

    token: str
    root: str
    shapes: Mapping[str, Shape]
    outputs: tuple[str, ...]


# Generated modules import one another: two threads that import them at once can meet a half-made module.
_importing = threading.RLock()


def _distributions(sdk: str) -> tuple[str, ...]:
    return (sdk.replace("_", "-"), "pulumi")


@functools.cache
def _classes(sdk: str) -> Mapping[str, tuple[str, str]]:
    """Token -> (module, class name), from the table that the SDK registers with the engine's runtime."""
    found: Mapping[str, tuple[str, str]] = remembered(_distributions(sdk), __file__, "tokens", lambda: _table(sdk))
    return found


def _table(sdk: str) -> Mapping[str, tuple[str, str]]:
    package = importlib.util.find_spec(sdk)
    if package is None or package.origin is None:
        raise LookupError(f"the SDK package '{sdk}' is not installed")
    text = Path(package.origin).read_text(encoding="utf-8")
    start = text.index('resource_modules="""') + len('resource_modules="""')
    modules = json.loads(text[start : text.index('"""', start)])
    return {token: (module["fqn"], name) for module in modules for token, name in module["classes"].items()}


def tokens(sdk: str) -> Mapping[str, tuple[str, str]]:
    """Every resource token of an SDK."""
    return _classes(sdk)


def _arguments(sdk: str, module_name: str, class_name: str) -> tuple[type, type]:
    with _importing:
        cls: type = getattr(importlib.import_module(module_name), class_name)
    module = sys.modules[cls.__module__]
    # `InitArgs` first: where the SDK has both, `Args` is a nested object of the same name, not the resource's inputs.
    for suffix in ("InitArgs", "Args"):
        arguments = getattr(module, class_name + suffix, None)
        if arguments is not None and arguments.__module__ == module.__name__:
            return cls, arguments
    raise LookupError(f"the SDK '{sdk}' has the class {module_name}.{class_name}, but no inputs for it")


def _plumbing(member: Any) -> bool:
    """Whether a member of a union is the SDK's own wrapping (`Output`, `Awaitable`, typed dicts), not a wire type."""
    origin = get_origin(member)
    return (
        member is type(None)
        or member is pulumi.Output
        or origin is pulumi.Output
        or (isinstance(member, typing.ForwardRef) and member.__forward_arg__.startswith("Output["))
        or (inspect.isclass(origin) and origin.__name__ in ("Awaitable", "Coroutine"))
        or (inspect.isclass(member) and typing.is_typeddict(member))
    )


class _Compiler:
    """Collects the objects that one root reaches."""

    def __init__(self) -> None:
        self.shapes: dict[str, Shape] = {}

    def object(self, cls: type) -> str:
        name = f"{cls.__module__}.{cls.__qualname__}"
        if name not in self.shapes:
            self.shapes[name] = Shape({}, frozenset())  # a promise, for types that contain themselves
            hints = _types._raw_return_hints(cls)
            properties = {wire: self.compile(hint) for wire, hint in hints.items()}
            self.shapes[name] = Shape(properties, _types._required_property_names(cls))
        return name

    def compile(self, hint: Any) -> Type:
        origin, args = get_origin(hint), get_args(hint)
        if origin in (Union, types.UnionType):
            return self._union([member for member in args if not _plumbing(member)])
        if origin is Literal:
            return {"enum": list(args)}
        if inspect.isclass(origin) and issubclass(origin, Mapping):
            return {"map": self.compile(args[1])}
        if inspect.isclass(origin) and issubclass(origin, Sequence):
            return {"list": self.compile(args[0])}
        return self._class(hint) if inspect.isclass(hint) else ANY

    def _union(self, members: list[Any]) -> Type:
        compiled: list[Type] = []
        for member in members:
            one = self.compile(member)
            if one == ANY:
                return ANY
            if one not in compiled:
                compiled.append(one)
        if not compiled:
            return ANY
        return compiled[0] if len(compiled) == 1 else {"union": compiled}

    def _class(self, cls: type) -> Type:
        if _types.is_input_type(cls):
            return {"object": self.object(cls)}
        if issubclass(cls, Enum):
            return {"enum": [member.value for member in cls]}
        for known in (bool, int, float, str):
            if issubclass(cls, known):
                return known.__name__
        return "asset" if issubclass(cls, pulumi.Asset | pulumi.Archive) else ANY


def _read(sdk: str, token: str, module_name: str, class_name: str) -> Any:
    """A type as JSON, from the SDK's classes."""
    with _importing:
        cls, arguments = _arguments(sdk, module_name, class_name)
        compiler = _Compiler()
        root = compiler.object(arguments)
        outputs = list(_types.resource_pulumi_to_py_names(cls))
    shapes = {name: [dict(shape.properties), sorted(shape.required)] for name, shape in compiler.shapes.items()}
    return {"token": token, "root": root, "shapes": shapes, "outputs": outputs}


def _compile(sdk: str, token: str, module_name: str, class_name: str) -> ResourceType:
    found = remembered(_distributions(sdk), __file__, token, lambda: _read(sdk, token, module_name, class_name))
    shapes = {name: Shape(properties, frozenset(required)) for name, (properties, required) in found["shapes"].items()}
    return ResourceType(found["token"], found["root"], shapes, tuple(found["outputs"]))


@functools.cache
def resource_type(sdk: str, token: str) -> ResourceType | None:
    """What the SDK knows of a type; None where it has no such type."""
    found = _classes(sdk).get(token)
    return _compile(sdk, token, *found) if found else None


@functools.cache
def provider_type(sdk: str) -> ResourceType:
    """The configuration of the SDK's provider, as a type of its own."""
    return _compile(
        sdk, f"pulumi:providers:{sdk.removeprefix('pulumi_').replace('_', '-')}", f"{sdk}.provider", "Provider"
    )
