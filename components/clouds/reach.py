"""How a Kafka cluster is reached: who can route to it, and how its brokers get stable addresses.

Owns      the two words of the model, and what a cloud declares of each pair of them.
Refuses   Pulumi, and finding out by failing: a pair that a cloud does not list is a defect of the cloud's entry.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Reachability = Literal["private", "public", "peering", "hub", "privatelink"]
"""Who can route to a cell's clusters.

private      what is inside the cell's own network
public       also the internet, from stated source ranges
peering      also networks that are peered with the cell's, one by one
hub          also everything on a transit hub (Transit Gateway, Network Connectivity Center, Virtual WAN)
privatelink  only through endpoints that the cell accepted: ranges may overlap, nothing is routed
"""

FanOut = Literal["lb-per-broker", "sni", "port-per-broker", "direct"]
"""How clients tell one broker from another.

lb-per-broker    a load balancer for each broker and one for the bootstrap
sni              one load balancer; the cell's gateway forwards by the host name in the TLS handshake
port-per-broker  one load balancer; the cell's gateway forwards by port
direct           no load balancer: clients connect to the pods' own addresses
"""

REACHABILITIES: tuple[Reachability, ...] = get_args(Reachability)
FAN_OUTS: tuple[FanOut, ...] = get_args(FanOut)

GATEWAY_FAN_OUTS: frozenset[FanOut] = frozenset({"sni", "port-per-broker"})
"""Those that go through the cell's gateway."""

SNI_PORT = 443
"""Port of the gateway on which every cluster of the cell is told apart by name."""

Exposure = Literal["network", "external", "link"]
"""The listener type by which each reachability is served: private addresses, public ones, or accepted endpoints."""

EXPOSURES: Mapping[Reachability, Exposure] = {
    "private": "network",
    "peering": "network",
    "hub": "network",
    "public": "external",
    "privatelink": "link",
}


@dataclass(frozen=True)
class Refused:
    """Why a cloud does not do something, and the nearest thing that it does."""

    why: str
    nearest: str


Pair = tuple[Reachability, FanOut]


@dataclass(frozen=True)
class Ways:
    """What a cloud declares: for each reachability the default fan-out, and each pair that it refuses with the reason.

    A pair that is not refused is built. `families` does the same for address families (`dual`, `ipv6`).
    """

    default: Mapping[Reachability, FanOut]
    refused: Mapping[Pair, Refused]
    families: Mapping[str, Refused]

    def refusal(self, reachability: Reachability, fan_out: FanOut) -> Refused | None:
        """Why this pair is not built here; None where it is."""
        return self.refused.get((reachability, fan_out))

    def built(self, reachability: Reachability) -> tuple[FanOut, ...]:
        """The fan-outs that work with a reachability."""
        return tuple(fan_out for fan_out in FAN_OUTS if (reachability, fan_out) not in self.refused)


DEFAULT_FAN_OUT: Mapping[Reachability, FanOut] = {
    "private": "lb-per-broker",
    "public": "lb-per-broker",
    "peering": "lb-per-broker",
    "hub": "lb-per-broker",
    "privatelink": "sni",
}
"""Never a function of the number of brokers: growing a cluster would then change the address of every broker."""

EVERYWHERE: Mapping[Pair, Refused] = {
    ("public", "direct"): Refused("pods have private addresses only", "lb-per-broker"),
    ("privatelink", "direct"): Refused(
        "a private link ends at a load balancer, and nothing behind it is routed", "sni"
    ),
    ("privatelink", "lb-per-broker"): Refused(
        "each broker would be a link of its own, which its consumers must connect to and you must accept, one by one, "
        "whenever the cluster grows",
        "sni",
    ),
}
"""What no cloud does."""
