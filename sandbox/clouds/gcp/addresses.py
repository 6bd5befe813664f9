"""Compute Engine: reserved addresses, external and internal.

Owns      their API model, ids, the address that the cloud picks and gives to nobody else, and that one in use stays.
Refuses   addresses of global load balancers, and ranges that are reserved for services of Google.
"""

import ipaddress
from collections.abc import Iterator

from sandbox.clouds.gcp import allocation, tokens
from sandbox.clouds.gcp.forms import normal
from sandbox.clouds.gcp.links import COMPUTE, decimal, fingerprint, project, region, regional_name
from sandbox.clouds.gcp.networks import REGION, force_new
from sandbox.clouds.gcp.quotas import INTERNAL_ADDRESSES, QUOTAS
from sandbox.clouds.gcp.rules import (
    COMPUTE_NAME,
    DELETE,
    SHAPE,
    api_on,
    deletable,
    given,
    labels,
    on,
    over,
    own_project,
    refers,
    refusal,
    same_region,
    unused,
)
from sandbox.contract import UNKNOWN, ApiModel, Properties, Record, Refusal, Request, TypeModel, World

_SOURCE = force_new("compute/resource_compute_address.go", "020769f")
POOL = ipaddress.IPv4Network("34.64.0.0/10")
"""One of the blocks from which Google gives external addresses; which address is nobody's promise."""
PURPOSES = ("GCE_ENDPOINT", "SHARED_LOADBALANCER_VIP")


def address_id(request: Request, _: World) -> str:
    """`projects/<p>/regions/<r>/addresses/<n>`."""
    return f"projects/{project(request)}/regions/{region(request)}/addresses/{request.inputs['name']}"


def external(world: World) -> str:
    """An external address that nobody had before."""
    return str(POOL[world.sequence("gcp/external-addresses") % POOL.num_addresses])


def _picked(request: Request, world: World) -> str:
    old = request.old.outputs if request.old else {}
    said = old.get("address") or request.inputs.get("address")
    if isinstance(said, str):
        return said
    subnetwork = allocation.asked_subnetwork(request, world)
    return (allocation.free(world, subnetwork) if subnetwork else None) or external(world)


def address_outputs(request: Request, world: World, id: str) -> Properties:
    """The address is picked once and stays."""
    labelled = dict(request.inputs.get("labels") or {})
    internal = request.inputs.get("addressType") == "INTERNAL"
    return {
        **({"purpose": "GCE_ENDPOINT"} if internal else {}),
        **request.inputs,
        "address": _picked(request, world),
        "effectiveLabels": labelled,
        "pulumiLabels": labelled,
        "labelFingerprint": fingerprint(repr(sorted(labelled.items()))),
        "networkTier": request.inputs.get("networkTier", "PREMIUM"),
        "numericId": decimal(id, 19),
        "selfLink": f"{COMPUTE}{id}",
        "users": request.old.outputs.get("users", []) if request.old else [],
    }


def observed(record: Record, world: World) -> Properties:
    """The forwarding rules that have the address now."""
    return {"users": sorted(str(rule.outputs.get("selfLink")) for rule in allocation.users(world, record))}


@on(*SHAPE)
def internal_needs_subnetwork(request: Request, _: World) -> Iterator[Refusal]:
    """An internal address is cut from a subnetwork; an external one is not."""
    inputs = request.inputs
    kind, subnetwork, purpose = inputs.get("addressType"), inputs.get("subnetwork"), inputs.get("purpose")
    if kind == "EXTERNAL" and isinstance(subnetwork, str):
        yield refusal("invalid", "an EXTERNAL address cannot name a subnetwork", ("subnetwork",))
    if kind == "EXTERNAL" and isinstance(purpose, str):
        yield refusal("invalid", f"an EXTERNAL address cannot have purpose {purpose}", ("purpose",))
    if kind != "INTERNAL":
        return
    if inputs.get("networkTier") == "STANDARD":
        yield refusal("invalid", "an INTERNAL address has network tier PREMIUM", ("networkTier",))
    if subnetwork is None:
        yield refusal("required", "an INTERNAL address needs a subnetwork", ("subnetwork",))
    if isinstance(purpose, str) and purpose not in PURPOSES:
        message = f"purpose {purpose}: an INTERNAL address of a subnetwork takes {' or '.join(PURPOSES)}"
        yield refusal("invalid", message, ("purpose",))
    if inputs.get("network") not in (None, UNKNOWN):
        yield refusal("invalid", "'network' is for ranges; this address has a subnetwork", ("network",))


@on(*SHAPE)
def one_address(request: Request, _: World) -> Iterator[Refusal]:
    """What is asked for by number is an IPv4 address."""
    said = request.inputs.get("address")
    if isinstance(said, str) and not allocation.is_address(said):
        yield refusal("invalid", f"invalid value for field 'address': '{said}'", ("address",))


@on("create")
def room_for_it(request: Request, world: World) -> Iterator[Refusal]:
    """The subnetwork is one that gives out addresses, and this one is inside and free."""
    subnetwork = allocation.asked_subnetwork(request, world)
    if subnetwork is None:
        return
    purpose = subnetwork.inputs.get("purpose")
    if purpose != "PRIVATE":
        message = f"subnetwork '{subnetwork.id}' has purpose {purpose}: addresses are cut from PRIVATE ones only"
        yield refusal("invalid", message, ("subnetwork",))
        return
    said = request.inputs.get("address")
    if said is None and allocation.free(world, subnetwork) is None:
        yield refusal("IP_SPACE_EXHAUSTED", f"IP space of '{subnetwork.id}' is exhausted", ("subnetwork",))
    if not isinstance(said, str) or not allocation.is_address(said):
        return
    if not allocation.inside(subnetwork, said):
        message = f"IP '{said}' is outside of the usable range of '{subnetwork.id}'"
        yield refusal("invalid", message, ("address",))
    holder = next((record for address, record in allocation.taken(world, subnetwork.id) if address == said), None)
    if holder is not None:
        message = f"IP '{said}' is already being used by '{holder.id}'"
        yield refusal("IP_IN_USE_BY_ANOTHER_RESOURCE", message, ("address",))


@on("create")
def within_quota(request: Request, world: World) -> Iterator[Refusal]:
    """External and internal addresses are counted apart."""
    kind = request.inputs.get("addressType")
    quota = INTERNAL_ADDRESSES if kind == "INTERNAL" else QUOTAS[tokens.ADDRESS]
    same = [r for r in world.all(tokens.ADDRESS, request.scope) if r.inputs.get("addressType") == kind]
    yield from over(quota, request, same)


@on(*DELETE)
def without_rules(request: Request, world: World) -> Iterator[Refusal]:
    """A forwarding rule may have the address by its number, without naming it."""
    found = allocation.users(world, request.old) if request.old else []
    if found:
        message = f"the resource '{request.old.id if request.old else ''}' is already being used by '{found[0].id}'"
        yield refusal("resourceInUseByAnotherResource", message)


TYPES = (
    TypeModel(
        token=tokens.ADDRESS,
        api=ApiModel(
            source="discovery",
            service="compute.v1",
            shape="Address",
            rename={"project": "", "deletionPolicy": ""},
            constants={},
        ),
        identify=address_id,
        outputs=address_outputs,
        immutable=dict.fromkeys(
            ("name", "region", "project", "address", "addressType", "description", "networkTier", "purpose",
             "subnetwork", "network", "prefixLength", "ipVersion", "ipv6EndpointType"),
            _SOURCE,
        ),
        laws=(
            COMPUTE_NAME,
            given("name", "region"),
            own_project,
            REGION,
            labels("labels"),
            internal_needs_subnetwork,
            one_address,
            same_region("subnetwork"),
            refers(
                "subnetwork", tokens.SUBNETWORK, lambda r, v: regional_name(v, "subnetworks", project(r), region(r))
            ),
            room_for_it,
            api_on("compute"),
            within_quota,
            deletable,
            unused(tokens.ROUTER_NAT),
            without_rules,
        ),
        normalize=normal({"addressType": "EXTERNAL"}),
        unique=("name",),
        unique_in="parent:region",
        observed=observed,
    ),
)  # fmt: skip
