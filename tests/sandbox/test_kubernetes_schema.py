"""Keywords of structural schemas that Strimzi's CRDs use little or not at all."""

from typing import Any

import pytest

from sandbox.clouds.kubernetes.quantities import amount
from sandbox.clouds.kubernetes.schema import check, defaulted


def said(schema: dict[str, Any], value: Any, old: Any = None) -> list[str]:
    return [refusal.message for refusal in check(schema, value, ("spec",), old)]


ONE = {"required": ["a"]}
TWO = {"required": ["b"]}


@pytest.mark.parametrize(
    ("schema", "good", "bad", "why"),
    [
        ({"type": "string", "maxLength": 2}, "ab", "abc", "should be at most 2 chars long"),
        ({"type": "string", "minLength": 2}, "ab", "a", "should be at least 2 chars long"),
        ({"type": "array", "maxItems": 1, "items": {"type": "string"}}, ["a"], ["a", "b"], "at most 1 items"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, {"x": 1}, {"x": "1"}, "type integer"),
        ({"type": "object", "x-kubernetes-preserve-unknown-fields": True}, {"x": 1}, 3, "must be of type object"),
        ({"x-kubernetes-int-or-string": True}, "5%", 1.5, "must be of type integer or string"),
        (
            {"type": "object", "properties": {"a": {}, "b": {}}, "oneOf": [ONE, TWO]},
            {"a": 1},
            {"a": 1, "b": 1},
            "oneOf",
        ),
        ({"type": "object", "properties": {"a": {}, "b": {}}, "anyOf": [ONE, TWO]}, {"b": 1}, {}, "anyOf"),
        (
            {"type": "object", "properties": {"a": {}, "b": {}}, "allOf": [ONE, TWO]},
            {"a": 1, "b": 1},
            {"a": 1},
            "allOf",
        ),
        ({"type": "object", "properties": {"a": {}, "b": {}}, "not": ONE}, {"b": 1}, {"a": 1}, "(not)"),
        ({"type": "boolean"}, False, 0, "must be of type boolean"),
        ({"type": "integer"}, 0, False, "must be of type integer"),
        ({"type": "object"}, {}, {"a": 1}, "field not declared in schema"),
    ],
)
def test_a_keyword_accepts_and_refuses(schema: dict[str, Any], good: Any, bad: Any, why: str) -> None:
    assert said(schema, good) == []
    assert any(why in message for message in said(schema, bad)), said(schema, bad)


def test_null_is_absent_unless_it_may_be_stored() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
    assert said(schema, {"a": None}) == ["spec.a: Required value"]
    assert said({"type": "string", "nullable": True}, None) == []


def test_a_transition_rule_runs_only_on_a_change() -> None:
    rule = {"rule": "self.size >= oldSelf.size", "message": "size can't shrink"}
    schema = {
        "type": "object",
        "properties": {"size": {"type": "integer"}},
        "x-kubernetes-validations": [rule],
    }
    assert said(schema, {"size": 1}) == []
    assert said(schema, {"size": 3}, {"size": 2}) == []
    assert said(schema, {"size": 1}, {"size": 2}) == ["spec: Invalid value: size can't shrink"]


def test_defaults_are_filled_in_what_is_given() -> None:
    schema = {
        "type": "object",
        "properties": {
            "a": {"type": "integer", "default": 3},
            "b": {"type": "object", "properties": {"c": {"default": "x"}}},
        },
    }
    assert defaulted(schema, {}) == {"a": 3}
    assert defaulted(schema, {"a": 1, "b": {}}) == {"a": 1, "b": {"c": "x"}}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("500m", 0.5),
        ("2", 2.0),
        ("1Ki", 1024.0),
        ("3Gi", 3 * 2.0**30),
        (4, 4.0),
        ("x", None),
        (None, None),
        (True, None),
    ],
)
def test_quantities_are_compared_as_numbers(text: Any, number: float | None) -> None:
    assert amount(text) == number
