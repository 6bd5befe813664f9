"""The stock engine makes a whole cell on Azure, against the Azure model."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from components.clouds.contract import NodePool
from tests.engine.harness import Engine, Result
from tests.sandbox.azure_cell import identity, program

MOVES = {"one-dns-writes-zone"}
"""What external-dns may write to is another zone in a public cell: a role assignment's scope is for life."""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    made = Engine(tmp_path_factory.mktemp("azure"))
    yield made
    made.close()


def changed(result: Result) -> dict[str, list[str]]:
    return {name: steps for name, steps in result.steps.items() if set(steps) - {"same"}}


@pytest.fixture(scope="module")
def cell(engine: Engine) -> Engine:
    """An engine with one cell of three zones that has been previewed and made."""
    assert (seen := engine.run(program(identity("one")), "preview", "one")).ok, seen.text
    made = engine.run(program(identity("one")), "up", "one")
    assert made.ok, made.text
    assert seen.summary == made.summary == {"create": 53}
    assert made.outputs["endpoint"].startswith("https://kf-one-")
    assert made.outputs["disk_key"].endswith("/diskEncryptionSets/kf-one")
    return engine


def test_a_second_run_changes_nothing(cell: Engine) -> None:
    again = cell.run(program(identity("one")), "up", "one")
    assert again.ok, again.text
    assert set(again.summary) == {"same"}
    assert set(cell.run(program(identity("one")), "refresh", "one").summary) == {"same"}


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"who": replace(identity("one"), tags={"cell": "one", "cost-center": "cc-2"})}, {"one-aks", "one-vault"}),
        ({"kubernetes": {"version": "1.35"}}, {"one-aks", "one-kafka-westeurope-1"}),
        (
            {"network": {"reachability": "public", "allowed_cidrs": ["203.0.113.0/24"]}},
            {"one-nodes-gate", "one-load-balancers-gate"},
        ),
    ],
)
def test_a_change_is_seen_where_it_belongs_and_replaces_nothing(
    cell: Engine, change: dict[str, Any], names: set[str]
) -> None:
    arguments = {"who": identity("one"), **change}
    seen = cell.run(program(**arguments), "preview", "one")
    assert seen.ok, seen.text
    steps = changed(seen)
    assert names <= set(steps)
    assert {name for name, found in steps.items() if set(found) - {"update", "create"}} <= MOVES
    assert all(steps[name] == ["update"] for name in names)


def test_a_program_that_is_not_idempotent_is_seen(cell: Engine) -> None:
    seen = cell.run(program(identity("one"), kubernetes={"version": "1.34.2"}), "preview", "one")
    assert "one-aks" in changed(seen)


def test_a_zone_is_added_without_touching_what_stands(engine: Engine) -> None:
    two = engine.run(program(identity("grows", zones=2)), "up", "grows")
    assert two.ok, two.text
    three = engine.run(program(identity("grows", zones=3)), "up", "grows")
    assert three.ok, three.text
    steps = changed(three)
    assert {step for found in steps.values() for step in found} == {"create"}
    assert all("westeurope-3" in name for name in steps), steps


def test_another_machine_for_kafka_replaces_its_pools_one_after_the_other(cell: Engine) -> None:
    pools = {"kafka_nodes": NodePool("Standard_E8ds_v5", 1, 4)}
    seen = cell.run(program(identity("one"), kubernetes=pools), "preview", "one")
    assert seen.ok, seen.text
    assert {name for name, steps in changed(seen).items() if "replace" in str(steps)} == {
        f"one-kafka-westeurope-{zone}" for zone in (1, 2, 3)
    }


def test_a_zone_without_nat_and_an_old_version_are_refused_as_azure_would(engine: Engine) -> None:
    refused = engine.run(program(identity("old"), kubernetes={"version": "1.20"}), "preview", "old")
    assert not refused.ok
    assert "K8sVersionNotSupported" in refused.text
    size = engine.run(
        program(identity("size"), kubernetes={"kafka_nodes": NodePool("m7g.large", 1, 1)}), "preview", "size"
    )
    assert "VMSizeNotSupported" in size.text


def test_two_cells_live_in_one_subscription_and_one_goes(cell: Engine) -> None:
    other = cell.run(program(identity("two", zones=1)), "up", "two")
    assert other.ok, other.text
    gone = cell.run(program(identity("two", zones=1)), "destroy", "two")
    assert gone.ok, gone.text
    assert set(cell.run(program(identity("one")), "up", "one").summary) == {"same"}
