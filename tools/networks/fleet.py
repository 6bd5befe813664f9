"""The fleet of the matrix: a cell for each reachability of each cloud, a cluster for each fan-out that is built there.

Owns      the files, in the forms that a person would write.
Refuses   what the clouds refuse: those pairs are in `refused`, with the cloud's own reason.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from components import catalog
from components.clouds.reach import EXPOSURES, FAN_OUTS, REACHABILITIES, FanOut, Reachability, Refused
from tools.fleet_copy import REPOSITORY

PARTNERS = "198.51.100.0/24"
"""Whom the public cells let in."""
BEHIND_HUB = "10.250.0.0/16"
"""What the hubs lead to."""
PEERS: Mapping[str, str] = {"aws": "10.200.0.0/16", "gcp": "10.201.0.0/20", "azure": "10.202.0.0/16"}
"""The company's own networks, with which the peering cells are peered."""
_MODELS = {"aws": "cells/aws-use1-dev", "gcp": "clusters/analytics/lab", "azure": "cells/azure-weu-staging"}
_SHORT: Mapping[FanOut, str] = {"lb-per-broker": "lb", "sni": "sni", "port-per-broker": "port", "direct": "direct"}
_SCALED = 6
_PORTS = "9100-9107"


@dataclass(frozen=True)
class Pair:
    """One square of the matrix."""

    cloud: str
    reachability: Reachability
    fan_out: FanOut

    @property
    def cell(self) -> str:
        """Its cell."""
        return f"{self.cloud}-{self.reachability}"

    @property
    def cluster(self) -> str:
        """Its cluster."""
        return f"{self.cell}-{_SHORT[self.fan_out]}"

    @property
    def refused(self) -> Refused | None:
        """Why it is not built; None where it is."""
        return catalog.clouds()[self.cloud].ways.refusal(self.reachability, self.fan_out)


def pairs() -> Iterator[Pair]:
    """The whole matrix."""
    for cloud in catalog.clouds():
        for reachability in REACHABILITIES:
            for fan_out in FAN_OUTS:
                yield Pair(cloud, reachability, fan_out)


def built() -> tuple[Pair, ...]:
    """The squares that are built."""
    return tuple(pair for pair in pairs() if pair.refused is None)


def _read(file: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((REPOSITORY / "fleet" / f"{file}.yaml").read_text("utf-8"))
    return found


def _write(path: Path, data: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(dict(data), sort_keys=False, width=120), "utf-8")


def network(cloud: str, reachability: Reachability, number: int, peer: Mapping[str, Any]) -> dict[str, Any]:
    """The `network` of one cell."""
    found: dict[str, Any] = {
        "address_block": f"10.{number}.0.0/16",
        "reachability": reachability,
        "nat": "single",
        # Six brokers and the bootstrap, and room for one more.
        "gateway": {"broker_ports": _PORTS},
    }
    if reachability == "public":
        found["allowed_cidrs"] = [PARTNERS]
    elif reachability == "peering":
        found["peerings"] = {"company": {**peer, "cidrs": [PEERS[cloud]], "side": "both"}}
    elif reachability == "hub":
        routers = catalog.clouds()[cloud].hub_block
        new = {"address_block": f"10.9{number % 10}.0.0/{routers[0]}"} if routers else {"asn": 64600}
        found["hub"] = {"new": new, "cidrs": [BEHIND_HUB]}
    elif reachability == "privatelink":
        found["privatelink"] = {"consumers": [account(cloud)]}
    return found


def account(cloud: str) -> str:
    """The account of a cloud's cells."""
    return str(_model(cloud)["account"])


def _model(cloud: str) -> dict[str, Any]:
    found = _read(_MODELS[cloud])
    inline = found.pop("cell", None)
    return inline or {
        key: value for key, value in found.items() if key not in {"environment", "production", "cost_center"}
    }


def write(root: Path, peers: Mapping[str, Mapping[str, Any]]) -> None:
    """The whole fleet, in place of what a copy of the example has. `peers`: what each cloud's peering names."""
    for folder in ("cells", "clusters", "apps"):
        for path in (root / "fleet" / folder).rglob("*.yaml"):
            path.unlink()
    settings = _read("fleet")
    settings["teams"] = {"platform": {"clusters": ["*"], "apps": ["*"]}}
    settings["address_space"] = {"ranges": [{"cidr": "10.0.0.0/11"}], "reserved": [], "cell_prefix_length": 16}
    _write(root / "fleet" / "fleet.yaml", settings)
    number = 0
    for cloud in catalog.clouds():
        for reachability in REACHABILITIES:
            _cell(root, cloud, reachability, number, peers[cloud])
            number += 1
    for pair in built():
        _cluster(root, pair, brokers=3)


def _cell(root: Path, cloud: str, reachability: Reachability, number: int, peer: Mapping[str, Any]) -> None:
    cell = _model(cloud)
    cell["kubernetes"]["kafka_nodes"]["most_per_zone"] = 10
    own = {"environment": "staging", "production": False, "cost_center": "networks-1"}
    path = root / "fleet" / "cells" / f"{cloud}-{reachability}.yaml"
    _write(path, {**own, **cell, "network": network(cloud, reachability, number, peer)})


def _cluster(root: Path, pair: Pair, brokers: int) -> None:
    listener: dict[str, Any] = {"fan_out": pair.fan_out}
    if pair.fan_out == "port-per-broker":
        listener["ports"] = _PORTS
    kafka = {
        "size": {"name": "dev"},
        "brokers": brokers,
        # Without it the disk would follow from the number of brokers, and a volume cannot shrink.
        "disk_gib": 70,
        "cruise_control": {"enabled": False},
        "kafka_exporter": {"enabled": False},
        "listeners": {EXPOSURES[pair.reachability]: listener},
    }
    data = {"environment": "staging", "production": False, "cost_center": "networks-1", "cell": pair.cell}
    _write(root / "fleet" / "clusters" / "platform" / f"{pair.cluster}.yaml", {**data, "services": {"kafka": kafka}})


def scale(root: Path) -> None:
    """Twice as many brokers everywhere."""
    for pair in built():
        _cluster(root, pair, brokers=_SCALED)


def consume(root: Path, cloud: str, service: str) -> None:
    """The private cell of a cloud consumes the link of its privatelink cell."""
    path = root / "fleet" / "cells" / f"{cloud}-private.yaml"
    cell = yaml.safe_load(path.read_text("utf-8"))
    cell["network"]["links"] = {"kafka": {"service": service, "cell": f"{cloud}-privatelink"}}
    _write(path, cell)
