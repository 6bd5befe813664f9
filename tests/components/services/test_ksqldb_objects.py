"""The objects of a ksqlDB: its rights, its settings, and a start script that is run here with what it calls faked."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from components.services.ksqldb import settings
from components.services.ksqldb.objects import endpoints, objects, publish
from components.services.ksqldb.telemetry import telemetry

from .judge import all_refusals
from .ksqldb_requests import AUTH, CONNECT, REGISTRY, TLS, request

INTERACTIVE = f"mode: {{{TLS}, {AUTH}, open_to: cell}}"
HEADLESS = "mode: {queries: 'CREATE STREAM a (b STRING) WITH (kafka_topic=''clicks.a'', value_format=''JSON'');'}"


def bodies(text: str = "", **more: Any) -> dict[str, dict[str, Any]]:
    return {m.role: dict(m.body) for m in objects(request(text, **more))}


def properties(text: str = "", **more: Any) -> dict[str, str]:
    lines = settings.files(request(text, **more))[f"{settings.FOLDER}/ksqldb.properties"].splitlines()
    return dict(line.split("=", 1) for line in lines)


@pytest.mark.parametrize("text", ["", INTERACTIVE, HEADLESS])
def test_every_object_is_accepted_strictly(text: str) -> None:
    assert all_refusals(objects(request(text, {"schema_registry": REGISTRY, "connect": CONNECT}))) == []


def test_its_user_may_do_what_it_needs_and_no_more() -> None:
    acls = bodies("reads: [clicks.]\nwrites: [clicks., totals.]\noutput_prefix: out.")["kafka-user"]["spec"][
        "authorization"
    ]["acls"]
    rights = {
        (acl["resource"]["type"], acl["resource"].get("name", ""), acl["resource"].get("patternType", "")): acl[
            "operations"
        ]
        for acl in acls
    }
    own = ["All"]
    both = ["Create", "Describe", "DescribeConfigs", "Read", "Write"]
    assert rights == {
        ("cluster", "", ""): ["Describe", "DescribeConfigs"],
        ("topic", "_confluent-ksql-orders_", "prefix"): own,
        ("group", "_confluent-ksql-orders_", "prefix"): own,
        ("topic", "out.", "prefix"): own,
        ("topic", "clicks.", "prefix"): both,
        ("topic", "totals.", "prefix"): ["Create", "Describe", "DescribeConfigs", "Write"],
        ("transactionalId", "_confluent-ksql-orders_", "prefix"): ["Describe", "Write"],
        ("transactionalId", "orders_", "literal"): ["Describe", "Write"],
    }


def test_state_is_on_a_protected_volume_of_the_chosen_class() -> None:
    (pods,) = [m for m in objects(request("{disk_gib: 40, storage_class: kafka-fast}")) if m.role == "pods"]
    assert pods.protect
    (claim,) = pods.body["spec"]["volumeClaimTemplates"]
    assert claim["spec"]["storageClassName"] == "kafka-fast"
    assert claim["spec"]["resources"]["requests"]["storage"] == "40Gi"
    mounts = pods.body["spec"]["template"]["spec"]["containers"][0]["volumeMounts"]
    (data,) = [m["mountPath"] for m in mounts if m["name"] == "data"]
    assert properties()["ksql.streams.state.dir"].startswith(f"{data}/")


def test_every_kafka_client_shows_the_user_s_certificate_and_the_api_another() -> None:
    found = properties(INTERACTIVE)
    for prefix in settings.KAFKA_PREFIXES:
        assert found[f"{prefix}security.protocol"] == "SSL"
        assert found[f"{prefix}ssl.keystore.location"] == "/mnt/kafka-user/user.p12"
        assert found[f"{prefix}ssl.truststore.type"] == "PKCS12"
    assert found["ssl.keystore.location"] == "/mnt/tls/keystore.p12"
    assert found["listeners"].startswith("https://")


def test_no_password_is_in_an_object() -> None:
    for body in bodies(INTERACTIVE).values():
        assert "password=" not in str(body).replace("ssl.keystore.password ", "")
    variables = bodies(INTERACTIVE)["pods"]["spec"]["template"]["spec"]["containers"][0]["env"]
    assert all("valueFrom" in variable for variable in variables if "PASSWORD" in variable["name"])


def test_what_the_cluster_has_is_used() -> None:
    found = properties("", others={"schema_registry": REGISTRY, "connect": CONNECT})
    assert found["ksql.schema.registry.url"] == REGISTRY.url
    assert found["ksql.connect.url"] == CONNECT.url
    alone = properties("")
    assert not [key for key in alone if "registry" in key or "connect.url" in key]
    policy = bodies("", others={"schema_registry": REGISTRY, "connect": CONNECT})["network-policy"]["spec"]
    ports = [rule["ports"][0]["port"] for rule in policy["egress"]]
    assert {8081, 8083, 9093} <= set(ports)


def test_a_headless_one_has_no_api() -> None:
    asked = request(HEADLESS)
    assert endpoints(asked) == {}
    assert publish(asked).url == ""
    found = properties(HEADLESS)
    assert found["ksql.queries.file"] in settings.files(asked)
    assert "listeners" not in found
    container = bodies(HEADLESS)["pods"]["spec"]["template"]["spec"]["containers"][0]
    assert container["livenessProbe"]["httpGet"] == {"path": "/metrics", "port": 9404, "scheme": "HTTP"}
    ingress = bodies(HEADLESS)["network-policy"]["spec"]["ingress"]
    assert {"podSelector": {}} not in [peer for rule in ingress for peer in rule["from"]]


def test_copies_follow_the_cluster_and_the_section() -> None:
    found = properties("{replicas: 4, standby_replicas: 2, processing_guarantee: at_least_once}")
    assert found["ksql.internal.topic.replicas"] == found["ksql.streams.replication.factor"] == "3"
    assert found["ksql.internal.topic.min.insync.replicas"] == "2"
    assert found["ksql.streams.num.standby.replicas"] == "2"
    assert found["ksql.streams.processing.guarantee"] == "at_least_once"
    assert found["ksql.heartbeat.enable"] == "true"
    assert "ksql.heartbeat.enable" not in properties("{standby_replicas: 0}")


def test_settings_reach_the_server() -> None:
    found = properties("{streams: {num.stream.threads: 4}, config: {ksql.x: 'a\\b'}, service_id: fraud_}")
    assert found["ksql.streams.num.stream.threads"] == "4"
    assert found["ksql.x"] == "a\\\\b"
    assert found["ksql.service.id"] == "fraud_"


def run_start(tmp_path: Path, text: str, *, agent: bool = True, **more: Any) -> tuple[int, str, str]:
    """Run the start script with its folders below `tmp_path` and fakes of what it calls; what it did."""
    asked = request(text, **more)
    for path, content in settings.files(asked).items():
        moved = tmp_path / path.lstrip("/")
        moved.parent.mkdir(parents=True, exist_ok=True)
        moved.write_text(content, "utf-8")
    for folder in ("tmp", "bin", "usr/share/java/cp-base-java", "mnt/schema-registry-ca"):
        (tmp_path / folder).mkdir(parents=True)
    if agent:
        (tmp_path / "usr/share/java/cp-base-java/jmx_prometheus_javaagent-1.0.jar").touch()
    if "schema_registry" in more.get("others", {}):
        (tmp_path / "mnt/schema-registry-ca/ca.crt").touch()
    for name, does in {"ksql-server-start": 'echo "$KSQL_OPTS"; cat "$1"', "keytool": 'echo "keytool $*"'}.items():
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{does}\n", "utf-8")
        (tmp_path / "bin" / name).chmod(0o755)
    script = tmp_path / "etc/fleet/start.sh"
    here = script.read_text("utf-8")
    for folder in ("/tmp/", "/etc/fleet", "/usr/share/java", "/mnt/schema-registry-ca"):  # noqa: S108 - the container's
        here = here.replace(folder, f"{tmp_path}{folder}")
    script.write_text(here, "utf-8")
    variables = {
        "PATH": f"{tmp_path}/bin:{os.environ['PATH']}",
        "KAFKA_KEY_STORE_PASSWORD": "key-secret",
        "KAFKA_TRUST_STORE_PASSWORD": "trust\\secret",
    }
    for name, value in settings.environment(asked).items():
        if name in ("ADVERTISED_LISTENER", "REST_STORE_PASSWORD"):
            variables[name] = value if isinstance(value, str) else "rest-secret"
    done = subprocess.run(["sh", script], env=variables, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_the_start_script_adds_the_passwords(tmp_path: Path) -> None:
    code, out, err = run_start(tmp_path, INTERACTIVE, others={"schema_registry": REGISTRY})
    assert code == 0, err
    lines = out.splitlines()
    assert lines[0].startswith("keytool -importcert")
    assert "-javaagent:" in lines[1]
    assert "jaas.conf" in lines[1]
    for prefix in settings.KAFKA_PREFIXES:
        assert f"{prefix}ssl.keystore.password=key-secret" in lines
        assert f"{prefix}ssl.truststore.password=trust\\\\secret" in lines
    assert "ssl.keystore.password=rest-secret" in lines
    assert any(line.startswith("ksql.advertised.listener=https://") for line in lines)
    assert (tmp_path / "tmp/ksqldb.properties").stat().st_mode & 0o077 == 0


def test_the_start_script_of_a_headless_server_says_nothing_of_an_api(tmp_path: Path) -> None:
    code, out, _ = run_start(tmp_path, HEADLESS)
    assert code == 0
    assert "advertised" not in out
    assert "\nssl.keystore" not in out
    assert "keytool" not in out


def test_an_image_without_the_agent_is_told_in_the_log(tmp_path: Path) -> None:
    code, _, err = run_start(tmp_path, "", agent=False)
    assert code == 1
    assert "no JMX exporter" in err


def test_alerts_use_only_metrics_that_the_rules_name() -> None:
    import json
    import re

    known = set(json.loads((Path(settings.__file__).parent / "metrics.json").read_text("utf-8")))
    made = settings.files(request())[f"{settings.FOLDER}/jmx.yaml"]
    named = [name.replace("$1", "\\w+").replace("$2", "(alive|failed)") for name in re.findall(r"name: (\S+)", made)]
    for name in known - {"up"}:
        assert name.startswith("kubelet_") or any(re.fullmatch(pattern, name) for pattern in named), name
    found = telemetry(request())
    used = {name for alert in found.alerts for name in re.findall(r"\b(\w+)\{", alert.expr)}
    assert used <= known
