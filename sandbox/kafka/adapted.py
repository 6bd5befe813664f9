"""What a cluster on this machine does otherwise than declared, said instead of hidden.

Owns      one such line.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Adapted:
    """`what` was declared as `declared`; here it is `here`, and `why`."""

    what: str
    declared: str
    here: str
    why: str
