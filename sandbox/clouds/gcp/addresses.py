"""Compute Engine: reserved addresses.

Owns      their API model, ids, the address that the cloud picks, and that one in use stays.
Refuses   addresses of global load balancers.
"""

import ipaddress
from collections.abc import Iterator

from sandbox.clouds.gcp import tokens
from sandbox.clouds.gcp.forms import normal
from sandbox.clouds.gcp.links import COMPUTE, decimal, fingerprint, project, region
from sandbox.clouds.gcp.networks import FORCE_NEW, REGION
from sandbox.clouds.gcp.rules import (
    COMPUTE_NAME,
    SHAPE,
    api_on,
    deletable,
    given,
    labels,
    on,
    own_project,
    refusal,
    unused,
    within_quota,
)
from sandbox.contract import ApiModel, Properties, Refusal, Request, TypeModel, World

POOL = ipaddress.IPv4Network("34.64.0.0/10")
"""One of the blocks from which Google gives external addresses; which address is nobody's promise."""


def address_id(request: Request, _: World) -> str:
    """`projects/<p>/regions/<r>/addresses/<n>`."""
    return f"projects/{project(request)}/regions/{region(request)}/addresses/{request.inputs['name']}"


def address_outputs(request: Request, world: World, id: str) -> Properties:
    """The address is picked once and stays."""
    old = request.old.outputs if request.old else {}
    picked = old.get("address") or request.inputs.get("address")
    if picked is None:
        picked = str(POOL[world.sequence("gcp/external-addresses") % POOL.num_addresses])
    labelled = dict(request.inputs.get("labels") or {})
    return {
        **request.inputs,
        "address": picked,
        "effectiveLabels": labelled,
        "pulumiLabels": labelled,
        "labelFingerprint": fingerprint(repr(sorted(labelled.items()))),
        "networkTier": request.inputs.get("networkTier", "PREMIUM"),
        "numericId": decimal(id, 19),
        "selfLink": f"{COMPUTE}{id}",
        "users": [],
    }


@on(*SHAPE)
def internal_needs_subnetwork(request: Request, _: World) -> Iterator[Refusal]:
    """An internal address is cut from a subnetwork; an external one is not."""
    kind, subnetwork = request.inputs.get("addressType"), request.inputs.get("subnetwork")
    if kind == "EXTERNAL" and isinstance(subnetwork, str):
        yield refusal("invalid", "an EXTERNAL address cannot name a subnetwork", ("subnetwork",))
    if kind == "INTERNAL" and request.inputs.get("networkTier") == "STANDARD":
        yield refusal("invalid", "an INTERNAL address has network tier PREMIUM", ("networkTier",))


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
             "subnetwork", "network", "prefixLength", "ipVersion"),
            FORCE_NEW,
        ),
        laws=(
            COMPUTE_NAME,
            given("name", "region"),
            own_project,
            REGION,
            labels("labels"),
            internal_needs_subnetwork,
            api_on("compute"),
            within_quota,
            deletable,
            unused(tokens.ROUTER_NAT),
        ),
        normalize=normal({"addressType": "EXTERNAL"}),
        unique=("name",),
        unique_in="parent:region",
    ),
)  # fmt: skip
