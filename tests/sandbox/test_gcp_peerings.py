"""VPC peering in the sandbox: two halves, no overlap with the peer or beyond it, and nothing transitive."""

from pathlib import Path

import pytest

from sandbox.clouds.gcp import exchange, tokens
from sandbox.clouds.gcp.quotas import QUOTAS
from tests.sandbox.gcp_world import OURS, THEIRS, THIRD, Cloud, halves


@pytest.fixture
def cloud(tmp_path: Path) -> Cloud:
    return Cloud(tmp_path)


def test_a_peering_is_active_once_both_halves_are_there_and_as_long(cloud: Cloud) -> None:
    ours, theirs = cloud.network("a", OURS, "10.0.0.0/16"), cloud.network("b", THEIRS, "10.1.0.0/16")
    first = cloud.peer(ours, theirs)
    assert (first.id, first.outputs["state"]) == ("a/to-b", "INACTIVE")
    assert "Waiting for peer" in first.outputs["stateDetails"]
    assert exchange.peers(cloud.world, ours.id) == []
    second = cloud.peer(theirs, ours)
    assert second.outputs["state"] == "ACTIVE"
    assert cloud.read(first).outputs["state"] == "ACTIVE"
    kept = cloud.world.find(tokens.NETWORK_PEERING, first.id, first.scope)
    assert kept is not None
    assert kept.outputs["state"] == "ACTIVE"
    assert cloud.remove(second).codes == []
    assert cloud.read(first).outputs["state"] == "INACTIVE"


def test_a_peer_that_is_not_in_the_sandbox_leaves_it_inactive(cloud: Cloud) -> None:
    ours = cloud.network("a", OURS, "10.0.0.0/16")
    link = "projects/somebody-else/global/networks/theirs"
    made = cloud.make(tokens.NETWORK_PEERING, name="x", network=ours.outputs["selfLink"], peerNetwork=link)
    assert made.outputs["state"] == "INACTIVE"


@pytest.mark.parametrize(
    ("changes", "project", "codes", "text"),
    [
        ({}, OURS, [], ""),
        ({"network": "a"}, OURS, ["invalid"], "must be projects/<p>/global/networks/<n>"),
        ({"peerNetwork": "default"}, OURS, ["invalid"], "must be projects/<p>/global/networks/<n>"),
        ({"peerNetwork": f"projects/{OURS}/global/networks/a"}, OURS, ["invalid"], "cannot be peered with itself"),
        ({}, THEIRS, ["forbidden"], "the provider works for 'acme-payments'"),
        ({"network": f"projects/{OURS}/global/networks/nope"}, OURS, ["notFound"], "networks/nope' was not found"),
        ({"name": "To-B"}, OURS, ["invalid"], "must be a match of regex"),
        ({"stackType": "IPV5"}, OURS, ["value-not-allowed"], "IPV5"),
    ],
)
def test_one_half_is_judged(cloud: Cloud, changes: dict[str, str], project: str, codes: list[str], text: str) -> None:
    ours, theirs = cloud.network("a", OURS, "10.0.0.0/16"), cloud.network("b", THEIRS, "10.1.0.0/16")
    said = cloud.refused(tokens.NETWORK_PEERING, project, **{**halves(ours, theirs), **changes})
    assert said.codes == codes
    assert text in said.text


@pytest.mark.parametrize("secondary", [False, True])
def test_networks_whose_ranges_overlap_are_not_joined(cloud: Cloud, secondary: bool) -> None:
    ours, theirs = cloud.network("a", OURS, "10.0.0.0/16"), cloud.network("b", THEIRS)
    if secondary:
        pods = [{"rangeName": "pods", "ipCidrRange": "10.0.128.0/20"}]
        cloud.subnetwork(theirs, "b-0", "10.1.0.0/16", secondaryIpRanges=pods)
    else:
        cloud.subnetwork(theirs, "b-0", "10.0.128.0/20")
    cloud.peer(ours, theirs)
    said = cloud.refused(tokens.NETWORK_PEERING, THEIRS, **halves(theirs, ours))
    assert said.codes == ["badRequest"]
    assert "overlaps with an IP range (10.0.0.0/16) in the peer network" in said.text


def test_nor_with_what_the_peer_is_peered_with(cloud: Cloud) -> None:
    middle = cloud.network("middle", OURS, "10.0.0.0/16")
    left, right = cloud.network("left", THEIRS, "10.1.0.0/16"), cloud.network("right", THIRD, "10.1.128.0/20")
    cloud.peered(middle, left)
    cloud.peer(middle, right)
    said = cloud.refused(tokens.NETWORK_PEERING, THIRD, **halves(right, middle))
    assert said.codes == ["badRequest"]
    assert "an active peer of the peer network" in said.text


def test_a_peer_of_a_peer_is_no_peer(cloud: Cloud) -> None:
    middle = cloud.network("middle", OURS, "10.0.0.0/16")
    left, right = cloud.network("left", THEIRS, "10.1.0.0/16"), cloud.network("right", THIRD, "10.2.0.0/16")
    cloud.peered(middle, left)
    cloud.peered(middle, right)
    assert exchange.peers(cloud.world, left.id) == [middle.id]
    assert exchange.peers(cloud.world, middle.id) == sorted([left.id, right.id])


def test_one_peering_a_pair(cloud: Cloud) -> None:
    ours, theirs = cloud.network("a", OURS), cloud.network("b", THEIRS)
    cloud.peer(ours, theirs)
    said = cloud.refused(tokens.NETWORK_PEERING, OURS, **halves(ours, theirs, "again"))
    assert said.codes == ["invalid"]
    assert "already a peering 'to-b'" in said.text
    assert cloud.refused(tokens.NETWORK_PEERING, OURS, **halves(ours, theirs)).codes


def test_a_network_has_25_of_them(cloud: Cloud) -> None:
    limit = QUOTAS[tokens.NETWORK_PEERING].limit
    assert limit == 25
    ours, other = cloud.network("a", OURS), cloud.network("b", OURS)
    for number in range(limit):
        link = f"projects/somebody/global/networks/n{number}"
        cloud.make(tokens.NETWORK_PEERING, name=f"p{number}", network=ours.outputs["selfLink"], peerNetwork=link)
    given = {"name": "more", "peerNetwork": "projects/somebody/global/networks/more"}
    said = cloud.refused(tokens.NETWORK_PEERING, network=ours.outputs["selfLink"], **given)
    assert said.codes == ["quotaExceeded"]
    assert "PEERINGS_PER_NETWORK" in said.text
    assert cloud.refused(tokens.NETWORK_PEERING, network=ours.id, **given).codes == ["quotaExceeded"]
    assert cloud.refused(tokens.NETWORK_PEERING, network=other.outputs["selfLink"], **given).codes == []


def test_a_subnetwork_that_comes_later_may_not_overlap_either(cloud: Cloud) -> None:
    middle = cloud.network("middle", OURS, "10.0.0.0/16")
    left, right = cloud.network("left", THEIRS, "10.1.0.0/16"), cloud.network("right", THIRD, "10.2.0.0/16")
    given = {"name": "late", "region": "europe-west1", "ipCidrRange": "10.1.128.0/20", "network": right.id}
    assert cloud.refused(tokens.SUBNETWORK, THIRD, **given).codes == []
    record = cloud.world.find(tokens.SUBNETWORK, f"projects/{THIRD}/regions/europe-west1/subnetworks/late")
    assert record is not None
    assert cloud.remove(record).codes == []
    cloud.peered(middle, left)
    cloud.peered(middle, right)
    direct = cloud.refused(tokens.SUBNETWORK, THIRD, **{**given, "ipCidrRange": "10.0.4.0/24"})
    assert direct.codes == ["invalid"]
    assert "in a peer network" in direct.text
    # The middle would have the range from two sides.
    assert cloud.refused(tokens.SUBNETWORK, THIRD, **given).codes == ["invalid"]
    assert cloud.refused(tokens.SUBNETWORK, THIRD, **{**given, "ipCidrRange": "10.3.0.0/20"}).codes == []


def test_an_update_is_in_place_and_asks_nobody_else(cloud: Cloud) -> None:
    ours, theirs = cloud.network("a", OURS, "10.0.0.0/16"), cloud.network("b", THEIRS, "10.1.0.0/16")
    first = cloud.peer(ours, theirs)
    cloud.peer(theirs, ours)
    assert cloud.change(first, exportCustomRoutes=True).outputs["state"] == "ACTIVE"


def test_a_network_goes_after_its_own_half_only(cloud: Cloud) -> None:
    ours, theirs = cloud.network("a", OURS), cloud.network("b", OURS)
    first, second = cloud.peer(ours, theirs), cloud.peer(theirs, ours)
    said = cloud.remove(ours)
    assert said.codes == ["resourceInUseByAnotherResource"]
    assert "by peering 'a/to-b'" in said.text
    assert cloud.remove(first).codes == []
    assert cloud.remove(ours).codes == []
    assert cloud.read(second).outputs["state"] == "INACTIVE"
