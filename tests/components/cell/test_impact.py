"""Every field of a cell has a rule, on every cloud, and the rules say what the clouds do."""

from collections.abc import Iterator
from typing import Any, get_args, get_origin

import pytest

from components import catalog
from components.cell import impact
from components.cell.impact_rule import FieldRule, choose, table
from components.cell.spec import CellSpec
from components.impact.contract import (
    DELETES,
    DYNAMIC,
    IRREVERSIBLE,
    MISSING,
    NONE,
    REPLACES,
    ROLLS_BROKERS,
    ROLLS_CONTROLLERS,
    ObjectChange,
    severity,
)
from components.model import Spec
from stacks.load import load
from tests.corpus import cases

CLOUDS = tuple(catalog.clouds())
CELLS = {cell.spec.cloud: cell for cell in load(cases.BASE).cells.values() if not cell.inline}


def _models(annotation: Any) -> Iterator[tuple[type[Spec], bool]]:
    """Models inside of an annotation, and whether a key of the user's stands before them."""
    if isinstance(annotation, type) and issubclass(annotation, Spec):
        yield annotation, False
    for argument in get_args(annotation):
        for model, keyed in _models(argument):
            yield model, keyed or get_origin(annotation) is dict


def _leaves(model: type[Spec], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, field in model.model_fields.items():
        inner = list(_models(field.annotation))
        if not inner:
            yield (*path, name)
        for inside, keyed in inner:
            yield from _leaves(inside, (*path, name, *(("any",) if keyed else ())))


def _of_cloud(cloud: str) -> list[tuple[str, ...]]:
    others = set(CLOUDS) - {cloud}
    return [path for path in _leaves(CellSpec) if path[0] not in others]


def _judge(cloud: str, path: tuple[str, ...], old: Any = "a", new: Any = "b") -> str:
    found = impact.judge(ObjectChange("Cell", cloud, "cell", path, old, new), CELLS[cloud].spec)
    assert found is not None, path
    severity(found.impact)
    return found.impact


def _rule(cloud: str, path: tuple[str, ...]) -> FieldRule | None:
    module = catalog.clouds()[cloud].impact.partition(":")[0]
    own = choose(catalog.load(f"{module}:RULES"), path)
    return own or choose(impact.RULES, path)


@pytest.mark.parametrize(
    ("cloud", "path"),
    [pytest.param(cloud, path, id=f"{cloud}: {'.'.join(path)}") for cloud in CLOUDS for path in _of_cloud(cloud)],
)
def test_every_field_has_a_rule_of_its_own(cloud: str, path: tuple[str, ...]) -> None:
    for old, new in (("a", "b"), (MISSING, "b"), ("a", MISSING)):
        assert _judge(cloud, path, old, new)
    rule = _rule(cloud, path)
    assert rule is not None
    # A section of a cloud as a whole says nothing about one of its fields.
    assert rule.path not in CLOUDS


def test_a_field_that_no_rule_knows_is_not_guessed() -> None:
    change = ObjectChange("Cell", "x", "cell", ("kubernetes", "colour"), "a", "b")
    assert impact.judge(change, CELLS["aws"].spec) is None


def test_the_walk_finds_the_fields() -> None:
    found = set(_of_cloud("aws"))
    assert ("network", "peerings", "any", "cidrs") in found
    assert ("network", "existing", "zones", "any", "nodes", "cidr") in found
    assert ("aws", "addon_versions", "coredns") in found
    assert ("azure", "tenant_id") not in found
    assert len(found) > 70


@pytest.mark.parametrize(
    ("cloud", "path", "old", "new", "expected"),
    [
        ("aws", "kubernetes.version", "1.34", "1.35", ROLLS_BROKERS),
        ("aws", "kubernetes.kafka_nodes.machine", "r7g.2xlarge", "r7g.4xlarge", ROLLS_BROKERS),
        ("aws", "kubernetes.kafka_nodes.machine", "r7g.2xlarge", "r7i.2xlarge", REPLACES),
        ("gcp", "kubernetes.kafka_nodes.machine", "n4-highmem-8", "n4-highmem-16", ROLLS_BROKERS),
        ("azure", "kubernetes.kafka_nodes.machine", "Standard_D8ds_v5", "Standard_D16ds_v5", REPLACES),
        ("aws", "kubernetes.kafka_nodes.most_per_zone", 8, 9, DYNAMIC),
        ("aws", "kubernetes.kafka_nodes.most_per_zone", 9, 8, ROLLS_BROKERS),
        ("aws", "kubernetes.system_nodes.most_per_zone", 2, 1, "rolls services"),
        ("aws", "kubernetes.system_nodes.machine", "m7g.large", "m7g.xlarge", "rolls services"),
        ("aws", "kubernetes.api", "private", "public", DYNAMIC),
        ("azure", "kubernetes.api", "private", "public", IRREVERSIBLE),
        ("aws", "strimzi.version", "1.2.0", "1.3.0", ROLLS_CONTROLLERS),
        ("aws", "strimzi.chart_digest", MISSING, "sha256:0", "rolls operator"),
        ("aws", "network.address_block", "10.0.0.0/16", "10.1.0.0/16", IRREVERSIBLE),
        ("aws", "network.reachability", "private", "hub", DYNAMIC),
        ("aws", "network.reachability", "private", "public", DYNAMIC),
        ("aws", "network.reachability", "public", "private", REPLACES),
        ("aws", "network.peerings.office", MISSING, {}, DYNAMIC),
        ("aws", "network.peerings.office", {}, MISSING, DELETES),
        ("aws", "network.peerings.office.network", "vpc-1", "vpc-2", REPLACES),
        ("aws", "network.peerings.office.cidrs", ["10.9.0.0/16"], [], DYNAMIC),
        ("aws", "network.peerings", {}, MISSING, DELETES),
        ("aws", "network.hub.cidrs", [], ["10.9.0.0/16"], DYNAMIC),
        ("aws", "network.hub", {}, MISSING, DELETES),
        ("aws", "network.nat", "per-zone", "single", REPLACES),
        ("aws", "network.isolated", False, True, NONE),
        ("aws", "zones", ["a", "b"], ["a", "b", "c"], DYNAMIC),
        ("aws", "zones", ["a", "b"], ["a"], IRREVERSIBLE),
        ("aws", "aws.root_volume_gib", 50, 100, ROLLS_BROKERS),
        ("aws", "aws.ami_family", "al2023", "bottlerocket", REPLACES),
        ("azure", "azure.tenant_id", "a", "b", IRREVERSIBLE),
        ("gcp", "gcp.release_channel", "REGULAR", "STABLE", DYNAMIC),
        ("gcp", "cost_center", "a", "b", DYNAMIC),
    ],
)
def test_what_a_field_does(cloud: str, path: str, old: Any, new: Any, expected: str) -> None:
    assert _judge(cloud, tuple(path.split(".")), old, new) == expected


def test_the_estimate_counts_the_declared_nodes() -> None:
    cell = CELLS["aws"]
    change = ObjectChange("Cell", cell.name, "cell", ("kubernetes", "version"), "1.34", "1.35")
    found = impact.judge(change, cell.spec)
    assert found is not None
    assert found.estimate.formula == "control plane 900 s + up to 24 kafka nodes × 600 s + up to 6 system nodes × 600 s"
    assert found.estimate.seconds == 900 + 24 * 600 + 6 * 600
    assert found.source


def test_every_duration_has_a_source() -> None:
    assert all(each["source"] and each["assumption"] and each["value"] > 0 for each in table()["seconds"].values())
