"""A resolved mapping against its model: pydantic's errors told at the user's line, in the user's words.

Owns      the translation of a validation error into a Problem: code, position, what is allowed, nearest right key.
Refuses   laws: a value that is fine alone but wrong beside another is `stacks/check`'s.
"""

import types
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from components.model import Spec
from stacks.nearest import nearest
from stacks.problem import Problem
from stacks.resolve import Path, Resolved

M = TypeVar("M", bound=Spec)

CODES: Mapping[str, str] = {
    "extra_forbidden": "unknown-key",
    "missing": "missing-key",
    "literal_error": "bad-choice",
    "string_pattern_mismatch": "bad-format",
    "greater_than_equal": "out-of-range",
    "greater_than": "out-of-range",
    "less_than_equal": "out-of-range",
    "less_than": "out-of-range",
    "multiple_of": "out-of-range",
    "too_short": "wrong-length",
    "too_long": "wrong-length",
    "string_too_short": "wrong-length",
    "string_too_long": "wrong-length",
}
"""pydantic's error types -> ours. Types with a hyphen are ours already; all others are `wrong-type`."""

_WORDS = {
    "int_type": "a whole number",
    "float_type": "a number",
    "string_type": "text",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "int_from_float": "a whole number",
}


def validate(model: type[M], resolved: Resolved) -> M | tuple[Problem, ...]:
    """The validated, frozen spec; or every problem of it, each at the place that supplied the value."""
    try:
        return model.model_validate(resolved.data)
    except ValidationError as error:
        return tuple(problems(error, model, resolved))


def problems(
    error: ValidationError, model: type[BaseModel], resolved: Resolved, *, skip: Iterable[str] = ()
) -> Iterable[Problem]:
    """The problems in a validation error; `skip` names codes that do not count (`missing-key` in a partial file)."""
    items = error.errors(include_url=False)
    within = {item["loc"][:length] for item in items for length in range(len(item["loc"]))}
    for item in items:
        if item["type"] == "too_short" and item["loc"] in within:
            continue  # pydantic counts the items that are fine; those that are not have an error of their own
        code = CODES.get(item["type"], item["type"] if "-" in item["type"] else "wrong-type")
        if code in skip:
            continue
        path, parent = _walk(resolved.data, item["loc"])
        file, line, column = resolved.position(
            path, key=code in {"unknown-key", "missing-key"} or "[key]" in item["loc"]
        )
        message, allowed, hint = _say(code, dict(item), path, _keys(model, parent))
        yield Problem(file, line, column, code, message, allowed, hint)


def _walk(data: Any, loc: tuple[str | int, ...]) -> tuple[Path, Path]:
    """The document's path for pydantic's `loc` (which also names union members), and the path of its mapping."""
    path: list[str | int] = []
    here: Any = data
    for n, part in enumerate(loc):
        last = n == len(loc) - 1
        if last and part == "[key]":
            break
        try:
            here = here[part]
        except (KeyError, IndexError, TypeError):
            if last:
                return (*path, part), tuple(path)
            continue
        path.append(part)
    return tuple(path), tuple(path[:-1])


def _say(code: str, item: dict[str, Any], path: Path, keys: list[str]) -> tuple[str, str, str]:
    """Message, what is allowed, hint."""
    where = ".".join(map(str, path[:-1]))
    inside = f" in {where}" if where else ""
    name = str(path[-1]) if path else "the file"
    wrong = f"'{name}' is {_show(item['input'])}{inside}"
    plain = item["msg"].removeprefix("Input should be ")
    match code:
        case "unknown-key":
            return f"unknown key '{name}'{inside}", ", ".join(keys), nearest(name, keys)
        case "missing-key":
            return f"'{name}' is missing{inside}", "", f"add '{name}:'"
        case "bad-choice":
            choices = str(item["ctx"]["expected"]).replace(" or ", ", ").replace("'", "")
            return wrong, choices, nearest(str(item["input"]), choices.split(", "))
        case "bad-format" | "out-of-range" | "wrong-length":
            return wrong, _bound(item["ctx"], plain), ""
        case "wrong-type":
            quote = item["type"] == "string_type" and isinstance(item["input"], int | float | bool)
            hint = f'put it in quotes: "{item["input"]}"' if quote else ""
            return wrong, _WORDS.get(item["type"], plain.removeprefix("a valid ").lower()), hint
    return f"'{name}'{inside}: {item['msg']}", "", ""


def _bound(context: dict[str, Any], plain: str) -> str:
    """What a pattern, a range or a length allows."""
    if "pattern" in context:
        return f"text that matches {context['pattern']}"
    if "field_type" in context:
        least = "min_length" in context
        return f"a list of at {'least' if least else 'most'} {context['min_length' if least else 'max_length']}"
    return plain.lower()


def _show(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    kind = {dict: "a mapping", type(None): "empty"}.get(type(value))
    text = kind or (str(value).lower() if isinstance(value, bool) else repr(value))
    return text if len(text) <= 60 else f"{text[:57]}…"


def _keys(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that the mapping at `path` may have; empty where the models do not say."""
    kinds: list[Any] = [model]
    for part in path:
        kinds = [inner for kind in kinds for inner in _inside(kind, part)]
    return sorted({name for kind in kinds if isinstance(kind, type) for name in getattr(kind, "model_fields", ())})


def _inside(kind: Any, part: str | int) -> list[Any]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        field = kind.model_fields.get(str(part))
        return _members(field.annotation) if field else []
    if get_origin(kind) in {dict, tuple, list}:
        return [inner for argument in get_args(kind)[-2:] for inner in _members(argument) if argument is not ...]
    return []


def _members(annotation: Any) -> list[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _members(get_args(annotation)[0])
    if origin in {Union, types.UnionType}:
        return [inner for member in get_args(annotation) for inner in _members(member)]
    return [annotation]
