"""The schema registry: three programs, one address, its own user, and each field of the section in the objects."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pulumi_kubernetes as kubernetes
import pytest
import yaml

from components import catalog
from components.services.contract import Manifest
from components.services.schema_registry import publish
from components.services.schema_registry.component import SchemaRegistry
from components.services.schema_registry.objects import objects
from components.services.schema_registry.rules import check
from components.services.schema_registry.settings import METRICS
from components.services.schema_registry.spec import SchemaRegistrySpec
from components.services.schema_registry.telemetry import telemetry
from components.services.telemetry import Telemetry
from components.services.workload import Autoscaling
from stacks.rendition.record import record

from .judge import all_refusals
from .requests import PUBLIC
from .workload_requests import asked, example

KEY = "schema_registry"
CONFLUENT = "{implementation: confluent, licence: confluent-community"
TLS = "tls: {secret: sr-tls}"
SECTIONS = {
    "karapace": "{}",
    "karapace tls": f"{{{TLS}}}",
    "apicurio": "{implementation: apicurio}",
    "apicurio tls": f"{{implementation: apicurio, {TLS}}}",
    "confluent": f"{CONFLUENT}}}",
    "confluent tls": f"{CONFLUENT}, {TLS}}}",
    "full": example(KEY, "full"),
}


def made(text: str = "{}", **more: Any) -> dict[str, Manifest]:
    return {manifest.role: manifest for manifest in objects(asked(KEY, text, **more))}


def container(text: str = "{}") -> Any:
    return made(text)["pods"].body["spec"]["template"]["spec"]["containers"][0]


def variables(text: str = "{}") -> dict[str, Any]:
    return {v["name"]: v.get("value", v.get("valueFrom")) for v in container(text)["env"]}


def codes(text: str, **more: Any) -> list[str]:
    return [finding.code for finding in check(asked(KEY, text, **more))]


@pytest.mark.parametrize("name", SECTIONS)
def test_every_object_is_accepted_strictly_and_no_law_is_broken(name: str) -> None:
    request = asked(KEY, SECTIONS[name])
    assert [str(finding) for finding in check(request)] == []
    assert all_refusals(objects(request)) == []


def test_the_owner_s_defaults_are_a_registry_under_a_free_licence() -> None:
    assert codes("{}", offered=True) == []
    assert container()["image"] == "ghcr.io/aiven-open/karapace:6.2.3"


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("{}", "http://orders-schema-registry.kafka-orders.svc:8081"),
        (f"{{{TLS}}}", "https://orders-schema-registry.kafka-orders.svc:8081"),
        (
            "{implementation: apicurio}",
            "http://orders-schema-registry.kafka-orders.svc:8080/apis/ccompat/v7",
        ),
        (
            f"{{implementation: apicurio, {TLS}}}",
            "https://orders-schema-registry.kafka-orders.svc:8443/apis/ccompat/v7",
        ),
        (f"{CONFLUENT}}}", "http://orders-schema-registry.kafka-orders.svc:8081"),
    ],
)
def test_the_address_is_one_that_every_client_takes(text: str, url: str) -> None:
    request = asked(KEY, text)
    access = publish.publish(request)
    assert access.url == url
    assert publish.endpoints(request) == {"api": url}
    assert access.ca_secret == ("sr-tls" if "tls" in text else "")
    service = made(text)["service"].body
    assert service["spec"]["selector"] == access.pods
    assert service["spec"]["ports"][0]["port"] == int(url.partition("svc:")[2].partition("/")[0])


def test_what_others_may_build_on() -> None:
    facts = publish.publish(asked(KEY, "compatibility: FULL")).facts
    assert facts == {"compatibility": "FULL", "implementation": "karapace", "version": "6.2.3"}
    assert any("3 copies" in sentence for sentence in publish.explain(asked(KEY)))


@pytest.mark.parametrize(
    ("text", "topics", "policy"),
    [
        ("{}", ["_schemas"], "compact"),
        (f"{CONFLUENT}}}", ["_schemas"], "compact"),
        ("{implementation: apicurio}", ["_schemas-journal", "_schemas-snapshots", "_schemas-events"], "delete"),
    ],
)
def test_the_schemas_topics_are_declared_and_protected(text: str, topics: list[str], policy: str) -> None:
    found = [m for m in made(text).values() if m.body["kind"] == "KafkaTopic"]
    assert [m.body["spec"]["topicName"] for m in found] == topics
    for manifest in found:
        spec = manifest.body["spec"]
        assert manifest.protect
        assert (spec["partitions"], spec["replicas"]) == (1, 3)
        assert spec["config"]["cleanup.policy"] == policy
        assert spec["config"]["min.insync.replicas"] == 2
        assert policy == "compact" or spec["config"]["retention.ms"] == -1
        assert manifest.role in made(text)["pods"].after


def acls(text: str) -> dict[tuple[str, str, str], list[str]]:
    rules = made(text)["kafka-user"].body["spec"]["authorization"]["acls"]
    return {
        (r["resource"]["type"], r["resource"]["name"], r["resource"]["patternType"]): r["operations"] for r in rules
    }


def test_the_user_has_rights_on_its_topics_and_groups_only() -> None:
    group = ("group", "orders-schema-registry", "prefix")
    read_write = ["Describe", "DescribeConfigs", "Read", "Write"]
    assert acls(f"{CONFLUENT}}}") == {("topic", "_schemas", "literal"): read_write, group: ["Describe", "Read"]}
    assert acls("{}")[("topic", "_schemas", "literal")] == ["Create", *read_write]
    assert set(acls("{implementation: apicurio}")) == {
        group,
        *(("topic", f"_schemas-{word}", "literal") for word in ("journal", "snapshots", "events")),
    }


@pytest.mark.parametrize("name", SECTIONS)
def test_groups_that_a_program_uses_are_granted(name: str) -> None:
    """Variables that name a group or the beginning of one, against the ACL."""
    given = {key: value for key, value in variables(SECTIONS[name]).items() if "GROUP" in key}
    assert given
    assert all(str(value).startswith("orders-schema-registry") for value in given.values())


def test_confluent_is_told_where_kafka_is_and_who_it_is() -> None:
    found = variables(f"{CONFLUENT}}}")
    assert found["SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS"] == (
        "SSL://orders-kafka-bootstrap.kafka-orders.svc:9093"
    )
    assert found["SCHEMA_REGISTRY_KAFKASTORE_SSL_KEYSTORE_LOCATION"] == "/mnt/kafka-user/user.p12"
    assert found["SCHEMA_REGISTRY_KAFKASTORE_SSL_KEYSTORE_PASSWORD"] == {
        "secretKeyRef": {"name": "orders-schema-registry", "key": "user.password"}
    }
    assert found["SCHEMA_REGISTRY_HOST_NAME"] == "$(POD_NAME).orders-schema-registry-pods.kafka-orders.svc"
    assert found["SCHEMA_REGISTRY_LISTENERS"] == "http://0.0.0.0:8081"
    secure = variables(f"{CONFLUENT}, {TLS}}}")
    assert secure["SCHEMA_REGISTRY_LISTENERS"] == "https://0.0.0.0:8081"
    assert secure["SCHEMA_REGISTRY_INTER_INSTANCE_PROTOCOL"] == "https"
    assert secure["SCHEMA_REGISTRY_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM"] == "https"


def test_confluent_s_metrics_come_from_the_agent() -> None:
    assert container(f"{CONFLUENT}}}")["command"][:2] == ["sh", "-c"]
    rules = yaml.safe_load(METRICS)
    assert len(rules["rules"]) == 4
    assert made(f"{CONFLUENT}}}")["files"].body["data"] == {"mnt-metrics-jmx.yaml": METRICS}


def test_karapace_waits_for_all_in_sync_copies() -> None:
    found = variables()
    assert found["KARAPACE_PRODUCER_ACKS"] == "all"
    assert found["KARAPACE_KARAPACE_REGISTRY"] == "true"
    assert found["KARAPACE_ADVERTISED_HOSTNAME"] == "$(POD_NAME).orders-schema-registry-pods.kafka-orders.svc"
    assert found["KARAPACE_SSL_CERTFILE"] == "/mnt/kafka-user/user.crt"
    assert container()["command"] == ["python3", "-m", "karapace"]
    assert variables("config: {log_level: DEBUG}")["KARAPACE_LOG_LEVEL"] == "DEBUG"


def test_apicurio_checks_whose_certificate_it_sees() -> None:
    found = variables("{implementation: apicurio}")
    assert found["APICURIO_KAFKA_COMMON_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM"] == "https"
    assert found["APICURIO_KAFKASQL_TOPIC_AUTO_CREATE"] == "false"
    assert found["APICURIO_KAFKASQL_TOPIC"] == "_schemas-journal"
    assert container("{implementation: apicurio}")["readinessProbe"]["httpGet"]["port"] == 9000


def test_pods_that_elect_a_leader_have_names() -> None:
    assert made()["pods"].body["kind"] == "StatefulSet"
    assert made("{implementation: apicurio}")["pods"].body["kind"] == "Deployment"


def test_who_may_connect() -> None:
    cell, cluster = (made(f"open_to: {who}")["network-policy"].body["spec"]["ingress"] for who in ("cell", "cluster"))
    assert cell[0]["from"] == [{"namespaceSelector": {}}]
    assert cluster[0]["from"] == [{"podSelector": {"matchLabels": {}}}]
    more = made("{open_to: cluster, namespaces: [shop]}")["network-policy"].body["spec"]["ingress"]
    assert more[0]["from"][1:] == [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "shop"}}}]


def test_settings_are_passed_on_by_the_program_s_own_keys() -> None:
    confluent = variables(f"{CONFLUENT}, config: {{schema.cache.size: 5, mode.mutability: false}}}}")
    assert confluent["SCHEMA_REGISTRY_SCHEMA_CACHE_SIZE"] == "5"
    assert confluent["SCHEMA_REGISTRY_MODE_MUTABILITY"] == "false"
    apicurio = variables("{implementation: apicurio, config: {apicurio.ccompat.max-subjects: 5}}")
    assert apicurio["APICURIO_CCOMPAT_MAX_SUBJECTS"] == "5"


def test_the_image_comes_through_the_mirror() -> None:
    mirrored = asked(KEY, place=replace(PUBLIC, image_registry="mirror.example/all"))
    pods = {m.role: m for m in objects(mirrored)}["pods"].body["spec"]["template"]["spec"]
    assert pods["containers"][0]["image"] == "mirror.example/all/aiven-open/karapace:6.2.3"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{implementation: confluent}", "wrong-licence"),
        ("{implementation: karapace, versions: {}}", "registry-version-not-stated"),
        ('{implementation: apicurio, versions: {apicurio: "3.1.6"}}', "registry-version-too-old"),
        ('{versions: {karapace: "4.1.2"}}', "registry-version-too-old"),
        ("{image: ghcr.io/aiven-open/karapace:latest}", "image-not-pinned"),
        ("{namespaces: [shop]}", "registry-open-to-all"),
        ("{replicas: 1}", "too-few-replicas"),
        ("{autoscaling: {most: 2}}", "autoscaling-has-no-room"),
        ("{config: {topic_name: mine}}", "registry-config-owned"),
        ("{config: {kafkastore.topic: mine}}", "registry-config-key"),
        ("{config: {sentry_token: x}}", "registry-config-secret"),
        (f"{CONFLUENT}, config: {{kafkastore.topic: mine}}}}", "registry-config-owned"),
        ("{implementation: apicurio, config: {apicurio.kafkasql.topic: mine}}", "registry-config-owned"),
        ("{implementation: apicurio, config: {max-subjects: 5}}", "registry-config-key"),
    ],
)
def test_what_is_refused(text: str, code: str) -> None:
    assert codes(text) == [code]


def test_licences() -> None:
    unstated = asked(KEY)
    spec = unstated.spec.model_copy(update={"licence": None})
    assert [f.code for f in check(replace(unstated, spec=spec))] == ["licence-not-stated"]
    assert codes(f"{CONFLUENT}}}", offered=True) == ["licence-forbids"]


def test_one_pod_is_enough_for_development() -> None:
    assert codes("{replicas: 1}", production=False) == []


CHANGES = {
    "implementation": ("implementation: apicurio", "{}"),
    "versions": ('versions: {karapace: "6.2.4"}', "{}"),
    "image": ("image: example.org/karapace:1", "{}"),
    "replicas": ("replicas: 3", "{}"),
    "autoscaling": ("autoscaling: {most: 5}", "{}"),
    "cpu": ("cpu: 2", "{}"),
    "memory_mib": ("memory_mib: 2048", "{}"),
    "compatibility": ("compatibility: FULL", "{}"),
    "open_to": ("open_to: cluster", "{}"),
    "namespaces": ("{open_to: cluster, namespaces: [shop]}", "{open_to: cluster}"),
    "tls": (TLS, "{tls: {enabled: false, secret: sr-tls}}"),
    "config": ("config: {log_level: WARNING}", "{}"),
}


@pytest.mark.parametrize("field", sorted(set(SchemaRegistrySpec.model_fields) - {"licence"}))
def test_every_field_reaches_the_objects(field: str) -> None:
    changed, without = (objects(asked(KEY, text)) for text in CHANGES[field])
    assert list(changed) != list(without)


def test_what_is_rendered_is_what_is_registered() -> None:
    request = asked(KEY, example(KEY, "full"))
    seen = record(lambda: SchemaRegistry("orders", request, kubernetes.Provider("cell", kubeconfig="{}")))
    for manifest in objects(request):
        assert seen[f"orders-{manifest.role}"].inputs == manifest.body
        assert seen[f"orders-{manifest.role}"].protect == manifest.protect
    assert seen["orders"].type == "kafkafleet:services:SchemaRegistry"
    assert seen.outputs["orders"] == {"endpoints": dict(publish.endpoints(request))}


def _queries(found: Telemetry) -> list[str]:
    panels = [p for board in found.dashboards for p in board.model["panels"]]
    return [a.expr for a in found.alerts] + [t["expr"] for panel in panels for t in panel.get("targets", ())]


@pytest.mark.parametrize("name", SECTIONS)
def test_what_is_watched_exists(name: str) -> None:
    """A metric in a query is one whose source is written down, and a scrape's port is a port of the container."""

    found = telemetry(asked(KEY, SECTIONS[name]))
    known = json.loads((Path(catalog.__file__).parent / "services" / KEY / "metrics.json").read_text("utf-8"))
    used = {m for query in _queries(found) for m in re.findall(r"([a-z_]+)\{", query)}
    assert used
    assert used <= set(known)
    (scrape,) = found.scrapes
    https = name == "karapace tls"
    assert (scrape.ca_secret, scrape.server_name) == (
        ("sr-tls", "orders-schema-registry.kafka-orders.svc") if https else ("", "")
    )
    assert scrape.port in {port["name"] for port in container(SECTIONS[name])["ports"]}
    labels = made(SECTIONS[name])["pods"].body["spec"]["template"]["metadata"]["labels"]
    assert scrape.labels.items() <= labels.items()
    assert all('namespace="kafka-orders"' in query for query in _queries(found))


def test_a_request_for_another_service_is_a_fault_of_the_code() -> None:
    other = replace(asked(KEY), spec=Autoscaling(most=2))
    with pytest.raises(TypeError, match="orders: the section is of type Autoscaling, not SchemaRegistrySpec"):
        objects(other)
