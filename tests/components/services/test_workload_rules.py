"""The laws of numbers of pods."""

from dataclasses import replace

import pytest

from components.services.workload import Autoscaling
from components.services.workload_rules import check_pods, names_a_secret

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


@pytest.mark.parametrize(
    "key",
    [
        "ssl.key.password",
        "sasl.jaas.config",
        "sentry_token",
        "basic.auth.user.info",
        "apicurio.secrets",
        "a.client-secret",
    ],
)
def test_settings_that_are_secrets(key: str) -> None:
    assert names_a_secret(key)


@pytest.mark.parametrize("key", ["schema.cache.size", "tokenizer.size", "log_level", "passwordless"])
def test_settings_that_are_none(key: str) -> None:
    assert not names_a_secret(key)
