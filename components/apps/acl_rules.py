"""The laws of ACLs and roles: an app touches what it owns and what it is given, with operations that exist.

Owns      ownership of topics, groups and transactional ids by prefix, shares, operations for each kind of thing, and
          which fields a role has.
Refuses   wildcards and deny rules: the model has no words for them.
"""

from collections.abc import Iterator

from components.apps.contract import AppRequest
from components.apps.roles import FIELDS, NEEDED, granted
from components.apps.tenants import Grant, Tenants, Use
from components.apps.user_spec import Acl, User
from components.finding import Finding

Path = tuple[str | int, ...]

OPERATIONS: dict[str, tuple[str, ...]] = {
    "topic": ("All", "Alter", "AlterConfigs", "Create", "Delete", "Describe", "DescribeConfigs", "Read", "Write"),
    "group": ("All", "AlterConfigs", "Delete", "Describe", "DescribeConfigs", "Read"),
    "transactional_id": ("All", "Describe", "Write"),
    # Kafka knows more for the cluster. Those change every app's data or the brokers themselves.
    "cluster": ("Describe", "DescribeConfigs", "IdempotentWrite"),
}

SHARED: dict[Use, frozenset[str]] = {
    "read": frozenset({"Read", "Describe", "DescribeConfigs"}),
    "write": frozenset({"Write", "Describe", "DescribeConfigs"}),
}


def _given(grant: Grant) -> frozenset[str]:
    return frozenset().union(*(SHARED[use] for use in grant.uses))


def _ownership(
    request: AppRequest, tenants: Tenants, acl: Acl, named: Path, operations: Path | None
) -> Iterator[Finding]:
    """`named` is where the name stands, `operations` where the operations do: a role has none of its own."""
    name = acl.name or ""
    if any(name.startswith(prefix) for prefix in request.spec.prefixes):
        return
    what = f"{acl.resource.replace('_', ' ')} '{name}'" + (" and all that begin so" if acl.match == "prefix" else "")
    grants = [g for g in tenants.grants.get(request.app, ()) if name.startswith(g.prefix)]
    owner = tenants.owner_of(name)
    whose = f", which app '{owner}' owns" if owner else ""
    if acl.resource != "topic" or not grants:
        hint = "use a name inside the own prefixes"
        if owner and acl.resource == "topic":
            hint = f"ask the owner of '{owner}' for `shares: [{{app: {request.app}, prefix: …, operations: [read]}}]`"
        yield Finding(
            "acl-outside-prefix",
            named,
            f"{what} is outside of this app's prefixes{whose}",
            ", ".join(request.spec.prefixes),
            hint,
        )
        return
    given = frozenset[str]().union(*(_given(grant) for grant in grants))
    for index, operation in enumerate(acl.operations):
        if operation not in given:
            yield Finding(
                "acl-not-shared",
                (*operations, index) if operations else named,
                f"{operation} on {what}{whose}, is more than it shares",
                ", ".join(sorted(given)),
            )


def _operations(acl: Acl, path: tuple[str | int, ...]) -> Iterator[Finding]:
    known = OPERATIONS[acl.resource]
    for index, operation in enumerate(acl.operations):
        if operation not in known:
            yield Finding(
                "acl-operation",
                (*path, "operations", index),
                f"an app cannot be allowed {operation} on a {acl.resource.replace('_', ' ')}",
                ", ".join(known),
            )


def _written(request: AppRequest, tenants: Tenants, acl: Acl, path: Path) -> Iterator[Finding]:
    yield from _operations(acl, path)
    if acl.resource == "cluster":
        if acl.name is not None or acl.match != "literal":
            yield Finding(
                "acl-cluster-name", path, "the cluster has no name to match", hint="remove `name` and `match`"
            )
    elif acl.name is None:
        yield Finding(
            "acl-name-missing",
            path,
            f"an acl on a {acl.resource.replace('_', ' ')} needs a name",
            hint=f"add `name: {request.spec.prefixes[0]}` and `match: prefix`",
        )
    else:
        yield from _ownership(request, tenants, acl, (*path, "name"), (*path, "operations"))


def _fields(user: User, path: Path) -> Iterator[Finding]:
    for index, role in enumerate(user.roles):
        given = role.model_fields_set - {"role"}
        allowed, at = FIELDS[role.role], (*path, "roles", index)
        for name in NEEDED[role.role]:
            if not getattr(role, name):
                yield Finding("role-incomplete", at, f"the role '{role.role}' needs '{name}'", hint=f"add `{name}:`")
        for name in sorted(given - set(allowed)):
            yield Finding(
                "role-field", (*at, name), f"the role '{role.role}' has no '{name}'", ", ".join(allowed), "remove it"
            )
        if role.role == "stream" and not (role.reads or role.writes):
            yield Finding("role-incomplete", at, "the role 'stream' reads and writes nothing", "reads, writes")


def check(request: AppRequest, tenants: Tenants) -> Iterator[Finding]:
    """Every law that the ACLs and roles of an app break."""
    for key, user in request.spec.users.items():
        for index, acl in enumerate(user.acls):
            yield from _written(request, tenants, acl, ("users", key, "acls", index))
        yield from _fields(user, ("users", key))
        told: set[tuple[str | int, ...]] = set()
        for each in granted(user):
            path = ("users", key, *each.path)
            for finding in _ownership(request, tenants, each.acl, path, None):
                if finding.path not in told:  # an application id grants three things under one name
                    yield finding
                told.add(finding.path)
