"""Recording rules: sums that alerts and pictures ask for again and again.

Owns      names and expressions; a name is `level:metric:operation`.
Refuses   thresholds: those are the alerts'.
"""

from components.services.kafka.metric import Metrics
from components.services.telemetry import Record

BYTES_IN = "namespace:kafka_bytes_in:rate5m"
BYTES_OUT = "namespace:kafka_bytes_out:rate5m"
MESSAGES_IN = "namespace:kafka_messages_in:rate5m"
IDLE_HANDLERS = "namespace_pod:kafka_request_handler_idle:ratio_rate5m"
DISK_USED = "namespace_persistentvolumeclaim:kafka_disk_used:ratio"
LAG = "namespace_consumergroup_topic:kafka_consumergroup_lag:sum"

_TOPICS = "kafka_server_brokertopicmetrics"


def _all_topics(m: Metrics, name: str) -> str:
    # The series without a topic is the broker's own sum, and includes topics that are deleted meanwhile.
    every = m.of(f"{_TOPICS}_{name}_total", 'topic=""')
    return f"sum by (namespace) (rate({every}[5m]))"


def records(m: Metrics, *, lag: bool) -> tuple[Record, ...]:
    """The rules of one cluster."""
    used, size = (m.of(f"kubelet_volume_stats_{kind}_bytes", m.volumes) for kind in ("used", "capacity"))
    # A meter of nanoseconds that handlers had nothing to do, already divided by their number.
    idle = m.of("kafka_server_kafkarequesthandlerpool_requesthandleravgidlepercent_total")
    found = [
        Record(BYTES_IN, _all_topics(m, "bytesinpersec")),
        Record(BYTES_OUT, _all_topics(m, "bytesoutpersec")),
        Record(MESSAGES_IN, _all_topics(m, "messagesinpersec")),
        Record(IDLE_HANDLERS, f"sum by (namespace, pod) (rate({idle}[5m])) / 1e9"),
        Record(
            DISK_USED,
            f"max by (namespace, persistentvolumeclaim) ({used}) / max by (namespace, persistentvolumeclaim) ({size})",
        ),
    ]
    if lag:
        # A group without a committed offset has -1.
        behind = f"clamp_min({m.of('kafka_consumergroup_lag')}, 0)"
        found.append(Record(LAG, f"sum by (namespace, consumergroup, topic) ({behind})"))
    return tuple(found)
