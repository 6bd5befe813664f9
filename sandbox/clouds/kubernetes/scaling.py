"""How many there are of a thing: workloads, budgets and autoscalers, beyond their schemas.

Owns      counts, shares in percent, strategies of updates, metrics of autoscalers.
Refuses   whether that many fit anywhere: nothing is scheduled here.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

from sandbox.clouds.kubernetes.wire import at, dotted, has_unknown, items
from sandbox.contract import Refusal

Path = tuple[str | int, ...]
_LEAST: Mapping[str, int] = {
    "activeDeadlineSeconds": 0,
    "backoffLimit": 0,
    "completions": 0,
    "minReadySeconds": 0,
    "parallelism": 0,
    "progressDeadlineSeconds": 0,
    "replicas": 0,
    "revisionHistoryLimit": 0,
    "failedJobsHistoryLimit": 0,
    "successfulJobsHistoryLimit": 0,
    "startingDeadlineSeconds": 0,
    "ttlSecondsAfterFinished": 0,
}
_SOURCES = {
    "ContainerResource": "containerResource",
    "External": "external",
    "Object": "object",
    "Pods": "pods",
    "Resource": "resource",
}
_TARGETS = {"AverageValue": "averageValue", "Utilization": "averageUtilization", "Value": "value"}
_STRATEGIES = {
    "DaemonSet": ("updateStrategy", ("OnDelete", "RollingUpdate")),
    "Deployment": ("strategy", ("Recreate", "RollingUpdate")),
    "StatefulSet": ("updateStrategy", ("OnDelete", "RollingUpdate")),
}
_EVICTIONS = ("AlwaysAllow", "IfHealthyBudget")
_WINDOW = 3600
_PERIOD = 1800


def _invalid(path: Path, why: str) -> Refusal:
    return Refusal("law", "Invalid", f"{dotted(path)}: {why}", path)


def _number(value: Any) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def check(body: Mapping[str, Any]) -> Iterator[Refusal]:
    """Refusals of a workload, a PodDisruptionBudget or a HorizontalPodAutoscaler."""
    kind, spec = str(body.get("kind")), body.get("spec")
    if kind == "HorizontalPodAutoscaler":
        yield from _autoscaler(spec)
        return
    if not isinstance(spec, Mapping):
        return
    if kind == "PodDisruptionBudget":
        yield from _budget(spec)
        return
    for field, least in _LEAST.items():
        if _number(value := spec.get(field)) and value < least:
            yield _invalid(("spec", field), f"Invalid value: {value:g}: must be greater than or equal to {least}")
    if kind in _STRATEGIES:
        yield from _strategy(spec, *_STRATEGIES[kind])


def _share(value: Any, path: Path, *, most: bool = True) -> Iterator[Refusal]:
    """A count, or a share in percent."""
    if _number(value) and value < 0:
        yield _invalid(path, f"Invalid value: {value:g}: must be greater than or equal to 0")
    elif isinstance(value, str):
        if not re.fullmatch(r"\d+%", value):
            yield _invalid(path, f'Invalid value: "{value}": a valid percent string must be a number and "%"')
        elif most and int(value[:-1]) > 100:
            yield _invalid(path, f'Invalid value: "{value}": must not be greater than 100%')


def _budget(spec: Mapping[str, Any]) -> Iterator[Refusal]:
    if spec.get("minAvailable") is not None and spec.get("maxUnavailable") is not None:
        yield _invalid(("spec",), "Invalid value: minAvailable and maxUnavailable cannot be both set")
    policy = spec.get("unhealthyPodEvictionPolicy")
    if isinstance(policy, str) and policy not in _EVICTIONS:
        named = ", ".join(f'"{one}"' for one in _EVICTIONS)
        where = ("spec", "unhealthyPodEvictionPolicy")
        yield _invalid(where, f'Unsupported value: "{policy}": supported values: {named}')
    for field in ("minAvailable", "maxUnavailable"):
        yield from _share(spec.get(field), ("spec", field))


def _strategy(spec: Mapping[str, Any], field: str, allowed: tuple[str, ...]) -> Iterator[Refusal]:
    strategy = spec.get(field)
    if not isinstance(strategy, Mapping):
        return
    kind, rolling = strategy.get("type"), strategy.get("rollingUpdate")
    path: Path = ("spec", field)
    if isinstance(kind, str) and kind not in allowed:
        named = ", ".join(f'"{one}"' for one in allowed)
        yield _invalid((*path, "type"), f'Unsupported value: "{kind}": supported values: {named}')
    if kind == "Recreate" and rolling is not None:
        why = "Forbidden: may not be specified when strategy `type` is 'Recreate'"
        yield _invalid((*path, "rollingUpdate"), why)
    if not isinstance(rolling, Mapping):
        return
    surge, less = rolling.get("maxSurge"), rolling.get("maxUnavailable")
    yield from _share(surge, (*path, "rollingUpdate", "maxSurge"), most=False)
    yield from _share(less, (*path, "rollingUpdate", "maxUnavailable"))
    nothing = {0, "0", "0%"}
    if surge in nothing and less in nothing:
        why = "may not be 0 when `maxSurge` is 0"
        yield _invalid((*path, "rollingUpdate", "maxUnavailable"), f"Invalid value: 0: {why}")
    if _number(first := rolling.get("partition")) and first < 0:
        yield _invalid((*path, "rollingUpdate", "partition"), f"Invalid value: {first:g}: must not be negative")


def _autoscaler(spec: Any) -> Iterator[Refusal]:
    if has_unknown(spec):
        return
    least, most = at(spec, "minReplicas"), at(spec, "maxReplicas")
    if not _number(most) or most < 1:
        yield _invalid(("spec", "maxReplicas"), "Invalid value: must be greater than 0")
    if _number(least) and least < 1:
        yield _invalid(("spec", "minReplicas"), f"Invalid value: {least:g}: must be greater than or equal to 1")
    if _number(least) and _number(most) and most < least:
        why = "must be greater than or equal to `minReplicas`"
        yield _invalid(("spec", "maxReplicas"), f"Invalid value: {most:g}: {why}")
    for key in ("kind", "name"):
        if not at(spec, "scaleTargetRef", key):
            yield _invalid(("spec", "scaleTargetRef", key), "Required value")
    for index, metric in enumerate(items(at(spec, "metrics"))):
        yield from _metric(metric, ("spec", "metrics", index))
    for way in ("scaleDown", "scaleUp"):
        yield from _behaviour(at(spec, "behavior", way), ("spec", "behavior", way))


def _metric(metric: Mapping[str, Any], path: Path) -> Iterator[Refusal]:
    kind = metric.get("type")
    field = _SOURCES.get(str(kind))
    if field is None:
        named = ", ".join(f'"{one}"' for one in sorted(_SOURCES))
        yield _invalid((*path, "type"), f'Unsupported value: "{kind}": supported values: {named}')
        return
    source = metric.get(field)
    if not isinstance(source, Mapping):
        yield _invalid((*path, field), "Required value: must populate information for the given metric source")
        return
    if field in {"containerResource", "resource"} and not source.get("name"):
        yield _invalid((*path, field, "name"), "Required value: must specify a resource name")
    target = source.get("target")
    where: Path = (*path, field, "target")
    if not isinstance(target, Mapping) or target.get("type") not in _TARGETS:
        given = at(target, "type")
        named = ", ".join(f'"{one}"' for one in sorted(_TARGETS))
        yield _invalid((*where, "type"), f'Unsupported value: "{given}": supported values: {named}')
        return
    if _number(share := target.get("averageUtilization")) and share < 1:
        yield _invalid((*where, "averageUtilization"), f"Invalid value: {share:g}: must be greater than 0")
    if field in {"containerResource", "resource"}:
        given_values = [key for key in ("averageUtilization", "averageValue") if target.get(key) is not None]
        if len(given_values) != 1:
            why = "must set either a target raw value or a target utilization"
            yield _invalid((*where, "averageUtilization"), f"Required value: {why}, {len(given_values)} are given")


def _behaviour(rules: Any, path: Path) -> Iterator[Refusal]:
    if not isinstance(rules, Mapping):
        return
    window = rules.get("stabilizationWindowSeconds")
    if _number(window) and not 0 <= window <= _WINDOW:
        why = f"must be from 0 to {_WINDOW}"
        yield _invalid((*path, "stabilizationWindowSeconds"), f"Invalid value: {window:g}: {why}")
    chosen = rules.get("selectPolicy")
    if isinstance(chosen, str) and chosen not in {"Disabled", "Max", "Min"}:
        why = 'supported values: "Disabled", "Max", "Min"'
        yield _invalid((*path, "selectPolicy"), f'Unsupported value: "{chosen}": {why}')
    if rules.get("policies") is not None and not items(rules.get("policies")):
        yield _invalid((*path, "policies"), "Required value: must specify at least one Policy")
    for index, policy in enumerate(items(rules.get("policies"))):
        here: Path = (*path, "policies", index)
        if (kind := policy.get("type")) not in {"Percent", "Pods"}:
            yield _invalid((*here, "type"), f'Unsupported value: "{kind}": supported values: "Percent", "Pods"')
        if not _number(value := policy.get("value")) or value <= 0:
            yield _invalid((*here, "value"), "Invalid value: must be greater than zero")
        seconds = policy.get("periodSeconds")
        if not _number(seconds) or not 0 < seconds <= _PERIOD:
            yield _invalid((*here, "periodSeconds"), f"Invalid value: must be from 1 to {_PERIOD}")
