"""What a schema registry gives to monitoring.

Owns      where its metrics are, what is wrong when, and a picture of it, for whichever program it is.
Refuses   metrics that could not be looked up: `metrics.json` says where each one was seen.
"""

from collections.abc import Sequence

from components.services.contract import ServiceRequest
from components.services.dashboards import RATE, Row, Series, Variable, dashboard, graph, row, stat
from components.services.schema_registry.implementations import chosen, name, registry_spec, secret
from components.services.telemetry import Alert, Scrape, Telemetry
from components.services.workload import pods_of

_STALE_DAYS = 330
"""The user's certificate is valid for 365 days and renewed 30 days before; a program reads it when it starts."""


def _scrape(request: ServiceRequest) -> Scrape:
    spec = registry_spec(request)
    if chosen(spec).metrics_port:
        return Scrape("schema-registry", pods_of(name(request)), "metrics")
    return Scrape(
        "schema-registry",
        pods_of(name(request)),
        "http",
        ca_secret=secret(spec),
        server_name=f"{name(request)}.{request.namespace}.svc" if secret(spec) else "",
    )


def _mine(request: ServiceRequest, more: str = "") -> str:
    return f'{{namespace="{request.namespace}", service="schema_registry"{more}}}'


def _common(request: ServiceRequest) -> list[Alert]:
    mine = _mine(request)
    return [
        Alert(
            "SchemaRegistryDown",
            f"(sum(up{mine}) or vector(0)) < $threshold",
            "5m",
            "page",
            "no pod of the schema registry answers",
            "Look at the pods' events and logs. Clients go on with the schemas that they have read; new ones fail.",
            threshold=1,
        ),
        Alert(
            "SchemaRegistryDegraded",
            f"sum(up{mine}) < $threshold",
            "15m",
            "ticket",
            "fewer pods of the schema registry answer than its section asks for",
            "Look at the pods that are not ready: their events say whether they lack a node, a Secret or Kafka.",
            threshold=registry_spec(request).replicas,
        ),
        Alert(
            "SchemaRegistryCertificateNotReread",
            f"max(time() - process_start_time_seconds{mine}) > $threshold",
            "1h",
            "ticket",
            "a pod of the schema registry has run since before its Kafka certificate was renewed",
            "Restart the pods (`kubectl rollout restart`): the certificate that they started with ends soon.",
            threshold=_STALE_DAYS * 86400,
        ),
    ]


def _confluent(request: ServiceRequest) -> tuple[list[Alert], list[Row]]:
    mine = _mine(request)
    chosen_pods = _mine(request, ', pod=~"$pod"')
    jersey = "kafka_schema_registry_jersey_metrics"
    alerts = [
        Alert(
            "SchemaRegistryErrors",
            f"sum({jersey}_request_error_rate{mine}) / clamp_min(sum({jersey}_request_rate{mine}), 0.1) > $threshold",
            "15m",
            "ticket",
            "many requests to the schema registry end with an error",
            "Look at the status codes in the log: 4xx are clients' (an incompatible schema is 409), 5xx are ours.",
            threshold=0.2,
        ),
        Alert(
            "SchemaRegistrySlow",
            f"max({jersey}_request_latency_99{mine}) > $threshold",
            "15m",
            "ticket",
            "one in a hundred requests to the schema registry takes longer than a second",
            "Look whether writes wait for Kafka (under-replicated partitions of _schemas) or pods lack CPU.",
            threshold=1000,
        ),
        Alert(
            "SchemaRegistryNoLeader",
            f"sum(kafka_schema_registry_master_slave_role{mine}) < $threshold",
            "5m",
            "page",
            "no pod of the schema registry leads: schemas can be read but not registered",
            "Look for rights on the group in the logs, and whether pods reach each other by their names.",
            threshold=1,
        ),
    ]
    rows = [
        row(
            "Requests",
            graph("Requests", Series(f"{jersey}_request_rate{chosen_pods}", "{{pod}}"), unit="reqps"),
            graph("Errors", Series(f"{jersey}_request_error_rate{chosen_pods}", "{{pod}}"), unit="reqps"),
            graph(
                "Latency, 99th percentile",
                Series(f"{jersey}_request_latency_99{chosen_pods}", "{{pod}}"),
                unit="ms",
                warn=500,
                bad=1000,
            ),
        ),
        row(
            "Registry",
            stat("Leaders", Series(f"sum(kafka_schema_registry_master_slave_role{mine})"), bad=1, low_is_bad=True),
            stat("Schemas", Series(f"max(kafka_schema_registry_registered_count{mine})")),
            graph(
                "Connections",
                Series(f"kafka_schema_registry_jetty_metrics_connections_active{chosen_pods}", "{{pod}}"),
            ),
        ),
    ]
    return alerts, rows


def _apicurio(request: ServiceRequest) -> tuple[list[Alert], list[Row]]:
    def count(more: str = "", range_: str = RATE, metric: str = "rest_requests_seconds_count") -> str:
        return f"rate({metric}{_mine(request, more)}[{range_}])"

    errors = count(', status_code_group="5xx"', "5m")
    alerts = [
        Alert(
            "SchemaRegistryErrors",
            f"sum({errors}) / clamp_min(sum({count('', '5m')}), 0.1) > $threshold",
            "15m",
            "ticket",
            "many requests to the schema registry end with an error of its own",
            "Look at the log for the storage: a write waits until it was read back from Kafka.",
            threshold=0.05,
        ),
        Alert(
            "SchemaRegistrySlow",
            f"max(rest_requests_seconds_max{_mine(request)}) > $threshold",
            "15m",
            "ticket",
            "requests to the schema registry take longer than two seconds",
            "Look whether writes wait for Kafka (under-replicated partitions of _schemas-journal) or pods lack CPU.",
            threshold=2,
        ),
    ]
    pod = ', pod=~"$pod"'
    storage = count(pod, metric="storage_method_call_seconds_count")
    rows = [
        row(
            "Requests",
            graph(
                "Requests by status",
                Series(f"sum by (status_code_group) ({count(pod)})", "{{status_code_group}}"),
                unit="reqps",
            ),
            graph(
                "Longest request", Series(f"max by (pod) (rest_requests_seconds_max{_mine(request, pod)})"), unit="s"
            ),
            graph("Calls to the storage", Series(f"sum by (success) ({storage})", "success {{success}}"), unit="ops"),
        )
    ]
    return alerts, rows


def _pods(request: ServiceRequest) -> Row:
    mine, chosen_pods = _mine(request), _mine(request, ', pod=~"$pod"')
    # The agent of older images calls it otherwise.
    java = f"sum by (pod) (jvm_memory_used_bytes{chosen_pods} or jvm_memory_bytes_used{chosen_pods})"
    karapace = registry_spec(request).implementation == "karapace"
    used = f"process_resident_memory_bytes{chosen_pods}" if karapace else java
    return row(
        "Pods",
        stat("Up", Series(f"sum(up{mine})"), bad=1, low_is_bad=True),
        graph("Memory in use", Series(used, "{{pod}}"), unit="bytes"),
        graph("Running for", Series(f"time() - process_start_time_seconds{chosen_pods}", "{{pod}}"), unit="s"),
    )


def _of(request: ServiceRequest) -> tuple[Sequence[Alert], Sequence[Row]]:
    match registry_spec(request).implementation:
        case "confluent":
            return _confluent(request)
        case "apicurio":
            return _apicurio(request)
        case "karapace":
            # Its counters of requests go to an OpenTelemetry collector, not to `/metrics`.
            return [], []


def telemetry(request: ServiceRequest) -> Telemetry:
    """Metrics, alerts and a dashboard of the chosen program."""
    alerts, rows = _of(request)
    board = dashboard(
        request.cluster,
        "schema-registry-overview",
        "Schema Registry",
        [_pods(request), *rows],
        description=f"{chosen(registry_spec(request)).title} of cluster {request.cluster}.",
        variables=[Variable("pod", "Pod", f"up{_mine(request)}", "pod")],
        tags=["schema-registry"],
    )
    return Telemetry(scrapes=(_scrape(request),), alerts=(*_common(request), *alerts), dashboards=(board,))
