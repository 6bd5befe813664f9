"""The registry of addresses: whatever comes and goes, nobody's subnet moves, nothing overlaps, nothing is lost."""

import dataclasses
import ipaddress
import json
from collections.abc import Mapping

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from components import catalog
from components.cell.ranges import ranges
from components.clouds.contract import Ranges
from stacks.addresses import allocated, holdings, stocks
from stacks.fleet import Cell, Fleet
from stacks.load import load
from stacks.spec import AddressRange, AddressSpace
from stacks.tell.addresses import as_json
from tools.fleet_copy import REPOSITORY

Net = ipaddress.IPv4Network
EXAMPLE = load(REPOSITORY)
SPACE = AddressSpace(
    ranges=(
        AddressRange(cidr="10.0.0.0/13"),
        AddressRange(cidr="10.8.0.0/14", environments=("dev",)),
        AddressRange(cidr="10.16.0.0/15", environments=("dev",), regions=("us-*",)),
    ),
    reserved=("10.1.0.0/16", "10.8.64.0/20", "172.17.0.0/16"),
    cell_prefix_length=16,
)
MODELS = {cell.spec.cloud: cell for cell in EXAMPLE.cells.values()}
REGIONS = {"aws": ("eu-west-1", "us-east-1"), "gcp": ("europe-west1",), "azure": ("westeurope",)}


def fleet_of(cells: Mapping[str, Cell]) -> Fleet:
    assert EXAMPLE.settings is not None
    return dataclasses.replace(
        EXAMPLE, cells=cells, settings=EXAMPLE.settings.model_copy(update={"address_space": SPACE})
    )


def subnets(cell: Cell) -> Ranges:
    pattern = catalog.clouds()[cell.spec.cloud].zone_pattern
    return ranges(cell.spec.network, cell.spec.zones, pattern)


class Registry(RuleBasedStateMachine):
    """Cells are added, grow by a zone, are retired (their block stays theirs) and are deleted at last."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: dict[str, Cell] = {}
        self.seen: dict[str, Ranges] = {}
        self.number = 0

    @rule(
        cloud=st.sampled_from(sorted(MODELS)),
        environment=st.sampled_from(["dev", "staging", "prod"]),
        length=st.integers(14, 20),
        region=st.integers(0, 1),
    )
    def add(self, cloud: str, environment: str, length: int, region: int) -> None:
        where = REGIONS[cloud][region % len(REGIONS[cloud])]
        block = allocated(fleet_of(self.cells), cloud, environment, where, length)
        if block is None:
            return
        form = catalog.clouds()[cloud].zone_form
        zones = tuple(form.format(region=where, letter="abcdefgh"[n], digit=n + 1) for n in range(2))
        model = MODELS[cloud]
        network = model.spec.network.model_copy(update={"address_block": block})
        spec = model.spec.model_copy(update={"network": network, "zones": zones, "region": where})
        name = f"cell-{self.number}"
        self.number += 1
        self.cells[name] = dataclasses.replace(model, name=name, environment=environment, spec=spec, at=())
        self.seen[name] = subnets(self.cells[name])

    @precondition(lambda self: self.cells)
    @rule(data=st.data(), first=st.booleans())
    def grow(self, data: st.DataObject, *, first: bool) -> None:
        name = data.draw(st.sampled_from(sorted(self.cells)))
        cell = self.cells[name]
        form = catalog.clouds()[cell.spec.cloud].zone_form
        third = form.format(region=cell.spec.region, letter="c", digit=3)
        if third in cell.spec.zones:
            return
        zones = (third, *cell.spec.zones) if first else (*cell.spec.zones, third)
        self.cells[name] = dataclasses.replace(cell, spec=cell.spec.model_copy(update={"zones": zones}))

    @precondition(lambda self: self.cells)
    @rule(data=st.data())
    def retire(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.cells)))
        self.cells[name] = dataclasses.replace(
            self.cells[name], spec=self.cells[name].spec.model_copy(update={"lifecycle": "retired"})
        )

    @precondition(lambda self: self.cells)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.cells)))
        del self.cells[name], self.seen[name]

    @invariant()
    def no_subnet_moves(self) -> None:
        for name, cell in self.cells.items():
            before, now = self.seen[name], subnets(cell)
            assert {zone: now.zones[zone] for zone in before.zones} == dict(before.zones)
            for field in ("block", "regional", "regional_public", "pods", "services", "control_plane", "endpoints"):
                assert getattr(before, field) == getattr(now, field)

    @invariant()
    def nothing_overlaps(self) -> None:
        held = [Net(h.cidr) for h in holdings(fleet_of(self.cells))]
        assert not [(a, b) for n, a in enumerate(held) for b in held[n + 1 :] if a.overlaps(b)]

    @invariant()
    def no_address_is_lost(self) -> None:
        for stock in stocks(fleet_of(self.cells)):
            taken = sum(h.net.num_addresses for h in stock.held)
            assert taken + stock.free_addresses == stock.total
            assert not any(part.overlaps(h.net) for part in stock.free for h in stock.held)

    @invariant()
    def each_lies_where_it_belongs(self) -> None:
        for cell in self.cells.values():
            block = Net(cell.spec.network.address_block)
            dev, us = cell.environment == "dev", cell.spec.region.startswith("us-")
            assert block.subnet_of(Net("10.16.0.0/15" if dev and us else "10.8.0.0/14" if dev else "10.0.0.0/13"))


TestRegistry = Registry.TestCase
TestRegistry.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


def test_the_document_has_every_range_with_holders_and_what_is_free() -> None:
    fleet = load(REPOSITORY)
    assert fleet.settings is not None
    document = json.loads(as_json(fleet, stocks(fleet), fleet.settings.address_space.cell_prefix_length))
    first = document["ranges"][0]
    assert [held["holder"] for held in first["held"] if held["use"] == "cell"] == sorted(
        (c.name for c in fleet.cells.values() if Net(c.spec.network.address_block).subnet_of(Net(first["cidr"]))),
        key=lambda name: int(Net(fleet.cells[name].spec.network.address_block).network_address),
    )
    assert first["blocks"] - first["blocks_left"] == len(first["held"])
    assert {held["cidr"] for held in document["outside"]} >= {"10.255.0.0/16", "172.17.0.0/16"}
