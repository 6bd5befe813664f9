"""Grafana dashboards as code, for packages outside of this repository.

Owns      the names under which another package imports the builder.
Refuses   definitions of its own.
"""

from components.services.dashboards import (
    RATE,
    Panel,
    Row,
    Series,
    Variable,
    bars,
    dashboard,
    gauge,
    graph,
    row,
    stat,
    table,
)

__all__ = [
    "RATE",
    "Panel",
    "Row",
    "Series",
    "Variable",
    "bars",
    "dashboard",
    "gauge",
    "graph",
    "row",
    "stat",
    "table",
]
