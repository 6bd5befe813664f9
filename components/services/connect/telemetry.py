"""What Connect gives to monitoring: its workers, the connectors in them, and how far sinks are behind.

Owns      alerts and panels of connectors.
Refuses   alerts on one connector's lag: what is late is for its app to say; here is when it grows without end.
"""

from components.services import strimzi_workers_telemetry as common
from components.services.connect.worker import workers_of
from components.services.contract import ServiceRequest
from components.services.dashboards import RATE, Series, Variable, dashboard, graph, row
from components.services.telemetry import Alert, Telemetry

_ERRORS = "kafka_connect_task_error_metrics"
_LAG = "kafka_consumer_consumer_fetch_manager_metrics_records_lag_max"


def telemetry(request: ServiceRequest) -> Telemetry:
    """Scrapes, alerts and the dashboard of a cluster's Connect."""
    workers = workers_of(request)
    mine = common.selector(request, workers)
    chosen = f'{mine},connector=~"$connector"'
    alerts = (
        *common.alerts(request, workers, "Connect", "Connect"),
        Alert(
            "ConnectRecordsFailing",
            f"sum by (connector) (increase({_ERRORS}_total_record_failures{{{mine}}}[15m])) > 0",
            "15m",
            "ticket",
            "A connector has met records that it could not use for half an hour.",
            "Look into its dead-letter topic, or the worker's log where it has none; the app's team owns the data.",
        ),
        Alert(
            "ConnectSinkBehind",
            f'min_over_time({_LAG}{{{mine},client_id=~"connector-consumer-.+"}}[15m]) > 0'
            f' and deriv({_LAG}{{{mine},client_id=~"connector-consumer-.+"}}[30m]) > 0',
            "30m",
            "info",
            "A sink falls further behind what is produced.",
            "Give it more tasks (`tasks_max`, at most its partitions), or see whether what it writes to is slow.",
        ),
    )
    rows = [
        *common.overview(request, workers),
        row(
            "Sources",
            graph(
                "Records written to Kafka",
                Series(
                    f"sum by (connector) (kafka_connect_source_task_metrics_source_record_write_rate{{{chosen}}})",
                    "{{connector}}",
                ),
                unit="ops",
            ),
            graph(
                "Records polled",
                Series(
                    f"sum by (connector) (kafka_connect_source_task_metrics_source_record_poll_rate{{{chosen}}})",
                    "{{connector}}",
                ),
                unit="ops",
            ),
        ),
        row(
            "Sinks",
            graph(
                "Records sent",
                Series(
                    f"sum by (connector) (kafka_connect_sink_task_metrics_sink_record_send_rate{{{chosen}}})",
                    "{{connector}}",
                ),
                unit="ops",
            ),
            graph(
                "Time of a batch",
                Series(
                    f"max by (connector) (kafka_connect_sink_task_metrics_put_batch_avg_time_ms{{{chosen}}})",
                    "{{connector}}",
                ),
                unit="ms",
            ),
            graph(
                "Records behind",
                Series(f'max by (client_id) ({_LAG}{{{mine},client_id=~"connector-consumer-.+"}})', "{{client_id}}"),
            ),
        ),
        row(
            "Errors",
            graph(
                "Records that failed",
                Series(
                    f"sum by (connector) (rate({_ERRORS}_total_record_failures{{{chosen}}}[{RATE}]))", "{{connector}}"
                ),
                unit="ops",
            ),
            graph(
                "Records skipped",
                Series(
                    f"sum by (connector) (rate({_ERRORS}_total_records_skipped{{{chosen}}}[{RATE}]))", "{{connector}}"
                ),
                unit="ops",
                description="Skipped is lost, unless there is a dead-letter topic.",
            ),
            graph(
                "To dead-letter topics",
                Series(
                    f"sum by (connector) (rate({_ERRORS}_deadletterqueue_produce_requests{{{chosen}}}[{RATE}]))",
                    "{{connector}}",
                ),
                unit="ops",
            ),
        ),
    ]
    board = dashboard(
        request.cluster,
        "connect-overview",
        "Connect",
        rows,
        description="Workers of Kafka Connect and the apps' connectors in them.",
        variables=[
            Variable("connector", "Connector", f"kafka_connect_connector_metrics_status_info{{{mine}}}", "connector")
        ],
        tags=["connect"],
    )
    return Telemetry(scrapes=(common.scrape(workers, "connect-workers"),), alerts=alerts, dashboards=(board,))
