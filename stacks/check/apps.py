"""Apps: each on a cluster that exists, within what it owns, and all of a cluster together within what that can take."""

from collections import defaultdict
from collections.abc import Iterable

from components.apps import rules
from components.apps.tenants import Tenants
from stacks import request
from stacks.check.told import found, told
from stacks.fleet import App, Fleet
from stacks.nearest import nearest
from stacks.problem import Problem

# Findings that depend on what other apps own and share.
_OF_OTHERS = frozenset(("share-unknown-app", "acl-outside-prefix", "acl-not-shared"))


def problems(fleet: Fleet) -> Iterable[Problem]:
    """What is wrong with each app, and with each cluster because of all its apps."""
    on: dict[str, list[App]] = defaultdict(list)
    for app in fleet.apps.values():
        cluster = fleet.clusters.get(app.spec.cluster)
        if cluster is not None:
            if fleet.stands(cluster):
                on[cluster.name].append(app)
        elif app.spec.cluster not in fleet.declared["cluster"]:
            names = sorted(fleet.clusters)
            yield told(
                app.resolved,
                ("cluster",),
                "unknown-cluster",
                f"there is no cluster '{app.spec.cluster}'",
                ", ".join(names[:20]),
                nearest(app.spec.cluster, names),
            )
    # While an app's file is broken, nobody knows what it owns and shares, so nobody is told off for using it.
    broken = bool(fleet.declared["app"] - {app for _, app in fleet.apps})
    for name, apps in on.items():
        yield from _tenants(fleet, name, apps, broken)


def _tenants(fleet: Fleet, name: str, apps: list[App], broken: bool) -> Iterable[Problem]:
    cluster = fleet.clusters[name]
    _, kafka = request.service(fleet, cluster, "kafka")
    asked = [(app, request.app(fleet, app, kafka)) for app in apps]
    tenants = Tenants.of(wanted for _, wanted in asked)
    for app, wanted in asked:
        findings = rules.check(wanted, tenants)
        yield from found(app.resolved, (), (f for f in findings if not (broken and f.code in _OF_OTHERS)))
    yield from found(cluster.resolved, ("services", "kafka"), rules.check_cluster(kafka, tenants))
