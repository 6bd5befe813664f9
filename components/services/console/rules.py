"""The laws of a console's section that need more than one field, or the cluster around it.

Owns      logins that are not whole or not safe, roles that promise what nobody can do, passwords that are missing.
Refuses   types and patterns of single fields (`spec.py`).
"""

import re
from collections.abc import Iterator, Sequence

from components.finding import Finding
from components.services import images, licences
from components.services.console import actions
from components.services.console.identity import console_spec
from components.services.console.settings import others
from components.services.console.spec import Auth, ConsoleSpec, Role
from components.services.contract import Load, ServiceRequest
from components.services.workload_rules import check_pods

Path = tuple[str | int, ...]

WELL_KNOWN = ("github", "google")
"""Providers whose addresses the console knows by itself."""


def _login(auth: Auth, *, production: bool) -> Iterator[Finding]:
    if auth.type == "none" and production:
        yield Finding(
            "console-without-login",
            ("auth", "type"),
            "in production nobody sees a cluster without saying who they are",
            "oauth2, ldap",
        )
    for kind in ("oauth2", "ldap"):
        given = getattr(auth, kind)
        if (auth.type == kind) != (given is not None):
            yield Finding(
                "login-incomplete",
                ("auth", kind),
                f"`auth.{kind}` is {'given' if given else 'missing'} and the type is '{auth.type}'",
                hint=f"remove `{kind}`" if given else f"state `{kind}`",
            )
    if auth.type != "none" and not auth.cidrs:
        yield Finding(
            "login-unreachable",
            ("auth", "cidrs"),
            "the network policy lets the console reach nothing outside, so not who proves identities either",
            hint="state the address ranges of the provider or directory",
        )
    if auth.oauth2 and auth.oauth2.issuer is None and auth.oauth2.provider not in WELL_KNOWN:
        yield Finding(
            "login-incomplete",
            ("auth", "oauth2", "issuer"),
            f"provider '{auth.oauth2.provider}' is found by its issuer, and none is given",
            hint="state `issuer`",
        )
    if auth.ldap and auth.ldap.url.startswith("ldap://"):
        yield Finding(
            "ldap-needs-tls",
            ("auth", "ldap", "url"),
            f"'{auth.ldap.url}' would carry everybody's passwords in clear text",
            "ldaps://…",
        )
    if auth.ldap and (auth.ldap.bind_user is None) != (auth.ldap.bind_password is None):
        missing = "bind_user" if auth.ldap.bind_user is None else "bind_password"
        yield Finding(
            "login-incomplete",
            ("auth", "ldap", missing),
            "who searches the directory has a name and a password, or neither",
            hint=f"state `{missing}`",
        )


def _open(spec: ConsoleSpec) -> Iterator[Finding]:
    if spec.open_to == "cell" and (spec.auth.type == "none" or not spec.tls_secret):
        yield Finding(
            "open-needs-auth",
            ("open_to",),
            "every pod of the cell could connect without a login, or read passwords on the way",
            "cluster",
            "state `tls_secret` and a login, or leave it to the cluster",
        )


def _roles(spec: ConsoleSpec, *, production: bool) -> Iterator[Finding]:
    if spec.mode == "operate" and not spec.roles and production:
        yield Finding(
            "operate-needs-roles",
            ("mode",),
            "everybody who logs in could reset every consumer group",
            "read-only",
            "state `roles`",
        )
    login = actions.provider(spec.auth)
    if not login:
        if spec.roles and spec.auth.type == "none":  # else the login lacks its settings, which `_login` tells
            yield Finding(
                "roles-without-login", ("roles",), "nobody is known, so nobody has a role", hint="state a login"
            )
        return
    for i, role in enumerate(spec.roles):
        yield from _subjects(spec, role, login, ("roles", i))
        yield from _permissions(spec, role, ("roles", i))


def _subjects(spec: ConsoleSpec, role: Role, login: str, path: Path) -> Iterator[Finding]:
    known = actions.SUBJECTS[login]
    for i, subject in enumerate(role.subjects):
        where = (*path, "subjects", i, "type")
        if subject.type not in known:
            yield Finding(
                "unknown-subject-type", where, f"this login knows no '{subject.type}'", ", ".join(sorted(known))
            )
        elif login == "oauth" and subject.type == "role" and spec.auth.oauth2 and not spec.auth.oauth2.roles_claim:
            yield Finding(
                "subject-never-matches",
                where,
                "roles are read from a claim, and `auth.oauth2.roles_claim` names none",
                hint="state `roles_claim`",
            )
        elif login == "ldap" and subject.type == "group" and spec.auth.ldap and not spec.auth.ldap.group_search_base:
            yield Finding(
                "subject-never-matches",
                where,
                "groups are looked for below `auth.ldap.group_search_base`, which is not given",
                hint="state `group_search_base`",
            )


def _permissions(spec: ConsoleSpec, role: Role, path: Path) -> Iterator[Finding]:
    for i, permission in enumerate(role.permissions):
        where = (*path, "permissions", i)
        known = actions.ACTIONS[permission.resource]
        possible = actions.allowed(permission.resource, spec.mode)
        alone = permission.resource in actions.WITHOUT_VALUE
        if alone and permission.value is not None:
            yield Finding(
                "permission-value", (*where, "value"), f"there is one {permission.resource}", hint="remove `value`"
            )
        if not alone and permission.value is None:
            yield Finding(
                "permission-value",
                (*where, "value"),
                f"which {permission.resource} is meant is not said",
                "a regular expression, for example .*",
            )
        elif permission.value is not None and (problem := _regular(permission.value)):
            yield Finding("bad-pattern", (*where, "value"), f"'{permission.value}' is no pattern: {problem}")
        for j, action in enumerate(permission.actions):
            if action not in known:
                yield Finding(
                    "unknown-action",
                    (*where, "actions", j),
                    f"there is no action '{action}' on a {permission.resource}",
                    ", ".join(sorted(known)),
                )
            elif action not in possible:
                declared = action in actions.DECLARED.get(permission.resource, frozenset())
                yield Finding(
                    "role-exceeds-mode",
                    (*where, "actions", j),
                    f"'{action}' on a {permission.resource} "
                    + ("is done in the fleet's files" if declared else f"is refused by mode '{spec.mode}'"),
                    ", ".join(sorted(possible)) or "nothing",
                )


def _regular(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        return str(error)
    return ""


def _masks(spec: ConsoleSpec) -> Iterator[Finding]:
    for i, mask in enumerate(spec.masks):
        if problem := _regular(mask.topics):
            yield Finding("bad-pattern", ("masks", i, "topics"), f"'{mask.topics}' is no pattern: {problem}")


def _logins(request: ServiceRequest, spec: ConsoleSpec) -> Iterator[Finding]:
    known = others(request)
    for key, access in known.items():
        if access.facts.get("authentication") == "basic" and key not in spec.logins:
            yield Finding(
                "service-login-missing",
                ("logins",),
                f"{key} of this cluster asks for a password",
                hint=f"state `logins.{key}`",
            )
    for key in spec.logins:
        if key not in known:
            yield Finding(
                "service-login-unused",
                ("logins", key),
                f"this cluster has no {key} to log in to",
                ", ".join(sorted(known)),
                "remove it",
            )


def check(request: ServiceRequest) -> Iterator[Finding]:
    """Every law that the section breaks. Paths are relative to it."""
    spec = console_spec(request)
    yield from licences.check(
        spec.licence, "apache-2.0", "Kafbat UI", ("licence",), offered=request.offered_as_a_service
    )
    yield from images.check(spec.image, ("image",))
    yield from check_pods(request, spec.replicas, None)
    yield from _login(spec.auth, production=request.production)
    yield from _open(spec)
    yield from _roles(spec, production=request.production)
    yield from _masks(spec)
    yield from _logins(request, spec)
    if spec.produces and spec.mode == "read-only":
        yield Finding(
            "produces-in-read-only",
            ("produces",),
            "mode 'read-only' produces to no topic",
            hint="set `mode: operate`, or remove `produces`",
        )


def loads(request: ServiceRequest) -> Sequence[Load]:
    """Nothing on the cell's Kafka nodes: its pods run on the system nodes."""
    del request
    return ()
