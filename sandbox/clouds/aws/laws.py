"""Laws that many AWS types share: what is named must exist, here; documents must parse; what is used stays.

Owns      the factories of such laws, and the words of their refusals.
Refuses   to judge what is not known yet: an UNKNOWN passes, and the apply judges it again.
"""

import ipaddress
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sandbox.clouds.aws import offers
from sandbox.contract import UNKNOWN, Law, Record, Refusal, Request, World

Check = Callable[[Request, World], Iterable[Refusal]]


def writing(law: Check) -> Law:
    """A law about what a resource is, not about its end."""

    def judged(request: Request, world: World) -> Iterable[Refusal]:
        return () if request.operation == "delete" else list(law(request, world))

    return judged


def at_effect(law: Check) -> Law:
    """A law about another resource's state, which the same run may be about to change: a preview cannot tell."""

    def judged(request: Request, world: World) -> Iterable[Refusal]:
        return list(law(request, world)) if request.operation in ("create", "update") else ()

    return judged


def deleting(law: Check) -> Law:
    """A law about the end of a resource."""

    def judged(request: Request, world: World) -> Iterable[Refusal]:
        return list(law(request, world)) if request.operation == "delete" else ()

    return judged


def refuse(code: str, message: str, *path: str | int) -> Refusal:
    """A refusal by law."""
    return Refusal("law", code, message, tuple(path))


def known(value: Any) -> bool:
    """Whether a law can judge the value."""
    return value is not None and value is not UNKNOWN


def section(inputs: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The mapping under a key; empty where it is missing or not known."""
    found = inputs.get(key)
    return found if isinstance(found, Mapping) else {}


def texts(inputs: Mapping[str, Any], path: str) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every known string at a dotted path, with its place; `[]` goes through a list."""
    yield from _texts(inputs, path.split("."), ())


def _texts(value: Any, way: list[str], place: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if not way:
        if isinstance(value, str):
            yield place, value
        return
    key, rest = way[0], way[1:]
    if key == "[]":
        for index, item in enumerate(value if isinstance(value, list) else ()):
            yield from _texts(item, rest, (*place, index))
    elif isinstance(value, Mapping):
        yield from _texts(value.get(key), rest, (*place, key))


def exists(path: str, token: str, code: str, what: str, *, named: bool = False) -> Law:
    """The id at `path` names a resource of type `token` in the same account and region.

    With `named` the id is a name that the program chose: a preview knows it before the resource is there, so only the
    effect can be judged.
    """

    @writing
    def law(request: Request, world: World) -> Iterable[Refusal]:
        if named and request.operation == "check":
            return
        for place, id_ in texts(request.inputs, path):
            found = world.find(token, id_, request.scope)
            if found is not None and region_of(found) in (request.scope.region, ""):
                continue
            yield refuse(code, f"the {what} '{id_}' does not exist{_elsewhere(request, world, token, id_)}", *place)

    return law


def _elsewhere(request: Request, world: World, token: str, id_: str) -> str:
    here = f" in account {request.scope.account}, region {request.scope.region}"
    found = world.find(token, id_)
    if found is None:
        return here
    return f"{here}: it is in account {found.scope.account}, region {region_of(found)}"


def same(record: Record, request: Request) -> bool:
    """Whether a record is the very resource of the request: by URN, or as what a renamed or imported one was before."""
    return record.urn == request.urn or (
        request.old is not None and (record.type, record.id) == (request.old.type, request.old.id)
    )


def region_of(record: Record) -> str:
    """Where a resource is: the region that it names itself, else that of the provider which made it."""
    own = record.inputs.get("region")
    return own if isinstance(own, str) and own else record.scope.region


@writing
def region(request: Request, _world: World) -> Iterable[Refusal]:
    """The region that a resource names is one."""
    asked = request.inputs.get("region")
    if isinstance(asked, str) and asked not in offers.regions():
        yield refuse(
            "InvalidRegion", f"invalid AWS region: '{asked}'; there are {', '.join(offers.regions())}", "region"
        )


def arn_exists(path: str, token: str, code: str, what: str) -> Law:
    """The ARN at `path` is that of a resource of type `token` in the same account; AWS's own are taken as there."""

    @writing
    def law(request: Request, world: World) -> Iterable[Refusal]:
        for place, arn in texts(request.inputs, path):
            if not re.fullmatch(r"arn:aws:[a-z0-9-]+:[a-z0-9-]*:\d{12}:.+", arn):
                yield refuse(code, f"'{arn}' is not the ARN of a {what}", *place)
                continue
            if not any(_same_account(record, request) for record in world.by_output("arn", arn, token)):
                yield refuse(code, f"the {what} '{arn}' does not exist in account {request.scope.account}", *place)

    return law


def _same_account(record: Record, request: Request) -> bool:
    return record.scope.account == request.scope.account


def used_by(code: str, *users: tuple[str, str], by: str = "id") -> Law:
    """Deletion is refused while a resource of one of the types holds this one's id (or output `by`) at its path."""

    @deleting
    def law(request: Request, world: World) -> Iterable[Refusal]:
        if request.old is None:
            return
        mine = request.old.id if by == "id" else request.old.outputs.get(by)
        for token, path in users:
            for record in world.all(token, request.scope):
                if region_of(record) == request.scope.region and any(v == mine for _, v in texts(record.inputs, path)):
                    message = (
                        f"'{request.old.id}' has dependencies and cannot be deleted: {token} '{record.id}' uses it"
                    )
                    yield refuse(code, message)

    return law


def document(path: str, *, principals: bool, code: str = "MalformedPolicyDocument") -> Law:
    """A policy: JSON with a version and statements; a trust or key policy names who, an identity policy what."""

    @writing
    def law(request: Request, _world: World) -> Iterable[Refusal]:
        text = request.inputs.get(path)
        if not isinstance(text, str):
            return
        try:
            parsed = json.loads(text)
        except ValueError as error:
            yield refuse(code, f"the policy is not valid JSON: {error}", path)
            return
        for fault in _policy_faults(parsed, principals=principals):
            yield refuse(code, fault, path)

    return law


def _policy_faults(parsed: Any, *, principals: bool) -> Iterator[str]:
    if not isinstance(parsed, dict):
        yield "the policy is not a JSON object"
        return
    if parsed.get("Version") not in ("2012-10-17", "2008-10-17"):
        yield f"the policy's Version is {parsed.get('Version')!r}: it must be 2012-10-17 (or the older 2008-10-17)"
    statements = parsed.get("Statement")
    for index, one in enumerate(statements if isinstance(statements, list) else [statements]):
        if not isinstance(one, dict) or not one:
            yield f"statement {index} of the policy is empty or not an object"
            continue
        if one.get("Effect") not in ("Allow", "Deny"):
            yield f"statement {index} of the policy has Effect {one.get('Effect')!r}: it must be Allow or Deny"
        if not ({"Action", "NotAction"} & one.keys()):
            yield f"statement {index} of the policy names no Action"
        yield from _wording_faults(one, index)
        named = {"Principal", "NotPrincipal"} & one.keys()
        if principals and not named:
            yield f"statement {index} of the policy names no Principal"
        if not principals and named:
            yield f"statement {index} of the policy has a Principal: an identity's own policy cannot"
        if not principals and not ({"Resource", "NotResource"} & one.keys()):
            yield f"statement {index} of the policy names no Resource"
        unknown = one.keys() - _STATEMENT
        if unknown:
            yield f"statement {index} of the policy has unknown elements {sorted(unknown)}"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _wording_faults(one: Mapping[str, Any], index: int) -> Iterator[str]:
    """What IAM reads in a statement's actions, resources, services and conditions."""
    for action in _listed(one.get("Action")):
        if not re.fullmatch(r"\*|[a-z0-9-]+:[A-Za-z0-9*?]+", str(action)):
            yield f"statement {index} of the policy has action '{action}': actions must be prefaced by a vendor"
    for resource in _listed(one.get("Resource")):
        if resource != "*" and not re.fullmatch(r"arn:(aws|\*)[a-z-]*:[^:]*:[^:]*:[^:]*:.+", str(resource)):
            yield f"statement {index} of the policy has resource '{resource}': it must be in ARN format or '*'"
    principal = one.get("Principal")
    if isinstance(principal, Mapping):
        for kind in principal.keys() - {"AWS", "CanonicalUser", "Federated", "Service"}:
            yield f"statement {index} of the policy has an unknown kind of principal '{kind}'"
        for service in _listed(principal.get("Service")):
            if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com", str(service)):
                yield f"statement {index} of the policy has an invalid principal: '{service}' is no AWS service"
        for who in _listed(principal.get("AWS")):
            if not re.fullmatch(r"\*|\d{12}|arn:aws:(iam|sts)::\d{12}:(root|(user|role|assumed-role)/.+)", str(who)):
                yield f"statement {index} of the policy has an invalid principal: '{who}'"
    conditions = one.get("Condition")
    for operator in conditions if isinstance(conditions, Mapping) else ():
        if not re.fullmatch(_OPERATOR, operator):
            yield f"statement {index} of the policy has an invalid condition type '{operator}'"


_OPERATOR = (
    r"(ForAnyValue:|ForAllValues:)?("
    r"String(Not)?(Equals|EqualsIgnoreCase|Like)|Numeric((Not)?Equals|(Less|Greater)Than(Equals)?)|"
    r"Date((Not)?Equals|(Less|Greater)Than(Equals)?)|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like)"
    r")(IfExists)?|Null"
)
"""Source: IAM user guide, 'IAM JSON policy elements: condition operators'."""

_STATEMENT = {
    "Action",
    "Condition",
    "Effect",
    "NotAction",
    "NotPrincipal",
    "NotResource",
    "Principal",
    "Resource",
    "Sid",
}


def needs(code: str, what: str, *names: str) -> Law:
    """At least one of the properties is given."""

    @writing
    def law(request: Request, _world: World) -> Iterable[Refusal]:
        if all(request.inputs.get(name) is None for name in names):
            yield refuse(code, f"{what}: give {' or '.join(names)}", names[0])

    return law


def statements(text: Any) -> list[dict[str, Any]]:
    """The statements of a policy; none where it cannot be read."""
    try:
        found = json.loads(text)["Statement"] if isinstance(text, str) else []
    except (ValueError, KeyError, TypeError):
        return []
    return [one for one in (found if isinstance(found, list) else [found]) if isinstance(one, dict)]


def named(statement: dict[str, Any], kind: str) -> list[str]:
    """The principals of one kind (`AWS`, `Service`) of a statement."""
    principal = statement.get("Principal")
    if principal == "*":
        return ["*"]
    found = principal.get(kind, []) if isinstance(principal, dict) else []
    return [found] if isinstance(found, str) else list(found)


def network(text: Any) -> ipaddress.IPv4Network | None:
    """The range, where it is one."""
    try:
        # EC2 takes an address for no range: it wants the length of the prefix.
        return ipaddress.IPv4Network(text, strict=False) if isinstance(text, str) and "/" in text else None
    except ValueError:
        return None


def sized(path: str, shortest: int, longest: int, code: str) -> Law:
    """An IPv4 range of an allowed size."""

    @writing
    def law(request: Request, _world: World) -> Iterable[Refusal]:
        text = request.inputs.get(path)
        if not known(text):
            return
        found = network(text)
        if found is None:
            yield refuse(
                "InvalidParameterValue", f"value ({text}) for parameter {path} is invalid: no IPv4 range", path
            )
        elif not shortest <= found.prefixlen <= longest:
            yield refuse(
                code, f"the range '{text}' is invalid: it must be between a /{shortest} and a /{longest}", path
            )

    return law


@writing
def tags(request: Request, _world: World) -> Iterable[Refusal]:
    """Tag keys of 1 to 128, values of up to 256 characters, none with the prefix that is AWS's, at most 50."""
    given = request.inputs.get("tags")
    if not isinstance(given, Mapping):
        return
    if len(given) > 50:
        yield refuse("TagLimitExceeded", f"{len(given)} tags: a resource has at most 50", "tags")
    for key, value in given.items():
        if key.lower().startswith("aws:"):
            yield refuse("InvalidTagKey", f"the tag key '{key}' is AWS's own: it cannot start with 'aws:'", "tags", key)
        if not 1 <= len(key) <= 128 or (isinstance(value, str) and len(value) > 256):
            yield refuse("InvalidTagKey", f"the tag '{key}' is too long: 128 for keys, 256 for values", "tags", key)
        if isinstance(value, str) and not re.fullmatch(r"[\w\s.:/=+\-@]*", value):
            yield refuse(
                "InvalidTagValue", f"the tag '{key}' has a value that tags cannot hold: '{value}'", "tags", key
            )
