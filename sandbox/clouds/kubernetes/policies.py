"""RBAC and admission policies: what the API server asks of them beyond their schemas.

Owns      rules, roleRefs and subjects; constraints, validations and bindings of admission policies.
Refuses   types in CEL: an expression that parses may still name what a request does not have.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sandbox.clouds.kubernetes.wire import at, dotted, has_unknown, items
from sandbox.contract import UNKNOWN, Refusal

Path = tuple[str | int, ...]
GROUP = "rbac.authorization.k8s.io"
REASONS = ("Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized")
_ROLES = {"ClusterRoleBinding": ("ClusterRole",), "RoleBinding": ("ClusterRole", "Role")}


def _required(path: Path, why: str = "") -> Refusal:
    return Refusal("law", "Invalid", f"{dotted(path)}: Required value{f': {why}' if why else ''}", path)


def _unsupported(path: Path, value: Any, allowed: Sequence[str]) -> Refusal:
    named = ", ".join(f'"{one}"' for one in allowed)
    return Refusal("law", "Invalid", f'{dotted(path)}: Unsupported value: "{value}": supported values: {named}', path)


def _empty(value: Any) -> bool:
    """Nothing there, as far as it is known."""
    return value is not UNKNOWN and (value is None or (hasattr(value, "__len__") and len(value) == 0))


def _rules(body: Mapping[str, Any]) -> Iterator[Refusal]:
    for index, rule in enumerate(items(body.get("rules"))):
        path: Path = ("rules", index)
        if _empty(rule.get("verbs")):
            yield _required((*path, "verbs"), "verbs must contain at least one value")
        if not _empty(rule.get("nonResourceURLs")):
            if body.get("kind") == "Role":
                why = "namespaced rules cannot apply to non-resource URLs"
                where = (*path, "nonResourceURLs")
                yield Refusal("law", "Invalid", f"{dotted(where)}: Invalid value: {why}", where)
            continue
        if _empty(rule.get("apiGroups")):
            yield _required((*path, "apiGroups"), "resource rules must supply at least one api group")
        if _empty(rule.get("resources")):
            yield _required((*path, "resources"), "resource rules must supply at least one resource")


def _binding(body: Mapping[str, Any], roles: Sequence[str]) -> Iterator[Refusal]:
    role = body.get("roleRef")
    if isinstance(role, Mapping):
        for key, allowed in (("kind", roles), ("apiGroup", (GROUP,))):
            if (value := role.get(key)) is not UNKNOWN and value not in allowed:
                yield _unsupported(("roleRef", key), value, allowed)
        if _empty(role.get("name")):
            yield _required(("roleRef", "name"))
    for index, subject in enumerate(items(body.get("subjects"))):
        path: Path = ("subjects", index)
        kind, group = subject.get("kind"), subject.get("apiGroup")
        if _empty(subject.get("name")):
            yield _required((*path, "name"))
        allowed_group = "" if kind == "ServiceAccount" else GROUP
        if isinstance(group, str) and group and group != allowed_group:
            yield _unsupported((*path, "apiGroup"), group, (allowed_group,))
        if kind == "ServiceAccount" and body.get("kind") == "ClusterRoleBinding" and _empty(subject.get("namespace")):
            yield _required((*path, "namespace"))


def _policy(body: Mapping[str, Any]) -> Iterator[Refusal]:
    spec = at(body, "spec")
    constraints: Path = ("spec", "matchConstraints")
    if _empty(at(spec, "matchConstraints")):
        yield _required(constraints)
    elif _empty(at(spec, "matchConstraints", "resourceRules")):
        yield _required((*constraints, "resourceRules"))
    for index, rule in enumerate(items(at(spec, "matchConstraints", "resourceRules"))):
        for key in ("apiGroups", "apiVersions", "operations", "resources"):
            path: Path = (*constraints, "resourceRules", index, key)
            given = rule.get(key)
            if _empty(given):
                yield _required(path)
            elif isinstance(given, list | tuple) and "*" in given and len(given) > 1 and key != "resources":
                why = "if '*' is present, must not specify other"
                yield Refusal("law", "Invalid", f"{dotted(path)}: Invalid value: {why} {key}", path)
    if isinstance(spec, Mapping) and _empty(spec.get("validations")) and _empty(spec.get("auditAnnotations")):
        yield _required(("spec", "validations"), "validations or auditAnnotations must be non-empty")
    for index, one in enumerate(items(at(spec, "validations"))):
        yield from _expression(one, ("spec", "validations", index))
        reason = one.get("reason")
        if isinstance(reason, str) and reason not in REASONS:
            yield _unsupported(("spec", "validations", index, "reason"), reason, REASONS)
    for index, one in enumerate(items(at(spec, "matchConditions"))):
        yield from _expression(one, ("spec", "matchConditions", index))
        if _empty(one.get("name")):
            yield _required(("spec", "matchConditions", index, "name"))


def _expression(one: Mapping[str, Any], path: Path) -> Iterator[Refusal]:
    expression = one.get("expression")
    where = (*path, "expression")
    if expression is UNKNOWN:
        return
    if not isinstance(expression, str) or not expression.strip():
        yield _required(where, "expression is not specified")
    elif why := _unparsed(expression):
        yield Refusal("law", "Invalid", f"{dotted(where)}: Invalid value: compilation failed: {why}", where)


@cache
def _unparsed(expression: str) -> str:
    """Why an expression is no CEL; empty where it is."""
    import celpy
    from celpy.celparser import CELParseError

    try:
        celpy.Environment().compile(expression)
    except CELParseError as error:
        return str(error.args[0]).splitlines()[0]
    return ""


def _policy_binding(body: Mapping[str, Any]) -> Iterator[Refusal]:
    spec = at(body, "spec")
    actions = at(spec, "validationActions")
    if _empty(at(spec, "policyName")) and not has_unknown(spec):
        yield _required(("spec", "policyName"))
    if _empty(actions) and not has_unknown(spec):
        yield _required(("spec", "validationActions"), "at least one validation action is required")
    if isinstance(actions, list | tuple) and {"Deny", "Warn"} <= {one for one in actions if isinstance(one, str)}:
        path = ("spec", "validationActions")
        yield Refusal("law", "Invalid", f"{dotted(path)}: Invalid value: must not contain both Deny and Warn", path)


def check(body: Mapping[str, Any]) -> Iterator[Refusal]:
    """Refusals of roles, bindings and admission policies."""
    kind = str(body.get("kind"))
    if kind in {"ClusterRole", "Role"}:
        yield from _rules(body)
    elif kind in _ROLES:
        yield from _binding(body, _ROLES[kind])
    elif kind == "ValidatingAdmissionPolicy":
        yield from _policy(body)
    elif kind == "ValidatingAdmissionPolicyBinding":
        yield from _policy_binding(body)
