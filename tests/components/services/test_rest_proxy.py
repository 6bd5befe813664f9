"""The REST proxy: rights that somebody wrote down, callers that somebody named, and each field in the objects."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pulumi_kubernetes as kubernetes
import pytest
import yaml
from pydantic import ValidationError

from components import catalog
from components.services.access import HttpAccess
from components.services.contract import Manifest, ServiceRequest
from components.services.rest_proxy import publish
from components.services.rest_proxy.component import RestProxy
from components.services.rest_proxy.confluent_rest import METRICS
from components.services.rest_proxy.objects import objects
from components.services.rest_proxy.rules import check
from components.services.rest_proxy.spec import RestProxySpec
from components.services.rest_proxy.telemetry import telemetry
from components.services.telemetry import Telemetry
from components.services.workload import Autoscaling
from stacks.rendition.record import record

from .judge import all_refusals
from .requests import PUBLIC
from .workload_requests import asked, example

KEY = "rest_proxy"
TOPICS = "topics: [{name: shop., prefix: true, may: [produce, consume]}], groups: [shop.], namespaces: [web]"
CONFLUENT = f"implementation: confluent, licence: confluent-community, {TOPICS}"
TLS = "tls: {secret: rp-tls}"
REGISTRY = HttpAccess(
    name="orders-schema-registry",
    url="https://orders-schema-registry.kafka-orders.svc:8443/apis/ccompat/v7",
    pods={"app.kubernetes.io/name": "orders-schema-registry"},
    ca_secret="sr-tls",  # noqa: S106 - the name of a Secret
)
SECTIONS = {
    "bridge": f"{{{TOPICS}}}",
    "bridge tls": f"{{{TOPICS}, {TLS}, cors: {{origins: ['https://a.example']}}, autoscaling: {{most: 5}}}}",
    "confluent": f"{{{CONFLUENT}}}",
    "confluent tls": f"{{{CONFLUENT}, {TLS}, autoscaling: {{most: 5}}}}",
    "full": example(KEY, "full"),
}


def request(text: str, **more: Any) -> ServiceRequest:
    return asked(KEY, text, **more)


def made(text: str, **more: Any) -> dict[str, Manifest]:
    return {manifest.role: manifest for manifest in objects(request(text, **more))}


def bridge(text: str) -> Any:
    return made(text)["bridge"].body["spec"]


def container(text: str, **more: Any) -> Any:
    return made(text, **more)["pods"].body["spec"]["template"]["spec"]["containers"][0]


def variables(text: str, **more: Any) -> dict[str, Any]:
    return {v["name"]: v.get("value", v.get("valueFrom")) for v in container(text, **more)["env"]}


def codes(text: str, **more: Any) -> list[str]:
    return [finding.code for finding in check(request(text, **more))]


@pytest.mark.parametrize("name", SECTIONS)
def test_every_object_is_accepted_strictly_and_no_law_is_broken(name: str) -> None:
    found = request(SECTIONS[name], published={"schema_registry": REGISTRY})
    assert [str(finding) for finding in check(found)] == []
    assert all_refusals(objects(found)) == []


@pytest.mark.parametrize("name", SECTIONS)
def test_a_wrong_field_is_seen(name: str) -> None:
    for manifest in objects(request(SECTIONS[name])):
        body = json.loads(json.dumps(manifest.body))
        body.setdefault("spec", {})["wrongField"] = 1
        assert all_refusals([Manifest("x", body)]), manifest.role


@pytest.mark.parametrize("missing", ["topics", "namespaces"])
def test_neither_rights_nor_callers_have_a_default(missing: str) -> None:
    given = yaml.safe_load(SECTIONS["bridge"])
    del given[missing]
    with pytest.raises(ValidationError, match=missing):
        request(yaml.safe_dump(given))


def test_the_user_may_what_the_section_says_word_for_word() -> None:
    text = (
        "{topics: [{name: a., prefix: true, may: [produce]}, {name: b, may: [consume]}], groups: [g], namespaces: [w]}"
    )
    acls = made(text)["kafka-user"].body["spec"]["authorization"]["acls"]
    assert [(a["resource"], a["operations"]) for a in acls] == [
        ({"type": "group", "name": "g", "patternType": "prefix"}, ["Describe", "Read"]),
        ({"type": "topic", "name": "a.", "patternType": "prefix"}, ["Describe", "Write"]),
        ({"type": "topic", "name": "b", "patternType": "literal"}, ["Describe", "Read"]),
    ]


@pytest.mark.parametrize("name", ["bridge", "confluent"])
def test_only_named_namespaces_may_connect(name: str) -> None:
    text = SECTIONS[name].replace("[web]", "[web, mobile]")
    ingress = made(text)["network-policy"].body["spec"]["ingress"]
    assert ingress[0]["from"] == [
        {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": one}}} for one in ("mobile", "web")
    ]


def test_the_bridge_is_what_the_operator_asks_for() -> None:
    spec = bridge(SECTIONS["bridge"])
    assert spec["bootstrapServers"] == "orders-kafka-bootstrap.kafka-orders.svc:9093"
    assert spec["authentication"]["certificateAndKey"]["secretName"] == "orders-rest-proxy"
    assert spec["http"] == {"port": 8080}
    assert spec["producer"] == {"enabled": True, "config": {"acks": "all"}}
    assert spec["template"]["bridgeContainer"]["securityContext"]["readOnlyRootFilesystem"] is True
    spread = spec["template"]["pod"]["topologySpreadConstraints"]
    assert [s["topologyKey"] for s in spread] == ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]
    secure = bridge(SECTIONS["bridge tls"])
    assert secure["http"]["port"] == 8443
    assert secure["http"]["tls"]["certificateAndKey"]["secretName"] == "rp-tls"
    assert secure["http"]["cors"] == {"allowedOrigins": ["https://a.example"], "allowedMethods": ["GET", "POST"]}


def test_what_no_topic_grants_is_switched_off() -> None:
    only = bridge("{topics: [{name: shop.x, may: [produce]}], namespaces: [web]}")
    assert (only["producer"]["enabled"], only["consumer"]["enabled"]) == (True, False)


@pytest.mark.parametrize(("name", "kind"), [("bridge tls", "KafkaBridge"), ("confluent tls", "StatefulSet")])
def test_an_autoscaler_has_the_replicas_to_itself(name: str, kind: str) -> None:
    found = made(SECTIONS[name])
    assert found["autoscaler"].body["spec"]["scaleTargetRef"]["kind"] == kind
    assert found["bridge" if kind == "KafkaBridge" else "pods"].ignore == ("spec.replicas",)


def test_confluent_is_told_where_kafka_is_and_who_it_is() -> None:
    found = variables(SECTIONS["confluent"])
    assert found["KAFKA_REST_BOOTSTRAP_SERVERS"] == "SSL://orders-kafka-bootstrap.kafka-orders.svc:9093"
    assert found["KAFKA_REST_CLIENT_SECURITY_PROTOCOL"] == "SSL"
    assert found["KAFKA_REST_CLIENT_SSL_TRUSTSTORE_LOCATION"] == "/mnt/kafka-ca/ca.crt"
    assert found["KAFKA_REST_HOST_NAME"] == "$(POD_NAME).orders-rest-proxy-pods.kafka-orders.svc"
    assert found["KAFKA_REST_CONSUMER_INSTANCE_TIMEOUT_MS"] == "300000"
    assert "KAFKA_REST_SCHEMA_REGISTRY_URL" not in found
    assert yaml.safe_load(METRICS)["includeObjectNames"] == [
        "kafka.rest:type=jetty-metrics",
        "kafka.rest:type=jersey-metrics",
    ]


def test_confluent_uses_the_cluster_s_schema_registry() -> None:
    more: dict[str, Any] = {"published": {"schema_registry": REGISTRY}}
    assert variables(SECTIONS["confluent"], **more)["KAFKA_REST_SCHEMA_REGISTRY_URL"] == REGISTRY.url
    mounts = {m["mountPath"] for m in container(SECTIONS["confluent"], **more)["volumeMounts"]}
    assert "/mnt/schema-registry-ca" in mounts
    egress = made(SECTIONS["confluent"], **more)["network-policy"].body["spec"]["egress"]
    wanted = {
        "to": [{"podSelector": {"matchLabels": dict(REGISTRY.pods)}}],
        "ports": [{"protocol": "TCP", "port": 8443}],
    }
    assert wanted in egress


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("bridge", "http://orders-rest-proxy-bridge-service.kafka-orders.svc:8080"),
        ("bridge tls", "https://orders-rest-proxy-bridge-service.kafka-orders.svc:8443"),
        ("confluent", "http://orders-rest-proxy.kafka-orders.svc:8082"),
        ("confluent tls", "https://orders-rest-proxy.kafka-orders.svc:8082"),
    ],
)
def test_the_address(name: str, url: str) -> None:
    found = publish.publish(request(SECTIONS[name]))
    assert found.url == url
    assert publish.endpoints(request(SECTIONS[name])) == {"api": url}
    assert found.ca_secret == ("rp-tls" if "tls" in name else "")
    assert any("may consume and produce shop.*" in s for s in publish.explain(request(SECTIONS[name])))


def test_images_come_through_the_mirror() -> None:
    place = replace(PUBLIC, image_registry="mirror.example")
    assert container(SECTIONS["confluent"], place=place)["image"] == "mirror.example/confluentinc/cp-kafka-rest:8.3.1"
    text = SECTIONS["bridge"].replace("{topics", "{image: quay.io/strimzi/kafka-bridge:1.0.0, topics", 1)
    assert made(text, place=place)["bridge"].body["spec"]["image"] == "mirror.example/strimzi/kafka-bridge:1.0.0"


def with_(more: str) -> str:
    return f"{{{TOPICS}, {more}}}"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{topics: [{name: _schemas, may: [produce]}], namespaces: [w]}", "rest-proxy-internal-topic"),
        ("{topics: [{name: a, prefix: true, may: [produce]}], namespaces: [w]}", "rest-proxy-prefix-too-short"),
        ("{topics: [{name: shop, may: [consume]}], namespaces: [w]}", "rest-proxy-needs-groups"),
        ("{topics: [{name: shop, may: [produce]}], groups: [g], namespaces: [w]}", "rest-proxy-groups-unused"),
        (with_("implementation: confluent"), "wrong-licence"),
        (f"{{{CONFLUENT}, versions: {{}}}}", "rest-proxy-version-not-stated"),
        (with_("image: quay.io/strimzi/kafka-bridge:latest"), "image-not-pinned"),
        (with_("replicas: 1"), "too-few-replicas"),
        (with_("autoscaling: {most: 2}"), "autoscaling-has-no-room"),
        (with_("producer_config: {linger: 5}"), "unknown-producer-config"),
        (with_("producer_config: {linger.ms: soon}"), "bad-producer-config"),
        (with_("consumer_config: {group.id: mine}"), "rest-proxy-config-owned"),
        (with_("producer_config: {ssl.keystore.location: /x}"), "rest-proxy-config-owned"),
        (with_("config: {http.port: 1}"), "rest-proxy-config-owned"),
        (with_("config: {bridge.metrics.x: 1}"), "rest-proxy-config-owned"),
        (f"{{{CONFLUENT}, config: {{listeners: x}}}}", "rest-proxy-config-owned"),
        (f"{{{CONFLUENT}, config: {{confluent.license.token: x}}}}", "rest-proxy-config-secret"),
    ],
)
def test_what_is_refused(text: str, code: str) -> None:
    assert codes(text) == [code]


def test_licences() -> None:
    assert codes(SECTIONS["bridge"], offered=True) == []
    assert codes(SECTIONS["confluent"], offered=True) == ["licence-forbids"]


CHANGES = {
    "implementation": "{implementation: confluent, TOPICS}",
    "versions": '{versions: {confluent: "8.3.0"}, implementation: confluent, TOPICS}',
    "image": "{image: quay.io/strimzi/kafka-bridge:1.0.0, TOPICS}",
    "topics": "{topics: [{name: other, may: [consume]}], groups: [shop.], namespaces: [web]}",
    "groups": "{topics: [{name: shop., prefix: true, may: [produce, consume]}], groups: [x.], namespaces: [web]}",
    "namespaces": "{topics: [{name: shop., prefix: true, may: [produce, consume]}], groups: [shop.], namespaces: [w]}",
    "replicas": "{replicas: 3, TOPICS}",
    "autoscaling": "{autoscaling: {most: 5}, TOPICS}",
    "cpu": "{cpu: 2, TOPICS}",
    "memory_mib": "{memory_mib: 2048, TOPICS}",
    "consumer_timeout_seconds": "{consumer_timeout_seconds: 60, TOPICS}",
    "cors": "{cors: {origins: ['https://a.example']}, TOPICS}",
    "tls": "{tls: {secret: rp-tls}, TOPICS}",
    "producer_config": "{producer_config: {linger.ms: 5}, TOPICS}",
    "consumer_config": "{consumer_config: {max.poll.records: 5}, TOPICS}",
    "config": "{config: {a.b: 5}, TOPICS}",
}


FIELDS = sorted(set(RestProxySpec.model_fields) - {"licence"})
# The Bridge has the operator's version.
CASES = [(f, i) for f in FIELDS for i in ("strimzi-bridge", "confluent") if (f, i) != ("versions", "strimzi-bridge")]


@pytest.mark.parametrize(("field", "implementation"), CASES)
def test_every_field_reaches_the_objects(field: str, implementation: str) -> None:
    other = {"strimzi-bridge": "confluent", "confluent": "strimzi-bridge"}[implementation]
    text = CHANGES[field].replace("TOPICS", TOPICS)
    if field == "implementation":
        text = text.replace("confluent", other)
    elif "implementation" not in text:
        text = text.replace("{", f"{{implementation: {implementation}, ", 1)
    plain = f"{{implementation: {implementation}, {TOPICS}}}"
    assert list(objects(request(text))) != list(objects(request(plain)))


@pytest.mark.parametrize("name", SECTIONS)
def test_what_is_rendered_is_what_is_registered(name: str) -> None:
    found = request(SECTIONS[name])
    seen = record(lambda: RestProxy("orders", found, kubernetes.Provider("cell", kubeconfig="{}")))
    for manifest in objects(found):
        assert seen[f"orders-{manifest.role}"].inputs == manifest.body
    assert seen["orders"].type == "kafkafleet:services:RestProxy"
    assert seen.outputs["orders"] == {"endpoints": dict(publish.endpoints(found))}


def _queries(found: Telemetry) -> list[str]:
    panels = [p for board in found.dashboards for p in board.model["panels"]]
    return [a.expr for a in found.alerts] + [t["expr"] for panel in panels for t in panel.get("targets", ())]


@pytest.mark.parametrize("name", SECTIONS)
def test_what_is_watched_exists(name: str) -> None:
    found = telemetry(request(SECTIONS[name]))
    known = json.loads((Path(catalog.__file__).parent / "services" / KEY / "metrics.json").read_text("utf-8"))
    used = {m for query in _queries(found) for m in re.findall(r"([a-z_0-9]+)\{", query)}
    assert used
    assert used <= set(known)
    (scrape,) = found.scrapes
    if name.startswith("bridge"):
        assert (scrape.port, scrape.labels) == (
            "rest-api-mgmt",
            {"strimzi.io/cluster": "orders-rest-proxy", "strimzi.io/kind": "KafkaBridge"},
        )
    else:
        assert scrape.port in {port["name"] for port in container(SECTIONS[name])["ports"]}
    assert all('namespace="kafka-orders"' in query for query in _queries(found))


def test_a_request_for_another_service_is_a_fault_of_the_code() -> None:
    with pytest.raises(TypeError, match="orders: the section is of type Autoscaling, not RestProxySpec"):
        objects(replace(request(SECTIONS["bridge"]), spec=Autoscaling(most=2)))
