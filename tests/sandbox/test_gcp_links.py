"""Private Service Connect in the sandbox: attachments, their NAT subnetworks, endpoints, and who is let in."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.clouds.gcp import connections, forwarding, tokens
from sandbox.clouds.gcp.quotas import INTERNAL_RULES, QUOTAS
from sandbox.contract import Record, Scope
from tests.sandbox.gcp_world import LINK, OURS, REGION, THEIRS, THIRD, Cloud

BACKEND = f"{LINK}projects/{OURS}/regions/{REGION}/backendServices/kafka"


class Linked(Cloud):
    """A provider with a network, a load balancer and a NAT subnetwork; a consumer with a network."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.ours, self.theirs = self.network("a", OURS, "10.0.0.0/16"), self.network("b", THEIRS, "10.0.0.0/16")
        self.nat = self.subnetwork(self.ours, "nat", "10.1.0.0/24", purpose=forwarding_purpose())
        self.make(forwarding.BACKEND, name="kafka", region=REGION)
        self.front = self.make(tokens.FORWARDING_RULE, OURS, **self.balancer())

    def balancer(self, **changes: Any) -> dict[str, Any]:
        given = {
            "name": "front",
            "region": REGION,
            "loadBalancingScheme": "INTERNAL",
            "backendService": BACKEND,
            "allPorts": True,
            "network": self.ours.id,
            "subnetwork": f"projects/{OURS}/regions/{REGION}/subnetworks/a-0",
        }
        return {key: value for key, value in {**given, **changes}.items() if value is not None}

    def attachment(self, **changes: Any) -> dict[str, Any]:
        given = {
            "name": "kafka",
            "region": REGION,
            "connectionPreference": "ACCEPT_MANUAL",
            "enableProxyProtocol": False,
            "natSubnets": [self.nat.outputs["selfLink"]],
            "targetService": self.front.outputs["selfLink"],
            "consumerAcceptLists": [{"projectIdOrNum": THEIRS, "connectionLimit": 2}],
        }
        return {key: value for key, value in {**given, **changes}.items() if value is not None}

    def attach(self, **changes: Any) -> Record:
        return self.make(tokens.SERVICE_ATTACHMENT, OURS, **self.attachment(**changes))

    def address(self, name: str, network: Record, **changes: Any) -> Record:
        account = network.scope.account
        cut = f"projects/{account}/regions/{REGION}/subnetworks/{network.inputs['name']}-0"
        given = {"name": name, "region": REGION, "addressType": "INTERNAL", "subnetwork": cut, **changes}
        return self.make(tokens.ADDRESS, account, **given)

    def endpoint(self, name: str, network: Record, target: str, **changes: Any) -> dict[str, Any]:
        given = {
            "name": name,
            "region": REGION,
            "loadBalancingScheme": "",
            "target": target,
            "network": network.outputs["selfLink"],
            "allowPscGlobalAccess": True,
        }
        if "ipAddress" not in changes:
            given["ipAddress"] = self.address(name, network).outputs["selfLink"]
        return {key: value for key, value in {**given, **changes}.items() if value is not None}

    def connect(self, name: str, network: Record, target: str) -> Record:
        return self.make(tokens.FORWARDING_RULE, network.scope.account, **self.endpoint(name, network, target))

    def status(self, record: Record) -> str:
        return str(self.read(record).outputs["pscConnectionStatus"])


def forwarding_purpose() -> str:
    return "PRIVATE_SERVICE_CONNECT"


@pytest.fixture
def cloud(tmp_path: Path) -> Linked:
    return Linked(tmp_path)


def test_a_listed_consumer_is_connected(cloud: Linked) -> None:
    attachment = cloud.attach()
    assert attachment.id == f"projects/{OURS}/regions/{REGION}/serviceAttachments/kafka"
    rule = cloud.connect("in", cloud.theirs, attachment.id)
    assert rule.outputs["ipAddress"] == "10.0.0.2"
    assert rule.outputs["pscConnectionStatus"] == "ACCEPTED"
    assert rule.outputs["pscConnectionId"].isdigit()
    seen = cloud.read(attachment).outputs["connectedEndpoints"]
    assert [(one["endpoint"], one["status"]) for one in seen] == [(rule.outputs["selfLink"], "ACCEPTED")]
    assert cloud.read(cloud.world.all(tokens.ADDRESS)[0]).outputs["users"] == [rule.outputs["selfLink"]]


def test_who_is_not_listed_waits_and_who_is_rejected_is(cloud: Linked) -> None:
    attachment = cloud.attach(consumerRejectLists=[THIRD])
    third = cloud.network("c", THIRD, "10.9.0.0/16")
    ours = cloud.network("d", OURS, "10.8.0.0/16")
    assert cloud.connect("in", third, attachment.id).outputs["pscConnectionStatus"] == "REJECTED"
    assert cloud.connect("in", ours, attachment.id).outputs["pscConnectionStatus"] == "PENDING"


def test_over_the_limit_they_wait_in_the_order_of_coming(cloud: Linked) -> None:
    attachment = cloud.attach()
    made = [cloud.connect(f"in-{number}", cloud.theirs, attachment.id) for number in range(3)]
    assert [rule.outputs["pscConnectionStatus"] for rule in made] == ["ACCEPTED", "ACCEPTED", "PENDING"]
    assert cloud.remove(made[0]).codes == []
    assert [cloud.status(rule) for rule in made[1:]] == ["ACCEPTED", "ACCEPTED"]


def test_a_list_that_changes_leaves_the_accepted_alone_unless_it_reconciles(cloud: Linked) -> None:
    attachment = cloud.attach()
    rule = cloud.connect("in", cloud.theirs, attachment.id)
    others = [{"projectIdOrNum": THIRD, "connectionLimit": 2}]
    changed = cloud.change(attachment, consumerAcceptLists=others)
    assert cloud.status(rule) == "ACCEPTED"
    assert cloud.connect("late", cloud.theirs, attachment.id).outputs["pscConnectionStatus"] == "PENDING"
    cloud.change(changed, reconcileConnections=True)
    assert cloud.status(rule) == "PENDING"
    cloud.change(changed, reconcileConnections=True, consumerRejectLists=[THEIRS])
    assert cloud.status(rule) == "REJECTED"
    cloud.change(changed, connectionPreference="ACCEPT_AUTOMATIC", consumerAcceptLists=None, reconcileConnections=True)
    assert cloud.status(rule) == "ACCEPTED"


def test_networks_and_endpoints_can_be_listed_in_place_of_projects(cloud: Linked) -> None:
    attachment = cloud.attach(consumerAcceptLists=[{"networkUrl": cloud.theirs.id, "connectionLimit": 1}])
    other = cloud.network("b2", THEIRS, "10.5.0.0/16")
    first = cloud.connect("in", cloud.theirs, attachment.id)
    second = cloud.connect("in-2", other, attachment.id)
    assert [r.outputs["pscConnectionStatus"] for r in (first, second)] == ["ACCEPTED", "PENDING"]
    cloud.change(attachment, consumerAcceptLists=[{"endpointUrl": second.outputs["selfLink"], "connectionLimit": 1}])
    assert cloud.status(second) == "ACCEPTED"


def test_each_connection_needs_an_address_of_the_nat_subnetwork(cloud: Linked) -> None:
    small = cloud.subnetwork(cloud.ours, "small", "10.2.0.0/29", purpose=forwarding_purpose())
    many = [{"projectIdOrNum": THEIRS, "connectionLimit": 9}]
    attachment = cloud.attach(natSubnets=[small.outputs["selfLink"]], consumerAcceptLists=many)
    made = [cloud.connect(f"in-{number}", cloud.theirs, attachment.id) for number in range(5)]
    assert [cloud.status(rule) for rule in made] == ["ACCEPTED"] * 4 + ["NEEDS_ATTENTION"]


def test_an_attachment_that_goes_closes_its_connections_for_good(cloud: Linked) -> None:
    attachment = cloud.attach()
    rule = cloud.connect("in", cloud.theirs, attachment.id)
    assert cloud.remove(attachment).codes == []
    assert cloud.status(rule) == "CLOSED"
    again = cloud.attach()
    assert cloud.status(rule) == "CLOSED"
    assert cloud.connect("new", cloud.theirs, again.id).outputs["pscConnectionStatus"] == "ACCEPTED"


ATTACHMENTS: list[tuple[dict[str, Any], str, str]] = [
    ({"name": "Kafka"}, "invalid", "must be a match of regex"),
    ({"natSubnets": [f"projects/{OURS}/regions/{REGION}/subnetworks/a-0"]}, "invalid", "has purpose PRIVATE"),
    ({"natSubnets": [f"projects/{OURS}/regions/{REGION}/subnetworks/no"]}, "notFound", "subnetworks/no' was not"),
    ({"natSubnets": [f"projects/{OURS}/regions/us-east1/subnetworks/nat"]}, "invalid", "is in region 'us-east1'"),
    ({"targetService": f"projects/{OURS}/regions/{REGION}/forwardingRules/no"}, "notFound", "forwardingRules/no'"),
    ({"connectionPreference": "ACCEPT"}, "value-not-allowed", "ACCEPT"),
    ({"connectionPreference": "ACCEPT_AUTOMATIC"}, "invalid", "go with connectionPreference ACCEPT_MANUAL"),
    ({"consumerAcceptLists": [{"connectionLimit": 1}]}, "invalid", "0 are given"),
    ({"consumerAcceptLists": [{"projectIdOrNum": "p-12345", "connectionLimit": -1}]}, "invalid", "be negative"),
    (
        {"consumerAcceptLists": [{"projectIdOrNum": "p-12345", "connectionLimit": n} for n in (1, 2)]},
        "invalid",
        "listed twice",
    ),
    (
        {
            "consumerAcceptLists": [
                {"projectIdOrNum": "p-12345", "connectionLimit": 1},
                {"networkUrl": "projects/p-12345/global/networks/n", "connectionLimit": 1},
            ]
        },
        "invalid",
        "consumers of one kind",
    ),
    ({"region": "europe"}, "invalid", "is not a region"),
    ({"targetService": f"projects/{OURS}/regions/us-east1/forwardingRules/front"}, "invalid", "forwardingRules/front'"),
    ({"domainNames": ["a.example.org"]}, "invalid", "must end with a dot"),
    ({"domainNames": ["a.example.org.", "b.example.org."]}, "invalid", "an attachment takes one"),
]


@pytest.mark.parametrize(("changes", "code", "text"), ATTACHMENTS, ids=[row[2] for row in ATTACHMENTS])
def test_a_wrong_attachment_is_refused(cloud: Linked, changes: dict[str, Any], code: str, text: str) -> None:
    said = cloud.refused(tokens.SERVICE_ATTACHMENT, OURS, **cloud.attachment(**changes))
    assert code in said.codes
    assert text in said.text
    assert cloud.refused(tokens.SERVICE_ATTACHMENT, OURS, **cloud.attachment()).codes == []


def test_a_nat_subnetwork_serves_one_attachment_and_stays_while_it_does(cloud: Linked) -> None:
    attachment = cloud.attach()
    said = cloud.refused(tokens.SERVICE_ATTACHMENT, OURS, **cloud.attachment(name="second"))
    assert said.codes == ["resourceInUseByAnotherResource"]
    assert cloud.remove(cloud.nat).codes == ["resourceInUseByAnotherResource"]
    assert cloud.remove(cloud.front).codes == ["resourceInUseByAnotherResource"]
    assert cloud.remove(attachment).codes == []
    assert cloud.remove(cloud.nat).codes == cloud.remove(cloud.front).codes == []


def test_the_target_is_internal_and_in_the_network_of_the_nat_subnetwork(cloud: Linked) -> None:
    outside = cloud.make(tokens.FORWARDING_RULE, OURS, name="out", region=REGION, portRange="443")
    said = cloud.refused(tokens.SERVICE_ATTACHMENT, OURS, **cloud.attachment(targetService=outside.outputs["selfLink"]))
    assert "is not the forwarding rule of an internal load balancer" in said.text
    other = cloud.network("other", OURS)
    nat = cloud.subnetwork(other, "other-nat", "10.7.0.0/24", purpose=forwarding_purpose())
    said = cloud.refused(tokens.SERVICE_ATTACHMENT, OURS, **cloud.attachment(natSubnets=[nat.id]))
    assert said.codes == ["invalid"]
    assert "is not in the network" in said.text


def test_nothing_else_is_in_a_nat_subnetwork(cloud: Linked) -> None:
    cut = cloud.nat.outputs["selfLink"]
    given = {"name": "x", "region": REGION}
    said = cloud.refused(tokens.ADDRESS, OURS, **given, addressType="INTERNAL", subnetwork=cut)
    assert "addresses are cut from PRIVATE ones only" in said.text
    said = cloud.refused(tokens.FORWARDING_RULE, OURS, **cloud.balancer(name="x", subnetwork=cut))
    assert "rules need PRIVATE" in said.text
    router = cloud.make(tokens.ROUTER, OURS, name="r", region=REGION, network=cloud.ours.id)
    served = [{"name": cut, "sourceIpRangesToNats": ["ALL_IP_RANGES"]}]
    nat = {"router": router.inputs["name"], "natIpAllocateOption": "AUTO_ONLY", "subnetworks": served}
    mode = "LIST_OF_SUBNETWORKS"
    said = cloud.refused(tokens.ROUTER_NAT, OURS, **given, **nat, sourceSubnetworkIpRangesToNat=mode)
    assert "a NAT serves PRIVATE ones" in said.text
    cluster = {"location": REGION, "network": cloud.ours.id, "subnetwork": cut, "initialNodeCount": 1}
    assert "nodes need one of purpose PRIVATE" in cloud.refused(tokens.CLUSTER, OURS, name="x", **cluster).text


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"secondaryIpRanges": [{"rangeName": "pods", "ipCidrRange": "10.4.0.0/20"}]}, "invalid"),
        ({"logConfig": {"flowSampling": 0.5}}, "invalid"),
        ({"privateIpGoogleAccess": True}, "invalid"),
        ({"purpose": "REGIONAL_MANAGED_PROXY"}, "not-modelled"),
        ({}, ""),
    ],
)
def test_a_nat_subnetwork_has_one_range_and_nothing_more(cloud: Linked, inputs: dict[str, Any], code: str) -> None:
    given = {"name": "x", "region": REGION, "ipCidrRange": "10.3.0.0/24", "network": cloud.ours.id}
    said = cloud.refused(tokens.SUBNETWORK, OURS, **{"purpose": forwarding_purpose(), **given, **inputs})
    assert said.codes == ([code] if code else [])


ENDPOINTS: list[tuple[dict[str, Any], str, str]] = [
    ({"target": f"projects/{OURS}/regions/{REGION}/serviceAttachments/no"}, "notFound", "serviceAttachments/no'"),
    ({"target": f"projects/{OURS}/regions/us-east1/serviceAttachments/kafka"}, "invalid", "is in region 'us-east1'"),
    ({"loadBalancingScheme": "INTERNAL"}, "invalid", "has loadBalancingScheme ''"),
    ({"loadBalancingScheme": "NONE"}, "invalid", "must be one of"),
    ({"ports": ["443"]}, "invalid", "'ports' cannot be given"),
    ({"subnetwork": f"projects/{THEIRS}/regions/{REGION}/subnetworks/b-0"}, "invalid", "'subnetwork' cannot be given"),
    ({"network": None}, "required", "'network' is required"),
    ({"network": f"projects/{THEIRS}/global/networks/nope"}, "notFound", "networks/nope' was not found"),
    ({"ipAddress": None}, "required", "'ipAddress' is required"),
    ({"ipAddress": f"{LINK}projects/{THEIRS}/regions/{REGION}/addresses/no"}, "notFound", "addresses/no' was not"),
    ({"ipAddress": "10.0.77.77"}, "invalid", "is no reserved internal address"),
    ({"labels": {"Owner": "x"}}, "invalid", "label key 'Owner'"),
]


@pytest.mark.parametrize(("changes", "code", "text"), ENDPOINTS, ids=[row[2] for row in ENDPOINTS])
def test_a_wrong_endpoint_is_refused(cloud: Linked, changes: dict[str, Any], code: str, text: str) -> None:
    right = cloud.endpoint("in", cloud.theirs, cloud.attach().id)
    given = {key: value for key, value in {**right, **changes}.items() if value is not None}
    said = cloud.refused(tokens.FORWARDING_RULE, THEIRS, **given)
    assert code in said.codes
    assert text in said.text
    assert cloud.refused(tokens.FORWARDING_RULE, THEIRS, **right).codes == []


def test_an_endpoints_address_is_of_its_network_internal_and_its_alone(cloud: Linked) -> None:
    attachment = cloud.attach()
    other = cloud.network("b2", THEIRS, "10.5.0.0/16")
    elsewhere = cloud.address("elsewhere", other).outputs["selfLink"]
    said = cloud.refused(
        tokens.FORWARDING_RULE, THEIRS, **cloud.endpoint("in", cloud.theirs, attachment.id, ipAddress=elsewhere)
    )
    assert said.codes == ["invalid"]
    assert "is in network 'projects/acme-payments/global/networks/b2'" in said.text
    outside = cloud.make(tokens.ADDRESS, THEIRS, name="out", region=REGION).outputs["selfLink"]
    said = cloud.refused(
        tokens.FORWARDING_RULE, THEIRS, **cloud.endpoint("in", cloud.theirs, attachment.id, ipAddress=outside)
    )
    assert "must be INTERNAL for this rule" in said.text
    rule = cloud.connect("in", cloud.theirs, attachment.id)
    taken = rule.inputs["ipAddress"]
    said = cloud.refused(
        tokens.FORWARDING_RULE, THEIRS, **cloud.endpoint("in-2", cloud.theirs, attachment.id, ipAddress=taken)
    )
    assert said.codes == ["IP_IN_USE_BY_ANOTHER_RESOURCE"]
    address = next(r for r in cloud.world.all(tokens.ADDRESS) if r.outputs["selfLink"] == taken)
    assert cloud.remove(address).codes == ["resourceInUseByAnotherResource"]
    assert cloud.remove(rule).codes == cloud.remove(address).codes == []


RULES: list[tuple[dict[str, Any], str, str]] = [
    ({"backendService": None}, "required", "'backendService' is required"),
    ({"backendService": f"{BACKEND}-no"}, "notFound", "backendServices/kafka-no' was not found"),
    ({"subnetwork": None}, "required", "custom subnet mode"),
    ({"allPorts": None}, "required", "needs 'ports' or 'allPorts'"),
    ({"allPorts": None, "ports": [str(n) for n in range(9092, 9098)]}, "invalid", "6 ports: a rule takes 5"),
    ({"allPorts": None, "ports": ["0"]}, "invalid", "must be from 1 to 65535"),
    ({"ports": ["9092"]}, "invalid", "exclude each other"),
    ({"allPorts": None, "portRange": "9092"}, "invalid", "no 'portRange'"),
    ({"target": "x"}, "invalid", "no target"),
    ({"allowPscGlobalAccess": True}, "invalid", "is for rules whose target is a service attachment"),
    ({"name": "Front"}, "invalid", "must be a match of regex"),
    ({"region": "europe"}, "invalid", "is not a region"),
    ({"subnetwork": f"projects/{OURS}/regions/us-east1/subnetworks/a-0"}, "invalid", "is in region 'us-east1'"),
    ({"subnetwork": "nope"}, "notFound", "subnetworks/nope' was not found"),
    ({"ipAddress": "10.0.0.1"}, "invalid", "is outside of the usable range"),
    ({"ipAddress": "10.0.0.2"}, "IP_IN_USE_BY_ANOTHER_RESOURCE", "forwardingRules/front'"),
]


@pytest.mark.parametrize(("changes", "code", "text"), RULES, ids=[row[2] for row in RULES])
def test_a_wrong_internal_rule_is_refused(cloud: Linked, changes: dict[str, Any], code: str, text: str) -> None:
    said = cloud.refused(tokens.FORWARDING_RULE, OURS, **cloud.balancer(**{"name": "second", **changes}))
    assert code in said.codes
    assert text in said.text
    assert cloud.front.outputs["ipAddress"] == "10.0.0.2"
    assert cloud.refused(tokens.FORWARDING_RULE, OURS, **cloud.balancer(name="second")).codes == []


def test_rules_and_attachments_are_counted(cloud: Linked) -> None:
    attachment = cloud.attach()
    for number in range(QUOTAS[tokens.SERVICE_ATTACHMENT].limit - 1):
        cloud.put(Record(f"urn::{number}", attachment.type, f"a-{number}", attachment.scope, {"region": REGION}, {}))
    said = cloud.refused(tokens.SERVICE_ATTACHMENT, OURS, **cloud.attachment(name="more"))
    assert "quotaExceeded" in said.codes
    for number in range(INTERNAL_RULES.limit - 1):
        outputs = {"network": cloud.front.outputs["network"], "pscConnectionId": ""}
        cloud.put(Record(f"urn::r{number}", cloud.front.type, f"r-{number}", cloud.front.scope, {}, outputs))
    said = cloud.refused(tokens.FORWARDING_RULE, OURS, **cloud.balancer(name="more"))
    assert said.codes == ["quotaExceeded"]
    assert "per network" in said.text
    limit = QUOTAS[tokens.FORWARDING_RULE].limit
    given = {"region": REGION, "loadBalancingScheme": "EXTERNAL"}
    for number in range(limit):
        cloud.put(Record(f"urn::e{number}", cloud.front.type, f"e-{number}", cloud.front.scope, given, {}))
    said = cloud.refused(tokens.FORWARDING_RULE, OURS, **given, name="more", portRange="443")
    assert said.codes == ["quotaExceeded"]
    assert cloud.refused(tokens.FORWARDING_RULE, THEIRS, **given, name="more", portRange="443").codes == []


def gke(cloud: Linked, **changes: Any) -> Record:
    """A GKE cluster, and a ServiceAttachment object in it, as its provider has recorded them."""
    cluster = f"projects/{OURS}/locations/{REGION}/clusters/kf"
    where = Scope("gcp", OURS, REGION)
    cloud.put(Record("urn::kf", tokens.CLUSTER, cluster, where, {"location": REGION}, {"endpoint": "34.1.2.3"}))
    spec = {
        "connectionPreference": "ACCEPT_MANUAL",
        "natSubnets": [cloud.nat.inputs["name"]],
        "consumerAllowList": [{"project": THEIRS, "connectionLimit": 1}],
        **changes,
    }
    inputs = {"metadata": {"name": "kafka-gateway", "namespace": "kafka-gateway"}, "spec": spec}
    scope = Scope("kubernetes", cluster, "34.1.2.3")
    return cloud.put(Record("urn::sa", connections.KUBERNETES, "kafka-gateway/kafka-gateway", scope, inputs, inputs))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("k8s1-sa-7kpbhpki-kafka-gateway-kafka-gateway-0md8wvdl", True),
        ("k8s1-7kpbhpki-kafka-gateway-kafka-gateway-0md8wvdl", True),
        ("k8s1-sa-7kpbhpki-kafka-gat-kafka-ga-0md8wvdl", True),
        ("kafka-gateway", True),
        ("k8s1-sa-7kpbhpki-kafka-gateway-other-0md8wvdl", False),
        ("other", False),
    ],
)
def test_an_attachment_that_gke_makes_is_known_by_its_object(cloud: Linked, name: str, found: bool) -> None:
    gke(cloud)
    given = cloud.endpoint("in", cloud.theirs, f"projects/{OURS}/regions/{REGION}/serviceAttachments/{name}")
    said = cloud.refused(tokens.FORWARDING_RULE, THEIRS, **given)
    assert said.codes == ([] if found else ["notFound"])
    elsewhere = f"projects/{THIRD}/regions/{REGION}/serviceAttachments/{name}"
    again = cloud.endpoint("in-2", cloud.theirs, elsewhere)
    assert cloud.refused(tokens.FORWARDING_RULE, THEIRS, **again).codes == ["notFound"]


def test_its_lists_decide_as_any_others(cloud: Linked) -> None:
    gke(cloud)
    target = f"projects/{OURS}/regions/{REGION}/serviceAttachments/kafka-gateway"
    first, second = (cloud.connect(name, cloud.theirs, target) for name in ("in", "in-2"))
    third = cloud.connect("in", cloud.network("c", THIRD, "10.9.0.0/16"), target)
    assert [cloud.status(r) for r in (first, second, third)] == ["ACCEPTED", "PENDING", "PENDING"]
    said = cloud.refused(tokens.SERVICE_ATTACHMENT, OURS, **cloud.attachment())
    assert said.codes == ["resourceInUseByAnotherResource"]
    assert "kafka-gateway/kafka-gateway" in said.text


def test_the_url_that_its_status_tells_is_the_only_one(cloud: Linked) -> None:
    record = gke(cloud)
    told = f"projects/{OURS}/regions/{REGION}/serviceAttachments/k8s1-sa-1-x-y-2"
    with cloud.store.effect() as connection:
        row = cloud.store.find(record.type, record.id, record.scope)
        assert row is not None
        outputs = {**record.outputs, "status": {"serviceAttachmentURL": f"{LINK}{told}"}}
        changed = Record(record.urn, record.type, record.id, record.scope, record.inputs, outputs)
        cloud.store.replace(connection, row.number, changed, frozenset())
    assert connections.find(cloud.world, told) is not None
    assert connections.find(cloud.world, told.replace("k8s1-sa-1-x-y-2", "kafka-gateway")) is None
