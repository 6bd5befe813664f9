"""What the API server refuses in built-in objects beyond their schemas.

Owns      which rules a kind has, selectors that must fit their labels, keys, updates that are forbidden.
Refuses   completeness: README.md lists what nothing judges.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.clouds.kubernetes import (
    admission,
    definitions,
    fragments,
    names,
    network_policies,
    pods,
    policies,
    scaling,
    services,
    storage,
)
from sandbox.clouds.kubernetes.wire import at, dotted, has_unknown, items
from sandbox.contract import Refusal

Path = tuple[str | int, ...]
_SELECTING = frozenset({"Deployment", "StatefulSet", "DaemonSet"})
_HOLDS_PODS_OR_PORTS = _SELECTING | {"CronJob", "Job", "NetworkPolicy", "PersistentVolumeClaim", "Service"}
_COUNTED = _SELECTING | {"CronJob", "HorizontalPodAutoscaler", "Job", "PodDisruptionBudget"}
_POD = ("spec", "template", "spec")
_RUN_ONCE: Mapping[str, tuple[str, ...]] = {
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
    "Job": _POD,
}
_CRD_WORDS = {("conversion", "strategy"): ("None", "Webhook"), ("scope",): ("Cluster", "Namespaced")}
_KEY = re.compile(r"(?!\.\.)(?!\.$)[-._a-zA-Z0-9]{1,253}")
_FORBIDDEN_UPDATES = {"StorageClass": ("reclaimPolicy", "volumeBindingMode")}


def _invalid(path: Path, why: str) -> Refusal:
    return Refusal("law", "Invalid", f"{dotted(path)}: {why}", path)


def _selector(body: Mapping[str, Any]) -> Iterator[Refusal]:
    wanted = at(body, "spec", "selector", "matchLabels")
    labels = at(body, "spec", "template", "metadata", "labels")
    if isinstance(wanted, Mapping) and not has_unknown(wanted) and not has_unknown(labels):
        missing = [key for key, value in wanted.items() if not isinstance(labels, Mapping) or labels.get(key) != value]
        if missing:
            path = ("spec", "template", "metadata", "labels")
            yield _invalid(path, f"Invalid value: `selector` does not match template `labels` ({', '.join(missing)})")


def _custom_resource(body: Mapping[str, Any]) -> Iterator[Refusal]:
    spec, name = body.get("spec"), at(body, "metadata", "name")
    plural, group = at(spec, "names", "plural"), at(spec, "group")
    for path, allowed in _CRD_WORDS.items():
        if isinstance(value := at(spec, *path), str) and value not in allowed:
            named = ", ".join(f'"{one}"' for one in allowed)
            yield _invalid(("spec", *path), f'Unsupported value: "{value}": supported values: {named}')
    if name and plural and group and name != f"{plural}.{group}":
        yield _invalid(("metadata", "name"), f'Invalid value: "{name}": must be spec.names.plural+"."+spec.group')
    if len([version for version in items(at(spec, "versions")) if version.get("storage")]) != 1 and not has_unknown(
        spec
    ):
        yield _invalid(("spec", "versions"), "Invalid value: must have exactly one version marked as storage version")


def _whole(body: Mapping[str, Any], pod: tuple[str, ...], *fields: str) -> Iterator[Refusal]:
    """What a workload cannot do without."""
    if has_unknown(body.get("spec")):
        return
    for field in fields:
        if not at(body, "spec", field):
            yield _invalid(("spec", field), "Required value")
    if not at(body, *pod, "containers"):
        yield _invalid((*pod, "containers"), "Required value")


def _keys(body: Mapping[str, Any]) -> Iterator[Refusal]:
    for field in ("binaryData", "data"):
        for key in at(body, field) or {}:
            if not _KEY.fullmatch(key):
                why = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
                yield _invalid((field, key), f'Invalid value: "{key}": {why}')


def check(body: Mapping[str, Any], old: Mapping[str, Any] | None) -> Iterator[Refusal]:
    """Refusals of a built-in object."""
    kind = str(body.get("kind"))
    if kind in _HOLDS_PODS_OR_PORTS:
        yield from fragments.check(body.get("spec"), ("spec",))
    if kind in _SELECTING:
        yield from _whole(body, _POD, "selector", "template")
        yield from _selector(body)
        claims = at(body, "spec", "volumeClaimTemplates")
        yield from pods.check(at(body, "spec", "template", "spec"), ("spec", "template", "spec"), claims)
    elif kind == "NetworkPolicy":
        yield from network_policies.check(body)
    elif kind in _RUN_ONCE:
        inside = _RUN_ONCE[kind]
        yield from _whole(body, inside)
        yield from pods.check(at(body, *inside), inside, ends=True)
    elif kind == "Service":
        yield from services.check(body)
    elif kind == "StorageClass":
        yield from storage.check(body)
    elif kind == "CustomResourceDefinition":
        yield from _custom_resource(body)
        yield from definitions.check(body)
    elif kind == "ConfigMap":
        yield from _keys(body)
    if kind in _COUNTED:
        yield from scaling.check(body)
    yield from admission.words(body)
    yield from policies.check(body)
    yield from names.selectors(body)
    for field in _FORBIDDEN_UPDATES.get(kind, ()) if old else ():
        if not has_unknown(body.get(field)) and old and body.get(field) != old.get(field):
            yield _invalid((field,), f"Forbidden: updates to {field} are forbidden")
