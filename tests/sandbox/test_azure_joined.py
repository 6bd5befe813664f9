"""The stock engine joins cells on Azure to a company's networks and to one another, against the Azure model."""

from collections.abc import Iterator
from typing import Any

import pytest

from components.clouds.contract import LinkRequest
from tests.engine.harness import Engine
from tests.sandbox.azure_cell import COMPANY, OTHER, SHARED, SUBSCRIPTION, company, identity, program, shared

OFFICE = f"{COMPANY}/virtualNetworks/office"
JOINED: dict[str, Any] = {
    "reachability": "hub",
    "hub": {"id": f"{COMPANY}/virtualHubs/hub", "cidrs": ["192.168.0.0/16"]},
    "peerings": {"office": {"network": OFFICE, "cidrs": ["10.90.0.0/16"], "side": "both"}},
}
OFFERED: dict[str, Any] = {
    "reachability": "privatelink",
    "privatelink": {"consumers": [OTHER]},
    "gateway": {"broker_ports": "9100-9109"},
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    made = Engine(tmp_path_factory.mktemp("joined"))
    assert (result := made.run(company, "up", "company")).ok, result.text
    yield made
    made.close()


def test_a_cell_is_joined_to_a_network_and_a_hub_of_another_subscription(engine: Engine) -> None:
    joined = program(identity("joined", zones=1), network=JOINED)
    made = engine.run(joined, "up", "joined")
    assert made.ok, made.text
    assert set(engine.run(joined, "up", "joined").summary) == {"same"}
    assert made.outputs["told"]["hub"]["attachment"].startswith(f"{COMPANY}/virtualHubs/hub/hubVirtualNetwork")
    assert "virtualNetworkPeerings" in made.outputs["told"]["peerings"]["office"]["id"]
    overlapping = program(identity("second", zones=1), network=JOINED)
    refused = engine.run(overlapping, "up", "second")
    assert "VnetAddressSpaceOverlapsWithAlreadyPeeredVnet" in refused.text
    gone = engine.run(joined, "destroy", "joined")
    assert gone.ok, gone.text


def test_a_cell_consumes_the_private_link_of_another(engine: Engine) -> None:
    gives = engine.run(program(identity("gives", zones=1), network=OFFERED), "up", "gives")
    assert gives.ok, gives.text
    service = gives.outputs["gateway"]["service"]
    assert service.startswith(f"/subscriptions/{SUBSCRIPTION}/")
    links = {"gives": LinkRequest(service=service, dns_zone="gives.kafka.internal")}
    consumes = {"links": {"gives": {"service": service, "cell": "gives"}}}
    takes = program(identity("takes", zones=1, account=OTHER), network=consumes, links=links)
    made = engine.run(takes, "up", "takes")
    assert made.ok, made.text
    assert set(engine.run(takes, "up", "takes").summary) == {"same"}
    unlisted = program(
        identity("unlisted", zones=1, account="33333333-2222-3333-4444-555555555555"), network=consumes, links=links
    )
    refused = engine.run(unlisted, "up", "unlisted")
    assert "DoesNotExistOrIsNotVisible" in refused.text


def test_a_public_cell_has_names_of_the_internet(engine: Engine) -> None:
    open_to = {"reachability": "public", "allowed_cidrs": ["203.0.113.0/24"], "gateway": {}}
    made = engine.run(program(identity("open", zones=1), network=open_to), "up", "open")
    assert made.ok, made.text
    assert len(made.outputs["told"]["name_servers"]) == 4
    assert made.outputs["gateway"]["address"].startswith("20.")


def test_a_cell_stands_in_a_network_that_is_there_already(engine: Engine) -> None:
    assert (result := engine.run(shared, "up", "shared")).ok, result.text
    subnets = {
        "nodes": {"id": f"{SHARED}/subnets/nodes", "cidr": "10.70.0.0/24"},
        "load_balancers": {"id": f"{SHARED}/subnets/front", "cidr": "10.70.1.0/26"},
    }
    existing = {"network": SHARED, "zones": {"westeurope-1": subnets}, "services": "10.71.0.0/20"}
    stands = program(identity("stands", zones=1), network={**OFFERED, "existing": existing})
    made = engine.run(stands, "up", "stands")
    assert made.ok, made.text
    assert set(engine.run(stands, "up", "stands").summary) == {"same"}
    assert not [name for name in made.steps if name.endswith(("virtual-network", "routes"))]
    refused = engine.run(shared, "destroy", "shared")
    assert "InUseSubnetCannotBeDeleted" in refused.text


def test_a_cell_that_may_not_go_everywhere_says_so_in_rules_that_azure_takes(engine: Engine) -> None:
    tight = {
        "reachability": "peering",
        "egress": {"allowed_cidrs": ["198.51.100.0/24"]},
        "peerings": {"office": {"network": OFFICE, "cidrs": ["10.90.0.0/16"], "side": "ours"}},
    }
    made = engine.run(program(identity("tight", zones=1), network=tight), "up", "tight")
    assert made.ok, made.text
    assert made.outputs["told"]["peerings"]["office"]["state"] == "Initiated"
