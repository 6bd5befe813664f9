"""Alerts about load: threads, latency, lag, and use beyond what the cluster's size promises.

Owns      what gets slow before it breaks.
Refuses   what is broken (`alerts_data.py`, `alerts_control.py`).
"""

from components.services.kafka.metric import Metrics
from components.services.kafka.records import BYTES_IN, BYTES_OUT, IDLE_HANDLERS, LAG
from components.services.kafka.sizing import Sizing
from components.services.telemetry import Alert

_MB = 1_000_000


def _threads(m: Metrics) -> list[Alert]:
    collecting = m.of("jvm_gc_collection_seconds_sum", 'container="kafka"')
    return [
        Alert(
            "KafkaRequestHandlersBusy",
            f"{m.of(IDLE_HANDLERS)} < $threshold",
            "15m",
            "ticket",
            "request handlers of {{ $labels.pod }} are idle only {{ $value | humanizePercentage }} of the time",
            "See which requests take long on the brokers' dashboard. Take a larger size, or more num.io.threads.",
            0.2,
        ),
        Alert(
            "KafkaNetworkProcessorsBusy",
            f"min by (namespace, pod) ({m.of('kafka_network_socketserver_networkprocessoravgidlepercent')}) < "
            "$threshold",
            "15m",
            "ticket",
            "network threads of {{ $labels.pod }} are idle only {{ $value | humanizePercentage }} of the time",
            "Many connections or much TLS: raise num.network.threads or the size.",
            0.3,
        ),
        Alert(
            "KafkaGarbageCollection",
            f"sum by (namespace, pod) (rate({collecting}[5m])) > $threshold",
            "15m",
            "ticket",
            "{{ $labels.pod }} spends {{ $value | humanizePercentage }} of its time on garbage collection",
            "More partitions or clients than the heap was made for: take a larger size.",
            0.1,
        ),
        Alert(
            "KafkaAuthenticationFailing",
            "sum by (namespace, listener) ("
            f"{m.of('kafka_server_socket_server_metrics_failed_authentication_rate')}) > $threshold",
            "15m",
            "ticket",
            'clients of listener {{ $labels.listener }} are refused {{ $value | printf "%.1f" }} times a second',
            "A credential was retired or has expired: the brokers' log has the addresses.",
            1,
        ),
    ]


def _latency(m: Metrics) -> list[Alert]:
    def slow(kind: str) -> str:
        times, which = "kafka_network_requestmetrics_totaltimems", f'request="{kind}"'
        worst = m.of(times, which, 'quantile="0.99"')
        asked = f"sum by (namespace, pod) (rate({m.of(f'{times}_count', which)}[5m])) > 1"
        late = f"max by (namespace, pod) ({worst}) > $threshold"
        return f"({late}) and ({asked})"

    act = (
        "The brokers' dashboard splits the time: queue (threads), local (disk), remote (followers), response (network)."
    )
    return [
        Alert(
            "KafkaProduceSlow",
            slow("Produce"),
            "15m",
            "ticket",
            '1 of 100 produce requests to {{ $labels.pod }} takes longer than {{ $value | printf "%.0f" }} ms',
            act,
            1000,
        ),
        Alert(
            "KafkaFetchSlow",
            slow("FetchConsumer"),
            "15m",
            "ticket",
            '1 of 100 fetches from {{ $labels.pod }} takes longer than {{ $value | printf "%.0f" }} ms; '
            "waiting for new data is 500 ms of it by default",
            act,
            2000,
        ),
    ]


def _size(m: Metrics, sizing: Sizing) -> list[Alert]:
    load = sizing.throughput
    produced, consumed = load.produce_mb_per_s * _MB, load.produce_mb_per_s * load.consume_fan_out * _MB
    count = m.of("kafka_controller_kafkacontroller_globalpartitioncount")
    act = (
        "Take a larger `size`, or agree with the apps on less: the brokers' CPU, network and disks were made for that."
    )
    return [
        Alert(
            "KafkaProducedBeyondSize",
            f"{m.of(BYTES_IN)} / {produced:.0f} > $threshold",
            "1h",
            "ticket",
            f"{{{{ $value | humanizePercentage }}}} of the {load.produce_mb_per_s:g} MB/s that the size promises are "
            "produced",
            act,
            1,
        ),
        *(
            [
                Alert(
                    "KafkaConsumedBeyondSize",
                    f"{m.of(BYTES_OUT)} / {consumed:.0f} > $threshold",
                    "1h",
                    "ticket",
                    f"{{{{ $value | humanizePercentage }}}} of the {consumed / _MB:g} MB/s that the size promises are "
                    "consumed",
                    act,
                    1,
                )
            ]
            if consumed
            else []
        ),
        Alert(
            "KafkaPartitionsBeyondSize",
            f"max by (namespace) ({count}) / {load.partitions} > $threshold",
            "1h",
            "ticket",
            f"{{{{ $value | humanizePercentage }}}} of the {load.partitions} promised partitions are there",
            "Internal topics count too. Take a larger `size` before brokers run out of memory.",
            1.2,
        ),
    ]


def _exporter(m: Metrics) -> list[Alert]:
    return [
        Alert(
            "KafkaConsumerLag",
            f"{m.of(LAG)} > $threshold",
            "30m",
            "ticket",
            "group {{ $labels.consumergroup }} is {{ $value }} records behind on {{ $labels.topic }}",
            "Tell the group's owner: does it run, and does it keep up? Older records are deleted when retention ends.",
            100_000,
        ),
        Alert(
            "KafkaExporterDown",
            f"absent({m.of('kafka_brokers')})",
            "15m",
            "ticket",
            "the exporter gives no metrics: nobody sees the lag of consumer groups",
            "Look at the pod of the kafka-exporter and its log.",
        ),
    ]


def _tiered(m: Metrics) -> list[Alert]:
    found = []
    for what, where, then in (
        ("copy", "to", "disks fill"),
        ("fetch", "from", "old records can not be read"),
    ):
        errors = m.of(f"kafka_server_brokertopicmetrics_remote{what}errorspersec_total", 'topic=""')
        found.append(
            Alert(
                f"KafkaTiered{what.capitalize()}Failing",
                f"sum by (namespace, pod) (rate({errors}[5m])) > 0",
                "15m",
                "ticket",
                f"{{{{ $labels.pod }}}} fails to {what} segments {where} the object store",
                f"The broker's log has the store's answer: rights, network policy, quota. Until it works, {then}.",
            )
        )
    return found


def alerts(m: Metrics, sizing: Sizing, *, exporter: bool, tiered: bool) -> list[Alert]:
    """Alerts about the load of one cluster."""
    return [
        *_threads(m),
        *_latency(m),
        *_size(m, sizing),
        *(_exporter(m) if exporter else []),
        *(_tiered(m) if tiered else []),
    ]
