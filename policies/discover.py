"""Every policy of this repository, found in its folder.

Owns      the way from a file in `policies/rules/` to its record; a new rule is a new file and nothing else.
Refuses   a file without `POLICY`, a record under another name than its file, and records that no one could judge.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

from policies import rules
from policies.contract import Policy


class BadPolicyError(Exception):
    """A file in `policies/rules/` that is no policy."""


@cache
def policies() -> Mapping[str, Policy]:
    """Every policy by name, in the order of names."""
    found: dict[str, Policy] = {}
    for module in sorted(pkgutil.iter_modules(rules.__path__), key=lambda one: one.name):
        policy = getattr(importlib.import_module(f"policies.rules.{module.name}"), "POLICY", None)
        if not isinstance(policy, Policy):
            raise BadPolicyError(f"policies/rules/{module.name}.py has no POLICY")
        if policy.name != module.name.replace("_", "-"):
            raise BadPolicyError(f"policies/rules/{module.name}.py holds '{policy.name}': name the file like it")
        judges = [one for one in (policy.judge, policy.judge_stack, policy.judge_fleet) if one]
        if len(judges) != 1:
            raise BadPolicyError(f"'{policy.name}' has {len(judges)} judges: exactly one is asked")
        if not policy.types:
            raise BadPolicyError(f"'{policy.name}' names no types: it would be shown nothing")
        if policy.remedy and not policy.judge:
            raise BadPolicyError(f"'{policy.name}' has a remedy for what it never sees alone")
        found[policy.name] = policy
    return found
