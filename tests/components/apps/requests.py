"""App requests, as the spine would make them, from short YAML."""

from pathlib import Path
from typing import Any

import yaml

from components.apps.contract import AppRequest
from components.apps.spec import AppSpec
from components.services.contract import ServiceRequest
from tests.components.services.requests import request as kafka

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
) -> AppRequest:
    """An app on cluster `orders`; it owns `<name>.` where the text says nothing about prefixes."""
    given: dict[str, Any] = (yaml.safe_load(text) or {}) if isinstance(text, str) else text
    return AppRequest(
        app=name,
        team="payments",
        production=production,
        spec=AppSpec.model_validate({"cluster": "orders", "prefixes": [f"{name}."], **given}),
        kafka=cluster or kafka(production=production),
        annotations={"kafka-fleet/owner": "payments"},
    )
