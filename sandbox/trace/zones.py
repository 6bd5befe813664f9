"""DNS zones of three clouds: which there are, who sees them, and what stands in them.

Owns      each cloud's ways of saying so: associations, visibility, links, peering zones.
Refuses   to resolve: sandbox/trace/dns.py does.
"""

from dataclasses import dataclass

from sandbox.contract import Record
from sandbox.trace.look import Look, at, items, last, same
from sandbox.trace.places import Net


@dataclass(frozen=True)
class Zone:
    """One zone. `forwards_to` is the network in which a peering zone's names are looked up."""

    cloud: str
    record: Record
    name: str
    private: bool
    forwards_to: str = ""


@dataclass(frozen=True)
class Entry:
    """One record set of a zone: full name without the final dot, type, values, and the record it comes from."""

    name: str
    type: str
    values: tuple[str, ...]
    record: Record


def zones(look: Look) -> list[Zone]:
    """Every zone of the sandbox."""
    found = []
    for one in look.all("aws:route53/zone:Zone"):
        private = bool(items(one.inputs.get("vpcs"))) or bool(_associations(look, one))
        found.append(Zone("aws", one, _name(one.inputs.get("name")), private or bool(one.outputs.get("vpcs"))))
    for one in look.all("gcp:dns/managedZone:ManagedZone"):
        target = str(at(one.inputs, "peeringConfig", "targetNetwork", "networkUrl") or "")
        private = one.inputs.get("visibility") == "private"
        found.append(Zone("gcp", one, _name(one.inputs.get("dnsName")), private, target))
    for one in look.all("azure-native:privatedns:PrivateZone"):
        found.append(Zone("azure", one, _name(one.inputs.get("privateZoneName") or last(one.id)), True))
    for one in look.all("azure-native:dns:Zone"):
        found.append(Zone("azure", one, _name(one.inputs.get("zoneName") or last(one.id)), False))
    return found


def _name(text: object) -> str:
    return str(text or "").rstrip(".").lower()


def _associations(look: Look, zone: Record) -> list[Record]:
    return look.where("aws:route53/zoneAssociation:ZoneAssociation", zoneId=zone.id)


def seen_from(look: Look, zone: Zone, net: Net) -> Record | None:
    """What makes a private zone visible in a network: the association, link or zone itself; None where nothing does."""
    if zone.cloud != net.cloud:
        return None
    if zone.cloud == "aws":
        if any(one.get("vpcId") == net.id for one in items(zone.record.inputs.get("vpcs"))):
            return zone.record
        return next((one for one in _associations(look, zone.record) if one.inputs.get("vpcId") == net.id), None)
    if zone.cloud == "gcp":
        told = items(at(zone.record.inputs, "privateVisibilityConfig", "networks"))
        return zone.record if any(same(one.get("networkUrl"), net.id) for one in told) else None
    for one in look.all("azure-native:privatedns:VirtualNetworkLink"):
        of_zone = one.id.lower().startswith(f"{zone.record.id.lower()}/virtualnetworklinks/")
        if of_zone and same(at(one.inputs, "virtualNetwork", "id"), net.id):
            return one
    return None


def entries(look: Look, zone: Zone) -> list[Entry]:
    """What stands in a zone."""
    if zone.cloud == "aws":
        return [_aws(one) for one in look.where("aws:route53/record:Record", zoneId=zone.record.id)]
    if zone.cloud == "gcp":
        return [
            Entry(_name(one.inputs.get("name")), str(one.inputs.get("type")), _values(one.inputs.get("rrdatas")), one)
            for one in look.all("gcp:dns/recordSet:RecordSet", zone.record.scope)
            if last(one.inputs.get("managedZone")) == last(zone.record.id)
        ]
    type_ = "azure-native:privatedns:PrivateRecordSet" if zone.private else "azure-native:dns:RecordSet"
    return [
        _azure(one, zone.name) for one in look.all(type_) if one.id.lower().startswith(f"{zone.record.id.lower()}/")
    ]


def _values(given: object) -> tuple[str, ...]:
    return tuple(str(one).rstrip(".").lower() for one in items(given))


def _aws(one: Record) -> Entry:
    told = [alias.get("name") for alias in items(one.inputs.get("aliases"))]
    type_ = "ALIAS" if told else str(one.inputs.get("type"))
    return Entry(_name(one.inputs.get("name")), type_, _values(told or one.inputs.get("records")), one)


def _azure(one: Record, zone: str) -> Entry:
    label = str(one.inputs.get("relativeRecordSetName") or last(one.id)).lower()
    name = zone if label == "@" else f"{label}.{zone}"
    addresses = [item.get("ipv4Address") for item in items(one.inputs.get("aRecords"))]
    alias = at(one.inputs, "cnameRecord", "cname")
    return Entry(name, "CNAME" if alias else "A", _values([alias] if alias else addresses), one)
