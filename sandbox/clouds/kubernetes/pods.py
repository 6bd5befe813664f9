"""Pods inside workloads: what the API server asks of them beyond their schemas.

Owns      names that must be there and differ, mounts, requests over limits, sources of volumes and variables, probes.
Refuses   what holds for a part of a pod wherever it stands: see `fragments.py`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.clouds.kubernetes.quantities import amount
from sandbox.clouds.kubernetes.wire import at, dotted, has_unknown, items
from sandbox.contract import UNKNOWN, Refusal

Path = tuple[str | int, ...]
_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_HANDLERS = ("exec", "grpc", "httpGet", "tcpSocket")
_CONTAINERS = ("initContainers", "containers")


def _invalid(path: Path, why: str) -> Refusal:
    return Refusal("law", "Invalid", f"{dotted(path)}: {why}", path)


def _missing(value: Any) -> bool:
    return value is None or value == ""


def check(spec: Any, path: Path, claims: Any = (), *, ends: bool = False) -> Iterator[Refusal]:
    """Refusals of a pod's spec; `claims` are the volumes that a StatefulSet claims for it, a Job's pod `ends`."""
    if not isinstance(spec, Mapping):
        return
    yield from _restart(spec.get("restartPolicy"), (*path, "restartPolicy"), ends)
    volumes: set[Any] = {at(claim, "metadata", "name") for claim in items(claims)}
    seen: set[Any] = set()
    for index, volume in enumerate(items(spec.get("volumes"))):
        here: Path = (*path, "volumes", index)
        yield from _name(volume, here, seen)
        yield from _one_source(volume, here)
    volumes |= seen
    names: set[Any] = set()
    for kind in _CONTAINERS:
        for index, container in enumerate(items(spec.get(kind))):
            here = (*path, kind, index)
            yield from _name(container, here, names)
            yield from _container(container, here)
            for number, mount in enumerate(items(container.get("volumeMounts"))):
                yield from _mount(mount, (*here, "volumeMounts", number), volumes)
    for index, spread in enumerate(items(spec.get("topologySpreadConstraints"))):
        for key in ("maxSkew", "topologyKey", "whenUnsatisfiable"):
            if _missing(spread.get(key)):
                yield _invalid((*path, "topologySpreadConstraints", index, key), "Required value")


def _restart(policy: Any, path: Path, ends: bool) -> Iterator[Refusal]:
    allowed = ("OnFailure", "Never") if ends else ("Always",)
    named = ", ".join(f'"{one}"' for one in allowed)
    if ends and _missing(policy):
        yield _invalid(path, f"Required value: valid values: {named}")
    elif isinstance(policy, str) and policy not in allowed:
        yield _invalid(path, f'Unsupported value: "{policy}": supported values: {named}')


def _lifecycle(lifecycle: Any, path: Path) -> Iterator[Refusal]:
    for moment in ("postStart", "preStop"):
        handler = at(lifecycle, moment)
        if not isinstance(handler, Mapping) or has_unknown(handler):
            continue
        given = [key for key in ("exec", "httpGet", "sleep", "tcpSocket") if handler.get(key) is not None]
        if not given:
            yield _invalid((*path, moment), "Required value: must specify a handler type")
        elif len(given) > 1:
            yield _invalid((*path, moment, given[1]), "Forbidden: may not specify more than 1 handler type")
        seconds = at(handler, "sleep", "seconds")
        if isinstance(seconds, int | float) and seconds < 0:
            yield _invalid((*path, moment, "sleep"), f"Invalid value: {seconds:g}: must be non-negative")


def _name(one: Mapping[str, Any], path: Path, seen: set[Any]) -> Iterator[Refusal]:
    name = one.get("name")
    if _missing(name):
        yield _invalid((*path, "name"), "Required value")
    elif isinstance(name, str) and not _LABEL.fullmatch(name):
        why = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-'"
        yield _invalid((*path, "name"), f'Invalid value: "{name}": {why}')
    elif isinstance(name, str) and name in seen:
        yield _invalid((*path, "name"), f'Duplicate value: "{name}"')
    if isinstance(name, str):
        seen.add(name)


def _one_source(volume: Mapping[str, Any], path: Path) -> Iterator[Refusal]:
    sources = [key for key, value in volume.items() if key != "name" and value is not None]
    if len(sources) > 1:
        yield _invalid((*path, sources[1]), "Forbidden: may not specify more than 1 volume type")
    for kind, key in (("configMap", "name"), ("secret", "secretName"), ("persistentVolumeClaim", "claimName")):
        source = volume.get(kind)
        if isinstance(source, Mapping) and _missing(source.get(key)):
            yield _invalid((*path, kind, key), "Required value")
        for index, item in enumerate(items(at(source, "items"))):
            yield from _relative(item.get("path"), (*path, kind, "items", index, "path"))
    for index, source in enumerate(items(at(volume, "projected", "sources"))):
        if len([one for one in source.values() if one is not None]) > 1:
            yield _invalid((*path, "projected", "sources", index), "Forbidden: may not specify more than 1 volume type")


def _relative(value: Any, path: Path) -> Iterator[Refusal]:
    if isinstance(value, str) and (value.startswith("/") or ".." in value.split("/")):
        yield _invalid(path, f'Invalid value: "{value}": must be a relative path that does not go up')
    elif _missing(value):
        yield _invalid(path, "Required value")


def _container(container: Mapping[str, Any], path: Path) -> Iterator[Refusal]:
    image = container.get("image")
    if _missing(image):
        yield _invalid((*path, "image"), "Required value")
    elif isinstance(image, str) and image != image.strip():
        yield _invalid((*path, "image"), f'Invalid value: "{image}": must not have leading or trailing whitespace')
    limits, requests = at(container, "resources", "limits"), at(container, "resources", "requests")
    for what in sorted({*_keys(limits), *_keys(requests)}):
        most, least = amount(at(limits, what)), amount(at(requests, what))
        if most is not None and least is not None and least > most:
            given = f"must be less than or equal to {what} limit of {at(limits, what)}"
            yield _invalid((*path, "resources", "requests"), f'Invalid value: "{at(requests, what)}": {given}')
    ports: set[Any] = set()
    for index, port in enumerate(items(container.get("ports"))):
        name = port.get("name")
        if isinstance(name, str):
            if name in ports:
                yield _invalid((*path, "ports", index, "name"), f'Duplicate value: "{name}"')
            ports.add(name)
    for index, variable in enumerate(items(container.get("env"))):
        yield from _variable(variable, (*path, "env", index))
    yield from _lifecycle(container.get("lifecycle"), (*path, "lifecycle"))
    for key in ("livenessProbe", "readinessProbe", "startupProbe"):
        yield from _probe(container.get(key), (*path, key))


def _keys(value: Any) -> list[str]:
    return list(value) if isinstance(value, Mapping) else []


def _variable(variable: Mapping[str, Any], path: Path) -> Iterator[Refusal]:
    name, source = variable.get("name"), variable.get("valueFrom")
    if _missing(name):
        yield _invalid((*path, "name"), "Required value")
    elif isinstance(name, str) and "=" in name:
        yield _invalid((*path, "name"), f'Invalid value: "{name}": a valid environment variable name must not have "="')
    if not isinstance(source, Mapping):
        return
    if variable.get("value"):
        yield _invalid((*path, "valueFrom"), "Invalid value: may not be specified when `value` is not empty")
    given = [key for key, value in source.items() if value is not None]
    if len(given) != 1:
        why = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef`"
        yield _invalid((*path, "valueFrom"), f"Invalid value: {why}, {len(given)} are given")
    for kind in ("configMapKeyRef", "secretKeyRef"):
        reference = source.get(kind)
        for key in ("name", "key"):
            if isinstance(reference, Mapping) and _missing(reference.get(key)):
                yield _invalid((*path, "valueFrom", kind, key), "Required value")


def _probe(probe: Any, path: Path) -> Iterator[Refusal]:
    if not isinstance(probe, Mapping):
        return
    given = [key for key in _HANDLERS if probe.get(key) is not None]
    if not given and not has_unknown(probe):
        yield _invalid(path, "Required value: must specify a handler type")
    elif len(given) > 1:
        yield _invalid((*path, given[1]), "Forbidden: may not specify more than 1 handler type")
    successes = probe.get("successThreshold")
    if path[-1] != "readinessProbe" and isinstance(successes, int | float) and successes not in {0, 1}:
        yield _invalid((*path, "successThreshold"), f"Invalid value: {successes:g}: must be 1")
    for kind in ("httpGet", "tcpSocket", "grpc"):
        handler = probe.get(kind)
        if isinstance(handler, Mapping) and _missing(handler.get("port")):
            yield _invalid((*path, kind, "port"), "Required value")
    if isinstance(command := at(probe, "exec"), Mapping) and not command.get("command"):
        yield _invalid((*path, "exec", "command"), "Required value")


def _mount(mount: Mapping[str, Any], path: Path, volumes: set[Any]) -> Iterator[Refusal]:
    name = mount.get("name")
    if _missing(name):
        yield _invalid((*path, "name"), "Required value")
    elif name is not UNKNOWN and UNKNOWN not in volumes and name not in volumes:
        yield _invalid((*path, "name"), f'Not found: "{name}"')
    if _missing(mount.get("mountPath")):
        yield _invalid((*path, "mountPath"), "Required value")
    if isinstance(below := mount.get("subPath"), str) and below:
        yield from _relative(below, (*path, "subPath"))
