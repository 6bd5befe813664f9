"""How the pack is told which policies apply to a stack, and how.

Owns      the configuration's shape: by policy `enforcementLevel` and `settings`, and under `fleet-scope` the stack.
Refuses   to guess what is not said: a level or a scope that is missing makes the whole configuration invalid.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, get_args

from policies.contract import Level, Scope
from policies.discover import policies
from policies.judge import Scopes

PACK = "kafka-fleet"
"""The pack's name, as reports show it."""
SCOPE = "fleet-scope"
"""The name under which the configuration says where policies are asked. It is no policy: nothing can disable it."""
NEEDED = ("stack", "environment", "production", "cloud", "today")
"""What a scope always says."""
_LEVELS = get_args(Level)


class BadConfigError(Exception):
    """A configuration that says less than the pack has to know."""


@dataclass(frozen=True)
class Told:
    """The configuration: of which stack, how strict each policy is there, and its scope."""

    stack: str
    levels: Mapping[str, Level]
    scopes: Scopes

    @property
    def remedies(self) -> frozenset[str]:
        """The policies that may change a resource."""
        return frozenset(name for name, level in self.levels.items() if level == "remediate")


def read(config: Mapping[str, Mapping[str, Any]]) -> Told:
    """The configuration, from what `--policy-pack-config` holds: by policy, `enforcementLevel` and `settings`."""
    where = config.get(SCOPE) or {}
    missing = [key for key in NEEDED if where.get(key) is None]
    if missing:
        raise BadConfigError(f"it does not say {', '.join(missing)} of the stack")
    scope = Scope(
        stack=where["stack"],
        environment=where["environment"],
        production=bool(where["production"]),
        cloud=where["cloud"],
        tags=where.get("tags") or {},
        offered_as_a_service=bool(where.get("offered_as_a_service")),
        given_up=bool(where.get("given_up")),
        today=date.fromisoformat(where["today"]),
    )
    silent = [name for name in policies() if (config.get(name) or {}).get("enforcementLevel") not in _LEVELS]
    if silent:
        raise BadConfigError(f"it does not say how strict these are: {', '.join(silent)}")
    levels: dict[str, Level] = {name: config[name]["enforcementLevel"] for name in policies()}
    scopes = {
        name: replace(scope, settings=config[name].get("settings") or {})
        for name, level in levels.items()
        if level != "disabled"
    }
    return Told(scope.stack, levels, scopes)
