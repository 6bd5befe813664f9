"""The laws of old and new that their owners wrote: of cells and clouds, of services, of apps.

Owns      which pairs they are asked about, and the way from their findings to a line of a file.
Refuses   laws of its own.
"""

from collections.abc import Iterable

from components import catalog
from components.apps.changes import changes as app_changes
from components.cell.changes import changes as cell_changes
from components.finding import Finding
from stacks import request
from stacks.check.changes.review import Review
from stacks.check.told import found, told
from stacks.problem import Problem


def cells(review: Review) -> Iterable[Problem]:
    """What a change of a cell may not do."""
    for old, new in review.cells.values():
        if old.spec == new.spec or old.spec.cloud not in catalog.clouds():
            continue
        yield from found(new.resolved, new.at, cell_changes(old.spec, new.spec, old.production))


def services(review: Review) -> Iterable[Problem]:
    """What a change of a service may not do, asked of its owner. A change of the cell changes its services too."""
    for old, new in review.clusters.values():
        if old.cell != new.cell or (old.spec == new.spec and not _cell_changed(review, old.cell)):
            continue
        if not (review.before.stands(old) and review.after.stands(new)):
            continue
        for key in sorted(old.services.keys() & new.services.keys()):
            entry, before = request.service(review.before, old, key)
            _, after = request.service(review.after, new, key)
            if entry.changes and before != after:
                findings: Iterable[Finding] = catalog.load(entry.changes)(before, after)
                yield from found(new.resolved, ("services", key), findings)


def _cell_changed(review: Review, name: str) -> bool:
    pair = review.cells.get(name)
    return pair is None or pair[0].spec != pair[1].spec


def apps(review: Review) -> Iterable[Problem]:
    """What a change of an app may not do."""
    for key, (old, new) in review.apps.items():
        clusters = review.before.clusters.get(key[0]), review.after.clusters.get(key[0])
        if clusters[0] is None or clusters[1] is None or old.spec == new.spec:
            continue
        if review.before.stands(clusters[0]) and review.after.stands(clusters[1]):
            before, after = request.app(review.before, old), request.app(review.after, new)
            yield from found(new.resolved, (), app_changes(before, after))


def places(review: Review) -> Iterable[Problem]:
    """A cluster stays on its cell, an app on its cluster: somewhere else it is another one."""
    for old, new in review.clusters.values():
        if old.cell != new.cell:
            inline = f", and stack cell.{old.cell} would end" if old.cell == old.name else ""
            yield told(
                new.resolved,
                ("cell",),
                "cluster-moved",
                f"cell '{old.cell}' -> '{new.cell}': every broker and its data would be left behind{inline}",
                old.cell,
                "make a new cluster on the other cell, mirror the data over (`services.mirror`), and retire this one",
            )
    now = {app.resolved.file: app for app in review.after.apps.values()}
    for app in review.before.apps.values():
        new_app = now.get(app.resolved.file)
        if new_app is not None and new_app.spec.cluster != app.spec.cluster:
            yield told(
                new_app.resolved,
                ("cluster",),
                "app-moved",
                f"cluster '{app.spec.cluster}' -> '{new_app.spec.cluster}': its topics and users would be deleted "
                "there, and made empty here",
                app.spec.cluster,
                "add another app file for the other cluster, move the clients over, and retire this one",
            )
