"""What a change of ksqlDB's own objects does, where the kind alone does not say it.

Owns      the service id: another one is another ksqlDB.
Refuses   everything else.
"""

import re
from collections.abc import Mapping
from typing import Any

from components.impact.contract import MISSING, REPLACES, Context, Effect, ObjectChange
from components.impact.effect import made

SOURCE = "Confluent documentation, 'ksql.service.id'"
_ID = re.compile(r"^ksql\.service\.id=(.*)$", re.MULTILINE)


def impact(change: ObjectChange, context: Context) -> Effect | None:
    """An effect, or None for the rules by kind."""
    if change.kind != "ConfigMap" or change.path or change.new is MISSING:
        return None
    old = next((_id(one.body) for one in context.before.values() if one.role == change.role), "")
    new = _id(change.new)
    if not old or not new or old == new:
        return None
    why = f"has service id '{new}', not '{old}': ksqlDB begins from nothing, and its queries' state stays behind"
    return made(change, REPLACES, why, SOURCE)


def _id(body: Mapping[str, Any]) -> str:
    found = (_ID.search(str(text)) for text in (body.get("data") or {}).values())
    return next((match[1].strip() for match in found if match), "")
