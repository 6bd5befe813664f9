"""Which virtual networks are joined, as it stands: peerings, connections to hubs, gateways.

Owns      finding them, and what a peering's state is now: a record's outputs are what Azure answered when it was made,
          changed or read, and the other side may have come or gone since.
Refuses   laws: `peerings.py` and `wans.py`.
"""

from collections.abc import Iterator

from sandbox.clouds.azure import arm
from sandbox.contract import Record, World

PEERING = "network:VirtualNetworkPeering"
CONNECTION = "network:HubVirtualNetworkConnection"
NETWORK = "network:VirtualNetwork"


def same(one: str, other: str) -> bool:
    """Whether two ids name the same thing."""
    return one.lower() == other.lower()


def remote(record: Record) -> str:
    """Id of the network at the far end of a peering or a hub's connection."""
    return arm.text(record.inputs, "remoteVirtualNetwork", "id")


def local(peering: Record) -> str:
    """Id of the network that a peering belongs to."""
    return peering.id.rpartition("/virtualNetworkPeerings/")[0]


def peerings(world: World, network: str) -> list[Record]:
    """The peerings that belong to a network."""
    return [one for one in world.all(arm.AZURE + PEERING) if same(local(one), network)]


def other_side(world: World, peering: Record) -> Record | None:
    """The peering that answers this one."""
    return next((one for one in peerings(world, remote(peering)) if same(remote(one), local(peering))), None)


def peering_state(world: World, peering: Record) -> str:
    """`Connected` where both sides exist; `Disconnected` where the other one was there and is gone, else `Initiated`.

    That it was there is known where an answer said so: when this side was made second, changed, or read since.
    """
    if other_side(world, peering) is not None:
        return "Connected"
    return "Disconnected" if was_connected(peering) else "Initiated"


def was_connected(peering: Record) -> bool:
    """Whether a peering has once had its other side; whoever changes it makes it begin anew."""
    return peering.outputs.get("peeringState") in ("Connected", "Disconnected")


def sync_level(world: World, peering: Record) -> str:
    """Whether the peering carries the address spaces that the two networks have now."""
    stale = []
    for side, network, key in (
        ("Local", local(peering), "localVirtualNetworkAddressSpace"),
        ("Remote", remote(peering), "remoteVirtualNetworkAddressSpace"),
    ):
        found = arm.resolve(world, NETWORK, network)
        now = arm.items(found.inputs, "addressSpace", "addressPrefixes") if found else []
        if sorted(now) != sorted(arm.items(peering.outputs, key, "addressPrefixes")):
            stale.append(side)
    return f"{'And'.join(stale)}NotInSync" if stale else "FullyInSync"


def connection(world: World, network: str) -> Record | None:
    """The connection of a network to a virtual hub: it can have one."""
    return next((one for one in world.all(arm.AZURE + CONNECTION) if same(remote(one), network)), None)


def hub_of(connection: Record) -> str:
    """Id of the hub that a connection or a route table belongs to."""
    return connection.id.rpartition("/")[0].rpartition("/")[0]


def joined(world: World, network: str) -> Iterator[tuple[str, str]]:
    """Ids of the networks and the hub that a network is joined to, each with the id of what joins them."""
    for peering in world.all(arm.AZURE + PEERING):
        if same(local(peering), network):
            yield remote(peering), peering.id
        elif same(remote(peering), network):
            yield local(peering), peering.id
    if (to_hub := connection(world, network)) is not None:
        yield hub_of(to_hub), to_hub.id


def gateway(world: World, network: str) -> Record | None:
    """The VPN or ExpressRoute gateway of a network, which stands in its `GatewaySubnet`."""
    return next(
        (
            one
            for one in world.all("azure-native:network:VirtualNetworkGateway")
            for configuration in arm.items(one.inputs, "ipConfigurations")
            if same(arm.text(configuration, "subnet", "id"), f"{network}/subnets/GatewaySubnet")
        ),
        None,
    )
