"""Requests for the ksqldb service, as the spine would make them, from short YAML."""

from dataclasses import replace
from typing import Any

import yaml

from components.services.access import Access, HttpAccess, KafkaAccess
from components.services.contract import ServiceRequest
from components.services.ksqldb.spec import KsqlDbSpec

from . import requests

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
REGISTRY = HttpAccess(
    name="orders-schema-registry",
    url="https://orders-schema-registry.kafka-orders.svc:8081",
    pods={"app.kubernetes.io/name": "orders-schema-registry"},
    ca_secret="registry-tls",  # noqa: S106 - the name of a Secret
)
CONNECT = HttpAccess(
    name="orders-connect",
    url="http://orders-connect-api.kafka-orders.svc:8083",
    pods={"strimzi.io/cluster": "orders-connect"},
)
TLS = "tls: {secret: ksqldb-tls, password_secret: stores}"
AUTH = "auth: {users_secret: users, roles: [analyst]}"


def request(text: str = "", others: dict[str, Access] | None = None, *, production: bool = True) -> ServiceRequest:
    """A request for the ksqlDB of cluster `orders`; version and licence are filled in where the text has none."""
    given: dict[str, Any] = {"version": "8.2.0", "licence": "confluent-community", **(yaml.safe_load(text) or {})}
    return replace(
        requests.request(production=production),
        spec=KsqlDbSpec.model_validate(given),
        published={"kafka": KAFKA, **(others or {})},
    )
