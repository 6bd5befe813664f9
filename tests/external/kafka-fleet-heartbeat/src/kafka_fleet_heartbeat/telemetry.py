"""How a heartbeat is read: lost and slow messages.

Owns      scrape, alerts and the dashboard, on KMinion's own metrics.
Refuses   why it is slow: that is on Kafka's dashboards.
"""

from kafka_fleet import Alert, Scrape, ServiceRequest, Telemetry, pods_of
from kafka_fleet.dashboards import RATE, Series, dashboard, graph, row, stat

from .objects import heartbeat_spec, name


def telemetry(request: ServiceRequest) -> Telemetry:
    """All that monitoring is given."""
    pods = f'namespace="{request.namespace}",service="heartbeat"'
    bucket = "kminion_end_to_end_roundtrip_latency_seconds_bucket"
    acked, received = "kminion_end_to_end_messages_acked_total", "kminion_end_to_end_messages_received_total"
    lost = f"1 - sum(rate({received}{{{pods}}}[5m])) / sum(rate({acked}{{{pods}}}[5m]))"
    alerts = (
        Alert(
            name="HeartbeatLost",
            expr=f"{lost} > $threshold or absent({acked}{{{pods}}})",
            lasting="5m",
            severity="page",
            summary="Messages to this cluster are not acknowledged, or do not come back.",
            action="Look at offline and under-replicated partitions of this cluster first, then at the pod's log.",
            threshold=0.05,
        ),
        Alert(
            name="HeartbeatSlow",
            expr=f"histogram_quantile(0.99, sum by (le) (rate({bucket}{{{pods}}}[10m]))) > $threshold",
            lasting="15m",
            severity="ticket",
            summary="One message in a hundred takes longer than agreed from its producer to its consumer.",
            action="Compare the partitions on the dashboard: one slow broker, or all of them.",
            threshold=heartbeat_spec(request).slow_ms / 1000,
        ),
    )
    by_partition = f"sum by (le, partitionId) (rate({bucket}{{{pods}}}[{RATE}]))"
    picture = dashboard(
        request.cluster,
        "heartbeat",
        "Heartbeat",
        [
            row(
                "End to end",
                stat("Lost", Series(lost), unit="percentunit", bad=0.05),
                graph(
                    "99th percentile by partition",
                    Series(f"histogram_quantile(0.99, {by_partition})", "{{partitionId}}"),
                    unit="s",
                    width=12,
                ),
            )
        ],
        description="What a client of this cluster gets.",
    )
    return Telemetry(
        scrapes=(Scrape("heartbeat", pods_of(name(request)), "http"),), alerts=alerts, dashboards=(picture,)
    )
