"""Internal addresses, outgoing rules, other projects' providers, and what every type of GCP's networks must say."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.clouds.gcp import MODEL, firewalls, tokens
from sandbox.clouds.gcp.quotas import INTERNAL_ADDRESSES, QUOTAS
from sandbox.contract import UNKNOWN, Record, Request, Scope
from sandbox.diff import changes as diff
from tests.sandbox.gcp_world import OURS, REGION, THEIRS, Cloud

CUT = f"projects/{OURS}/regions/{REGION}/subnetworks/a-0"


@pytest.fixture
def cloud(tmp_path: Path) -> Cloud:
    made = Cloud(tmp_path)
    made.network("a", OURS, "10.0.0.0/29", "10.0.1.0/24")
    return made


def internal(name: str = "x", **changes: Any) -> dict[str, Any]:
    given = {"name": name, "region": REGION, "addressType": "INTERNAL", "subnetwork": CUT, **changes}
    return {key: value for key, value in given.items() if value is not None}


def test_a_subnetwork_gives_each_address_once_and_four_never(cloud: Cloud) -> None:
    made = [cloud.make(tokens.ADDRESS, OURS, **internal(f"x-{number}")) for number in range(4)]
    assert [record.outputs["address"] for record in made] == ["10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5"]
    assert cloud.refused(tokens.ADDRESS, OURS, **internal("more")).codes == ["IP_SPACE_EXHAUSTED"]
    assert cloud.remove(made[1]).codes == []
    assert cloud.make(tokens.ADDRESS, OURS, **internal("again")).outputs["address"] == "10.0.0.3"
    assert made[0].outputs["purpose"] == "GCE_ENDPOINT"
    assert cloud.change(made[0], labels={"a": "b"}).outputs["address"] == "10.0.0.2"


@pytest.mark.parametrize(
    ("changes", "code", "text"),
    [
        ({"address": "10.0.0.4"}, "", ""),
        ({"address": "10.0.0.2"}, "IP_IN_USE_BY_ANOTHER_RESOURCE", "addresses/first'"),
        ({"address": "10.0.0.6"}, "invalid", "is outside of the usable range"),
        ({"address": "10.0.0.1"}, "invalid", "is outside of the usable range"),
        ({"address": "ten"}, "invalid", "invalid value for field 'address'"),
        ({"subnetwork": None}, "required", "needs a subnetwork"),
        ({"subnetwork": "nope"}, "notFound", "subnetworks/nope' was not found"),
        ({"subnetwork": CUT.replace(REGION, "us-east1")}, "invalid", "is in region 'us-east1'"),
        ({"purpose": "VPC_PEERING"}, "invalid", "takes GCE_ENDPOINT or SHARED_LOADBALANCER_VIP"),
        ({"name": "X"}, "invalid", "must be a match of regex"),
        ({"purpose": "NAT"}, "value-not-allowed", "NAT"),
        ({"networkTier": "STANDARD"}, "invalid", "has network tier PREMIUM"),
        ({"network": "a"}, "invalid", "'network' is for ranges"),
        ({"addressType": "EXTERNAL"}, "invalid", "cannot name a subnetwork"),
        ({"addressType": "EXTERNAL", "subnetwork": None, "purpose": "GCE_ENDPOINT"}, "invalid", "cannot have purpose"),
    ],
)
def test_what_is_asked_of_an_internal_address(cloud: Cloud, changes: dict[str, Any], code: str, text: str) -> None:
    cloud.make(tokens.ADDRESS, OURS, **internal("first"))
    said = cloud.refused(tokens.ADDRESS, OURS, **internal(**changes))
    assert (code in said.codes) if code else (said.codes == [])
    assert text in said.text


def test_a_subnetwork_with_addresses_stays(cloud: Cloud) -> None:
    address = cloud.make(tokens.ADDRESS, OURS, **internal())
    subnetwork = cloud.world.find(tokens.SUBNETWORK, CUT)
    assert subnetwork is not None
    assert cloud.remove(subnetwork).codes == ["resourceInUseByAnotherResource"]
    assert cloud.remove(address).codes == []
    assert cloud.remove(subnetwork).codes == []


@pytest.mark.parametrize(("kind", "quota"), [("INTERNAL", INTERNAL_ADDRESSES), ("EXTERNAL", QUOTAS[tokens.ADDRESS])])
def test_external_and_internal_addresses_are_counted_apart(cloud: Cloud, kind: str, quota: Any) -> None:
    for number in range(quota.limit):
        inputs = {"region": REGION, "addressType": kind}
        cloud.put(Record(f"urn::{number}", tokens.ADDRESS, f"a-{number}", Scope("gcp", OURS, REGION), inputs, {}))
    both = {"INTERNAL": internal(), "EXTERNAL": {"name": "x", "region": REGION}}
    said = cloud.refused(tokens.ADDRESS, OURS, **both.pop(kind))
    assert said.codes == ["quotaExceeded"]
    assert quota.metric in said.text
    assert cloud.refused(tokens.ADDRESS, OURS, **next(iter(both.values()))).codes == []


def rule(**changes: Any) -> dict[str, Any]:
    given = {
        "name": "out",
        "network": "a",
        "direction": "EGRESS",
        "denies": [{"protocol": "all"}],
        "destinationRanges": ["0.0.0.0/0"],
        "priority": 65000,
        **changes,
    }
    return {key: value for key, value in given.items() if value is not None}


@pytest.mark.parametrize(
    ("changes", "code", "text"),
    [
        ({}, "", ""),
        ({"destinationRanges": None}, "", ""),
        ({"sourceRanges": ["10.0.0.0/8"]}, "invalid", "an EGRESS rule cannot have 'sourceRanges'"),
        ({"sourceTags": ["a"]}, "invalid", "an EGRESS rule cannot have 'sourceTags'"),
        ({"direction": "INGRESS"}, "invalid", "an INGRESS rule needs sourceRanges"),
        ({"direction": "BOTH"}, "value-not-allowed", "BOTH"),
        ({"destinationRanges": ["10.0.0.1/8"]}, "invalid", "without host bits"),
        ({"priority": 65536}, "invalid", "between 0 and 65535"),
        ({"allows": [{"protocol": "all"}]}, "invalid", "exactly one of 'allows' and 'denies'"),
        ({"targetTags": [f"t{n}" for n in range(71)]}, "invalid", "has 71 entries: a rule takes 70"),
    ],
)
def test_outgoing_rules(cloud: Cloud, changes: dict[str, Any], code: str, text: str) -> None:
    said = cloud.refused(tokens.FIREWALL, OURS, **rule(**changes))
    assert (code in said.codes) if code else (said.codes == [])
    assert text in said.text


def test_an_outgoing_rule_without_ranges_is_for_all_of_them(cloud: Cloud) -> None:
    made = cloud.make(tokens.FIREWALL, OURS, **rule(destinationRanges=None))
    assert made.outputs["destinationRanges"] == ["0.0.0.0/0"]
    assert set(firewalls.MOST) > {"sourceRanges", "destinationRanges"}


@pytest.mark.parametrize(
    ("account", "refused"),
    [
        (f"peering@{THEIRS}.iam.gserviceaccount.com", False),
        ("peers", True),
        ("peers@example.org", True),
        ("p@acme-payments.iam.gserviceaccount.com", True),
    ],
)
def test_a_provider_may_act_as_an_account_in_another_project(account: str, refused: bool) -> None:
    config = {"project": THEIRS, "region": REGION, "impersonateServiceAccount": account}
    said = [one.path for one in MODEL.check_config(config)]
    assert said == ([("impersonateServiceAccount",)] if refused else [])
    assert MODEL.scope(config) == Scope("gcp", THEIRS, REGION)
    assert list(MODEL.check_config({**config, "impersonateServiceAccount": UNKNOWN})) == []


LINK = "https://www.googleapis.com/compute/v1/projects/p/global/networks/n"
CHANGES: list[tuple[str, dict[str, Any], dict[str, Any], bool]] = [
    (tokens.NETWORK_PEERING, {"peerNetwork": "a"}, {"peerNetwork": "b"}, True),
    (tokens.NETWORK_PEERING, {"importCustomRoutes": False}, {"importCustomRoutes": True}, False),
    (tokens.NETWORK_PEERING, {}, {"importSubnetRoutesWithPublicIp": True}, True),
    (tokens.FORWARDING_RULE, {"ipAddress": "a"}, {"ipAddress": "b"}, True),
    (tokens.FORWARDING_RULE, {"target": "a"}, {"target": "b"}, False),
    (tokens.FORWARDING_RULE, {"allowPscGlobalAccess": False}, {"allowPscGlobalAccess": True}, False),
    (tokens.SERVICE_ATTACHMENT, {"targetService": "a"}, {"targetService": "b"}, True),
    (tokens.SERVICE_ATTACHMENT, {"natSubnets": ["a"]}, {"natSubnets": ["a", "b"]}, False),
    (tokens.SERVICE_ATTACHMENT, {"domainNames": ["a."]}, {"domainNames": ["b."]}, True),
    (tokens.HUB, {"presetTopology": "MESH"}, {"presetTopology": "STAR"}, True),
    (tokens.HUB, {"exportPsc": False}, {"exportPsc": True}, False),
    (tokens.HUB_GROUP, {"hub": "a"}, {"hub": "b"}, True),
    (tokens.HUB_GROUP, {}, {"autoAccept": {"autoAcceptProjects": ["p"]}}, False),
    (tokens.SPOKE, {"linkedVpcNetwork": {"uri": LINK}}, {"linkedVpcNetwork": {"uri": f"{LINK}2"}}, True),
    (
        tokens.SPOKE,
        {"linkedVpcNetwork": {"uri": LINK}},
        {"linkedVpcNetwork": {"uri": LINK, "excludeExportRanges": ["10.0.0.0/8"]}},
        False,
    ),
    (tokens.RECORD_SET, {"name": "a."}, {"name": "b."}, True),
    (tokens.RECORD_SET, {"rrdatas": ["10.0.0.1"]}, {"rrdatas": ["10.0.0.2"]}, False),
    (tokens.SUBNETWORK, {"purpose": "PRIVATE"}, {"purpose": "PRIVATE_SERVICE_CONNECT"}, True),
    (tokens.ZONE_MEMBER, {"role": "roles/dns.admin"}, {"role": "roles/dns.reader"}, True),
    (tokens.ACCOUNT_MEMBER, {"member": "a"}, {"member": "b"}, True),
]


@pytest.mark.parametrize(("token", "old", "new", "replaces"), CHANGES)
def test_what_replaces_and_what_does_not(token: str, old: dict[str, Any], new: dict[str, Any], replaces: bool) -> None:
    model = MODEL.types[token]
    found = diff(model.normalize(old), model.normalize(new), model.immutable)
    assert found
    assert any(change.replaces for change in found) is replaces


NETWORKS = (
    tokens.NETWORK_PEERING,
    tokens.FORWARDING_RULE,
    tokens.SERVICE_ATTACHMENT,
    tokens.HUB,
    tokens.HUB_GROUP,
    tokens.SPOKE,
    tokens.RECORD_SET,
    tokens.ZONE_MEMBER,
    tokens.ACCOUNT_MEMBER,
    tokens.ADDRESS,
)


@pytest.mark.parametrize("token", NETWORKS)
def test_a_preview_that_knows_little_refuses_nothing(cloud: Cloud, token: str) -> None:
    given: dict[str, dict[str, Any]] = {
        tokens.HUB_GROUP: {"name": "default"},
        tokens.SPOKE: {"name": "x", "location": "global", "linkedVpcNetwork": {"uri": UNKNOWN}},
        tokens.ADDRESS: {"name": "x", "region": REGION, "addressType": "INTERNAL", "subnetwork": UNKNOWN},
        tokens.RECORD_SET: {"name": "x.y.", "type": "A", "rrdatas": UNKNOWN},
        tokens.FORWARDING_RULE: {
            "name": "x",
            "region": REGION,
            "target": UNKNOWN,
            "loadBalancingScheme": "",
            "ipAddress": UNKNOWN,
            "network": UNKNOWN,
        },
    }
    inputs = given.get(token, {"name": "x", "region": REGION})
    model = MODEL.types[token]
    unknown = {path.split(".")[0]: UNKNOWN for path in model.immutable if path.split(".")[0] not in inputs}
    whole = {**unknown, **inputs, "project": OURS} if "project" in model.immutable else {**unknown, **inputs}
    request = Request("check", "urn::x", token, Scope("gcp", OURS, REGION), model.normalize(whole))
    assert [one.message for law in model.laws for one in law(request, cloud.world)] == []


def test_every_immutable_property_of_a_network_says_which_file_it_is_from() -> None:
    for token in NETWORKS:
        sources = MODEL.types[token].immutable.values()
        assert all(source.startswith("terraform-provider-google ") for source in sources), token


@pytest.mark.parametrize(
    ("token", "needs"),
    [
        (tokens.NETWORK_PEERING, {"name"}),
        (tokens.FORWARDING_RULE, {"name", "region"}),
        (tokens.SERVICE_ATTACHMENT, {"name", "region"}),
        (tokens.HUB, {"name"}),
        (tokens.HUB_GROUP, {"name"}),
        (tokens.SPOKE, {"name"}),
        (tokens.ADDRESS, {"name", "region"}),
        (tokens.MANAGED_ZONE, {"name"}),
    ],
)
def test_what_the_provider_would_make_up_is_said(cloud: Cloud, token: str, needs: set[str]) -> None:
    model = MODEL.types[token]
    request = Request("check", "urn::x", token, Scope("gcp", OURS, REGION), model.normalize({}))
    missing = [one.path[0] for law in model.laws for one in law(request, cloud.world) if one.code == "required"]
    assert needs <= set(missing)
    given = Request("check", "urn::x", token, request.scope, model.normalize(dict.fromkeys(needs, UNKNOWN)))
    said = {one.path[0] for law in model.laws for one in law(given, cloud.world) if one.code == "required"}
    assert not said & needs


@pytest.mark.parametrize(
    ("token", "api"),
    [
        (tokens.FORWARDING_RULE, "compute"),
        (tokens.SERVICE_ATTACHMENT, "compute"),
        (tokens.ADDRESS, "compute"),
        (tokens.HUB, "networkconnectivity"),
        (tokens.HUB_GROUP, "networkconnectivity"),
        (tokens.SPOKE, "networkconnectivity"),
        (tokens.MANAGED_ZONE, "dns"),
    ],
)
def test_each_needs_its_api(cloud: Cloud, token: str, api: str) -> None:
    inputs = {"name": "default", "region": REGION, "location": "global"}
    for project, codes in ((OURS, []), ("acme-bare", [f"{api}.googleapis.com has not been used"])):
        request = Request("create", "urn::x", token, Scope("gcp", project, REGION), inputs)
        said = [one.message for law in MODEL.types[token].laws for one in law(request, cloud.world)]
        found = [message for message in said if "has not been used" in message]
        assert len(found) == len(codes)
        assert all(code in message for code, message in zip(codes, found, strict=True))


@pytest.mark.parametrize(
    "token",
    [
        tokens.FORWARDING_RULE,
        tokens.SERVICE_ATTACHMENT,
        tokens.HUB,
        tokens.HUB_GROUP,
        tokens.SPOKE,
        tokens.ADDRESS,
        tokens.RECORD_SET,
        tokens.ZONE_MEMBER,
    ],
)
def test_each_is_made_in_the_providers_own_project(cloud: Cloud, token: str) -> None:
    for project, codes in ((OURS, []), (THEIRS, ["forbidden"])):
        request = Request("check", "urn::x", token, Scope("gcp", OURS, REGION), {"project": project})
        said = [one.code for law in MODEL.types[token].laws for one in law(request, cloud.world)]
        assert [code for code in said if code == "forbidden"] == codes


GRANTS = (tokens.ZONE_MEMBER, tokens.ACCOUNT_MEMBER)


@pytest.mark.parametrize("token", [*(t for t in NETWORKS if t not in GRANTS), tokens.MANAGED_ZONE])
def test_what_the_last_apply_has_prevented_is_not_deleted(cloud: Cloud, token: str) -> None:
    for policy, codes in (("PREVENT", ["deletion-prevented"]), ("DELETE", [])):
        inputs = {"name": "x", "region": REGION, "deletionPolicy": policy}
        scope = Scope("gcp", OURS, REGION)
        old = Record("urn::x", token, "x", scope, inputs, inputs)
        said = MODEL.types[token].laws
        request = Request("delete", "urn::x", token, scope, inputs, old)
        assert [one.code for law in said for one in law(request, cloud.world)] == codes
