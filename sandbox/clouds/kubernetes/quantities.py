"""Quantities of Kubernetes (`500m`, `16Gi`) as numbers.

Owns      the scales.
Refuses   to judge: whether a text is a quantity, the schemas say.
"""

from typing import Any

_SCALE = {"m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15}
_SCALE |= {"Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40, "Pi": 2.0**50}
_SUFFIXES = sorted(_SCALE, key=len, reverse=True)


def amount(quantity: Any) -> float | None:
    """A quantity as a number, None where it is none."""
    if isinstance(quantity, int | float) and not isinstance(quantity, bool):
        return float(quantity)
    if not isinstance(quantity, str):
        return None
    suffix = next((each for each in _SUFFIXES if quantity.endswith(each)), "")
    try:
        return float(quantity.removesuffix(suffix)) * _SCALE.get(suffix, 1.0)
    except ValueError:
        return None
