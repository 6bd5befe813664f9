"""How a ksqlDB is watched: what its servers show, what is wrong when, and pictures of it.

Owns      scrapes, alerts and the dashboard, on metrics whose names `settings.py` gives them.
Refuses   lag per topic and partition of the whole cluster: Kafka's own exporter has that.
"""

from components.services.contract import ServiceRequest
from components.services.dashboards import Series, Variable, dashboard, gauge, graph, row, stat
from components.services.ksqldb import identity
from components.services.telemetry import Alert, Scrape, Telemetry
from components.services.workload import pods_of


def _claims(request: ServiceRequest) -> str:
    return f'namespace="{request.namespace}",persistentvolumeclaim=~"data-{identity.name(request)}-.*"'


def _alerts(request: ServiceRequest) -> tuple[Alert, ...]:
    pods = f'namespace="{request.namespace}",service="ksqldb"'
    claims = _claims(request)
    free = f"kubelet_volume_stats_available_bytes{{{claims}}} / kubelet_volume_stats_capacity_bytes{{{claims}}}"
    return (
        Alert(
            name="KsqlDbServerDown",
            expr=f"up{{{pods}}} == 0",
            lasting="5m",
            severity="ticket",
            summary="A ksqlDB server shows no metrics.",
            action="Look at the pod's events and its log. While it is away, the other servers restore its state.",
        ),
        Alert(
            name="KsqlDbAllServersDown",
            expr=f"sum(up{{{pods}}}) == 0 or absent(up{{{pods}}})",
            lasting="5m",
            severity="page",
            summary="No ksqlDB server is running: no query makes progress.",
            action="Look at the events of the StatefulSet first, then at whether Kafka takes its certificate.",
        ),
        Alert(
            name="KsqlDbQueryInError",
            expr=f"sum by (pod) (ksqldb_engine_error_queries{{{pods}}}) > 0",
            lasting="5m",
            severity="page",
            summary="A persistent query is in state ERROR and makes no progress.",
            action="`SHOW QUERIES; EXPLAIN <id>;` names the exception; mostly a right is missing: `reads`, `writes`.",
        ),
        Alert(
            name="KsqlDbStreamThreadsFailed",
            expr=f"sum by (pod) (increase(ksqldb_streams_failed_threads{{{pods}}}[15m])) > 0",
            lasting="0m",
            severity="ticket",
            summary="Threads of queries died and were replaced.",
            action="Find the exception in the server's log by the word `uncaught`; it comes back until it is solved.",
        ),
        Alert(
            name="KsqlDbFallsBehind",
            expr=f"max by (pod) (ksqldb_consumer_records_lag_max{{{pods}}}) > $threshold",
            lasting="30m",
            severity="ticket",
            summary="A query is far behind the end of its input.",
            action="Look for rebalances and for a busy CPU; add servers up to the number of input partitions.",
            threshold=100_000,
        ),
        Alert(
            name="KsqlDbStateDiskFull",
            expr=f"{free} < $threshold",
            lasting="15m",
            severity="page",
            summary="The disk with a server's state is nearly full; full state stores stop its queries.",
            action="Drop what is not needed, or add servers: the claims of a StatefulSet can't be enlarged from here.",
            threshold=0.15,
        ),
    )


def telemetry(request: ServiceRequest) -> Telemetry:
    """All that monitoring is given."""
    pods = f'namespace="{request.namespace}",service="ksqldb",pod=~"$pod"'
    claims = _claims(request)

    def engine(metric: str) -> str:
        return f"sum by (pod) (ksqldb_engine_{metric}{{{pods}}})"

    free = f"kubelet_volume_stats_available_bytes{{{claims}}} / kubelet_volume_stats_capacity_bytes{{{claims}}}"
    rows = [
        row(
            "Queries",
            stat("Servers", Series(f"sum(ksqldb_engine_liveness_indicator{{{pods}}})"), description="That answer."),
            stat("Persistent queries", Series(f"max(ksqldb_engine_num_persistent_queries{{{pods}}})")),
            stat("In error", Series(f"max(ksqldb_engine_error_queries{{{pods}}})"), bad=1),
            graph(
                "Messages consumed a second",
                Series(engine("messages_consumed_per_sec"), "{{pod}}"),
                unit="ops",
                width=12,
            ),
            graph(
                "Messages produced a second",
                Series(engine("messages_produced_per_sec"), "{{pod}}"),
                unit="ops",
                width=12,
            ),
            graph(
                "Errors a second",
                Series(engine("error_rate"), "{{pod}}"),
                unit="ops",
                width=12,
                description="Messages that were read and not processed, mostly because they could not be deserialized.",
            ),
        ),
        row(
            "Progress and state",
            graph(
                "Records behind",
                Series(f"max by (pod) (ksqldb_consumer_records_lag_max{{{pods}}})", "{{pod}}"),
                description="The furthest behind of each server's partitions.",
                width=12,
            ),
            graph(
                "Stream threads",
                Series(f"sum by (pod) (ksqldb_streams_alive_threads{{{pods}}})", "{{pod}} alive"),
                Series(f"sum by (pod) (ksqldb_streams_failed_threads{{{pods}}})", "{{pod}} failed"),
            ),
            gauge("State disk free", Series(free, "{{persistentvolumeclaim}}"), unit="percentunit", most=1, width=12),
        ),
    ]
    picture = dashboard(
        request.cluster,
        "ksqldb-overview",
        "ksqlDB",
        rows,
        description="What the queries of this cluster's ksqlDB do, and what keeps them from it.",
        variables=[Variable("pod", "Server", f'up{{namespace="{request.namespace}",service="ksqldb"}}', "pod")],
        tags=["ksqldb"],
    )
    scrape = Scrape("ksqldb", pods_of(identity.name(request)), "metrics")
    return Telemetry(scrapes=(scrape,), alerts=_alerts(request), dashboards=(picture,))
