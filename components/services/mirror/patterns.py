"""Names of topics and groups as a file states them: one name, or the beginning of names with `*` at the end.

Owns      what a pattern means to an ACL and to MirrorMaker's filters, so that both always say the same.
Refuses   regular expressions: an ACL can't hold one, and a mirror that may read more than it copies is a leak.
"""

from collections.abc import Sequence
from typing import Annotated

from pydantic import StringConstraints

Pattern = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,200}\*?$")]
"""`orders.events`, or `orders.*` for everything that starts with `orders.`."""


def parts(pattern: str) -> tuple[str, bool]:
    """The name, and whether it is only the beginning of names."""
    return pattern.removesuffix("*"), pattern.endswith("*")


def expression(patterns: Sequence[str]) -> str:
    """The regular expression that matches what the patterns mean, and nothing else."""
    found = []
    for pattern in patterns:
        name, prefix = parts(pattern)
        found.append(name.replace(".", r"\.") + (".*" if prefix else ""))
    return "|".join(found)


def overlap(one: str, other: str) -> bool:
    """Whether there is a name that both patterns mean."""
    (a, a_prefix), (b, b_prefix) = parts(one), parts(other)
    if a_prefix and b_prefix:
        return a.startswith(b) or b.startswith(a)
    if a_prefix or b_prefix:
        return b.startswith(a) if a_prefix else a.startswith(b)
    return a == b


def covers(wide: str, narrow: str) -> bool:
    """Whether `wide` means every name that `narrow` means."""
    (a, a_prefix), (b, b_prefix) = parts(wide), parts(narrow)
    return b.startswith(a) if a_prefix else a == b and not b_prefix
