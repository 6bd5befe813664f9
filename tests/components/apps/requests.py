"""App requests, as the spine would make them, from short YAML."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from components.apps.contract import AppRequest
from components.apps.spec import AppSpec
from components.services.access import HttpAccess
from components.services.contract import ServiceRequest
from tests.components.services.requests import request as kafka

TODAY = date(2026, 12, 5)
"""On this day both generations of the full example exist."""

APIS = ("external-secrets.io/v1", "external-secrets.io/v1alpha1")
CONNECT = HttpAccess(
    name="orders-connect",
    url="http://orders-connect-connect-api.kafka-orders.svc:8083",
    pods={"strimzi.io/name": "orders-connect-connect"},
    facts={"service_account": "orders-connect-connect", "secret_provider": "secrets"},
)
REGISTRY = HttpAccess(
    name="orders-schema-registry",
    url="https://orders-schema-registry.kafka-orders.svc:8081",
    pods={"app.kubernetes.io/name": "orders-schema-registry"},
    ca_secret="orders-cluster-ca-cert",  # noqa: S106 - the name of a Secret
)
EXAMPLES = Path(__file__).parents[3] / "components" / "apps" / "examples"


def example(name: str) -> dict[str, Any]:
    """An example app as plain values."""
    found: dict[str, Any] = yaml.safe_load((EXAMPLES / f"{name}.yaml").read_text("utf-8"))
    return found


def app(
    text: str | dict[str, Any] = "",
    name: str = "orders",
    *,
    production: bool = True,
    cluster: ServiceRequest | None = None,
    today: date = TODAY,
    connect: HttpAccess | None = CONNECT,
    registry: HttpAccess | None = REGISTRY,
) -> AppRequest:
    """An app on cluster `orders`; it owns `<name>.` where the text says nothing about prefixes."""
    given: dict[str, Any] = (yaml.safe_load(text) or {}) if isinstance(text, str) else text
    on = cluster or kafka(production=production)
    if cluster is None:
        on = replace(on, place=replace(on.place, apis=APIS))
    return AppRequest(
        app=name,
        team="payments",
        production=production,
        spec=AppSpec.model_validate({"cluster": "orders", "prefixes": [f"{name}."], **given}),
        kafka=on,
        annotations={"kafka-fleet/owner": "payments"},
        today=today,
        connect=connect,
        schema_registry=registry,
    )
