"""Writes a new cell's file, with the address block that it will have for life.

Owns      the allocation of the block and the text of the file.
Refuses   a fleet with errors (a broken cell's block would be given away a second time) and a name that is taken.
"""

from dataclasses import dataclass
from pathlib import Path

from components import catalog
from components.cell.layout import SLOTS, allocate
from components.clouds.machines import machines
from stacks.check.addresses import taken
from stacks.fleet import Fleet


class RefusedError(ValueError):
    """Why no cell can be written; the text is for the person who asked."""


@dataclass(frozen=True)
class NewCell:
    """What a person must say about a new cell; the rest has a safe answer that the file shows."""

    name: str
    cloud: str
    account: str
    region: str
    environment: str
    cost_center: str
    prefix_length: int | None = None


def write(fleet: Fleet, wanted: NewCell) -> Path:
    """Allocate the block and write `fleet/cells/<name>.yaml`; return its path. Raises RefusedError."""
    cloud = catalog.clouds().get(wanted.cloud)
    if cloud is None:
        raise RefusedError(f"there is no cloud '{wanted.cloud}': choose {', '.join(catalog.clouds())}")
    if fleet.settings is None:
        raise RefusedError("fleet/fleet.yaml is missing or broken: it says which addresses there are")
    path = fleet.root / "fleet" / "cells" / f"{wanted.name}.yaml"
    if wanted.name in fleet.cells or path.exists():
        raise RefusedError(f"there is a cell '{wanted.name}' already")
    space = fleet.settings.address_space
    length = wanted.prefix_length or space.cell_prefix_length
    block = allocate(length, space.ranges, taken(fleet))
    if block is None:
        raise RefusedError(
            f"no /{length} is left in {', '.join(space.ranges)}: add a range to address_space.ranges, or ask for a "
            f"smaller block with --prefix-length"
        )
    with path.open("x", encoding="utf-8") as file:  # "x": two runs at once must not take one name
        file.write(_text(wanted, block))
    return path


def _text(wanted: NewCell, block: str) -> str:
    cloud = catalog.clouds()[wanted.cloud]
    known = machines(wanted.cloud)
    kafka = next(m.name for m in known.values() if m.use in {"kafka", "both"} and m.vcpu >= 4)
    system = next(m.name for m in known.values() if m.use in {"system", "both"})
    zones = ", ".join(cloud.zone_form.format(region=wanted.region, letter=SLOTS[n], digit=n + 1) for n in range(3))
    section = "".join(
        f"  {name}: # {field.description}\n"
        for name, field in catalog.spec_of(cloud).model_fields.items()
        if field.is_required()
    )
    production = str(wanted.environment == "prod").lower()
    return f"""\
# yaml-language-server: $schema=../cell.schema.json
environment: {wanted.environment}
production: {production}
cost_center: {wanted.cost_center}

cloud: {wanted.cloud}
account: "{wanted.account}"
region: {wanted.region}
zones: [{zones}]

network:
  address_block: {block}

kubernetes:
  version: "1.34"
  api: private
  kafka_nodes: {{ machine: {kafka}, least_per_zone: 1, most_per_zone: 3 }}
  system_nodes: {{ machine: {system}, least_per_zone: 1, most_per_zone: 2 }}
  access: # {cloud.title}: text that matches {cloud.principal_pattern}
    platform:
    services:
    apps:

strimzi:
  version: "1.2.0"
{f"{chr(10)}{wanted.cloud}:{chr(10)}{section}" if section else ""}"""
