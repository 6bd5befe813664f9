"""Writes docs/policies.md: what policies are for, and every one of them from its record.

Owns      the page: `introduction.md` beside this file is written by hand, the rest comes from `policies/rules/`.
Refuses   rules of its own.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from policies.contract import Policy
from policies.discover import policies

PAGE = Path(__file__).parents[2] / "docs" / "policies.md"
_ENVIRONMENTS = ("dev", "staging", "prod")

_INTRODUCTION = Path(__file__).with_name("introduction.md")


def page() -> str:
    """The page."""
    found = list(policies().values())
    lines = [_INTRODUCTION.read_text("utf-8"), f"## The {len(found)} policies", ""]
    lines += ["Levels are those that a policy has by itself, for dev, staging and prod.", ""]
    lines += ["| policy | severity | dev | staging | prod | sees |", "| --- | --- | --- | --- | --- | --- |"]
    lines += [_row(one) for one in found]
    for one in found:
        lines += ["", *_section(one)]
    return "\n".join(lines) + "\n"


def _row(policy: Policy) -> str:
    levels = " | ".join(policy.levels.get(name, "mandatory") for name in _ENVIRONMENTS)
    sees = "a resource" if policy.judge else "a stack" if policy.judge_stack else "the fleet"
    return f"| [{policy.name}](#{policy.name}) | {policy.severity} | {levels} | {sees} |"


def _section(policy: Policy) -> Iterator[str]:
    yield f"### {policy.name}"
    yield ""
    remedy = " Adds what is missing." if policy.remedy else ""
    yield f"{policy.title}.{remedy} [Why]({policy.url}); {policy.framework}."
    yield ""
    yield f"- Asked about: {', '.join(f'`{one}`' for one in policy.types)}"
    yield f"- To mend it: {policy.remediation}"
    for name, schema in policy.settings.get("properties", {}).items():
        yield f"- Setting `{name}`: {_schema(schema)}"


def _schema(schema: dict[str, Any]) -> str:
    said = schema.get("description", "")
    rest = {key: value for key, value in schema.items() if key != "description"}
    return f"{said} `{json.dumps(rest)}`".strip()
