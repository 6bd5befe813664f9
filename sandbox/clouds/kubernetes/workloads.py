"""What the API server refuses in built-in objects beyond their schemas.

Owns      selectors and labels, container and port names, probes of values that a schema leaves open.
Refuses   completeness: README.md lists what nothing judges.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.clouds.kubernetes import (
    admission,
    definitions,
    fragments,
    names,
    network_policies,
    policies,
    storage,
)
from sandbox.clouds.kubernetes.wire import at, dotted, has_unknown, items
from sandbox.contract import Refusal

Path = tuple[str | int, ...]
_SELECTING = frozenset({"Deployment", "StatefulSet", "DaemonSet"})
_HOLDS_PODS_OR_PORTS = _SELECTING | {"CronJob", "Job", "NetworkPolicy", "PersistentVolumeClaim", "Service"}
_FORBIDDEN_UPDATES = {"StorageClass": ("reclaimPolicy", "volumeBindingMode")}


def _invalid(path: Path, why: str) -> Refusal:
    return Refusal("law", "Invalid", f"{dotted(path)}: {why}", path)


def _pod(spec: Any, path: Path, claims: Any = ()) -> Iterator[Refusal]:
    names: set[Any] = set()
    for index, container in enumerate(items(at(spec, "containers"))):
        here = (*path, "containers", index)
        if (name := container.get("name")) in names:
            yield _invalid((*here, "name"), f'Duplicate value: "{name}"')
        names.add(name)
        limits, requests = at(container, "resources", "limits"), at(container, "resources", "requests")
        for what in ("cpu", "memory"):
            most, least = amount(at(limits, what)), amount(at(requests, what))
            if most is not None and least is not None and least > most:
                given = f"must be less than or equal to {what} limit of {at(limits, what)}"
                yield _invalid((*here, "resources", "requests"), f'Invalid value: "{at(requests, what)}": {given}')
    volumes = {volume.get("name") for volume in items(at(spec, "volumes"))}
    volumes |= {at(claim, "metadata", "name") for claim in items(claims)}
    for index, container in enumerate(items(at(spec, "containers"))):
        for mount in items(container.get("volumeMounts")):
            if mount.get("name") not in volumes and not has_unknown(mount.get("name")):
                yield _invalid((*path, "containers", index, "volumeMounts"), f'Not found: "{mount.get("name")}"')


def amount(quantity: Any) -> float | None:
    """A quantity (`500m`, `16Gi`) as a number, None where it is none."""
    scale = {"m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15}
    scale |= {"Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40, "Pi": 2.0**50}
    if isinstance(quantity, int | float) and not isinstance(quantity, bool):
        return float(quantity)
    if not isinstance(quantity, str):
        return None
    suffix = next((s for s in sorted(scale, key=len, reverse=True) if quantity.endswith(s)), "")
    try:
        return float(quantity.removesuffix(suffix)) * scale.get(suffix, 1.0)
    except ValueError:
        return None


def _selector(body: Mapping[str, Any]) -> Iterator[Refusal]:
    wanted = at(body, "spec", "selector", "matchLabels")
    labels = at(body, "spec", "template", "metadata", "labels")
    if isinstance(wanted, Mapping) and not has_unknown(wanted) and not has_unknown(labels):
        missing = [key for key, value in wanted.items() if not isinstance(labels, Mapping) or labels.get(key) != value]
        if missing:
            path = ("spec", "template", "metadata", "labels")
            yield _invalid(path, f"Invalid value: `selector` does not match template `labels` ({', '.join(missing)})")


def _budget(body: Mapping[str, Any]) -> Iterator[Refusal]:
    spec = body.get("spec")
    if isinstance(spec, Mapping) and "minAvailable" in spec and "maxUnavailable" in spec:
        yield _invalid(("spec",), "Invalid value: minAvailable and maxUnavailable cannot be both set")
    for field in ("minAvailable", "maxUnavailable"):
        if isinstance(value := at(spec, field), int | float) and value < 0:
            yield _invalid(("spec", field), f"Invalid value: {value}: must be greater than or equal to 0")


def _custom_resource(body: Mapping[str, Any]) -> Iterator[Refusal]:
    spec, name = body.get("spec"), at(body, "metadata", "name")
    plural, group = at(spec, "names", "plural"), at(spec, "group")
    if name and plural and group and name != f"{plural}.{group}":
        yield _invalid(("metadata", "name"), f'Invalid value: "{name}": must be spec.names.plural+"."+spec.group')
    if len([version for version in items(at(spec, "versions")) if version.get("storage")]) != 1 and not has_unknown(
        spec
    ):
        yield _invalid(("spec", "versions"), "Invalid value: must have exactly one version marked as storage version")


def check(body: Mapping[str, Any], old: Mapping[str, Any] | None) -> Iterator[Refusal]:
    """Refusals of a built-in object."""
    kind = str(body.get("kind"))
    if kind in _HOLDS_PODS_OR_PORTS:
        yield from fragments.check(body.get("spec"), ("spec",))
    if kind in _SELECTING:
        yield from _selector(body)
        claims = at(body, "spec", "volumeClaimTemplates")
        yield from _pod(at(body, "spec", "template", "spec"), ("spec", "template", "spec"), claims)
    elif kind == "NetworkPolicy":
        yield from network_policies.check(body)
    elif kind == "PodDisruptionBudget":
        yield from _budget(body)
    elif kind == "StorageClass":
        yield from storage.check(body)
    elif kind == "CustomResourceDefinition":
        yield from _custom_resource(body)
        yield from definitions.check(body)
    yield from admission.words(body)
    yield from policies.check(body)
    yield from names.selectors(body)
    for field in _FORBIDDEN_UPDATES.get(kind, ()) if old else ():
        if not has_unknown(body.get(field)) and old and body.get(field) != old.get(field):
            yield _invalid((field,), f"Forbidden: updates to {field} are forbidden")
