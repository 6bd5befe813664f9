"""The laws of a monitoring section.

Owns      what the cell must have, and names of alerts and thresholds that exist.
Refuses   judging a threshold: what is too much is for the cluster's team to say.
"""

import difflib
from collections.abc import Iterator, Sequence

from components.finding import Finding
from components.services.contract import Load, ServiceRequest
from components.services.monitoring.boards import MOST_BYTES, text
from components.services.monitoring.objects import monitoring_spec
from components.services.monitoring.pod_monitors import API
from components.services.monitoring.spec import MonitoringSpec


def _nearest(name: str, known: Sequence[str]) -> str:
    by_word = {one.lower(): one for one in known}
    near = difflib.get_close_matches(name.lower(), by_word, n=1, cutoff=0.6)
    return by_word[near[0]] if near else ""


def _alerts(request: ServiceRequest, spec: MonitoringSpec) -> Iterator[Finding]:
    known = {alert.name: alert for telemetry in request.telemetry.values() for alert in telemetry.alerts}
    for name, change in spec.alerts.items():
        alert = known.get(name)
        if alert is None:
            near = _nearest(name, sorted(known))
            yield Finding(
                "unknown-alert",
                ("alerts", name),
                f"no service of this cluster has an alert '{name}'",
                "" if near else ", ".join(sorted(known)),
                f"did you mean '{near}'?" if near else "remove it",
            )
        elif change.threshold is not None and alert.threshold is None:
            yield Finding(
                "alert-without-threshold",
                ("alerts", name, "threshold"),
                f"'{name}' holds or does not: it has no threshold",
                hint="change `lasting` or `severity`, or switch it off with `enabled: false`",
            )


def _labels(spec: MonitoringSpec) -> Iterator[Finding]:
    for key in ("environment", "kafka_cluster", "service", "severity", "team"):
        if key in spec.alert_labels:
            yield Finding(
                "alert-label-taken",
                ("alert_labels", key),
                f"every alert has a label '{key}' already",
                hint="use `team`" if key == "team" else "use `severities`" if key == "severity" else "remove it",
            )


def _boards(request: ServiceRequest, spec: MonitoringSpec) -> Iterator[Finding]:
    if not spec.grafana.enabled:
        return
    for telemetry in request.telemetry.values():
        for board in telemetry.dashboards:
            size = len(text(board).encode())
            if size > MOST_BYTES:
                yield Finding(
                    "dashboard-too-large",
                    ("grafana",),
                    f"dashboard '{board.name}' has {size} bytes, and a ConfigMap takes no more than {MOST_BYTES}",
                    hint="its service must split it; until then set `grafana: {enabled: false}`",
                )


def check(request: ServiceRequest) -> Iterator[Finding]:
    """Every law that the section breaks. Paths are relative to it."""
    spec = monitoring_spec(request)
    if API not in request.place.apis:
        yield Finding(
            "cell-lacks-api",
            (),
            f"cell '{request.place.cell}' has no {API}: nobody there takes pod monitors and rules",
            hint=f"install Prometheus Operator and say `kubernetes: {{apis: [{API}]}}` in the cell's file, or remove "
            "`monitoring`",
        )
    yield from _alerts(request, spec)
    yield from _labels(spec)
    yield from _boards(request, spec)


def loads(_request: ServiceRequest) -> Sequence[Load]:
    """Nothing: it is objects for programs that the cell has anyway."""
    return ()
