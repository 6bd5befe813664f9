"""Inputs against the cloud's own published API model.

Owns      required members, enums, patterns, lengths, ranges and counts, told at the property that the program wrote.
Refuses   types: providers turn one scalar into another, and the SDK's types have judged the program's already.
"""

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.api.schema import ApiSchema, Schema, load
from sandbox.api.translate import Translated, Where, generic, translate
from sandbox.contract import UNKNOWN, ApiModel, Refusal
from sandbox.sdk.judge import nearest, shown


def judge(model: ApiModel, inputs: Mapping[str, Any]) -> list[Refusal]:
    """Everything in `inputs` that the cloud's API would not take."""
    schema = load(model)
    translated = translate(model, schema, inputs)
    return list(_Judge(model, schema, translated).value(schema.root, translated.document, ()))


class _Judge:
    def __init__(self, model: ApiModel, schema: ApiSchema, translated: Translated) -> None:
        self.model = model
        self.schema = schema
        self.origins = translated.origins

    def value(self, node: Schema, value: Any, api: Where) -> Iterator[Refusal]:
        node = self.schema.resolve(node)
        if value is UNKNOWN or value is None or node.get("readOnly"):
            return
        if isinstance(value, Mapping):
            yield from self._object(node, value, api)
        elif isinstance(value, list):
            yield from self._bounds(node, len(value), api, ("minItems", "maxItems"), "items")
            for index, item in enumerate(value):
                yield from self.value(node.get("items", {}), item, (*api, index))
        elif isinstance(value, str):
            yield from self._string(node, value, api)
        elif not isinstance(value, bool):
            yield from self._bounds(node, value, api, ("minimum", "maximum"), "")

    def _object(self, node: Schema, value: Mapping[str, Any], api: Where) -> Iterator[Refusal]:
        properties = node.get("properties", {})
        extra = node.get("additionalProperties")
        for key, item in value.items():
            if key in properties:
                yield from self.value(properties[key], item, (*api, key))
            elif isinstance(extra, Mapping):
                yield from self.value(node.get("propertyNames", {}), key, (*api, key))
                yield from self.value(extra, item, (*api, key))
        for member in node.get("required", ()):
            if member not in value and generic((*api, member)) not in self.model.constants:
                yield self._missing(member, api)

    def _string(self, node: Schema, value: str, api: Where) -> Iterator[Refusal]:
        allowed = node.get("enum")
        if allowed and value not in allowed:
            close = nearest(value, allowed)
            listed = ", ".join(allowed[:24]) + (f" … ({len(allowed)} in all)" if len(allowed) > 24 else "")
            hint = f"; did you mean '{close}'?" if close else ""
            yield self._refuse("value-not-allowed", f"is {shown(value)}: allowed are {listed}{hint}", api)
        pattern = node.get("pattern")
        if pattern and not matches(pattern, value):
            yield self._refuse("pattern-mismatch", f"is {shown(value)}: it must match {pattern}", api)
        yield from self._bounds(node, len(value), api, ("minLength", "maxLength"), "characters")

    def _bounds(self, node: Schema, number: float, api: Where, names: tuple[str, str], unit: str) -> Iterator[Refusal]:
        least, most = (node.get(name) for name in names)
        said = f"has {number} {unit}" if unit else f"is {number}"
        if least is not None and number < least:
            yield self._refuse("too-small", f"{said}: at least {least:g} is needed", api)
        if most is not None and number > most:
            yield self._refuse("too-large", f"{said}: at most {most:g} is allowed", api)

    def _missing(self, member: str, api: Where) -> Refusal:
        path = (*self._wire(api), self._wire_name(member, api))
        message = f"'{generic(path)}' is missing: {self._told()} requires {generic((*api, member))}"
        return Refusal("api", "missing-required-member", message, path)

    def _refuse(self, code: str, said: str, api: Where) -> Refusal:
        path = self._wire(api)
        return Refusal("api", code, f"'{generic(path)}' {said} (by {self._told()}, {generic(api)})", path)

    def _told(self) -> str:
        return f"{self.model.source} {self.model.service} {self.model.shape}"

    def _wire_name(self, member: str, api: Where) -> str:
        """How the program would write a member that is not there."""
        target = generic((*api, member))
        for wire, renamed in self.model.rename.items():
            if renamed == target:
                return wire.rpartition(".")[2].replace("[]", "")
        return member[:1].lower() + member[1:]

    def _wire(self, api: Where) -> Where:
        """Where the program wrote what stands at an API path; the nearest thing around it, where it wrote nothing."""
        for length in range(len(api), 0, -1):
            origin = self.origins.get(api[:length])
            if origin is not None:
                return (*origin, *api[length:])
        return api


@functools.lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    text = pattern
    # Java's letter classes, where `\w` is the nearest that Python has inside a set; and its pairs of surrogates.
    for java, python in (
        (r"\p{L}", r"\w"),
        (r"\p{N}", r"\d"),
        (r"\p{Z}", r"\s"),
        (r"\p{ASCII}", r"\x00-\x7F"),
        (r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF"),
    ):
        text = text.replace(java, python)
    try:
        return re.compile(text)
    except re.error:
        return None


def judgeable(pattern: str) -> bool:
    """Whether Python understands a pattern of the API's model."""
    return _compiled(pattern) is not None


def matches(pattern: str, value: str) -> bool:
    """Whether the service would take the value: services match the whole text, unless the pattern is a mere prefix."""
    compiled = _compiled(pattern)
    if compiled is None or compiled.fullmatch(value):
        return True
    prefix = pattern.startswith("^") and not pattern.endswith(("$", "*", "+", "}", ")", "?"))
    return prefix and compiled.match(value) is not None
