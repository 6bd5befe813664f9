"""What the sandbox takes for granted about Azure: regions, sizes, versions, roles, quotas.

Owns      reading `facts.json`, in which each table names its source.
Refuses   numbers in laws.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any


@cache
def facts() -> dict[str, Any]:
    """All tables, by name."""
    found: dict[str, Any] = json.loads(Path(__file__).with_name("facts.json").read_text("utf-8"))
    return found
