"""What somebody changed in a live object, told in the engine's own inputs.

Owns      the comparison: what the same apply would give now, and what is there.
Refuses   fields that the engine never asked for: they are another manager's, as server-side apply has it.
"""

from collections.abc import Mapping
from typing import Any

from sandbox.clouds.kubernetes.wire import crd_schema

_MISSING = object()


def inputs(given: Mapping[str, Any], wanted: Mapping[str, Any], live: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs, with the values that are there now wherever a new apply would change something.

    Comparing with a dry run and not with the inputs leaves defaults and normal forms (`1024Mi`, `1Gi`) out of it.
    """
    found: dict[str, Any] = {}
    for key, value in given.items():
        now = live.get(key, _MISSING)
        if now is not _MISSING:
            found[key] = _merged(value, wanted.get(key), now)
        elif key not in wanted:
            found[key] = value  # only ever written (`stringData` of a Secret): nobody can have taken it away
    return found


def definition(given: Mapping[str, Any], wanted: Mapping[str, Any], live: Mapping[str, Any]) -> dict[str, Any]:
    """The same for a CRD, whose schema the engine spells in its own way."""
    return dict(_unspelt(inputs(crd_schema(given), wanted, live)))


def _merged(given: Any, wanted: Any, live: Any) -> Any:
    if wanted == live:
        return given
    if isinstance(given, Mapping) and isinstance(wanted, Mapping) and isinstance(live, Mapping):
        return inputs(given, wanted, live)
    if isinstance(given, list) and isinstance(wanted, list) and isinstance(live, list):
        if len(given) == len(wanted) == len(live):
            return [_merged(*three) for three in zip(given, wanted, live, strict=True)]
        return live
    return live


def _unspelt(value: Any) -> Any:
    """Pulumi's spelling of a CRD's schema: its SDKs can't spell hyphens in the names of extensions."""
    if isinstance(value, Mapping):
        return {
            (key.replace("-", "_") if key.startswith("x-kubernetes-") else key): _unspelt(item)
            for key, item in value.items()
        }
    return [_unspelt(item) for item in value] if isinstance(value, list) else value
