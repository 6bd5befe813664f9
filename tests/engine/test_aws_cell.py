"""The AWS cell under the stock engine, against the sandbox's AWS: made, same again, changed, taken down."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pulumi
import pytest

from components.cell.layout import cut
from components.clouds.aws import ENTRY
from components.clouds.aws.kubernetes import Kubernetes
from components.clouds.aws.network import Network
from components.clouds.aws.provider import provider
from components.clouds.aws.spec import AwsSpec
from components.clouds.contract import Access, Identity, NetworkRequest, NodePool
from components.clouds.resources import KubernetesRequest
from tests.engine.harness import Engine

ACCOUNT = "111122223333"
CELL = "aws-euw1-dev"
IDENTITY = Identity(
    cell=CELL,
    account=ACCOUNT,
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b", "eu-west-1c"),
    production=False,
    tags={"fleet": "acme", "cell": CELL, "owner": "platform", "environment": "dev", "cost-center": "CC-1"},
)


def cell(
    identity: Identity = IDENTITY,
    spec: AwsSpec | None = None,
    network: dict[str, Any] | None = None,
    **kubernetes: Any,
) -> Callable[[], None]:
    """A program that makes one cell's network and cluster."""

    def program() -> None:
        ranges = cut(1, "10.20.0.0/16", identity.zones, ENTRY.zone_pattern)
        asked = NetworkRequest(
            identity=identity,
            ranges=ranges,
            reachability="public",
            allowed_cidrs=("203.0.113.0/24",),
            private_dns_zone=f"{identity.cell}.kafka.internal",
            flow_logs_retention_days=30,
            nat="per-zone",
        )
        section = spec or AwsSpec()
        made = provider(f"{identity.cell}-provider", identity, section)
        net = Network(f"{identity.cell}-network", replace(asked, **(network or {})), section, made)
        role = f"arn:aws:iam::{identity.account}:role/kafka-fleet-"
        plain = KubernetesRequest(
            identity=identity,
            ranges=ranges,
            network=net,
            version="1.34",
            api="private",
            api_allowed_cidrs=(),
            kafka_nodes=NodePool("m7g.xlarge", 1, 3),
            system_nodes=NodePool("t4g.large", 1, 2),
            access=Access(f"{role}platform", f"{role}services", f"{role}apps"),
            log_retention_days=90,
        )
        cluster = Kubernetes(f"{identity.cell}-kubernetes", replace(plain, **kubernetes), section, made)
        pulumi.export("endpoint", cluster.endpoint)
        pulumi.export("disk_key", cluster.disk_key)

    return program


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    made = Engine(tmp_path_factory.mktemp("aws-cell"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def applied(engine: Engine) -> Engine:
    preview = engine.run(cell(), "preview", "cell")
    assert preview.ok, preview.text
    created = engine.run(cell(), "up", "cell")
    assert created.ok, created.text
    assert created.summary == preview.summary
    assert created.outputs["endpoint"].endswith(".gr7.eu-west-1.eks.amazonaws.com")
    assert created.outputs["disk_key"].startswith(f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/")
    return engine


def changed(engine: Engine, program: Callable[[], None]) -> dict[str, tuple[str, ...]]:
    """What a preview says will change: logical name without the cell's -> its operations."""
    result = engine.run(program, "preview", "cell")
    assert result.ok, result.text
    steps = {
        name.removeprefix(f"{CELL}-"): tuple(op for op in ops if op != "same") for name, ops in result.steps.items()
    }
    return {name: ops for name, ops in steps.items() if ops}


def test_a_second_run_changes_nothing(applied: Engine) -> None:
    again = applied.run(cell(), "up", "cell")
    assert again.ok, again.text
    assert set(again.summary) == {"same"}


def test_a_refresh_finds_nothing_to_tell(applied: Engine) -> None:
    refreshed = applied.run(cell(), "refresh", "cell")
    assert refreshed.ok, refreshed.text
    assert set(refreshed.summary) == {"same"}


def test_a_further_allowed_range_is_one_more_rule(applied: Engine) -> None:
    program = cell(network={"allowed_cidrs": ("198.51.100.0/24", "203.0.113.0/24")})
    assert changed(applied, program) == {"kafka-from-198-51-100-0-24": ("create",)}


def test_a_further_zone_moves_nothing(applied: Engine) -> None:
    two = replace(IDENTITY, cell="aws-euw1-grow", account="666677778888", zones=IDENTITY.zones[:2])
    assert applied.run(cell(two), "up", "grow").ok
    grown = applied.run(cell(replace(two, zones=IDENTITY.zones)), "up", "grow")
    assert grown.ok, grown.text
    changes = {name: ops for name, ops in grown.steps.items() if "create" not in ops and ops != ["same"]}
    assert {name for name, ops in changes.items() if set(ops) != {"same"}} == {"aws-euw1-grow-eks", "aws-euw1-grow-s3"}
    assert grown.summary["update"] == 2
    assert "delete" not in grown.summary
    assert "replace" not in grown.summary


def test_a_new_cost_centre_updates_tags_and_rolls_no_node(applied: Engine) -> None:
    tags = {**IDENTITY.tags, "cost-center": "CC-2"}
    result = applied.run(cell(replace(IDENTITY, tags=tags)), "preview", "cell")
    assert result.ok, result.text
    assert set(result.summary) == {"same", "update"}
    told = {path for name, paths in result.details.items() if not name.endswith("-provider") for path in paths}
    assert told == {"tags.cost-center"}


def test_another_size_of_machine_rolls_nodes_inside_their_groups(applied: Engine) -> None:
    found = changed(applied, cell(kafka_nodes=NodePool("m7g.2xlarge", 1, 3)))
    groups = {f"kafka-{zone}": ("update",) for zone in IDENTITY.zones}
    assert found == {"kafka-nodes": ("update",), **groups}


def test_another_architecture_makes_groups_beside_the_old_ones(applied: Engine) -> None:
    found = changed(applied, cell(kafka_nodes=NodePool("m7i.xlarge", 1, 3)))
    replaced = ("create-replacement", "replace", "delete-replaced")
    assert {ops for name, ops in found.items() if name.startswith("kafka-eu")} == {replaced}


def test_kubernetes_rises_in_place(applied: Engine) -> None:
    found = changed(applied, cell(version="1.35"))
    assert set(found.values()) == {("update",)}
    assert {name for name in found if not name.startswith(("kafka-eu", "system-eu"))} == {"eks"}


def test_kubernetes_never_jumps(applied: Engine) -> None:
    refused = applied.run(cell(version="1.36"), "preview", "cell")
    assert not refused.ok
    assert "unsupported Kubernetes minor version update from 1.34 to 1.36" in refused.text


def test_another_cell_with_the_same_names_is_refused(applied: Engine) -> None:
    refused = applied.run(cell(), "up", "other")
    assert not refused.ok
    assert "exists already" in refused.text


def test_a_cell_is_taken_down_in_order(engine: Engine) -> None:
    elsewhere = replace(IDENTITY, cell="aws-euw1-gone", account="444455556666")
    created = engine.run(cell(elsewhere), "up", "gone")
    assert created.ok, created.text
    destroyed = engine.run(cell(elsewhere), "destroy", "gone")
    assert destroyed.ok, destroyed.text
    assert destroyed.summary == {"delete": created.summary["create"]}


def test_what_is_protected_is_not_destroyed(engine: Engine) -> None:
    production = replace(IDENTITY, cell="aws-euw1-kept", account="555566667777", production=True)
    assert engine.run(cell(production), "up", "kept").ok
    refused = engine.run(cell(production), "destroy", "kept")
    assert not refused.ok
    assert "protected" in refused.text
