"""Grafana dashboards as code: a service lists what it wants to see, this turns it into Grafana's JSON.

Owns      panels, rows, template variables, the grid, and the words that Grafana uses for them.
Refuses   ids and versions: Grafana gives its own, and a change of them in Git would be a change of nothing.
Identity  `uid` follows from cluster and name: links and bookmarks hold it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.names import bounded
from components.services.telemetry import Dashboard

WIDTH = 24
"""Columns of Grafana's grid."""

SCHEMA = 39
"""Version of the JSON, that of Grafana 10.4; newer ones migrate it when they read it."""

RATE = "$__rate_interval"
"""Range for `rate(…[RATE])`: Grafana makes it four scrapes or more, so that no step shows nothing."""

_SOURCE = {"type": "prometheus", "uid": "${datasource}"}


@dataclass(frozen=True)
class Series:
    """One query of a panel. `legend` may hold `{{label}}`; empty shows all labels."""

    expr: str
    legend: str = ""


@dataclass(frozen=True)
class Panel:
    """One picture.

    kind         `timeseries`, `stat`, `gauge`, `table` or `bargauge`
    unit         Grafana's id of a unit: `short`, `bytes`, `Bps`, `percentunit`, `s`, `ms`, `reqps`, `ops`
    description  what it means and from when on it is bad: shown when a person points at it
    warn, bad    values from which it turns yellow and red; with `low_is_bad` values below which it does
    width        of 24 columns; height in Grafana's rows of 30 pixels
    stacked      lines stand on each other, for shares of a sum
    most         the axis' end, e.g. 1 for a ratio
    """

    title: str
    series: tuple[Series, ...]
    kind: str
    unit: str = "short"
    description: str = ""
    warn: float | None = None
    bad: float | None = None
    low_is_bad: bool = False
    width: int = 8
    height: int = 8
    stacked: bool = False
    most: float | None = None


@dataclass(frozen=True)
class Row:
    """A titled band of panels, placed left to right and wrapped at 24 columns."""

    title: str
    panels: tuple[Panel, ...]
    collapsed: bool = False


@dataclass(frozen=True)
class Variable:
    """A choice at the top of a dashboard: the values of `label` of `metric` (a selector). Used as `=~"$name"`."""

    name: str
    title: str
    metric: str
    label: str


def _series(given: Sequence[Series | str]) -> tuple[Series, ...]:
    return tuple(Series(one) if isinstance(one, str) else one for one in given)


def graph(title: str, *series: Series | str, **more: Any) -> Panel:
    """Lines over time. A string is a query whose legend is its labels."""
    return Panel(title, _series(series), "timeseries", **more)


def stat(title: str, *series: Series | str, **more: Any) -> Panel:
    """One number, now."""
    return Panel(title, _series(series), "stat", **{"width": 4, "height": 4, **more})


def gauge(title: str, *series: Series | str, **more: Any) -> Panel:
    """One number between 0 and `most`, now."""
    return Panel(title, _series(series), "gauge", **{"width": 4, "height": 6, **more})


def bars(title: str, *series: Series | str, **more: Any) -> Panel:
    """One bar for each value, now: who has most."""
    return Panel(title, _series(series), "bargauge", **more)


def table(title: str, *series: Series | str, **more: Any) -> Panel:
    """One line for each set of labels, now."""
    return Panel(title, _series(series), "table", **{"width": 12, **more})


def row(title: str, *panels: Panel, collapsed: bool = False) -> Row:
    """A band of panels."""
    return Row(title, panels, collapsed)


def dashboard(
    cluster: str,
    name: str,
    title: str,
    rows: Sequence[Row],
    *,
    description: str = "",
    variables: Sequence[Variable] = (),
    tags: Sequence[str] = (),
    refresh: str = "1m",
) -> Dashboard:
    """The dashboard `name` (kebab-case, unique within its service) of one cluster."""
    model: dict[str, Any] = {
        "uid": bounded(f"{cluster}-{name}", 40),
        "title": f"{cluster}: {title}",
        "description": description,
        "tags": sorted({"kafka-fleet", cluster, *tags}),
        "schemaVersion": SCHEMA,
        "editable": False,  # a change made by hand would be lost with the next change from Git
        "graphTooltip": 1,
        "refresh": refresh,
        "timezone": "browser",
        "time": {"from": "now-3h", "to": "now"},
        "annotations": {"list": []},
        "links": [
            {
                "title": cluster,
                "type": "dashboards",
                "tags": ["kafka-fleet", cluster],
                "asDropdown": True,
                "keepTime": True,
                "includeVars": False,
                "targetBlank": False,
            }
        ],
        "templating": {"list": [_data_source(), *(_variable(variable) for variable in variables)]},
        "panels": _placed(rows),
    }
    return Dashboard(name, model)


def queries(model: Mapping[str, Any]) -> Iterator[str]:
    """Every PromQL expression of a dashboard's model, as it stands there."""
    for panel in model["panels"]:
        for one in (panel, *panel.get("panels", ())):
            for target in one.get("targets", ()):
                yield target["expr"]


def _data_source() -> dict[str, Any]:
    return {"name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus", "hide": 0}


def _variable(variable: Variable) -> dict[str, Any]:
    query = f"label_values({variable.metric}, {variable.label})"
    return {
        "name": variable.name,
        "label": variable.title,
        "type": "query",
        "datasource": _SOURCE,
        "definition": query,
        "query": {"query": query, "refId": "values"},
        "refresh": 2,
        "sort": 3,
        "multi": True,
        "includeAll": True,
        "allValue": ".+",
        "current": {"selected": True, "text": ["All"], "value": ["$__all"]},
        "hide": 0,
    }


def _placed(rows: Sequence[Row]) -> list[dict[str, Any]]:
    placed: list[dict[str, Any]] = []
    number, y = 1, 0
    for band in rows:
        head = {
            "id": number,
            "type": "row",
            "title": band.title,
            "collapsed": band.collapsed,
            "gridPos": {"h": 1, "w": WIDTH, "x": 0, "y": y},
            "panels": [],
        }
        number, y = number + 1, y + 1
        inside: list[dict[str, Any]] = []
        x = tallest = 0
        for panel in band.panels:
            if x + panel.width > WIDTH:
                x, y, tallest = 0, y + tallest, 0
            inside.append(_panel(panel, number, {"h": panel.height, "w": panel.width, "x": x, "y": y}))
            number, x, tallest = number + 1, x + panel.width, max(tallest, panel.height)
        y += tallest
        # A closed row holds its panels; those of an open one stand after it.
        placed.append({**head, "panels": inside} if band.collapsed else head)
        placed += [] if band.collapsed else inside
    return placed


def _panel(panel: Panel, number: int, place: Mapping[str, int]) -> dict[str, Any]:
    return {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.description,
        "datasource": _SOURCE,
        "gridPos": dict(place),
        "fieldConfig": {"defaults": _field(panel), "overrides": []},
        "options": _options(panel),
        "targets": [_target(panel, one, index) for index, one in enumerate(panel.series)],
    }


def _target(panel: Panel, series: Series, index: int) -> dict[str, Any]:
    now = panel.kind != "timeseries"
    return {
        "refId": chr(ord("A") + index),
        "datasource": _SOURCE,
        "expr": series.expr,
        "legendFormat": series.legend or "__auto",
        "instant": now,
        "range": not now,
        **({"format": "table"} if panel.kind == "table" else {}),
    }


def _field(panel: Panel) -> dict[str, Any]:
    field: dict[str, Any] = {"unit": panel.unit, "thresholds": _thresholds(panel), "color": {"mode": "palette-classic"}}
    if panel.kind == "timeseries":
        field["custom"] = {
            "lineWidth": 1,
            "fillOpacity": 10 if panel.stacked else 0,
            "showPoints": "never",
            "stacking": {"mode": "normal" if panel.stacked else "none", "group": "A"},
            "thresholdsStyle": {"mode": "off" if panel.bad is None else "line"},
        }
    else:
        field["color"] = {"mode": "thresholds"}
    if panel.kind in ("gauge", "bargauge") or panel.most is not None:
        field["min"] = 0
    if panel.most is not None:
        field["max"] = panel.most
    return field


def _thresholds(panel: Panel) -> dict[str, Any]:
    marks = [("yellow", panel.warn), ("red", panel.bad)]
    given = [(colour, value) for colour, value in marks if value is not None]
    if not panel.low_is_bad:
        steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
        steps += [{"color": colour, "value": value} for colour, value in given]
    else:
        # Grafana paints upwards: below the first mark is the worst colour.
        order = sorted(given, key=lambda mark: mark[1])
        colours = [colour for colour, _ in order] + ["green"]
        steps = [{"color": colours[0], "value": None}]
        steps += [{"color": colours[i + 1], "value": value} for i, (_, value) in enumerate(order)]
    return {"mode": "absolute", "steps": steps}


def _options(panel: Panel) -> dict[str, Any]:
    if panel.kind == "timeseries":
        return {
            "legend": {"displayMode": "table", "placement": "bottom", "calcs": ["lastNotNull", "max"]},
            "tooltip": {"mode": "multi", "sort": "desc"},
        }
    if panel.kind == "table":
        return {"showHeader": True}
    last = {"reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}}
    if panel.kind == "stat":
        return {**last, "colorMode": "background" if panel.bad is not None else "value", "graphMode": "area"}
    if panel.kind == "bargauge":
        return {**last, "orientation": "horizontal", "displayMode": "gradient"}
    return last
