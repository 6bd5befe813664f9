"""Compute Engine: VPC network peering, one half at a time.

Owns      its API model, id, state and laws: two ends, no overlap with the peer or with what the peer exchanges with.
Refuses   custom routes, and to look into networks that are not in the sandbox: such a peering stays INACTIVE.
"""

import re
from collections.abc import Iterable, Iterator

from sandbox.clouds.gcp import exchange, tokens
from sandbox.clouds.gcp.forms import normal
from sandbox.clouds.gcp.links import network_name, segment, values
from sandbox.clouds.gcp.networks import force_new
from sandbox.clouds.gcp.rules import (
    COMPUTE_NAME,
    SHAPE,
    WORLD,
    deletable,
    given,
    on,
    refers,
    refusal,
    within_quota,
)
from sandbox.contract import ApiModel, Properties, Record, Refusal, Request, TypeModel, World

_SOURCE = force_new("compute/resource_compute_network_peering.go", "0597a69")
_LINK = re.compile(r"(?:.*/)?projects/[^/]+/global/networks/[a-z](?:[-a-z0-9]*[a-z0-9])?")


def peering_id(request: Request, _: World) -> str:
    """`<network>/<peering>`: the provider makes this up, and leaves the project out."""
    network, _peer = exchange.ends(request.inputs, request.scope.account)
    return f"{segment(network, 'networks')}/{request.inputs['name']}"


def _state(inputs: Properties, account: str, world: World) -> Properties:
    ours, theirs = exchange.ends(inputs, account)
    if exchange.mirror(world, ours, theirs) is None:
        return {"state": "INACTIVE", "stateDetails": "Waiting for peer network to connect."}
    return {"state": "ACTIVE", "stateDetails": "Connected."}


def peering_outputs(request: Request, world: World, _: str) -> Properties:
    """The state: ACTIVE once the other half is there."""
    return {**request.inputs, **_state(request.inputs, request.scope.account, world)}


def observed(record: Record, world: World) -> Properties:
    """The state as it stands now."""
    return _state(record.inputs, record.scope.account, world)


@on(*SHAPE)
def two_networks(request: Request, _: World) -> Iterator[Refusal]:
    """Both ends by project and name, and not the same one; ours is in the project that the provider works for."""
    for path in ("network", "peerNetwork"):
        for at, text in values(request.inputs, path):
            if not _LINK.fullmatch(text):
                message = f"invalid value for field '{path}': '{text}': must be projects/<p>/global/networks/<n>"
                yield refusal("invalid", message, at)
                return
    ours = [network_name(text, "") for _, text in values(request.inputs, "network")]
    theirs = [network_name(text, "") for _, text in values(request.inputs, "peerNetwork")]
    if ours and ours == theirs:
        yield refusal("invalid", f"network '{ours[0]}' cannot be peered with itself", ("peerNetwork",))
    if ours and segment(ours[0], "projects") != request.scope.account:
        message = (
            f"required 'compute.networks.addPeering' permission for '{ours[0]}': "
            f"the provider works for '{request.scope.account}'"
        )
        yield refusal("forbidden", message, ("network",))


@on(*WORLD)
def one_a_pair(request: Request, world: World) -> Iterator[Refusal]:
    """Two networks are peered once."""
    pair = exchange.ends(request.inputs, request.scope.account)
    for other in world.all(tokens.NETWORK_PEERING):
        itself = request.old is not None and (other.id, other.scope) == (request.old.id, request.old.scope)
        if not itself and exchange.ends(other.inputs, other.scope.account) == pair:
            message = f"there is already a peering '{other.inputs.get('name')}' with the peer network '{pair[1]}'"
            yield refusal("invalid", message, ("peerNetwork",))


@on(*WORLD)
def no_overlap(request: Request, world: World) -> Iterator[Refusal]:
    """Ranges are compared when the second half is made: both networks, and whatever each is peered with already."""
    ours, theirs = exchange.ends(request.inputs, request.scope.account)
    if exchange.mirror(world, ours, theirs) is None:
        return
    own, other = exchange.of(world, ours), exchange.of(world, theirs)
    beyond_theirs = [h for peer in exchange.peers(world, theirs) if peer != ours for h in exchange.of(world, peer)]
    beyond_ours = [h for peer in exchange.peers(world, ours) if peer != theirs for h in exchange.of(world, peer)]
    yield from _clashes(own, other, "the peer network")
    yield from _clashes(own, beyond_theirs, "an active peer of the peer network")
    yield from _clashes(other, beyond_ours, "an active peer of the local network")


def _clashes(left: Iterable[exchange.Held], right: list[exchange.Held], whose: str) -> Iterator[Refusal]:
    for one in left:
        for other in right:
            if one.range.overlaps(other.range):
                message = (
                    f"an IP range ({one.range}, '{one.subnetwork}') overlaps with an IP range ({other.range}) in "
                    f"{whose}, allocated by resource ('{other.subnetwork}')"
                )
                yield refusal("badRequest", message, ("peerNetwork",))
                return


@on(*WORLD)
def not_twice_joined(request: Request, world: World) -> Iterator[Refusal]:
    """Networks that are spokes of one hub are joined already, and are not peered as well."""
    ours, theirs = exchange.ends(request.inputs, request.scope.account)
    mine, other = exchange.spoke_of(world, ours), exchange.spoke_of(world, theirs)
    if mine and other and mine.inputs.get("hub") == other.inputs.get("hub"):
        message = f"'{ours}' and '{theirs}' are both spokes of hub '{mine.inputs.get('hub')}': they cannot be peered"
        yield refusal("badRequest", message, ("peerNetwork",))


TYPES = (
    TypeModel(
        token=tokens.NETWORK_PEERING,
        api=ApiModel(
            source="discovery",
            service="compute.v1",
            shape="NetworkPeering",
            rename={"network": "", "peerNetwork": "network", "deletionPolicy": ""},
            constants={"exchangeSubnetRoutes": True},
        ),
        identify=peering_id,
        outputs=peering_outputs,
        immutable=dict.fromkeys(
            (
                "name",
                "network",
                "peerNetwork",
                "exportSubnetRoutesWithPublicIp",
                "importSubnetRoutesWithPublicIp",
            ),
            _SOURCE,
        ),
        laws=(
            COMPUTE_NAME,
            given("name"),
            two_networks,
            refers("network", tokens.NETWORK, lambda r, v: network_name(v, r.scope.account)),
            one_a_pair,
            no_overlap,
            not_twice_joined,
            within_quota,
            deletable,
        ),
        normalize=normal(
            {
                "exportCustomRoutes": False,
                "importCustomRoutes": False,
                "exportSubnetRoutesWithPublicIp": True,
                "stackType": "IPV4_ONLY",
                "updateStrategy": "INDEPENDENT",
            }
        ),
        unique=("name",),
        unique_in="parent:network",
        observed=observed,
    ),
)
