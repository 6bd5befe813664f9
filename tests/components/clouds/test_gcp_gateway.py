"""The gateway of a cell on GCP: what GKE is told, where the names lead, and the private link that ends there."""

from typing import Any

import pytest

from tests.components.clouds.gcp_plan import PRIVATE_LINK, PUBLIC, Given, build, plan, resources

CELL = "gcp-euw1-prod"
PORTS = {"gateway": {"broker_ports": "9100-9139"}}


def link(**changed: Any) -> Given:
    offered = {**PRIVATE_LINK["privatelink"], **changed}
    return Given(network={**PRIVATE_LINK, "privatelink": offered})


def gateway_parts(given: Given) -> dict[str, dict[str, Any]]:
    """What the gateway's component registers, by role."""
    return {r.name.removeprefix(f"{CELL}-"): r.inputs for r in resources(build(given)) if r.parent == f"{CELL}-gateway"}


def test_a_gateway_is_an_address_and_the_names_that_lead_to_it() -> None:
    made = gateway_parts(Given(network=PORTS))
    zones = ("europe-west1-b", "europe-west1-c", "europe-west1-d")
    assert set(made) == {"gateway-address", "gateway-wildcard", *(f"gateway-wildcard-{zone}" for zone in zones)}
    address = made["gateway-address"]
    assert (address["addressType"], address["subnetwork"]) == ("INTERNAL", f"{CELL}-lb-id")
    names = {r["name"] for role, r in made.items() if "wildcard" in role}
    assert names == {f"*.{zone}gcp-euw1-prod.kafka.internal." for zone in ("", *(f"{z}." for z in zones))}
    assert all(r["rrdatas"] == ["198.51.100.7"] for role, r in made.items() if "wildcard" in role)
    assert all(r["managedZone"] == f"{CELL}-dns-id" for role, r in made.items() if "wildcard" in role)


def test_gke_makes_an_internal_load_balancer_at_the_reserved_address() -> None:
    built = plan(Given(network=PORTS))
    assert built.gateway is not None
    service = built.gateway.service
    assert (service.type, service.class_name, service.source_ranges) == ("LoadBalancer", "", ())
    assert built.told["service"] == {
        "networking.gke.io/internal-load-balancer-allow-global-access": "true",
        "networking.gke.io/load-balancer-ip-addresses": f"kf-{CELL}-gateway-address",
        "networking.gke.io/load-balancer-subnet": f"{CELL}-lb-id",
        "networking.gke.io/load-balancer-type": "Internal",
    }
    assert built.told["gateway"] == {"address": "198.51.100.7"}
    assert list(built.gateway.objects) == []


def test_a_public_gateway_lets_in_the_named_ranges_at_a_public_address() -> None:
    given = Given(network={**PUBLIC, **PORTS})
    built, made = plan(given), gateway_parts(given)
    assert built.gateway is not None
    assert built.gateway.service.source_ranges == ("198.51.100.0/28", "203.0.113.0/24")
    assert built.told["service"] == {
        "cloud.google.com/l4-rbs": "enabled",
        "networking.gke.io/load-balancer-ip-addresses": f"kf-{CELL}-gateway-address",
    }
    assert made["gateway-address"]["addressType"] == "EXTERNAL"
    assert "subnetwork" not in made["gateway-address"]
    assert made["gateway-wildcard"]["name"] == "*.gcp-euw1-prod.kafka.example.com."
    assert made["gateway-wildcard"]["managedZone"] == f"{CELL}-public-dns-id"


def test_a_private_link_has_a_subnetwork_for_its_nat_and_is_let_in() -> None:
    made = gateway_parts(link())
    assert made["link-nat"]["purpose"] == "PRIVATE_SERVICE_CONNECT"
    assert made["link-nat"]["ipCidrRange"] == "10.68.154.0/24"
    rule = made["allow-link"]
    assert rule["sourceRanges"] == ["10.68.154.0/24"]
    assert rule["allows"] == [{"protocol": "tcp", "ports": ["443", "9100-9139"]}]
    assert rule["targetTags"] == [f"kf-{CELL}-node"]


def test_gke_is_told_to_attach_a_service_for_the_consumers_and_nobody_else() -> None:
    built = plan(link())
    assert built.gateway is not None
    (attachment,) = built.told["objects"]
    assert attachment == {
        "apiVersion": "networking.gke.io/v1",
        "kind": "ServiceAttachment",
        "metadata": {"name": "kafka-gateway", "namespace": "kafka-gateway"},
        "spec": {
            "connectionPreference": "ACCEPT_MANUAL",
            "natSubnets": [f"kf-{CELL}-link-nat"],
            "proxyProtocol": False,
            "reconcileConnections": True,
            "resourceRef": {"kind": "Service", "name": "kafka-gateway"},
            "consumerAllowList": [
                {"project": "acme-data", "connectionLimit": 10},
                {"project": "acme-web", "connectionLimit": 10},
            ],
        },
    }
    assert built.gateway.objects[0].protect


@pytest.mark.parametrize("accepted", [(), ("acme-web",)])
def test_with_manual_acceptance_only_the_accepted_are_on_the_list(accepted: tuple[str, ...]) -> None:
    (attachment,) = plan(link(acceptance="manual", accepted=accepted, connections_per_consumer=3)).told["objects"]
    assert attachment["spec"]["consumerAllowList"] == [{"project": each, "connectionLimit": 3} for each in accepted]


def test_people_are_told_how_to_find_the_name_that_gke_makes() -> None:
    assert plan(link()).told["gateway"]["service"] == (
        "gcloud compute service-attachments list --project=acme-kafka-prod --regions=europe-west1 "
        f"--filter=natSubnets:kf-{CELL}-link-nat --format='value(selfLink.scope(v1))'"
    )


def test_what_others_are_connected_to_is_protected_in_production() -> None:
    made = build(link())
    assert made[f"{CELL}-gateway-address"].protect
    assert made[f"{CELL}-link-nat"].protect
