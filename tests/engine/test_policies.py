"""Every policy red, green and undecided under the stock engine; remedies; and the pack without its configuration."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pulumi
import pytest
from google.protobuf import json_format

from policies import host, wire
from policies.config import SCOPE
from policies.contract import Resource, Scope
from policies.discover import policies
from policies.samples import KAFKA, PROD, TOPIC, but
from tools.policies import trial
from tools.policies.engine import Engine, engine
from tools.policies.trial import Batch

pytestmark = pytest.mark.xdist_group("policies")


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
    alone = {policy.name for policy in policies().values() if policy.judge_fleet is None}
    assert {name for name, says in tried if says == "good"} == alone
    assert {name for name, says in tried if says == "bad"} == alone
    assert {name for name, says in tried if says == "unknown"} == alone - {"protect-stateful"}


VPC = Resource("aws:ec2/vpc:Vpc", "network", {"cidrBlock": "10.0.0.0/16", "tags": {"owner": "platform"}})
PLAIN_LISTENER = but(replace(KAFKA, name="kafka"), "spec", "kafka", "listeners", 0, "tls", False)


def config(**levels: str) -> dict[str, dict[str, Any]]:
    """Everything disabled but what is named."""
    found = Batch(replace(PROD, stack="test")).config("disabled")
    for name, level in levels.items():
        found[name.replace("_", "-")]["enforcementLevel"] = level
    return found


def register(*resources: Resource) -> Callable[[], None]:
    def program() -> None:
        for one in resources:
            pulumi.CustomResource(one.type, one.name, dict(one.props))

    return program


def test_a_remedy_changes_what_is_made(stock: Engine) -> None:
    given = config(required_tags="remediate", object_owner="remediate")
    stock.made.clear()
    run = stock.run(register(VPC, replace(TOPIC, name="topic")), given, "up")
    assert run.ok, run.said[-2000:]
    made = {urn.rpartition("::")[2]: json_format.MessageToDict(properties) for urn, properties in stock.made.items()}
    wanted = ("cell", "cost-center", "environment", "fleet", "owner")
    assert made["network"]["tags"] == {key: PROD.tags[key] for key in wanted}
    assert made["topic"]["metadata"]["annotations"] == {"kafka-fleet/owner": "platform"}
    remedied = {(one["policyName"], one["resourceUrn"].rpartition("::")[2]) for one in run.of("policyRemediationEvent")}
    assert remedied == {("required-tags", "network"), ("object-owner", "topic")}
    assert run.of("policyEvent") == []


def test_a_remedy_keeps_secrets_secret(stock: Engine) -> None:
    def program() -> None:
        pulumi.CustomResource(VPC.type, "hidden", {**VPC.props, "password": pulumi.Output.secret("hunter2")})

    run = stock.run(program, config(required_tags="remediate"), "preview")
    assert run.ok, run.said[-2000:]
    assert len(run.of("policyRemediationEvent")) == 1
    assert "hunter2" not in json.dumps(run.events)


def test_a_message_shows_no_secret(stock: Engine) -> None:
    def program() -> None:
        pulumi.CustomResource(VPC.type, "network", {"cidrBlock": pulumi.Output.secret("hunter2")})
        spec = {"template": {"spec": {"containers": [{"name": "a", "image": pulumi.Output.secret("hunter2:1")}]}}}
        pulumi.CustomResource("kubernetes:apps/v1:Deployment", "pods", {"spec": spec})

    run = stock.run(program, config(image_registries="advisory"))
    assert run.ok, run.said[-2000:]
    (event,) = run.of("policyEvent")
    assert wire.HIDDEN in event["message"]
    assert "hunter2" not in json.dumps(run.of("policyEvent"))


def test_advisory_tells_and_disabled_is_silent(stock: Engine) -> None:
    told = stock.run(register(PLAIN_LISTENER), config(listener_tls="advisory"))
    assert told.ok
    assert [event["enforcementLevel"] for event in told.of("policyEvent")] == ["advisory"]
    assert stock.run(register(PLAIN_LISTENER), config()).of("policyEvent") == []


def test_mandatory_stops_an_apply_before_anything_is_made(stock: Engine) -> None:
    stock.made.clear()
    run = stock.run(register(PLAIN_LISTENER), config(listener_tls="mandatory"), "up")
    assert not run.ok
    assert not [urn for urn in stock.made if urn.endswith("::kafka")]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "fleet-scope: stack is required"),
        ({SCOPE: {"enforcementLevel": "mandatory", "stack": "test"}}, "fleet-scope: production is required"),
        (config() | {SCOPE: {**config()[SCOPE], "stack": "other"}}, "is for stack 'other', and this is 'test'"),
        (
            config() | {"log-retention": {"enforcementLevel": "mandatory", "settings": {"days": 1}}},
            "days is not allowed",
        ),
    ],
    ids=["nothing", "half a scope", "another stack's", "a setting that it does not take"],
)
def test_the_pack_refuses_without_its_configuration(stock: Engine, given: dict[str, Any], words: str) -> None:
    run = stock.run(register(VPC), given, stack="test")
    assert not run.ok
    assert words in run.said


def test_a_rule_that_fails_stops_the_stack(stock: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(resource: Resource, scope: Scope) -> list[str]:
        raise KeyError("hunter2")

    monkeypatch.setitem(vars(policies()["listener-tls"]), "judge", broken)
    run = stock.run(register(PLAIN_LISTENER), config(listener_tls="advisory"))
    assert not run.ok
    assert "a policy failed on kubernetes:kafka.strimzi.io/v1:Kafka 'kafka': KeyError" in run.said
    assert "hunter2" not in run.said


def test_the_stock_command_line_runs_the_pack_in_a_process_of_its_own(stock: Engine) -> None:
    folder = stock.folder / "bin"
    folder.mkdir()
    starter = folder / "pulumi-analyzer-policy-python"
    starter.write_text(f'#!/bin/sh\nexec {sys.executable} -u -m pulumi.policy "$1" "$2"\n', encoding="utf-8")
    starter.chmod(0o755)
    path = {"PATH": f"{folder}:{stock.variables['PATH']}"}
    pack = ("--policy-pack", str(Path(host.__file__).parent))
    refused = stock.run(register(PLAIN_LISTENER), None, arguments=pack, variables=path)
    assert not refused.ok
    assert "fleet-scope: stack is required" in refused.said
    file = stock.folder / "config.json"
    file.write_text(json.dumps(config(listener_tls="advisory")), encoding="utf-8")
    arguments = (*pack, "--policy-pack-config", str(file))
    told = stock.run(register(PLAIN_LISTENER), None, arguments=arguments, variables=path)
    assert told.ok, told.said[-2000:]
    assert [event["policyName"] for event in told.of("policyEvent")] == ["listener-tls"]
