"""Every policy red, green and undecided under the stock engine; remedies; and the pack without its configuration."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pulumi
import pytest

from policies.config import SCOPE
from policies.contract import Resource
from policies.samples import PROD, TOPIC
from tools.policies import trial
from tools.policies.engine import Engine, engine
from tools.policies.trial import Batch

pytestmark = pytest.mark.xdist_group("policies")
REPOSITORY = "policies"


@pytest.fixture(scope="module")
def stock() -> Iterator[Engine]:
    with engine() as found:
        yield found


BATCHES = trial.batches()


@pytest.mark.parametrize("batch", BATCHES, ids=lambda batch: f"{len(batch.cases)}-cases")
def test_the_engine_says_what_each_sample_says(stock: Engine, batch: Batch) -> None:
    config = batch.config()
    run = stock.run(lambda: trial.program(batch), config)
    told = trial.said(run)
    assert run.ok == all(level != "mandatory" for _, _, level, _ in told), run.said[-2000:]
    for case in batch.cases:
        levels = set(trial.levels(case, told))
        if case.sample.says == "good":
            assert levels == set(), case.name
        elif case.sample.says == "bad":
            assert "mandatory" in levels, case.name
        else:
            assert levels == {"advisory"}, case.name
    assert told == trial.expected(batch), "the same rules said something else without the engine"


def test_each_policy_is_tried(stock: Engine) -> None:
    tried = {(case.policy.name, case.sample.says) for batch in BATCHES for case in batch.cases}
    alone = {policy.name for policy in trial.policies().values() if policy.judge_fleet is None}
    assert {name for name, says in tried if says == "good"} == alone
    assert {name for name, says in tried if says == "bad"} == alone
    assert {name for name, says in tried if says == "unknown"} == alone - {"protect-stateful"}
