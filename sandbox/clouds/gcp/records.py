"""Cloud DNS: record sets.

Owns      their API model, id and laws: where a record may stand, what its data may be, and what excludes what.
Refuses   routing policies' targets, and answering a query. NS and SOA of a zone are Google's own: not recorded here.
"""

import ipaddress
import re
from collections.abc import Iterator

from sandbox.clouds.gcp import tokens
from sandbox.clouds.gcp.forms import normal
from sandbox.clouds.gcp.links import project, values
from sandbox.clouds.gcp.networks import force_new
from sandbox.clouds.gcp.rules import SHAPE, WORLD, deletable, on, own_project, refusal, within_quota
from sandbox.contract import ApiModel, Properties, Record, Refusal, Request, TypeModel, World

_SOURCE = force_new("dns/resource_dns_record_set.go", "07a2c0b")
TYPES_OF_RECORDS = frozenset(
    {
        "A", "AAAA", "ALIAS", "CAA", "CNAME", "DNSKEY", "DS", "HTTPS", "IPSECKEY", "MX", "NAPTR", "NS", "PTR", "SOA",
        "SPF", "SRV", "SSHFP", "SVCB", "TLSA", "TXT",
    }
)  # fmt: skip
_LABEL = r"[a-zA-Z0-9_]([-a-zA-Z0-9_]{0,61}[a-zA-Z0-9_])?"
_NAME = re.compile(rf"(\*\.)?({_LABEL}\.)+")
_LONGEST = 254
MOST_DATA = 100
MOST_SECONDS = 2**31 - 1


def zone_name(value: str, in_project: str) -> str:
    """Relative name of a zone that is given by name or by relative name."""
    return f"projects/{in_project}/managedZones/{value.rsplit('/', 1)[-1]}"


def record_id(request: Request, _: World) -> str:
    """`<zone>/rrsets/<name>/<type>`."""
    inputs = request.inputs
    return f"{zone_name(str(inputs['managedZone']), project(request))}/rrsets/{inputs['name']}/{inputs['type']}"


def record_outputs(request: Request, _: World, __: str) -> Properties:
    """Nothing is computed."""
    return dict(request.inputs)


def of_zone(world: World, zone: Record) -> list[Record]:
    """The record sets of a zone."""
    return [
        record
        for record in world.all(tokens.RECORD_SET, zone.scope)
        if zone_name(str(record.inputs.get("managedZone")), zone.scope.account) == zone.id
    ]


@on(*SHAPE)
def name_form(request: Request, _: World) -> Iterator[Refusal]:
    """A full name with its final dot; `*` only as the first label."""
    for at, name in values(request.inputs, "name"):
        if not name.endswith("."):
            message = f"\"name\" ('{name}') doesn't end with '.', it must end with '.', for example '{name}.'"
            yield refusal("invalid", message, at)
        elif len(name) > _LONGEST or not _NAME.fullmatch(name):
            yield refusal("invalid", f"invalid value for 'entity.change.additions[0].name': '{name}'", at)


@on(*SHAPE)
def data_form(request: Request, _: World) -> Iterator[Refusal]:
    """Data in the form of the record's type."""
    inputs = request.inputs
    kind = inputs.get("type")
    if isinstance(kind, str) and kind not in TYPES_OF_RECORDS:
        message = f"invalid value for 'entity.change.additions[0].type': '{kind}'"
        yield refusal("invalid", message, ("type",))
        return
    if bool(inputs.get("rrdatas")) == bool(inputs.get("routingPolicy")):
        yield refusal("required", "exactly one of 'rrdatas' and 'routingPolicy' must be given", ("rrdatas",))
    ttl = inputs.get("ttl")
    if isinstance(ttl, int) and not 0 <= ttl <= MOST_SECONDS:
        yield refusal("invalid", f"invalid value for 'entity.change.additions[0].ttl': '{ttl}'", ("ttl",))
    found = list(values(inputs, "rrdatas[]"))
    if len(found) > MOST_DATA:
        yield refusal("tooMany", f"{len(found)} data in one record set: at most {MOST_DATA}", ("rrdatas",))
    if kind == "CNAME" and len(found) > 1:
        message = f"a CNAME record has one name, not {len(found)}"
        yield refusal("invalid", message, ("rrdatas",))
    for at, text in found:
        if isinstance(kind, str) and not _fits(kind, text):
            message = f"invalid value for 'entity.change.additions[0].rrdatas': '{text}' is no data of a {kind} record"
            yield refusal("invalid", message, at)


def _fits(kind: str, text: str) -> bool:
    if kind in ("A", "AAAA"):
        try:
            return ipaddress.ip_address(text).version == (4 if kind == "A" else 6)
        except ValueError:
            return False
    if kind in ("CNAME", "NS", "PTR", "ALIAS"):
        return _NAME.fullmatch(text) is not None and not text.startswith("*")
    return bool(text.strip())


@on(*WORLD)
def in_its_zone(request: Request, world: World) -> Iterator[Refusal]:
    """The zone exists, keeps records, and the name lies in it."""
    zone_id = zone_name(str(request.inputs.get("managedZone")), project(request))
    zone = world.find(tokens.MANAGED_ZONE, zone_id)
    at = ("managedZone",)
    if zone is None:
        message = f"the 'parameters.managedZone' resource named '{zone_id.rsplit('/', 1)[-1]}' does not exist"
        yield refusal("notFound", message, at)
        return
    for name in ("peeringConfig", "forwardingConfig", "serviceDirectoryConfig"):
        if zone.inputs.get(name):
            yield refusal("invalid", f"the zone '{zone_id}' has '{name}': it holds no records of its own", at)
    apex = str(zone.inputs.get("dnsName")).lower()
    name = str(request.inputs.get("name")).lower()
    if name != apex and not name.endswith(f".{apex}"):
        message = f"invalid value for 'entity.change.additions[0].name': '{name}' does not lie in '{apex}'"
        yield refusal("invalid", message, ("name",))


@on(*WORLD)
def alone_with_cname(request: Request, world: World) -> Iterator[Refusal]:
    """A CNAME stands alone at its name, and never at the zone's own, where NS and SOA are."""
    zone = world.find(tokens.MANAGED_ZONE, zone_name(str(request.inputs.get("managedZone")), project(request)))
    if zone is None:
        return
    name, kind = str(request.inputs.get("name")).lower(), request.inputs.get("type")
    if kind == "CNAME" and name == str(zone.inputs.get("dnsName")).lower():
        message = f"a CNAME record cannot stand at '{name}': the zone's NS and SOA are there"
        yield refusal("cnameResourceRecordSetConflict", message, ("type",))
    for other in of_zone(world, zone):
        if request.old is not None and other.id == request.old.id:
            continue
        theirs = other.inputs.get("type")
        if str(other.inputs.get("name")).lower() == name and kind != theirs and "CNAME" in (kind, theirs):
            message = f"the record set '{name}' of type {kind} excludes the one of type {theirs} that is there"
            yield refusal("cnameResourceRecordSetConflict", message, ("type",))


TYPES = (
    TypeModel(
        token=tokens.RECORD_SET,
        api=ApiModel(
            source="discovery",
            service="dns.v1",
            shape="ResourceRecordSet",
            rename={"project": "", "deletionPolicy": "", "managedZone": "", "routingPolicy": ""},
            constants={},
        ),
        identify=record_id,
        outputs=record_outputs,
        immutable=dict.fromkeys(("name", "managedZone", "project"), _SOURCE),
        laws=(
            own_project,
            name_form,
            data_form,
            in_its_zone,
            alone_with_cname,
            within_quota,
            deletable,
        ),
        # rrdatasDnsDiffSuppress: the order of the data says nothing.
        normalize=normal(sets=("rrdatas",)),
        unique=("name", "type"),
        unique_in="parent:managedZone",
    ),
)
