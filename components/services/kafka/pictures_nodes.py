"""Dashboards of single nodes: brokers and their requests, controllers and their quorum.

Owns      what is on `kafka-brokers` and `kafka-controllers`.
Refuses   topics and consumer groups (`pictures.py`).
"""

from components.services.dashboards import RATE, Panel, Row, Series, Variable, dashboard, graph, row
from components.services.kafka.metric import Metrics
from components.services.kafka.records import DISK_USED, IDLE_HANDLERS
from components.services.telemetry import Dashboard

_POD = 'pod=~"$pod"'
_ALL = 'topic=""'
_REQUESTS = "kafka_network_requestmetrics"
_TOPICS = "kafka_server_brokertopicmetrics"
_RAFT = "kafka_server_raft_metrics"


def _by_pod(m: Metrics, metric: str, *matchers: str) -> Series:
    return Series(f"sum by (pod) ({m.of(metric, _POD, *matchers)})", "{{pod}}")


def _rate(m: Metrics, metric: str, *matchers: str) -> Series:
    return Series(f"sum by (pod) (rate({m.of(metric, _POD, *matchers)}[{RATE}]))", "{{pod}}")


def _machine(m: Metrics) -> Row:
    heap = m.of("jvm_memory_used_bytes", _POD, 'area="heap"', 'container="kafka"')
    return row(
        "Machine",
        graph("CPU", _rate(m, "container_cpu_usage_seconds_total", 'container="kafka"'), unit="short"),
        graph("Memory", _by_pod(m, "container_memory_working_set_bytes", 'container="kafka"'), unit="bytes"),
        graph("Heap used", Series(f"sum by (pod) ({heap})", "{{pod}}"), unit="bytes"),
        graph(
            "Time in garbage collection",
            _rate(m, "jvm_gc_collection_seconds_sum", 'container="kafka"'),
            unit="percentunit",
            bad=0.1,
        ),
        graph("Open files", _by_pod(m, "process_open_fds", 'container="kafka"')),
        graph("Disks", Series(m.of(DISK_USED), "{{persistentvolumeclaim}}"), unit="percentunit", bad=0.85, most=1),
    )


def _spent(m: Metrics, kind: str) -> Panel:
    """Where the time of a kind of request goes: the mean of each part, all chosen brokers together."""
    parts = {
        "queue": "requestqueuetimems",
        "local (disk)": "localtimems",
        "remote (followers, waiting)": "remotetimems",
        "throttled": "throttletimems",
        "response queue": "responsequeuetimems",
        "sending": "responsesendtimems",
    }

    def mean(part: str) -> str:
        total, count = (
            f"sum(rate({m.of(f'{_REQUESTS}_{part}_{end}', _POD, _request(kind))}[{RATE}]))" for end in ("sum", "count")
        )
        return f"{total} / ({count} > 0)"

    return graph(
        f"{kind}: where the time goes",
        *(Series(mean(part), title) for title, part in parts.items()),
        unit="ms",
        stacked=True,
        width=12,
    )


def _request(kind: str) -> str:
    """Matcher of one kind of request."""
    return f'request="{kind}"'


def _requests(m: Metrics) -> Row:
    slowest = 'quantile="0.99"'
    panels = [
        graph(
            f"{kind}: 99 of 100 within",
            Series(f"max by (pod) ({m.of(f'{_REQUESTS}_totaltimems', _POD, _request(kind), slowest)})", "{{pod}}"),
            unit="ms",
        )
        for kind in ("Produce", "FetchConsumer", "Fetch")
    ]
    asked = m.of(f"{_REQUESTS}_requestspersec_total", _POD)
    return row(
        "Requests",
        *panels,
        graph(
            "Requests a second",
            Series(f"topk(10, sum by (request) (rate({asked}[{RATE}])))", "{{request}}"),
            unit="reqps",
        ),
        graph("Idle request handlers", Series(m.of(IDLE_HANDLERS, _POD), "{{pod}}"), unit="percentunit", most=1),
        graph(
            "Idle network threads",
            _by_pod(m, "kafka_network_socketserver_networkprocessoravgidlepercent"),
            unit="percentunit",
            most=1,
        ),
        _spent(m, "Produce"),
        _spent(m, "FetchConsumer"),
        graph("Waiting requests", _by_pod(m, "kafka_network_requestchannel_requestqueuesize", 'processor=""')),
        graph(
            "Connections",
            Series(
                f"sum by (listener) ({m.of('kafka_server_socket_server_metrics_connection_count', _POD)})",
                "{{listener}}",
            ),
        ),
        graph(
            "New connections a second",
            Series(
                f"sum by (listener) ({m.of('kafka_server_socket_server_metrics_connection_creation_rate', _POD)})",
                "{{listener}}",
            ),
            unit="ops",
        ),
    )


def _replication(m: Metrics) -> Row:
    manager = "kafka_server_replicamanager"
    return row(
        "Replication",
        graph("Leaders", _by_pod(m, f"{manager}_leadercount")),
        graph("Replicas", _by_pod(m, f"{manager}_partitioncount")),
        graph("Under-replicated", _by_pod(m, f"{manager}_underreplicatedpartitions"), bad=1),
        graph("From other brokers", _rate(m, f"{_TOPICS}_replicationbytesinpersec_total", _ALL), unit="Bps"),
        graph("To other brokers", _rate(m, f"{_TOPICS}_replicationbytesoutpersec_total", _ALL), unit="Bps"),
        graph("Copies that fell out of sync", _rate(m, f"{manager}_isrshrinkspersec_total"), unit="ops"),
    )


def _tiered(m: Metrics) -> Row:
    return row(
        "Tiered storage",
        graph("Copied to the store", _rate(m, f"{_TOPICS}_remotecopybytespersec_total", _ALL), unit="Bps"),
        graph("Read from the store", _rate(m, f"{_TOPICS}_remotefetchbytespersec_total", _ALL), unit="Bps"),
        graph("Waits for copying", _by_pod(m, f"{_TOPICS}_remotecopylagbytes", _ALL), unit="bytes"),
    )


def brokers(m: Metrics, *, tiered: bool) -> Dashboard:
    """Every broker: traffic, requests, replication, machine."""
    return dashboard(
        m.cluster,
        "kafka-brokers",
        "Brokers",
        [
            row(
                "Traffic",
                graph("Produced", _rate(m, f"{_TOPICS}_bytesinpersec_total", _ALL), unit="Bps"),
                graph("Consumed", _rate(m, f"{_TOPICS}_bytesoutpersec_total", _ALL), unit="Bps"),
                graph("Records produced", _rate(m, f"{_TOPICS}_messagesinpersec_total", _ALL), unit="ops"),
            ),
            _requests(m),
            _replication(m),
            *((_tiered(m),) if tiered else ()),
            _machine(m),
        ],
        description="Every broker: traffic, requests, replication, machine.",
        variables=[Variable("pod", "Broker", m.of("up", m.brokers), "pod")],
        tags=["kafka"],
    )


def controllers(m: Metrics) -> Dashboard:
    """The quorum: who leads, how far each one is, what it does."""
    controller = "kafka_controller_kafkacontroller"
    epoch, leader = m.of(f"{_RAFT}_current_epoch", _POD), m.of(f"{_RAFT}_current_leader", _POD)
    late = m.of("kafka_server_broker_metadata_metrics_last_applied_record_lag_ms", m.brokers)
    return dashboard(
        m.cluster,
        "kafka-controllers",
        "Controllers",
        [
            row(
                "Quorum",
                graph("Leader that each one knows", Series(f"max by (pod) ({leader})", "{{pod}}")),
                graph("Epoch", Series(f"max by (pod) ({epoch})", "{{pod}}"), description="Rises with each election."),
                graph("Records that all have", _by_pod(m, f"{_RAFT}_high_watermark")),
                graph("Time to commit", _by_pod(m, f"{_RAFT}_commit_latency_avg"), unit="ms"),
                graph("Time to elect", _by_pod(m, f"{_RAFT}_election_latency_avg"), unit="ms"),
                graph("Records written a second", _by_pod(m, f"{_RAFT}_append_records_rate"), unit="ops"),
            ),
            row(
                "Work",
                graph("Active", _by_pod(m, f"{controller}_activecontrollercount")),
                graph("Fenced brokers", _by_pod(m, f"{controller}_fencedbrokercount"), bad=1),
                graph("Leaders not on their first broker", _by_pod(m, f"{controller}_preferredreplicaimbalancecount")),
                graph("Errors", _by_pod(m, f"{controller}_metadataerrorcount"), bad=1),
                graph("Brokers' heartbeats too late", _by_pod(m, f"{controller}_timedoutbrokerheartbeatcount")),
                graph("Brokers behind the metadata", Series(f"max by (pod) ({late})", "{{pod}}"), unit="ms"),
            ),
            _machine(m),
        ],
        description="The quorum: who leads, how far each controller is, and what it does.",
        variables=[Variable("pod", "Controller", m.of("up", m.controllers), "pod")],
        tags=["kafka"],
    )
