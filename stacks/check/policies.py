"""What fleet.yaml says of policies: that these exist, take such settings, and are left for a while by few.

Owns      names, levels, settings and exceptions under `policies:`.
Refuses   to judge a stack (`stacks/judge.py`, and the pack): only whether what is said can be meant.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from fnmatch import fnmatchcase

from policies.contract import Policy
from stacks.check.told import told
from stacks.fleet import Fleet
from stacks.nearest import nearest
from stacks.policy_spec import PolicyException, PolicySettings
from stacks.problem import Problem
from stacks.resolve import Path, Resolved
from stacks.today import today

LONGEST = timedelta(days=366)
"""An exception is looked at again once a year."""
_LITERAL = 3
"""Letters that a pattern of stacks has at least: `*` and `k*` mean the fleet, not somebody in it."""


def problems(fleet: Fleet) -> Iterable[Problem]:
    """Everything that is wrong under `policies:`."""
    if fleet.settings is None or fleet.settings_resolved is None:
        return
    said = fleet.settings.policies
    if said == PolicySettings():
        return  # most fleets say nothing: the rules are then not even loaded
    from policies.discover import policies

    known = policies()
    yield from _names(fleet.settings_resolved, said, known)
    yield from _levels(fleet.settings_resolved, said, known)
    yield from _settings(fleet.settings_resolved, said, known)
    for index, one in enumerate(said.exceptions):
        yield from _exception(fleet, fleet.settings_resolved, ("policies", "exceptions", index), one)


def _names(resolved: Resolved, said: PolicySettings, known: Iterable[str]) -> Iterator[Problem]:
    named: list[tuple[str, Path, bool]] = [(name, ("policies", "levels", name), True) for name in said.levels]
    named += [(name, ("policies", "settings", name), True) for name in said.settings]
    named += [
        (one.policy, ("policies", "exceptions", index, "policy"), False) for index, one in enumerate(said.exceptions)
    ]
    names = sorted(known)
    for name, path, key in named:
        if name not in names:
            hint = nearest(name, names) or "`fleet policies` lists them"
            yield told(resolved, path, "unknown-policy", f"there is no policy '{name}'", "", hint, key=key)


def _levels(resolved: Resolved, said: PolicySettings, known: Mapping[str, Policy]) -> Iterator[Problem]:
    for name, levels in said.levels.items():
        for environment, level in levels.items():
            if level == "remediate" and name in known and known[name].remedy is None:
                yield told(
                    resolved,
                    ("policies", "levels", name, environment),
                    "policy-without-remedy",
                    f"policy '{name}' has no remedy, so it cannot be at level 'remediate'",
                    "mandatory, advisory, disabled",
                )


def _settings(resolved: Resolved, said: PolicySettings, known: Mapping[str, Policy]) -> Iterator[Problem]:
    from jsonschema import Draft202012Validator

    for name, by_environment in said.settings.items():
        if name not in known:
            continue
        schema = known[name].settings or {"type": "object", "maxProperties": 0}
        taken = ", ".join(sorted(known[name].settings.get("properties", {}))) or "none: it takes no settings"
        for environment, given in by_environment.items():
            for wrong in Draft202012Validator(schema).iter_errors(given):
                path: Path = ("policies", "settings", name, environment, *wrong.absolute_path)
                unknown = wrong.validator in ("additionalProperties", "maxProperties")
                extra = sorted(set(given) - set(known[name].settings.get("properties", {}))) if unknown else []
                yield told(
                    resolved,
                    (*path, extra[0]) if extra else path,
                    "wrong-policy-setting",
                    f"policy '{name}' cannot be told this: {wrong.message}",
                    taken if unknown else "",
                    nearest(extra[0], known[name].settings.get("properties", {})) if extra else "",
                    key=bool(extra),
                )


def _exception(fleet: Fleet, resolved: Resolved, at: Path, one: PolicyException) -> Iterator[Problem]:
    owners = _owners(fleet)
    if one.owner not in owners:
        message = f"'{one.owner}' is no team of this fleet, so nobody answers for the exception"
        allowed = ", ".join(sorted(owners))
        yield told(resolved, (*at, "owner"), "unknown-owner", message, allowed, nearest(one.owner, owners))
    until = date.fromisoformat(one.until)
    if until < today():
        ended = told(
            resolved,
            (*at, "until"),
            "exception-ended",
            f"the exception from '{one.policy}' ended on {until}, and does nothing any more",
            hint="take the line out, or agree on a later day with its owner",
        )
        yield replace(ended, severity="warning")
    elif until > today() + LONGEST:
        message = f"an exception until {until} is longer than a year"
        latest = f"{today() + LONGEST} at the latest"
        yield told(
            resolved, (*at, "until"), "exception-too-long", message, latest, "say it again next year, if need be"
        )
    for number, pattern in enumerate(one.stacks):
        yield from _pattern(fleet, resolved, (*at, "stacks", number), pattern)


def _pattern(fleet: Fleet, resolved: Resolved, at: Path, pattern: str) -> Iterator[Problem]:
    literal = sum(letter.isalnum() for letter in pattern)
    matched = [name for name in fleet.stacks if fnmatchcase(name, pattern)]
    if literal < _LITERAL or (len(matched) == len(fleet.stacks) > 1):
        message = f"'{pattern}' excepts {len(matched)} of {len(fleet.stacks)} stacks"
        hint = "name them; to end a policy, set its level to `disabled`"
        yield told(resolved, at, "exception-too-wide", message, "patterns of named stacks, e.g. `kafka.web-*`", hint)
    elif not matched:
        hint = nearest(pattern, fleet.stacks) or "`fleet status` lists the stacks"
        nobody = told(resolved, at, "exception-for-nobody", f"no stack is called '{pattern}'", hint=hint)
        yield replace(nobody, severity="warning")


def _owners(fleet: Fleet) -> set[str]:
    found = {file.spec.owner for file in fleet.services.values()}
    return found | ({fleet.settings.platform_team, *fleet.settings.teams} if fleet.settings else set())
