"""Absent is never delete: what may go, and what must have stood in its file before.

Owns      files of cells, clusters and apps that are gone or renamed, sections of services, production topics; waiting
          times and caps.
Refuses   what a tombstone itself may say (`retirements.py`).
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from components import catalog
from components.apps.changes import renamed as renamed_topics
from stacks import request
from stacks.check.changes.review import Ending, Review, Tombstone, retirement_of
from stacks.check.told import told
from stacks.fleet import App, Cluster, Fleet
from stacks.problem import Problem
from stacks.resolve import Path, Resolved

_INSTEAD = {
    "cell": "names are for life: make a new cell beside it, place new clusters there, and retire this one",
    "cluster": "names are for life: make '{new}' beside it, mirror the data over (`services.mirror`), and retire "
    "'{name}' then",
    "app": "names are for life: they are in those of its users and connectors; add '{new}' beside it, let clients "
    "change over, and retire '{name}' then",
}


def files(review: Review) -> Iterable[Problem]:
    """Files that are gone without a tombstone that has stood long enough, and renames."""
    for ending in review.endings:
        yield from _file(review, ending)


def moves(review: Review) -> Iterable[Problem]:
    """Files in another folder: ownership moves, and nothing is made anew. Told, for whoever reviews it."""
    pairs: list[tuple[Cluster | App, Cluster | App]] = [*review.clusters.values(), *review.apps.values()]
    for old, new in pairs:
        if old.resolved.file != new.resolved.file and old.team != new.team:
            yield Problem(
                new.resolved.file,
                1,
                1,
                "file-moved",
                f"'{new.name}' moves from team '{old.team}' to '{new.team}': the same stacks, with another owner",
                hint=f"both teams and the granter of names review it; before it was {old.resolved.file}",
                severity="warning",
            )


def caps(review: Review) -> Iterable[Problem]:
    """More at once than a change may remove."""
    gone = [(ending.file, 1, 1, f"{ending.kind} '{ending.name}'") for ending in review.endings if not ending.renamed]
    for cluster, key in _sections(review):
        gone.append((*cluster.resolved.position(("services", key), key=True), f"'{key}' of cluster '{cluster.name}'"))
    most = review.limits.most_per_change
    if len(gone) > most:
        file, line, column, _ = gone[0]
        names = ", ".join(what for *_, what in gone[:10]) + (" …" if len(gone) > 10 else "")
        yield Problem(
            file,
            line,
            column,
            "too-many-removed",
            f"the change removes {len(gone)} things: {names}",
            f"{most} in one change (`deletion.most_per_change` of fleet/fleet.yaml)",
            "a change that empties a folder is more often a mistake than meant; take them out one by one",
        )


def sections(review: Review) -> Iterable[Problem]:
    """Services that are taken out of a cluster's file."""
    for cluster, key in _sections(review):
        what = f"'{key}' of cluster '{cluster.name}'"
        own = cluster.spec.retired_services.get(key)
        at, stands = (("retired_services", key), own) if own else (("retirement",), cluster.spec.retirement)
        after = review.after.clusters[cluster.name]
        if stands is None:
            yield told(
                after.resolved,
                ("services",),
                "removed-without-tombstone",
                f"{what} is removed, and stack {key}.{cluster.name} would end without a word",
                hint=f"`fleet retire {cluster.name}:{key} --data deleted --reason …` first; after "
                f"{review.limits.waiting_days} days its section may go",
            )
        else:
            holds = _holds_data(review.before, cluster, key)
            stone = Tombstone(what, cluster.resolved, at, stands)
            yield from _stood(review, stone, holds_data=holds, place=(after.resolved, ("services",)))


def topics(review: Review) -> Iterable[Problem]:
    """Topics that are taken out of an app's file, with their records."""
    for key, (old, new) in review.apps.items():
        if key[0] not in review.after.clusters:
            continue
        told_as_renamed = renamed_topics(old.spec, new.spec)
        cluster = review.after.clusters[key[0]]
        for name, topic in old.spec.topics.items():
            if name in new.spec.topics or name in told_as_renamed:
                continue
            what = f"topic '{name}'"
            own = topic.retirement
            path: Path = ("topics", name, "retirement")
            stands, at = (own, path) if own else (old.spec.retirement, ("retirement",))
            if not cluster.spec.production:
                yield Problem(
                    *new.resolved.position(("topics",), key=True),
                    "topic-removed",
                    f"{what} is removed from '{new.name}': it is deleted with its records",
                    severity="warning",
                )
            elif stands is None:
                yield told(
                    new.resolved,
                    ("topics",),
                    "removed-without-tombstone",
                    f"{what} is removed from '{new.name}', and its records on a production cluster with it",
                    hint="state `retirement: {since: …, data: deleted, reason: …}` at the topic first; after "
                    f"{review.limits.waiting_days} days it may go",
                    key=True,
                )
            else:
                stone = Tombstone(what, old.resolved, at, stands)
                yield from _stood(review, stone, holds_data=True, place=(new.resolved, ("topics",)))


def _sections(review: Review) -> Iterator[tuple[Cluster, str]]:
    """Services that the old file has and the new one has not."""
    for old, new in review.clusters.values():
        for key in sorted(old.services.keys() - new.services.keys()):
            yield old, key


def _file(review: Review, ending: Ending) -> Iterator[Problem]:
    thing, what = ending.thing, f"{ending.kind} '{ending.name}'"
    stands = retirement_of(thing) if thing is not None else None
    if thing is not None and stands is not None:
        yield from _stood(review, Tombstone(what, thing.resolved, ("retirement",), stands), holds_data=True)
    elif ending.renamed:
        new = ending.renamed.rsplit("/", 1)[-1].removesuffix(".yaml")
        yield Problem(
            ending.file,
            1,
            1,
            "renamed",
            f"rename of {what} to '{new}': every stack of '{ending.name}' would be deleted, and those of '{new}' made "
            "empty",
            f"fleet/…/{ending.name}.yaml",
            _INSTEAD[ending.kind].format(name=ending.name, new=new),
        )
    else:
        known = "" if thing is not None else "; its last version was not valid, so nobody knows"
        name = f"{thing.spec.cluster}/{ending.name}" if isinstance(thing, App) else ending.name
        yield Problem(
            ending.file,
            1,
            1,
            "removed-without-tombstone",
            f"{what} is removed without having been retired{known}",
            hint=f"`fleet retire {name} --data deleted --reason …` first; after {review.limits.waiting_days} days "
            "the file may go",
        )


def _stood(
    review: Review, stone: Tombstone, *, holds_data: bool, place: tuple[Resolved, Path] | None = None
) -> Iterator[Problem]:
    """Whether a tombstone of the old fleet lets something go. Told at `place`, or where the tombstone stood."""
    stands, what = stone.retirement, stone.what

    def say(code: str, part: str, message: str, allowed: str, hint: str) -> Problem:
        resolved, path = place if place is not None else (stone.resolved, (*stone.path, part))
        return told(resolved, path, code, message, allowed, hint)

    if holds_data and not stands.gives_up:
        yield say(
            "data-still-kept",
            "data",
            f"{what} is removed, and its tombstone keeps its data: nothing would say any more where that is, and whose",
            "deleted",
            "leave the file as long as the data, or state `data: deleted` with today's day, and wait again",
        )
        return
    may = stone.day + timedelta(days=review.limits.waiting_days)
    if review.today < may:
        yield say(
            "removed-too-soon",
            "since",
            f"{what} is retired since {stands.since}, {(review.today - stone.day).days} days "
            f"ago; the fleet waits {review.limits.waiting_days}",
            f"from {may} on",
            "until then the retirement can be taken back",
        )


def _holds_data(fleet: Fleet, cluster: Cluster, key: str) -> bool:
    """Whether a service has objects whose end is the end of data."""
    if not fleet.stands(cluster):
        return True
    entry, asked = request.service(fleet, cluster, key)
    return any(manifest.protect for manifest in catalog.load(entry.objects)(asked))
