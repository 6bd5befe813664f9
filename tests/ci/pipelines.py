"""Pipelines to judge: those of this repository, and those of a company with three clouds; and the judges."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from stacks.ci.workflows import workflows
from stacks.ci_spec import CiSettings
from tools.actionlint import actionlint

BIN = Path(sys.executable).parent

COMPANY = CiSettings.model_validate(
    {
        "repository": "acme/kafka-fleet",
        "private_runner": "fleet-private",
        "clouds": {
            "aws": {"account": "111111111111", "region": "eu-west-1", "preview": "arn:p", "apply": "arn:a"},
            "azure": {"account": "0d9f-1111", "region": "westeurope", "tenant": "0a", "preview": "1", "apply": "2"},
            "gcp": {"account": "acme-ci", "region": "europe-west1", "number": "42", "preview": "p@x", "apply": "a@x"},
        },
    }
)
KINDS = {"sandbox": CiSettings(), "company": COMPANY}


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """A repository with nothing but pipelines."""
    (folder / ".git").mkdir(parents=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def lint(folder: Path) -> str:
    """What actionlint, zizmor (as an auditor) and the published schema find; nothing where all is well."""
    files = [str(path.relative_to(folder)) for path in sorted((folder / ".github/workflows").glob("*.yml"))]
    commands = {
        "actionlint": [str(actionlint()), "-no-color"],
        "zizmor": [str(BIN / "zizmor"), "--offline", "--persona", "auditor", "--no-progress", "--format", "plain", "."],
        "schema": [str(BIN / "check-jsonschema"), "--builtin-schema", "vendor.github-workflows", *files],
    }
    said = ""
    for name, command in commands.items():
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if ran.returncode:
            said += f"{name}: {ran.stdout}{ran.stderr}\n"
    return said


def gitlab_schema(file: Path) -> str:
    """What GitLab's own schema says of a pipeline."""
    command = [str(BIN / "check-jsonschema"), "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]
    ran = subprocess.run([*command, str(file)], capture_output=True, text=True, check=False)
    return f"{ran.stdout}{ran.stderr}" if ran.returncode else ""


def github(settings: CiSettings) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every workflow as data, by name."""
    for path, text in workflows("github", settings).items():
        if path.startswith(".github/workflows/"):
            yield path.rpartition("/")[2], yaml.safe_load(text)


def scripts(workflow: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every shell script of a workflow, with the job that it is in."""
    for name, job in workflow["jobs"].items():
        for step in job.get("steps", ()):
            if "run" in step:
                yield name, step["run"]


def faults(workflow: dict[str, Any]) -> list[str]:
    """Our own rules, beyond the linters'."""
    found = [
        f"{job}: an expression in a script: strangers' text becomes code"
        for job, text in scripts(workflow)
        if "${{" in text
    ]
    # PyYAML reads the key `on` as true.
    triggers = workflow.get("on", workflow.get(True)) or {}
    if {"pull_request_target", "workflow_run", "issue_comment"} & set(triggers):
        found.append("a trigger that gives a stranger's change credentials")
    if workflow.get("permissions") != {}:
        found.append("permissions for all jobs at once")
    for name, job in workflow["jobs"].items():
        rights = job.get("permissions", {})
        if "uses" not in job and "timeout-minutes" not in job:
            found.append(f"{name}: no time limit")
        if rights.get("contents", "read") != "read":
            found.append(f"{name}: may write to the repository")
        if "id-token" in rights and "uses" not in job and "environment" not in job:
            found.append(f"{name}: signs in to clouds outside of an environment")
        for step in job.get("steps", ()):
            if (
                step.get("uses", "").startswith("actions/checkout@")
                and step["with"]["persist-credentials"] is not False
            ):
                found.append(f"{name}: leaves a token in the clone")
    return found


def commands(text: str) -> Iterator[list[str]]:
    """Every call of `fleet` in a pipeline's text, as words; the call of a wrapped command counts as two."""
    joined = re.sub(r"\\\n\s+", " ", text)
    joined = re.sub(r"\n\s+(?=--)", " ", joined)
    for line in joined.splitlines():
        for call in re.split(r"(?=\.venv/bin/fleet )", line)[1:]:
            words = shlex.split(re.split(r" [>|;]| >>|\)$| && |; |\) |\|\|", call)[0].replace(" --\n", " "))
            yield [word for word in words[1:] if word != "--"]
