"""How Connect workers are watched, whether they run connectors of apps or a mirror.

Owns      where the operator's workers show their metrics, and the queries, alerts and panels that all of them need.
Refuses   what only connectors or only mirrors have: each service's folder adds it.

Names are those of the operator's metrics reporter: `kafka_connect_<group>_<name>`, without a final `_total`, and with
`_info` where the value is a word, which is then a label.
"""

from components.services.contract import ServiceRequest
from components.services.dashboards import Row, Series, graph, row, stat, table
from components.services.strimzi_workers import METRICS_PORT, Workers
from components.services.telemetry import Alert, Scrape

_WORKER = "kafka_connect_connect_worker_metrics"
_REBALANCE = "kafka_connect_connect_worker_rebalance_metrics"


def scrape(workers: Workers, name: str) -> Scrape:
    """The workers' pods."""
    return Scrape(name, workers.pods, METRICS_PORT)


def selector(request: ServiceRequest, workers: Workers) -> str:
    """Labels that select the workers' series, without braces. Pods are `<object>-<connect|mirrormaker2>-<number>`."""
    component = "connect" if workers.kind == "KafkaConnect" else "mirrormaker2"
    return f'namespace="{request.namespace}",pod=~"{workers.name}-{component}-[0-9]+"'


def _heap(mine: str) -> str:
    used, most = (f'jvm_memory_{what}_bytes{{{mine},area="heap"}}' for what in ("used", "max"))
    return f"{used} / {most}"


def alerts(request: ServiceRequest, workers: Workers, word: str, what: str) -> tuple[Alert, ...]:
    """What can be wrong with workers and whatever runs in them. `word` starts the alerts' names."""
    mine = selector(request, workers)
    return (
        Alert(
            f"{word}WorkersMissing",
            f"(count({_WORKER}_task_count{{{mine}}}) or vector(0)) < $threshold",
            "10m",
            "page",
            f"Fewer {what} workers run than the section asks for.",
            f"Look at the pods and events of {workers.name}. Tasks of a lost worker wait up to five minutes before "
            "others take them.",
            threshold=workers.replicas,
        ),
        Alert(
            f"{word}ConnectorFailed",
            f'sum by (connector) (kafka_connect_connector_metrics_status_info{{{mine},status="failed"}}) > 0',
            "5m",
            "page",
            "A connector has failed: nothing moves through it.",
            "Read `status.connectorStatus` of its object for the stack trace. The operator restarts it, ever slower.",
        ),
        Alert(
            f"{word}TaskFailed",
            f"sum by (connector) ({_WORKER}_connector_failed_task_count{{{mine}}}) > 0",
            "5m",
            "page",
            "A task has failed: its share of the connector's work stands still.",
            "Read `status.connectorStatus.tasks` of the connector for the stack trace; its first line says why.",
        ),
        Alert(
            f"{word}Rebalancing",
            f"max({_REBALANCE}_rebalancing{{{mine}}}) > 0",
            "15m",
            "ticket",
            "Workers have been moving tasks for a quarter of an hour: meanwhile nothing or little is done.",
            "A worker that joins and leaves is the usual reason: look for restarts, and for long garbage collections.",
        ),
        Alert(
            f"{word}HeapFull",
            f"max by (pod) ({_heap(mine)}) > $threshold",
            "15m",
            "ticket",
            "A worker's heap has been almost full for a quarter of an hour.",
            "Raise `memory_mib`, or spread the tasks over more workers with `replicas`.",
            threshold=0.95,
        ),
    )


def overview(request: ServiceRequest, workers: Workers) -> list[Row]:
    """The first rows of a dashboard: what runs, what failed, what moves, and how the workers are."""
    mine = selector(request, workers)
    running = f'count(kafka_connect_connector_task_metrics_status_info{{{mine},status="running"}}) or vector(0)'
    return [
        row(
            "Overview",
            stat(
                "Workers", f"count({_WORKER}_task_count{{{mine}}}) or vector(0)", bad=workers.replicas, low_is_bad=True
            ),
            stat("Connectors", f"sum({_WORKER}_connector_count{{{mine}}})"),
            stat("Tasks running", running),
            stat("Tasks failed", f"sum({_WORKER}_connector_failed_task_count{{{mine}}})", bad=1),
            stat("Rebalancing", f"max({_REBALANCE}_rebalancing{{{mine}}})", warn=1),
            table(
                "Connectors by status",
                Series(f"sum by (connector, status) (kafka_connect_connector_metrics_status_info{{{mine}}})"),
            ),
            table(
                "Tasks by status",
                Series(
                    f"sum by (connector, task, status) (kafka_connect_connector_task_metrics_status_info{{{mine}}})"
                ),
            ),
        ),
        row(
            "Workers",
            graph("Tasks", Series(f"{_WORKER}_task_count{{{mine}}}", "{{pod}}"), description="Even is good."),
            graph(
                "Rebalances",
                Series(f"{_REBALANCE}_completed_rebalances{{{mine}}}", "{{pod}}"),
                description="Completed since the worker started. A step is a worker or connector that came or went.",
            ),
            graph(
                "Heap",
                Series(
                    _heap(mine),
                    "{{pod}}",
                ),
                unit="percentunit",
                warn=0.9,
                bad=0.95,
                most=1,
            ),
        ),
    ]
