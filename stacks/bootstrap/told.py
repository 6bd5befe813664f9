"""What a person does after a bootstrap: two sections of fleet.yaml, and settings of the forge.

Owns      the text.
Refuses   to write into fleet.yaml: that is a reviewed change like any other.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from stacks.bootstrap.request import Asked
from stacks.ci.trust import CUSTOMIZATION


def sections(asked: Asked, outputs: Mapping[str, Any]) -> str:
    """The `state:` and `ci:` sections, as YAML."""
    clouds = {}
    for name, login in asked.ci.logins.items():
        found = {key: value for key, value in login.model_dump().items() if value}
        if name == asked.cloud:
            found |= {role: str(outputs[role]) for role in ("preview", "apply")}
        clouds[name] = found
    found = {
        "state": {"backend": str(outputs["state_backend"]), "secrets_provider": str(outputs["state_encryption"])},
        "ci": {"forge": asked.ci.forge, "repository": asked.ci.repository, "branch": asked.ci.branch, "clouds": clouds},
    }
    return yaml.safe_dump(found, sort_keys=False, allow_unicode=True, width=120)


def steps(asked: Asked) -> Iterator[str]:
    """What remains to be done, one command or setting each."""
    where = asked.ci.environments
    yield f"Put these sections into fleet/fleet.yaml, then: fleet bootstrap {asked.cloud} --move-from file://.fleet/state"
    yield f"Write the pipelines: fleet ci init {asked.ci.forge} && fleet ci codeowners"
    if asked.ci.forge == "github":
        yield f"Subjects of tokens: {CUSTOMIZATION.format(repository=asked.ci.repository)}"
        yield f"Environments without reviewers: {where.preview}, {where.drift}"
        yield f"Environments with reviewers: {where.preview_code}, {where.apply}"
        yield f"{where.apply}: deployments from branch {asked.ci.branch} alone"
        yield f"Rules of branch {asked.ci.branch}: a merge queue, the check 'fleet / required', reviews by code owners"
    else:
        yield f"CI/CD configuration file: .gitlab-ci.yml@{asked.ci.repository}:{asked.ci.branch}"
        yield f"Protected environment: {where.apply}, with approvers; protected branch: {asked.ci.branch}"
        yield "Resource group fleet-apply: process_mode oldest_first (docs/ci.md has the call)"
