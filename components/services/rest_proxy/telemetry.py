"""What a REST proxy gives to monitoring.

Owns      where its metrics are, what is wrong when, and a picture of it, for whichever program it is.
Refuses   metrics that could not be looked up: `metrics.json` says where each one was seen.
"""

from components.services.contract import ServiceRequest
from components.services.dashboards import RATE, Row, Series, Variable, dashboard, graph, row, stat
from components.services.rest_proxy import bridge
from components.services.rest_proxy.common import chosen, name, proxy_spec
from components.services.telemetry import Alert, Scrape, Telemetry
from components.services.workload import pods_of

_STALE_DAYS = 330
"""The user's certificate is valid for 365 days and renewed 30 days before; Confluent's program reads it at start. (The
operator rolls the Bridge by itself.)"""


def _mine(request: ServiceRequest, more: str = "") -> str:
    return f'{{namespace="{request.namespace}", service="rest_proxy"{more}}}'


def _common(request: ServiceRequest) -> list[Alert]:
    mine = _mine(request)
    return [
        Alert(
            "RestProxyDown",
            f"(sum(up{mine}) or vector(0)) < $threshold",
            "5m",
            "page",
            "no pod of the REST proxy answers",
            "Look at the pods' events and logs: do they lack a node, a Secret or Kafka?",
            threshold=1,
        ),
        Alert(
            "RestProxyDegraded",
            f"sum(up{mine}) < $threshold",
            "15m",
            "ticket",
            "fewer pods of the REST proxy answer than its section asks for",
            "Look at the pods that are not ready: their events say whether they lack a node, a Secret or Kafka.",
            threshold=proxy_spec(request).replicas,
        ),
    ]


def _bridge(request: ServiceRequest) -> tuple[list[Alert], list[Row]]:
    def count(more: str = "", range_: str = RATE) -> str:
        return f"rate(strimzi_bridge_http_server_requests_total{_mine(request, more)}[{range_}])"

    server_errors = ', code=~"5.."'
    pod = ', pod=~"$pod"'
    fetch = f"kafka_consumer_consumer_fetch_manager_metrics_fetch_latency_avg{_mine(request)}"
    alerts = [
        Alert(
            "RestProxyErrors",
            f"sum({count(server_errors, '5m')}) / clamp_min(sum({count('', '5m')}), 0.1) > $threshold",
            "15m",
            "ticket",
            "many requests to the REST proxy end with an error of its own",
            "Look at the pods' log: a broker that does not answer, a certificate, or rights that the section lacks.",
            threshold=0.05,
        ),
        Alert(
            "RestProxyFetchSlow",
            f"max({fetch}) > $threshold",
            "15m",
            "info",
            "the REST proxy's consumers wait long for Kafka",
            "Compare with the brokers' request times; fetch.min.bytes and fetch.max.wait.ms make it wait on purpose.",
            threshold=1000,
        ),
    ]
    rows = [
        row(
            "Requests",
            graph("Requests by code", Series(f"sum by (code) ({count(pod)})", "{{code}}"), unit="reqps"),
            graph("Requests by method", Series(f"sum by (method) ({count(pod)})", "{{method}}"), unit="reqps"),
            graph(
                "Connections",
                Series(f"strimzi_bridge_http_server_active_connections{_mine(request, pod)}", "{{pod}}"),
            ),
        ),
        row("Kafka", graph("Time of a fetch", Series(f"max by (pod) ({fetch})", "{{pod}}"), unit="ms")),
    ]
    return alerts, rows


def _confluent(request: ServiceRequest) -> tuple[list[Alert], list[Row]]:
    mine, chosen_pods = _mine(request), _mine(request, ', pod=~"$pod"')
    jersey = "kafka_rest_jersey_metrics"
    alerts = [
        Alert(
            "RestProxyErrors",
            f"sum({jersey}_request_error_rate{mine}) / clamp_min(sum({jersey}_request_rate{mine}), 0.1) > $threshold",
            "15m",
            "ticket",
            "many requests to the REST proxy end with an error",
            "Look at the status codes in the log: 4xx are clients' or rights that the section lacks, 5xx are ours.",
            threshold=0.2,
        ),
        Alert(
            "RestProxySlow",
            f"max({jersey}_request_latency_99{mine}) > $threshold",
            "15m",
            "ticket",
            "one in a hundred requests to the REST proxy takes longer than five seconds",
            "Compare with the brokers' request times, and look whether the pods lack CPU.",
            threshold=5000,
        ),
        Alert(
            "RestProxyCertificateNotReread",
            f"max(time() - process_start_time_seconds{mine}) > $threshold",
            "1h",
            "ticket",
            "a pod of the REST proxy has run since before its Kafka certificate was renewed",
            "Restart the pods (`kubectl rollout restart`): the certificate that they started with ends soon.",
            threshold=_STALE_DAYS * 86400,
        ),
    ]
    rows = [
        row(
            "Requests",
            graph("Requests", Series(f"{jersey}_request_rate{chosen_pods}", "{{pod}}"), unit="reqps"),
            graph("Errors", Series(f"{jersey}_request_error_rate{chosen_pods}", "{{pod}}"), unit="reqps"),
            graph(
                "Latency, 99th percentile", Series(f"{jersey}_request_latency_99{chosen_pods}", "{{pod}}"), unit="ms"
            ),
            graph("Connections", Series(f"kafka_rest_jetty_metrics_connections_active{chosen_pods}", "{{pod}}")),
        )
    ]
    return alerts, rows


def telemetry(request: ServiceRequest) -> Telemetry:
    """Metrics, alerts and a dashboard of the chosen program."""
    is_bridge = proxy_spec(request).implementation == "strimzi-bridge"
    alerts, rows = (_bridge if is_bridge else _confluent)(request)
    labels = bridge.pods(request) if is_bridge else pods_of(name(request))
    up = row("Pods", stat("Up", Series(f"sum(up{_mine(request)})"), bad=1, low_is_bad=True))
    board = dashboard(
        request.cluster,
        "rest-proxy-overview",
        "REST proxy",
        [up, *rows],
        description=f"{chosen(proxy_spec(request)).title} of cluster {request.cluster}.",
        variables=[Variable("pod", "Pod", f"up{_mine(request)}", "pod")],
        tags=["rest-proxy"],
    )
    scrape = Scrape("rest-proxy", labels, bridge.METRICS_PORT_NAME if is_bridge else "metrics")
    return Telemetry(scrapes=(scrape,), alerts=(*_common(request), *alerts), dashboards=(board,))
