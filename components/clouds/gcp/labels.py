"""The fleet's tags as GCP labels.

Owns      the form that GCP accepts: lower-case letters, digits, `_` and `-`, at most 63, keys from a letter.
Refuses   to fail: a cost centre may hold upper case, and a label is for reports, never an identity.
"""

import re
from collections.abc import Mapping

_FORBIDDEN = re.compile(r"[^a-z0-9_-]")


def labels(tags: Mapping[str, str]) -> dict[str, str]:
    """`tags`, sorted by key and in the form in which the vendor returns them."""
    return {key: _FORBIDDEN.sub("-", value.lower())[:63] for key, value in sorted(tags.items())}
