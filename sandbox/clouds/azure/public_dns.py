"""Public DNS zones and their records.

Owns      the name servers that a zone gets, and what a zone of the internet may hold.
Refuses   delegation: whether the zone above names these servers is nobody's business here.
"""

from collections.abc import Iterator

from sandbox.clouds.azure import arm, record_sets
from sandbox.clouds.azure.model import CREATE_ONLY, api, model
from sandbox.clouds.azure.private_dns import only_global
from sandbox.contract import Properties, Refusal, Request, World

RECORDS = record_sets.Kind(
    token="dns:RecordSet",  # noqa: S106 - a type token
    zone="dns:Zone",
    key="zoneName",
    path="Microsoft.Network/dnsZones",
    service="dns",
    quota="record sets of a public DNS zone",
    types={
        "A": "aRecords",
        "AAAA": "aaaaRecords",
        "CAA": "caaRecords",
        "CNAME": "cnameRecord",
        "DS": "dsRecords",
        "MX": "mxRecords",
        "NAPTR": "naptrRecords",
        "NS": "nsRecords",
        "PTR": "ptrRecords",
        "SOA": "soaRecord",
        "SRV": "srvRecords",
        "TLSA": "tlsaRecords",
        "TXT": "txtRecords",
    },
)


def _zone(request: Request, _world: World) -> Iterator[Refusal]:
    name = arm.text(request.inputs, "zoneName")
    if name and not 2 <= len(name.split(".")) <= 34:
        yield arm.refuse("BadRequest", f"zone '{name}' must have 2 to 34 labels", "zoneName")
    if arm.text(request.inputs, "zoneType") == "Private":
        yield arm.refuse(
            "BadRequest", "private zones are of type privatedns:PrivateZone: this one is public", "zoneType"
        )


def _target(request: Request, world: World) -> Iterator[Refusal]:
    path = ("targetResource", "id")
    target = arm.text(request.inputs, *path)
    if "/publicipaddresses/" in target.lower():
        yield from arm.reference(request, world, "network:PublicIPAddress", target, path, anywhere=True)


def _outputs(_request: Request, _world: World, id: str) -> Properties:
    # Azure has some ten sets of four servers; a zone's name may exist many times, each time with another set.
    number = int(arm.digest(id.lower(), 4), 16) % 10 + 1
    tops = ("com", "net", "org", "info")
    return {
        "nameServers": [f"ns{at}-{number:02d}.azure-dns.{top}." for at, top in enumerate(tops, 1)],
        "maxNumberOfRecordSets": 10000,
        "numberOfRecordSets": 2,
        "etag": arm.guid(id),
    }


TYPES = (
    model(
        RECORDS.zone,
        RECORDS.path,
        api("dns", "Zone"),
        name="zoneName",
        version="2018-05-01",
        laws=(
            arm.well_named("zoneName", record_sets.LABELS, record_sets.LABELS_IN_WORDS, "BadRequest"),
            arm.said(_zone),
            arm.said(only_global),
            arm.limited("public DNS zones"),
            record_sets.empty(RECORDS),
        ),
        immutable={"location": CREATE_ONLY},
        normalize=arm.normal(location="global", zoneType="Public"),
        extra=_outputs,
    ),
    record_sets.model_of(RECORDS, laws=(arm.standing(_target),)),
)
