"""What service owners allow: the fields that their file limits, and the clusters that may leave them for a while.

Owns      `allowed` and `exceptions` of fleet/services/<service>.yaml, judged for every cluster.
Refuses   laws of the software itself: those are the service's own rules.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fnmatch import fnmatchcase
from typing import Any, get_args

from pydantic import BaseModel

from components import catalog
from stacks.check.told import told
from stacks.fleet import Cluster, Fleet, OwnerFile
from stacks.nearest import nearest
from stacks.problem import Problem
from stacks.spec import Allowed, Exemption
from stacks.today import today

Path = tuple[str, ...]


def problems(fleet: Fleet) -> Iterable[Problem]:
    """Limits on fields that do not exist, and values that their owner does not allow."""
    for file in fleet.services.values():
        paths, wrong = _paths(file)
        yield from wrong
        for cluster in fleet.clusters.values():
            if file.service in cluster.services:
                for name, path in paths.items():
                    yield from _judge(file, cluster, name, path)


def _judge(file: OwnerFile, cluster: Cluster, name: str, path: Path) -> Iterator[Problem]:
    limit = file.spec.allowed[name]
    value = _value(cluster.services[file.service], path)
    if value is None or _accepted(limit, value):
        return
    exemptions = [e for e in file.spec.exceptions if name in e.fields and _matches(e, cluster.name)]
    ends = max((date.fromisoformat(e.until) for e in exemptions), default=None)
    if ends is not None and today() <= ends:
        return
    over = f"; the exception ended on {ends}" if ends is not None else ""
    given = f"{value:g}" if isinstance(value, float) else repr(value)
    yield told(
        cluster.resolved,
        ("services", file.service, *path),
        "not-allowed-by-owner",
        f"team '{file.spec.owner}', which owns {file.service}, does not allow {name} {given}{over}",
        _words(limit),
        limit.why or f"ask '{file.spec.owner}' for an exception in {file.resolved.file}",
    )


def _matches(exemption: Exemption, cluster: str) -> bool:
    return any(fnmatchcase(cluster, pattern) for pattern in exemption.clusters)


def _accepted(limit: Allowed, value: Any) -> bool:
    if limit.values is not None and value not in limit.values:
        return False
    if limit.least is None and limit.most is None:
        return True
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return (limit.least is None or value >= limit.least) and (limit.most is None or value <= limit.most)


def _words(limit: Allowed) -> str:
    if limit.values is not None:
        return ", ".join(str(value) for value in limit.values)
    least = "any" if limit.least is None else f"{limit.least:g}"
    most = "any" if limit.most is None else f"{limit.most:g}"
    return f"{least} to {most}"


def _paths(file: OwnerFile) -> tuple[Mapping[str, Path], list[Problem]]:
    """Each limited field as a path into the section, and a problem for each that is no field."""
    model = catalog.spec_of(catalog.services()[file.service])
    found: dict[str, Path] = {}
    wrong: list[Problem] = []
    named = [(name, ("allowed", name)) for name in file.spec.allowed]
    for name, at in named:
        path = _path(model, name)
        if path is None:
            known = ", ".join(sorted(model.model_fields))
            wrong.append(
                told(
                    file.resolved,
                    at,
                    "unknown-field",
                    f"'{name}' is no field of a {file.service} section",
                    known,
                    nearest(name, model.model_fields),
                    key=True,
                )
            )
        else:
            found[name] = path
    for index, exemption in enumerate(file.spec.exceptions):
        for number, name in enumerate(exemption.fields):
            if name not in file.spec.allowed:
                wrong.append(
                    told(
                        file.resolved,
                        ("exceptions", index, "fields", number),
                        "unknown-field",
                        f"nothing limits '{name}', so nothing can be excepted from it",
                        ", ".join(sorted(file.spec.allowed)),
                        nearest(name, file.spec.allowed),
                    )
                )
    return found, wrong


def _path(model: type[BaseModel], name: str) -> Path | None:
    """`name` as keys into a section of `model`; a mapping's key may have dots of its own, as Kafka's have."""
    head, _, rest = name.partition(".")
    field = model.model_fields.get(head)
    if field is None:
        return None
    if not rest:
        return (head,)
    inner = _model_of(field.annotation)
    if inner is None:
        return (head, rest) if _is_mapping(field.annotation) else None
    if _is_mapping(field.annotation):
        key, _, rest = rest.partition(".")
        below = _path(inner, rest) if rest else ()
        return None if below is None else (head, key, *below)
    below = _path(inner, rest)
    return None if below is None else (head, *below)


def _model_of(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_of(part)) is not None), None)


def _is_mapping(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", None) is dict


def _value(spec: Any, path: Path) -> Any:
    """The value at a path of a section, defaults included; None where there is none."""
    here = spec
    for part in path:
        here = here.get(part) if isinstance(here, Mapping) else getattr(here, part, None)
    return here
