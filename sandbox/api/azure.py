"""Azure's own API models, as JSON Schema: what the azure-mgmt packages say of a request's body.

Owns      reading both generations of generated models (typed fields since 2025, attribute maps before), and the one
          thing in which the provider's spelling differs: where a package flattens `properties`, the provider does too.
Refuses   what a path carries (resource group, names, parents): it is not part of a body, and laws judge it.
"""

import datetime
import decimal
import functools
import importlib
import inspect
import re
import types
import typing
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, Literal, get_args, get_origin

Schema = dict[str, Any]

_SCALARS: Mapping[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    bytes: {"type": "string"},
    decimal.Decimal: {"type": "number"},
    datetime.datetime: {"type": "string"},
    datetime.date: {"type": "string"},
    datetime.time: {"type": "string"},
    datetime.timedelta: {"type": "string"},
}
_OLD_SCALARS: Mapping[str, Schema] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "long": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "iso-8601": {"type": "string"},
    "rfc-1123": {"type": "string"},
    "duration": {"type": "string"},
    "bytearray": {"type": "string"},
}
_OLD_RULES = {
    "pattern": "pattern",
    "max_length": "maxLength",
    "min_length": "minLength",
    "maximum": "maximum",
    "minimum": "minimum",
    "max_items": "maxItems",
    "min_items": "minItems",
    "unique": "uniqueItems",
}


@functools.cache
def schema(service: str, shape: str) -> Schema:
    """The schema of a model class, e.g. of `Subnet` in `azure.mgmt.network.models`, with `$defs` for what it reaches.

    Objects are closed (`additionalProperties: false`). A property that only Azure sets is `readOnly`, and nothing below
    it is told. Raises LookupError where the installed package has no such model.
    """
    models = importlib.import_module(service)
    if not inspect.isclass(getattr(models, shape, None)):
        raise LookupError(f"{service} has no model '{shape}'")
    reader = _Reader(models)
    reader.reach(getattr(models, shape))
    return {**reader.found[shape], "$defs": reader.found}


class _Reader:
    """Collects the models that one root reaches, by class name."""

    def __init__(self, models: types.ModuleType) -> None:
        self.models = models
        self.found: dict[str, Schema] = {}

    def reach(self, model: type) -> Schema:
        """A reference to a model, which is read the first time that it is met."""
        name = model.__name__
        if name not in self.found:
            # The place is taken before the members are read: models refer to one another in circles.
            self.found[name] = {}
            properties: dict[str, Schema] = {}
            required: list[str] = []
            for key, value, needed in self._members(model):
                properties[key] = value
                if needed:
                    required.append(key)
            self.found[name] = {
                "title": name,
                "type": "object",
                "properties": properties,
                "required": sorted(required),
                "additionalProperties": False,
            }
        return {"$ref": f"#/$defs/{name}"}

    def _members(self, model: type) -> Iterator[tuple[str, Schema, bool]]:
        if hasattr(model, "_attribute_map"):
            return self._old_members(model)
        return self._new_members(model)

    def _new_members(self, model: Any) -> Iterator[tuple[str, Schema, bool]]:
        hints = typing.get_type_hints(model, localns={"_models": self.models, "datetime": datetime})
        flattened = _flattened(model)
        # The generated base class finds out its fields when the first object is made; an empty one is enough.
        model({})
        for attribute, field in model._attr_to_rest_field.items():
            hint, optional = _without_none(hints[attribute])
            read_only = field._visibility == ["read"]
            if flattened and attribute == "properties" and not read_only:
                # Often optional as a whole, but the provider always sends it.
                yield from self._members(hint)
            elif read_only:
                yield field._rest_name, {"readOnly": True}, False
            else:
                yield field._rest_name, self._of_hint(hint), not optional

    def _of_hint(self, hint: Any) -> Schema:
        hint, _ = _without_none(hint)
        origin, inner = get_origin(hint), get_args(hint)
        if origin is list:
            return {"type": "array", "items": self._of_hint(inner[0])}
        if origin is dict:
            return {"type": "object", "additionalProperties": self._of_hint(inner[1])}
        if origin is Literal:
            return {"type": "string", "enum": [_plain(one) for one in inner]}
        # "str or enum" is how the generator writes every enum, so that old clients survive new values.
        enums = [one for one in (inner or (hint,)) if inspect.isclass(one) and issubclass(one, Enum)]
        if enums:
            return _enum(enums[0])
        if inspect.isclass(hint) and hasattr(hint, "_is_model"):
            return self.reach(hint)
        return dict(_SCALARS.get(hint, {}))

    def _old_members(self, model: Any) -> Iterator[tuple[str, Schema, bool]]:
        for attribute, entry in model._attribute_map.items():
            rules = model._validation.get(attribute, {})
            # `properties.issuer` is how this generation flattens; a dot that belongs to a name is escaped.
            key = entry["key"].replace("\\.", "\0").rpartition(".")[2].replace("\0", ".")
            if rules.get("readonly"):
                yield key, {"readOnly": True}, False
                continue
            value = self._of_text(entry["type"], _parameter(model, attribute))
            value |= {_OLD_RULES[rule]: given for rule, given in rules.items() if rule in _OLD_RULES}
            yield key, value, bool(rules.get("required"))

    def _of_text(self, text: str, hint: str) -> Schema:
        if text.startswith("["):
            return {"type": "array", "items": self._of_text(text[1:-1], hint)}
        if text.startswith("{"):
            return {"type": "object", "additionalProperties": self._of_text(text[1:-1], hint)}
        if text == "str":
            named = re.search(r"_models\.(\w+)", hint)
            enum = getattr(self.models, named[1], None) if named else None
            return _enum(enum) if inspect.isclass(enum) and issubclass(enum, Enum) else {"type": "string"}
        if text in _OLD_SCALARS:
            return dict(_OLD_SCALARS[text])
        model = getattr(self.models, text, None)
        return self.reach(model) if inspect.isclass(model) else {}


def _flattened(model: type) -> bool:
    return any(name.endswith("__flattened_items") for base in model.__mro__ for name in vars(base))


def _without_none(hint: Any) -> tuple[Any, bool]:
    """A hint without `None`, and whether it had it."""
    if get_origin(hint) not in (typing.Union, types.UnionType):
        return hint, False
    members = [one for one in get_args(hint) if one is not type(None)]
    optional = len(members) < len(get_args(hint))
    return (typing.Union[tuple(members)] if len(members) > 1 else members[0]), optional  # noqa: UP007 - built at run time


def _parameter(model: type, attribute: str) -> str:
    """The hint of an attribute in the older generation, whose constructors alone know the enums."""
    found = inspect.signature(model).parameters.get(attribute)
    return str(found.annotation) if found else ""


def _enum(enum: type[Enum]) -> Schema:
    return {"type": "string", "enum": [str(member.value) for member in enum]}


def _plain(value: Any) -> str:
    return str(value.value) if isinstance(value, Enum) else str(value)
