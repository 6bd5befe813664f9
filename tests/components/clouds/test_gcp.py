"""What a cell on GCP registers: types, names, parents, providers, protection, and that every input reaches it."""

import dataclasses
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from components.cell.ranges import ranges
from components.cell.spec import CellSpec
from components.clouds import machines
from components.clouds.contract import Access, ClusterAddress, LinkRequest, NodePool
from components.clouds.gcp import ENTRY, access, storage
from components.clouds.gcp.check import check
from components.clouds.gcp.labels import labels
from components.clouds.gcp.room import room
from components.clouds.gcp.spec import GcpSpec
from tests.components.clouds.gcp_plan import (
    ACCESS,
    EVERYTHING,
    EXISTING,
    HERE,
    IDENTITY,
    PUBLIC,
    SPEC,
    Given,
    Registered,
    build,
    plan,
    resources,
)


@pytest.fixture(scope="module")
def cell() -> dict[str, Registered]:
    return build()


KINDS = {
    "plain": Given(),
    "everything": EVERYTHING,
    "public": Given(network={**PUBLIC, "gateway": {}}),
    "existing": dataclasses.replace(EVERYTHING, network={**EVERYTHING.network, "existing": EXISTING}),
}


@pytest.fixture(scope="module", params=KINDS)
def any_cell(request: pytest.FixtureRequest) -> dict[str, Registered]:
    return build(KINDS[request.param])


def test_the_recorder_sees_a_failing_program() -> None:
    """A harness that swallows exceptions would make every test below worthless."""
    with pytest.raises(KeyError):
        build(Given(identity=dataclasses.replace(IDENTITY, tags=Broken())))


class Broken(dict):  # type: ignore[type-arg]  # only its failure matters
    def items(self) -> Any:
        raise KeyError("broken")


def test_what_a_cell_of_three_zones_consists_of(cell: dict[str, Registered]) -> None:
    assert Counter(r.type for r in resources(cell)) == {
        "gcp:compute/address:Address": 3,
        "gcp:compute/firewall:Firewall": 4,
        "gcp:compute/network:Network": 1,
        "gcp:compute/router:Router": 1,
        "gcp:compute/routerNat:RouterNat": 1,
        "gcp:compute/subnetwork:Subnetwork": 2,
        "gcp:container/cluster:Cluster": 1,
        "gcp:container/nodePool:NodePool": 6,
        "gcp:dns/dnsManagedZoneIamMember:DnsManagedZoneIamMember": 1,
        "gcp:dns/managedZone:ManagedZone": 1,
        "gcp:kms/cryptoKey:CryptoKey": 2,
        "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": 2,
        "gcp:kms/keyRing:KeyRing": 1,
        "gcp:logging/projectBucketConfig:ProjectBucketConfig": 2,
        "gcp:logging/projectExclusion:ProjectExclusion": 2,
        "gcp:logging/projectSink:ProjectSink": 2,
        "gcp:projects/iAMMember:IAMMember": 6,
        "gcp:projects/service:Service": 6,
        "gcp:projects/serviceIdentity:ServiceIdentity": 1,
        "gcp:serviceaccount/account:Account": 2,
        "gcp:serviceaccount/iAMMember:IAMMember": 1,
    }


def test_components_have_the_fleets_tokens(cell: dict[str, Registered]) -> None:
    assert {n: r.type for n, r in cell.items() if r.type.startswith("kafkafleet:")} == {
        "gcp-euw1-prod-network": "kafkafleet:clouds:Network",
        "gcp-euw1-prod-kubernetes": "kafkafleet:clouds:Kubernetes",
    }


COMPONENTS = ("gateway", "kubernetes", "network")
THEIRS = {"gcp-euw1-prod-peering-data-theirs", "gcp-euw1-prod-peering-data-dns"}
"""What is made in the other project, by the principal that its people gave us."""


def test_every_child_is_parented_and_has_the_explicit_provider(any_cell: dict[str, Registered]) -> None:
    for resource in resources(any_cell):
        assert resource.parent in {f"gcp-euw1-prod-{c}" for c in COMPONENTS}, resource.name
        there = "peering-data-" if resource.name in THEIRS else ""
        assert resource.provider == f"gcp-euw1-prod-{there}provider", resource.name


def test_every_resource_names_its_project(any_cell: dict[str, Registered]) -> None:
    for resource in resources(any_cell):
        if resource.type.startswith("gcp:kms/cryptoKey"):
            parent = resource.inputs.get("keyRing") or resource.inputs["cryptoKeyId"]
            assert parent.endswith("-id"), resource.name
        elif resource.type == "gcp:serviceaccount/iAMMember:IAMMember":
            assert resource.inputs["serviceAccountId"] == "projects/x/serviceAccounts/nodes@x", resource.name
        elif resource.type == "gcp:compute/networkPeering:NetworkPeering":
            assert "project" not in resource.inputs, "its project is the network's"
        else:
            expected = "acme-data" if resource.name in THEIRS else "acme-kafka-prod"
            assert resource.inputs["project"] == expected, resource.name


def test_the_provider_takes_nothing_from_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("GOOGLE_PROJECT", "GOOGLE_REGION", "GOOGLE_ZONE", "CLOUDSDK_COMPUTE_ZONE"):
        monkeypatch.setenv(variable, "somewhere-else")
    given = build()["gcp-euw1-prod-provider"].inputs
    assert (given["project"], given["region"], given["zone"]) == ("acme-kafka-prod", "europe-west1", "europe-west1-b")
    assert json.loads(given["defaultLabels"]) == labels(IDENTITY.tags)
    assert "somewhere-else" not in json.dumps(given)


def test_what_holds_or_carries_data_is_protected_in_production_only(cell: dict[str, Registered]) -> None:
    protected = {r.name.removeprefix("gcp-euw1-prod-") for r in resources(cell) if r.protect}
    assert protected == {
        "vpc", "nodes", "lb", "dns", "cluster", "keys", "etcd-key", "disks-key", "etcd-key-grant", "disks-key-grant",
        "nat-europe-west1-b", "nat-europe-west1-c", "nat-europe-west1-d",
    }  # fmt: skip
    assert cell["gcp-euw1-prod-cluster"].inputs["deletionProtection"] is True
    assert cell["gcp-euw1-prod-disks-key"].inputs["deletionPolicy"] == "PREVENT"
    dev = build(Given(identity=dataclasses.replace(IDENTITY, production=False)))
    assert not [r.name for r in resources(dev) if r.protect]
    assert dev["gcp-euw1-prod-cluster"].inputs["deletionProtection"] is False


def test_physical_names_are_explicit_and_legal(any_cell: dict[str, Registered]) -> None:
    limit = {"gcp:container/cluster:Cluster": 40, "gcp:container/nodePool:NodePool": 40}
    for resource in resources(any_cell):
        if "member" in resource.inputs or resource.type.startswith(("gcp:projects/", "gcp:dns/recordSet")):
            continue
        name = resource.inputs.get("name") or resource.inputs.get("accountId") or resource.inputs["bucketId"]
        assert re.fullmatch(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?", name), resource.name
        assert len(name) <= limit.get(resource.type, 63), resource.name


def test_the_longest_cell_name_fits_every_limit() -> None:
    cell = "c" + "x" * 39
    made = build(dataclasses.replace(EVERYTHING, identity=dataclasses.replace(IDENTITY, cell=cell)))
    assert all(len(r.inputs.get("name", "")) <= 63 for r in resources(made) if "recordSet" not in r.type)
    assert len(made[f"{cell}-cluster"].inputs["name"]) <= 40
    assert 6 <= len(made[f"{cell}-nodes-account"].inputs["accountId"]) <= 30
    named = Counter((r.type, r.inputs.get("network"), r.inputs["name"]) for r in resources(made) if "name" in r.inputs)
    assert not [key for key, n in named.items() if n > 1]


def test_no_logical_name_is_an_index(any_cell: dict[str, Registered]) -> None:
    assert not [name for name in any_cell if re.search(r"-\d+$", name)]


def test_subnetworks_take_the_layouts_ranges(cell: dict[str, Registered]) -> None:
    nodes, lb = cell["gcp-euw1-prod-nodes"].inputs, cell["gcp-euw1-prod-lb"].inputs
    assert (nodes["ipCidrRange"], lb["ipCidrRange"]) == ("10.68.0.0/17", "10.68.128.0/20")
    assert nodes["secondaryIpRanges"] == [
        {"rangeName": "pods", "ipCidrRange": "10.68.192.0/18"},
        {"rangeName": "services", "ipCidrRange": "10.68.160.0/20"},
    ]
    assert lb["secondaryIpRanges"] == []


def test_adding_a_zone_changes_nothing_that_exists(cell: dict[str, Registered]) -> None:
    more = build(Given(identity=dataclasses.replace(IDENTITY, zones=(*IDENTITY.zones, "europe-west1-e"))))
    assert set(cell) < set(more)
    changed = {name for name in cell if cell[name].inputs != more[name].inputs}
    assert changed == {"gcp-euw1-prod-cluster", "gcp-euw1-prod-router-nat"}
    assert more["gcp-euw1-prod-cluster"].inputs["nodeLocations"][-1] == "europe-west1-e"


def test_the_order_in_which_a_file_lists_things_changes_nothing(cell: dict[str, Registered]) -> None:
    turned = build(
        Given(
            identity=dataclasses.replace(
                IDENTITY, zones=IDENTITY.zones[::-1], tags=dict(sorted(IDENTITY.tags.items()))
            ),
            spec=SPEC.model_copy(update={"maintenance_days": ("SU", "SA")}),
        )
    )
    assert {n: r.inputs for n, r in turned.items()} == {n: r.inputs for n, r in cell.items()}


def test_firewalls_let_in_nobody_but_the_named(cell: dict[str, Registered]) -> None:
    assert "gcp-euw1-prod-allow-kafka-clients" not in cell
    cell = build(Given(network=PUBLIC))
    rules = {r.name.removeprefix("gcp-euw1-prod-"): r.inputs for r in resources(cell) if "firewall" in r.type}
    assert rules["allow-kafka-clients"]["sourceRanges"] == ["198.51.100.0/28", "203.0.113.0/24"]
    assert rules["allow-kafka-clients"]["allows"] == [{"protocol": "tcp", "ports": ["9092-9099"]}]
    assert [n for n, r in rules.items() if r["sourceRanges"] == ["0.0.0.0/0"]] == ["deny-ingress"]
    assert rules["deny-ingress"]["priority"] > max(r["priority"] for n, r in rules.items() if n != "deny-ingress")


def test_a_private_api_has_no_public_address() -> None:
    cluster = build(Given(api="private"))["gcp-euw1-prod-cluster"].inputs
    assert cluster["privateClusterConfig"]["enablePrivateEndpoint"] is True
    assert [b["cidrBlock"] for b in cluster["masterAuthorizedNetworksConfig"]["cidrBlocks"]] == ["10.68.0.0/16"]
    assert cluster["controlPlaneEndpointsConfig"]["dnsEndpointConfig"]["allowExternalTraffic"] is False


def test_a_public_api_answers_the_named_ranges(cell: dict[str, Registered]) -> None:
    cluster = cell["gcp-euw1-prod-cluster"].inputs
    assert cluster["privateClusterConfig"]["enablePrivateEndpoint"] is False
    blocks = [b["cidrBlock"] for b in cluster["masterAuthorizedNetworksConfig"]["cidrBlocks"]]
    assert blocks == ["10.68.0.0/16", "198.51.100.16/28"]


def test_single_nat_has_one_address() -> None:
    made = build(Given(network={"nat": "single"}))
    assert [r.name for r in resources(made) if "address" in r.type] == ["gcp-euw1-prod-nat"]
    assert made["gcp-euw1-prod-router-nat"].inputs["natIps"] == ["https://gcp/gcp-euw1-prod-nat"]


def test_kafka_nodes_are_tainted_and_stay_in_their_zone(cell: dict[str, Registered]) -> None:
    pool = cell["gcp-euw1-prod-kafka-europe-west1-b"].inputs
    assert pool["nodeLocations"] == ["europe-west1-b"]
    assert pool["nodeConfig"]["labels"] == {"dedicated": "kafka"}
    assert pool["nodeConfig"]["taints"] == [{"key": "dedicated", "value": "kafka", "effect": "NO_SCHEDULE"}]
    assert "taints" not in cell["gcp-euw1-prod-system-europe-west1-b"].inputs["nodeConfig"]
    assert cell["gcp-euw1-prod-kafka-europe-west1-b"].ignore == ("initialNodeCount",)


def test_node_pools_wait_for_the_grant_that_lets_disks_be_encrypted(cell: dict[str, Registered]) -> None:
    for name in ("kafka-europe-west1-b", "cluster"):
        assert "gcp-euw1-prod-disks-key-grant" in cell[f"gcp-euw1-prod-{name}"].after
    assert "gcp-euw1-prod-router-nat" in cell["gcp-euw1-prod-cluster"].after


APIS = {
    "compute": "compute",
    "container": "container",
    "dns": "dns",
    "kms": "cloudkms",
    "logging": "logging",
    "networkconnectivity": "networkconnectivity",
    "serviceaccount": "iam",
}


def test_nothing_is_made_before_its_api_is_on(any_cell: dict[str, Registered]) -> None:
    def before(name: str) -> set[str]:
        direct = set(any_cell[name].after) & set(any_cell)
        return direct.union(*(before(other) for other in direct))

    for resource in resources(any_cell):
        api = APIS.get(resource.type.split(":")[1].split("/")[0])
        assert api is None or f"gcp-euw1-prod-api-{api}" in before(resource.name), resource.name


def test_principals_reach_this_cluster_and_no_other(cell: dict[str, Registered]) -> None:
    full = "projects/acme-kafka-prod/locations/europe-west1/clusters/kf-gcp-euw1-prod"
    assert set(ACCESS.given) == {"platform", "services", "apps", "preview"}
    for kind, principal in ACCESS.given.items():
        grant = cell[f"gcp-euw1-prod-{kind}-role"].inputs
        assert grant["role"] == f"roles/container.{'admin' if kind == 'platform' else 'clusterViewer'}"
        assert grant["member"] == f"serviceAccount:{principal}"
        assert grant["condition"]["expression"] == f'resource.name == "{full}"'


def test_external_dns_writes_to_the_cells_own_zones_and_no_other() -> None:
    built = plan(Given(network=PUBLIC))
    made = built.resources
    grants = {r.inputs["managedZone"]: r.inputs["role"] for r in resources(made) if "dnsManagedZoneIam" in r.type}
    assert grants == {"gcp-euw1-prod-dns-id": "roles/dns.admin", "gcp-euw1-prod-public-dns-id": "roles/dns.admin"}
    broad = [r.inputs["role"] for r in resources(made) if r.type == "gcp:projects/iAMMember:IAMMember"]
    assert [role for role in broad if "dns" in role] == ["roles/dns.reader"]
    user = made["gcp-euw1-prod-dns-account-user"].inputs
    assert user["member"] == "serviceAccount:acme-kafka-prod.svc.id.goog[external-dns/external-dns]"
    assert "gcp-euw1-prod-cluster" in made["gcp-euw1-prod-dns-account-user"].after
    assert built.told["dns_writer"] == {
        "provider": {"name": "google"},
        "extraArgs": ["--google-project=acme-kafka-prod"],
        "serviceAccount": {
            "create": True,
            "name": "external-dns",
            "annotations": {"iam.gke.io/gcp-service-account": "nodes@x.iam.gserviceaccount.com"},
        },
    }


FIELDS: dict[str, Any] = {
    "block": "10.72.0.0/16",
    "network.reachability": "public",
    "network.peerings": {"data": {"network": "projects/acme-data/global/networks/data", "cidrs": ["10.200.0.0/16"]}},
    "network.hub": {"id": "projects/acme-net/locations/global/hubs/core", "cidrs": ["10.0.0.0/9"]},
    "network.egress": {"allowed_cidrs": ["192.0.2.0/24"]},
    "network.flow_logs_retention_days": 365,
    "network.nat": "single",
    "dns_zone": "other.kafka.internal",
    "links": {"data": LinkRequest("projects/a/regions/europe-west1/serviceAttachments/s", "kafka.data.example")},
    "version": "1.35",
    "api": "private",
    "api_allowed_cidrs": ("192.0.2.0/24",),
    "kafka_nodes": NodePool("n4-highmem-8", 1, 3),
    "system_nodes": NodePool("n4-standard-4", 2, 3),
    "access": Access("p2@x", "s@x", "a@x"),
    "log_retention_days": 365,
    "spec.project_number": "104729104730",
    "spec.release_channel": "STABLE",
    "spec.maintenance_days": ("MO", "TU"),
    "spec.maintenance_start_hour_utc": 5,
    "spec.dns_endpoint": True,
    "identity.account": "acme-kafka-other",
    "identity.region": "europe-west4",
    "identity.tags": {"owner": "someone-else"},
}


@pytest.mark.parametrize("path", sorted(FIELDS))
def test_every_field_reaches_the_plan(path: str, cell: dict[str, Registered]) -> None:
    first, _, rest = path.partition(".")
    value = FIELDS[path]
    if first == "spec":
        value = SPEC.model_copy(update={rest: value})
    elif first == "network":
        value = {rest: value}
    elif first == "identity":
        value = dataclasses.replace(IDENTITY, **{rest: value})
    changed = build(dataclasses.replace(Given(), **{first: value}))
    assert {n: r.inputs for n, r in changed.items()} != {n: r.inputs for n, r in cell.items()}


def test_no_field_is_missing_from_the_test_above() -> None:
    tested = {path.removeprefix("spec.") for path in FIELDS if path.startswith("spec.")}
    assert tested == set(GcpSpec.model_fields)


def test_the_spec_is_closed_and_described() -> None:
    assert all(f.description for f in GcpSpec.model_fields.values())
    with pytest.raises(ValidationError, match="Extra inputs"):
        GcpSpec.model_validate({"project_number": "104729104729", "release_chanel": "STABLE"})
    with pytest.raises(ValidationError, match="at least 2"):
        GcpSpec.model_validate({"project_number": "104729104729", "maintenance_days": ["SA"]})


@pytest.mark.parametrize(
    ("given", "label"), [("CC-1001", "cc-1001"), ("Größe & Co", "gr--e---co"), ("x" * 80, "x" * 63)]
)
def test_tags_become_legal_labels(given: str, label: str) -> None:
    assert labels({"cost-center": given}) == {"cost-center": label}


def test_storage_classes_are_what_sizing_believes() -> None:
    volumes = machines.volumes("gcp")
    assert [c.name for c in storage.storage_classes("key")] == sorted(volumes)
    for made in storage.storage_classes("key"):
        assert made.parameters["provisioned-iops-on-create"] == str(volumes[made.name].iops)
        assert made.parameters["provisioned-throughput-on-create"] == f"{volumes[made.name].throughput_mb_per_s}Mi"
        assert made.parameters["disk-encryption-kms-key"] == "key"
        # Google's own bounds: at most 500 IOPS a GiB, at most a quarter MiB/s an IOPS.
        assert volumes[made.name].iops <= 500 * volumes[made.name].least_gib
        assert volumes[made.name].throughput_mb_per_s <= volumes[made.name].iops / 4


def test_machines_leave_something_to_pods() -> None:
    for machine in machines.machines("gcp").values():
        assert 0 < machine.allocatable_cpu < machine.vcpu
        assert 0 < machine.allocatable_memory_gib < machine.memory_gib


def test_a_kubeconfig_holds_no_secret() -> None:
    address = ClusterAddress("gcp", "acme", "europe-west1", "kf-x", "id", "https://10.0.0.2", "Q0E=")
    assert access.exec_credential(address)["command"] == "gke-gcloud-auth-plugin"
    assert access.subject("apps@acme.iam.gserviceaccount.com", "kafka-fleet:apps") == {
        "apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "apps@acme.iam.gserviceaccount.com",
    }  # fmt: skip


EXAMPLES = sorted((HERE / "examples").glob("*.yaml"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_cells_that_gcp_takes(example: Path) -> None:
    spec = CellSpec.model_validate(yaml.safe_load(example.read_text("utf-8")))
    assert re.fullmatch(ENTRY.account_pattern, spec.account)
    assert re.fullmatch(ENTRY.region_pattern, spec.region)
    principals = spec.kubernetes.access.model_dump(exclude_none=True).values()
    assert all(re.fullmatch(ENTRY.principal_pattern, one) for one in principals)
    pools = (spec.kubernetes.kafka_nodes, spec.kubernetes.system_nodes)
    assert all(pool.machine in machines.machines("gcp") for pool in pools)
    assert list(check(spec)) == []
    cut = ranges(spec.network, spec.zones, ENTRY.zone_pattern)
    assert [each for each in room(spec, cut) if each.needed > each.available] == []


def test_the_full_example_says_everything_that_only_gcp_knows() -> None:
    given = CellSpec.model_validate(yaml.safe_load((HERE / "examples/full.yaml").read_text("utf-8"))).section()
    assert given.model_fields_set == set(GcpSpec.model_fields)


def test_the_examples_name_others_as_gcp_does() -> None:
    named: dict[str, list[str]] = {
        kind: [] for kind in ("network", "hub", "service", "subnet", "dns_zone", "connection")
    }
    for example in EXAMPLES:
        net = CellSpec.model_validate(yaml.safe_load(example.read_text("utf-8"))).network
        named["network"] += [peering.network for peering in net.peerings.values()]
        named["hub"] += [net.hub.id] if net.hub and net.hub.id else []
        named["service"] += [link.service for link in net.links.values()]
        named["connection"] += net.privatelink.accepted if net.privatelink else []
        if net.existing:
            named["network"].append(net.existing.network)
            named["subnet"] += [zone.nodes.id for zone in net.existing.zones.values()]
            named["dns_zone"] += [net.existing.private_dns_zone] if net.existing.private_dns_zone else []
    for kind, values in named.items():
        assert values, f"no example has a {kind}"
        assert all(re.fullmatch(ENTRY.references[kind], value) for value in values), kind


def test_reading_a_file_loads_no_sdk() -> None:
    code = (
        "import sys, components.clouds.gcp.spec, components.clouds.gcp.access, components.clouds.gcp.storage\n"
        "print([m for m in sys.modules if m.split('.')[0].startswith('pulumi')])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
