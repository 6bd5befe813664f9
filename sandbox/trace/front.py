"""What a client's connection ends at before Kubernetes: a load balancer, of a record or of a Service.

Owns      the shape that the three clouds' modules fill.
Refuses   to know any cloud.
"""

from dataclasses import dataclass

from sandbox.contract import Record
from sandbox.trace.look import Address
from sandbox.trace.places import Client, Net
from sandbox.trace.strimzi import Service


@dataclass(frozen=True)
class Front:
    """A load balancer.

    told       how hops name it
    record     the record that it is; None where a controller makes it of a Service
    addresses  each with the subnet that it stands in; public ones with the subnet of the balancer behind, if it has any
    names      the cloud's own DNS names of it
    everywhere  clients of other regions may use it
    problem    why no controller makes it; empty where one does
    """

    cloud: str
    told: str
    net: Net
    public: bool
    addresses: tuple[tuple[Address, Record | None], ...]
    names: tuple[str, ...] = ()
    record: Record | None = None
    service: Service | None = None
    everywhere: bool = True
    problem: str = ""

    def answers(self, value: str) -> bool:
        """Whether a resolved value means it."""
        if any(str(address) == value for address, _ in self.addresses):
            return True
        return any(value == name or value.endswith(f".{name}") for name in (one.lower() for one in self.names))


@dataclass(frozen=True)
class Spot:
    """Where a packet goes: an address in a subnet of a network, private or public."""

    net: Net
    subnet: Record | None
    address: Address
    public: bool = False


@dataclass(frozen=True)
class Source:
    """Who a packet seems to come from when it arrives; `groups` are security groups that it carries."""

    address: Address
    client: Client
    groups: tuple[str, ...] = ()
