"""What a stack becomes, as plain data: two renditions are equal if and only if the engine is asked for the same.

Owns      the comparable form of a stack's result, and its digest.
Refuses   the engine, and values that only exist after an apply.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Item:
    """One thing that the stack registers.

    type   the engine's type token, or `apiVersion/Kind` of a Kubernetes object
    name   logical name: a part of the URN
    body   inputs, plain data
    options  of a cell's resources: `replace_on_changes`, `delete_before_replace`, `retain_on_delete` where given
    """

    type: str
    name: str
    body: Mapping[str, Any]
    protect: bool = False
    after: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    parent: str = ""
    provider: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Rendition:
    """All of a stack: items by `type name`, and what it exports or refers to beside them."""

    stack: str
    items: Mapping[str, Item]
    beside: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def digest(self) -> str:
        """Equal for equal renditions, on every machine."""
        told = {
            "stack": self.stack,
            "items": {key: vars(item) for key, item in self.items.items()},
            "beside": dict(self.beside),
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()
