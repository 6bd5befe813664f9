"""Laws of routes: what attaches one to a gateway's listener, and where it may lead.

Owns      TLSRoute and TCPRoute, and the routes that Strimzi would make of a `tlsroute` listener.
Refuses   backends: the Services behind routes are Strimzi's, and nobody makes them here.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sandbox.clouds.kubernetes.gateway_crds import GATEWAY, ROUTES
from sandbox.clouds.kubernetes.gateways import Path, kinds, law
from sandbox.clouds.kubernetes.wire import at, items
from sandbox.contract import UNKNOWN, Record, Refusal, Request, World

NAMESPACE = "kubernetes:core/v1:Namespace"


def _admits(listener: Mapping[str, Any], gateway: Record, namespace: str, request: Request, world: World) -> bool:
    """Whether a listener takes routes of a namespace."""
    wanted = at(listener, "allowedRoutes", "namespaces", "from") or "Same"
    if wanted == "All":
        return True
    if wanted == "Same":
        return bool(at(gateway.inputs, "metadata", "namespace") == namespace)
    labels = at(listener, "allowedRoutes", "namespaces", "selector", "matchLabels") or {}
    found = world.find(NAMESPACE, namespace, request.scope)
    has = {**(at(found.inputs if found else {}, "metadata", "labels") or {}), "kubernetes.io/metadata.name": namespace}
    return wanted == "Selector" and bool(labels) and all(has.get(key) == value for key, value in labels.items())


def _matches(pattern: Any, host: str) -> bool:
    """Whether a listener's host name, which may begin with `*.`, takes a route's."""
    if not isinstance(pattern, str) or pattern == host:
        return True
    return pattern.startswith("*.") and host.endswith(pattern[1:])


def _attached(
    request: Request, world: World, kind: str, namespace: str, parent: Mapping[str, Any], hosts: list[Any], path: Path
) -> Iterator[Refusal]:
    """One parent of a route: the gateway is there, and one of its listeners takes the route."""
    name, section, port = parent.get("name"), parent.get("sectionName"), parent.get("port")
    where = parent.get("namespace") or namespace
    if UNKNOWN in (name, section, port, where):
        return
    gateway = world.find(GATEWAY, f"{where}/{name}", request.scope)
    if gateway is None:
        yield law(
            "NoMatchingParent", (*path, "name"), f"Gateway {where}/{name} does not exist: nothing attaches the route"
        )
        return
    listeners = items(at(gateway.inputs, "spec", "listeners"))
    meant = [one for one in listeners if section in (None, one.get("name")) and port in (None, one.get("port"))]
    if not meant:
        has = ", ".join(str(one.get("name")) for one in listeners)
        yield law(
            "NoMatchingParent", (*path, "sectionName"), f"Gateway {where}/{name} has no listener '{section}' ({has})"
        )
    elif not any(kind in kinds(one) for one in meant):
        yield law("NotAllowedByListeners", (*path, "sectionName"), f"listener '{section}' takes no {kind}")
    elif not any(_admits(one, gateway, namespace, request, world) for one in meant):
        yield law("NotAllowedByListeners", path, f"listener '{section}' takes no routes of namespace '{namespace}'")
    elif hosts and not any(_matches(one.get("hostname"), str(host)) for one in meant for host in hosts):
        yield law(
            "NoMatchingListenerHostname", path, f"listener '{section}' takes none of {', '.join(map(str, hosts))}"
        )


def _taken(
    request: Request, world: World, kind: str, hosts: set[Any], parents: list[Mapping[str, Any]]
) -> Iterator[Refusal]:
    """By port a listener has one route; by name each host has one. The older one keeps it, and the newer is idle."""
    own = (at(request.inputs, "metadata", "namespace"), at(request.inputs, "metadata", "name"))
    for record in world.all(ROUTES[kind], request.scope):
        other = (at(record.inputs, "metadata", "namespace"), at(record.inputs, "metadata", "name"))
        if other == own:
            continue
        theirs = [_place(one, other[0]) for one in items(at(record.inputs, "spec", "parentRefs"))]
        shared = [one for one in parents if _place(one, own[0]) in theirs]
        common = hosts & set(at(record.inputs, "spec", "hostnames") or ())
        if shared and (kind == "TCPRoute" or common):
            what = f"listener '{shared[0].get('sectionName')}'" if kind == "TCPRoute" else f"host '{min(common)}'"
            yield law(
                "route-conflict", ("spec", "parentRefs"), f"{what} is already that of {kind} {other[0]}/{other[1]}"
            )


def _place(parent: Mapping[str, Any], namespace: Any) -> tuple[Any, ...]:
    return (parent.get("namespace") or namespace, parent.get("name"), parent.get("sectionName"), parent.get("port"))


def of_route(request: Request, world: World) -> Iterable[Refusal]:
    """A route is attached to a listener that takes it, leads into its own namespace, and nobody else has its place."""
    if request.operation == "delete":
        return
    kind = request.type.rpartition(":")[2]
    namespace = str(at(request.inputs, "metadata", "namespace"))
    for number, rule in enumerate(items(at(request.inputs, "spec", "rules"))):
        for index, backend in enumerate(items(rule.get("backendRefs"))):
            path: Path = ("spec", "rules", number, "backendRefs", index)
            if backend.get("namespace") not in (None, namespace, UNKNOWN):
                why = f"Service {backend['namespace']}/{backend.get('name')}: no ReferenceGrant lets this route use it"
                yield law("RefNotPermitted", (*path, "namespace"), why)
            if backend.get("kind") not in (None, "Service", UNKNOWN):
                yield law("InvalidKind", (*path, "kind"), f"a backend is a Service, not a {backend.get('kind')}")
    if request.operation == "check":
        # The gateway may be about to be made.
        return
    parents, hosts = (
        items(at(request.inputs, "spec", "parentRefs")),
        list(at(request.inputs, "spec", "hostnames") or ()),
    )
    for index, parent in enumerate(parents):
        yield from _attached(request, world, kind, namespace, parent, hosts, ("spec", "parentRefs", index))
    yield from _taken(request, world, kind, set(hosts), parents)


def of_kafka(request: Request, world: World) -> Iterable[Refusal]:
    """The routes that Strimzi makes of a `tlsroute` listener would be attached."""
    if request.operation not in {"create", "update"}:
        return
    namespace = str(at(request.inputs, "metadata", "namespace"))
    for index, listener in enumerate(items(at(request.inputs, "spec", "kafka", "listeners"))):
        if listener.get("type") != "tlsroute":
            continue
        at_: Path = ("spec", "kafka", "listeners", index, "configuration", "parentRefs")
        hosts = [at(listener, "configuration", "bootstrap", "host")]
        for number, parent in enumerate(items(at(listener, "configuration", "parentRefs"))):
            yield from _attached(request, world, "TLSRoute", namespace, parent, hosts, (*at_, number))
