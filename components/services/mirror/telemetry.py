"""What the mirror gives to monitoring: its workers, and how old and how late its copies are.

Owns      alerts and panels of mirroring, by source.
Refuses   lag of consumer groups at the source: the mirror's consumers have no group.
"""

from components.services import strimzi_workers_telemetry as common
from components.services.contract import ServiceRequest
from components.services.dashboards import Series, dashboard, graph, row
from components.services.mirror.mirror import sources_of, workers_of
from components.services.telemetry import Alert, Telemetry

_SOURCE = "kafka_connect_mirror_mirrorsourceconnector"
_CHECKPOINT = "kafka_connect_mirror_mirrorcheckpointconnector"

LATE_MS = 60_000
CHECKPOINT_LATE_MS = 300_000


def telemetry(request: ServiceRequest) -> Telemetry:
    """Scrapes, alerts and the dashboard of the mirror into a cluster; nothing where nothing is mirrored."""
    sources = sources_of(request)
    if not sources:
        return Telemetry()
    workers = workers_of(request)
    mine = common.selector(request, workers)
    running = [peer.cluster for peer, source in sources if source.state == "running"]
    promoted = [peer.cluster for peer, source in sources if source.state == "promoted"]
    alerts = [
        *common.alerts(request, workers, "Mirror", "mirror"),
        Alert(
            "MirrorLate",
            f"max by (source) ({_SOURCE}_replication_latency_ms_max{{{mine}}}) > $threshold",
            "10m",
            "page",
            "Records arrive more than a minute after they were written: a takeover now would lose that much.",
            "See on the dashboard which topics are late; give the source more `tasks`, or look at both sides' brokers.",
            threshold=LATE_MS,
        ),
        Alert(
            "MirrorCheckpointsLate",
            f"max by (source) ({_CHECKPOINT}_checkpoint_latency_ms_max{{{mine}}}) > $threshold",
            "15m",
            "ticket",
            "Consumer groups' positions arrive late: after a takeover consumers would read much again.",
            "Look at the checkpoint connector's status, and at `refresh_seconds` and `checkpoint_seconds`.",
            threshold=CHECKPOINT_LATE_MS,
        ),
    ]
    if running:
        alerts.append(
            Alert(
                "MirrorStandsStill",
                f'sum by (source) ({_SOURCE}_record_rate{{{mine},source=~"{"|".join(running)}"}}) == 0',
                "30m",
                "ticket",
                "Nothing has been copied from a source for half an hour.",
                "Where the source is written to, look at the source connector's tasks and its user's rights there.",
            )
        )
    if promoted:
        alerts.append(
            Alert(
                "MirrorPromoted",
                f"vector(1) and on() kafka_connect_connect_worker_metrics_task_count{{{mine}}}",
                "24h",
                "info",
                f"This cluster has taken over from {', '.join(promoted)}: nothing protects it before it is mirrored.",
                "Follow the runbook in the mirror's README: mirror back, then switch, or retire the old cluster.",
            )
        )
    rows = [
        *common.overview(request, workers),
        row(
            "Copies",
            graph(
                "Latency",
                Series(
                    f"max by (source, topic) ({_SOURCE}_replication_latency_ms_max{{{mine}}})", "{{source}} {{topic}}"
                ),
                unit="ms",
                bad=LATE_MS,
                description="From writing at the source to writing here, the worst partition of a topic.",
            ),
            graph(
                "Age of records",
                Series(f"max by (source, topic) ({_SOURCE}_record_age_ms_max{{{mine}}})", "{{source}} {{topic}}"),
                unit="ms",
                description="How old records were when they were read. High while a mirror catches up.",
            ),
            graph(
                "Records",
                Series(f"sum by (source) ({_SOURCE}_record_rate{{{mine}}})", "{{source}}"),
                unit="ops",
            ),
            graph("Bytes", Series(f"sum by (source) ({_SOURCE}_byte_rate{{{mine}}})", "{{source}}"), unit="Bps"),
            graph(
                "Latency of checkpoints",
                Series(f"max by (source, group) ({_CHECKPOINT}_checkpoint_latency_ms_max{{{mine}}})", "{{group}}"),
                unit="ms",
                bad=CHECKPOINT_LATE_MS,
            ),
        ),
    ]
    board = dashboard(
        request.cluster,
        "mirror-overview",
        "Mirror",
        rows,
        description="What is copied into this cluster, how late, and the workers that do it.",
        tags=["mirror"],
    )
    return Telemetry(scrapes=(common.scrape(workers, "mirror-workers"),), alerts=tuple(alerts), dashboards=(board,))
