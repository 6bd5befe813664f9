"""Parts of pods, wherever they stand: in a Deployment, or in a Strimzi object's template.

Owns      values that no schema lists and the API server knows: enumerations, port numbers, names of resources.
Refuses   Kafka's own configuration (`config`), where a key of the same name means something else.
Identity  in a Strimzi object the API server accepts all of this; the pods made from it are what it refuses.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.clouds.kubernetes.network_policies import port_name
from sandbox.clouds.kubernetes.quantities import amount
from sandbox.clouds.kubernetes.wire import dotted
from sandbox.contract import Refusal

Path = tuple[str | int, ...]
ENUMS: Mapping[str, tuple[str, ...]] = {
    "dnsPolicy": ("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
    "imagePullPolicy": ("Always", "IfNotPresent", "Never"),
    "nodeAffinityPolicy": ("Honor", "Ignore"),
    "nodeTaintsPolicy": ("Honor", "Ignore"),
    "protocol": ("SCTP", "TCP", "UDP"),
    "scheme": ("HTTP", "HTTPS"),
    "terminationMessagePolicy": ("FallbackToLogsOnError", "File"),
    "whenUnsatisfiable": ("DoNotSchedule", "ScheduleAnyway"),
}
WITHIN: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("accessModes", ""): ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"),
    ("emptyDir", "medium"): ("", "HugePages", "Memory"),
    ("seccompProfile", "type"): ("Localhost", "RuntimeDefault", "Unconfined"),
    ("matchExpressions", "operator"): ("DoesNotExist", "Exists", "Gt", "In", "Lt", "NotIn"),
    ("policyTypes", ""): ("Egress", "Ingress"),
    ("tolerations", "effect"): ("NoExecute", "NoSchedule", "PreferNoSchedule"),
    ("tolerations", "operator"): ("Equal", "Exists"),
}
_ENDLESS = 2**31 - 1
RANGES: Mapping[str, tuple[int, int]] = {
    "defaultMode": (0, 0o777),
    "failureThreshold": (0, _ENDLESS),
    "fsGroup": (0, _ENDLESS),
    "initialDelaySeconds": (0, _ENDLESS),
    "maxSkew": (1, _ENDLESS),
    "mode": (0, 0o777),
    "periodSeconds": (0, _ENDLESS),
    "runAsGroup": (0, _ENDLESS),
    "runAsUser": (0, _ENDLESS),
    "successThreshold": (0, _ENDLESS),
    "terminationGracePeriodSeconds": (0, _ENDLESS),
    "timeoutSeconds": (0, _ENDLESS),
    "weight": (1, 100),
}
_PORTS = frozenset({"containerPort", "nodePort", "port", "targetPort"})
_RESOURCES = frozenset({"cpu", "ephemeral-storage", "memory", "pods", "storage"})
_OPAQUE = frozenset(
    {"annotations", "config", "data", "labels", "listenerConfig", "matchLabels", "stringData", "values"}
)


def _unsupported(path: Path, value: Any, allowed: tuple[str, ...]) -> Refusal:
    named = ", ".join(f'"{item}"' for item in allowed)
    message = f'{dotted(path)}: Unsupported value: "{value}": supported values: {named}'
    return Refusal("law", "Invalid", message, path)


def _scalar(value: Any, path: Path) -> Iterator[Refusal]:
    names = [part for part in path if isinstance(part, str)]
    key, parent = names[-1], names[-2] if len(names) > 1 else ""
    # An item of a list of texts is judged by the list's own name.
    allowed = WITHIN.get((key, "")) if isinstance(path[-1], int) else WITHIN.get((parent, key), ENUMS.get(key))
    if allowed and isinstance(value, str) and value not in allowed:
        yield _unsupported(path, value, allowed)
    if key in _PORTS and isinstance(value, int | float) and not isinstance(value, bool) and not 0 < value < 65536:
        yield Refusal("law", "Invalid", f"{dotted(path)}: Invalid value: {value}: must be between 1 and 65535", path)
    if key in {"port", "targetPort"} and isinstance(value, str) and (why := port_name(value)):
        yield Refusal("law", "Invalid", f'{dotted(path)}: Invalid value: "{value}": {why}', path)
    if key == "sizeLimit" and isinstance(value, str) and value.startswith("-"):
        yield Refusal("law", "Invalid", f'{dotted(path)}: Invalid value: "{value}": must not be negative', path)
    yield from _range(key, value, path)


def _range(key: str, value: Any, path: Path) -> Iterator[Refusal]:
    if key not in RANGES or isinstance(value, bool) or not isinstance(value, int | float):
        return
    least, most = RANGES[key]
    if not least <= value <= most:
        why = f"must be in the range {least}-{most}" if most < _ENDLESS else f"must be greater than or equal to {least}"
        yield Refusal("law", "Invalid", f"{dotted(path)}: Invalid value: {value}: {why}", path)


def _resources(value: Mapping[str, Any], path: Path) -> Iterator[Refusal]:
    for name in value:
        if "/" not in name and name not in _RESOURCES and not name.startswith("hugepages-"):
            why = "must be a standard resource type or fully qualified"
            yield Refusal("law", "Invalid", f'{dotted(path)}: Invalid value: "{name}": {why}', (*path, name))


def _negative(value: Mapping[str, Any], path: Path) -> Iterator[Refusal]:
    for name, given in value.items():
        if (number := amount(given)) is not None and number < 0:
            why = "must be greater than or equal to 0"
            yield Refusal("law", "Invalid", f'{dotted((*path, name))}: Invalid value: "{given}": {why}', (*path, name))


def check(value: Any, path: Path) -> Iterator[Refusal]:
    """Refusals of everything inside `value`."""
    if isinstance(value, Mapping):
        if path[-1] in {"limits", "requests"} and "resources" in path:
            yield from _resources(value, path)
            yield from _negative(value, path)
        for key, item in value.items():
            if key not in _OPAQUE:
                yield from check(item, (*path, key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from check(item, (*path, index))
    else:
        yield from _scalar(value, path)
