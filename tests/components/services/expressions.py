"""PromQL of a service's telemetry, taken apart: what it asks, of which namespace."""

from collections.abc import Iterator
from typing import Any

import promql_parser

from components.services.dashboards import queries
from components.services.telemetry import Telemetry


def all_of(telemetry: Telemetry) -> Iterator[str]:
    """Every expression, with what Grafana and the monitoring service put in."""
    for alert in telemetry.alerts:
        yield alert.expr.replace("$threshold", str(alert.threshold or 0))
    for record in telemetry.records:
        yield record.expr
    for board in telemetry.dashboards:
        for query in queries(board.model):
            yield query.replace("$__rate_interval", "5m")


def selectors(expr: str) -> Iterator[Any]:
    """The selectors in an expression; it must be one that Prometheus parses."""
    todo: list[Any] = [promql_parser.parse(expr)]
    while todo:
        node = todo.pop()
        if isinstance(node, promql_parser.VectorSelector):
            yield node
            continue
        for name in ("lhs", "rhs", "expr", "param", "vector_selector", "vs"):
            below = getattr(node, name, None)
            if below is not None:
                todo.append(below)
        todo.extend(getattr(node, "args", None) or ())


def labels(selector: Any) -> dict[str, str]:
    """A selector's matchers."""
    return {matcher.name: matcher.value for matcher in selector.matchers.matchers}
