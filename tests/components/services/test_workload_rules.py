"""The laws of numbers of pods."""

from dataclasses import replace

import pytest

from components.services.workload import Autoscaling
from components.services.workload_rules import check_pods

from .requests import request


@pytest.mark.parametrize(
    ("production", "replicas", "autoscaling", "codes"),
    [
        (True, 2, None, []),
        (True, 1, None, ["too-few-replicas"]),
        (False, 1, None, []),
        (True, 2, Autoscaling(most=3), []),
        (True, 3, Autoscaling(most=3), ["autoscaling-has-no-room"]),
        (True, 3, Autoscaling(most=3, enabled=False), []),
    ],
)
def test_pods(production: bool, replicas: int, autoscaling: Autoscaling | None, codes: list[str]) -> None:
    asked = replace(request(), production=production)
    assert [finding.code for finding in check_pods(asked, replicas, autoscaling)] == codes
