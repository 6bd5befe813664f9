"""What a cluster file may say about who watches it.

Owns      the shape of `services.monitoring`: how Prometheus finds it, whom alerts go to, where dashboards appear.
Refuses   rules of one's own: an alert belongs to the service that it is about (`telemetry`), and a company's others
          are not this fleet's.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from components.model import Items, Name, Spec

LabelKey = Annotated[
    str,
    StringConstraints(
        pattern=r"^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$"
    ),
]
LabelValue = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$")]
AlertLabel = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z_][a-zA-Z0-9_]*$")]
Severity = Literal["page", "ticket", "info"]
Lasting = Annotated[str, StringConstraints(pattern=r"^\d{1,4}[smhd]$")]


class Prometheus(Spec):
    """Who reads the metrics."""

    namespaces: Items[Name] = Field(
        default=("monitoring",),
        description="Namespaces of the cell in which the company's Prometheus runs: pods there may read metrics.",
    )
    pod_labels: dict[LabelKey, LabelValue] = Field(
        default={}, description="Labels of its pods, to let in no others of those namespaces. By default all pods."
    )


class AlertChange(Spec):
    """What is different about one alert on this cluster. What is left out stays as its service has it."""

    enabled: bool = Field(default=True, description="`false`: the alert is not there at all.")
    threshold: float | None = Field(default=None, description="In place of its threshold, in the same unit.")
    lasting: Lasting | None = Field(
        default=None, description="How long it must hold before anyone is told, e.g. `10m`."
    )
    severity: Severity | None = Field(
        default=None, description="`page`: somebody gets up. `ticket`: tomorrow. `info`: for dashboards only."
    )


class Severities(Spec):
    """The company's own words for how urgent an alert is, as its Alertmanager routes them."""

    page: LabelValue = Field(default="critical", description="Value of the label `severity` that wakes somebody up.")
    ticket: LabelValue = Field(default="warning", description="Value of the label `severity` for tomorrow.")
    info: LabelValue = Field(default="info", description="Value of the label `severity` that tells nobody.")


class Grafana(Spec):
    """Where dashboards appear: Grafana's sidecar takes every ConfigMap with a label."""

    enabled: bool = Field(default=True, description="Whether dashboards are made.")
    label: LabelKey = Field(default="grafana_dashboard", description="Label by which the sidecar finds them.")
    label_value: LabelValue = Field(default="1", description="That label's value.")
    folder: str | None = Field(
        default=None,
        pattern=r"^[^/]{1,100}$",
        description="Folder in Grafana. By default the sidecar's own. One dashboard of each cluster and kind is in it.",
    )
    folder_annotation: LabelKey = Field(
        default="grafana_folder", description="Annotation by which the sidecar is told the folder."
    )


class MonitoringSpec(Spec):
    """Who watches a cluster and its services. Needs Prometheus Operator in the cell."""

    labels: dict[LabelKey, LabelValue] = Field(
        default={},
        description="Labels of pod monitors and rules, by which the company's Prometheus selects them, e.g. "
        "`release: kube-prometheus-stack`. By default none, for a Prometheus that takes all.",
    )
    prometheus: Prometheus = Field(default=Prometheus(), description="Who reads the metrics.")
    scrape_interval_s: int = Field(
        default=30, ge=10, le=60, description="Seconds between two readings. Rules need four in five minutes."
    )
    alerts: dict[str, AlertChange] = Field(
        default={}, description="Changes to single alerts by their name, e.g. `KafkaConsumerLag: {threshold: 5000}`."
    )
    severities: Severities = Field(default=Severities(), description="The company's words for how urgent an alert is.")
    team: str | None = Field(
        default=None,
        pattern=r"^[a-z][a-z0-9-]{0,62}$",
        description="Value of the label `team` of all alerts, for routing. By default the team that owns the cluster.",
    )
    alert_labels: dict[AlertLabel, str] = Field(default={}, description="Further labels of all alerts, for routing.")
    page_outside_production: bool = Field(
        default=False,
        description="Whether a cluster that is not production wakes anybody up. By default its pages are tickets.",
    )
    grafana: Grafana = Field(default=Grafana(), description="Where dashboards appear.")
