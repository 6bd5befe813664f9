"""The GCP cell under the stock engine, against the sandbox's GCP: made in each form, same again, taken down."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import pulumi
import pulumi_gcp as gcp
import pytest

from tests.components.clouds import gcp_plan
from tests.components.clouds.gcp_plan import DATA, EXISTING, IDENTITY, JOINED, PRIVATE_LINK, PUBLIC, ROBOT, Given
from tests.engine.harness import Engine

DEV = dataclasses.replace(IDENTITY, production=False)
LINK_ROLES = ("compute", "dns")


def cell(given: Given) -> Callable[[], None]:
    """A program that makes one cell and tells what people are told."""

    def program() -> None:
        built = gcp_plan.cell(given)
        pulumi.export("network", dict(built.network.told))
        pulumi.export("gateway", dict(built.gateway.told) if built.gateway else {})

    return program


def others() -> None:
    """Networks of other teams, each in a project of its own: what a cell is joined to."""
    for name in ("data", "apps"):
        project = f"acme-{name}"
        there = gcp.Provider(project, project=project, region="europe-west1", add_pulumi_attribution_label=False)
        options = pulumi.ResourceOptions(provider=there)
        enabled = [
            gcp.projects.Service(
                f"{name}-{api}",
                project=project,
                service=f"{api}.googleapis.com",
                disable_on_destroy=False,
                opts=options,
            )
            for api in LINK_ROLES
        ]
        gcp.compute.Network(
            name,
            project=project,
            name=name,
            auto_create_subnetworks=False,
            opts=pulumi.ResourceOptions(provider=there, depends_on=enabled),
        )


def shared() -> None:
    """A network that the cell's project has already, with a subnetwork for nodes and one for load balancers."""
    project = EXISTING["network"].split("/")[1]
    here = gcp.Provider(project, project=project, region="europe-west1", add_pulumi_attribution_label=False)
    options = pulumi.ResourceOptions(provider=here)
    enabled = gcp.projects.Service(
        "compute", project=project, service="compute.googleapis.com", disable_on_destroy=False, opts=options
    )
    network = gcp.compute.Network(
        "shared",
        project=project,
        name="shared",
        auto_create_subnetworks=False,
        opts=pulumi.ResourceOptions(provider=here, depends_on=[enabled]),
    )
    subnets = EXISTING["zones"]["europe-west1-b"]
    inner = [
        gcp.compute.SubnetworkSecondaryIpRangeArgs(range_name=EXISTING[f"{kind}_name"], ip_cidr_range=EXISTING[kind])
        for kind in ("pods", "services")
    ]
    for role in ("nodes", "load_balancers"):
        gcp.compute.Subnetwork(
            role,
            project=project,
            region="europe-west1",
            name=subnets[role]["id"],
            network=network.self_link,
            ip_cidr_range=subnets[role]["cidr"],
            private_ip_google_access=True,
            secondary_ip_ranges=inner if role == "nodes" else [],
            opts=options,
        )


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    made = Engine(tmp_path_factory.mktemp("gcp-cell"))
    yield made
    made.close()


def applied(engine: Engine, given: Given, name: str) -> dict[str, Any]:
    """Apply a cell, apply it again to no effect; its outputs."""
    preview = engine.run(cell(given), "preview", name)
    assert preview.ok, preview.text
    created = engine.run(cell(given), "up", name)
    assert created.ok, created.text
    assert created.summary == preview.summary
    again = engine.run(cell(given), "up", name)
    assert again.ok, again.text
    assert set(again.summary) == {"same"}
    return created.outputs


def destroyed(engine: Engine, given: Given, name: str) -> None:
    gone = engine.run(cell(given), "destroy", name)
    assert gone.ok, gone.text
    assert set(gone.summary) == {"delete"}


def test_a_plain_cell_is_made_once_and_taken_down(engine: Engine) -> None:
    given = Given(identity=dataclasses.replace(DEV, cell="gcp-plain"), api="private")
    assert applied(engine, given, "plain") == {"network": {}, "gateway": {}}
    destroyed(engine, given, "plain")


def test_a_public_cell_has_names_and_addresses_on_the_internet(engine: Engine) -> None:
    given = Given(identity=dataclasses.replace(DEV, cell="gcp-public"), network={**PUBLIC, "gateway": {}})
    told = applied(engine, given, "public")
    assert len(told["network"]["name_servers"]) == 4
    assert not told["gateway"]["address"].startswith("10.")
    destroyed(engine, given, "public")


def test_a_cell_with_everything_is_joined_from_both_sides(engine: Engine) -> None:
    assert engine.run(others, "up", "others").ok
    given = Given(identity=dataclasses.replace(DEV, cell="gcp-joined"), network={**JOINED, **PRIVATE_LINK})
    told = applied(engine, given, "joined")
    refreshed = engine.run(cell(given), "refresh", "joined")
    assert refreshed.ok, refreshed.text
    states = {
        r["urn"].rsplit("::", 1)[-1]: r["outputs"]["state"]
        for r in engine.export("joined")["resources"]
        if r["type"] == "gcp:compute/networkPeering:NetworkPeering"
    }
    assert states == {
        "gcp-joined-peering-data": "ACTIVE",
        "gcp-joined-peering-data-theirs": "ACTIVE",
        "gcp-joined-peering-apps": "INACTIVE",
    }
    assert set(told["network"]["peerings"]) == {"apps", "data"}
    assert told["network"]["hub"]["id"].endswith("/hubs/kf-gcp-joined")
    assert told["gateway"]["address"].startswith("10.68.128.")
    destroyed(engine, given, "joined")


def test_a_peering_of_ranges_that_overlap_is_refused_when_its_second_end_stands(engine: Engine) -> None:
    def overlapping() -> None:
        there = gcp.Provider("there", project="acme-data", region="europe-west1", add_pulumi_attribution_label=False)
        gcp.compute.Subnetwork(
            "clash",
            project="acme-data",
            region="europe-west1",
            name="clash",
            network=DATA,
            ip_cidr_range="10.68.4.0/24",
            opts=pulumi.ResourceOptions(provider=there),
        )

    assert engine.run(others, "up", "others").ok
    assert engine.run(overlapping, "up", "clash").ok
    peerings = {"data": {**JOINED["peerings"]["data"], "principal": ROBOT}}
    given = Given(identity=dataclasses.replace(DEV, cell="gcp-clash"), network={"peerings": peerings})
    refused = engine.run(cell(given), "up", "clashing")
    assert not refused.ok
    assert "overlap" in refused.text
    destroyed(engine, given, "clashing")
    assert engine.run(overlapping, "destroy", "clash").ok


def test_a_cell_stands_in_a_network_of_the_companys(engine: Engine) -> None:
    assert engine.run(shared, "up", "shared").ok
    network = {**PRIVATE_LINK, "existing": EXISTING, "egress": {"allowed_cidrs": ["192.0.2.0/24"]}}
    given = Given(identity=dataclasses.replace(DEV, cell="gcp-shared"), network=network)
    told = applied(engine, given, "tenant")
    assert told["gateway"]["address"].startswith("10.140.16.")
    destroyed(engine, given, "tenant")
    gone = engine.run(shared, "destroy", "shared")
    assert gone.ok, gone.text
