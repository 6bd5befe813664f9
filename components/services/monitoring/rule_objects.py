"""Recording and alert rules of one service, as Prometheus Operator takes them.

Owns      what a cluster's file changes about an alert, and the labels by which alerts are routed.
Refuses   PromQL: expressions are the services'.
"""

from typing import Any

from components.services.contract import ServiceRequest
from components.services.monitoring.pod_monitors import API
from components.services.monitoring.spec import AlertChange, MonitoringSpec
from components.services.telemetry import Alert, Record, Telemetry

_SAME = AlertChange()


def _number(value: float) -> str:
    # 100000.0 would be read as well, but a person reads 100000.
    return str(int(value)) if value == int(value) else repr(value)


def expression(alert: Alert, change: AlertChange = _SAME) -> str:
    """An alert's PromQL with its threshold."""
    threshold = alert.threshold if change.threshold is None else change.threshold
    return alert.expr if threshold is None else alert.expr.replace("$threshold", _number(threshold))


def _severity(request: ServiceRequest, spec: MonitoringSpec, alert: Alert, change: AlertChange) -> str:
    severity = change.severity or alert.severity
    if severity == "page" and not request.production and not spec.page_outside_production and not change.severity:
        severity = "ticket"
    word: str = getattr(spec.severities, severity)
    return word


def _alert(request: ServiceRequest, spec: MonitoringSpec, service: str, alert: Alert) -> dict[str, Any]:
    change = spec.alerts.get(alert.name, _SAME)
    labels = {
        **spec.alert_labels,
        "environment": request.environment,
        "kafka_cluster": request.cluster,
        "service": service,
        "severity": _severity(request, spec, alert, change),
        "team": spec.team or request.team,
    }
    return {
        "alert": alert.name,
        "expr": expression(alert, change),
        "for": change.lasting or alert.lasting,
        "labels": dict(sorted(labels.items())),
        "annotations": {
            "summary": f"{request.cluster}: {alert.summary}",
            "action": alert.action,
            "cell": request.place.cell,
            "namespace": request.namespace,
        },
    }


def _record(request: ServiceRequest, service: str, record: Record) -> dict[str, Any]:
    return {
        "record": record.name,
        "expr": record.expr,
        "labels": {"kafka_cluster": request.cluster, "service": service},
    }


def rule(request: ServiceRequest, spec: MonitoringSpec, service: str, telemetry: Telemetry) -> dict[str, Any] | None:
    """The rules of one service; None where it has none, or none is left."""
    name = f"{request.cluster}-{service.replace('_', '-')}"
    records = [_record(request, service, record) for record in telemetry.records]
    alerts = [
        _alert(request, spec, service, alert)
        for alert in telemetry.alerts
        if spec.alerts.get(alert.name, _SAME).enabled
    ]
    groups = [
        {"name": f"{name}.{kind}", "rules": rules}
        for kind, rules in (("records", records), ("alerts", alerts))
        if rules
    ]
    if not groups:
        return None
    metadata: dict[str, Any] = {
        "name": name,
        "namespace": request.namespace,
        "annotations": dict(request.annotations),
    }
    if spec.labels:
        metadata["labels"] = dict(sorted(spec.labels.items()))
    return {"apiVersion": API, "kind": "PrometheusRule", "metadata": metadata, "spec": {"groups": groups}}
