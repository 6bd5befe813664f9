"""Compute Engine: VPC networks and subnetworks.

Owns      their API models, ids, computed outputs, immutable properties and laws.
Refuses   auto-mode networks' own subnetworks, and subnetworks of proxies: not modelled.
"""

import ipaddress
from collections.abc import Iterator

from sandbox.clouds.gcp import ranges, tokens
from sandbox.clouds.gcp.forms import normal
from sandbox.clouds.gcp.links import COMPUTE, decimal, fingerprint, network_name, project, region, value, values
from sandbox.clouds.gcp.rules import (
    COMPUTE_NAME,
    DELETE,
    SHAPE,
    api_on,
    deletable,
    given,
    matches,
    on,
    own_project,
    refers,
    refusal,
    unused,
    within_quota,
)
from sandbox.contract import UNKNOWN, ApiModel, Properties, Refusal, Request, TypeModel, World

FORCE_NEW = "terraform-provider-google schema: ForceNew (general knowledge, 2026-11)"
"""The source where nobody has read the schema; `force_new` is the one where somebody has."""


def force_new(file: str, commit: str) -> str:
    """Where the provider that Pulumi bridges says so."""
    return f"terraform-provider-google google/services/{file} at {commit}: ForceNew"


_CUT = (tokens.ADDRESS, tokens.FORWARDING_RULE, tokens.SERVICE_ATTACHMENT)
"""What takes addresses of a subnetwork."""
_NETWORK = force_new("compute/resource_compute_network.go", "017d2f5")
_SUBNETWORK = force_new("compute/resource_compute_subnetwork.go", "0110d02")
REGION = matches("region", r"[a-z]+-[a-z]+[0-9]{1,2}", "is not a region of Google Cloud, such as 'europe-west1'")


def network_id(request: Request, _: World) -> str:
    """`projects/<p>/global/networks/<n>`."""
    return f"projects/{project(request)}/global/networks/{request.inputs['name']}"


def network_outputs(request: Request, _: World, id: str) -> Properties:
    """What Compute Engine adds to a network."""
    return {
        **request.inputs,
        "mtu": request.inputs.get("mtu", 1460),
        "gatewayIpv4": "",
        "networkId": decimal(id, 19),
        "numericId": decimal(id, 19),
        "selfLink": f"{COMPUTE}{id}",
    }


def subnetwork_id(request: Request, _: World) -> str:
    """`projects/<p>/regions/<r>/subnetworks/<n>`."""
    return f"projects/{project(request)}/regions/{region(request)}/subnetworks/{request.inputs['name']}"


def subnetwork_outputs(request: Request, _: World, id: str) -> Properties:
    """What Compute Engine adds to a subnetwork: the gateway is the second address of its range."""
    first = ipaddress.IPv4Network(request.inputs["ipCidrRange"]).network_address
    return {
        **request.inputs,
        "fingerprint": fingerprint(id),
        "gatewayAddress": str(first + 1),
        "privateIpv6GoogleAccess": "DISABLE_GOOGLE_ACCESS",
        "subnetworkId": int(decimal(id, 15)),
        "selfLink": f"{COMPUTE}{id}",
    }


@on(*SHAPE)
def custom_only(request: Request, _: World) -> Iterator[Refusal]:
    """An auto-mode network makes subnetworks that nobody declared, in ranges that nobody chose."""
    if request.inputs.get("autoCreateSubnetworks") is True:
        yield refusal("not-modelled", "auto-mode networks are not modelled: set false", ("autoCreateSubnetworks",))


@on(*SHAPE)
def flow_logs_legal(request: Request, _: World) -> Iterator[Refusal]:
    """The sampling rate is a share."""
    rate = value(request.inputs, "logConfig.flowSampling")
    if isinstance(rate, int | float) and not 0 <= rate <= 1:
        message = f"invalid value for field 'logConfig.flowSampling': '{rate}': must be between 0.0 and 1.0"
        yield refusal("invalid", message, ("logConfig", "flowSampling"))


@on(*SHAPE)
def range_names_differ(request: Request, _: World) -> Iterator[Refusal]:
    """Secondary ranges are told apart by their names."""
    seen: set[str] = set()
    for at, name in values(request.inputs, "secondaryIpRanges[].rangeName"):
        if name in seen:
            yield refusal("invalid", f"duplicate secondary range name '{name}' in one subnetwork", at)
        seen.add(name)


PURPOSES = ("PRIVATE", "PRIVATE_SERVICE_CONNECT")


@on(*SHAPE)
def of_a_purpose(request: Request, _: World) -> Iterator[Refusal]:
    """A subnetwork for Private Service Connect has one range, and no traffic of its own to log or to let out."""
    purpose = request.inputs.get("purpose")
    if isinstance(purpose, str) and purpose not in PURPOSES:
        message = f"subnetworks of purpose {purpose} are not modelled: use {' or '.join(PURPOSES)}"
        yield refusal("not-modelled", message, ("purpose",))
    if purpose != "PRIVATE_SERVICE_CONNECT":
        return
    for name in ("secondaryIpRanges", "logConfig", "privateIpGoogleAccess"):
        if request.inputs.get(name) and request.inputs.get(name) is not UNKNOWN:
            message = f"'{name}' cannot be given for a subnetwork of purpose PRIVATE_SERVICE_CONNECT"
            yield refusal("invalid", message, (name,))


@on(*DELETE)
def peered(request: Request, world: World) -> Iterator[Refusal]:
    """A network goes after its own halves of peerings; the others' become INACTIVE."""
    network = request.old.id if request.old else ""
    for record in world.all(tokens.NETWORK_PEERING, request.scope):
        if network_name(str(record.inputs.get("network")), record.scope.account) == network:
            message = f"the resource '{network}' is already being used by peering '{record.id}'"
            yield refusal("resourceInUseByAnotherResource", message)
            return


@on(*DELETE)
def no_pods_left(request: Request, world: World) -> Iterator[Refusal]:
    """A cluster names its subnetwork by relative name or by link; `unused` covers both, NATs by link."""
    yield from unused(tokens.CLUSTER, tokens.ROUTER_NAT, *_CUT)(request, world)


TYPES = (
    TypeModel(
        token=tokens.NETWORK,
        api=ApiModel(
            source="discovery",
            service="compute.v1",
            shape="Network",
            rename={
                "project": "",
                "deletionPolicy": "",
                "deleteDefaultRoutesOnCreate": "",
                "routingMode": "routingConfig.routingMode",
                "bgpAlwaysCompareMed": "routingConfig.bgpAlwaysCompareMed",
                "bgpBestPathSelectionMode": "routingConfig.bgpBestPathSelectionMode",
                "bgpInterRegionCost": "routingConfig.bgpInterRegionCost",
                "deleteBgpAlwaysCompareMed": "",
            },
            constants={},
        ),
        identify=network_id,
        outputs=network_outputs,
        immutable=dict.fromkeys(
            (
                "name",
                "project",
                "description",
                "autoCreateSubnetworks",
                "internalIpv6Range",
                "networkProfile",
                "params",
            ),
            _NETWORK,
        ),
        laws=(
            COMPUTE_NAME,
            given("name"),
            own_project,
            custom_only,
            api_on("compute"),
            within_quota,
            deletable,
            unused(
                tokens.SUBNETWORK,
                tokens.FIREWALL,
                tokens.ROUTER,
                tokens.MANAGED_ZONE,
                tokens.CLUSTER,
                tokens.ADDRESS,
                tokens.FORWARDING_RULE,
                tokens.SPOKE,
            ),
            peered,
        ),
        normalize=normal(
            {
                "autoCreateSubnetworks": True,
                "deleteBgpAlwaysCompareMed": False,
                "deleteDefaultRoutesOnCreate": False,
                "networkFirewallPolicyEnforcementOrder": "AFTER_CLASSIC_FIREWALL",
            }
        ),
        unique=("name",),
    ),
    TypeModel(
        token=tokens.SUBNETWORK,
        api=ApiModel(
            source="discovery",
            service="compute.v1",
            shape="Subnetwork",
            rename={"project": "", "deletionPolicy": "", "sendSecondaryIpRangeIfEmpty": ""},
            constants={"logConfig.enable": True},
        ),
        identify=subnetwork_id,
        outputs=subnetwork_outputs,
        immutable=dict.fromkeys(("name", "network", "region", "project", "description", "purpose"), _SUBNETWORK)
        | {"ipCidrRange": f"{FORCE_NEW} when it shrinks or moves; growing in place is a replacement here, not at GCP"},
        laws=(
            COMPUTE_NAME,
            matches("secondaryIpRanges[].rangeName", r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?"),
            given("name", "region", "ipCidrRange"),
            own_project,
            REGION,
            ranges.legal,
            ranges.apart,
            ranges.apart_from_joined,
            range_names_differ,
            flow_logs_legal,
            of_a_purpose,
            refers("network", tokens.NETWORK, lambda r, v: network_name(v, project(r))),
            api_on("compute"),
            within_quota,
            deletable,
            no_pods_left,
        ),
        # The provider compares secondary ranges as a set (resourceComputeSubnetworkSecondaryIpRangeSetStyleDiff).
        normalize=normal({"purpose": "PRIVATE", "stackType": "IPV4_ONLY"}, sets=("secondaryIpRanges",)),
        unique=("name",),
        unique_in="parent:region",
    ),
)
