"""Laws that many of GCP's services share, as functions that make laws.

Owns      names, labels, projects, APIs that must be on, references, things in use, deletion policies, quotas.
Refuses   to guess: an unknown value is skipped, and laws that look at the world run when the change is made, for a
          preview may well refer to what the same run is about to make.
"""

import functools
import re
from collections.abc import Callable, Iterable, Iterator

from sandbox.clouds.gcp import tokens
from sandbox.clouds.gcp.links import Path, existing, project, relative, values
from sandbox.clouds.gcp.quotas import QUOTAS, Quota
from sandbox.contract import Law, Record, Refusal, Request, World

SHAPE = ("check", "create", "update")
WORLD = ("create", "update")
DELETE = ("delete",)


def refusal(code: str, message: str, path: Path = ()) -> Refusal:
    """A law's refusal."""
    return Refusal("law", code, message, path)


def on(*operations: str) -> Callable[[Law], Law]:
    """Let a law see only these operations."""

    def wrap(law: Law) -> Law:
        @functools.wraps(law)
        def seen(request: Request, world: World) -> Iterable[Refusal]:
            return law(request, world) if request.operation in operations else ()

        return seen

    return wrap


def matches(path: str, pattern: str, what: str = "") -> Law:
    """Every value at `path` matches `pattern` as a whole."""

    @on(*SHAPE)
    def law(request: Request, _: World) -> Iterator[Refusal]:
        for at, found in values(request.inputs, path):
            if isinstance(found, str) and not re.fullmatch(pattern, found):
                said = what or f"must be a match of regex '{pattern}'"
                yield refusal("invalid", f"invalid value for field '{path}': '{found}': {said}", at)

    return law


COMPUTE_NAME = matches("name", r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")


def given(*paths: str) -> Law:
    """What the provider could make up by itself has to be said: a name made up is not found after a crash."""

    @on(*SHAPE)
    def law(request: Request, _: World) -> Iterator[Refusal]:
        for path in paths:
            if path not in request.inputs:
                yield refusal("required", f"'{path}' is not given: the provider would make one up", (path,))

    return law


@on(*SHAPE)
def own_project(request: Request, _: World) -> Iterator[Refusal]:
    """A provider's credentials reach one project."""
    where = project(request)
    if where != request.scope.account:
        kind = request.type.rsplit(":", 1)[-1]
        yield refusal(
            "forbidden",
            f"permission to create {kind} in project '{where}' denied (or it may not exist): "
            f"the provider works for '{request.scope.account}'",
            ("project",),
        )


def labels(path: str) -> Law:
    """Labels as every service of GCP takes them."""

    @on(*SHAPE)
    def law(request: Request, _: World) -> Iterator[Refusal]:
        for at, found in values(request.inputs, path):
            if len(found) > 64:
                yield refusal("invalid", f"{len(found)} labels: a resource takes 64", at)
            for key, text in found.items():
                if not re.fullmatch(r"[a-z][a-z0-9_-]{0,62}", key):
                    yield refusal("invalid", f"label key '{key}' must be [a-z][a-z0-9_-]* of at most 63", (*at, key))
                if isinstance(text, str) and not re.fullmatch(r"[a-z0-9_-]{0,63}", text):
                    message = f"label value '{text}' of '{key}' must be [a-z0-9_-]* of at most 63"
                    yield refusal("invalid", message, (*at, key))

    return law


def api_on(service: str) -> Law:
    """The project has switched on the API that makes the resource."""
    full = f"{service}.googleapis.com"

    @on("create")
    def law(request: Request, world: World) -> Iterator[Refusal]:
        where = project(request)
        if existing(world, tokens.API, f"{where}/{full}", request) is None:
            yield refusal(
                "SERVICE_DISABLED",
                f"{full} has not been used in project {where} before or it is disabled: enable it and retry",
            )

    return law


def refers(path: str, type: str, resolve: Callable[[Request, str], str]) -> Law:
    """Every value at `path` names a resource that exists, in whichever project its name says."""

    @on(*WORLD)
    def law(request: Request, world: World) -> Iterator[Refusal]:
        for at, found in values(request.inputs, path):
            name = resolve(request, found)
            if world.find(type, name) is None:
                yield refusal("notFound", f"the resource '{name}' was not found", at)

    return law


def unused(*users: str) -> Law:
    """Nothing of these types refers to the resource, by relative name or by self link."""

    @on(*DELETE)
    def law(request: Request, world: World) -> Iterator[Refusal]:
        if request.old is None:
            return
        found = referring(world, request.old, users)
        if found:
            yield refusal(
                "resourceInUseByAnotherResource",
                f"the resource '{request.old.id}' is already being used by '{found[0].id}'"
                + (f" and {len(found) - 1} more" if len(found) > 1 else ""),
            )

    return law


def referring(world: World, record: Record, users: Iterable[str]) -> list[Record]:
    """Resources of the same project and of these types that name `record`."""
    names = {record.id, str(record.outputs.get("selfLink", record.id))}
    wanted = set(users)
    seen: dict[tuple[str, str], Record] = {}
    for name in sorted(names):
        for other in world.mentions(name):
            same = (other.type, other.id) == (record.type, record.id)
            if other.type in wanted and other.scope.account == record.scope.account and not same:
                seen[other.type, other.id] = other
    return list(seen.values())


DELETION_POLICIES = ("DELETE", "PREVENT", "ABANDON")


def deletable(request: Request, _: World) -> Iterator[Refusal]:
    """The provider's own `deletionPolicy`: what it may be, and what the last apply has put into the state."""
    policy = request.inputs.get("deletionPolicy")
    if isinstance(policy, str) and policy not in DELETION_POLICIES:
        message = f"deletionPolicy '{policy}' must be one of {', '.join(DELETION_POLICIES)}"
        yield refusal("invalid", message, ("deletionPolicy",))
    if (
        request.operation == "delete"
        and request.old is not None
        and request.old.inputs.get("deletionPolicy") == "PREVENT"
    ):
        yield refusal(
            "deletion-prevented",
            f"'{request.old.id}' cannot be destroyed: its deletion_policy is PREVENT; apply DELETE first",
        )


@on("create")
def within_quota(request: Request, world: World) -> Iterator[Refusal]:
    """The project's quota of this type."""
    yield from over(QUOTAS[request.type], request, world.all(request.type, request.scope))


def over(quota: Quota, request: Request, records: Iterable[Record]) -> Iterator[Refusal]:
    """A refusal where one more would be too many."""
    have = [record for record in records if _counts(quota.per, record, request)]
    if len(have) >= quota.limit:
        yield refusal(
            "quotaExceeded",
            f"quota '{quota.metric}' exceeded, limit: {quota.limit} per {quota.per} (project {project(request)})",
        )


def _counts(per: str, record: Record, request: Request) -> bool:
    if per == "project":
        return True
    return _plain(record.inputs.get(per)) == _plain(request.inputs.get(per))


def _plain(value: object) -> object:
    return relative(value) if isinstance(value, str) else value


def expression(path: str, known: str, code: str) -> Law:
    """A filter or condition whose quotes and brackets close, and whose words, outside quotes, are `known` (a regex)."""

    @on(*SHAPE)
    def law(request: Request, _: World) -> Iterator[Refusal]:
        for at, text in values(request.inputs, path):
            bare = re.sub(r'"(\\.|[^"\\])*"', '""', text)
            if '"' in bare.replace('""', "") or bare.count("(") != bare.count(")") or not text.strip():
                yield refusal(code, f"'{text}' does not parse", at)
                continue
            strange = [word for word in re.findall(r"[A-Za-z_][\w.]*", bare) if not re.fullmatch(known, word)]
            if strange:
                yield refusal(code, f"'{text}' does not parse: '{strange[0]}' is not known here", at)

    return law


def same_region(path: str, collection: str = "regions") -> Law:
    """A regional resource may only name resources of its own region."""

    @on(*SHAPE)
    def law(request: Request, _: World) -> Iterator[Refusal]:
        own = request.inputs.get("region")
        for at, found in values(request.inputs, path):
            parts = relative(found).split("/")
            other = parts[parts.index(collection) + 1] if collection in parts[:-1] else own
            if isinstance(own, str) and other != own:
                yield refusal("invalid", f"'{found}' is in region '{other}', the resource in '{own}'", at)

    return law
