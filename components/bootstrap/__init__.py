"""Bootstraps of clouds, found like everything else: a folder is enough."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

from components.bootstrap.contract import Bootstrap


@cache
def bootstraps() -> Mapping[str, Bootstrap]:
    """Every cloud's entry by the cloud's name."""
    found: dict[str, Bootstrap] = {}
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda one: one.name):
        if info.ispkg:
            found[info.name] = importlib.import_module(f"{__name__}.{info.name}").ENTRY
    return found
