"""Pipelines of a forge, from templates and the fleet's `ci:` section.

Owns      which files each forge gets.
Refuses   a list of clouds (a pipeline only says `fleet ci login`), and values that were not validated: what goes into
          a template has passed the patterns of `stacks/ci_spec.py`.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from stacks.ci.pins import ACTIONS
from stacks.ci.token import audience, variable
from stacks.ci_spec import CiSettings

FILES = {
    "github": {
        "fleet.yml": ".github/workflows/fleet.yml",
        "fleet-preview.yml": ".github/workflows/fleet-preview.yml",
        "fleet-apply.yml": ".github/workflows/fleet-apply.yml",
        "fleet-drift.yml": ".github/workflows/fleet-drift.yml",
        "actionlint.yaml": ".github/actionlint.yaml",
        "zizmor.yml": ".github/zizmor.yml",
    },
    "gitlab": {"gitlab-ci.yml": ".gitlab-ci.yml"},
}


def workflows(forge: str, settings: CiSettings) -> Mapping[str, str]:
    """Path in the repository -> text, for every file of a forge."""
    values = {
        "ci": settings,
        "real": bool(settings.logins),
        "actions": ACTIONS,
        "runner": settings.private_runner or settings.runner,
        "called": _called(settings),
        "audiences": {variable(cloud): audience(cloud, login) for cloud, login in settings.logins.items()},
    }
    found = FILES[forge].items()
    return {path: _tidy(_environment().get_template(f"{forge}/{name}").render(values)) for name, path in found}


def _tidy(text: str) -> str:
    """Without the empty lines that a template's blocks leave behind, and with one between two jobs."""
    text = re.sub(r"\n+(?= {6,}\S| {2,4}(- |script:))", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n"


def _called(settings: CiSettings) -> str:
    """The preview's workflow: that of the protected branch where credentials are at stake, whatever a change says."""
    path = FILES["github"]["fleet-preview.yml"]
    return f"{settings.repository}/{path}@{settings.branch}" if settings.logins else f"./{path}"


@cache
def _environment() -> Environment:
    return Environment(  # noqa: S701 - YAML, and no value in it comes from outside of the validated settings
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        # Those of Jinja are GitHub's own.
        variable_start_string="@{",
        variable_end_string="}@",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
