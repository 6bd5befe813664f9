"""What the reconciler says of one object, in the shape of a Strimzi condition.

Owns      one such line.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Told:
    """`ready` with `reason` and `message` where it is not. `note` says what is otherwise than declared."""

    kind: str
    name: str
    ready: bool
    reason: str = ""
    message: str = ""
    note: str = ""
