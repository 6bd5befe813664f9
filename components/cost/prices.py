"""The clouds' price catalogues, as data with sources.

Owns      reading a cloud's `prices.json`: USD without tax, by region and meter, at list price.
Refuses   a number without a source: what was derived or not read says so (`assumed`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from components import catalog


@dataclass(frozen=True)
class Source:
    """Where a price was read. `date` is the text's own, else the day it was read; empty where it was not read."""

    what: str
    url: str
    date: str


@dataclass(frozen=True)
class Price:
    """USD for one unit of a meter. `assumed`: how it was derived, where the source does not say it itself."""

    usd: float
    source: Source
    assumed: str = ""


@dataclass(frozen=True)
class Catalogue:
    """One cloud's prices by region and meter, and what its volumes include.

    throughput_unit_bytes  the MB of a volume's provisioned throughput, as it is billed
    balancer_bills         which direction a load balancer's data is billed in
    """

    cloud: str
    file: str
    regions: Mapping[str, Mapping[str, Price]]
    iops_included: int
    throughput_included: int
    throughput_unit_bytes: int
    balancer_bills: Literal["both", "in"]

    @property
    def dates(self) -> str:
        """`aws 2021-01-13 to 2026-11-23`: the oldest and the newest source in use."""
        found = sorted({p.source.date for meters in self.regions.values() for p in meters.values() if p.source.date})
        return " ".join([self.cloud, " to ".join(dict.fromkeys([*found[:1], *found[-1:]]))])


@cache
def catalogue(cloud: str) -> Catalogue:
    """A cloud's catalogue."""
    file = catalog.clouds()[cloud].prices
    said = json.loads((Path(__file__).parents[2] / file).read_text("utf-8"))
    sources = {key: Source(**row) for key, row in said["sources"].items()}
    return Catalogue(
        cloud=cloud,
        file=file,
        regions={
            region: {
                meter: Price(float(row["usd"]), sources[row["source"]], row.get("assumed", ""))
                for meter, row in meters.items()
            }
            for region, meters in said["regions"].items()
        },
        iops_included=said["disk"]["iops_included"],
        throughput_included=said["disk"]["throughput_included"],
        throughput_unit_bytes=said["disk"]["throughput_unit_bytes"],
        balancer_bills=said["balancer"]["bills"],
    )
