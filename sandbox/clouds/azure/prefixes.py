"""Public address prefixes: a row of addresses that partners can allow once.

Owns      their length, and which addresses are cut from them.
Refuses   prefixes that a company brings with it.
"""

import hashlib
import ipaddress
from collections.abc import Iterator

from sandbox.clouds.azure import arm, joins
from sandbox.clouds.azure.model import CREATE_ONLY, api, model
from sandbox.clouds.azure.network import ALLOWED, NAME
from sandbox.contract import Properties, Record, Refusal, Request, World

TYPE = "network:PublicIPPrefix"
_SHORTEST, _LONGEST = 28, 31
_FOR_LIFE = "Azure: a prefix's length, zones and SKU are for life (general knowledge; the provider's table is silent)"


def cut_from(world: World, prefix: str) -> list[Record]:
    """The public addresses of a prefix."""
    return [
        one
        for one in world.all("azure-native:network:PublicIPAddress")
        if joins.same(arm.text(one.inputs, "publicIPPrefix", "id"), prefix)
    ]


def address_of(request: Request, world: World) -> str:
    """The address that a new public address gets of the prefix that it names; empty where it names none."""
    found = arm.resolve(world, TYPE, arm.text(request.inputs, "publicIPPrefix", "id"))
    if found is None:
        return ""
    if request.old is not None:
        return arm.text(request.old.outputs, "ipAddress")
    gone = {arm.text(one.outputs, "ipAddress") for one in cut_from(world, found.id)}
    row = ipaddress.IPv4Network(arm.text(found.outputs, "ipPrefix"))
    return next((str(one) for one in row if str(one) not in gone), "")


def room(request: Request, world: World) -> Iterator[Refusal]:
    """A public address of a prefix needs one that is free."""
    path = ("publicIPPrefix", "id")
    prefix = arm.text(request.inputs, *path)
    yield from arm.reference(request, world, TYPE, prefix, path)
    there = request.operation == "create" and arm.resolve(world, TYPE, prefix) is not None
    if there and not address_of(request, world):
        yield arm.refuse("PublicIPPrefixOutOfIPAddresses", f"every address of {prefix} is taken", *path)


def _length(request: Request, _world: World) -> Iterator[Refusal]:
    given = arm.known(request.inputs, "prefixLength")
    if arm.text(request.inputs, "publicIPAddressVersion") == "IPv4" and (
        "prefixLength" not in request.inputs or (given is not None and not _SHORTEST <= given <= _LONGEST)
    ):
        yield arm.refuse(
            "InvalidPublicIPPrefixLength",
            f"prefixLength is {given}: a prefix of IPv4 addresses is a /{_SHORTEST} to a /{_LONGEST}",
            "prefixLength",
        )
    if arm.text(request.inputs, "sku", "name") not in ("", "Standard", "StandardV2") or "sku" not in request.inputs:
        yield arm.refuse("InvalidPublicIPPrefixSku", "a public address prefix is Standard: set sku.name", "sku")


def _outputs(request: Request, world: World, id: str) -> Properties:
    numbers = hashlib.sha256(id.encode()).digest()
    length = int(arm.known(request.inputs, "prefixLength") or _LONGEST)
    row = ipaddress.IPv4Network((f"20.{numbers[0]}.{numbers[1]}.{numbers[2]}", length), strict=False)
    return {
        "ipPrefix": str(row),
        "publicIPAddresses": [{"id": one.id} for one in cut_from(world, id)],
        "resourceGuid": arm.guid(id),
    }


TYPES = (
    model(
        TYPE,
        "Microsoft.Network/publicIPPrefixes",
        api("network", "PublicIPPrefix"),
        name="publicIpPrefixName",
        version="2024-05-01",
        laws=(
            arm.well_named("publicIpPrefixName", NAME, ALLOWED),
            arm.said(_length),
            arm.limited("public address prefixes"),
        ),
        immutable={"location": CREATE_ONLY, "prefixLength": _FOR_LIFE, "zones": _FOR_LIFE, "sku": _FOR_LIFE},
        normalize=arm.normal(publicIPAddressVersion="IPv4"),
        extra=_outputs,
        in_use="PublicIPPrefixInUse",
        observed=lambda record, world: {"publicIPAddresses": [{"id": one.id} for one in cut_from(world, record.id)]},
    ),
)
