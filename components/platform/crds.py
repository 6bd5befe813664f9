"""Strimzi's CRDs as resources of their own.

Owns      the form in which Pulumi's typed resource takes them.
Refuses   Helm: it installs CRDs once and never upgrades them, so the chart is told to skip them.
Identity  roles are `crd-<plural>`.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from components.platform.request import PlatformRequest
from components.services.contract import Manifest


@cache
def _read(folder: Path) -> Sequence[Mapping[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / "crds.json").read_text("utf-8"))
    return found


def manifests(request: PlatformRequest) -> Sequence[Manifest]:
    """The CRDs, as Kubernetes spells them. Deleting one deletes every object of its kind, and so the data."""
    return [
        Manifest(
            role=f"crd-{crd['spec']['names']['plural']}",
            body={**crd, "metadata": {**crd["metadata"], "annotations": dict(request.annotations)}},
            protect=True,
        )
        for crd in _read(request.crds)
    ]


def typed(value: Any) -> Any:
    """`value` with the keys of Pulumi's typed resource: its SDKs can't spell `x-kubernetes-…`, the provider can."""
    if isinstance(value, Mapping):
        return {
            (key.replace("-", "_") if key.startswith("x-kubernetes-") else key): typed(item)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [typed(item) for item in value]
    return value
