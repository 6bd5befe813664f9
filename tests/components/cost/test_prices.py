"""The price catalogues are data that says where it is from, and cover what the repository's machine lists know."""

import datetime
import json
from pathlib import Path

import pytest

from components import catalog
from components.clouds.machines import machines
from components.cost.prices import catalogue

CLOUDS = tuple(catalog.clouds())
OLDEST = datetime.date(2020, 1, 1)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_each_price_was_read_somewhere_on_a_day_or_says_that_it_is_assumed(cloud: str) -> None:
    for region, meters in catalogue(cloud).regions.items():
        for meter, price in meters.items():
            said = f"{cloud} {region} {meter}"
            assert price.usd >= 0, said
            assert price.source.url.startswith("https://"), said
            assert price.assumed or price.source.date, said
            if price.source.date:
                assert datetime.date.fromisoformat(price.source.date) > OLDEST, said


@pytest.mark.parametrize("cloud", CLOUDS)
def test_each_region_prices_every_machine_and_the_same_meters(cloud: str) -> None:
    regions = catalogue(cloud).regions
    assert regions
    for region, meters in regions.items():
        assert {f"machine/{name}" for name in machines(cloud)} <= meters.keys(), region
        assert meters.keys() == next(iter(regions.values())).keys(), region


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_source_is_used(cloud: str) -> None:
    file = Path(__file__).parents[3] / catalogue(cloud).file
    said = json.loads(file.read_text("utf-8"))
    used = {row["source"] for meters in said["regions"].values() for row in meters.values()}
    assert used == said["sources"].keys()


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_larger_machine_of_a_family_never_costs_less(cloud: str) -> None:
    for region, meters in catalogue(cloud).regions.items():
        priced = [(m, meters[f"machine/{m.name}"].usd) for m in machines(cloud).values()]
        for one, usd in priced:
            assert all(
                usd <= other_usd
                for other, other_usd in priced
                if (other.vcpu, other.memory_gib) >= (one.vcpu * 2, one.memory_gib * 2)
                and other.memory_gib >= one.memory_gib * 2
            ), (region, one.name)


def test_the_dates_of_a_catalogue_are_its_oldest_and_newest_source() -> None:
    assert catalogue("azure").dates == "azure 2023-12-18 to 2026-11-23"
    assert catalogue("gcp").dates == "gcp 2026-11-23"
