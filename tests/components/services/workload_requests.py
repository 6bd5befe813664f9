"""Requests for services that stand beside a Kafka, as the spine would make them, from short YAML."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from components import catalog
from components.services.access import Access, KafkaAccess
from components.services.contract import Place, ServiceRequest

from .requests import PUBLIC
from .requests import request as kafka_request

ROOT = Path(__file__).parents[3]

KAFKA = KafkaAccess(
    cluster="orders",
    namespace="kafka-orders",
    bootstrap="orders-kafka-bootstrap.kafka-orders.svc:9093",
    ca_secret="orders-cluster-ca-cert",  # noqa: S106 - the name of a Secret
    version="4.3.1",
    brokers=3,
    replication=3,
    min_insync=2,
)


def asked(
    key: str,
    text: str = "",
    *,
    place: Place = PUBLIC,
    production: bool = True,
    published: Mapping[str, Access] | None = None,
    offered: bool = False,
) -> ServiceRequest:
    """A request for a service of cluster `orders`, its owner's defaults beneath what `text` says."""
    owner: dict[str, Any] = yaml.safe_load((ROOT / "fleet" / "services" / f"{key}.yaml").read_text("utf-8"))
    given: dict[str, Any] = {**owner["defaults"], **(yaml.safe_load(text) or {})}
    spec = catalog.spec_of(catalog.services()[key]).model_validate(given)
    return replace(
        kafka_request(place=place, production=production),
        spec=spec,
        services={key: spec},
        published={"kafka": KAFKA, **(published or {})},
        offered_as_a_service=offered,
    )


def example(key: str, name: str) -> str:
    """The section of a service in one of its examples, as YAML."""
    file = ROOT / "components" / "services" / key / "examples" / f"{name}.yaml"
    return yaml.safe_dump(yaml.safe_load(file.read_text("utf-8"))["services"][key])
