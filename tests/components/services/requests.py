"""Requests for the kafka service, as the spine would make them, from short YAML."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from components.clouds.aws import ENTRY
from components.services.contract import Place, ServiceRequest
from components.services.kafka.spec import KafkaSpec

EXAMPLES = Path(__file__).parents[3] / "components" / "services" / "kafka" / "examples"

PUBLIC = Place(
    cell="aws-euw1-prod",
    cloud="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b", "eu-west-1c"),
    machine="r7g.xlarge",
    kafka_nodes_per_zone=6,
    storage_classes=("kafka", "kafka-fast"),
    reachability="public",
    allowed_cidrs=("198.51.100.0/24", "203.0.113.0/24"),
    dns_zone="aws-euw1-prod.kafka.internal",
    operator_version="1.2.0",
    load_balancers=ENTRY.load_balancers,
    fan_out="lb-per-broker",
    ways=ENTRY.ways,
    public_dns_zone="aws-euw1-prod.kafka.example.com",
    client_cidrs=("198.51.100.0/24", "203.0.113.0/24"),
    inside=("10.0.0.0/16",),
)
PRIVATE = replace(PUBLIC, reachability="private", allowed_cidrs=(), public_dns_zone="", client_cidrs=())
GATEWAY = replace(PRIVATE, gateway=True, broker_ports=(9100, 9139))
"""A private cell that has a gateway too."""
HUB = replace(GATEWAY, reachability="hub", client_cidrs=("10.200.0.0/16",))
LINKED = replace(GATEWAY, reachability="privatelink", fan_out="sni")

ANNOTATIONS = {"kafka-fleet/owner": "payments", "kafka-fleet/cost-center": "CC-1001"}


def section(text: str) -> KafkaSpec:
    """A kafka section from YAML; version and size are filled in where it has none."""
    given: dict[str, Any] = yaml.safe_load(text) or {}
    return KafkaSpec.model_validate({"version": "4.3.1", "size": {"name": "small"}, **given})


def example(name: str) -> dict[str, Any]:
    """The kafka section of an example, as plain values."""
    document = yaml.safe_load((EXAMPLES / f"{name}.yaml").read_text("utf-8"))
    found: dict[str, Any] = document["services"]["kafka"]
    return found


def request(
    spec: KafkaSpec | str = "", place: Place = PUBLIC, *, production: bool = True, cluster: str = "orders"
) -> ServiceRequest:
    """A request for the kafka of cluster `orders` of team payments."""
    body = section(spec) if isinstance(spec, str) else spec
    return ServiceRequest(
        cluster=cluster,
        namespace=f"kafka-{cluster}",
        team="payments",
        environment="prod" if production else "dev",
        production=production,
        place=place,
        spec=body,
        services={"kafka": body},
        annotations=ANNOTATIONS,
    )
