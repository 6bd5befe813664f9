"""Every object of a list, judged by Kubernetes' schemas and Strimzi's own CRDs, unknown fields refused."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from components.services.contract import Manifest
from sandbox.clouds.kubernetes.validate import Crds, validate
from tools.strimzi import folder


@cache
def _crds() -> Crds:
    return Crds(json.loads((folder("1.2.0") / "crds.json").read_text("utf-8")))


def refusals(body: Mapping[str, Any]) -> list[str]:
    """What is wrong with one object."""
    return [f"{body['kind']} {'.'.join(map(str, r.path))}: {r.message}" for r in validate(body, _crds())]


def all_refusals(manifests: Iterable[Manifest]) -> list[str]:
    """What is wrong with any of them."""
    return [text for manifest in manifests for text in refusals(manifest.body)]
