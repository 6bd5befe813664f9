"""Everything that the catalog's services give to monitoring: PromQL that parses, metrics that somebody has seen."""

import json
import re

import promql_parser
import pytest

from components import catalog
from components.services.monitoring.boards import MOST_BYTES, text
from components.services.monitoring.rule_objects import expression
from components.services.telemetry import Telemetry
from stacks import request
from tools.services.examples import SERVICES, examples

from .expressions import all_of, labels, selectors

WATCHED = {key: entry for key, entry in catalog.services().items() if entry.telemetry and (SERVICES / key).is_dir()}


def _telemetry() -> dict[tuple[str, str], Telemetry]:
    """What each example of each service gives."""
    return {
        (e.service, e.name): catalog.load(WATCHED[e.service].telemetry)(
            request.service(e.fleet, e.fleet.clusters[e.cluster], e.service)[1]
        )
        for e in examples()
        if e.service in WATCHED
    }


GIVEN = _telemetry()
EACH = pytest.mark.parametrize("which", GIVEN, ids="-".join)


def _known(service: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((SERVICES / service / "metrics.json").read_text("utf-8"))
    return found


def _metrics(telemetry: Telemetry) -> set[str]:
    return {
        name
        for expr in all_of(telemetry)
        for selector in selectors(expr)
        for name in (selector.name or labels(selector)["__name__"]).split("|")
    }


@EACH
def test_every_expression_parses(which: tuple[str, str]) -> None:
    for expr in all_of(GIVEN[which]):
        promql_parser.parse(expr)


def test_a_wrong_expression_is_seen() -> None:
    """The judge of the test above, seen red."""
    for wrong in ("sum by (pod (up)", 'up{namespace="a"', "rate(up)", "up > > 1"):
        with pytest.raises(ValueError):
            promql_parser.parse(wrong)


@EACH
def test_every_metric_was_seen_somewhere(which: tuple[str, str]) -> None:
    telemetry = GIVEN[which]
    recorded = {record.name for record in telemetry.records}
    asked = _metrics(telemetry)
    assert asked - recorded - set(_known(which[0])) == set()
    assert {name for name in asked if ":" in name} <= recorded


@pytest.mark.parametrize("service", WATCHED)
def test_every_source_says_where(service: str) -> None:
    for name, source in _known(service).items():
        assert source.strip(), name


@EACH
def test_a_cluster_asks_about_itself_only(which: tuple[str, str]) -> None:
    """One Prometheus serves many clusters: a query without a namespace would page one team for another's cluster."""
    example = next(e for e in examples() if (e.service, e.name) == which)
    namespace = f"kafka-{example.cluster}"
    for expr in all_of(GIVEN[which]):
        for selector in selectors(expr):
            own = labels(selector)
            about = {own.get(label) for label in ("namespace", "exported_namespace", "resource_namespace")}
            assert namespace in about, expr


@EACH
def test_a_threshold_is_where_its_alert_says(which: tuple[str, str]) -> None:
    for alert in GIVEN[which].alerts:
        assert ("$threshold" in alert.expr) == (alert.threshold is not None), alert.name
        assert "$threshold" not in expression(alert), alert.name
        assert re.fullmatch(r"\d+[smhd]", alert.lasting), alert.name


@EACH
def test_a_summary_names_labels_that_its_alert_has(which: tuple[str, str]) -> None:
    """A label that an aggregation has dropped is an empty place in the sentence that wakes somebody up."""
    recorded = {record.name: record.expr for record in GIVEN[which].records}
    for alert in GIVEN[which].alerts:
        for said in (alert.summary, alert.action):
            assert said.count("{{") == said.count("}}"), alert.name
            for label in re.findall(r"\$labels\.(\w+)", said):
                # `absent` and a sum without `by` have the labels of their equality matchers, or none.
                expr = " ".join([alert.expr, *(text for name, text in recorded.items() if name in alert.expr)])
                kept = re.findall(r"\bby ?\(([^)]*)\)", expr)
                assert not kept or any(label in names.split(", ") for names in kept), f"{alert.name}: {label}"


@EACH
def test_windows_hold_several_readings(which: tuple[str, str]) -> None:
    """Rates need two readings, and one may be lost: at the longest interval of 60 s that is five minutes."""
    for alert in GIVEN[which].alerts:
        for number, unit in re.findall(r"\[(\d+)([smhd])\]", alert.expr):
            assert int(number) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[unit] >= 300, alert.name


@EACH
def test_a_dashboard_fits_into_its_config_map(which: tuple[str, str]) -> None:
    for board in GIVEN[which].dashboards:
        assert len(text(board).encode()) < MOST_BYTES / 4, board.name
        assert re.fullmatch(r"[a-zA-Z0-9_-]{1,40}", board.model["uid"])
        assert board.model["templating"]["list"][0]["type"] == "datasource"


def test_names_are_unique_in_the_catalog() -> None:
    for what in ("scrapes", "dashboards", "alerts", "records"):
        seen: dict[str, str] = {}
        for (service, example), telemetry in GIVEN.items():
            if example != "full":
                continue
            for one in getattr(telemetry, what):
                assert one.name not in seen, f"{what} {one.name}: {service} and {seen.get(one.name)}"
                seen[one.name] = service


def test_recorded_names_are_what_prometheus_takes() -> None:
    for telemetry in GIVEN.values():
        for record in telemetry.records:
            assert re.fullmatch(r"[a-z_]+:[a-z0-9_]+:[a-z0-9_]+", record.name), record.name
