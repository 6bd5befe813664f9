"""How GCP's resources name each other.

Owns      relative names, self links, and reading values out of nested inputs by a path.
Refuses   knowledge of any one service.
"""

import hashlib
import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.contract import UNKNOWN, Record, Request, World

COMPUTE = "https://www.googleapis.com/compute/v1/"
CONTAINER = "https://container.googleapis.com/v1/"

Path = tuple[str | int, ...]


def relative(link: str) -> str:
    """`projects/…` of a self link or of a name that is relative already."""
    _, found, rest = link.partition("/projects/")
    return f"projects/{rest}" if found else link.removeprefix("//")


def segment(name: str, collection: str) -> str:
    """What follows `collection` in a relative name; empty where it is not there."""
    parts = relative(name).split("/")
    return parts[parts.index(collection) + 1] if collection in parts[:-1] else ""


def project(request: Request) -> str:
    """The project that a resource says it is in, else the provider's."""
    given = request.inputs.get("project")
    return given if isinstance(given, str) else request.scope.account


def region(request: Request) -> str:
    """The region that a resource says it is in, else the provider's."""
    given = request.inputs.get("region")
    return segment(given, "regions") or given if isinstance(given, str) else request.scope.region


def network_name(value: str, in_project: str) -> str:
    """Relative name of a network that is given by name or link."""
    return relative(value) if "/" in value else f"projects/{in_project}/global/networks/{value}"


def regional_name(value: str, collection: str, in_project: str, in_region: str) -> str:
    """Relative name of a regional resource that is given by name or link."""
    return relative(value) if "/" in value else f"projects/{in_project}/regions/{in_region}/{collection}/{value}"


def existing(world: World, type: str, name: str, request: Request) -> Record | None:
    """The resource of a relative name in the request's project."""
    return world.find(type, name, request.scope)


def values(inputs: Any, path: str) -> Iterator[tuple[Path, Any]]:
    """Every known value at a dotted path, `[]` standing for each item of a list, with its own path."""
    yield from _values(inputs, path.split("."), ())


def _values(value: Any, keys: list[str], at: Path) -> Iterator[tuple[Path, Any]]:
    if value is None or value is UNKNOWN:
        return
    if not keys:
        yield at, value
        return
    key, rest = keys[0], keys[1:]
    name = key.removesuffix("[]")
    if not isinstance(value, Mapping) or value.get(name) is None or value.get(name) is UNKNOWN:
        return
    found = value[name]
    if key.endswith("[]"):
        for index, item in enumerate(found if isinstance(found, list | tuple) else ()):
            yield from _values(item, rest, (*at, name, index))
    else:
        yield from _values(found, rest, (*at, name))


def value(inputs: Any, path: str) -> Any:
    """The known value at a path; None where there is none."""
    return next((found for _, found in values(inputs, path)), None)


def cidr(text: object) -> ipaddress.IPv4Network | None:
    """A range in canonical form, else None."""
    try:
        return ipaddress.IPv4Network(text) if isinstance(text, str) else None
    except ValueError:
        return None


def decimal(text: str, digits: int) -> str:
    """A number that depends on `text` alone, as GCP gives to networks and accounts."""
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:12], "big")
    return str(number % 9 + 1) + str(number)[-(digits - 1) :].rjust(digits - 1, "0")


def fingerprint(text: str) -> str:
    """What GCP returns as `fingerprint`: base64 of eight bytes."""
    import base64

    return base64.b64encode(hashlib.sha256(text.encode()).digest()[:8]).decode()
