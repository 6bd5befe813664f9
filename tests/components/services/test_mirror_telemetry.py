"""What a mirror gives to monitoring: queries that parse, ask only its own pods, and name metrics that exist."""

import json
import re

from components.services.mirror.mirror import METRICS as ALLOWED
from components.services.mirror.telemetry import telemetry

from .expressions import all_of, labels, selectors
from .test_mirror_objects import FILES, REQUESTS, asked, peer

METRICS = json.loads((FILES.parent / "metrics.json").read_text("utf-8"))


def test_every_query_asks_the_workers_of_this_cluster() -> None:
    for expr in all_of(telemetry(REQUESTS["full"])):
        found = list(selectors(expr))
        assert found, expr
        for selector in found:
            assert labels(selector)["namespace"] == "kafka-standby", expr
            assert labels(selector)["pod"] == "standby-mirror-mirrormaker2-[0-9]+", expr


def test_every_metric_has_a_source_and_none_is_listed_in_vain() -> None:
    used = {selector.name for expr in all_of(telemetry(REQUESTS["full"])) for selector in selectors(expr)}
    assert used == set(METRICS)


def test_the_reporter_is_asked_for_every_metric_that_is_used() -> None:
    for name in METRICS:
        assert name.startswith("jvm_") or any(re.match(pattern, name) for pattern in ALLOWED), name


def names(text: str) -> set[str]:
    return {alert.name for alert in telemetry(asked(text, peer(), peer("web"))).alerts}


def test_only_what_runs_can_stand_still_and_a_takeover_is_not_forgotten() -> None:
    running = names("sources: {orders: {topics: [a]}, web: {topics: [b]}}")
    promoted = names("sources: {orders: {topics: [a], state: promoted}}")
    assert "MirrorStandsStill" in running
    assert "MirrorPromoted" not in running
    assert "MirrorPromoted" in promoted
    assert "MirrorStandsStill" not in promoted


def test_who_only_lets_others_mirror_is_not_watched() -> None:
    found = telemetry(REQUESTS["only asked"])
    assert (found.scrapes, found.alerts, found.dashboards) == ((), (), ())
