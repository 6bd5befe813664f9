"""Versions of the providers' packages, as a revision's lock has them: a new one is another provider of the same stack.

Owns      the packages that are providers, and which stacks use one.
Refuses   other packages: what they change shows in the renditions.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace

from stacks.rendition import Rendition

LOCK = "uv.lock"
OBJECTS = "kubernetes"
"""The provider of every stack that is made of Kubernetes objects alone."""

_PROVIDER = re.compile(r"pulumi-(?P<token>[a-z0-9-]+)")
_TOOLS = frozenset(("policy",))


def providers(lock: bytes | None) -> Mapping[str, str]:
    """Version by provider; nothing where there is no lock, or none that can be read."""
    try:
        packages = tomllib.loads((lock or b"").decode()).get("package", [])
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}
    found = {}
    for package in packages:
        match = _PROVIDER.fullmatch(str(package.get("name", "")))
        if match and match["token"] not in _TOOLS:
            found[match["token"]] = str(package.get("version", ""))
    return found


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> frozenset[str]:
    """The providers whose version differs. One that only one side has is no news: nothing used it there."""
    return frozenset(token for token in before.keys() & after.keys() if before[token] != after[token])


def used(rendered: Rendition, tokens: Iterable[str]) -> tuple[str, ...]:
    """Those of the providers that a stack uses."""
    types = [item.type for item in rendered.items.values()]
    # An object's type is `apps/v1/Deployment`, a resource's `aws:s3/bucket:Bucket`.
    objects = not any(":" in each for each in types)
    return tuple(
        token
        for token in sorted(tokens)
        if (objects and token == OBJECTS)
        or any(each.startswith(f"{token}:") or each == f"pulumi:providers:{token}" for each in types)
    )


def stamped(rendered: Rendition, versions: Mapping[str, str], tokens: Iterable[str]) -> Rendition:
    """The rendition with the versions of those providers that it uses and that differ."""
    found = {token: versions[token] for token in used(rendered, tokens)}
    return replace(rendered, beside={**rendered.beside, "versions": found}) if found else rendered
