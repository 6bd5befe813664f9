"""What a cell asks of its platform.

Owns      the request: plain data, except that storage parameters may hold Pulumi outputs.
Refuses   Pulumi: the objects are rendered offline from the same request.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.clouds.contract import StorageClass


@dataclass(frozen=True)
class PlatformRequest:
    """One platform, ready to be built.

    chart_digest    `sha256:…` of the operator's chart; without it the version alone picks the chart
    image_registry  mirror that replaces every image's registry; empty means the images' own
    subjects        RBAC subjects by Kubernetes group (`components.clouds.contract.KUBERNETES_GROUPS`)
    annotations     ownership and cost, on every object
    crds            folder with Strimzi's CRDs as `crds.json` (they are obtained at set-up, not committed)
    apis            API groups with version that somebody else installs in the cell: rights only for what is there
    """

    cell: str
    production: bool
    strimzi_version: str
    chart_digest: str | None
    image_registry: str
    zones: tuple[str, ...]
    storage_classes: tuple[StorageClass, ...]
    subjects: Mapping[str, Mapping[str, Any]]
    annotations: Mapping[str, str]
    crds: Path
    apis: tuple[str, ...] = ()
