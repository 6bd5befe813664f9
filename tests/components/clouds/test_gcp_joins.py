"""What joins a cell on GCP to others: peerings from both sides, hubs, links, an existing network, and the way out."""

import dataclasses
from functools import cache
from typing import Any

import pytest

from tests.components.clouds.gcp_plan import (
    DATA,
    EVERYTHING,
    EXISTING,
    IDENTITY,
    JOINED,
    LINKS,
    PRIVATE_LINK,
    PUBLIC,
    ROBOT,
    SERVICE,
    Built,
    Given,
    Registered,
    build,
    plan,
    resources,
)

CELL = "gcp-euw1-prod"
OURS = f"https://gcp/{CELL}-vpc"
THEIRS = f"https://www.googleapis.com/compute/v1/{DATA}"


@cache
def plain() -> frozenset[str]:
    return frozenset(build())


def new(given: Given) -> dict[str, dict[str, Any]]:
    """The inputs of what a cell has beyond a plain one, by role."""
    made = {n: r.inputs for n, r in build(given).items() if n not in plain()}
    return {name.removeprefix(f"{CELL}-"): inputs for name, inputs in made.items()}


def peering(**changed: Any) -> Given:
    return Given(network={"peerings": {"data": {"network": DATA, "cidrs": ["10.200.0.0/16"], **changed}}})


@pytest.fixture(scope="module")
def everything() -> Built:
    return plan(EVERYTHING)


def test_our_end_of_a_peering_and_the_commands_for_the_other() -> None:
    given = peering(account="acme-data")
    assert set(new(given)) == {"peering-data", "allow-kafka-clients"}
    assert new(given)["peering-data"] == {
        "name": f"kf-{CELL}-data",
        "network": OURS,
        "peerNetwork": THEIRS,
        "exportCustomRoutes": False,
        "importCustomRoutes": False,
        "exportSubnetRoutesWithPublicIp": False,
        "importSubnetRoutesWithPublicIp": False,
        "stackType": "IPV4_ONLY",
    }
    told = plan(given).told["network"]["peerings"]["data"]
    assert told["id"] == f"{CELL}-peering-data-id"
    assert told["instructions"] == [
        f"gcloud compute networks peerings create kf-{CELL} --project=acme-data --network=data "
        f"--peer-project=acme-kafka-prod --peer-network=kf-{CELL} --stack-type=IPV4_ONLY",
        "gcloud projects add-iam-policy-binding acme-kafka-prod --role=roles/dns.peer --member=WHO-RUNS-THE-NEXT",
        f"gcloud dns managed-zones create kf-{CELL} --project=acme-data --dns-name={CELL}.kafka.internal. "
        f"--description=kafka-cell-{CELL} --visibility=private --networks=data "
        f"--target-project=acme-kafka-prod --target-network=kf-{CELL}",
    ]


def test_without_dns_nobody_is_told_to_make_a_zone() -> None:
    told = plan(peering(account="acme-data", dns=False)).told["network"]["peerings"]["data"]
    assert len(told["instructions"]) == 1


def test_both_ends_of_a_peering_mirror_each_other() -> None:
    made = new(peering(account="acme-data", side="both", principal=ROBOT))
    ours, theirs = made["peering-data"], made["peering-data-theirs"]
    assert (theirs["network"], theirs["peerNetwork"]) == (ours["peerNetwork"], ours["network"])
    assert {k: v for k, v in theirs.items() if "etwork" not in k and k != "name"} == {
        k: v for k, v in ours.items() if "etwork" not in k and k != "name"
    }
    there = made["peering-data-provider"]
    assert (there["impersonateServiceAccount"], there["project"]) == (ROBOT, "acme-data")
    assert made["peering-data-dns-role"]["member"] == f"serviceAccount:{ROBOT}"
    assert made["peering-data-dns-role"]["role"] == "roles/dns.peer"
    assert made["peering-data-dns-role"]["project"] == "acme-kafka-prod"


def test_the_others_resolve_the_cells_names_in_the_cells_network() -> None:
    zone = new(peering(account="acme-data", side="both", principal=ROBOT))["peering-data-dns"]
    assert (zone["project"], zone["dnsName"]) == ("acme-data", f"{CELL}.kafka.internal.")
    assert zone["privateVisibilityConfig"]["networks"] == [{"networkUrl": THEIRS}]
    assert zone["peeringConfig"] == {"targetNetwork": {"networkUrl": OURS}}
    assert "peering-data-dns" not in new(peering(account="acme-data", side="both", principal=ROBOT, dns=False))


def test_both_ends_in_our_own_project_need_no_other_provider() -> None:
    own = "projects/acme-kafka-prod/global/networks/tools"
    made = build(peering(network=own, side="both"))
    assert f"{CELL}-peering-data-provider" not in made
    assert f"{CELL}-peering-data-dns-role" not in made
    assert made[f"{CELL}-peering-data-theirs"].provider == "gcp-euw1-prod-provider"
    assert made[f"{CELL}-peering-data-dns"].inputs["project"] == "acme-kafka-prod"


def test_peerings_are_made_one_after_the_other(everything: Built) -> None:
    made = everything.resources

    def before(name: str) -> set[str]:
        return set(made[f"{CELL}-{name}"].after)

    assert f"{CELL}-peering-apps" in before("peering-data")
    assert f"{CELL}-peering-data" in before("peering-data-theirs")


def test_joined_ranges_reach_kafka_and_nothing_else() -> None:
    rule = new(peering())["allow-kafka-clients"]
    assert rule["sourceRanges"] == ["10.200.0.0/16"]
    assert rule["allows"] == [{"protocol": "tcp", "ports": ["9092-9099"]}]
    gateway = {"peerings": JOINED["peerings"], "gateway": {"broker_ports": "9100-9139"}}
    assert new(Given(network=gateway))["allow-kafka-clients"]["allows"][0]["ports"] == ["443", "9092-9099", "9100-9139"]


def test_a_new_hub_takes_the_spokes_of_those_it_is_shared_with() -> None:
    made = new(Given(network={"hub": JOINED["hub"]}))
    assert set(made) == {"api-networkconnectivity", "hub", "hub-group", "hub-spoke", "allow-kafka-clients"}
    assert (made["hub"]["presetTopology"], made["hub"]["exportPsc"]) == ("MESH", False)
    assert made["hub-group"]["name"] == "default"
    assert made["hub-group"]["autoAccept"] == {"autoAcceptProjects": ["acme-apps", "acme-data"]}
    spoke = made["hub-spoke"]
    assert (spoke["hub"], spoke["location"]) == (f"{CELL}-hub-id", "global")
    assert spoke["linkedVpcNetwork"] == {"uri": OURS, "excludeExportRanges": ["10.68.160.0/20"]}
    assert "hub-group" not in new(Given(network={"hub": {"new": {}, "cidrs": ["10.0.0.0/12"]}}))


def test_a_new_hub_is_protected_in_production() -> None:
    given = Given(network={"hub": JOINED["hub"]})
    assert build(given)[f"{CELL}-hub"].protect
    dev = dataclasses.replace(given, identity=dataclasses.replace(IDENTITY, production=False))
    assert not build(dev)[f"{CELL}-hub"].protect


def test_the_owners_of_another_projects_hub_are_told_to_accept() -> None:
    hub = "projects/acme-net/locations/global/hubs/core"
    built = plan(Given(network={"hub": {"id": hub, "cidrs": ["10.0.0.0/12"]}}))
    assert not [r.name for r in resources(built.resources) if r.type.endswith(":Hub") or r.type.endswith(":Group")]
    assert built.resources[f"{CELL}-hub-spoke"].inputs["hub"] == hub
    told = built.told["network"]["hub"]
    assert (told["id"], told["attachment"]) == (hub, f"{CELL}-hub-spoke-id")
    assert told["instructions"][0] == (
        "gcloud network-connectivity hubs accept-spoke core --project=acme-net "
        f"--spoke=projects/acme-kafka-prod/locations/global/spokes/kf-{CELL}"
    )
    mine = plan(Given(network={"hub": {"id": hub.replace("acme-net", "acme-kafka-prod"), "cidrs": ["10.0.0.0/12"]}}))
    assert not [line for line in mine.told["network"]["hub"]["instructions"] if "accept-spoke" in line]


def test_a_consumed_link_is_an_endpoint_with_every_name_of_its_zone() -> None:
    made = new(Given(links=LINKS))
    assert made["endpoints"]["ipCidrRange"] == "10.68.145.0/24"
    assert made["endpoints"]["purpose"] == "PRIVATE"
    assert made["link-orders"]["subnetwork"] == f"{CELL}-endpoints-id"
    endpoint = made["link-orders-endpoint"]
    assert (endpoint["target"], endpoint["loadBalancingScheme"], endpoint["network"]) == (SERVICE, "", OURS)
    assert endpoint["ipAddress"] == f"https://gcp/{CELL}-link-orders"
    assert endpoint["noAutomateDnsZone"] is True
    zone = made["link-orders-dns"]
    assert zone["dnsName"] == "orders.example.com."
    assert zone["privateVisibilityConfig"]["networks"] == [{"networkUrl": OURS}]
    records = {r["name"]: (r["type"], r["rrdatas"]) for name, r in made.items() if "wildcard" in name}
    assert records == {
        f"*.{zone}orders.example.com.": ("A", ["198.51.100.7"])
        for zone in ("", "europe-west1-b.", "europe-west1-c.", "europe-west1-d.")
    }
    told = plan(Given(links=LINKS)).told["network"]["links"]["orders"]
    assert (told["endpoint"], told["addresses"]) == (f"{CELL}-link-orders-endpoint-id", ["198.51.100.7"])


def test_flow_logs_of_endpoints_are_kept_with_the_others() -> None:
    sinks = [build(given)[f"{CELL}-flow-logs-sink"].inputs["filter"] for given in (Given(), Given(links=LINKS))]
    assert [f'"kf-{CELL}-endpoints"' in each for each in sinks] == [False, True]


def test_an_allow_list_is_all_that_a_cell_connects_to() -> None:
    made = new(
        Given(network={"egress": {"allowed_cidrs": ["192.0.2.0/24"]}, "peerings": peering().network["peerings"]})
    )
    allow, deny = made["allow-egress"], made["deny-egress"]
    assert allow["destinationRanges"] == ["10.200.0.0/16", "10.68.0.0/16", "192.0.2.0/24", "199.36.153.8/30"]
    assert (allow["direction"], allow["allows"]) == ("EGRESS", [{"protocol": "all"}])
    assert (deny["direction"], deny["denies"]) == ("EGRESS", [{"protocol": "all"}])
    assert deny["destinationRanges"] == ["0.0.0.0/0"]
    assert deny["priority"] > allow["priority"]
    assert "logConfig" in deny
    assert allow["targetTags"] == deny["targetTags"] == [f"kf-{CELL}-node"]
    assert "sourceRanges" not in allow


def test_behind_an_allow_list_googles_names_lead_to_addresses_that_are_on_it() -> None:
    made = new(Given(network={"egress": {"allowed_cidrs": ["192.0.2.0/24"]}}))
    zones = {name: r["dnsName"] for name, r in made.items() if "dnsName" in r}
    assert zones == {"googleapis-dns": "googleapis.com.", "gcr-dns": "gcr.io.", "pkg-dns": "pkg.dev."}
    records = {r["name"]: (r["managedZone"], r["rrdatas"]) for r in made.values() if "rrdatas" in r}
    four = [f"199.36.153.{n}" for n in (8, 9, 10, 11)]
    assert records == {
        "private.googleapis.com.": (f"{CELL}-googleapis-dns-id", four),
        "*.googleapis.com.": (f"{CELL}-googleapis-dns-id", ["private.googleapis.com."]),
        "gcr.io.": (f"{CELL}-gcr-dns-id", four),
        "*.gcr.io.": (f"{CELL}-gcr-dns-id", ["gcr.io."]),
        "pkg.dev.": (f"{CELL}-pkg-dns-id", four),
        "*.pkg.dev.": (f"{CELL}-pkg-dns-id", ["pkg.dev."]),
    }


def test_a_public_cell_has_a_public_zone_and_tells_its_name_servers() -> None:
    made = new(Given(network=PUBLIC))
    assert set(made) == {"public-dns", "dns-writer-public", "allow-kafka-clients"}
    assert (made["public-dns"]["visibility"], made["public-dns"]["dnsName"]) == (
        "public",
        f"{CELL}.kafka.example.com.",
    )
    assert "privateVisibilityConfig" not in made["public-dns"]
    assert plan(Given(network=PUBLIC)).told["network"]["name_servers"] == ["ns-cloud-a1.googledomains.com."]
    assert plan().told["network"] == {}


SHARED = "https://www.googleapis.com/compute/v1/projects/acme-kafka-prod/global/networks/shared"
COMPANYS = {"Network", "Subnetwork", "Router", "RouterNat"}


def existing(**network: Any) -> Given:
    return Given(network={"existing": EXISTING, **network})


def kinds(registered: dict[str, Registered]) -> set[str]:
    return {r.type.rsplit(":", 1)[-1] for r in resources(registered)}


def test_in_an_existing_network_nothing_of_the_companys_is_made_again() -> None:
    built = plan(existing())
    made = built.resources
    assert kinds(build()) >= COMPANYS
    assert not COMPANYS & kinds(made)
    assert not [r.name for r in resources(made) if r.name.startswith(f"{CELL}-nat")]
    assert f"{CELL}-flow-logs-sink" not in made
    assert made[f"{CELL}-dns"].inputs["privateVisibilityConfig"]["networks"] == [{"networkUrl": SHARED}]
    assert list(built.network.egress_ips) == []


def test_gke_takes_the_subnetwork_and_the_secondary_ranges_that_are_there() -> None:
    cluster = build(existing())[f"{CELL}-cluster"].inputs
    assert cluster["network"] == "projects/acme-kafka-prod/global/networks/shared"
    assert cluster["subnetwork"] == "projects/acme-kafka-prod/regions/europe-west1/subnetworks/shared-nodes"
    assert cluster["ipAllocationPolicy"]["clusterSecondaryRangeName"] == "shared-pods"
    assert cluster["ipAllocationPolicy"]["servicesSecondaryRangeName"] == "shared-services"
    blocks = {b["cidrBlock"] for b in cluster["masterAuthorizedNetworksConfig"]["cidrBlocks"]}
    assert {"10.140.0.0/20", "10.141.0.0/16"} <= blocks


def test_rules_in_an_existing_network_bind_the_cells_nodes_and_nobody_else() -> None:
    given = existing(egress={"allowed_cidrs": ["192.0.2.0/24"]}, **PRIVATE_LINK)
    rules = [r.inputs for r in resources(build(given)) if "firewall" in r.type]
    assert len(rules) == 7
    assert all(r["network"] == SHARED for r in rules)
    assert all(r["targetTags"] == [f"kf-{CELL}-node"] for r in rules)
    inside = next(r for r in rules if r["name"].endswith("allow-internal"))
    assert {"10.68.0.0/16", "10.140.0.0/20", "10.140.16.0/24", "10.141.0.0/16"} == set(inside["sourceRanges"])


def test_no_name_is_taken_from_others_in_an_existing_network() -> None:
    built = plan(existing(egress={"allowed_cidrs": ["192.0.2.0/24"]}))
    assert f"{CELL}-googleapis-dns" not in built.resources
    assert built.told["network"]["egress"]["instructions"] == [
        "in network shared, make the names of gcr.io, googleapis.com, pkg.dev lead to 199.36.153.8/30"
    ]


def test_a_zone_that_the_network_has_already_is_written_to_and_not_made() -> None:
    given = Given(network={"existing": {**EXISTING, "private_dns_zone": "kafka-internal"}})
    made = build(given)
    assert f"{CELL}-dns" not in made
    assert made[f"{CELL}-dns-writer-private"].inputs["managedZone"] == "kafka-internal"


def test_everything_else_works_in_an_existing_network_too() -> None:
    made = build(dataclasses.replace(EVERYTHING, network={**EVERYTHING.network, "existing": EXISTING}))
    assert made[f"{CELL}-peering-data"].inputs["network"] == SHARED
    assert made[f"{CELL}-hub-spoke"].inputs["linkedVpcNetwork"]["uri"] == SHARED
    lb = "projects/acme-kafka-prod/regions/europe-west1/subnetworks/shared-lb"
    assert made[f"{CELL}-link-orders"].inputs["subnetwork"] == lb
    assert made[f"{CELL}-gateway-address"].inputs["subnetwork"] == lb
    assert made[f"{CELL}-link-nat"].inputs["network"] == SHARED
