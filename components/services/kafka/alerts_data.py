"""Alerts about the data: can it be written, is it copied, does it fit on the disks.

Owns      partitions, replicas, log directories, disks, elections.
Refuses   load (`alerts_load.py`) and those who decide (`alerts_control.py`).
"""

from components.services.kafka.metric import Metrics
from components.services.kafka.records import DISK_USED
from components.services.telemetry import Alert


def _replicas(m: Metrics) -> list[Alert]:
    manager = "kafka_server_replicamanager"
    return [
        Alert(
            "KafkaOfflinePartitions",
            f"max by (namespace) ({m.of('kafka_controller_kafkacontroller_offlinepartitionscount')}) > 0",
            "1m",
            "page",
            "{{ $value }} partitions have no leader: nobody reads or writes them",
            "Look which brokers are missing (`kubectl get pods`) and why; bring back the one that was last in sync. "
            "Never switch on unclean election to make this go away.",
        ),
        Alert(
            "KafkaUnderMinIsr",
            f"sum by (namespace) ({m.of(f'{manager}_underminisrpartitioncount')}) > 0",
            "3m",
            "page",
            "{{ $value }} partitions have fewer copies in sync than writes with acks=all need: producers fail",
            "Find brokers that are down or behind. If a roll is under way, pause it: annotate the Kafka object with "
            "strimzi.io/pause-reconciliation=true.",
        ),
        Alert(
            "KafkaUnderReplicated",
            f"sum by (namespace, pod) ({m.of(f'{manager}_underreplicatedpartitions')}) > 0",
            "15m",
            "ticket",
            "{{ $labels.pod }} leads {{ $value }} partitions that lack a copy in sync",
            "See whether one broker is the follower that lags, and there disk, network and long collections.",
        ),
        Alert(
            "KafkaReplicasOffline",
            f"sum by (namespace, pod) ({m.of(f'{manager}_offlinereplicacount')}) > 0",
            "5m",
            "ticket",
            "{{ $labels.pod }} has {{ $value }} replicas offline",
            "A log directory of that broker failed, or is about to: look at its log and at the volume.",
        ),
        Alert(
            "KafkaOfflineLogDirectory",
            f"sum by (namespace, pod) ({m.of('kafka_log_logmanager_offlinelogdirectorycount')}) > 0",
            "2m",
            "page",
            "a log directory of {{ $labels.pod }} is offline: its disk refused a read or write",
            "Look at the volume and the node. After a repair delete the pod: the broker copies what it missed.",
        ),
        Alert(
            "KafkaUncleanElection",
            "sum by (namespace) (increase("
            f"{m.of('kafka_controller_controllerstats_uncleanleaderelectionspersec_total')}[15m])) > 0",
            "0m",
            "page",
            "a replica that was not in sync became leader: acknowledged writes are lost",
            "Tell the owners of the topics. Find who switched on unclean.leader.election.enable and switch it off.",
        ),
    ]


def _disks(m: Metrics) -> list[Alert]:
    free = m.of("kubelet_volume_stats_available_bytes", m.volumes)
    act = (
        "Raise `disk_gib` of the cluster (volumes grow while running), or shorten the retention of the largest topics."
    )
    return [
        Alert(
            "KafkaDiskFilling",
            f"{m.of(DISK_USED)} > $threshold",
            "15m",
            "ticket",
            "volume {{ $labels.persistentvolumeclaim }} is {{ $value | humanizePercentage }} full",
            act,
            0.85,
        ),
        Alert(
            "KafkaDiskAlmostFull",
            f"{m.of(DISK_USED)} > $threshold",
            "5m",
            "page",
            "volume {{ $labels.persistentvolumeclaim }} is {{ $value | humanizePercentage }} full: its broker stops "
            "when nothing is left",
            act,
            0.93,
        ),
        Alert(
            "KafkaDiskFullTomorrow",
            f"max by (namespace, persistentvolumeclaim) (predict_linear({free}[6h], 86400)) < 0",
            "1h",
            "ticket",
            "volume {{ $labels.persistentvolumeclaim }} will be full within a day if it goes on like that",
            act,
        ),
    ]


def _cleaner(m: Metrics) -> list[Alert]:
    return [
        Alert(
            "KafkaLogCleanerDead",
            f"sum by (namespace, pod) ({m.of('kafka_log_logcleaner_deadthreadcount')}) > 0",
            "10m",
            "ticket",
            "{{ $labels.pod }} compacts no more: compacted topics, consumer offsets among them, only grow",
            "Look for `log-cleaner` in the broker's log, then delete the pod: the cleaner starts with the broker.",
        ),
        Alert(
            "KafkaUncleanablePartitions",
            f"sum by (namespace, pod) ({m.of('kafka_log_logcleanermanager_uncleanable_partitions_count')}) > 0",
            "30m",
            "ticket",
            "{{ $value }} partitions on {{ $labels.pod }} can not be compacted",
            "The broker's log names them and the record that is in the way.",
        ),
    ]


def alerts(m: Metrics) -> list[Alert]:
    """Alerts about the data of one cluster."""
    return [*_replicas(m), *_disks(m), *_cleaner(m)]
