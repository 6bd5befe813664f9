"""The example fleet on three clouds, by the stock engine, in the sandbox: applied, left alone, changed.

One sandbox for the whole file: applying all clouds takes the better part of a minute, and later tests stand on it.
Each change is previewed against the applied fleet and taken back.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.fleet_copy import FleetCopy, Run
from tools.fleet_copy import REPOSITORY

pytestmark = pytest.mark.xdist_group("fleet")

GOLDEN = Path(__file__).parent / "golden"
STACKS = [
    "cell.aws-euw1-prod",
    "cell.gcp-ew1-prod",
    "cell.azure-weu-staging",
    "kafka.logistics-prod",
    "app.web-prod.clickstream",
]


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FleetCopy]:
    copy = FleetCopy(tmp_path_factory.mktemp("fleet"), once=True)
    copy.sandbox("start")
    try:
        yield copy
    finally:
        copy.sandbox("stop")


@pytest.fixture(scope="module")
def applied(fleet: FleetCopy) -> Run:
    run = fleet.run("up")
    assert run.code == 0, run.said()
    return run


@pytest.fixture
def changed(fleet: FleetCopy, applied: Run) -> Iterator[FleetCopy]:
    yield fleet
    for path in (REPOSITORY / "fleet").rglob("*.yaml"):
        (fleet.root / path.relative_to(REPOSITORY)).write_bytes(path.read_bytes())


def test_everything_is_made_on_three_clouds(applied: Run) -> None:
    assert applied.results() == Counter(ok=34)
    made = Counter(
        r["type"].split(":")[0] for s in applied.outcomes for r in applied.resources(s) if r["op"] == "create"
    )
    assert made["aws"] > 100
    assert made["gcp"] > 70
    assert made["azure-native"] > 35
    assert made["kubernetes"] > 150


def test_a_second_run_changes_nothing(fleet: FleetCopy, applied: Run) -> None:
    again = fleet.run("up")
    assert again.code == 0, again.said()
    assert again.changed() == {}


@pytest.mark.parametrize("stack", STACKS)
def test_urns_are_the_golden_ones(applied: Run, stack: str) -> None:
    """A changed URN deletes and creates a resource. A new golden line needs an alias, or a word in the changelog."""
    urns = "".join(sorted(f"{r['urn']}\n" for r in applied.resources(stack)))
    path = GOLDEN / f"{stack}.urns"
    assert path.is_file(), f"write it after looking at it: {urns}"
    assert urns == path.read_text("utf-8")


def test_component_tokens_and_parents(applied: Run) -> None:
    for stack in applied.outcomes:
        for resource in applied.resources(stack):
            kind, urn = resource["type"], resource["urn"]
            if kind.startswith("kafkafleet:"):
                assert kind.split(":")[1] in {"cells", "clouds", "services", "apps"}
            elif kind.split(":")[0] in {"aws", "gcp", "azure-native", "kubernetes"}:
                assert "::kafkafleet:" in urn.split("$")[0], f"{urn} has no component as parent"


def test_the_engine_makes_no_default_provider_of_a_cloud(applied: Run) -> None:
    defaults = [
        r["urn"]
        for s in applied.outcomes
        for r in applied.resources(s)
        if "pulumi:providers:" in r["urn"] and "::default" in r["urn"]
    ]
    assert not [urn for urn in defaults if "pulumi:providers:pulumi::" not in urn]


def test_outputs_hold_no_secret(applied: Run) -> None:
    for outcome in applied.outcomes.values():
        text = str(outcome["outputs"]).lower()
        assert not [word for word in ("password", "private key", "client-key", "token:", "[secret]") if word in text]


HOLDS_DATA = {
    "cell.aws-euw1-prod": {
        "ec2/vpc:Vpc",
        "ec2/subnet:Subnet",
        "kms/key:Key",
        "eks/cluster:Cluster",
        "route53/zone:Zone",
    },
    "cell.gcp-ew1-prod": {
        *("compute/network:Network", "compute/subnetwork:Subnetwork", "kms/cryptoKey:CryptoKey"),
        *("container/cluster:Cluster", "dns/managedZone:ManagedZone"),
    },
    "kafka.logistics-prod": {"core/v1:Namespace", "v1:Kafka", "v1:KafkaNodePool"},
    "app.web-prod.clickstream": {"v1:KafkaTopic"},
}


def state(fleet: FleetCopy, cell: str, stack: str) -> list[dict[str, Any]]:
    path = fleet.root / ".fleet" / "state" / cell / ".pulumi" / "stacks" / "kafka-fleet" / f"{stack}.json"
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["checkpoint"]["latest"]["resources"]
    return found


@pytest.mark.parametrize("stack", sorted(HOLDS_DATA))
def test_what_holds_data_is_protected_in_production(fleet: FleetCopy, applied: Run, stack: str) -> None:
    cell = fleet_cell(applied, stack)
    resources = state(fleet, cell, stack)
    wanted = HOLDS_DATA[stack] | ({"CustomResourceDefinition"} if stack.startswith("cell.") else set())
    for kind in wanted:
        mine = [r for r in resources if r["type"].endswith(kind)]
        assert mine, f"{stack} has no {kind}"
        assert all(r.get("protect") for r in mine), f"{kind} of {stack} is not protected"


def test_nothing_is_protected_outside_of_production(fleet: FleetCopy, applied: Run) -> None:
    for stack in ("cell.azure-weu-staging", "kafka.web-staging", "app.web-staging.web-preview"):
        assert not [r["urn"] for r in state(fleet, "azure-weu-staging", stack) if r.get("protect")]


def test_no_state_holds_a_secret(fleet: FleetCopy, applied: Run) -> None:
    """Nothing secret is ever given to the engine; what it encrypts all the same are labels, as GCP's provider asks."""
    for path in (fleet.root / ".fleet" / "state").rglob("stacks/**/*.json"):
        text = path.read_text("utf-8")
        assert "PRIVATE KEY" not in text, path.name
        for resource in json.loads(text)["checkpoint"]["latest"].get("resources", []):
            sides = {**resource.get("inputs", {}), **resource.get("outputs", {})}
            encrypted = {key for key, value in sides.items() if "ciphertext" in json.dumps(value)}
            assert encrypted <= {"effectiveLabels", "pulumiLabels"}, resource["urn"]


def fleet_cell(applied: Run, stack: str) -> str:
    return str(applied.outcomes[stack]["outputs"]["cell"])


CHANGES = {
    "disk": ("fleet/clusters/web/web-prod.yaml", "size: { name: small }", "size: { name: small }\n    disk_gib: 4000"),
    "kafka version": ("fleet/services/kafka.yaml", 'version: "4.3.1"', 'version: "4.3.0"'),
    "retention": ("fleet/apps/web/storefront.yaml", "retention.ms: 86400000", "retention.ms: 172800000"),
    "cidr": ("fleet/cells/gcp-ew1-prod.yaml", "203.0.113.64/26", "203.0.113.128/26"),
    "cost centre of an app": ("fleet/apps/analytics/clickstream.yaml", "analytics-4002", "analytics-4009"),
    "cost centre of a cell": ("fleet/cells/aws-use1-dev.yaml", "platform-1003", "platform-1009"),
}


def preview(changed: FleetCopy, name: str, *stacks: str) -> dict[str, str]:
    changed.edit(*CHANGES[name])
    run = changed.run("preview", *stacks)
    assert run.code == 0, run.said()
    return {urn.rpartition("::")[2]: op for urn, op in run.changed().items()}


def test_a_larger_disk_updates_the_broker_pool_alone(changed: FleetCopy) -> None:
    assert preview(changed, "disk", "kafka.web-prod") == {"web-prod-broker-pool": "update"}


def test_a_kafka_version_updates_kafka_and_nothing_else(changed: FleetCopy) -> None:
    changes = preview(changed, "kafka version", "kafka.*")
    assert set(changes.values()) == {"update"}
    assert set(changes) == {
        f"{c}-kafka"
        for c in (
            "lab",
            "ledger-staging",
            "logistics-dev",
            "logistics-prod",
            "payments-prod",
            "web-prod",
            "web-staging",
        )
    }


def test_an_owner_moves_a_version_ring_by_ring(changed: FleetCopy) -> None:
    """One line of the owner's file a ring; the clusters' own files are not touched, and nobody else's stack changes."""
    stacks = ("connect.*", "kafka.*", "monitoring.*", "app.payments-prod.*")
    changed.edit("fleet/services/connect.yaml", "  dev:\n", '  dev:\n    version: "4.3.0"\n')
    assert moved(changed, *stacks) == {"logistics-dev-workers"}
    changed.edit("fleet/services/connect.yaml", "rings:\n", 'rings:\n  staging: { version: "4.3.0" }\n')
    assert moved(changed, *stacks) == {"logistics-dev-workers", "ledger-staging-workers"}


def moved(changed: FleetCopy, *stacks: str) -> set[str]:
    run = changed.run("preview", *stacks)
    assert run.code == 0, run.said()
    assert set(run.changed().values()) <= {"update"}
    return {urn.rpartition("::")[2] for urn in run.changed()}


def test_a_retention_updates_one_topic(changed: FleetCopy) -> None:
    assert preview(changed, "retention", "app.*") == {"storefront-topic-store.carts": "update"}


def test_a_cidr_updates_the_firewall_and_not_the_network(changed: FleetCopy) -> None:
    changes = preview(changed, "cidr", "gcp-ew1-prod")
    assert changes
    assert set(changes.values()) == {"update"}
    assert not [name for name in changes if "subnet" in name or name.rpartition("-")[2] == "network"]


def test_a_cost_centre_never_touches_a_pod(changed: FleetCopy) -> None:
    """As a label it would reach the pods and roll every broker (strimzi#5242)."""
    changes = preview(changed, "cost centre of an app", "app.web-prod.clickstream")
    assert set(changes.values()) == {"update"}
    run = changed.run("preview", "app.web-prod.clickstream")
    keys = {change["path"] for r in run.resources("app.web-prod.clickstream") for change in r["changes"]}
    assert keys == {'metadata.annotations["kafka-fleet/cost-center"]'}


def test_a_cell_s_cost_centre_replaces_nothing(changed: FleetCopy) -> None:
    changes = preview(changed, "cost centre of a cell", "cell.aws-use1-dev")
    assert changes
    assert set(changes.values()) == {"update"}


BROKEN = """
import datetime, pulumi_kubernetes.apiextensions as k8s
real = k8s.CustomResource.__init__
def wrong(self, *a, spec=None, metadata=None, **k):
    if MODE == "timestamp":
        metadata = {**metadata, "annotations": {**metadata["annotations"], "made": str(datetime.datetime.now())}}
    if MODE == "order" and "authorization" in spec:
        spec = {**spec, "authorization": {**spec["authorization"], "acls": spec["authorization"]["acls"][::-1]}}
    if MODE == "case" and "config" in spec:
        spec = {**spec, "config": {key: str(value).upper() for key, value in spec["config"].items()}}
    real(self, *a, spec=spec, metadata=metadata, **k)
k8s.CustomResource.__init__ = wrong
"""


@pytest.mark.parametrize(
    ("mode", "seen"),
    [
        ("none", set()),
        ("timestamp", {"topic-clicks.raw", "topic-clicks.By_Country", "user-collector", "user-loader"}),
        ("order", {"user-loader"}),
        ("case", {"topic-clicks.By_Country", "topic-clicks.raw"}),
    ],
)
def test_a_program_that_is_not_idempotent_is_seen(fleet: FleetCopy, applied: Run, mode: str, seen: set[str]) -> None:
    program = fleet.root / "stacks" / "__main__.py"
    text = program.read_text("utf-8")
    marker = "fleet = snapshot(ROOT)"
    assert marker in text
    program.write_text(text.replace(marker, BROKEN.replace("MODE", repr(mode)) + marker), "utf-8")
    try:
        run = fleet.run("preview", "app.web-prod.clickstream")
    finally:
        program.write_text(text, "utf-8")
    assert run.code == 0, run.said()
    assert {urn.rpartition("::clickstream-")[2] for urn in run.changed()} == seen


def test_a_resource_without_a_provider_of_its_own_fails(fleet: FleetCopy, applied: Run) -> None:
    program = fleet.root / "stacks" / "__main__.py"
    text = program.read_text("utf-8")
    stray = "\nimport pulumi_aws\npulumi_aws.s3.Bucket('stray')\n"
    program.write_text(text + stray, "utf-8")
    try:
        run = fleet.run("preview", "app.web-prod.clickstream")
    finally:
        program.write_text(text, "utf-8")
    assert run.code == 1
    assert "Default provider for 'aws' disabled" in run.said()


def test_an_unapplied_cell_is_previewed_offline_and_says_so(tmp_path: Path) -> None:
    copy = FleetCopy(tmp_path)
    copy.sandbox("start")
    try:
        run = copy.run("preview", "kafka.lab", "app.lab.experiments")
        assert run.code == 0, run.said()
        assert run.outcomes["kafka.lab"]["outputs"]["cell_applied"] is False
        refused = copy.run("up", "kafka.lab")
        assert refused.code == 1
        assert "cell.lab is not applied" in refused.outcomes["kafka.lab"]["reason"]
    finally:
        copy.sandbox("stop")


def test_destroy_refuses_production(fleet: FleetCopy) -> None:
    done = fleet.command("destroy", "kafka.payments-prod", "--yes")
    assert done.returncode == 1
    assert "production is not destroyed" in done.stderr


def test_destroy_takes_a_development_cluster_away(fleet: FleetCopy, applied: Run) -> None:
    done = fleet.run("destroy", "app.logistics-dev.routes-lab", "connect.logistics-dev", "kafka.logistics-dev")
    assert done.code == 0, done.said()
    assert set(done.changed().values()) == {"delete", "discard"}  # the engine discards what it had only read
    assert "routes-lab" not in fleet.sandbox("ls", "--output", "json")
