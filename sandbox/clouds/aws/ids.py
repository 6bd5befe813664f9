"""Identifiers as AWS makes them: ids with their prefixes, ARNs, keys' UUIDs, zones' ids.

Owns      how an id follows from the account, the region and a named sequence: the same history gives the same ids.
Refuses   randomness and clocks.
"""

import hashlib
from collections.abc import Callable

from sandbox.contract import Request, Scope, World

_BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

EPOCH = "2026-01-01T00:00:00Z"
"""What every `created at` says: the sandbox has no clock, so that two runs compare."""


def hexadecimal(text: str, length: int) -> str:
    """`length` hexadecimal digits that depend on all of `text`."""
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def fresh(request: Request, world: World, kind: str) -> str:
    """A text that no other resource of this kind shares."""
    place = f"{request.scope.account}/{request.scope.region}/{kind}"
    return f"{place}/{world.sequence(f'aws/{place}')}"


def ec2_id(prefix: str) -> Callable[[Request, World], str]:
    """`vpc-0` and sixteen digits, as every EC2 resource since 2018."""
    return lambda request, world: f"{prefix}-0{hexadecimal(fresh(request, world, prefix), 16)}"


def uuid(request: Request, world: World) -> str:
    """A key's id."""
    text = hexadecimal(fresh(request, world, "key"), 32)
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


def letters(text: str, length: int) -> str:
    """Upper-case letters and digits, as in hosted zone ids and unique ids of roles."""
    number = int(hashlib.sha256(text.encode()).hexdigest(), 16)
    found = ""
    for _ in range(length):
        number, rest = divmod(number, 36)
        found += _BASE36[rest]
    return found


def arn(scope: Scope, service: str, resource: str, *, regional: bool = True) -> str:
    """An ARN in the scope's account."""
    return f"arn:aws:{service}:{scope.region if regional else ''}:{scope.account}:{resource}"


def address(text: str) -> str:
    """A public IPv4 address out of a range kept for benchmarks, so that it is nobody's."""
    digits = hashlib.sha256(text.encode()).digest()
    return f"198.{18 + digits[0] % 2}.{digits[1]}.{1 + digits[2] % 254}"
