"""Writes a tombstone into the file that it is about, and nothing that the laws would refuse.

Owns      which file and which lines a retirement is, and trying it before anything is written.
Refuses   a fleet with errors, things that no file declares, and to write what review would send back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from components.lifecycle import Data, Retirement
from stacks.check.changes import Review, problems
from stacks.edit import Value, add_key, set_value
from stacks.fleet import Fleet
from stacks.gather import gather
from stacks.load import checked
from stacks.nearest import nearest
from stacks.plan.pair import FileChange
from stacks.problem import Problem
from stacks.read import Disk, FleetFiles, Result, read_text
from stacks.resolve import Path as Keys
from stacks.resolve import Resolved


class NotRetiredError(ValueError):
    """Why nothing was written; the text is for the person who asked."""


@dataclass(frozen=True)
class Target:
    """What is retired: a cell, a cluster, one of its services, an app or one of its topics.

    at        where the retirement stands in the file
    stands    the one that is there already
    """

    what: str
    resolved: Resolved
    at: Keys
    stands: Retirement | None

    @property
    def whole(self) -> bool:
        """Whether it is all of a file, which says `lifecycle` too."""
        return self.at == ("retirement",)


def find(fleet: Fleet, name: str) -> Target:
    """What a person means by `CELL`, `CLUSTER`, `CLUSTER:SERVICE`, `CLUSTER/APP` or `CLUSTER/APP/TOPIC`."""
    cluster_name, _, rest = name.partition("/")
    if rest:
        return _app(fleet, cluster_name, *rest.partition("/")[::2])
    cluster_name, _, service = name.partition(":")
    cluster, cell = fleet.clusters.get(cluster_name), fleet.cells.get(name)
    if service and cluster is not None:
        if service not in cluster.services or service == "kafka":
            words = sorted(cluster.services.keys() - {"kafka"})
            why = "kafka ends with its cluster" if service == "kafka" else f"{cluster_name} has no service '{service}'"
            raise NotRetiredError(f"{why} (services: {', '.join(words) or 'none'})")
        own = cluster.spec.retired_services.get(service)
        return Target(f"'{service}' of cluster '{cluster_name}'", cluster.resolved, ("retired_services", service), own)
    if cluster is not None:
        return Target(f"cluster '{name}'", cluster.resolved, ("retirement",), cluster.spec.retirement)
    if cell is not None:
        stands: Retirement | None = getattr(cell.spec, "retirement", None)
        return Target(f"cell '{name}'", cell.resolved, ("retirement",), stands)
    known = [*fleet.clusters, *fleet.cells, *(f"{app.spec.cluster}/{app.name}" for app in fleet.apps.values())]
    hint = nearest(name, known) or "`fleet status` lists what there is"
    raise NotRetiredError(f"'{name}' is no cell, cluster or app of this fleet; {hint}")


def _app(fleet: Fleet, cluster: str, name: str, topic: str) -> Target:
    app = fleet.apps.get((cluster, name))
    if app is None:
        known = [f"{each.spec.cluster}/{each.name}" for each in fleet.apps.values()]
        raise NotRetiredError(f"there is no app '{name}' on cluster '{cluster}'; {nearest(f'{cluster}/{name}', known)}")
    if not topic:
        return Target(f"app '{name}'", app.resolved, ("retirement",), app.spec.retirement)
    if topic not in app.spec.topics:
        raise NotRetiredError(f"app '{name}' has no topic '{topic}'; {nearest(topic, app.spec.topics)}")
    return Target(f"topic '{topic}'", app.resolved, ("topics", topic, "retirement"), app.spec.topics[topic].retirement)


def retire(fleet: Fleet, name: str, data: Data, reason: str, today: date) -> tuple[Target, bool]:
    """Write the tombstone; the target, and whether anything changed. Raises NotRetiredError."""
    target = find(fleet, name)
    wanted = Retirement(since=_since(target.stands, data, today), data=data, reason=reason)
    if target.stands == wanted:
        return target, False
    file = target.resolved.file
    old = (fleet.root / file).read_text("utf-8")
    new = _text(old, file, target, wanted)
    _try(fleet, file, new, today)
    _write(fleet.root / file, new)
    return target, True


def _since(stands: Retirement | None, data: Data, today: date) -> str:
    """The day from which the wait counts: of a tombstone that stands its own, unless data is given up with it now."""
    if stands is None or (data == "deleted" and not stands.gives_up):
        return today.isoformat()
    return stands.since


def _text(old: str, file: str, target: Target, wanted: Retirement) -> str:
    """The file with the tombstone. Only the lines that it needs differ."""
    own = target.resolved.layers[-1].values
    text = _done(_put(old, own, ("lifecycle",), "retired", file)) if target.whole else old
    if target.stands is None:
        return _done(_put(text, own, target.at, wanted.model_dump(), file))
    for key, value in wanted.model_dump().items():
        if getattr(target.stands, key) != value:
            text = _done(set_value(text, (*target.at, key), value, file))
    return text


def _put(text: str, own: Mapping[str, Any], at: Keys, value: Value, file: str) -> str | Problem:
    """A key set, or added with the mapping above it where that is missing too."""
    here: Any = own
    for depth, key in enumerate(at):
        if key not in here:
            inner = value
            for part in reversed(at[depth + 1 :]):
                inner = {str(part): inner}
            return add_key(text, at[: depth + 1], inner, file)
        here = here[key]
    return set_value(text, at, value, file)


def _done(edited: str | Problem) -> str:
    if isinstance(edited, Problem):
        raise NotRetiredError(str(edited))
    return edited


@dataclass(frozen=True)
class _Overlay:
    """The fleet's files with one of them as it would be."""

    disk: Disk
    file: str
    text: str

    @property
    def root(self) -> Path:
        return self.disk.root

    def files(self) -> FleetFiles:
        return self.disk.files()

    def read(self, file: str) -> Result:
        return read_text(file, self.text.encode()) if file == self.file else self.disk.read(file)


def _try(fleet: Fleet, file: str, text: str, today: date) -> None:
    """Raise what the laws would say of the fleet with this file."""
    after = checked(gather(_Overlay(Disk(fleet.root), file, text)))
    review = Review(fleet, after, (FileChange(file, file, "modified"),), today)
    told = [*after.errors, *(each for each in problems(review) if each.severity == "error")]
    if told:
        lines = "\n".join(f"  {problem}" for problem in dict.fromkeys(told))
        raise NotRetiredError(f"the fleet would not be valid with it:\n{lines}")


def _write(path: Path, text: str) -> None:
    """All of it or nothing: a half-written file would be another fleet."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
