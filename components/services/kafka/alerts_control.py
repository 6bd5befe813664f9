"""Alerts about those who decide: controllers, brokers as a whole, operators, certificates, and metrics themselves.

Owns      the quorum, the number of nodes against what is declared, reconciliations, the age of certificates.
Refuses   the cluster operator's own health: it serves the whole cell, so it is the platform's.
"""

from components.services.kafka.metric import Metrics
from components.services.telemetry import Alert

_DAY_S = 86_400


def _quorum(m: Metrics, controllers: int) -> list[Alert]:
    active = f"sum by (namespace) ({m.of('kafka_controller_kafkacontroller_activecontrollercount')})"
    up = m.of("up", m.controllers)
    behind = m.of("kafka_server_broker_metadata_metrics_last_applied_record_lag_ms", m.brokers)
    return [
        Alert(
            "KafkaNoActiveController",
            f"{active} < 1",
            "3m",
            "page",
            "no controller is active: no leader is elected and no topic changed",
            "See whether a majority of the controllers runs and reaches each other on port 9090.",
        ),
        Alert(
            "KafkaSeveralActiveControllers",
            f"{active} > 1",
            "3m",
            "page",
            "{{ $value }} controllers believe that they are active",
            "Compare `kafka_server_raft_metrics_current_epoch`: the one with the older epoch is cut off; restart it.",
        ),
        Alert(
            "KafkaQuorumWithoutLeader",
            f"max by (namespace, pod) ({m.of('kafka_server_raft_metrics_current_leader', m.controllers)}) < 0",
            "5m",
            "page",
            "{{ $labels.pod }} knows no leader of the quorum",
            "If all controllers say so, there is no majority: look at their logs and volumes. If one says so, it is "
            "cut off: look at its node.",
        ),
        Alert(
            "KafkaControllersMissing",
            f"(sum by (namespace) ({up}) < {controllers}) or (absent({up}) > 0)",
            "15m",
            "ticket" if controllers > 3 else "page",
            f"fewer than the {controllers} declared controllers are there",
            "Look at the controllers' pods. With a majority lost the cluster decides nothing more.",
        ),
        Alert(
            "KafkaMetadataErrors",
            f"sum by (namespace, pod) ({m.of('kafka_server_broker_metadata_metrics_metadata_apply_error_count')} + "
            f"{m.of('kafka_server_broker_metadata_metrics_metadata_load_error_count')}) > 0",
            "5m",
            "ticket",
            "{{ $labels.pod }} could not apply all of the cluster's metadata: it may answer wrongly",
            "Look for `MetadataLoader` in its log, then delete the pod.",
        ),
        Alert(
            "KafkaMetadataLag",
            f"max by (namespace, pod) ({behind}) / 1000 > $threshold",
            "10m",
            "ticket",
            '{{ $labels.pod }} is {{ $value | printf "%.0f" }} s behind the controllers: it sends clients astray',
            "Look at its load and at its way to the active controller.",
            30,
        ),
    ]


def _brokers(m: Metrics, brokers: int) -> list[Alert]:
    there = m.of("kafka_controller_kafkacontroller_activebrokercount")
    return [
        Alert(
            "KafkaBrokersMissing",
            f"max by (namespace) ({there}) < {brokers}",
            "20m",
            "page",
            f"{{{{ $value }}}} of the {brokers} declared brokers are there, and for longer than a roll takes them",
            "`kubectl get pods`: one that waits for a node or volume, or restarts again and again, says why in its "
            "events or log.",
        ),
        Alert(
            "KafkaBrokerFenced",
            f"max by (namespace) ({m.of('kafka_controller_kafkacontroller_fencedbrokercount')}) > 0",
            "30m",
            "ticket",
            "{{ $value }} brokers are registered and get no partitions: the controllers do not hear from them",
            "A removed broker that is still registered is unregistered by the operator; any other is down or cut off.",
        ),
        Alert(
            "KafkaMetricsMissing",
            f"absent({m.of('kafka_server_replicamanager_partitioncount')})",
            "10m",
            "page",
            "no broker of this cluster gives metrics: either it is down, or every other alert is blind",
            "Look at the pods, then at Prometheus' targets and at the NetworkPolicies that let it in.",
        ),
    ]


def _operators(m: Metrics) -> list[Alert]:
    failed = " or ".join(f"increase({one}[30m])" for one in m.operators("strimzi_reconciliations_failed_total"))
    expires = m.certificates
    return [
        Alert(
            "KafkaReconciliationFailing",
            f"sum by (kind) ({failed}) > $threshold",
            "30m",
            "ticket",
            "the operator fails again and again to bring a {{ $labels.kind }} to what is declared",
            "`kubectl get kafka,kafkatopic,kafkauser -o wide`: the object's condition says what is refused.",
            3,
        ),
        Alert(
            "KafkaCertificateExpires",
            f"min by (type) ({expires} / 1000 - time()) / {_DAY_S} < $threshold",
            "1h",
            "ticket",
            'the {{ $labels.type }} certificate ends in {{ $value | printf "%.0f" }} days, not renewed at 30',
            "See whether `maintenance_windows` ever come, and whether reconciliations fail.",
            25,
        ),
        Alert(
            "KafkaCertificateAlmostExpired",
            f"min by (type) ({expires} / 1000 - time()) / {_DAY_S} < $threshold",
            "10m",
            "page",
            'the {{ $labels.type }} certificate ends in {{ $value | printf "%.0f" }} days; then brokers '
            "and clients refuse each other",
            "Force the renewal: annotate the Secret of the CA with strimzi.io/force-renew=true, outside of peak hours.",
            5,
        ),
        Alert(
            "KafkaOperatorUnseen",
            f"absent({expires})",
            "1h",
            "ticket",
            "Prometheus has no metrics of the cluster operator about this cluster: nobody watches its certificates",
            "Let Prometheus read the operator's pods in its namespace (label strimzi.io/kind=cluster-operator, "
            "port `http`).",
        ),
    ]


def alerts(m: Metrics, brokers: int, controllers: int) -> list[Alert]:
    """Alerts about the control of one cluster, against the declared numbers of nodes."""
    return [*_quorum(m, controllers), *_brokers(m, brokers), *_operators(m)]
