"""Judges one Kubernetes object, with nothing but the CRDs that exist.

Owns      the order of the judges: metadata, schema (built-in or CRD with its CEL rules), then laws.
Refuses   the world: that a namespace or a CRD exists in a cluster is judged in `laws.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sandbox.clouds.kubernetes import builtin, crds, names, strimzi, third_party, workloads
from sandbox.clouds.kubernetes.crds import Crds
from sandbox.clouds.kubernetes.kinds import CLUSTER_SCOPED
from sandbox.clouds.kubernetes.wire import crd_schema
from sandbox.contract import Refusal

__all__ = ["Crds", "is_builtin", "validate"]


def is_builtin(api_version: str) -> bool:
    """Whether an API group is Kubernetes' own: the core group, `apps`, `batch`, `policy`, … and most of `*.k8s.io`."""
    group = api_version.rpartition("/")[0]
    return "." not in group or (group.endswith(".k8s.io") and group not in third_party.GROUPS)


def _lawful(laws: Iterable[Refusal], found: Sequence[Refusal]) -> list[Refusal]:
    """What the laws say. They rely on the types that the schema promises: where those are wrong, that was said."""
    told: list[Refusal] = []
    try:
        told.extend(laws)
    except (AttributeError, TypeError):
        if not found:
            raise
    return told


def validate(
    body: Mapping[str, Any],
    definitions: Crds,
    old: Mapping[str, Any] | None = None,
    version: str = builtin.VERSION,
) -> list[Refusal]:
    """Everything wrong with `body`. `old` is the object as it stands, for what may not change."""
    api_version, kind = str(body.get("apiVersion", "")), str(body.get("kind", ""))
    unknown = Refusal("crd", "NotFound", f'no matches for kind "{kind}" in version "{api_version}"', ("kind",))
    if is_builtin(api_version):
        if not builtin.exists(api_version, kind, version):
            return [unknown]
        found = list(names.check(body, kind not in CLUSTER_SCOPED))
        judged = crd_schema(body) if kind == "CustomResourceDefinition" else body
        seen = {refusal.path for refusal in found}
        found += [refusal for refusal in builtin.check(judged, version) if refusal.path not in seen]
        return found + _lawful(workloads.check(judged, old), found)
    defined = definitions.find(api_version, kind)
    if defined is None:
        why = third_party.missing(api_version.partition("/")[0], kind)
        return [replace(unknown, message=f"{unknown.message}: {why}") if why else unknown]
    found = list(names.check(body, defined.namespaced))
    seen = {refusal.path for refusal in found}
    found += [one for one in builtin.check_metadata(body.get("metadata"), version) if one.path not in seen]
    found += crds.check(defined, body, old)
    return found + _lawful(strimzi.check(body, old), found)
