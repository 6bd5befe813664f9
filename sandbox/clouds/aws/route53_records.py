"""Records of hosted zones.

Owns      names inside their zone, what a type may hold, that a set is there once, and where an alias may lead.
Refuses   routing policies, health checks and delegation: judged by their types only.
"""

import ipaddress
import re
from collections.abc import Iterable

from sandbox.clouds.aws import laws
from sandbox.clouds.aws.base import botocore, model
from sandbox.clouds.aws.laws import at_effect, known, refuse, texts, writing
from sandbox.clouds.aws.normal import defaults, domain, sets
from sandbox.clouds.aws.route53 import RECORD
from sandbox.clouds.aws.standing import ENDPOINT, ZONE
from sandbox.contract import Record, Refusal, Request, World

BALANCER = "aws:lb/loadBalancer:LoadBalancer"

_INVALID = "InvalidChangeBatch"
_LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_POLICIES = (
    *("cidrRoutingPolicy", "failoverRoutingPolicies", "geolocationRoutingPolicies", "geoproximityRoutingPolicy"),
    *("latencyRoutingPolicies", "multivalueAnswerRoutingPolicy", "weightedRoutingPolicies"),
)


def _zone(request: Request, world: World) -> Record | None:
    id_ = request.inputs.get("zoneId")
    return world.find(ZONE, id_, request.scope) if isinstance(id_, str) else None


def full_name(name: str, zone: str) -> str:
    """The provider completes a name that does not end with its zone's."""
    name, zone = name.lower().rstrip("."), zone.lower().rstrip(".")
    return name if name == zone or name.endswith(f".{zone}") else f"{name}.{zone}" if name else zone


def _named(request: Request, world: World) -> str:
    zone = _zone(request, world)
    return full_name(str(request.inputs.get("name")), str(zone.inputs.get("name"))) if zone else ""


@writing
def _name(request: Request, _world: World) -> Iterable[Refusal]:
    name = request.inputs.get("name")
    if not known(name):
        return
    if len(str(name)) > 255 or not re.fullmatch(rf"((\*|{_LABEL})(\.{_LABEL})*)?", str(name)):
        message = f"the name '{name}' is not valid: labels of up to 63, '*' only as the whole first one"
        yield refuse(_INVALID, message, "name")


@writing
def _values(request: Request, _world: World) -> Iterable[Refusal]:
    kind, values = request.inputs.get("type"), request.inputs.get("records")
    aliases, ttl = request.inputs.get("aliases"), request.inputs.get("ttl")
    if bool(values) == bool(aliases):
        message = "a record has exactly one of records and aliases"
        yield refuse("InvalidInput", message, "records")
    if values and ttl is None:
        yield refuse("InvalidInput", "a record with values needs a ttl", "ttl")
    if aliases and ttl is not None:
        yield refuse("InvalidInput", "an alias has no ttl of its own", "ttl")
    for place, text in texts(request.inputs, "records.[]"):
        fault = _fault(str(kind), text)
        if fault:
            yield refuse(_INVALID, f"invalid resource record: '{text}' {fault}", *place)
    if kind == "CNAME" and isinstance(values, list) and len(values) > 1:
        yield refuse(_INVALID, f"a CNAME has one value, given {len(values)}", "records")


def _fault(kind: str, text: str) -> str:
    """What is wrong with a value of a type; empty where nothing is."""
    if kind in ("A", "AAAA"):
        try:
            (ipaddress.IPv4Address if kind == "A" else ipaddress.IPv6Address)(text)
        except ValueError:
            return f"is no IPv{4 if kind == 'A' else 6} address"
        return ""
    if kind in ("CNAME", "NS", "PTR"):
        well = re.fullmatch(rf"{_LABEL}(\.{_LABEL})*\.?", text.lower()) and len(text) <= 255
        return "" if well else "is no domain name"
    return ""


def _key(record: Record, world: World) -> tuple[str, str, str]:
    zone = world.find(ZONE, str(record.inputs.get("zoneId")), record.scope)
    name = full_name(str(record.inputs.get("name")), str(zone.inputs.get("name")) if zone else "")
    return name, str(record.inputs.get("type")), str(record.inputs.get("setIdentifier") or "")


@at_effect
def _set_is_new(request: Request, world: World) -> Iterable[Refusal]:
    zone, kind = _zone(request, world), str(request.inputs.get("type"))
    if zone is None:
        return
    name, mark = _named(request, world), str(request.inputs.get("setIdentifier") or "")
    if kind == "CNAME" and name == zone.inputs.get("name"):
        message = f"RRSet of type CNAME with DNS name {name}. is not permitted at apex in zone {name}."
        yield refuse(_INVALID, message, "name")
    for other in world.all(RECORD, request.scope):
        if other.inputs.get("zoneId") != zone.id or laws.same(other, request):
            continue
        theirs, their_kind, their_mark = _key(other, world)
        if theirs != name:
            continue
        if their_kind == kind and their_mark == mark and request.inputs.get("allowOverwrite") is not True:
            message = f"tried to create resource record set [name='{name}.', type='{kind}'] but it already exists"
            yield refuse(_INVALID, message, "name")
        elif "CNAME" in (kind, their_kind) and their_kind != kind:
            message = f"RRSet of type {kind} with DNS name {name}. conflicts with the {their_kind} there"
            yield refuse(_INVALID, f"{message}: nothing stands beside a CNAME", "name")


@at_effect
def _alias(request: Request, world: World) -> Iterable[Refusal]:
    kind = request.inputs.get("type")
    for place, target in texts(request.inputs, "aliases.[].name"):
        hosted = request.inputs["aliases"][place[1]].get("zoneId")
        found = _hosted_zone(world, request, target.lower().rstrip("."), str(kind))
        if found is None:
            message = (
                f"tried to create an alias that targets {target}., type {kind} in zone {hosted}, but it was not found"
            )
            yield refuse(_INVALID, message, *place)
        elif known(hosted) and hosted not in found:
            message = (
                f"tried to create an alias that targets {target}., type {kind} in zone {hosted}, but the alias target "
                f"name does not lie within the target zone"
            )
            yield refuse(_INVALID, message, *place[:-1], "zoneId")


def _hosted_zone(world: World, request: Request, name: str, kind: str) -> set[str] | None:
    """Zones in which the target is; None where there is no such target."""
    if name.endswith(".amazonaws.com"):
        balancers = [*world.by_output("dnsName", name, BALANCER)]
        balancers += [one for one in world.all(BALANCER) if name.endswith(f".{one.outputs.get('dnsName')}")]
        found = {str(one.outputs.get("zoneId")) for one in balancers}
        for endpoint in world.all(ENDPOINT):
            entries = endpoint.outputs.get("dnsEntries") or ()
            found |= {entry["hostedZoneId"] for entry in entries if entry["dnsName"] == name}
        return found or None
    mine = request.inputs.get("zoneId")
    for other in world.all(RECORD, request.scope):
        if (
            other.inputs.get("zoneId") == mine
            and _key(other, world)[:2] == (name, kind)
            and not laws.same(other, request)
        ):
            return {str(mine)}
    return None


def _record_id(request: Request, _world: World) -> str:
    parts = [request.inputs.get(name) for name in ("zoneId", "name", "type", "setIdentifier")]
    return "_".join(str(part) for part in parts if part is not None)


_SET = "ChangeBatch.Changes[].ResourceRecordSet"

TYPES = [
    model(
        RECORD,
        botocore(
            "route53",
            "ChangeResourceRecordSets",
            dict.fromkeys(_POLICIES, "")
            | {
                "aliases[].evaluateTargetHealth": f"{_SET}.AliasTarget.EvaluateTargetHealth",
                "aliases[].name": f"{_SET}.AliasTarget.DNSName",
                "aliases[].zoneId": f"{_SET}.AliasTarget.HostedZoneId",
                "allowOverwrite": "",
                "healthCheckId": f"{_SET}.HealthCheckId",
                "name": f"{_SET}.Name",
                "records": "",
                "setIdentifier": f"{_SET}.SetIdentifier",
                "ttl": f"{_SET}.TTL",
                "type": f"{_SET}.Type",
                "zoneId": "HostedZoneId",
            },
            **{"ChangeBatch.Changes[].Action": "CREATE, or UPSERT with allowOverwrite"},
        ),
        _record_id,
        computed=lambda request, world, _id: {"fqdn": _named(request, world)},
        immutable=("name", "zoneId"),
        normalize=(domain("name"), sets("records"), defaults(allowOverwrite=False)),
        laws_of=(
            laws.exists("zoneId", ZONE, "NoSuchHostedZone", "hosted zone"),
            _name,
            _values,
            _set_is_new,
            _alias,
        ),
        regional=False,
        tagged=False,
    ),
]
