"""The objects of a console: its rights, Kafbat's configuration, its start script run with what it calls faked."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.services.access import Access
from components.services.console import settings
from components.services.console.objects import endpoints, objects, port_of

from .console_requests import KSQLDB, LDAP, OAUTH2, OTHERS, request
from .judge import all_refusals

LOGIN = "logins: {ksqldb: {user: console, password: {secret: s, key: k}}}"
ALL: dict[str, Access] = {**OTHERS, "ksqldb": KSQLDB}


def bodies(text: str = "", others: dict[str, Access] | None = None, **more: Any) -> dict[str, dict[str, Any]]:
    return {m.role: dict(m.body) for m in objects(request(text, others, **more))}


def written(text: str = "", others: dict[str, Access] | None = None, **more: Any) -> dict[str, Any]:
    """Kafbat's configuration as it is in the file."""
    found: dict[str, Any] = yaml.safe_load(
        settings.files(request(text, others, **more))[f"{settings.FOLDER}/kafka-ui.yaml"]
    )
    return found


def rights(text: str) -> dict[tuple[str, str], list[str]]:
    acls = bodies(text)["kafka-user"]["spec"]["authorization"]["acls"]
    return {(acl["resource"]["type"], acl["resource"].get("name", "")): acl["operations"] for acl in acls}


@pytest.mark.parametrize("text", ["", "{tls_secret: t, open_to: cell}", LOGIN])
@pytest.mark.parametrize("auth", [OAUTH2, LDAP, " {type: none}"])
def test_every_object_is_accepted_strictly(text: str, auth: str) -> None:
    assert all_refusals(objects(request(text, ALL, auth=auth))) == []


def test_it_sees_everything_and_reads_nothing_by_itself() -> None:
    assert rights("") == {
        ("cluster", ""): ["Describe", "DescribeConfigs"],
        ("topic", "*"): ["Describe", "DescribeConfigs"],
        ("group", "*"): ["Describe"],
    }


def test_data_is_read_and_written_where_the_section_says() -> None:
    text = "{mode: operate, reads: [clicks.], produces: [test.]}"
    found = rights(text)
    assert found[("topic", "clicks.")] == ["Read"]
    assert found[("topic", "test.")] == ["Write"]
    assert found[("group", "*")] == ["Delete", "Describe", "Read"]
    for operations in found.values():
        assert not {"Alter", "AlterConfigs", "Create", "All"} & set(operations)
    assert ("topic", "test.") not in rights("{produces: [test.]}")


def test_all_topics_are_no_prefix() -> None:
    acls = bodies("reads: ['*']")["kafka-user"]["spec"]["authorization"]["acls"]
    assert {acl["resource"]["patternType"] for acl in acls if acl["resource"].get("name") == "*"} == {"literal"}


def test_the_switch_follows_the_mode() -> None:
    assert written()["kafka"]["clusters"][0]["readOnly"] is True
    assert written("mode: operate")["kafka"]["clusters"][0]["readOnly"] is False
    assert written()["dynamic"]["config"]["enabled"] is False


def test_what_the_cluster_has_is_shown() -> None:
    (cluster,) = written(LOGIN, ALL)["kafka"]["clusters"]
    assert cluster["schemaRegistry"].startswith("https://orders-schema-registry")
    assert cluster["kafkaConnect"] == [
        {"name": "orders-connect", "address": "http://orders-connect-api.kafka-orders.svc:8083"}
    ]
    assert cluster["ksqldbServerAuth"] == {"username": "console", "password": "${KSQLDB_PASSWORD}"}
    assert cluster["ssl"]["truststoreLocation"] == settings.STORE
    (alone,) = written()["kafka"]["clusters"]
    assert not {"schemaRegistry", "kafkaConnect", "ksqldbServer", "ssl"} & set(alone)
    ports = {rule["ports"][0]["port"] for rule in bodies("", ALL)["network-policy"]["spec"]["egress"]}
    assert ports == {9093, 8081, 8083, 8088, 8443}


def test_people_log_in() -> None:
    (client,) = written()["auth"]["oauth2"]["client"].values()
    assert client["clientSecret"] == "${LOGIN_SECRET}"
    assert client["custom-params"] == {"type": "oauth", "roles-field": "groups"}
    directory = written(auth=LDAP)
    assert directory["auth"] == {"type": "LDAP"}
    assert directory["spring"]["ldap"]["urls"] == "ldaps://ldap.acme.example"
    assert "admin-user" not in directory["spring"]["ldap"]
    assert written(auth=" {type: none}")["auth"] == {"type": "DISABLED"}
    egress = bodies(auth=LDAP)["network-policy"]["spec"]["egress"]
    assert {"to": [{"ipBlock": {"cidr": "10.9.0.0/24"}}], "ports": [{"protocol": "TCP", "port": 636}]} in egress


def test_roles_name_the_login_s_own_provider() -> None:
    text = """
    roles:
      - name: a
        subjects: [{type: role, value: x}]
        permissions: [{resource: topic, value: 'p.*', actions: [view]}, {resource: acl, actions: [view]}]
    """
    (role,) = written(text)["rbac"]["roles"]
    assert role["subjects"] == [{"provider": "oauth", "type": "role", "value": "x"}]
    assert role["clusters"] == ["orders"]
    assert role["permissions"] == [
        {"resource": "topic", "value": "p.*", "actions": ["view"]},
        {"resource": "acl", "actions": ["view"]},
    ]
    assert "rbac" not in written()


def test_masks_hide_fields_of_keys_and_values() -> None:
    (cluster,) = written("masks: [{topics: 'p.*', fields: [iban]}]")["kafka"]["clusters"]
    assert cluster["masking"] == [
        {"type": "MASK", "fields": ["iban"], "topicKeysPattern": "p.*", "topicValuesPattern": "p.*"}
    ]


def test_tls_is_the_console_s_and_health_needs_none() -> None:
    found = written("tls_secret: t")
    assert found["server"]["ssl"]["certificate"] == "/mnt/tls/tls.crt"
    assert found["management"]["server"] == {"port": 9404, "ssl": {"enabled": False}}
    container = bodies("tls_secret: t")["pods"]["spec"]["template"]["spec"]["containers"][0]
    assert container["readinessProbe"]["httpGet"] == {
        "path": "/actuator/health/readiness",
        "port": 9404,
        "scheme": "HTTP",
    }
    assert endpoints(request("tls_secret: t"))["console"].startswith("https://")


def test_a_client_stays_with_one_pod() -> None:
    assert bodies()["service"]["spec"]["sessionAffinity"] == "ClientIP"


def test_every_password_is_a_reference() -> None:
    variables = bodies(LOGIN, ALL)["pods"]["spec"]["template"]["spec"]["containers"][0]["env"]
    secret = {v["name"] for v in variables if "PASSWORD" in v["name"] or "SECRET" in v["name"]}
    assert secret == {"KAFKA_KEY_STORE_PASSWORD", "KAFKA_TRUST_STORE_PASSWORD", "KSQLDB_PASSWORD", "LOGIN_SECRET"}
    assert all("valueFrom" in v for v in variables if v["name"] in secret)


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("https://a.example", 443),
        ("http://a.example/x:1", 80),
        ("https://a.example:8443/realms/x", 8443),
        ("ldaps://a", 636),
    ],
)
def test_ports_are_read_from_addresses(url: str, port: int) -> None:
    assert port_of(url) == port


def test_the_start_script_gathers_authorities(tmp_path: Path) -> None:
    asked = request("", ALL, auth=OAUTH2 + "  ca_secret: acme\n")
    script = settings.files(asked)[f"{settings.FOLDER}/start.sh"]
    for folder in settings.authorities(asked):
        (tmp_path / folder.lstrip("/")).mkdir(parents=True)
        (tmp_path / folder.lstrip("/") / "ca.crt").touch()
    (tmp_path / "tmp").mkdir()
    (tmp_path / "java/lib/security").mkdir(parents=True)
    (tmp_path / "java/lib/security/cacerts").write_text("public", "utf-8")
    (tmp_path / "bin").mkdir()
    for name in ("keytool", "java"):
        (tmp_path / "bin" / name).write_text(f'#!/bin/sh\necho "{name} $*"\n', "utf-8")
        (tmp_path / "bin" / name).chmod(0o755)
    for folder in ("/tmp/", settings.AUTHORITIES):  # noqa: S108 - the container's
        script = script.replace(folder, f"{tmp_path}{folder}")
    variables = {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "JAVA_HOME": f"{tmp_path}/java", "JAVA_OPTS": "-Xmx1m"}
    done = subprocess.run(["sh", "-c", script], env=variables, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    aliases = {line.split("-alias ")[1].split()[0] for line in lines if line.startswith("keytool")}
    assert aliases == {"schema_registry", "ksqldb", "login"}
    assert lines[-1].startswith("java --add-opens")
    assert "-Xmx1m -Djavax.net.ssl.trustStore=" in lines[-1]
    assert (tmp_path / "tmp/cacerts").read_text("utf-8") == "public"
