"""All Kubernetes objects of a cluster's monitoring.

Owns      the list: for each service its pod monitors with their network policies, its rules, its dashboards.
Refuses   Prometheus, Alertmanager and Grafana: a company has them, and a second copy would watch nobody.
Identity  roles hold the names of scrapes and dashboards, which so are part of URNs.
"""

from collections.abc import Mapping, Sequence

from components.services.contract import Manifest, ServiceRequest
from components.services.monitoring.boards import config_map
from components.services.monitoring.pod_monitors import network_policy, pod_monitor
from components.services.monitoring.rule_objects import rule
from components.services.monitoring.spec import MonitoringSpec


def monitoring_spec(request: ServiceRequest) -> MonitoringSpec:
    """The request's section, known to be monitoring's."""
    return request.section(MonitoringSpec)


def objects(request: ServiceRequest) -> Sequence[Manifest]:
    """The objects of a request, service by service. None of them holds data."""
    spec = monitoring_spec(request)
    found: list[Manifest] = []
    for service, telemetry in sorted(request.telemetry.items()):
        for scrape in telemetry.scrapes:
            found.append(Manifest(f"allow-{scrape.name}", network_policy(request, spec, scrape)))
            monitor = pod_monitor(request, spec, service, scrape)
            found.append(Manifest(f"monitor-{scrape.name}", monitor, after=(f"allow-{scrape.name}",)))
        rules = rule(request, spec, service, telemetry)
        if rules is not None:
            found.append(Manifest(f"rules-{service.replace('_', '-')}", rules))
        if spec.grafana.enabled:
            found += [
                Manifest(f"dashboard-{board.name}", config_map(request, spec, board)) for board in telemetry.dashboards
            ]
    return found


def endpoints(request: ServiceRequest) -> Mapping[str, str]:
    """Dashboards by name: their path in whichever Grafana the company has."""
    spec = monitoring_spec(request)
    if not spec.grafana.enabled:
        return {}
    return {
        board.name: f"/d/{board.model['uid']}"
        for _, telemetry in sorted(request.telemetry.items())
        for board in telemetry.dashboards
    }


def explain(request: ServiceRequest) -> Sequence[str]:
    """What is watched, a sentence for each service, and what the file changes about it."""
    spec = monitoring_spec(request)
    found = [
        f"{service}: {len(telemetry.scrapes)} scrapes, {len(telemetry.records)} recording rules, "
        f"{len(telemetry.alerts)} alerts, {len(telemetry.dashboards)} dashboards"
        for service, telemetry in sorted(request.telemetry.items())
    ]
    found += [f"{name}: {'changed' if change.enabled else 'off'} here" for name, change in sorted(spec.alerts.items())]
    if not request.production and not spec.page_outside_production:
        found.append("not production: pages are tickets")
    return found
