"""Laws that records of private and public zones share.

Owns      names, wildcards, values, and that a CNAME stands alone.
Refuses   resolving a name: that is asked elsewhere.
"""

import ipaddress
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sandbox.clouds.azure import arm, quotas
from sandbox.clouds.azure.model import URI, api, model
from sandbox.contract import Law, Properties, Record, Refusal, Request, TypeModel, World

_LABEL = r"[A-Za-z0-9_]([-A-Za-z0-9_]{0,61}[A-Za-z0-9_])?"
_NAME = rf"@|(\*|{_LABEL})(\.{_LABEL})*"
LABELS = rf"{_LABEL.replace('A-Z', '')}(\.{_LABEL.replace('A-Z', '')})*"
LABELS_IN_WORDS = "labels of 1 to 63 lower-case letters, digits, '-' or '_', with no final dot"


@dataclass(frozen=True)
class Kind:
    """One of the two kinds of zones.

    zone    type of the zone, and `key` the input that names it, of a zone and of a record alike
    path    ARM type of the zone
    types   record type -> the input that holds its values
    """

    token: str
    zone: str
    key: str
    path: str
    service: str
    quota: str
    types: dict[str, str]


def records(world: World, kind: Kind, group: str, zone: str) -> list[Record]:
    """The record sets of a zone."""
    return [
        one
        for one in world.all(arm.AZURE + kind.token)
        if arm.text(one.inputs, kind.key).lower() == zone.lower()
        and arm.text(one.inputs, "resourceGroupName").lower() == group.lower()
    ]


def empty(kind: Kind) -> Law:
    """A zone that still has records: Azure would delete them too, without a word."""

    def rule(request: Request, world: World) -> Iterator[Refusal]:
        old = request.old.inputs if request.old else {}
        for one in records(world, kind, arm.text(old, "resourceGroupName"), arm.text(old, kind.key)):
            yield arm.refuse(
                "zone-not-empty", f"the zone still has record {one.id}: Azure would delete it too; delete it first"
            )
            return

    return arm.leaving(rule)


def model_of(kind: Kind, laws: Sequence[Law] = ()) -> TypeModel:
    """The model of the records of one kind of zones."""
    own = "relativeRecordSetName"

    def said(request: Request, _world: World) -> Iterator[Refusal]:
        yield from _name(request, kind)
        yield from _values(request, kind)

    def alone(request: Request, world: World) -> Iterator[Refusal]:
        group, zone = arm.text(request.inputs, "resourceGroupName"), arm.text(request.inputs, kind.key)
        others = [one for one in records(world, kind, group, zone) if one.id != (request.old.id if request.old else "")]
        yield from quotas.over(kind.quota, len(others) + 1, zone, "RecordSetLimitReached")
        for one in others:
            if arm.text(one.inputs, own).lower() != arm.text(request.inputs, own).lower():
                continue
            types = arm.text(one.inputs, "recordType"), arm.text(request.inputs, "recordType")
            if "CNAME" in types and types[0] != types[1]:
                new = f"The {types[1]} record" if types[1] == "CNAME" else "The record"
                what = "another record" if types[1] == "CNAME" else "a CNAME record"
                yield arm.refuse(
                    "Conflict",
                    f"{new} could not be created because {what} with the same name already exists in this zone.",
                    own,
                )

    def outputs(request: Request, _world: World, id: str) -> Properties:
        name, zone = arm.text(request.inputs, own), arm.text(request.inputs, kind.key)
        return {
            "type": f"{kind.path}/{arm.text(request.inputs, 'recordType')}",
            "fqdn": f"{zone}." if name == "@" else f"{name}.{zone}.",
            "etag": arm.guid(id),
        }

    def identify(request: Request, _world: World) -> str:
        # The record's type stands where other ids have the name of an ARM type.
        group, zone, of, name = (
            arm.text(request.inputs, key) for key in ("resourceGroupName", kind.key, "recordType", own)
        )
        return f"{arm.resource_id(request.scope.account, group, kind.path, zone)}/{of}/{name}"

    made = model(
        kind.token,
        f"{kind.path}/recordSets",
        api(kind.service, "RecordSet", {"recordType": ""}),
        name=own,
        parents=(kind.key,),
        version="2024-06-01",
        laws=(
            arm.under(kind.zone, kind.path, **{kind.key: kind.key, "resourceGroupName": "resourceGroupName"}),
            arm.said(said),
            arm.within(0, 2**31 - 1, "ttl", code="BadRequest"),
            arm.standing(alone),
            *laws,
        ),
        immutable={"recordType": URI},
        extra=outputs,
        tracked=False,
    )
    return replace(made, identify=identify, unique=(own, "recordType", kind.key, "resourceGroupName"))


def _name(request: Request, kind: Kind) -> Iterator[Refusal]:
    name, zone = arm.text(request.inputs, "relativeRecordSetName"), arm.text(request.inputs, kind.key)
    path = "relativeRecordSetName"
    if name and not re.fullmatch(_NAME, name):
        yield arm.refuse(
            "BadRequest",
            f"The relative record set name '{name}' is invalid: '@', or labels of 1 to 63 letters, digits, '-' or '_', "
            "of which the first may be '*', with no final dot",
            path,
        )
    elif len(f"{name}.{zone}") > 253:
        yield arm.refuse("BadRequest", f"the name '{name}.{zone}' is longer than 253 characters", path)
    elif zone and (name == zone or name.endswith(f".{zone}")):
        yield arm.refuse(
            "record-outside-zone",
            f"'{name}' is relative to the zone and would become '{name}.{zone}': leave the zone's name out",
            path,
        )
    if name == "@" and arm.text(request.inputs, "recordType") == "CNAME":
        yield arm.refuse("BadRequest", "A CNAME record cannot be at the root of a zone.", path)


def _values(request: Request, kind: Kind) -> Iterator[Refusal]:
    of = arm.text(request.inputs, "recordType")
    if not of:
        return
    if of not in kind.types:
        allowed = ", ".join(sorted(kind.types))
        yield arm.refuse("BadRequest", f"record type is '{of}': allowed are {allowed}", "recordType")
        return
    own = kind.types[of]
    if own not in request.inputs and "targetResource" not in request.inputs:
        yield arm.refuse("BadRequest", f"a record set of type {of} needs {own}", own)
    for key in sorted(set(kind.types.values()) - {own}):
        if request.inputs.get(key):
            yield arm.refuse("BadRequest", f"a record set of type {of} has {own}, and {key} is given", key)
    given = arm.items(request.inputs, own)
    if isinstance(request.inputs.get(own), list) and not given:
        yield arm.refuse("BadRequest", f"a record set of type {of} has at least one record", own)
    yield from quotas.over("records of a record set", len(given), "the record set", "RecordLimitReached", own)
    for index, one in enumerate(given if of == "A" else ()):
        address = arm.text(one, "ipv4Address")
        try:
            ipaddress.IPv4Address(address or "0.0.0.0")  # noqa: S104 - stands for what is not known yet
        except ValueError:
            yield arm.refuse("BadRequest", f"'{address}' is not an IPv4 address", own, index, "ipv4Address")
    if (
        of == "CNAME"
        and (target := arm.text(request.inputs, own, "cname"))
        and not re.fullmatch(rf"{_LABEL}(\.{_LABEL})*\.?", target)
    ):
        yield arm.refuse("BadRequest", f"The domain name '{target}' is invalid.", own, "cname")
