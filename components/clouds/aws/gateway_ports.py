"""On which port of the nodes each port of the cell's gateway is found.

Owns      the node ports, and runs of ports (a firewall has few rules, a rule has any number of ports).
Refuses   to count: that a cell keeps at most 49 broker ports is said at validation (`limits.json`).
Identity  another node port replaces a target group, and its port is dead while that happens.
"""

from collections.abc import Iterable

from components.clouds.reach import SNI_PORT

SNI_NODE_PORT = 30443
FIRST_NODE_PORT = 31000


def node_port(port: int) -> int:
    """The node port of a gateway's port: of the port alone, so that more broker ports move none.

    Broker ports are one span of at most 49, so no two of them share their last three digits.
    """
    return SNI_NODE_PORT if port == SNI_PORT else FIRST_NODE_PORT + port % 1000


def runs(ports: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """First and last port of each unbroken run, sorted."""
    found: list[tuple[int, int]] = []
    for port in sorted(set(ports)):
        if found and found[-1][1] == port - 1:
            found[-1] = (found[-1][0], port)
        else:
            found.append((port, port))
    return tuple(found)
