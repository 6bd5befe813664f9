"""The builder of dashboards: places, colours, variables, and the same bytes every time."""

from typing import Any

from components.services.dashboards import (
    Panel,
    Row,
    Series,
    Variable,
    dashboard,
    gauge,
    graph,
    queries,
    row,
    stat,
    table,
)


def made(*rows: Row) -> dict[str, Any]:
    return dict(dashboard("orders", "a-board", "A board", rows).model)


def test_panels_stand_left_to_right_and_wrap() -> None:
    panels = made(row("One", *(graph(str(n), "up") for n in range(4))), row("Two", table("t", "up")))["panels"]
    places = [(p["type"], p["gridPos"]["x"], p["gridPos"]["y"]) for p in panels]
    assert places == [
        ("row", 0, 0),
        ("timeseries", 0, 1),
        ("timeseries", 8, 1),
        ("timeseries", 16, 1),
        ("timeseries", 0, 9),
        ("row", 0, 17),
        ("table", 0, 18),
    ]


def test_a_closed_row_holds_its_panels() -> None:
    model = made(row("Closed", stat("a", "up"), collapsed=True), row("Open", stat("b", "down")))
    first, second, third = model["panels"]
    assert [p["title"] for p in first["panels"]] == ["a"]
    assert (second["title"], third["title"]) == ("Open", "b")
    assert list(queries(model)) == ["up", "down"]


def _steps(panel: Panel) -> list[tuple[str, float | None]]:
    (found,) = made(row("r", panel))["panels"][1:]
    return [(s["color"], s["value"]) for s in found["fieldConfig"]["defaults"]["thresholds"]["steps"]]


def test_colours_turn_where_it_gets_bad() -> None:
    assert _steps(stat("x", "up")) == [("green", None)]
    assert _steps(stat("x", "up", warn=1, bad=5)) == [("green", None), ("yellow", 1), ("red", 5)]
    assert _steps(gauge("x", "up", warn=0.3, bad=0.1, low_is_bad=True)) == [
        ("red", None),
        ("yellow", 0.1),
        ("green", 0.3),
    ]
    assert _steps(stat("x", "up", bad=2.5, low_is_bad=True)) == [("red", None), ("green", 2.5)]


def test_what_is_now_is_one_reading_and_what_was_is_many() -> None:
    now, was = made(row("r", stat("n", "up"), graph("w", Series("up", "{{pod}}"))))["panels"][1:]
    assert (now["targets"][0]["instant"], now["targets"][0]["range"]) == (True, False)
    assert (was["targets"][0]["instant"], was["targets"][0]["range"]) == (False, True)
    assert was["targets"][0]["legendFormat"] == "{{pod}}"


def test_a_variable_asks_prometheus_for_its_values() -> None:
    board = dashboard("orders", "b", "B", [], variables=[Variable("pod", "Pod", 'up{namespace="x"}', "pod")])
    source, pod = board.model["templating"]["list"]
    assert source["type"] == "datasource"
    assert pod["query"]["query"] == 'label_values(up{namespace="x"}, pod)'
    assert pod["includeAll"]


def test_a_uid_is_stable_and_fits() -> None:
    assert made()["uid"] == "orders-a-board"
    long = dashboard("a-cluster-with-a-name-of-forty-characters", "kafka-overview", "T", []).model["uid"]
    assert len(long) == 40
    assert "id" not in made()
