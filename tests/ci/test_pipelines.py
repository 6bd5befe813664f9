"""The generated pipelines: as committed, clean under three linters and our own rules, which are seen red."""

from pathlib import Path

import pytest
import typer
import yaml

from stacks.ci.owners import codeowners
from stacks.ci.workflows import workflows
from stacks.ci_spec import CiSettings
from stacks.cli import application
from stacks.load import load
from tests.ci.pipelines import COMPANY, KINDS, commands, faults, github, gitlab_schema, lint, write
from tools.fleet_copy import REPOSITORY


@pytest.fixture(scope="module")
def settings() -> CiSettings:
    found = load(REPOSITORY).settings
    assert found is not None
    return found.ci


@pytest.mark.parametrize("forge", ["github", "gitlab"])
def test_this_repository_has_what_the_generator_makes(forge: str, settings: CiSettings) -> None:
    for path, text in workflows(forge, settings).items():
        assert (REPOSITORY / path).read_text("utf-8") == text, f"{path}: run `fleet ci init {forge}`"


def test_the_owners_are_as_the_fleet_says() -> None:
    assert (REPOSITORY / "CODEOWNERS").read_text("utf-8") == codeowners(load(REPOSITORY)), "run `fleet ci codeowners`"


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_found(kind: str, tmp_path: Path) -> None:
    assert lint(write(tmp_path / "clone", workflows("github", KINDS[kind]))) == ""
    (tmp_path / ".gitlab-ci.yml").write_text(workflows("gitlab", KINDS[kind])[".gitlab-ci.yml"], "utf-8")
    assert gitlab_schema(tmp_path / ".gitlab-ci.yml") == ""
    for name, workflow in github(KINDS[kind]):
        assert faults(workflow) == [], name


BAD = """\
name: bad
on: [pull_request_target]
permissions: write-all
jobs:
  run:
    runs-on: ubuntu-24.04
    permissions: {id-token: write, contents: write}
    steps:
      - uses: actions/checkout@v7
        with: {ref: "${{ github.event.pull_request.head.sha }}", persist-credentials: true}
      - run: echo "${{ github.event.pull_request.title }}"
      - run: echo "${{ steps.nowhere.outputs.nothing }}"
"""


def test_the_judges_see_a_bad_one(tmp_path: Path) -> None:
    said = lint(write(tmp_path / "clone", {".github/workflows/bad.yml": BAD}))
    for word in ("template-injection", "dangerous-triggers", "unpinned-uses", "excessive-permissions", "artipacked"):
        assert word in said
    assert "actionlint: " in said and "nowhere" in said
    assert len(faults(yaml.safe_load(BAD))) == 8
    (tmp_path / ".gitlab-ci.yml").write_text("apply: {script: [x], when: sometimes}\n", "utf-8")
    assert "sometimes" in gitlab_schema(tmp_path / ".gitlab-ci.yml")


def test_the_schema_sees_a_wrong_queue(tmp_path: Path) -> None:
    text = workflows("github", COMPANY)[".github/workflows/fleet-apply.yml"].replace("queue: max", "queue: most")
    assert "queue" in lint(write(tmp_path / "clone", {".github/workflows/a.yml": text}))


@pytest.mark.parametrize("kind", KINDS)
def test_one_check_reports_always(kind: str) -> None:
    workflow = dict(github(KINDS[kind]))["fleet.yml"]
    assert set(workflow[True]) == {"pull_request", "merge_group"}
    required = workflow["jobs"].pop("required")
    assert required["name"] == "fleet / required"
    assert required["if"] == "${{ always() }}"
    assert set(required["needs"]) == set(workflow["jobs"])


@pytest.mark.parametrize("forge", ["github", "gitlab"])
def test_a_change_is_judged_also_by_what_looks_across_stacks(forge: str) -> None:
    """A plan sees the affected stacks alone: without this step such a policy would be nobody's."""
    said = [words for text in workflows(forge, COMPANY).values() for words in commands(text)]
    assert ["policies", "check", "--across"] in [list(words[:3]) for words in said]


def test_only_the_named_roles_sign_in() -> None:
    where = COMPANY.environments
    found = {
        (name, job, str(body.get("environment")))
        for name, workflow in github(COMPANY)
        for job, body in workflow["jobs"].items()
        if "id-token" in body.get("permissions", {}) and "uses" not in body
    }
    assert {entry[:2] for entry in found} == {
        ("fleet-preview.yml", "preview"),
        ("fleet-apply.yml", "preview"),
        ("fleet-apply.yml", "apply"),
        ("fleet-drift.yml", "look"),
    }
    for name, job, environment in found:
        assert (where.apply in environment) == ((name, job) == ("fleet-apply.yml", "apply"))
    assert not any("id-token" in str(workflow) for _, workflow in github(CiSettings()))


def test_no_apply_is_dropped_or_cut_off() -> None:
    apply = dict(github(COMPANY))["fleet-apply.yml"]
    assert apply["concurrency"] == {"group": "fleet-apply", "queue": "max", "cancel-in-progress": False}
    text = workflows("gitlab", COMPANY)[".gitlab-ci.yml"]
    job = yaml.safe_load(text)["apply"]
    assert job["resource_group"] == "fleet-apply"
    assert job["interruptible"] is False and job["when"] == "manual" and job["allow_failure"] is False


def test_the_preview_is_the_protected_branchs() -> None:
    company, sandbox = dict(github(COMPANY)), dict(github(CiSettings()))
    assert company["fleet.yml"]["jobs"]["preview"]["uses"].startswith("acme/kafka-fleet/")
    assert company["fleet.yml"]["jobs"]["preview"]["uses"].endswith("@main")
    assert sandbox["fleet.yml"]["jobs"]["preview"]["uses"].startswith("./")


@pytest.mark.parametrize("kind", KINDS)
def test_every_forge_gives_its_tokens_to_the_same_steps(kind: str) -> None:
    jobs = yaml.safe_load(workflows("gitlab", KINDS[kind])[".gitlab-ci.yml"])
    given = {name for name, job in jobs.items() if isinstance(job, dict) and "id_tokens" in job}
    assert given == ({"preview", "merged-preview", "apply", "look"} if KINDS[kind].logins else set())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("forge", ["github", "gitlab"])
def test_every_step_is_a_command_that_a_person_has(kind: str, forge: str) -> None:
    app = typer.main.get_command(application())
    seen = set()
    for text in workflows(forge, KINDS[kind]).values():
        for words in commands(text):
            command, rest = app, list(words)
            while rest and rest[0] in getattr(command, "commands", {}):
                command = command.commands[rest.pop(0)]
            known = {option for parameter in command.params for option in parameter.opts}
            unknown = [word for word in rest if word.startswith("-") and word not in known]
            assert command is not app and not unknown, words
            seen.add(command.name)
    assert {"validate", "plan", "preview", "up", "refresh", "take", "login", "merge", "post", "base"} <= seen
