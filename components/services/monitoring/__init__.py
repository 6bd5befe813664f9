"""The `monitoring` service: its entry record for the catalog."""

from components.services.contract import Service

_HERE = "components.services.monitoring"

ENTRY = Service(
    name="monitoring",
    title="Metrics, alerts and dashboards",
    owner="observability",
    spec=f"{_HERE}.spec:MonitoringSpec",
    objects=f"{_HERE}.objects:objects",
    component=f"{_HERE}.component:Monitoring",
    check=f"{_HERE}.rules:check",
    loads=f"{_HERE}.rules:loads",
    endpoints=f"{_HERE}.objects:endpoints",
    explain=f"{_HERE}.objects:explain",
    requires=("kafka",),
    gathers_telemetry=True,
    impact=f"{_HERE}.impact:impact",
    manages={"monitoring.coreos.com": ("podmonitors", "prometheusrules")},
)
