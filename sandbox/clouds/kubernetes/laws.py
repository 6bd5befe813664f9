"""Laws of Kubernetes objects that need to see the cluster.

Owns      namespaces and CRDs that must exist, names that are taken, and what a deletion would take with it.
Refuses   cascades: a real API server deletes what a namespace or CRD holds; the sandbox refuses, for here the
          question is always whether a program orders its deletions, and a silent cascade would hide that it doesn't.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sandbox.clouds.kubernetes.crds import Crds, Kind
from sandbox.clouds.kubernetes.validate import is_builtin, validate
from sandbox.clouds.kubernetes.wire import at, items
from sandbox.contract import Record, Refusal, Request, Scope, World

CRD = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"
NAMESPACE = "kubernetes:core/v1:Namespace"
INITIAL = frozenset({"default", "kube-node-lease", "kube-public", "kube-system"})
_PARSED: dict[tuple[str, ...], Crds] = {}


def body_of(token: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """A resource's properties as a Kubernetes object: Pulumi's SDK may leave apiVersion and kind to the type."""
    _, api_version, kind = token.split(":", 2)
    return {"apiVersion": api_version.removeprefix("core/"), "kind": kind, **properties}


def _parsed(record: Record) -> Crds:
    """A CRD, parsed once for each state that it was in."""
    states = [at(record.outputs, "metadata", key) for key in ("uid", "resourceVersion")]
    key = (record.scope.account, record.id, *map(str, states))
    if key not in _PARSED:
        if len(_PARSED) >= 64:
            _PARSED.clear()
        _PARSED[key] = Crds([record.inputs])
    return _PARSED[key]


def definition(api_version: str, kind: str, scope: Scope, world: World) -> Crds:
    """The CRD that defines a kind in a cluster; empty where none does."""
    # A CRD's name is its plural, which nobody can know; reading them all costs 20 ms, so the likely name comes first.
    likely = world.find(CRD, f"{kind.lower()}s.{api_version.partition('/')[0]}", scope)
    for record in [likely] if likely else world.all(CRD, scope):
        if (found := _parsed(record)).find(api_version, kind):
            return found
    return Crds()


def _same_object(old: Record, body: Mapping[str, Any]) -> bool:
    """Whether an update keeps name and namespace; otherwise it is a replacement, and nothing is compared."""
    return all(at(old.inputs, "metadata", key) == at(body, "metadata", key) for key in ("name", "namespace"))


def valid(request: Request, world: World) -> Iterable[Refusal]:
    """The object is what its schema, its CRD and Strimzi's laws accept."""
    if request.operation == "delete":
        return []
    body = body_of(request.type, request.inputs)
    old = request.old
    before = body_of(old.type, old.inputs) if old and _same_object(old, body) else None
    builtin = is_builtin(str(body["apiVersion"]))
    known = Crds() if builtin else definition(str(body["apiVersion"]), str(body["kind"]), request.scope, world)
    found = validate(body, known, before)
    if request.operation == "check" and not builtin:
        # In a preview the CRD may be about to be created; the API server is only asked at the apply.
        return [refusal for refusal in found if refusal.code != "NotFound"]
    return found


def in_namespace(request: Request, world: World) -> Iterable[Refusal]:
    """The namespace exists. Only asked when something is really created: a preview may plan it too."""
    namespace = at(request.inputs, "metadata", "namespace")
    if request.operation not in {"create", "update"} or not namespace or namespace in INITIAL:
        return
    if world.find(NAMESPACE, str(namespace), request.scope) is None:
        yield Refusal("law", "NotFound", f'namespaces "{namespace}" not found', ("metadata", "namespace"))


def emptied(request: Request, world: World) -> Iterable[Refusal]:
    """A namespace is deleted only when nothing is in it."""
    if request.operation != "delete" or request.old is None:
        return
    name = request.old.id
    held = [record for record in world.mentions(name) if _lives_in(record, name, request.scope)]
    if held:
        shown = ", ".join(f"{record.type.rpartition(':')[2]}/{record.id}" for record in held[:3])
        message = (
            f'namespaces "{name}" holds {len(held)} objects ({shown}, …); delete them first (stricter than the API)'
        )
        yield Refusal("law", "namespace-not-empty", message)


def _lives_in(record: Record, namespace: str, scope: Scope) -> bool:
    mine = record.scope.cloud == scope.cloud and record.scope.account == scope.account
    return mine and namespace in {at(record.inputs, "metadata", "namespace"), at(record.inputs, "namespace")}


def unused(request: Request, world: World) -> Iterable[Refusal]:
    """A CRD is deleted only when no object of its kind exists."""
    if request.operation != "delete" or request.old is None:
        return
    for token in sorted(_tokens(request.old.inputs)):
        held = world.all(token, request.scope)
        if held:
            message = (
                f'customresourcedefinitions "{request.old.id}": {len(held)} objects would be deleted with it '
                f"({held[0].id}, …); delete them first (stricter than the API)"
            )
            yield Refusal("law", "crd-in-use", message)


def _tokens(definition: Mapping[str, Any]) -> Iterator[str]:
    group, kind = at(definition, "spec", "group"), at(definition, "spec", "names", "kind")
    for version in items(at(definition, "spec", "versions")):
        yield f"kubernetes:{group}/{version.get('name')}:{kind}"


def crd_change(request: Request, _world: World) -> Iterable[Refusal]:
    """Group, scope and names of a CRD never change, and a stored version is never removed."""
    if request.operation == "delete" or request.old is None:
        return
    for path in (("spec", "scope"), ("spec", "names", "kind")):
        now, was = at(request.inputs, *path), at(request.old.inputs, *path)
        if now is not None and now != was:
            yield Refusal("law", "Invalid", f'{".".join(path)}: Invalid value: "{now}": field is immutable', path)


def kind_of(request: Request, world: World) -> Kind | None:
    """The custom kind of a request, where its CRD exists."""
    body = body_of(request.type, request.inputs)
    api_version, kind = str(body["apiVersion"]), str(body["kind"])
    return definition(api_version, kind, request.scope, world).find(api_version, kind)
