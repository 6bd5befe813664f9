"""The objects of a cluster's monitoring: judged by Prometheus Operator's own schemas, and each field in them."""

import json
from dataclasses import replace
from typing import Any

import pytest
import yaml

from components.services.contract import ServiceRequest
from components.services.kafka.telemetry import telemetry as of_kafka
from components.services.monitoring.objects import endpoints, explain, objects
from components.services.monitoring.rules import check
from components.services.monitoring.spec import MonitoringSpec
from components.services.telemetry import Alert, Dashboard, Record, Scrape, Telemetry

from .judge import all_refusals, refusals
from .requests import ANNOTATIONS, PUBLIC, request

WATCHED = replace(PUBLIC, apis=("monitoring.coreos.com/v1",))

SMALL = Telemetry(
    scrapes=(Scrape("thing-pods", {"app": "thing"}, "metrics", "/here"),),
    records=(Record("namespace:things:sum", 'sum by (namespace) (things{namespace="kafka-orders"})'),),
    alerts=(
        Alert("ThingMissing", 'absent(up{namespace="kafka-orders"})', "5m", "page", "a thing is gone", "look for it"),
        Alert("ThingMany", "namespace:things:sum > $threshold", "10m", "ticket", "many", "take some away", 100000),
    ),
    dashboards=(Dashboard("thing", {"uid": "orders-thing", "panels": []}),),
)


def asked(text: str = "", *, production: bool = True, **telemetry: Telemetry) -> ServiceRequest:
    kafka = request("", WATCHED, production=production)
    return replace(
        kafka,
        spec=MonitoringSpec.model_validate(yaml.safe_load(text) or {}),
        telemetry=telemetry or {"thing": SMALL},
    )


def bodies(text: str = "", **more: Any) -> dict[str, dict[str, Any]]:
    return {m.role: dict(m.body) for m in objects(asked(text, **more))}


def rules(text: str = "", **more: Any) -> dict[str, dict[str, Any]]:
    groups = bodies(text, **more)["rules-thing"]["spec"]["groups"]
    return {rule["alert"]: rule for group in groups for rule in group["rules"] if "alert" in rule}


FULL = """
labels: {release: prometheus}
prometheus: {namespaces: [watch, monitoring], pod_labels: {app: prometheus}}
scrape_interval_s: 15
alerts: {ThingMany: {threshold: 2.5, lasting: 1m, severity: info}, ThingMissing: {enabled: false}}
severities: {page: p1, ticket: p3, info: p5}
team: oncall
alert_labels: {unit: retail}
page_outside_production: true
grafana: {label: board, label_value: "yes", folder: Streams, folder_annotation: where}
"""


@pytest.mark.parametrize("text", ["", FULL])
def test_every_object_is_accepted_strictly(text: str) -> None:
    everything = asked(text, thing=SMALL, kafka=of_kafka(request("", WATCHED)))
    assert all_refusals(objects(everything)) == []
    assert len(objects(everything)) > 10


@pytest.mark.parametrize("role", ["monitor-thing-pods", "rules-thing", "allow-thing-pods"])
def test_a_wrong_field_is_seen(role: str) -> None:
    body = json.loads(json.dumps(bodies()[role]))
    body["spec"]["selektor"] = {}
    assert refusals(body)


def test_a_monitor_reads_the_service_s_pods_and_says_whose_they_are() -> None:
    body = bodies(FULL)["monitor-thing-pods"]
    assert body["metadata"]["labels"] == {"release": "prometheus"}
    assert body["spec"]["namespaceSelector"] == {"matchNames": ["kafka-orders"]}
    assert body["spec"]["selector"] == {"matchLabels": {"app": "thing"}}
    (endpoint,) = body["spec"]["podMetricsEndpoints"]
    assert (endpoint["port"], endpoint["path"], endpoint["interval"]) == ("metrics", "/here", "15s")
    assert endpoint["scrapeTimeout"] == "15s"
    fixed = {r["targetLabel"]: r["replacement"] for r in endpoint["relabelings"] if "replacement" in r}
    assert fixed == {"kafka_cluster": "orders", "service": "thing"}
    assert "labels" not in bodies()["monitor-thing-pods"]["metadata"]


def test_a_port_that_speaks_https_is_read_by_the_name_in_its_certificate() -> None:
    scrape = replace(SMALL.scrapes[0], ca_secret="thing-tls", server_name="orders-thing")  # noqa: S106 (a name)
    manifests = objects(asked(thing=replace(SMALL, scrapes=(scrape,))))
    assert all_refusals(manifests) == []
    (endpoint,) = {m.role: m.body for m in manifests}["monitor-thing-pods"]["spec"]["podMetricsEndpoints"]
    assert endpoint["scheme"] == "https"
    assert endpoint["tlsConfig"]["ca"] == {"secret": {"name": "thing-tls", "key": "ca.crt"}}
    assert endpoint["tlsConfig"]["serverName"] == "orders-thing"
    assert "scheme" not in bodies()["monitor-thing-pods"]["spec"]["podMetricsEndpoints"][0]


def test_only_prometheus_may_read_and_only_the_port_of_metrics() -> None:
    spec = bodies(FULL)["allow-thing-pods"]["spec"]
    assert spec["podSelector"] == {"matchLabels": {"app": "thing"}}
    (rule,) = spec["ingress"]
    assert rule["ports"] == [{"protocol": "TCP", "port": "metrics"}]
    assert [r["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"] for r in rule["from"]] == [
        "monitoring",
        "watch",
    ]
    assert all(reader["podSelector"] == {"matchLabels": {"app": "prometheus"}} for reader in rule["from"])
    (plain,) = bodies()["allow-thing-pods"]["spec"]["ingress"][0]["from"]
    assert "podSelector" not in plain


def test_an_alert_says_what_is_wrong_what_to_do_and_whose_it_is() -> None:
    alert = rules()["ThingMissing"]
    assert alert["for"] == "5m"
    assert alert["labels"] == {
        "environment": "prod",
        "kafka_cluster": "orders",
        "service": "thing",
        "severity": "critical",
        "team": "payments",
    }
    assert alert["annotations"]["summary"] == "orders: a thing is gone"
    assert alert["annotations"]["action"] == "look for it"
    assert rules()["ThingMany"]["expr"] == "namespace:things:sum > 100000"


def test_a_cluster_changes_one_alert_and_leaves_the_others() -> None:
    changed = rules(FULL)
    assert set(changed) == {"ThingMany"}
    assert changed["ThingMany"]["expr"] == "namespace:things:sum > 2.5"
    assert changed["ThingMany"]["for"] == "1m"
    assert changed["ThingMany"]["labels"]["severity"] == "p5"
    assert changed["ThingMany"]["labels"]["team"] == "oncall"
    assert changed["ThingMany"]["labels"]["unit"] == "retail"


def test_nobody_gets_up_for_what_is_not_production() -> None:
    def severity(text: str = "") -> str:
        word: str = rules(text, production=False)["ThingMissing"]["labels"]["severity"]
        return word

    assert severity() == "warning"
    assert severity("page_outside_production: true") == "critical"
    assert severity("alerts: {ThingMissing: {severity: page}}") == "critical"


def test_a_record_carries_its_cluster() -> None:
    (records, _alerts) = bodies()["rules-thing"]["spec"]["groups"]
    (record,) = records["rules"]
    assert record["record"] == "namespace:things:sum"
    assert record["labels"] == {"kafka_cluster": "orders", "service": "thing"}


def test_a_service_without_rules_has_no_empty_object() -> None:
    off = "alerts: {ThingMissing: {enabled: false}, ThingMany: {enabled: false}}"
    assert "rules-thing" not in bodies(off, thing=replace(SMALL, records=()))


def test_dashboards_are_where_grafana_s_sidecar_looks() -> None:
    body = bodies(FULL)["dashboard-thing"]
    assert body["metadata"]["labels"] == {"board": "yes"}
    assert body["metadata"]["annotations"]["where"] == "Streams"
    assert json.loads(body["data"]["orders-thing.json"])["uid"] == "orders-thing"
    assert bodies()["dashboard-thing"]["metadata"]["labels"] == {"grafana_dashboard": "1"}
    assert not [role for role in bodies("grafana: {enabled: false}") if role.startswith("dashboard-")]


def test_ownership_is_in_annotations() -> None:
    for role, body in bodies().items():
        assert ANNOTATIONS.items() <= body["metadata"]["annotations"].items(), role


def test_endpoints_are_the_dashboards() -> None:
    assert endpoints(asked()) == {"thing": "/d/orders-thing"}
    assert endpoints(asked("grafana: {enabled: false}")) == {}


def test_what_is_watched_is_explained() -> None:
    told = explain(asked("alerts: {ThingMany: {enabled: false}}", production=False))
    assert told == [
        "thing: 1 scrapes, 1 recording rules, 2 alerts, 1 dashboards",
        "ThingMany: off here",
        "not production: pages are tickets",
    ]


def findings(text: str = "", **more: Any) -> list[tuple[str, str]]:
    return [(f.code, ".".join(map(str, f.path))) for f in check(asked(text, **more))]


@pytest.mark.parametrize(
    ("text", "code", "path"),
    [
        ("alerts: {ThingMani: {enabled: false}}", "unknown-alert", "alerts.ThingMani"),
        ("alerts: {ThingMissing: {threshold: 3}}", "alert-without-threshold", "alerts.ThingMissing.threshold"),
        ("alert_labels: {team: x}", "alert-label-taken", "alert_labels.team"),
    ],
)
def test_a_broken_law_is_told_where_it_is_broken(text: str, code: str, path: str) -> None:
    assert findings(text) == [(code, path)]
    assert findings() == []


def test_an_unknown_alert_names_the_nearest() -> None:
    (found,) = check(asked("alerts: {ThingMani: {enabled: false}}"))
    assert found.hint == "did you mean 'ThingMany'?"
    (found,) = check(asked("alerts: {Zzz: {enabled: false}}"))
    assert found.allowed == "ThingMany, ThingMissing"


def test_a_cell_without_prometheus_operator_is_told_at_the_section() -> None:
    bare = asked()
    bare = replace(bare, place=replace(bare.place, apis=("external-secrets.io/v1",)))
    assert [(f.code, f.path) for f in check(bare)] == [("cell-lacks-api", ())]


def test_a_dashboard_that_no_config_map_takes_is_told() -> None:
    huge = replace(SMALL, dashboards=(Dashboard("thing", {"uid": "u", "panels": ["x" * 1_100_000]}),))
    assert findings(thing=huge) == [("dashboard-too-large", "grafana")]
    assert findings("grafana: {enabled: false}", thing=huge) == []
