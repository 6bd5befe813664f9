"""The addresses of a cluster, listener by listener: what firewalls, certificates and clients' files are written from.

Owns      the table and the data of `fleet connect <cluster>`.
Refuses   a credential: that is an app's.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from components.services.access import KafkaAccess, KafkaWay
from stacks import request
from stacks.connect.target import cluster_of
from stacks.fleet import Fleet

_HEADS = ("listener", "type", "fan-out", "authentication", "bootstrap")


def access(fleet: Fleet, cluster: str) -> KafkaAccess:
    """What the cluster's Kafka publishes; ConnectError where no file declares the cluster."""
    return request.kafka_access(fleet, cluster_of(fleet, cluster))


def _ports(way: KafkaWay) -> list[int]:
    return sorted({int(address.rpartition(":")[2]) for address in (way.bootstrap, *way.brokers)})


def data(found: KafkaAccess) -> dict[str, Any]:
    """Everything, for programs. The order of `brokers` is that of their ids."""
    return {
        "cluster": found.cluster,
        "listeners": [
            {
                "name": way.name,
                "type": way.type,
                "fan_out": way.fan_out or None,
                "authentication": way.authentication,
                "bootstrap": way.bootstrap,
                "brokers": list(way.brokers),
                "ports": _ports(way),
                "names": list(way.names),
            }
            for way in found.ways
        ],
    }


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _runs(ports: Sequence[int]) -> str:
    """Ports for a firewall's rule: `9095`, or `9100-9103` where they follow each other."""
    return (
        f"{ports[0]}-{ports[-1]}"
        if len(ports) > 1 and ports[-1] - ports[0] == len(ports) - 1
        else (", ".join(map(str, ports)))
    )


def text(found: KafkaAccess) -> str:
    """The same for people: a line a listener, and below what each one outside needs to be let through."""
    rows = [_HEADS, *((w.name, w.type, w.fan_out or "-", w.authentication, w.bootstrap) for w in found.ways)]
    lines = list(_table(rows))
    for way in found.ways:
        if way.type == "internal":
            continue
        lines += ["", f"{way.name}: ports {_runs(_ports(way))}"]
        lines += [f"  broker  {address}" for address in way.brokers]
        lines += [f"  in certificates  {name}" for name in way.names]
    return "\n".join(lines) + "\n"
