"""Azure Resource Manager: ids, names, regions, and how a resource is found by what another one says of it.

Owns      the form of ids, reading values that may be unknown, and the factories of laws that every service has.
Refuses   anything that only one service knows.
"""

import functools
import hashlib
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sandbox.contract import UNKNOWN, Law, Properties, Record, Refusal, Request, Scope, World

Rule = Callable[[Request, World], Iterable[Refusal]]
AZURE = "azure-native:"


def refuse(code: str, message: str, *path: str | int) -> Refusal:
    """A refusal by a law of the cloud."""
    return Refusal("law", code, message, path)


def known(values: Any, *path: str | int) -> Any:
    """The value at a path, or None where it is absent or not known yet: laws skip both."""
    for part in path:
        if isinstance(values, Mapping):
            values = values.get(part)
        elif isinstance(values, Sequence) and not isinstance(values, str) and isinstance(part, int):
            values = values[part] if part < len(values) else None
        else:
            return None
    return None if values is UNKNOWN else values


def text(values: Any, *path: str | int) -> str:
    """A known string at a path, or an empty one."""
    found = known(values, *path)
    return found if isinstance(found, str) else ""


def items(values: Any, *path: str | int) -> list[Any]:
    """The known items of a list at a path; none of it where the list itself is unknown."""
    found = known(values, *path)
    return [one for one in found if one is not UNKNOWN] if isinstance(found, list | tuple) else []


def wholly_known(value: Any) -> bool:
    """Whether nothing in a value waits for an apply."""
    if isinstance(value, Mapping):
        return all(wholly_known(one) for one in value.values())
    if isinstance(value, list | tuple):
        return all(wholly_known(one) for one in value)
    return value is not UNKNOWN


def region(name: str) -> str:
    """A region as Azure returns it: `West Europe` is `westeurope`."""
    return name.replace(" ", "").lower()


def guid(*parts: str) -> str:
    """A GUID that depends on nothing but `parts`."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(parts)))


def digest(value: str, length: int = 8) -> str:
    """Hexadecimal characters that depend on all of `value`."""
    return hashlib.sha256(value.encode()).hexdigest()[:length]


def group_id(subscription: str, group: str) -> str:
    """Id of a resource group."""
    return f"/subscriptions/{subscription}/resourceGroups/{group}"


def resource_id(subscription: str, group: str, kind: str, *names: str) -> str:
    """Id of a resource: `kind` is like `Microsoft.Network/virtualNetworks/subnets`, with one name for each type."""
    provider, *types = kind.split("/")
    pairs = "/".join(f"{one}/{name}" for one, name in zip(types, names, strict=True))
    return f"{group_id(subscription, group)}/providers/{provider}/{pairs}"


def subscription_of(id: str) -> str:
    """The subscription that an id names; empty where it names none."""
    match = re.match(r"/subscriptions/([^/]+)", id, re.IGNORECASE)
    return match[1].lower() if match else ""


def name_of(request: Request, key: str) -> str:
    """The name that a resource is given, or the one that the provider makes up where there is none."""
    given = text(request.inputs, key)
    return given or f"{request.urn.rpartition('::')[2]}{digest(request.urn)}"


def resolve(world: World, type: str, id: str, scope: Scope | None = None) -> Record | None:
    """The resource with an id; Azure compares ids without regard to case."""
    found = world.find(AZURE + type, id, scope)
    if found is not None:
        return found
    return next((r for r in world.all(AZURE + type, scope) if r.id.lower() == id.lower()), None)


def named(world: World, type: str, scope: Scope, **values: str) -> Record | None:
    """The resource of a type some of whose inputs are these, in one subscription, without regard to case."""
    for record in world.all(AZURE + type, scope):
        if all(text(record.inputs, key).lower() == value.lower() for key, value in values.items()):
            return record
    return None


def said(rule: Rule) -> Law:
    """A law on what is said, whatever exists: it judges previews too."""

    @functools.wraps(rule)
    def law(request: Request, world: World) -> Iterator[Refusal]:
        if request.operation != "delete":
            yield from rule(request, world)

    return law


def standing(rule: Rule) -> Law:
    """A law on what exists: only when a request takes effect, for a preview knows nothing of what comes before it."""

    @functools.wraps(rule)
    def law(request: Request, world: World) -> Iterator[Refusal]:
        if request.operation in ("create", "update"):
            yield from rule(request, world)

    return law


def changing(rule: Rule) -> Law:
    """A law on a change in place: while a change is only checked, it may still become a replacement."""

    @functools.wraps(rule)
    def law(request: Request, world: World) -> Iterator[Refusal]:
        if request.operation == "update" and request.old is not None:
            yield from rule(request, world)

    return law


def leaving(rule: Rule) -> Law:
    """A law on deletion."""

    @functools.wraps(rule)
    def law(request: Request, world: World) -> Iterator[Refusal]:
        if request.operation == "delete" and request.old is not None:
            yield from rule(request, world)

    return law


def well_named(key: str, pattern: str, allowed: str, code: str = "InvalidResourceName") -> Law:
    """A name must match; `allowed` says it in words."""

    def rule(request: Request, _world: World) -> Iterator[Refusal]:
        given = text(request.inputs, key)
        if given and not re.fullmatch(pattern, given):
            yield refuse(code, f"the name '{given}' is not valid: {allowed}", key)

    return said(rule)


def within(least: int, most: int, *path: str, code: str = "InvalidParameter") -> Law:
    """A number that lies between two others, where it is given."""

    def law(request: Request, _world: World) -> Iterator[Refusal]:
        number = known(request.inputs, *path)
        if isinstance(number, int | float) and not isinstance(number, bool) and not least <= number <= most:
            yield refuse(code, f"{path[-1]} is {number:.0f}: allowed are {least} to {most}", *path)

    return said(law)


def no_double(*path: str, by: str = "", code: str = "InvalidParameter") -> Law:
    """A list in which nothing stands twice: its items, or what they say at `by`."""

    def law(request: Request, _world: World) -> Iterator[Refusal]:
        seen: set[str] = set()
        for index, item in enumerate(items(request.inputs, *path)):
            one = text(item, by) if by else item
            if isinstance(one, str) and one and one.lower() in seen:
                yield refuse(code, f"{'.'.join(path)} has '{one}' twice", *path, index)
            seen.add(str(one).lower())

    return said(law)


def in_group(request: Request, world: World) -> Iterator[Refusal]:
    """The resource group must exist."""
    if request.operation not in ("create", "update"):
        return
    group = text(request.inputs, "resourceGroupName")
    if group and not group_exists(world, request.scope, group):
        yield refuse("ResourceGroupNotFound", f"Resource group '{group}' could not be found.", "resourceGroupName")


def group_exists(world: World, scope: Scope, group: str) -> bool:
    """Whether a resource group was made, or comes with a cluster whose nodes are in it."""
    if named(world, "resources:ResourceGroup", scope, resourceGroupName=group) is not None:
        return True
    clusters = world.all("azure-native:containerservice:ManagedCluster", scope)
    return any(text(one.outputs, "nodeResourceGroup").lower() == group.lower() for one in clusters)


def in_region(request: Request, _world: World) -> Iterator[Refusal]:
    """The region must be one that the sandbox knows."""
    if request.operation == "delete":
        return
    from sandbox.clouds.azure.facts import facts

    given = text(request.inputs, "location")
    if given and region(given) not in {*facts()["regions"], "global"}:
        yield refuse(
            "LocationNotAvailableForResourceType",
            f"The provided location '{given}' is not available. List of available regions is "
            f"'{','.join(sorted(facts()['regions']))}'.",
            "location",
        )


def under(type: str, kind: str, **keys: str) -> Law:
    """The parent must exist: `keys` maps the parent's inputs to this resource's."""

    def rule(request: Request, world: World) -> Iterator[Refusal]:
        values = {theirs: text(request.inputs, ours) for theirs, ours in keys.items()}
        if not all(values.values()):
            return
        if named(world, type, request.scope, **values) is None:
            parent = next(value for key, value in values.items() if key != "resourceGroupName")
            wanted = resource_id(request.scope.account, values["resourceGroupName"], kind, parent)
            yield refuse(
                "ParentResourceNotFound",
                f"Failed to perform 'write' on resource of type '{request.type}', because the parent resource "
                f"'{wanted}' could not be found.",
                next(ours for theirs, ours in keys.items() if theirs != "resourceGroupName"),
            )

    return standing(rule)


def refers(type: str, *path: str | int, code: str = "InvalidResourceReference") -> Law:
    """What an id names must exist, in the same subscription and region."""

    def rule(request: Request, world: World) -> Iterator[Refusal]:
        yield from reference(request, world, type, text(request.inputs, *path), path, code)

    return standing(rule)


def reference(
    request: Request,
    world: World,
    type: str,
    id: str,
    path: Sequence[str | int],
    code: str = "InvalidResourceReference",
    *,
    anywhere: bool = False,
) -> Iterator[Refusal]:
    """Refusals of one reference by id; `anywhere`: also across subscriptions and regions, where Azure joins them."""
    if not id:
        return
    if anywhere:
        if resolve(world, type, id) is None:
            yield refuse(
                code,
                f"Resource {id} referenced by resource {request.urn.rpartition('::')[2]} was not found. Please make "
                "sure that the referenced resource exists.",
                *path,
            )
        return
    if subscription_of(id) != request.scope.account.lower():
        yield refuse(
            "LinkedAuthorizationFailed",
            f"the linked resource '{id}' is in subscription '{subscription_of(id)}', and this one is in "
            f"'{request.scope.account}': there is no permission across them",
            *path,
        )
        return
    found = resolve(world, type, id, request.scope)
    if found is None:
        yield refuse(
            code,
            f"Resource {id} referenced by resource {request.urn.rpartition('::')[2]} was not found. Please make sure "
            "that the referenced resource exists, and that both resources are in the same region.",
            *path,
        )
        return
    here, there = place(request), region(text(found.outputs, "location"))
    if there and here and "global" not in (here, there) and here != there:
        yield refuse(code, f"Resource {id} is in region '{there}', and what refers to it is in '{here}'.", *path)


def place(request: Request) -> str:
    """The region that a request is for."""
    return region(text(request.inputs, "location") or request.scope.region)


def frozen_in_place(code: str, *paths: str, why: str) -> Law:
    """Properties that Azure refuses to change and that the provider does not replace the resource for."""

    def rule(request: Request, _world: World) -> Iterator[Refusal]:
        old = request.old.inputs if request.old else {}
        for dotted in paths:
            path = dotted.split(".")
            before, after = known(old, *path), known(request.inputs, *path)
            if before is not None and after is not None and wholly_known(after) and before != after:
                yield refuse(
                    code, f"Changing property '{dotted}' from {before!r} to {after!r} is not allowed: {why}", *path
                )

    return changing(rule)


def limited(quota: str) -> Law:
    """No more of a type in one subscription and region than its quota."""

    def rule(request: Request, world: World) -> Iterator[Refusal]:
        from sandbox.clouds.azure.facts import facts

        most = facts()["quotas"][quota]["most"]
        here = place(request)
        there = [r for r in world.all(request.type, request.scope) if region(text(r.outputs, "location")) == here]
        if request.operation == "create" and len(there) >= most:
            yield refuse(
                "QuotaExceeded",
                f"subscription '{request.scope.account}' has {len(there)} {quota} in '{here}': the limit is {most}",
            )

    return standing(rule)


def common(kind: str, name: str, *, api_version: str = "") -> Properties:
    """Outputs that every resource of Azure has."""
    found = {"name": name, "type": kind}
    return {**found, "azureApiVersion": api_version} if api_version else found


def normal(**defaults: Any) -> Callable[[Properties], Properties]:
    """A normaliser: the region in Azure's spelling, and what Azure fills in where nothing is said."""

    def normalize(inputs: Properties) -> Properties:
        found = {key: value for key, value in inputs.items() if value is not None}
        if isinstance(found.get("location"), str):
            found["location"] = region(found["location"])
        for key, value in defaults.items():
            found.setdefault(key, value)
        return found

    return normalize
