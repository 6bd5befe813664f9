"""Dashboards of the cluster as its users see it: how it is, its topics, its consumer groups.

Owns      what is on `kafka-overview` and `kafka-topics`.
Refuses   single nodes (`pictures_nodes.py`).
"""

from components.services.dashboards import RATE, Panel, Series, Variable, bars, dashboard, graph, row, stat, table
from components.services.kafka.metric import Metrics
from components.services.kafka.records import BYTES_IN, BYTES_OUT, DISK_USED, IDLE_HANDLERS, LAG, MESSAGES_IN
from components.services.kafka.sizing import Sizing
from components.services.telemetry import Dashboard

_CONTROLLER = "kafka_controller_kafkacontroller"
_MANAGER = "kafka_server_replicamanager"
_TOPICS = "kafka_server_brokertopicmetrics"


def _state(m: Metrics, sizing: Sizing) -> list[Panel]:
    def most(metric: str) -> str:
        return f"max({m.of(metric)})"

    def total(metric: str) -> str:
        return f"sum({m.of(metric)})"

    return [
        stat("Brokers", most(f"{_CONTROLLER}_activebrokercount"), bad=sizing.brokers - 0.5, low_is_bad=True),
        stat("Active controllers", total(f"{_CONTROLLER}_activecontrollercount"), bad=0.5, low_is_bad=True),
        stat("Partitions", most(f"{_CONTROLLER}_globalpartitioncount"), warn=sizing.throughput.partitions),
        stat("Offline partitions", most(f"{_CONTROLLER}_offlinepartitionscount"), bad=1),
        stat("Under min ISR", total(f"{_MANAGER}_underminisrpartitioncount"), bad=1),
        stat("Under-replicated", total(f"{_MANAGER}_underreplicatedpartitions"), warn=1, bad=100),
    ]


def overview(m: Metrics, sizing: Sizing) -> Dashboard:
    """Is it well, and how much of its size is used?"""
    load = sizing.throughput
    produced = load.produce_mb_per_s * 1e6
    return dashboard(
        m.cluster,
        "kafka-overview",
        "Kafka",
        [
            row("Now", *_state(m, sizing)),
            row(
                "Traffic",
                graph("Produced", Series(m.of(BYTES_IN), "produced"), unit="Bps", bad=produced),
                graph("Consumed", Series(m.of(BYTES_OUT), "consumed"), unit="Bps"),
                graph("Records produced", Series(m.of(MESSAGES_IN), "records"), unit="ops"),
            ),
            row(
                "Room",
                graph(
                    "Disks", Series(m.of(DISK_USED), "{{persistentvolumeclaim}}"), unit="percentunit", bad=0.85, most=1
                ),
                graph("Idle request handlers", Series(m.of(IDLE_HANDLERS), "{{pod}}"), unit="percentunit", most=1),
                graph(
                    "Certificate authorities end in",
                    Series(f"min by (type) ({m.certificates} / 1000 - time())", "{{type}}"),
                    unit="s",
                    description="From the cluster operator. Nothing here means that Prometheus does not read it.",
                ),
            ),
            row(
                "Refused",
                graph(
                    "Failed requests",
                    *(
                        Series(f"sum(rate({m.of(f'{_TOPICS}_failed{kind}requestspersec_total', _ALL)}[{RATE}]))", kind)
                        for kind in ("produce", "fetch")
                    ),
                    unit="reqps",
                ),
                graph(
                    "Failed authentications",
                    Series(
                        f"sum by (listener) ({m.of('kafka_server_socket_server_metrics_failed_authentication_rate')})",
                        "{{listener}}",
                    ),
                    unit="ops",
                ),
                graph(
                    "Elections that lost data",
                    Series(
                        f"sum(increase({m.of('kafka_controller_controllerstats_uncleanleaderelectionspersec_total')}"
                        f"[{RATE}]))",
                        "unclean",
                    ),
                    bad=1,
                ),
            ),
        ],
        description="Is the cluster well, and how much of its size is used?",
        tags=["kafka"],
    )


_ALL = 'topic=""'
_CHOSEN = 'topic=~"$topic"'


def _lag(m: Metrics) -> list[Panel]:
    behind = m.of(LAG, _CHOSEN, 'consumergroup=~"$group"')
    read = m.of("kafka_consumergroup_current_offset", _CHOSEN, 'consumergroup=~"$group"')
    return [
        graph("Lag", Series(behind, "{{consumergroup}} on {{topic}}"), width=12, description="Records not yet read."),
        graph(
            "Read and committed",
            Series(
                f"sum by (consumergroup, topic) (rate({read}[{RATE}]))",
                "{{consumergroup}} on {{topic}}",
            ),
            width=12,
            unit="ops",
        ),
        table("Farthest behind", f"topk(20, {m.of(LAG)})", width=24),
    ]


def topics(m: Metrics, *, lag: bool) -> Dashboard:
    """What each topic gets, and who is behind. Kafka's metrics write a dot in a topic's name as `_`."""

    def rate(name: str) -> Series:
        return Series(f"sum by (topic) (rate({m.of(f'{_TOPICS}_{name}_total', _CHOSEN)}[{RATE}]))", "{{topic}}")

    rows = [
        row(
            "Traffic",
            graph("Produced", rate("bytesinpersec"), unit="Bps"),
            graph("Consumed", rate("bytesoutpersec"), unit="Bps"),
            graph("Records produced", rate("messagesinpersec"), unit="ops"),
        ),
        row(
            "Stored",
            graph(
                "Size on disks, all copies",
                Series(f"sum by (topic) ({m.of('kafka_log_log_size', _CHOSEN)})", "{{topic}}"),
                unit="bytes",
                width=12,
            ),
            bars("Largest", f"topk(20, sum by (topic) ({m.of('kafka_log_log_size')}))", unit="bytes", width=12),
        ),
    ]
    # The broker's own series of a topic and the exporter's write its name differently where it holds a dot.
    variables = [Variable("topic", "Topic", m.of(f"{_TOPICS}_messagesinpersec_total"), "topic")]
    if lag:
        variables = [
            Variable(
                "topic",
                "Topic",
                f'{{__name__=~"{_TOPICS}_messagesinpersec_total|kafka_topic_partitions", namespace="{m.namespace}"}}',
                "topic",
            ),
            Variable("group", "Consumer group", m.of("kafka_consumergroup_lag"), "consumergroup"),
        ]
        rows.insert(1, row("Consumer groups", *_lag(m)))
    return dashboard(
        m.cluster,
        "kafka-topics",
        "Topics and consumer groups",
        rows,
        description="What each topic gets and keeps, and which consumer groups are behind.",
        variables=variables,
        tags=["kafka"],
    )
