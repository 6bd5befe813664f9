"""The host names of Kafka clusters: the one place from which listeners, certificates, records and clients have them.

Owns      the names, relative to a DNS zone of the cell.
Refuses   ports, and zones of its own: the caller says whether a name is for the private or the public zone.
Identity  clients have these names written down; a change here takes every client's address away.

One label below the zone, so that a wildcard record of the zone covers them; only a pod's own name is below its
bootstrap's. A listener's name begins with a letter and has no hyphen, and a broker's ends in its number, so no two
names of a cell can be the same.
"""

from collections.abc import Iterable

NODE_ID = "{nodeId}"
"""Strimzi's placeholder for a broker's id in a template."""


def bootstrap(cluster: str, listener: str, zone: str) -> str:
    """Name that a client connects to first, e.g. `orders-network.aws-euw1-prod.kafka.acme.internal`."""
    return f"{cluster}-{listener}.{zone}"


def broker(cluster: str, listener: str, zone: str, broker_id: int | str = NODE_ID) -> str:
    """Name of one broker, e.g. `orders-network-100.…`; without an id, the template that Strimzi fills in."""
    return f"{cluster}-{listener}-{broker_id}.{zone}"


def pod(cluster: str, listener: str, zone: str, name: str = "{nodePodName}") -> str:
    """Name of one broker that clients reach at its pod's own address: external-dns makes it, below the bootstrap's."""
    return f"{name}.{bootstrap(cluster, listener, zone)}"


def zonal(name: str, cloud_zone: str) -> str:
    """A name for clients of one availability zone: `<label>.<zone>` becomes `<label>.<cloud zone>.<zone>`."""
    label, _, zone = name.partition(".")
    return f"{label}.{cloud_zone}.{zone}"


def wildcards(zone: str, cloud_zones: Iterable[str] = ()) -> tuple[str, ...]:
    """The wildcard records that cover every name of a zone, and every zonal one."""
    return (f"*.{zone}", *(f"*.{each}.{zone}" for each in cloud_zones))
