"""Words and lists of built-in objects that the API server checks and the published schemas leave open.

Owns      the kinds of RBAC's subjects, the words of admission policies, and lists: items that must differ
          (`x-kubernetes-list-type` `set` and `map`), and items that are nothing.
Refuses   what is left out, and what must stand together: see `policies.py`.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.clouds.kubernetes.wire import dotted, has_unknown
from sandbox.contract import UNKNOWN, Refusal

Path = tuple[str | int, ...]
Schema = Mapping[str, Any]

SUBJECTS = ("Group", "ServiceAccount", "User")
OPERATIONS = ("*", "CONNECT", "CREATE", "DELETE", "UPDATE")
WORDS: Mapping[str, Mapping[tuple[str, ...], tuple[str, ...]]] = {
    "ClusterRoleBinding": {("subjects", "[]", "kind"): SUBJECTS},
    "RoleBinding": {("subjects", "[]", "kind"): SUBJECTS},
    "ValidatingAdmissionPolicy": {
        ("spec", "failurePolicy"): ("Fail", "Ignore"),
        ("spec", "matchConstraints", "matchPolicy"): ("Equivalent", "Exact"),
        ("spec", "matchConstraints", "resourceRules", "[]", "operations", "[]"): OPERATIONS,
        ("spec", "matchConstraints", "resourceRules", "[]", "scope"): ("*", "Cluster", "Namespaced"),
    },
    "ValidatingAdmissionPolicyBinding": {("spec", "validationActions", "[]"): ("Audit", "Deny", "Warn")},
    "ValidatingWebhookConfiguration": {
        ("webhooks", "[]", "failurePolicy"): ("Fail", "Ignore"),
        ("webhooks", "[]", "rules", "[]", "operations", "[]"): OPERATIONS,
        ("webhooks", "[]", "sideEffects"): ("None", "NoneOnDryRun"),
    },
}


def _places(value: Any, way: tuple[str, ...], path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if not way:
        yield path, value
    elif way[0] == "[]":
        for index, item in enumerate(value if isinstance(value, list | tuple) else ()):
            yield from _places(item, way[1:], (*path, index))
    elif isinstance(value, Mapping) and way[0] in value:
        yield from _places(value[way[0]], way[1:], (*path, way[0]))


def words(body: Mapping[str, Any]) -> Iterator[Refusal]:
    """Refusals of words that are none of their set."""
    for way, allowed in WORDS.get(str(body.get("kind")), {}).items():
        for path, value in _places(body, way):
            if isinstance(value, str) and value not in allowed:
                named = ", ".join(f'"{one}"' for one in allowed)
                message = f'{dotted(path)}: Unsupported value: "{value}": supported values: {named}'
                yield Refusal("law", "Invalid", message, path)


def nothings(value: Any, path: Path = ()) -> Iterator[Refusal]:
    """Refusals of list items that are null: they are read as empty objects, and hardly any may be that."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from nothings(item, (*path, key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            if item is None:
                yield Refusal(
                    "crd", "Invalid", f"{dotted((*path, index))}: Required value: null is no item", (*path, index)
                )
            else:
                yield from nothings(item, (*path, index))


def lists(schema: Schema, definitions: Mapping[str, Any], value: Any, path: Path = ()) -> Iterator[Refusal]:
    """Refusals of items that stand twice in a list that is a set, or a map by some of its items' keys."""
    while "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    if isinstance(value, Mapping):
        for key, item in value.items():
            inner = schema.get("properties", {}).get(key) or schema.get("additionalProperties")
            if isinstance(inner, Mapping):
                yield from lists(inner, definitions, item, (*path, key))
    elif isinstance(value, list | tuple):
        keys = schema.get("x-kubernetes-list-map-keys", ()) if _differ(schema) else None
        seen: set[str] = set()
        for index, item in enumerate(value):
            yield from lists(schema.get("items") or {}, definitions, item, (*path, index))
            if keys is None or item is UNKNOWN or has_unknown(item):
                continue
            told = {key: item.get(key) for key in keys} if keys and isinstance(item, Mapping) else item
            text = json.dumps(told, sort_keys=True)
            if text in seen:
                yield Refusal("crd", "Invalid", f"{dotted((*path, index))}: Duplicate value: {text}", (*path, index))
            seen.add(text)


def _differ(schema: Schema) -> bool:
    return schema.get("x-kubernetes-list-type") in {"map", "set"}
