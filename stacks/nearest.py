"""The nearest right name, for the hint of an error."""

import difflib
from collections.abc import Iterable


def nearest(name: str, names: Iterable[str]) -> str:
    """`did you mean '…'?` with the one of `names` that is most like `name`, or nothing."""
    near = difflib.get_close_matches(name, sorted(names), 1, 0.6)
    return f"did you mean '{near[0]}'?" if near else ""
