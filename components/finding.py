"""What a pure check says about one value.

Owns      the shape of a finding, before anyone knows in which file and line the value stands.
Refuses   positions: the spine maps `path` to file:line:col, because only it knows which file supplied the value.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One law broken.

    code     stable, kebab-case, e.g. `min-isr-too-high`; it is what tests, docs and exceptions refer to
    path     keys and indexes from the root of the document (or of the section that the check was given)
    message  what is wrong and the value given: lower case, no final period
    allowed  what would be accepted; empty where the message says it
    hint     the change to make
    severity `error`, or `warning` for what no run should fail for
    """

    code: str
    path: tuple[str | int, ...]
    message: str
    allowed: str = ""
    hint: str = ""
    severity: Literal["error", "warning"] = "error"
