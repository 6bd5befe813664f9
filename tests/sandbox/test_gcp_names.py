"""Cloud DNS in the sandbox: where a name is seen, which records may stand beside each other, and who may write them."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.clouds.gcp import tokens
from sandbox.clouds.gcp.quotas import QUOTAS
from sandbox.clouds.gcp.rules import within_quota
from sandbox.contract import Record, Request
from tests.sandbox.gcp_world import OURS, REGION, THEIRS, Cloud


@pytest.fixture
def cloud(tmp_path: Path) -> Cloud:
    return Cloud(tmp_path)


def private(*networks: Record) -> dict[str, Any]:
    bound = [{"networkUrl": network.outputs["selfLink"]} for network in networks]
    return {"visibility": "private", "privateVisibilityConfig": {"networks": bound}}


def zone(cloud: Cloud, *networks: Record, **changes: Any) -> Record:
    given = {"name": "cell", "dnsName": "cell.kafka.internal.", **(private(*networks) if networks else {})}
    return cloud.make(tokens.MANAGED_ZONE, OURS, **{**given, **changes})


def record(**changes: Any) -> dict[str, Any]:
    given = {"managedZone": "cell", "name": "*.cell.kafka.internal.", "type": "A", "ttl": 300, "rrdatas": ["10.0.0.2"]}
    return {key: value for key, value in {**given, **changes}.items() if value is not None}


def test_a_public_zone_has_four_name_servers_of_one_set(cloud: Cloud) -> None:
    made = zone(cloud, dnsName="cell.kafka.example.org.")
    servers = made.outputs["nameServers"]
    assert len(servers) == 4
    assert {server.split(".")[0][:-1] for server in servers} == {servers[0].split(".")[0][:-1]}
    assert servers[0].startswith("ns-cloud-")
    assert cloud.change(made, description="other").outputs["nameServers"] == servers
    assert zone(cloud, cloud.network("a"), name="p").outputs["nameServers"] == ["ns-gcp-private.googledomains.com."]


def test_a_zone_is_seen_in_several_networks_of_several_projects(cloud: Cloud) -> None:
    ours, theirs = cloud.network("a", OURS), cloud.network("b", THEIRS)
    made = zone(cloud, ours, theirs)
    assert cloud.remove(ours).codes == ["resourceInUseByAnotherResource"]
    said = cloud.refused(tokens.MANAGED_ZONE, THEIRS, name="x", dnsName="cell.kafka.internal.", **private(theirs))
    assert said.codes == ["conflict"]
    assert made.id in said.text
    other = cloud.network("c", THEIRS)
    again = {"name": "x", "dnsName": "cell.kafka.internal.", **private(other)}
    assert cloud.refused(tokens.MANAGED_ZONE, THEIRS, **again).codes == []


@pytest.mark.parametrize(
    ("changes", "code", "text"),
    [
        ({"privateVisibilityConfig": {"networks": [{"networkUrl": "nope"}]}}, "notFound", "networks/nope'"),
        ({"visibility": "public"}, "invalid", "needs visibility 'private'"),
        (
            {"peeringConfig": {"targetNetwork": {"networkUrl": "projects/p-12345/global/networks/n"}}},
            "notFound",
            "projects/p-12345/global/networks/n' was not found",
        ),
        ({"dnsName": "cell.kafka.internal"}, "invalid", "must end with a dot"),
        ({"name": "Cell"}, "invalid", "must be a match of regex"),
        ({"labels": {"Owner": "x"}}, "invalid", "label key 'Owner'"),
        ({"project": THEIRS}, "forbidden", "the provider works for"),
    ],
)
def test_a_wrong_zone_is_refused(cloud: Cloud, changes: dict[str, Any], code: str, text: str) -> None:
    given = {"name": "x", "dnsName": "other.internal.", **private(cloud.network("a"))}
    said = cloud.refused(tokens.MANAGED_ZONE, OURS, **{**given, **changes})
    assert code in said.codes
    assert text in said.text
    assert cloud.refused(tokens.MANAGED_ZONE, OURS, **given).codes == []


def test_a_network_is_bound_once(cloud: Cloud) -> None:
    network = cloud.network("a")
    said = cloud.refused(tokens.MANAGED_ZONE, OURS, name="x", dnsName="x.internal.", **private(network, network))
    assert said.codes == ["invalid"]
    assert "is listed twice" in said.text


def test_a_zone_of_another_network_leads_there_and_holds_nothing(cloud: Cloud) -> None:
    ours, theirs = cloud.network("a", OURS), cloud.network("b", THEIRS)
    target = {"targetNetwork": {"networkUrl": ours.outputs["selfLink"]}}
    given = {"name": "cell", "dnsName": "cell.kafka.internal.", "peeringConfig": target, **private(theirs)}
    said = cloud.refused(tokens.MANAGED_ZONE, THEIRS, **given)
    assert said.codes == ["forbidden"]
    assert "on project 'acme-kafka-prod': grant roles/dns.peer" in said.text
    member = f"serviceAccount:peering@{THEIRS}.iam.gserviceaccount.com"
    cloud.make(tokens.PROJECT_MEMBER, OURS, project=OURS, role="roles/dns.peer", member=member)
    assert cloud.refused(tokens.MANAGED_ZONE, THEIRS, **given).codes == []
    said = cloud.refused(tokens.RECORD_SET, THEIRS, **record())
    assert said.codes == ["invalid"]
    assert "it holds no records of its own" in said.text


RECORDS: list[tuple[dict[str, Any], str, str]] = [
    ({"managedZone": "nope"}, "notFound", "named 'nope' does not exist"),
    ({"name": "a.cell.kafka.internal"}, "invalid", "must end with '.'"),
    ({"name": "a.*.cell.kafka.internal."}, "invalid", "additions[0].name"),
    ({"name": "a..cell.kafka.internal."}, "invalid", "additions[0].name"),
    ({"name": "a.cellar.kafka.internal."}, "invalid", "does not lie in 'cell.kafka.internal.'"),
    ({"name": "xcell.kafka.internal."}, "invalid", "does not lie in 'cell.kafka.internal.'"),
    ({"type": "B"}, "invalid", "additions[0].type': 'B'"),
    ({"rrdatas": []}, "required", "exactly one of 'rrdatas' and 'routingPolicy'"),
    ({"rrdatas": ["10.0.0.256"]}, "invalid", "is no data of a A record"),
    ({"rrdatas": [f"10.0.1.{n}" for n in range(101)]}, "tooMany", "at most 100"),
    ({"type": "AAAA"}, "invalid", "is no data of a AAAA record"),
    ({"type": "CNAME"}, "invalid", "is no data of a CNAME record"),
    ({"type": "CNAME", "rrdatas": ["a.b.", "c.d."]}, "invalid", "has one name, not 2"),
    ({"type": "CNAME", "name": "cell.kafka.internal.", "rrdatas": ["a.b."]}, "cnameResourceRecordSetConflict", "NS"),
    ({"type": "TXT", "rrdatas": [" "]}, "invalid", "is no data of a TXT record"),
    ({"ttl": -1}, "invalid", "additions[0].ttl"),
    ({"project": THEIRS}, "forbidden", "the provider works for"),
]


@pytest.mark.parametrize(("changes", "code", "text"), RECORDS, ids=[row[2] for row in RECORDS])
def test_a_wrong_record_is_refused(cloud: Cloud, changes: dict[str, Any], code: str, text: str) -> None:
    zone(cloud, cloud.network("a"))
    said = cloud.refused(tokens.RECORD_SET, OURS, **record(**changes))
    assert code in said.codes
    assert text in said.text
    made = cloud.make(tokens.RECORD_SET, OURS, **record())
    assert made.id == f"projects/{OURS}/managedZones/cell/rrsets/*.cell.kafka.internal./A"


def test_a_cname_stands_alone(cloud: Cloud) -> None:
    zone(cloud, cloud.network("a"))
    cloud.make(tokens.RECORD_SET, OURS, **record(name="a.cell.kafka.internal."))
    cname = record(name="a.cell.kafka.internal.", type="CNAME", rrdatas=["b.cell.kafka.internal."])
    assert cloud.refused(tokens.RECORD_SET, OURS, **cname).codes == ["cnameResourceRecordSetConflict"]
    cloud.make(tokens.RECORD_SET, OURS, **{**cname, "name": "c.cell.kafka.internal."})
    text = record(name="C.cell.kafka.internal.", type="TXT", rrdatas=['"x"'])
    assert cloud.refused(tokens.RECORD_SET, OURS, **text).codes == ["cnameResourceRecordSetConflict"]
    assert cloud.refused(tokens.RECORD_SET, OURS, **{**text, "name": "a.cell.kafka.internal."}).codes == []
    assert "already-exists" in cloud.refused(tokens.RECORD_SET, OURS, **record(name="a.cell.kafka.internal.")).codes


def test_the_order_of_data_and_repeating_it_say_nothing(cloud: Cloud) -> None:
    zone(cloud, cloud.network("a"))
    made = cloud.make(tokens.RECORD_SET, OURS, **record(rrdatas=["10.0.0.3", "10.0.0.2", "10.0.0.3"]))
    assert made.inputs["rrdatas"] == ["10.0.0.2", "10.0.0.3"]


def test_a_zone_with_records_stays(cloud: Cloud) -> None:
    made = zone(cloud, cloud.network("a"))
    servers = record(name="cell.kafka.internal.", type="NS", rrdatas=["ns-gcp-private.googledomains.com."])
    cloud.make(tokens.RECORD_SET, OURS, **servers)
    kept = cloud.make(tokens.RECORD_SET, OURS, **record())
    said = cloud.remove(made)
    assert said.codes == ["containerNotEmpty"]
    assert "*.cell.kafka.internal. A (1 in all)" in said.text
    assert cloud.remove(kept).codes == []
    assert cloud.remove(made).codes == []


def test_force_destroy_takes_the_records_along(cloud: Cloud) -> None:
    made = zone(cloud, cloud.network("a"))
    cloud.make(tokens.RECORD_SET, OURS, **record())
    assert cloud.remove(cloud.change(made, forceDestroy=True)).codes == []


def test_records_are_counted_by_zone(cloud: Cloud) -> None:
    zone(cloud, cloud.network("a"))
    made = cloud.make(tokens.RECORD_SET, OURS, **record())
    limit = QUOTAS[tokens.RECORD_SET].limit
    world = [made] * limit

    class Full:
        def all(self, *_: Any) -> list[Record]:
            return world

    request = Request("create", "urn::x", tokens.RECORD_SET, made.scope, record(name="b.cell.kafka.internal."))
    full: Any = Full()
    assert [one.code for one in within_quota(request, full)] == ["quotaExceeded"]
    world.pop()
    assert list(within_quota(request, full)) == []


def account(cloud: Cloud) -> Record:
    return cloud.make(tokens.ACCOUNT, OURS, accountId="kf-cell-dns")


@pytest.mark.parametrize(
    ("changes", "code", "text"),
    [
        ({}, "", ""),
        ({"managedZone": "nope"}, "notFound", "managedZones/nope' was not found"),
        ({"role": "roles/compute.admin"}, "INVALID_ARGUMENT", "is not supported for this resource"),
        ({"member": f"serviceAccount:nobody@{OURS}.iam.gserviceaccount.com"}, "badRequest", "does not exist"),
        ({"member": "serviceAccount:other@acme-other.iam.gserviceaccount.com"}, "", ""),
        ({"member": "kf-dns"}, "INVALID_ARGUMENT", "must be like serviceAccount:"),
        ({"project": THEIRS}, "forbidden", "the provider works for"),
        ({"condition": {"title": "x" * 101, "expression": "true"}}, "INVALID_ARGUMENT", "1 to 100"),
        ({"condition": {"title": "x", "expression": '"'}}, "INVALID_ARGUMENT", "does not parse"),
    ],
)
def test_a_grant_on_a_zone(cloud: Cloud, changes: dict[str, Any], code: str, text: str) -> None:
    zone(cloud, cloud.network("a"))
    given = {"managedZone": "cell", "role": "roles/dns.admin", "member": account(cloud).outputs["member"]}
    said = cloud.refused(tokens.ZONE_MEMBER, OURS, **{**given, **changes})
    assert (code in said.codes) if code else (said.codes == [])
    assert text in said.text


def test_kubernetes_accounts_can_be_named_once_a_cluster_has_made_their_pool(cloud: Cloud) -> None:
    made = account(cloud)
    member = f"serviceAccount:{OURS}.svc.id.goog[external-dns/external-dns]"
    given = {"serviceAccountId": made.id, "role": "roles/iam.workloadIdentityUser", "member": member}
    said = cloud.refused(tokens.ACCOUNT_MEMBER, OURS, **given)
    assert said.codes == ["badRequest"]
    assert f"identity pool does not exist ({OURS}.svc.id.goog)" in said.text
    inputs = {"location": REGION, "workloadIdentityConfig": {"workloadPool": f"{OURS}.svc.id.goog"}}
    cloud.put(Record("urn::kf", tokens.CLUSTER, "projects/x/locations/y/clusters/z", made.scope, inputs, {}))
    nobody = {**given, "serviceAccountId": made.id.replace("kf-cell", "kf-none")}
    assert cloud.refused(tokens.ACCOUNT_MEMBER, OURS, **nobody).codes == ["notFound"]
    wrongs: list[tuple[dict[str, Any], str]] = [
        ({"role": "roles/dns.admin"}, "INVALID_ARGUMENT"),
        ({"member": "external-dns"}, "INVALID_ARGUMENT"),
        ({"member": f"serviceAccount:nobody@{OURS}.iam.gserviceaccount.com"}, "badRequest"),
        ({"condition": {"title": "x" * 101, "expression": "true"}}, "INVALID_ARGUMENT"),
        ({"condition": {"title": "x", "expression": "("}}, "INVALID_ARGUMENT"),
    ]
    for changes, code in wrongs:
        assert cloud.refused(tokens.ACCOUNT_MEMBER, OURS, **{**given, **changes}).codes == [code]
    granted = cloud.make(tokens.ACCOUNT_MEMBER, OURS, **given)
    assert granted.id == f"{made.id}/roles/iam.workloadIdentityUser/{member}"
