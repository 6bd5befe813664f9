"""What a cluster's declared rates move between zones and through load balancers.

Owns      the shares: how much of what is produced, replicated and consumed leaves its zone.
Refuses   to guess where clients stand: they are taken to be spread evenly over the zones, as brokers and leaders are.

The formula for three zones is the one that AutoMQ publishes (300 MiB/s written, read twice, three copies: 1,200 MiB/s
between zones; automq.com/blog/kafka-cross-az-replication-cost-aws, 2026-05-02), here for any number of zones.
"""

from collections.abc import Iterator

from components.cost.contract import HOURS, Use
from components.cost.prices import Catalogue
from components.services.contract import Traffic

GIB_PER_MB_MONTH = HOURS * 3600 * 1e6 / 2**30
"""GiB in a month at one MB (10^6 bytes) a second."""


def copies_elsewhere(copies: int, zones: int) -> float:
    """How many of a partition's copies are in another zone than its leader, on average over the leaders.

    Copies are spread as evenly as zones allow (rack awareness), and each is the leader equally often.
    """
    in_zone = [copies // zones + (zone < copies % zones) for zone in range(zones)]
    return copies - sum(here * here for here in in_zone) / copies


def reads_elsewhere(traffic: Traffic, zones: int) -> float:
    """The share of reads that leaves its zone."""
    if traffic.reads_near:
        return max(0.0, 1 - traffic.copies / zones)
    return (zones - 1) / zones


def cross_zone(traffic: Traffic, zones: int, load_percent: float) -> Iterator[Use]:
    """Data between zones, at `load_percent` of the declared rates for the whole month."""
    produced = traffic.produce_mb_per_s * (zones - 1) / zones
    replicated = traffic.produce_mb_per_s * copies_elsewhere(traffic.copies, zones)
    consumed = traffic.consume_mb_per_s * reads_elsewhere(traffic, zones)
    rate = (produced + replicated + consumed) * load_percent / 100
    said = f"({produced:.4g} produced + {replicated:.4g} replicated + {consumed:.4g} consumed)"
    yield Use(
        "cross-zone traffic",
        "between zones",
        f"{rate:.4g} MB/s between {zones} zones",
        "cross_zone_gib",
        rate * GIB_PER_MB_MONTH,
        f"{said} MB/s{_share(load_percent)} × {GIB_PER_MB_MONTH:.1f} GiB",
    )


def balanced(traffic: Traffic, catalogue: Catalogue, load_percent: float) -> Iterator[Use]:
    """Data through load balancers, as if all clients came through them: which do, no file says."""
    both = catalogue.balancer_bills == "both"
    rate = (traffic.produce_mb_per_s + (traffic.consume_mb_per_s if both else 0)) * load_percent / 100
    said = f"({traffic.produce_mb_per_s:.4g} in" + (f" + {traffic.consume_mb_per_s:.4g} out)" if both else ")")
    yield Use(
        "load balancer",
        "data through load balancers",
        f"{rate:.4g} MB/s through load balancers",
        "balancer_gib",
        rate * GIB_PER_MB_MONTH,
        f"{said} MB/s{_share(load_percent)} × {GIB_PER_MB_MONTH:.1f} GiB",
    )


def _share(load_percent: float) -> str:
    return "" if load_percent == 100 else f" × {load_percent:g} %"
