"""GCP's laws, each seen to pass what a real cell sends, and to refuse the same with one thing wrong."""

import copy
import dataclasses
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from pulumi.runtime import mocks

from sandbox.api.coverage import coverage
from sandbox.clouds.gcp import MODEL, connections, tokens
from sandbox.clouds.gcp.quotas import QUOTAS
from sandbox.clouds.gcp.versions import CHANNELS
from sandbox.contract import UNKNOWN, Record, Refusal, Request, Scope
from sandbox.judge import Judge
from sandbox.wire import Plain
from tests.components.clouds.gcp_plan import EVERYTHING, EXISTING, PUBLIC, Given, build
from tests.sandbox import bootstrap_types
from tests.sandbox.gcp_world import LINK

SCOPE = Scope("gcp", "acme-kafka-prod", "europe-west1")
CELL = "gcp-euw1-prod"


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from strings(item)


def whole(value: Any) -> Any:
    """The wire has one kind of number; the sandbox reads 3.0 as 3, and so must this."""
    if isinstance(value, dict):
        return {key: whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


class World:
    """The contract's World over a list."""

    def __init__(self, records: Sequence[Record] = ()) -> None:
        self.records = list(records)
        self.numbers: dict[str, int] = {}

    def find(self, type: str, id: str, scope: Scope | None = None) -> Record | None:
        found = [r for r in self.all(type, scope) if r.id == id]
        return found[0] if found else None

    def all(self, type: str, scope: Scope | None = None) -> Sequence[Record]:
        return [r for r in self.records if r.type == type and (scope is None or r.scope.account == scope.account)]

    def by_output(self, name: str, value: Any, type: str = "") -> Sequence[Record]:
        return [r for r in self.records if r.outputs.get(name) == value and type in ("", r.type)]

    def mentions(self, value: str) -> Sequence[Record]:
        return [r for r in self.records if value in strings(r.inputs)]

    def sequence(self, name: str) -> int:
        self.numbers[name] = self.numbers.get(name, 0) + 1
        return self.numbers[name]


class Sandbox(mocks.Mocks):
    """Answers a program as the sandbox would, and keeps what was made and what was refused."""

    def __init__(self) -> None:
        self.world = World()
        self.judge = Judge(MODEL)
        self.names: dict[str, Record] = {}
        self.scopes: dict[str, Scope] = {}
        self.refused: list[tuple[str, Refusal]] = []

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise AssertionError(f"a cell must not ask the cloud while it is planned: {args.token}")

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        if args.typ == "pulumi:providers:gcp":
            self.refused += [(args.name, one) for one in MODEL.check_config(args.inputs)]
            self.scopes[args.name] = MODEL.scope(args.inputs)
        if not args.typ.startswith("gcp:"):
            return args.name, args.inputs
        scope = self.scopes[str(args.provider).rsplit("::", 2)[1]]
        judged = self.judge.static(args.typ, args.name.encode(), Plain(whole(args.inputs)))
        self.refused += [(args.name, one) for one in judged.refusals]
        request = Request("create", f"urn::{args.name}", args.typ, scope, judged.inputs)
        self.refused += [(args.name, one) for one in laws(request, self.world)]
        record = make(request, self.world)
        self.names[args.name.removeprefix(f"{CELL}-")] = record
        return record.id, dict(record.outputs)


def make(request: Request, world: World) -> Record:
    model = MODEL.types[request.type]
    id_ = model.identify(request, world)
    record = Record(request.urn, request.type, id_, request.scope, request.inputs, model.outputs(request, world, id_))
    world.records.append(record)
    return record


def laws(request: Request, world: World) -> list[Refusal]:
    return [one for law in MODEL.types[request.type].laws for one in law(request, world)]


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    answers = Sandbox()
    build(Given(network=PUBLIC), answers)
    return answers


def named(given: Given, principal: str) -> Given:
    """The same cell with another principal for the other project: Google's accounts have names of six letters."""
    peerings = given.network["peerings"]
    data = {**peerings["data"], "principal": principal}
    return dataclasses.replace(given, network={**given.network, "peerings": {**peerings, "data": data}})


WHOLE = named(EVERYTHING, "fleet-platform@acme-data.iam.gserviceaccount.com")


def company(answers: Sandbox) -> Sandbox:
    """What `EVERYTHING` leads to and others have made: a network to peer with, and an attachment that GKE made."""
    for service in ("compute", "dns"):
        other(answers, "acme-data", tokens.API, f"acme-data/{service}.googleapis.com")
    data = "projects/acme-data/global/networks/data"
    other(answers, "acme-data", tokens.NETWORK, data, name="data")
    cut = {"name": "data", "network": data, "ipCidrRange": "10.200.0.0/16", "region": "europe-west1"}
    other(answers, "acme-data", tokens.SUBNETWORK, "projects/acme-data/regions/europe-west1/subnetworks/data", **cut)
    cluster = "projects/acme-orders/locations/europe-west1/clusters/orders"
    other(answers, "acme-orders", tokens.CLUSTER, cluster, location="europe-west1")
    told = f"{LINK}projects/acme-orders/regions/europe-west1/serviceAttachments/k8s1-sa-orders"
    consumers = [{"project": "acme-kafka-prod", "connectionLimit": 10}]
    spec = {"connectionPreference": "ACCEPT_MANUAL", "consumerAllowList": consumers, "natSubnets": ["nat"]}
    nat = {"name": "nat", "network": "orders", "ipCidrRange": "10.9.0.0/24", "purpose": "PRIVATE_SERVICE_CONNECT"}
    other(answers, "acme-orders", tokens.SUBNETWORK, "projects/acme-orders/regions/europe-west1/subnetworks/nat", **nat)
    inputs = {"metadata": {"name": "orders", "namespace": "kafka-gateway"}, "spec": spec}
    outputs = {**inputs, "status": {"serviceAttachmentURL": told}}
    scope = Scope("kubernetes", cluster, "34.0.0.1")
    made = Record("urn::sa", connections.KUBERNETES, "kafka-gateway/orders", scope, inputs, outputs)
    answers.world.records.append(made)
    return answers


def other(answers: Sandbox, project: str, token: str, id_: str, **inputs: Any) -> None:
    scope = Scope("gcp", project, "europe-west1")
    answers.world.records.append(Record(f"urn::{id_}", token, id_, scope, inputs, {**inputs, "selfLink": LINK + id_}))


def shared(answers: Sandbox) -> Sandbox:
    """The network of `EXISTING`, as the company has made it."""
    project = "acme-kafka-prod"
    other(answers, project, tokens.NETWORK, EXISTING["network"], name="shared")
    for name, text, more in (
        ("shared-nodes", "10.140.0.0/20", {"shared-pods": "10.141.0.0/16", "shared-services": "10.142.0.0/20"}),
        ("shared-lb", "10.140.16.0/24", {}),
    ):
        secondary = [{"rangeName": key, "ipCidrRange": value} for key, value in more.items()]
        inputs = {"name": name, "network": EXISTING["network"], "ipCidrRange": text, "region": "europe-west1"}
        inputs |= {"purpose": "PRIVATE", "secondaryIpRanges": secondary}
        other(
            answers, project, tokens.SUBNETWORK, f"projects/{project}/regions/europe-west1/subnetworks/{name}", **inputs
        )
    return answers


@pytest.fixture(scope="module")
def everything() -> Sandbox:
    answers = company(Sandbox())
    build(WHOLE, answers)
    return answers


@pytest.fixture(params=["sandbox", "everything"])
def any_cell(request: pytest.FixtureRequest) -> Sandbox:
    """A public cell, and one that is joined in every way."""
    found: Sandbox = request.getfixturevalue(request.param)
    return found


def test_a_real_cell_is_taken_by_every_judge(sandbox: Sandbox, everything: Sandbox) -> None:
    assert sandbox.refused == []
    assert everything.refused == []
    made = {r.type for answers in (sandbox, everything) for r in answers.world.records}
    # A cell's own attachment is an object of its Kubernetes: GKE makes it.
    assert made - {connections.KUBERNETES} == set(MODEL.types) - {tokens.SERVICE_ATTACHMENT} - bootstrap_types.GCP


def test_a_cell_is_joined_as_it_says(everything: Sandbox) -> None:
    peering = everything.names["peering-data-theirs"]
    assert (peering.scope.account, peering.outputs["state"]) == ("acme-data", "ACTIVE")
    assert everything.names["peering-apps"].outputs["state"] == "INACTIVE"
    assert everything.names["hub-spoke"].outputs["state"] == "ACTIVE"
    assert everything.names["link-orders-endpoint"].outputs["pscConnectionStatus"] == "ACCEPTED"


@pytest.mark.parametrize(
    "given",
    [
        Given(api="private", network={"nat": "single"}),
        Given(version="1.33"),
        dataclasses.replace(WHOLE, network={**WHOLE.network, "existing": EXISTING}),
        Given(network={**PUBLIC, "gateway": {}}),
    ],
)
def test_other_cells_are_taken_too(given: Given) -> None:
    answers = shared(company(Sandbox()))
    build(given, answers)
    assert answers.refused == []


def changed(inputs: Any, path: str, value: Any) -> dict[str, Any]:
    """A copy of `inputs` with another value at a dotted path; numbers are list indexes, `None` removes."""
    result: dict[str, Any] = copy.deepcopy(dict(inputs))
    *above, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place: Any = result
    for part in above:
        place = place[part]
    if value is None:
        del place[last]
    elif isinstance(place, list) and last == len(place):
        place.append(value)
    else:
        place[last] = value
    return result


def without(sandbox: Sandbox, *names: str) -> World:
    gone = {(sandbox.names[name].type, sandbox.names[name].id) for name in names}
    return World([r for r in sandbox.world.records if (r.type, r.id) not in gone])


def asked(sandbox: Sandbox, name: str, path: str = "", value: Any = None) -> list[Refusal]:
    """What the laws say when `name` is created, with one thing changed."""
    record = sandbox.names[name]
    inputs = changed(record.inputs, path, value) if path else record.inputs
    return laws(Request("create", record.urn, record.type, SCOPE, inputs), without(sandbox, name))


LONG = "x" * 64
OTHER = "projects/acme-kafka-prod/"
KEY = OTHER + "locations/europe-west1/keyRings/kf-gcp-euw1-prod/cryptoKeys/"
POOL = "kafka-europe-west1-b"
WINDOW = "maintenancePolicy.recurringWindow"

RED: list[tuple[str, str, Any, str, str]] = [
    # networks
    ("vpc", "name", "Prod", "invalid", "must be a match of regex"),
    ("vpc", "name", None, "required", "would make one up"),
    ("vpc", "name", LONG, "invalid", "must be a match of regex"),
    ("vpc", "project", "acme-other", "forbidden", "the provider works for 'acme-kafka-prod'"),
    ("vpc", "autoCreateSubnetworks", True, "not-modelled", "auto-mode networks"),
    # subnetworks
    ("nodes", "ipCidrRange", "10.68.0.1/17", "invalid", "without host bits"),
    ("nodes", "ipCidrRange", "10.68.0.0/30", "invalid", "between /8 and /29"),
    ("nodes", "ipCidrRange", "169.254.0.0/17", "invalid", "prohibited range 169.254.0.0/16"),
    ("nodes", "ipCidrRange", "10.68.128.0/24", "invalid", "conflicts with existing subnetwork 'kf-gcp-euw1-prod-lb'"),
    ("nodes", "secondaryIpRanges.0.ipCidrRange", "10.68.0.0/20", "invalid", "of the same subnetwork"),
    ("nodes", "secondaryIpRanges.1.ipCidrRange", "10.68.143.0/24", "invalid", "conflicts with existing subnetwork"),
    ("lb", "ipCidrRange", "10.68.144.0/24", "invalid", "the control plane of 'kf-gcp-euw1-prod'"),
    ("nodes", "secondaryIpRanges.1.rangeName", "services", "invalid", "duplicate secondary range name 'services'"),
    ("nodes", "secondaryIpRanges.1.rangeName", "Services", "invalid", "must be a match of regex"),
    ("nodes", "logConfig.flowSampling", 1.5, "invalid", "between 0.0 and 1.0"),
    ("nodes", "region", "europe", "invalid", "is not a region"),
    ("nodes", "network", OTHER + "global/networks/nope", "notFound", "global/networks/nope' was not found"),
    # addresses
    ("nat-europe-west1-b", "labels.Owner", "x", "invalid", "label key 'Owner'"),
    ("nat-europe-west1-b", "labels.owner", "Platform", "invalid", "label value 'Platform'"),
    ("nat-europe-west1-b", "subnetwork", "x", "invalid", "cannot name a subnetwork"),
    ("nat-europe-west1-b", "region", "eu", "invalid", "is not a region"),
    # routers
    ("router", "network", OTHER + "global/networks/nope", "notFound", "was not found"),
    ("router-nat", "router", "nope", "notFound", "routers/nope' was not found"),
    ("router-nat", "natIps.0", OTHER + "regions/europe-west1/addresses/nope", "notFound", "addresses/nope'"),
    ("router-nat", "natIps.0", OTHER + "regions/europe-west4/addresses/a", "invalid", "is in region 'europe-west4'"),
    ("router-nat", "natIps", [], "invalid", "must be given with natIpAllocateOption MANUAL_ONLY"),
    ("router-nat", "natIpAllocateOption", "AUTO_ONLY", "invalid", "cannot be given with natIpAllocateOption AUTO_ONLY"),
    ("router-nat", "subnetworks", [], "invalid", "LIST_OF_SUBNETWORKS needs subnetworks"),
    ("router-nat", "sourceSubnetworkIpRangesToNat", "ALL_SUBNETWORKS_ALL_IP_RANGES", "invalid", "excludes subnetworks"),
    ("router-nat", "subnetworks.0.name", OTHER + "regions/europe-west1/subnetworks/nope", "notFound", "nope'"),
    ("router-nat", "minPortsPerVm", 100, "invalid", "power of two"),
    ("router-nat", "maxPortsPerVm", 32, "invalid", "must be greater than minPortsPerVm 64"),
    ("router-nat", "enableEndpointIndependentMapping", True, "invalid", "exclude each other"),
    ("router-nat", "enableDynamicPortAllocation", False, "invalid", "maxPortsPerVm needs enableDynamicPortAllocation"),
    # firewalls
    ("allow-internal", "priority", 70000, "invalid", "between 0 and 65535"),
    ("allow-internal", "sourceRanges.0", "10.68.0.1/16", "invalid", "without host bits"),
    ("allow-internal", "sourceRanges", [], "invalid", "INGRESS rule needs"),
    ("allow-internal", "direction", "EGRESS", "invalid", "EGRESS rule cannot have 'sourceRanges'"),
    ("allow-internal", "denies", [{"protocol": "all"}], "invalid", "exactly one of"),
    ("allow-internal", "sourceServiceAccounts", ["a@b.c"], "invalid", "cannot be combined with 'targetTags'"),
    ("allow-internal", "targetTags.0", "Node", "invalid", "must be a match of regex"),
    ("allow-kafka-clients", "allows.0.protocol", "kafka", "invalid", "protocol 'kafka' is unknown"),
    ("allow-kafka-clients", "allows.0.protocol", "icmp", "invalid", "protocol 'icmp' has no ports"),
    ("allow-kafka-clients", "allows.0.ports.0", "9099-9092", "invalid", "must be a port or a range"),
    ("allow-kafka-clients", "network", OTHER + "global/networks/nope", "notFound", "was not found"),
    # DNS
    ("dns", "dnsName", "kafka.internal", "invalid", "must end with a dot"),
    ("dns", "dnsName", "kafka_x.internal.", "invalid", "invalid value for 'entity.managedZone.dnsName'"),
    ("dns", "visibility", "public", "invalid", "needs visibility 'private'"),
    ("dns", "privateVisibilityConfig.networks.0.networkUrl", "nope", "notFound", "networks/nope' was not found"),
    # KMS
    ("keys", "location", "mars", "invalid", "is not a location of Cloud KMS"),
    ("keys", "name", "a b", "invalid", "must be a match of regex"),
    ("disks-key", "rotationPeriod", "90d", "invalid", "must be seconds"),
    ("disks-key", "rotationPeriod", "3600s", "invalid", "at least 86400s"),
    ("disks-key", "deletionPolicy", "KEEP", "invalid", "must be one of DELETE, PREVENT, ABANDON"),
    ("disks-key", "purpose", "ASYMMETRIC_SIGN", "invalid", "only a key of purpose ENCRYPT_DECRYPT"),
    ("disks-key", "keyRing", "kf", "invalid", "must be of the form projects/"),
    ("disks-key", "keyRing", "projects/acme-other/locations/europe-west1/keyRings/k", "forbidden", "permission denied"),
    ("disks-key", "keyRing", OTHER + "locations/europe-west1/keyRings/nope", "notFound", "was not found"),
    # IAM
    ("nodes-account", "accountId", "x", "invalid", "6 to 30"),
    ("nodes-role", "member", "nodes@x", "INVALID_ARGUMENT", "must be like serviceAccount:"),
    ("nodes-role", "role", "container.admin", "INVALID_ARGUMENT", "must be roles/<role>"),
    ("nodes-role", "role", "roles/container.amdin", "INVALID_ARGUMENT", "is not known"),
    ("disks-key-grant", "role", "roles/container.admin", "INVALID_ARGUMENT", "is not supported for this resource"),
    ("disks-key-grant", "cryptoKeyId", KEY + "nope", "notFound", "was not found"),
    ("disks-key-grant", "member", "serviceAccount:service-1@compute-systm.iam.gserviceaccount.com",
     "INVALID_ARGUMENT", "does not exist"),
    ("disks-key-grant", "member", "serviceAccount:service-999999@compute-system.iam.gserviceaccount.com",
     "INVALID_ARGUMENT", "other grants in it name 104729104729"),
    ("apps-role", "condition.title", "x" * 101, "INVALID_ARGUMENT", "1 to 100"),
    ("apps-role", "condition.expression", 'resource.name == "x', "INVALID_ARGUMENT", "does not parse"),
    ("apps-role", "role", "roles/viewer", "INVALID_ARGUMENT", "conditions are not allowed"),
    # APIs
    ("api-compute", "service", "compue.googleapis.com", "SERVICE_CONFIG_NOT_FOUND_OR_PERMISSION_DENIED", "not found"),
    ("apps-role", "condition.expression", 'resource.nam == "x"', "INVALID_ARGUMENT", "'resource.nam' is not known"),
    # logging
    ("flow-logs-bucket", "location", "europe", "invalid", "is not a location of Cloud Logging"),
    ("flow-logs-sink", "filter", 'resource.typo="x"', "INVALID_ARGUMENT", "'resource.typo' is not known"),
    ("flow-logs-bucket", "retentionDays", 4000, "invalid", "between 1 and 3650"),
    ("flow-logs-bucket", "bucketId", "a/b", "invalid", "must be a match of regex"),
    ("flow-logs-sink", "filter", 'log_id("x', "INVALID_ARGUMENT", "does not parse"),
    ("flow-logs-sink", "destination", "kafka://x", "INVALID_ARGUMENT", "unsupported sink destination"),
    ("flow-logs-sink", "destination", "logging.googleapis.com/" + OTHER + "locations/x/buckets/nope",
     "NOT_FOUND", "does not exist"),
    ("flow-logs-exclusion", "filter", " ", "INVALID_ARGUMENT", "does not parse"),
    # clusters
    ("cluster", "name", "x" * 41, "invalid", "1 to 40"),
    ("cluster", "location", "europe-west1-b", "INVALID_ARGUMENT", "is not a region"),
    ("cluster", "nodeLocations.0", "europe-west4-a", "INVALID_ARGUMENT", "is not in region 'europe-west1'"),
    ("cluster", "minMasterVersion", "1.20", "INVALID_ARGUMENT", "is unsupported in channel REGULAR"),
    ("cluster", "minMasterVersion", "newest", "INVALID_ARGUMENT", "is unsupported"),
    ("cluster", "privateClusterConfig.masterIpv4CidrBlock", "10.68.144.0/24", "INVALID_ARGUMENT", "must be a /28"),
    ("cluster", "privateClusterConfig.masterIpv4CidrBlock", "8.8.8.0/28", "INVALID_ARGUMENT", "a private range"),
    ("cluster", "privateClusterConfig.masterIpv4CidrBlock", "10.68.1.0/28", "INVALID_ARGUMENT", "overlaps 10.68.0"),
    ("cluster", "privateClusterConfig", {"enablePrivateEndpoint": True}, "INVALID_ARGUMENT", "enablePrivateNodes"),
    ("cluster", "ipAllocationPolicy.clusterSecondaryRangeName", "pod", "INVALID_ARGUMENT", "it has: pods, services"),
    ("cluster", "ipAllocationPolicy.servicesSecondaryRangeName", "pods", "INVALID_ARGUMENT", "cannot share"),
    ("cluster", "network", OTHER + "global/networks/nope", "INVALID_ARGUMENT", "does not belong to network"),
    ("cluster", "subnetwork", OTHER + "regions/europe-west1/subnetworks/nope", "notFound", "was not found"),
    ("cluster", "masterAuthorizedNetworksConfig.cidrBlocks.0.cidrBlock", "10.1.1.1/8", "INVALID_ARGUMENT", "not an"),
    ("cluster", "masterAuthorizedNetworksConfig.cidrBlocks.0.cidrBlock", "0.0.0.0/0", "open-to-everyone", "everyone"),
    ("cluster", "networkPolicy", {"enabled": True}, "INVALID_ARGUMENT", "with ADVANCED_DATAPATH"),
    ("cluster", "workloadIdentityConfig.workloadPool", "x.svc.id.goog", "INVALID_ARGUMENT", "must be 'acme-kafka-prod"),
    ("cluster", "networkingMode", "VPC", "invalid", "must be VPC_NATIVE or ROUTES"),
    ("cluster", "initialNodeCount", 1001, "INVALID_ARGUMENT", "takes 0 to 1000 nodes"),
    (POOL, "initialNodeCount", -1, "INVALID_ARGUMENT", "takes 0 to 1000 nodes"),
    ("router-nat", "icmpIdleTimeoutSec", -1, "invalid", "must not be negative"),
    ("cluster", "initialNodeCount", None, "INVALID_ARGUMENT", "initialNodeCount of at least 1"),
    ("cluster", "defaultMaxPodsPerNode", 5, "INVALID_ARGUMENT", "between 8 and 256"),
    ("cluster", "databaseEncryption.keyName", None, "INVALID_ARGUMENT", "needs a keyName"),
    ("cluster", "databaseEncryption.keyName", KEY.replace("west1", "west4") + "etcd", "INVALID_ARGUMENT", "region"),
    ("cluster", "databaseEncryption.keyName", KEY + "disks", "PERMISSION_DENIED", "container-engine-robot"),
    ("cluster", "nodeConfig.bootDiskKmsKey", KEY + "etcd", "PERMISSION_DENIED", "compute-system"),
    ("cluster", WINDOW + ".recurrence", "FREQ=WEEKLY;BYDAY=SA", "INVALID_ARGUMENT", "less than 48 h in 32 days"),
    ("cluster", WINDOW + ".recurrence", "weekly", "INVALID_ARGUMENT", "must be FREQ=DAILY"),
    ("cluster", WINDOW + ".endTime", "tomorrow", "INVALID_ARGUMENT", "are not times"),
    ("cluster", WINDOW + ".endTime", "2026-01-01T03:00:00Z", "INVALID_ARGUMENT", "shorter than 4 h"),
    ("cluster", "maintenancePolicy.maintenanceExclusions.0.exclusionOptions.scope", "X", "INVALID_ARGUMENT", "one of"),
    ("cluster", "maintenancePolicy.maintenanceExclusions.0.exclusionOptions.endTimeBehavior", None,
     "INVALID_ARGUMENT", "needs an endTime"),
    ("cluster", "maintenancePolicy.maintenanceExclusions.1",
     {"exclusionName": "minor-versions-by-review", "endTime": "2027-01-01T00:00:00Z"}, "INVALID_ARGUMENT", "called"),
    ("cluster", "resourceLabels.owner", "A", "invalid", "label value 'A'"),
    # node pools
    (POOL, "name", "x" * 41, "invalid", "1 to 40"),
    (POOL, "nodeConfig.machineType", "n4-standard-5", "INVALID_ARGUMENT", "does not exist (families known: e2"),
    (POOL, "nodeConfig.diskType", "pd-balanced", "INVALID_ARGUMENT", "cannot be used by machine type 'n4-standard-4'"),
    (POOL, "nodeConfig.diskType", "floppy", "INVALID_ARGUMENT", "disk type 'floppy' does not exist"),
    (POOL, "nodeConfig.diskSizeGb", 5, "INVALID_ARGUMENT", "between 10 and 65536"),
    (POOL, "autoscaling.minNodeCount", 9, "INVALID_ARGUMENT", "between 0 and maxNodeCount 3"),
    (POOL, "autoscaling.maxNodeCount", 1001, "INVALID_ARGUMENT", "takes 1000 nodes"),
    (POOL, "autoscaling.maxNodeCount", 900, "IP_SPACE_EXHAUSTED", "range 10.68.192.0/18 has 16384"),
    (POOL, "autoscaling.totalMaxNodeCount", 9, "INVALID_ARGUMENT", "exclude each other"),
    (POOL, "upgradeSettings.maxSurge", 0, "INVALID_ARGUMENT", "sum up to 1 to 20"),
    (POOL, "maxPodsPerNode", 500, "INVALID_ARGUMENT", "between 8 and 256"),
    (POOL, "nodeConfig.kubeletConfig.insecureKubeletReadonlyPortEnabled", "no", "invalid", "must be TRUE or FALSE"),
    (POOL, "nodeConfig.taints.0.key", "a key", "INVALID_ARGUMENT", "is not a label key"),
    (POOL, "nodeConfig.oauthScopes.0", "cloud-platform", "INVALID_ARGUMENT", "must be https://"),
    (POOL, "nodeConfig.imageType", "COS", "INVALID_ARGUMENT", "must be one of COS_CONTAINERD"),
    (POOL, "nodeConfig.serviceAccount", "me@x", "INVALID_ARGUMENT", "is not an address of one"),
    (POOL, "nodeConfig.tags.0", "Node", "invalid", "must be a match of regex"),
    (POOL, "nodeLocations.0", "europe-west4-a", "INVALID_ARGUMENT", "is not in region 'europe-west1'"),
    (POOL, "location", "europe-west4", "INVALID_ARGUMENT", "the pool says 'europe-west4'"),
    (POOL, "cluster", OTHER + "locations/europe-west1/clusters/nope", "notFound", "clusters/nope' was not found"),
    (POOL, "nodeConfig.serviceAccount", "x@acme-kafka-prod.iam.gserviceaccount.com", "INVALID_ARGUMENT", "not exist"),
    (POOL, "nodeConfig.bootDiskKmsKey", KEY + "nope", "notFound", "was not found"),
    (POOL, "nodeConfig.bootDiskKmsKey", KEY + "etcd", "PERMISSION_DENIED", "compute-system"),
    (POOL, "nodeConfig.resourceLabels", {"Owner": "x"}, "invalid", "label key 'Owner'"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "path", "value", "code", "text"), RED, ids=[f"{r[0]}-{r[1]}-{r[3]}" for r in RED])
def test_one_thing_wrong_is_refused(sandbox: Sandbox, name: str, path: str, value: Any, code: str, text: str) -> None:
    assert asked(sandbox, name) == []
    refused = [one for one in asked(sandbox, name, path, value) if one.code == code and text in one.message]
    assert refused, asked(sandbox, name, path, value)
    assert refused[0].judge == "law"


@pytest.mark.parametrize("name", ["vpc", "nodes", "router-nat", "dns", "keys", "flow-logs-sink", "cluster"])
def test_without_its_api_nothing_is_made(sandbox: Sandbox, name: str) -> None:
    record = sandbox.names[name]
    world = World([r for r in sandbox.world.records if r.type != tokens.API and r is not record])
    refused = laws(Request("create", record.urn, record.type, SCOPE, record.inputs), world)
    assert [one for one in refused if one.code == "SERVICE_DISABLED" and "or it is disabled" in one.message]


def test_gkes_agent_is_born_when_it_is_asked_for(sandbox: Sandbox) -> None:
    record = sandbox.names["etcd-key-grant"]
    request = Request("create", record.urn, record.type, SCOPE, record.inputs)
    world = without(sandbox, "etcd-key-grant", "gke-agent")
    assert any("does not exist" in one.message for one in laws(request, world))


def test_a_second_nat_may_not_serve_the_same_subnetwork(sandbox: Sandbox) -> None:
    record = sandbox.names["router-nat"]
    request = Request("create", "urn::other", record.type, SCOPE, changed(record.inputs, "name", "other"))
    assert any("is served by NAT" in one.message for one in laws(request, sandbox.world))
    whole = changed(changed(record.inputs, "subnetworks", None), "sourceSubnetworkIpRangesToNat", "ALL_X")
    nat = dataclasses.replace(record, inputs=whole)
    world = World([*without(sandbox, "router-nat").records, nat])
    assert any("serves all subnetworks" in one.message for one in laws(request, world))


def test_a_nat_serves_subnetworks_of_its_routers_network(sandbox: Sandbox) -> None:
    record = sandbox.names["nodes"]
    elsewhere = dataclasses.replace(record, inputs=changed(record.inputs, "network", OTHER + "global/networks/else"))
    nat = sandbox.names["router-nat"]
    world = World([*without(sandbox, "router-nat", "nodes").records, elsewhere])
    refused = laws(Request("create", nat.urn, nat.type, SCOPE, nat.inputs), world)
    assert any("is not in the router's network" in one.message for one in refused)


def test_two_private_zones_of_one_name_collide_in_a_network(sandbox: Sandbox) -> None:
    record = sandbox.names["dns"]
    request = Request("create", "urn::other", record.type, SCOPE, changed(record.inputs, "name", "other"))
    assert [one.code for one in laws(request, sandbox.world)] == ["conflict"]


def test_control_planes_of_two_clusters_do_not_overlap(sandbox: Sandbox) -> None:
    record = sandbox.names["cluster"]
    request = Request("create", "urn::other", record.type, SCOPE, changed(record.inputs, "name", "other"))
    assert any("overlaps that of cluster" in one.message for one in laws(request, sandbox.world))


def test_a_subnetwork_of_another_region_is_refused(sandbox: Sandbox) -> None:
    record = sandbox.names["nodes"]
    other = dataclasses.replace(record, id=record.id.replace("west1", "west4"))
    cluster = sandbox.names["cluster"]
    inputs = changed(cluster.inputs, "subnetwork", other.id)
    world = World([*without(sandbox, "cluster").records, other])
    refused = laws(Request("create", cluster.urn, cluster.type, SCOPE, inputs), world)
    assert any("is not in the cluster's region" in one.message for one in refused)


def test_a_private_endpoint_needs_authorized_networks(sandbox: Sandbox) -> None:
    record = sandbox.names["cluster"]
    inputs = changed(record.inputs, "privateClusterConfig.enablePrivateEndpoint", True)
    request = Request("check", record.urn, record.type, SCOPE, inputs)
    assert laws(request, sandbox.world) == []
    bare = changed(inputs, "masterAuthorizedNetworksConfig", None)
    assert any("must be enabled" in one.message for one in laws(dataclasses.replace(request, inputs=bare), World()))


@pytest.mark.parametrize(
    ("version", "text"), [("1.36", "goes to 1.35 before"), ("1.33", "cannot be downgraded"), ("1.35", "")]
)
def test_control_planes_go_up_one_minor_at_a_time(sandbox: Sandbox, version: str, text: str) -> None:
    old = sandbox.names["cluster"]
    inputs = changed(old.inputs, "minMasterVersion", version)
    refused = laws(Request("update", old.urn, old.type, SCOPE, inputs, old), sandbox.world)
    assert [text in one.message for one in refused] == ([True] if text else [])


def test_an_update_does_not_collide_with_itself(any_cell: Sandbox) -> None:
    for name, old in any_cell.names.items():
        assert laws(Request("update", old.urn, old.type, old.scope, old.inputs, old), any_cell.world) == [], name


IN_USE = [
    ("vpc", ("nodes", "lb", "router", "dns", "cluster", "deny-ingress", "allow-internal", "allow-health-checks",
             "allow-control-plane", "allow-kafka-clients")),
    ("nodes", ("cluster", "router-nat")),
    ("nat-europe-west1-b", ("router-nat",)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "users"), IN_USE, ids=[row[0] for row in IN_USE])
def test_what_is_in_use_stays(sandbox: Sandbox, name: str, users: tuple[str, ...]) -> None:
    old = sandbox.names[name]
    request = Request("delete", old.urn, old.type, SCOPE, old.inputs, old)
    for user in users:
        world = without(sandbox, *(other for other in users if other != user))
        refused = laws(request, world)
        assert [one.code for one in refused] == ["resourceInUseByAnotherResource"], user
        assert f"is already being used by '{sandbox.names[user].id}'" in refused[0].message
    assert laws(request, without(sandbox, *users)) == []


def test_a_log_bucket_into_which_a_sink_writes_stays(sandbox: Sandbox) -> None:
    old = sandbox.names["gke-logs-bucket"]
    request = Request("delete", old.urn, old.type, SCOPE, old.inputs, old)
    assert [one.code for one in laws(request, sandbox.world)] == ["FAILED_PRECONDITION"]
    assert laws(request, without(sandbox, "gke-logs-sink")) == []


@pytest.mark.parametrize(
    ("name", "path", "code"),
    [("cluster", "deletionProtection", "deletion-protection"), ("disks-key", "deletionPolicy", "deletion-prevented")],
)
def test_what_is_protected_is_not_deleted(sandbox: Sandbox, name: str, path: str, code: str) -> None:
    old = sandbox.names[name]
    request = Request("delete", old.urn, old.type, SCOPE, old.inputs, old)
    assert [one.code for one in laws(request, sandbox.world)] == [code]
    freed = dataclasses.replace(old, inputs=changed(old.inputs, path, False if name == "cluster" else "DELETE"))
    assert laws(dataclasses.replace(request, old=freed), sandbox.world) == []


ELSEWHERE = {tokens.NETWORK_PEERING, tokens.FORWARDING_RULE, tokens.SERVICE_ATTACHMENT, tokens.HUB, tokens.RECORD_SET}
"""Counted in the tests of their own."""


@pytest.mark.parametrize("type_", sorted(set(QUOTAS) - ELSEWHERE))
def test_quotas_count(sandbox: Sandbox, type_: str) -> None:
    record = next(r for r in sandbox.world.records if r.type == type_)
    have = len([r for r in sandbox.world.records if r.type == type_])
    world = World([*sandbox.world.records, *[record] * (QUOTAS[type_].limit - have)])
    inputs = changed(record.inputs, "accountId" if type_ == tokens.ACCOUNT else "name", "one-more") if (
        type_ != tokens.LOG_BUCKET
    ) else record.inputs  # fmt: skip
    request = Request("create", "urn::more", type_, SCOPE, inputs)
    full = [one for one in laws(request, world) if one.code == "quotaExceeded"]
    assert full
    assert QUOTAS[type_].metric in full[0].message
    assert not [one for one in laws(request, sandbox.world) if one.code == "quotaExceeded"]


def test_unknown_values_refuse_nothing(any_cell: Sandbox) -> None:
    for name, record in any_cell.names.items():
        inputs = {
            key: value
            if key in ("name", "location", "addressType", "loadBalancingScheme", "linkedVpcNetwork")
            else UNKNOWN
            for key, value in record.inputs.items()
        }
        said = laws(Request("check", record.urn, record.type, record.scope, inputs), World())
        assert said == [], name
        for key in record.inputs:
            inputs = {**record.inputs, key: UNKNOWN}
            said = laws(Request("check", record.urn, record.type, record.scope, inputs), World())
            assert said == [], f"{name} with unknown {key}"


def test_normal_forms_are_stable_and_hide_only_what_the_vendor_hides(sandbox: Sandbox) -> None:
    for record in sandbox.world.records:
        normalize = MODEL.types[record.type].normalize
        assert normalize(record.inputs) == record.inputs
    rule = sandbox.names["allow-health-checks"]
    turned = changed(rule.inputs, "sourceRanges", rule.inputs["sourceRanges"][::-1])
    assert MODEL.types[rule.type].normalize(turned) == rule.inputs
    shouted = changed(rule.inputs, "allows.0.protocol", "TCP")
    assert MODEL.types[rule.type].normalize(shouted) == rule.inputs
    cluster = sandbox.names["cluster"]
    listed = changed(cluster.inputs, "loggingConfig.enableComponents", ["SYSTEM_COMPONENTS", "APISERVER"])
    assert MODEL.types[cluster.type].normalize(listed) == listed


def test_ids_and_links_are_like_googles(sandbox: Sandbox) -> None:
    ids = {name: record.id for name, record in sandbox.names.items()}
    assert ids["nodes"] == OTHER + "regions/europe-west1/subnetworks/kf-gcp-euw1-prod-nodes"
    assert ids["disks-key"] == KEY + "disks"
    assert ids[POOL] == OTHER + f"locations/europe-west1/clusters/kf-gcp-euw1-prod/nodePools/{POOL}"
    assert ids["router-nat"] == "acme-kafka-prod/europe-west1/kf-gcp-euw1-prod-router/kf-gcp-euw1-prod-nat"
    vpc = sandbox.names["vpc"].outputs
    assert (
        vpc["selfLink"] == "https://www.googleapis.com/compute/v1/projects/acme-kafka-prod/global/networks/kf-" + CELL
    )
    assert sandbox.names["nodes"].outputs["gatewayAddress"] == "10.68.0.1"
    cluster = sandbox.names["cluster"].outputs
    assert cluster["clusterIpv4Cidr"] == "10.68.192.0/18"
    assert re.fullmatch(r"34\.\d+\.\d+\.\d+", cluster["endpoint"])
    assert cluster["masterVersion"].startswith("1.34.")


def test_outputs_stay_what_they_were(any_cell: Sandbox) -> None:
    for record in any_cell.names.values():
        request = Request("update", record.urn, record.type, record.scope, record.inputs, record)
        model = MODEL.types[record.type]
        # A peering's state is the other half's doing.
        now = model.observed(record, any_cell.world) if model.observed else {}
        again = model.outputs(request, any_cell.world, record.id)
        assert {**again, **now} == {**record.outputs, **now}, record.id


def test_every_immutable_property_says_where_it_is_from() -> None:
    for model in MODEL.types.values():
        assert model.immutable, model.token
        assert all(len(source) > 20 for source in model.immutable.values()), model.token


def test_googles_own_model_judges_whatever_a_cell_sends(any_cell: Sandbox) -> None:
    for model in MODEL.types.values():
        found = coverage(MODEL.sdk, model)
        assert found.broken == (), model.token
        if model.api is None:
            assert model.token in (tokens.API, tokens.SERVICE_IDENTITY)
            continue
        for record in any_cell.world.all(model.token):
            sent = set(record.inputs)
            assert not sent & {path.split(".")[0] for path in found.unmapped if "." not in path}, model.token


def test_channels_overlap_so_that_a_cell_can_change_its_own() -> None:
    least = max(low for low, _ in CHANNELS.values())
    assert all(low <= least <= high for low, high in CHANNELS.values())


@pytest.mark.parametrize(
    ("config", "text"),
    [
        ({"region": "europe-west1"}, "'project' is not set"),
        ({"project": "acme-kafka-prod"}, "'region' is not set"),
        ({"project": "Acme", "region": "europe-west1"}, "project 'Acme' must be"),
        ({"project": "acme-kafka-prod", "region": "europe"}, "region 'europe' must be"),
        ({"project": "acme-kafka-prod", "region": "europe-west1", "zone": "europe-west4-a"}, "is not in region"),
        ({"project": "acme-kafka-prod", "region": "europe-west1", "zone": "europe-west1-b"}, ""),
    ],
)
def test_the_providers_configuration_is_judged(config: dict[str, Any], text: str) -> None:
    said = [one.message for one in MODEL.check_config(config)]
    assert [text in one for one in said] == ([True] if text else [])
    assert MODEL.scope({"project": "p-12345", "region": "europe-west1"}) == Scope("gcp", "p-12345", "europe-west1")


def test_the_laws_know_nothing_of_the_product() -> None:
    import pathlib

    folder = pathlib.Path(__file__).parents[2] / "sandbox/clouds/gcp"
    for file in folder.glob("*.py"):
        assert not re.search(r"^\s*(from|import) (components|stacks)\b", file.read_text("utf-8"), re.M), file.name
