"""What a service gives to monitoring: where its metrics are, what is wrong when, and pictures of it.

Owns      the types. Each service fills them for its own pods; the `monitoring` service renders those of its cluster.
Refuses   Prometheus Operator's and Grafana's objects: a service does not need to know who watches it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Scrape:
    """Pods whose metrics are read. `port` is the name of a container's port; `labels` select the pods.

    ca_secret    where the port speaks HTTPS: Secret in the namespace whose key `ca.crt` signed the certificate
    server_name  the name in that certificate, for pods are read by their addresses
    """

    name: str
    labels: Mapping[str, str]
    port: str
    path: str = "/metrics"
    ca_secret: str = ""
    server_name: str = ""


@dataclass(frozen=True)
class Record:
    """A recording rule. `name` is `level:metric:operation`, as Prometheus' own practice has it."""

    name: str
    expr: str


@dataclass(frozen=True)
class Alert:
    """Something that a person shall know.

    name       CamelCase, unique in the fleet's catalog, e.g. `KafkaUnderMinIsr`
    expr       PromQL, restricted to the cluster's namespace. `$threshold` stands for the threshold
    lasting    how long it must hold before anyone is told, e.g. `5m`
    severity   `page`: somebody gets up. `ticket`: tomorrow. `info`: for the dashboards
    summary    one sentence, what is wrong
    action     what to do first: one or two sentences
    """

    name: str
    expr: str
    lasting: str
    severity: Literal["page", "ticket", "info"]
    summary: str
    action: str
    threshold: float | None = None


@dataclass(frozen=True)
class Dashboard:
    """A Grafana dashboard. `model` is its JSON, without an id and with a stable `uid`."""

    name: str
    model: Mapping[str, Any]


@dataclass(frozen=True)
class Telemetry:
    """All that one service of one cluster gives."""

    scrapes: tuple[Scrape, ...] = ()
    records: tuple[Record, ...] = ()
    alerts: tuple[Alert, ...] = ()
    dashboards: tuple[Dashboard, ...] = ()
