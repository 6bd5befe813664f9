"""The limits of app and service stacks on a real API server: everything that they need passes, nothing beyond it.

The admission policies and roles are the ones that a cell's stack makes; who asks is the principal that they limit.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from components.apps.objects import objects
from components.platform.objects import manifests
from sandbox.kube.client import ApiError, Client
from sandbox.kube.servers import Servers
from tests.components import test_app_limits as limits
from tests.components.apps.requests import app, example
from tests.components.test_platform import APIS, PREVIEW, REQUEST, SERVICES
from tests.components.test_rights import GIVEN

pytestmark = pytest.mark.xdist_group("kubernetes-limits")

APPS_USER = "apps@project.example.com"
SECONDS = 30


def _plain(body: Any) -> Any:
    return json.loads(json.dumps(body))


def _namespace(name: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """An API server with a cell's platform in it, and the namespaces of two clusters."""
    servers = Servers(tmp_path_factory.mktemp("limits"))
    try:
        client = servers.client(1, "cell-1")
        for manifest in manifests(replace(REQUEST, apis=APIS)):
            client.apply(_plain(manifest.body))
        for name in sorted({"kafka-orders", "shop", *(body["metadata"]["namespace"] for body in GIVEN)}):
            client.apply(_namespace(name))
        _wait_for_the_policies(client)
        yield client
    finally:
        servers.stop()


def _wait_for_the_policies(client: Client) -> None:
    """An API server takes note of a new policy after some seconds; a cell's clusters come minutes after it."""
    outside = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "probe", "namespace": "shop"}}
    role = _plain(limits.change(limits.ROLE, limits.EVIL["role with a wildcard"][1]))
    principals = [client.acting_as(APPS_USER), client.acting_as("ci", SERVICES)]
    end = time.monotonic() + SECONDS
    for principal in principals:
        for body in (outside, role):
            while not _refusal(principal, body):
                assert time.monotonic() < end, "the policies are not in force"
                time.sleep(0.2)


def _refusal(principal: Client, body: Any) -> str:
    try:
        principal.apply(_plain(body), dry_run=True)
    except ApiError as error:
        return error.message
    return ""


# The API server itself refuses these, before it asks a policy.
ITS_OWN = {"binding of a cluster role", "push of everything at once", "store with a token"}


@pytest.mark.parametrize("what", sorted(limits.EVIL))
def test_every_way_to_a_secret_is_refused(server: Client, what: str) -> None:
    role, turn = limits.EVIL[what]
    told = _refusal(server.acting_as(APPS_USER), limits.change(role, turn))
    assert told
    assert ("kafka-fleet-app-limits" in told) != (what in ITS_OWN), told


def test_everything_that_apps_have_passes(server: Client) -> None:
    principal = server.acting_as(APPS_USER)
    made = [_plain(manifest.body) for manifest in objects(app(example("full")))]
    for body in made:
        principal.apply(body)
        principal.apply(body)
    for body in reversed(made):
        principal.delete(body)


def test_apps_read_no_secret(server: Client) -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "orders.api", "namespace": "kafka-orders"}}
    with pytest.raises(ApiError, match="cannot get resource"):
        server.acting_as(APPS_USER).call("GET", server.path(secret))


def test_services_give_what_they_must_and_no_key_of_an_authority(server: Client) -> None:
    principal = server.acting_as("ci", SERVICES)
    for body in GIVEN:
        principal.apply(_plain(body))
    evil = _plain(next(body for body in GIVEN if body["kind"] == "Role"))
    evil["rules"][0]["resourceNames"] = ["orders-cluster-ca"]
    assert "no key of a certificate authority" in _refusal(principal, evil)


SEEN = [*(manifest.body for manifest in manifests(replace(REQUEST, apis=APIS))), *GIVEN]


@pytest.mark.parametrize("body", SEEN, ids=lambda body: f"{body['kind']} {body['metadata']['name']}")
def test_a_preview_reads_everything_and_changes_nothing(server: Client, body: dict[str, Any]) -> None:
    principal = server.acting_as("ci", PREVIEW)
    there = principal.get(body)
    assert there == server.get(body)
    # With this answer the provider compares by itself.
    for dry_run in (True, False):
        with pytest.raises(ApiError) as refused:
            principal.apply(_plain(body), dry_run=dry_run)
        assert refused.value.status == 403
    with pytest.raises(ApiError, match="cannot delete resource"):
        principal.delete(body)
    assert server.get(body) == there


def test_a_preview_reads_no_secret(server: Client) -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "orders.api", "namespace": "kafka-orders"}}
    with pytest.raises(ApiError, match="cannot get resource"):
        server.acting_as("ci", PREVIEW).call("GET", server.path(secret))
