"""CRDs that somebody else installs in a cluster: the Prometheus operator's, External Secrets', the Gateway API's …

Owns      the definitions, each read once, from the cache that `tools.crds` keeps.
Refuses   to stand in for a CRD that a cluster's own state has: that one is asked first. Where the definitions can't
          be had, the kind is unknown, and `missing` says why.
"""

from collections.abc import Mapping
from typing import Any

from tools.crds import CrdsError, definition, kinds

_READ: dict[tuple[str, str], Mapping[str, Any]] = {}


GROUPS = frozenset(group for group, _kind in kinds())
"""API groups of these programs; one ends like Kubernetes' own and is not."""


def find(group: str, kind: str) -> Mapping[str, Any] | None:
    """The CRD of a kind, None where no such program is known or its CRDs can't be had."""
    key = (group, kind)
    if key not in _READ:
        project = kinds().get(key)
        if project is None:
            return None
        try:
            _READ[key] = definition(project, kind)
        except CrdsError:
            return None
    return _READ[key]


def missing(group: str, kind: str) -> str:
    """Why a kind that should be there isn't; empty where none is expected."""
    if (project := kinds().get((group, kind))) is None:
        return ""
    try:
        definition(project, kind)
    except CrdsError as error:
        return str(error)
    return ""
