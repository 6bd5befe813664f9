"""How a console is watched: requests, errors, memory.

Owns      scrapes, alerts and the dashboard, on the metrics of Spring Boot's actuator.
Refuses   Kafka's own state: a console that shows something wrong is not what is wrong.
"""

from components.services.console import identity
from components.services.contract import ServiceRequest
from components.services.dashboards import RATE, Series, dashboard, graph, row, stat
from components.services.telemetry import Alert, Scrape, Telemetry
from components.services.workload import pods_of

_REQUESTS = "http_server_requests_seconds_count"


def telemetry(request: ServiceRequest) -> Telemetry:
    """All that monitoring is given."""
    pods = f'namespace="{request.namespace}",service="console"'
    failed = f'sum(rate({_REQUESTS}{{{pods},status=~"5.."}}[10m]))'
    every = f"sum(rate({_REQUESTS}{{{pods}}}[10m]))"
    heap = f'{pods},area="heap"'
    alerts = (
        Alert(
            name="ConsoleDown",
            expr=f"sum(up{{{pods}}}) == 0 or absent(up{{{pods}}})",
            lasting="10m",
            severity="ticket",
            summary="No pod of the console is running. Kafka is not affected.",
            action="Look at the pods' events, then at whether the Secrets that the section names are there.",
        ),
        Alert(
            name="ConsoleFailsRequests",
            expr=f"{failed} / {every} > $threshold",
            lasting="15m",
            severity="ticket",
            summary="The console answers many requests with an error.",
            action="Its log names the service that fails it; often its certificate or a password is out of date.",
            threshold=0.2,
        ),
    )
    rows = [
        row(
            "Console",
            stat("Pods", Series(f"sum(up{{{pods}}})")),
            graph(
                "Requests by status",
                Series(f"sum by (status) (rate({_REQUESTS}{{{pods}}}[{RATE}]))", "{{status}}"),
                unit="reqps",
                stacked=True,
                width=10,
            ),
            graph(
                "Mean time of a request",
                Series(
                    f"sum by (pod) (rate(http_server_requests_seconds_sum{{{pods}}}[{RATE}]))"
                    f" / sum by (pod) (rate({_REQUESTS}{{{pods}}}[{RATE}]))",
                    "{{pod}}",
                ),
                unit="s",
                width=10,
            ),
            graph(
                "Heap used",
                Series(f"sum by (pod) (jvm_memory_used_bytes{{{heap}}})", "{{pod}}"),
                unit="bytes",
                width=12,
            ),
            graph("CPU", Series(f"process_cpu_usage{{{pods}}}", "{{pod}}"), unit="percentunit", width=12),
        ),
    ]
    picture = dashboard(
        request.cluster,
        "console-overview",
        "Console",
        rows,
        description="The console itself, not what it shows.",
        tags=["console"],
    )
    scrape = Scrape("console", pods_of(identity.name(request)), "metrics", "/actuator/prometheus")
    return Telemetry(scrapes=(scrape,), alerts=alerts, dashboards=(picture,))
