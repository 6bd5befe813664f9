"""The ports of a cell's gateway.

Owns      what `broker_ports` of a cell, and a part of it in a listener, stand for.
Refuses   to judge them: `stacks/check` says at the user's line what is wrong.
"""

from components.cell.network_spec import NetworkSpec
from components.clouds.reach import SNI_PORT

FIRST_BROKER_ID = 100
"""Node ids of brokers start here (components/services/kafka/pools.py); port and name of a broker follow from its id."""


def span(ports: str) -> tuple[int, int]:
    """First and last port of `9100-9139`."""
    first, _, last = ports.partition("-")
    return int(first), int(last)


def gateway_ports(network: NetworkSpec) -> tuple[int, ...]:
    """Every port on which a cell's gateway listens, sorted: 443, and the broker ports."""
    kept = network.gateway_or_default.broker_ports
    first, last = span(kept) if kept else (1, 0)
    return tuple(sorted({SNI_PORT, *range(first, last + 1)}))


def broker_port(first: int, broker_id: int) -> int:
    """Port of a broker, given the first port of its listener's span (which is the bootstrap's)."""
    return first + 1 + broker_id - FIRST_BROKER_ID
