"""Finds clouds and services: a folder is enough, and a service may come from another Python package.

Owns      discovery, the loading of `module:attribute` strings, and the composition of sections into one model.
Refuses   a central list, and loading any component before something is built.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from components.clouds.contract import Cloud
from components.model import Spec
from components.services.contract import Service

ENTRY_POINTS = "kafka_fleet.services"


class CatalogError(Exception):
    """A folder or entry point that breaks the contract: a fault of the code, never of a fleet file."""


def load(reference: str) -> Any:
    """The object that a `module:attribute` string names."""
    module, _, attribute = reference.partition(":")
    return getattr(importlib.import_module(module), attribute)


def _folders(package: str) -> dict[str, Any]:
    found = {}
    for info in pkgutil.iter_modules(importlib.import_module(package).__path__):
        if info.ispkg:
            module = importlib.import_module(f"{package}.{info.name}")
            found[info.name] = module.ENTRY
    return found


@cache
def clouds() -> Mapping[str, Cloud]:
    """Every cloud by name, sorted."""
    return dict(sorted(_folders("components.clouds").items()))


def _entry(point: EntryPoint, package: str) -> Service:
    try:
        entry = point.load()
    except Exception as error:
        raise CatalogError(
            f"package {package} brings the service '{point.name}', and {point.value} does not load "
            f"({type(error).__name__}: {error}): mend or uninstall it"
        ) from error
    if not isinstance(entry, Service):
        raise CatalogError(f"package {package}: {point.value} is a {type(entry).__name__} and no Service")
    return entry


@cache
def services() -> Mapping[str, Service]:
    """Every service by its key in `services:`, sorted: folders of this repository, then installed entry points."""
    found: dict[str, Service] = _folders("components.services")
    for point in entry_points(group=ENTRY_POINTS):
        package = point.dist.name if point.dist else point.value
        if point.name in found:
            raise CatalogError(
                f"package {package} brings the service '{point.name}', and there is one already: uninstall one of them"
            )
        found[point.name] = _entry(point, package)
    for key, entry in found.items():
        if entry.name != key:
            raise CatalogError(f"the service found as '{key}' calls itself '{entry.name}': they must be equal")
    return dict(sorted(found.items()))


def spec_of(entry: Cloud | Service) -> type[Spec]:
    """The model of an entry's section in a fleet file."""
    model = load(entry.spec)
    if not issubclass(model, Spec):
        raise CatalogError(f"{entry.spec} is not a Spec")
    checked: type[Spec] = model
    return checked
