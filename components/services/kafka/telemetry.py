"""What Kafka gives to monitoring.

Owns      whose metrics are read, and the list of rules, alerts and dashboards.
Refuses   names of metrics that nobody has seen: `metrics.json` says for each where it was read.
"""

from components.services.contract import ServiceRequest
from components.services.kafka import alerts_control, alerts_data, alerts_load, pictures, pictures_nodes
from components.services.kafka.metric import metrics
from components.services.kafka.place import kafka_spec, sizing_of
from components.services.kafka.records import records
from components.services.telemetry import Scrape, Telemetry

_PORT = "tcp-prometheus"


def _scrapes(cluster: str, *, exporter: bool) -> tuple[Scrape, ...]:
    def pods(component: str) -> dict[str, str]:
        return {"strimzi.io/cluster": cluster, "strimzi.io/component-type": component}

    return (
        Scrape("kafka-nodes", pods("kafka"), _PORT),
        *((Scrape("kafka-exporter", pods("kafka-exporter"), _PORT),) if exporter else ()),
        Scrape("kafka-topic-operator", pods("entity-operator"), "healthcheck-to"),
        Scrape("kafka-user-operator", pods("entity-operator"), "healthcheck-uo"),
    )


def telemetry(request: ServiceRequest) -> Telemetry:
    """Metrics, rules, alerts and dashboards of one cluster. The cell's node type must be known."""
    spec, sizing, m = kafka_spec(request), sizing_of(request), metrics(request)
    exporter, tiered = spec.kafka_exporter.enabled, spec.tiered_storage is not None
    return Telemetry(
        scrapes=_scrapes(request.cluster, exporter=exporter),
        records=records(m, lag=exporter),
        alerts=(
            *alerts_data.alerts(m),
            *alerts_control.alerts(m, sizing.brokers, sizing.controllers),
            *alerts_load.alerts(m, sizing, exporter=exporter, tiered=tiered),
        ),
        dashboards=(
            pictures.overview(m, sizing),
            pictures.topics(m, lag=exporter),
            pictures_nodes.brokers(m, tiered=tiered),
            pictures_nodes.controllers(m),
        ),
    )
