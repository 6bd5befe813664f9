"""The form in which GCP gives inputs back.

Owns      functions that make normalisers: defaults of the provider's schema, sets sorted, link forms.
Refuses   to sort what is a list at the provider: there, another order is a change.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.contract import UNKNOWN, Properties

Normalizer = Callable[[Properties], Properties]


def normal(
    defaults: Mapping[str, Any] | None = None, sets: tuple[str, ...] = (), lower: tuple[str, ...] = ()
) -> Normalizer:
    """Fill `defaults`, sort `sets` (dotted paths, `[]` for list items), lower the case of `lower`."""

    def apply(inputs: Properties) -> Properties:
        found = dict(inputs)
        for key, given in (defaults or {}).items():
            found.setdefault(key, given)
        for path in sets:
            found = _at(found, path.split("."), _sorted)
        for path in lower:
            found = _at(found, path.split("."), lambda v: v.lower() if isinstance(v, str) else v)
        return found

    return apply


def _sorted(found: Any) -> Any:
    if not isinstance(found, list | tuple) or any(item is UNKNOWN for item in found):
        return found
    if all(isinstance(item, str) for item in found):
        return sorted(set(found))  # a provider's set holds nothing twice
    # By meaning: the wire gives the keys of a mapping in no order.
    return sorted(found, key=lambda item: json.dumps(item, sort_keys=True, default=str))


def _at(found: Any, keys: list[str], change: Callable[[Any], Any]) -> Any:
    if not keys:
        return change(found)
    name, rest = keys[0].removesuffix("[]"), keys[1:]
    if not isinstance(found, Mapping) or name not in found:
        return found
    below = found[name]
    if keys[0].endswith("[]"):
        below = [_at(item, rest, change) for item in below] if isinstance(below, list | tuple) else below
    else:
        below = _at(below, rest, change)
    return {**found, name: below}
