"""Writes a new cell's file, with the address block that it will have for life.

Owns      the allocation of the block and the text of the file.
Refuses   a fleet with errors (a broken cell's block would be given away a second time), a name that is taken, and to
          leave a file behind that `fleet validate` would refuse.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from components import catalog
from components.cell.layout import SLOTS
from components.clouds.machines import machines
from components.platform.releases import known
from stacks.addresses import allocated, ranges_for
from stacks.fleet import Fleet
from stacks.load import load


class RefusedError(ValueError):
    """Why no cell was written; the text is for the person who asked."""


@dataclass(frozen=True)
class NewCell:
    """What a person must say about a new cell; the rest has a safe answer that the file shows.

    access   principals by kind: `platform`, `services`, `apps`, and `preview` where there is one
    section  what only the cell's cloud needs, e.g. `project_number`
    """

    name: str
    cloud: str
    account: str
    region: str
    environment: str
    cost_center: str
    access: Mapping[str, str]
    section: Mapping[str, str] = field(default_factory=dict)
    prefix_length: int | None = None


def write(fleet: Fleet, wanted: NewCell) -> Path:
    """Allocate the block and write `fleet/cells/<name>.yaml`; return its path. Raises RefusedError."""
    path = fleet.root / "fleet" / "cells" / f"{wanted.name}.yaml"
    if wanted.cloud not in catalog.clouds():
        raise RefusedError(f"there is no cloud '{wanted.cloud}': choose {', '.join(catalog.clouds())}")
    if wanted.name in fleet.cells or path.exists():
        raise RefusedError(f"there is a cell '{wanted.name}' already")
    text = _text(wanted, _block(fleet, wanted))
    with path.open("x", encoding="utf-8") as file:  # "x": two runs at once must not take one name
        file.write(text)
    mine = [problem for problem in load(fleet.root).errors if problem.file == f"fleet/cells/{path.name}"]
    if mine:
        path.unlink()
        raise RefusedError("the cell would not be valid:\n" + "\n".join(f"  {problem}" for problem in mine))
    return path


def _block(fleet: Fleet, wanted: NewCell) -> str:
    if fleet.settings is None:
        raise RefusedError("fleet/fleet.yaml is missing or broken: it says which addresses there are")
    space = fleet.settings.address_space
    length = wanted.prefix_length or space.cell_prefix_length
    fitting = ranges_for(space, wanted.environment, wanted.region)
    if not fitting:
        raise RefusedError(
            f"no range of fleet/fleet.yaml is for {wanted.environment} cells of {wanted.region}: add one to "
            f"address_space.ranges"
        )
    block = allocated(fleet, wanted.cloud, wanted.environment, wanted.region, length)
    if block is None:
        where = ", ".join(each.cidr for each in fitting)
        raise RefusedError(
            f"no /{length} is left in {where}: add a range to address_space.ranges, or ask for a smaller block with "
            f"--prefix-length"
        )
    return block


def _text(wanted: NewCell, block: str) -> str:
    cloud = catalog.clouds()[wanted.cloud]
    catalogue = machines(wanted.cloud).values()
    kafka = next(m.name for m in catalogue if m.use in {"kafka", "both"} and m.vcpu >= 4)
    system = next(m.name for m in catalogue if m.use in {"system", "both"} and m.memory_gib >= 8)
    zones = ", ".join(cloud.zone_form.format(region=wanted.region, letter=SLOTS[n], digit=n + 1) for n in range(3))
    strimzi, release = next(reversed(known("strimzi").items()))
    access = "".join(f"    {kind}: {json.dumps(principal)}\n" for kind, principal in wanted.access.items())
    section = "".join(f"  {key}: {json.dumps(value)}\n" for key, value in wanted.section.items())
    return f"""\
# yaml-language-server: $schema=../cell.schema.json
environment: {wanted.environment}
production: {str(wanted.environment == "prod").lower()}
cost_center: {json.dumps(wanted.cost_center)}

cloud: {wanted.cloud}
account: {json.dumps(wanted.account)}
region: {json.dumps(wanted.region)}
# Look these up: not every region has all of them, and some have others.
zones: [{zones}]

network:
  # Allocated by `fleet new cell`, for life.
  address_block: {block}

kubernetes:
  version: "{release.kubernetes[-3]}"
  api: private
  kafka_nodes: {{ machine: {kafka}, least_per_zone: 1, most_per_zone: 3 }}
  system_nodes: {{ machine: {system}, least_per_zone: 1, most_per_zone: 2 }}
  access:
{access}
strimzi:
  version: "{strimzi}"
{f"{chr(10)}{wanted.cloud}:{chr(10)}{section}" if section else ""}"""
