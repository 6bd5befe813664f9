"""What Kafka gives to monitoring.

Owns      whose metrics are read, and the list of rules, alerts and dashboards.
Refuses   names of metrics that nobody has seen: `metrics.json` says for each where it was read.
"""

from dataclasses import replace

from components.clouds.machines import machines
from components.services.contract import ServiceRequest
from components.services.kafka import alerts_control, alerts_data, alerts_load, pictures, pictures_nodes
from components.services.kafka.metric import metrics
from components.services.kafka.place import kafka_spec, known, sizing_of
from components.services.kafka.records import records
from components.services.kafka.sizing import Sizing
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


def _sizing(request: ServiceRequest) -> Sizing:
    """The cluster's sizing. On a node type that nobody knows (the cell's own check refuses it) that of the smallest:
    names of alerts are judged meanwhile, and their numbers are for nobody."""
    if known(request):
        return sizing_of(request)
    place = request.place
    return sizing_of(replace(request, place=replace(place, machine=next(iter(machines(place.cloud))))))


def telemetry(request: ServiceRequest) -> Telemetry:
    """Metrics, rules, alerts and dashboards of one cluster."""
    spec, sizing, m = kafka_spec(request), _sizing(request), metrics(request)
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
