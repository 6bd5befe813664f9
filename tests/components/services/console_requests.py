"""Requests for the console service, as the spine would make them, from short YAML."""

from dataclasses import replace
from typing import Any

import yaml

from components.services.access import Access, HttpAccess
from components.services.console.spec import ConsoleSpec
from components.services.contract import ServiceRequest

from . import requests
from .ksqldb_requests import CONNECT, KAFKA, REGISTRY

KSQLDB = HttpAccess(
    name="orders-ksqldb",
    url="https://orders-ksqldb.kafka-orders.svc:8088",
    pods={"app.kubernetes.io/name": "orders-ksqldb"},
    ca_secret="ksqldb-tls",  # noqa: S106 - the name of a Secret
    facts={"authentication": "basic"},
)
OTHERS: dict[str, Access] = {"connect": CONNECT, "schema_registry": REGISTRY}

OAUTH2 = """
  type: oauth2
  cidrs: [198.51.100.0/24]
  oauth2:
    client_id: kafka
    client_secret: {secret: login, key: secret}
    issuer: https://login.acme.example:8443/realms/acme
    roles_claim: groups
"""
LDAP = """
  type: ldap
  cidrs: [10.9.0.0/24]
  ldap: {url: "ldaps://ldap.acme.example", search_base: dc=acme, group_search_base: ou=groups}
"""


def request(
    text: str = "", others: dict[str, Access] | None = None, *, auth: str = OAUTH2, production: bool = True
) -> ServiceRequest:
    """A request for the console of cluster `orders`; version, licence and login are filled in where left out."""
    plain: dict[str, Any] = {"version": "1.5.0", "licence": "apache-2.0", **yaml.safe_load(f"auth:{auth}")}
    return replace(
        requests.request(production=production),
        spec=ConsoleSpec.model_validate({**plain, **(yaml.safe_load(text) or {})}),
        published={"kafka": KAFKA, **(others or {})},
    )
