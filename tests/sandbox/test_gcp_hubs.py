"""Network Connectivity Center in the sandbox: hubs, groups, and VPC networks as spokes."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from sandbox.clouds.gcp import exchange, spokes, tokens
from sandbox.clouds.gcp.quotas import QUOTAS
from sandbox.contract import Record
from tests.sandbox.gcp_world import LINK, OURS, REGION, THEIRS, THIRD, Cloud, halves, joined


@pytest.fixture
def cloud(tmp_path: Path) -> Cloud:
    return Cloud(tmp_path)


def hub_of(cloud: Cloud, **inputs: Any) -> Record:
    return cloud.make(tokens.HUB, OURS, **{"name": "core", **inputs})


def listed(cloud: Cloud, hub: Record, *projects: str) -> Record:
    auto = {"autoAcceptProjects": list(projects)}
    return cloud.make(tokens.HUB_GROUP, OURS, name="default", hub=hub.id, autoAccept=auto)


def test_a_hub_has_what_google_says_of_it(cloud: Cloud) -> None:
    hub = hub_of(cloud)
    assert hub.id == f"projects/{OURS}/locations/global/hubs/core"
    assert hub.outputs["state"] == "ACTIVE"
    assert (hub.outputs["presetTopology"], hub.outputs["policyMode"]) == ("MESH", "PRESET")
    assert len(hub.outputs["uniqueId"]) == 36


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "Core"}, "invalid"),
        ({"presetTopology": "RING"}, "value-not-allowed"),
        ({"presetTopology": "HYBRID_INSPECTION"}, "invalid"),
        ({"policyMode": "CUSTOM"}, "invalid"),
        ({"labels": {"Owner": "x"}}, "invalid"),
        ({"project": "acme-payments"}, "forbidden"),
    ],
)
def test_a_wrong_hub_is_refused(cloud: Cloud, changes: dict[str, Any], code: str) -> None:
    assert code in cloud.refused(tokens.HUB, OURS, **{"name": "core", **changes}).codes


def test_spokes_of_the_hubs_project_are_active_and_see_each_other(cloud: Cloud) -> None:
    hub = hub_of(cloud)
    one, two = cloud.network("one", OURS, "10.0.0.0/16"), cloud.network("two", OURS, "10.1.0.0/16")
    made = cloud.spoke(one, hub)
    assert made.id == f"projects/{OURS}/locations/global/spokes/one-spoke"
    assert (made.outputs["state"], made.outputs["reasons"]) == ("ACTIVE", [])
    assert made.outputs["group"] == f"{hub.id}/groups/default"
    cloud.spoke(two, hub)
    seen = [held.range.with_prefixlen for held in exchange.through_hub(cloud.world, hub.id, one.id)]
    assert seen == ["10.1.0.0/16"]


def test_another_projects_spoke_waits_unless_its_group_lists_it(cloud: Cloud) -> None:
    hub = hub_of(cloud)
    listed(cloud, hub, THEIRS)
    theirs, third = cloud.network("b", THEIRS, "10.1.0.0/16"), cloud.network("c", THIRD, "10.2.0.0/16")
    assert cloud.spoke(theirs, hub).outputs["state"] == "ACTIVE"
    waiting = cloud.spoke(third, hub)
    assert waiting.outputs["state"] == "INACTIVE"
    assert [reason["code"] for reason in waiting.outputs["reasons"]] == ["PENDING_REVIEW"]
    assert exchange.spokes(cloud.world, hub.id) == [cloud.world.all(tokens.SPOKE)[0]]


def test_the_list_is_asked_when_a_spoke_is_made_or_changed(cloud: Cloud) -> None:
    hub = hub_of(cloud)
    theirs = cloud.network("b", THEIRS, "10.1.0.0/16")
    waiting = cloud.spoke(theirs, hub)
    assert waiting.outputs["state"] == "INACTIVE"
    group = listed(cloud, hub, THEIRS)
    assert cloud.read(waiting).outputs["state"] == "INACTIVE"
    active = cloud.change(waiting, description="again")
    assert (active.outputs["state"], active.outputs["reasons"]) == ("ACTIVE", [])
    cloud.change(group, autoAccept={"autoAcceptProjects": [THIRD]})
    assert cloud.change(active, description="accepted is accepted").outputs["state"] == "ACTIVE"


@pytest.mark.parametrize(
    ("changes", "code", "text"),
    [
        ({"location": REGION}, "INVALID_ARGUMENT", "is in location 'global'"),
        ({"hub": f"projects/{OURS}/locations/global/hubs/nope"}, "NOT_FOUND", "hubs/nope' was not found"),
        ({"name": "Spoke"}, "invalid", "must be a match of regex"),
        ({"labels": {"Owner": "x"}}, "invalid", "label key 'Owner'"),
        ({"group": "edge"}, "INVALID_ARGUMENT", "group 'edge' does not exist"),
        ({"linkedVpcNetwork": {"uri": f"{LINK}projects/{OURS}/global/networks/nope"}}, "notFound", "networks/nope'"),
        ({"linkedVpcNetwork": None}, "INVALID_ARGUMENT", "needs linkedVpcNetwork"),
        (
            {"linkedVpcNetwork": None, "linkedVpnTunnels": {"uris": ["t"], "siteToSiteDataTransfer": False}},
            "not-modelled",
            "linkedVpnTunnels",
        ),
    ],
)
def test_a_wrong_spoke_is_refused(cloud: Cloud, changes: dict[str, Any], code: str, text: str) -> None:
    hub, one = hub_of(cloud), cloud.network("one", OURS, "10.0.0.0/16")
    given = {key: value for key, value in {**joined(one, hub), **changes}.items() if value is not None}
    said = cloud.refused(tokens.SPOKE, OURS, **given)
    assert code in said.codes
    assert text in said.text
    assert cloud.refused(tokens.SPOKE, OURS, **joined(one, hub)).codes == []


def test_a_star_has_groups_of_its_own(cloud: Cloud) -> None:
    hub = hub_of(cloud, presetTopology="STAR")
    one = cloud.network("one", OURS, "10.0.0.0/16")
    assert "INVALID_ARGUMENT" in cloud.refused(tokens.SPOKE, OURS, **joined(one, hub)).codes
    assert cloud.refused(tokens.SPOKE, OURS, **joined(one, hub), group=f"{hub.id}/groups/edge").codes == []
    said = cloud.refused(tokens.HUB_GROUP, OURS, name="default", hub=hub.id)
    assert said.codes == ["NOT_FOUND"]
    assert "it has center, edge" in said.text
    assert cloud.refused(tokens.HUB_GROUP, OURS, name="center", hub=hub.id).codes == []


def test_a_group_is_its_hubs_owners(cloud: Cloud) -> None:
    hub = hub_of(cloud)
    assert cloud.refused(tokens.HUB_GROUP, THEIRS, name="default", hub=hub.id).codes == ["PERMISSION_DENIED"]
    assert cloud.refused(tokens.HUB_GROUP, OURS, name="others", hub=hub.id).codes[0] == "invalid"
    shouted = cloud.refused(tokens.HUB_GROUP, OURS, name="default", hub=hub.id, labels={"Owner": "x"})
    assert shouted.codes == ["invalid"]
    twice = {"autoAcceptProjects": [THEIRS, THEIRS]}
    said = cloud.refused(tokens.HUB_GROUP, OURS, name="default", hub=hub.id, autoAccept=twice)
    assert said.codes == ["INVALID_ARGUMENT"]
    assert listed(cloud, hub, THEIRS).outputs["routeTable"] == f"{hub.id}/routeTables/default"


def test_a_network_is_on_one_hub_once_and_its_own_projects(cloud: Cloud) -> None:
    hub, other = hub_of(cloud), hub_of(cloud, name="second")
    one, theirs = cloud.network("one", OURS, "10.0.0.0/16"), cloud.network("b", THEIRS, "10.1.0.0/16")
    cloud.spoke(one, hub)
    for which in (hub, other):
        said = cloud.refused(tokens.SPOKE, OURS, **{**joined(one, which), "name": "again"})
        assert said.codes == ["FAILED_PRECONDITION"]
        assert "spokes/one-spoke' already" in said.text
    assert cloud.refused(tokens.SPOKE, OURS, **joined(theirs, hub)).codes == ["PERMISSION_DENIED"]


def test_what_spokes_export_may_not_overlap(cloud: Cloud) -> None:
    hub = hub_of(cloud)
    services = [{"rangeName": "services", "ipCidrRange": "172.20.0.0/20"}]
    one, two = cloud.network("one", OURS), cloud.network("two", OURS)
    cloud.subnetwork(one, "one-0", "10.0.0.0/16", secondaryIpRanges=services)
    cloud.subnetwork(two, "two-0", "10.1.0.0/16", secondaryIpRanges=services)
    cloud.spoke(one, hub, excludeExportRanges=["172.16.0.0/12"])
    assert cloud.refused(tokens.SPOKE, OURS, **joined(two, hub)).codes == []
    three = cloud.network("three", OURS)
    cloud.subnetwork(three, "three-0", "10.2.0.0/16", secondaryIpRanges=services)
    said = cloud.refused(tokens.SPOKE, OURS, **joined(three, hub))
    assert said.codes == ["FAILED_PRECONDITION"]
    assert "overlaps with 172.20.0.0/20" in said.text
    assert cloud.refused(tokens.SPOKE, OURS, **joined(three, hub, excludeExportRanges=["172.20.0.0/20"])).codes == []


def test_include_ranges_are_all_that_is_exported(cloud: Cloud) -> None:
    hub = hub_of(cloud)
    one, two = cloud.network("one", OURS, "10.0.0.0/16"), cloud.network("two", OURS, "10.0.0.0/16", "10.9.0.0/16")
    cloud.spoke(one, hub)
    assert cloud.refused(tokens.SPOKE, OURS, **joined(two, hub)).codes == ["FAILED_PRECONDITION"]
    assert cloud.refused(tokens.SPOKE, OURS, **joined(two, hub, includeExportRanges=["10.9.0.0/16"])).codes == []


@pytest.mark.parametrize(
    ("ranges", "text"),
    [
        (["10.0.0.1/16"], "is not an IPv4 range without host bits"),
        (["10.0.128.0/20"], "exclude all of it or none"),
        ([f"10.{n}.0.0/16" for n in range(17)], "at most 16"),
    ],
)
def test_filters_have_a_form(cloud: Cloud, ranges: list[str], text: str) -> None:
    hub, one = hub_of(cloud), cloud.network("one", OURS, "10.0.0.0/16")
    said = cloud.refused(tokens.SPOKE, OURS, **joined(one, hub, excludeExportRanges=ranges))
    assert "INVALID_ARGUMENT" in said.codes
    assert text in said.text
    assert cloud.refused(tokens.SPOKE, OURS, **joined(one, hub, excludeExportRanges=ranges[:1][:0])).codes == []


def test_peers_of_a_spoke_may_not_overlap_with_other_spokes(cloud: Cloud) -> None:
    hub = hub_of(cloud)
    one, two = cloud.network("one", OURS, "10.0.0.0/16"), cloud.network("two", OURS, "10.1.0.0/16")
    beside = cloud.network("beside", THEIRS, "10.1.128.0/20")
    cloud.peered(one, beside)
    cloud.spoke(one, hub)
    said = cloud.refused(tokens.SPOKE, OURS, **joined(two, hub))
    assert said.codes == ["FAILED_PRECONDITION"]
    assert "overlaps with 10.1.128.0/20" in said.text


def test_networks_are_joined_by_a_hub_or_a_peering_and_not_by_both(cloud: Cloud) -> None:
    hub = hub_of(cloud)
    one, two = cloud.network("one", OURS, "10.0.0.0/16"), cloud.network("two", OURS, "10.1.0.0/16")
    cloud.peered(one, two)
    cloud.spoke(one, hub)
    assert "of the same hub" in cloud.refused(tokens.SPOKE, OURS, **joined(two, hub)).text
    three = cloud.network("three", OURS, "10.2.0.0/16")
    cloud.spoke(three, hub)
    said = cloud.refused(tokens.NETWORK_PEERING, OURS, **halves(one, three))
    assert said.codes == ["badRequest"]
    assert "are both spokes of hub" in said.text


def test_a_subnetwork_that_comes_later_may_not_overlap_another_spokes(cloud: Cloud) -> None:
    hub = hub_of(cloud)
    one, two = cloud.network("one", OURS, "10.0.0.0/16"), cloud.network("two", OURS, "10.1.0.0/16")
    cloud.spoke(one, hub)
    cloud.spoke(two, hub, excludeExportRanges=["192.168.0.0/16"])
    given = {"name": "late", "region": REGION, "network": two.id}
    said = cloud.refused(tokens.SUBNETWORK, OURS, **given, ipCidrRange="10.0.16.0/20")
    assert said.codes == ["invalid"]
    assert "another spoke of" in said.text
    cloud.subnetwork(one, "own", "192.168.0.0/24")
    assert cloud.refused(tokens.SUBNETWORK, OURS, **given, ipCidrRange="192.168.0.0/24").codes == []


@pytest.mark.parametrize(("state", "limit"), [("ACTIVE", spokes.MOST_ACTIVE), ("INACTIVE", spokes.MOST)])
def test_a_hub_takes_so_many(cloud: Cloud, state: str, limit: int) -> None:
    hub, one = hub_of(cloud), cloud.network("one", OURS, "10.0.0.0/16")
    first = cloud.spoke(one, hub)
    two = cloud.network("two", OURS, "10.1.0.0/16")
    for number in range(limit - 1):
        inputs = {"hub": hub.id, "linkedVpcNetwork": {"uri": f"projects/far/global/networks/n{number}"}}
        cloud.put(dataclasses.replace(first, id=f"far-{number}", inputs=inputs, outputs={"state": state}))
    said = cloud.refused(tokens.SPOKE, OURS, **joined(two, hub))
    assert said.codes == ["RESOURCE_EXHAUSTED"]
    assert str(limit) in said.text


def test_hubs_and_networks_go_after_their_spokes(cloud: Cloud) -> None:
    hub, one = hub_of(cloud), cloud.network("one", OURS)
    spoke = cloud.spoke(one, hub)
    assert cloud.remove(hub).codes == ["FAILED_PRECONDITION"]
    assert cloud.remove(one).codes == ["resourceInUseByAnotherResource"]
    assert cloud.remove(spoke).codes == []
    assert cloud.remove(hub).codes == cloud.remove(one).codes == []


def test_without_its_api_there_is_no_hub(cloud: Cloud) -> None:
    for record in cloud.world.all(tokens.API):
        if record.id == f"{OURS}/networkconnectivity.googleapis.com":
            with cloud.store.effect() as connection:
                connection.execute("DELETE FROM resources WHERE id = ?", (record.id,))
    assert cloud.refused(tokens.HUB, OURS, name="core").codes == ["SERVICE_DISABLED"]


def test_hubs_are_counted(cloud: Cloud) -> None:
    limit = QUOTAS[tokens.HUB].limit
    made = [hub_of(cloud, name=f"hub-{number}") for number in range(limit)]
    assert cloud.refused(tokens.HUB, OURS, name="more").codes == ["quotaExceeded"]
    assert cloud.refused(tokens.HUB, THEIRS, name="more").codes == []
    assert cloud.remove(made[0]).codes == []
    assert cloud.refused(tokens.HUB, OURS, name="more").codes == []
