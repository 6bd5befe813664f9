"""Compute Engine: routers and Cloud NAT.

Owns      their API models, ids, immutable properties and laws; a NAT is a part of its router.
Refuses   BGP, private NAT and NAT rules: not modelled.
"""

from collections.abc import Iterator

from sandbox.clouds.gcp import tokens
from sandbox.clouds.gcp.forms import normal
from sandbox.clouds.gcp.links import (
    COMPUTE,
    existing,
    network_name,
    project,
    region,
    regional_name,
    relative,
    value,
    values,
)
from sandbox.clouds.gcp.networks import FORCE_NEW, REGION, force_new
from sandbox.clouds.gcp.rules import (
    COMPUTE_NAME,
    SHAPE,
    WORLD,
    api_on,
    deletable,
    given,
    on,
    own_project,
    refers,
    refusal,
    same_region,
    within_quota,
)
from sandbox.contract import ApiModel, Properties, Record, Refusal, Request, TypeModel, World

_NAT = force_new("compute/resource_compute_router_nat.go", "054ced1")


def router_id(request: Request, _: World) -> str:
    """`projects/<p>/regions/<r>/routers/<n>`."""
    return f"projects/{project(request)}/regions/{region(request)}/routers/{request.inputs['name']}"


def router_outputs(request: Request, _: World, id: str) -> Properties:
    """What Compute Engine adds to a router."""
    return {**request.inputs, "selfLink": f"{COMPUTE}{id}"}


def nat_id(request: Request, _: World) -> str:
    """`<p>/<region>/<router>/<nat>`: a NAT has no URL of its own, the provider makes this up."""
    router = str(request.inputs["router"]).rsplit("/", 1)[-1]
    return f"{project(request)}/{region(request)}/{router}/{request.inputs['name']}"


def nat_outputs(request: Request, _: World, __: str) -> Properties:
    """What the cloud sets where nothing was said."""
    defaults = {
        "endpointTypes": ["ENDPOINT_TYPE_VM"],
        "autoNetworkTier": "PREMIUM",
    }
    return {**defaults, **request.inputs}


@on(*SHAPE)
def nat_addresses(request: Request, _: World) -> Iterator[Refusal]:
    """Who chooses the addresses, and whether there are any."""
    option, ips = request.inputs.get("natIpAllocateOption"), request.inputs.get("natIps")
    if option == "MANUAL_ONLY" and not ips and not request.inputs.get("initialNatIps"):
        yield refusal("invalid", "natIps must be given with natIpAllocateOption MANUAL_ONLY", ("natIps",))
    if option == "AUTO_ONLY" and ips:
        yield refusal("invalid", "natIps cannot be given with natIpAllocateOption AUTO_ONLY", ("natIps",))


@on(*SHAPE)
def nat_subnetworks(request: Request, _: World) -> Iterator[Refusal]:
    """A list of subnetworks goes with LIST_OF_SUBNETWORKS and with nothing else."""
    mode = request.inputs.get("sourceSubnetworkIpRangesToNat")
    listed = mode == "LIST_OF_SUBNETWORKS"
    if isinstance(mode, str) and listed != bool(request.inputs.get("subnetworks")):
        said = "needs" if listed else "excludes"
        yield refusal("invalid", f"sourceSubnetworkIpRangesToNat {mode} {said} subnetworks", ("subnetworks",))


@on(*SHAPE)
def nat_ports(request: Request, _: World) -> Iterator[Refusal]:
    """Ports a VM: powers of two with dynamic allocation, and what excludes what."""
    asked = request.inputs.get("enableDynamicPortAllocation")
    dynamic = asked is True
    least, most = request.inputs.get("minPortsPerVm"), request.inputs.get("maxPortsPerVm")
    if dynamic and request.inputs.get("enableEndpointIndependentMapping") is True:
        message = "enableDynamicPortAllocation and enableEndpointIndependentMapping exclude each other"
        yield refusal("invalid", message, ("enableEndpointIndependentMapping",))
    if isinstance(most, int) and asked in (None, False):
        yield refusal("invalid", "maxPortsPerVm needs enableDynamicPortAllocation", ("maxPortsPerVm",))
    for name, ports in (("minPortsPerVm", least), ("maxPortsPerVm", most)):
        legal = isinstance(ports, int) and 32 <= ports <= 65536 and ports & (ports - 1) == 0
        if dynamic and isinstance(ports, int) and not legal:
            message = f"invalid value for field '{name}': '{ports}': must be a power of two from 32 to 65536"
            yield refusal("invalid", message, (name,))
    if dynamic and isinstance(least, int) and isinstance(most, int) and most <= least:
        message = f"maxPortsPerVm {most} must be greater than minPortsPerVm {least}"
        yield refusal("invalid", message, ("maxPortsPerVm",))


@on(*SHAPE)
def nat_timeouts(request: Request, _: World) -> Iterator[Refusal]:
    """Seconds that an idle mapping is kept. Google documents no upper limit."""
    for name, seconds in request.inputs.items():
        if name.endswith("TimeoutSec") and isinstance(seconds, int) and seconds < 0:
            message = f"invalid value for field '{name}': '{seconds}': must not be negative"
            yield refusal("invalid", message, (name,))


@on(*WORLD)
def nat_in_its_network(request: Request, world: World) -> Iterator[Refusal]:
    """A NAT serves subnetworks of its router's network, and each of their ranges once."""
    router_name = regional_name(str(request.inputs.get("router")), "routers", project(request), region(request))
    router = existing(world, tokens.ROUTER, router_name, request)
    network = network_name(str(router.inputs.get("network")), project(request)) if router else ""
    taken = {relative(name): nat.id for nat in _others(request, world) for _, name in values(nat.inputs, _NAMES)}
    for at, name in values(request.inputs, _NAMES):
        path = regional_name(name, "subnetworks", project(request), region(request))
        found = existing(world, tokens.SUBNETWORK, path, request)
        if found is not None and network and network_name(str(found.inputs["network"]), project(request)) != network:
            yield refusal("invalid", f"subnetwork '{path}' is not in the router's network '{network}'", at)
        if found is not None and found.inputs.get("purpose") != "PRIVATE":
            message = f"subnetwork '{path}' has purpose {found.inputs.get('purpose')}: a NAT serves PRIVATE ones"
            yield refusal("invalid", message, at)
        if path in taken:
            yield refusal("invalid", f"subnetwork '{path}' is served by NAT '{taken[path]}' already", at)
    for nat in _others(request, world):
        whole = str(nat.inputs.get("sourceSubnetworkIpRangesToNat")).startswith("ALL_")
        if whole and value(nat.inputs, "router") == request.inputs.get("router"):
            yield refusal("invalid", f"NAT '{nat.id}' serves all subnetworks of this network and region already")


_NAMES = "subnetworks[].name"


def _others(request: Request, world: World) -> Iterator[Record]:
    for nat in world.all(tokens.ROUTER_NAT, request.scope):
        if request.old is None or nat.id != request.old.id:
            yield nat


TYPES = (
    TypeModel(
        token=tokens.ROUTER,
        api=ApiModel(
            source="discovery",
            service="compute.v1",
            shape="Router",
            rename={"project": "", "deletionPolicy": ""},
            constants={},
        ),
        identify=router_id,
        outputs=router_outputs,
        immutable=dict.fromkeys(("name", "network", "region", "project", "encryptedInterconnectRouter"), FORCE_NEW),
        laws=(
            COMPUTE_NAME,
            given("name", "region"),
            own_project,
            REGION,
            refers("network", tokens.NETWORK, lambda r, v: network_name(v, project(r))),
            api_on("compute"),
            within_quota,
            deletable,
        ),
        normalize=normal(),
        unique=("name",),
        unique_in="parent:region",
    ),
    TypeModel(
        token=tokens.ROUTER_NAT,
        api=ApiModel(
            source="discovery",
            service="compute.v1",
            shape="RouterNat",
            rename={
                "project": "",
                "deletionPolicy": "",
                "region": "",
                "router": "",
                "initialNatIps": "",
                "subnetworks[].sourceIpRangesToNats": "subnetworks[].sourceIpRangesToNat",
            },
            constants={},
        ),
        identify=nat_id,
        outputs=nat_outputs,
        immutable=dict.fromkeys(("name", "router", "region", "project", "endpointTypes"), _NAT) | {"type": FORCE_NEW},
        laws=(
            COMPUTE_NAME,
            given("name", "region"),
            own_project,
            REGION,
            nat_addresses,
            nat_subnetworks,
            nat_ports,
            nat_timeouts,
            same_region("natIps[]"),
            same_region("subnetworks[].name"),
            refers("router", tokens.ROUTER, lambda r, v: regional_name(v, "routers", project(r), region(r))),
            refers("natIps[]", tokens.ADDRESS, lambda r, v: regional_name(v, "addresses", project(r), region(r))),
            refers(_NAMES, tokens.SUBNETWORK, lambda r, v: regional_name(v, "subnetworks", project(r), region(r))),
            nat_in_its_network,
            api_on("compute"),
            deletable,
        ),
        normalize=normal(
            {
                "type": "PUBLIC",
                "icmpIdleTimeoutSec": 30,
                "tcpEstablishedIdleTimeoutSec": 1200,
                "tcpTimeWaitTimeoutSec": 120,
                "tcpTransitoryIdleTimeoutSec": 30,
                "udpIdleTimeoutSec": 30,
            },
            sets=("natIps", "drainNatIps", "subnetworks", "subnetworks[].sourceIpRangesToNats"),
        ),
        unique=("router", "name"),
        unique_in="parent:region",
    ),
)
