"""A service of another package: installed, declared, validated, previewed and applied like one of this repository.

The package is `tests/external/kafka-fleet-heartbeat`. It is installed into a folder that only these runs have on their
path, so that the other tests see the catalog without it.
"""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.fleet_copy import FleetCopy, Run
from tools.fleet_copy import REPOSITORY

pytestmark = pytest.mark.xdist_group("external")

PACKAGE = REPOSITORY / "tests" / "external" / "kafka-fleet-heartbeat"
CLUSTER = "fleet/clusters/analytics/lab.yaml"
OWNER = """\
# yaml-language-server: $schema=../heartbeat.service.schema.json
owner: site-reliability
defaults:
  version: "2.2.12"
  licence: mit
rings:
  dev:
    interval_ms: 5000
"""


POLICIES = """
policies:
  settings:
    image-registries:
      dev: { approved: ["docker.io/*", "ghcr.io/*", "quay.io/*", "registry.*.internal/*", "registry.k8s.io/*"] }
"""
"""The package's image comes from a registry that nobody has approved yet."""


def install(package: Path, to: Path) -> None:
    """Build a wheel of the package and unpack it into `to`, from the machine's own cache where that has the builder."""
    command = ["uv", "pip", "install", "--no-deps", "--target", str(to), str(package)]
    done = subprocess.run([*command, "--offline"], capture_output=True, text=True, check=False)
    if done.returncode:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def pretend(to: Path, package: str, entry: str) -> Path:
    """A package that is nothing but an entry point, as an installer leaves it behind."""
    info = to / f"{package.replace('-', '_')}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text(f"[kafka_fleet.services]\n{entry}\n", "utf-8")
    return to


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    install(PACKAGE, folder)
    return folder


@pytest.fixture(scope="module")
def path(installed: Path) -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(installed))
        yield patch


@pytest.fixture(scope="module")
def fleet(path: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FleetCopy]:
    copy = FleetCopy(tmp_path_factory.mktemp("fleet"))
    copy.edit(CLUSTER, "services:\n", "services:\n  heartbeat: {}\n")
    settings = copy.root / "fleet/fleet.yaml"
    settings.write_text(settings.read_text("utf-8").rstrip() + POLICIES, "utf-8")
    (copy.root / "fleet/services/heartbeat.yaml").write_text(OWNER, "utf-8")
    copy.sandbox("start")
    try:
        yield copy
    finally:
        copy.sandbox("stop")


@pytest.fixture(scope="module")
def applied(fleet: FleetCopy) -> Run:
    run = fleet.run("up", "cell.lab", "kafka.lab", "heartbeat.lab")
    assert run.code == 0, run.said()
    return run


def test_the_package_imports_nothing_of_the_repository_but_kafka_fleet() -> None:
    for file in (PACKAGE / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            assert not {name.partition(".")[0] for name in names} & {"components", "stacks", "sandbox", "tools"}, file


def test_reading_its_section_loads_no_sdk(installed: Path) -> None:
    code = "import sys, kafka_fleet_heartbeat.spec, kafka_fleet_heartbeat.objects; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert not {"pulumi", "pulumi_kubernetes"} & {name.partition(".")[0] for name in done.stdout.split()}


def test_it_is_part_of_a_valid_fleet(fleet: FleetCopy) -> None:
    done = fleet.command("validate")
    assert done.returncode == 0, done.stdout + done.stderr


def test_schemas_have_it(fleet: FleetCopy) -> None:
    assert fleet.command("schema").returncode == 0
    cluster = json.loads((fleet.root / "fleet/cluster.schema.json").read_text("utf-8"))
    assert "lost_after_ms" in json.dumps(cluster)
    own = json.loads((fleet.root / "fleet/heartbeat.service.schema.json").read_text("utf-8"))
    assert "lost_after_ms" in json.dumps(own)


@pytest.mark.parametrize(
    ("section", "place", "words"),
    [
        ("{interval_ms: 5}", ":27:28:", ("5", "100")),
        ("{slow_ms: 20000}", ":27:24:", ("heartbeat-slow-after-lost", "less than 10000")),
        ("{intervall_ms: 500}", ":27:15:", ("intervall_ms", "interval_ms")),
        ("{image: docker.io/x/y:latest}", ":27:22:", ("image-not-pinned",)),
    ],
)
def test_a_wrong_value_is_told_where_it_stands(
    fleet: FleetCopy, section: str, place: str, words: tuple[str, ...]
) -> None:
    file = fleet.root / CLUSTER
    before = file.read_text("utf-8")
    line = before.splitlines().index("  heartbeat: {}") + 1
    try:
        fleet.edit(CLUSTER, "heartbeat: {}", f"heartbeat: {section}")
        done = fleet.command("validate")
    finally:
        file.write_text(before, "utf-8")
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert f"{CLUSTER}{place.replace(':27:', f':{line}:')}" in said, said
    assert all(word in said for word in words), said
    assert "Traceback" not in said


def test_it_is_rendered(fleet: FleetCopy) -> None:
    done = fleet.command("render", "heartbeat.lab", "--manifests")
    assert done.returncode == 0, done.stderr
    assert "docker.io/redpandadata/kminion:v2.2.12" in done.stdout
    # From its owner's file, by the ring of the cluster.
    assert "5000ms" in done.stdout


def test_it_is_previewed_before_anything_stands(fleet: FleetCopy) -> None:
    run = fleet.run("preview", "heartbeat.lab")
    assert run.code == 0, run.said()
    assert "kubernetes:apps/v1:Deployment" in {resource["type"] for resource in run.resources("heartbeat.lab")}


def test_it_is_applied_and_left_alone(fleet: FleetCopy, applied: Run) -> None:
    kinds = {resource["type"] for resource in applied.resources("heartbeat.lab") if resource["op"] == "create"}
    assert {
        "kafkafleet:services:Heartbeat",
        "kubernetes:apps/v1:Deployment",
        "kubernetes:kafka.strimzi.io/v1:KafkaTopic",
        "kubernetes:kafka.strimzi.io/v1:KafkaUser",
    } <= kinds
    again = fleet.run("up", "heartbeat.lab")
    assert again.code == 0, again.said()
    assert again.changed() == {}


def test_its_owner_moves_a_ring_by_one_line(fleet: FleetCopy, applied: Run) -> None:
    fleet.edit("fleet/services/heartbeat.yaml", "interval_ms: 5000", "interval_ms: 6000")
    try:
        run = fleet.run("preview", "kafka.lab", "heartbeat.lab")
    finally:
        fleet.edit("fleet/services/heartbeat.yaml", "interval_ms: 6000", "interval_ms: 5000")
    assert run.code == 0, run.said()
    ((urn, operation),) = run.changed().items()
    assert operation == "update"
    assert urn.endswith("apps/v1:Deployment::lab-pods")


@pytest.mark.parametrize(
    ("package", "entry", "words"),
    [
        ("pulse", "heartbeat = pulse:ENTRY", ("heartbeat", "already")),
        ("broken", "broken = no_such_module:ENTRY", ("broken", "no_such_module")),
        ("wrong", "wrong = json:dumps", ("wrong", "no Service")),
    ],
)
def test_a_package_that_does_not_fit_is_named(
    fleet: FleetCopy, installed: Path, tmp_path: Path, package: str, entry: str, words: tuple[str, ...]
) -> None:
    other = pretend(tmp_path, package, entry)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join((str(installed), str(other))))
        done = fleet.command("validate")
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert package in said
    assert all(word in said for word in words), said
    assert "Traceback" not in said


def test_without_the_package_the_section_is_told(fleet: FleetCopy) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONPATH")
        done = fleet.command("validate")
    assert done.returncode != 0
    assert "heartbeat" in done.stdout + done.stderr
