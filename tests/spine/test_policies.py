"""`policies:` of fleet.yaml: its laws, the levels that follow from it, and verdicts without an engine."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from policies.config import SCOPE, read
from policies.discover import policies
from stacks.cli import application
from stacks.fleet import Fleet
from stacks.judge import fleet_verdicts, problem, resources, token, verdicts
from stacks.load import load
from stacks.policy_config import config, exception, level
from stacks.rendition.make import rendition
from stacks.today import VARIABLE
from tools.fleet_copy import REPOSITORY, copy_fleet

BASE = Path(__file__).parents[1] / "corpus" / "base"
TODAY = "2026-11-23"
EXCEPTION = """
policies:
  exceptions:
    - policy: {policy}
      stacks: [{stacks}]
      owner: {owner}
      until: "{until}"
      reason: agreed in the weekly meeting
"""
PLAIN = {"policy": "image-digests", "stacks": "kafka.ledger", "owner": "platform", "until": "2026-12-31"}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, TODAY)


def fleet(tmp_path: Path, more: str) -> Fleet:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "fleet" / "fleet.yaml"
    file.write_text(file.read_text("utf-8").rstrip("\n") + "\n" + more.lstrip("\n"), "utf-8")
    return load(tmp_path)


def told(tmp_path: Path, more: str) -> list[tuple[str, str]]:
    """code and the marked text of the line, of each problem in fleet.yaml"""
    found = fleet(tmp_path, more)
    lines = (tmp_path / "fleet" / "fleet.yaml").read_text("utf-8").splitlines()
    return [
        (one.code, lines[one.line - 1][one.column - 1 :]) for one in found.problems if one.file == "fleet/fleet.yaml"
    ]


def test_a_right_exception_is_no_problem(tmp_path: Path) -> None:
    assert told(tmp_path, EXCEPTION.format(**PLAIN)) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"policy": "image-digest"}, ("unknown-policy", "image-digest")),
        ({"owner": "platfrom"}, ("unknown-owner", "platfrom")),
        ({"until": "2026-11-22"}, ("exception-ended", '"2026-11-22"')),
        ({"until": "2027-11-30"}, ("exception-too-long", '"2027-11-30"')),
        ({"stacks": '"*"'}, ("exception-too-wide", '"*"]')),
        ({"stacks": '"k*"'}, ("exception-too-wide", '"k*"]')),
        ({"stacks": "kafka.nobody"}, ("exception-for-nobody", "kafka.nobody]")),
    ],
    ids=str,
)
def test_a_wrong_exception_is_told_at_its_value(
    tmp_path: Path, change: dict[str, str], expected: tuple[str, str]
) -> None:
    assert told(tmp_path, EXCEPTION.format(**{**PLAIN, **change})) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("levels: { listener-tsl: { prod: advisory } }", ("unknown-policy", "listener-tsl")),
        ("levels: { listener-tls: { prod: remediate } }", ("policy-without-remedy", "remediate")),
        ("settings: { listener-tsl: { prod: {} } }", ("unknown-policy", "listener-tsl")),
        ("settings: { listener-tls: { prod: { x: 1 } } }", ("wrong-policy-setting", "x")),
        ("settings: { log-retention: { prod: { least_day: 1 } } }", ("wrong-policy-setting", "least_day")),
        ("settings: { log-retention: { prod: { least_days: 0 } } }", ("wrong-policy-setting", "0")),
        ("settings: { approved-regions: { prod: { aws: [1] } } }", ("wrong-policy-setting", "1")),
    ],
)
def test_a_wrong_level_or_setting_is_told_at_its_value(tmp_path: Path, text: str, expected: tuple[str, str]) -> None:
    ((code, rest),) = told(tmp_path, f"policies:\n  {text}\n")
    assert (code, rest[: len(expected[1])]) == expected


def test_ended_exceptions_are_warnings_and_others_errors(tmp_path: Path) -> None:
    found = fleet(tmp_path, EXCEPTION.format(**{**PLAIN, "until": "2026-11-22"}))
    assert [one.severity for one in found.problems if one.code == "exception-ended"] == ["warning"]


def test_an_exception_holds_until_its_last_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = fleet(tmp_path, EXCEPTION.format(**{**PLAIN, "policy": "listener-tls"}))
    stack, policy = found.stacks["kafka.ledger"], policies()["listener-tls"]
    for day, expected in (("2026-12-31", "advisory"), ("2027-01-01", "mandatory")):
        monkeypatch.setenv(VARIABLE, day)
        assert level(found, stack, policy) == expected
        assert config(found, stack)["listener-tls"]["enforcementLevel"] == expected
    assert exception(found, "kafka.other", "listener-tls") is None


def test_levels_and_settings_are_by_environment(tmp_path: Path) -> None:
    more = "policies:\n  levels: { listener-tls: { prod: advisory } }\n"
    more += "  settings: { log-retention: { prod: { least_days: 400 } } }\n"
    found = fleet(tmp_path, more)
    by_environment = {found.clusters[s.cluster].spec.environment: s for s in found.stacks.values() if s.service}
    for environment, stack in by_environment.items():
        said = config(found, stack)
        assert said["listener-tls"]["enforcementLevel"] == ("advisory" if environment == "prod" else "mandatory")
        assert said["log-retention"].get("settings") == ({"least_days": 400} if environment == "prod" else None)
        assert said[SCOPE]["environment"] == environment
        assert read(said).stack == stack.name


def test_tokens_of_items() -> None:
    assert token("v1/Namespace") == "kubernetes:core/v1:Namespace"
    assert token("apps/v1/Deployment") == "kubernetes:apps/v1:Deployment"
    assert token("aws:ec2/vpc:Vpc") == "aws:ec2/vpc:Vpc"


@pytest.fixture(scope="module")
def example() -> Fleet:
    return load(REPOSITORY)


def test_the_example_fleet_breaks_no_mandatory_policy(example: Fleet) -> None:
    slow = {"cell.aws-use1-dev", "cell.lab"}  # cells take a second each; one of each cloud remains
    stacks = {name: stack for name, stack in example.stacks.items() if name not in slow}
    rendered = {name: rendition(example, stack) for name, stack in stacks.items()}
    found = [one for name, stack in stacks.items() for one in verdicts(example, stack, rendered[name])]
    found += fleet_verdicts(example, rendered)
    assert [str(problem(one)) for one in found if one.refuses] == []
    judged = {one.type for made in rendered.values() for one in resources(made)}
    for policy in policies().values():
        if not set(policy.types) & judged and not any(one.endswith("*") for one in policy.types):
            assert policy.name in ELSEWHERE, f"nothing in the example fleet is ever judged by {policy.name}"


ELSEWHERE = {
    "buckets-versioned",  # what `fleet bootstrap` makes
}


def test_a_verdict_stands_at_the_section_of_its_service(tmp_path: Path) -> None:
    root = copy_fleet(tmp_path / "copy")
    file = root / "fleet" / "clusters" / "web" / "web-prod.yaml"
    lines = file.read_text("utf-8").splitlines()
    found = load(root)
    stack = found.stacks["kafka.web-prod"]
    made = rendition(found, stack)
    body = made.items["kafka.strimzi.io/v1/Kafka kafka"].body
    body["spec"]["kafka"]["listeners"][0]["tls"] = False
    (one,) = [one for one in verdicts(found, stack, made) if one.policy == "listener-tls"]
    shown = problem(one)
    assert one.refuses
    assert (shown.code, shown.severity, shown.file) == ("policy", "error", "fleet/clusters/web/web-prod.yaml")
    assert lines[shown.line - 1].strip() == "kafka:"
    assert "tls of listener tls is false" in shown.message


def test_the_command_lists_checks_and_configures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLEET_ROOT", str(copy_fleet(tmp_path / "copy")))
    run = CliRunner().invoke
    listed = run(application(), ["policies", "--output", "json"])
    assert {one["policy"] for one in json.loads(listed.stdout)} == set(policies())
    checked = run(application(), ["policies", "check", "kafka.web-prod"])
    assert checked.exit_code == 0, checked.output
    assert "1 stacks: 0 refused" in checked.stdout
    said = run(application(), ["policies", "config", "kafka.web-prod"])
    assert read(json.loads(said.stdout)).stack == "kafka.web-prod"
    assert run(application(), ["policies", "config", "kafka.web-prd"]).exit_code == 2


def test_the_command_fails_where_a_mandatory_policy_is_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = copy_fleet(tmp_path / "copy")
    monkeypatch.setenv("FLEET_ROOT", str(root))
    file = root / "fleet" / "fleet.yaml"
    more = "\npolicies:\n  settings: { kafka-version: { prod: { oldest: '9.9' } } }\n"
    file.write_text(file.read_text("utf-8") + more, "utf-8")
    checked = CliRunner().invoke(application(), ["policies", "check", "kafka.web-prod"])
    assert checked.exit_code == 3, checked.output
    assert "kafka.web-prod breaks policy kafka-version" in checked.stdout


def test_what_looks_across_stacks_is_asked_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = copy_fleet(tmp_path / "copy")
    monkeypatch.setenv("FLEET_ROOT", str(root))
    file = root / "fleet" / "fleet.yaml"
    more = """
policies:
  levels: { app-quotas: { dev: mandatory } }
  settings: { kafka-version: { prod: { oldest: '9.9' } } }
"""
    file.write_text(file.read_text("utf-8") + more, "utf-8")
    checked = CliRunner().invoke(application(), ["policies", "check", "--across"])
    assert checked.exit_code == 3, checked.output
    assert "experiments.yaml:2:1: policy: app.lab.experiments breaks policy app-quotas" in checked.stdout
    assert "kafka-version" not in checked.stdout
    named = CliRunner().invoke(application(), ["policies", "check", "--across", "kafka.web-prod"])
    assert (named.exit_code, "name no stacks with it" in named.output) == (2, True)
