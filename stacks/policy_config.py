"""How strict each policy is for a stack today, and what the policies are told of it.

Owns      the way from `policies:` of fleet.yaml to a level, settings and a scope: for the engine's pack and offline.
Refuses   to judge, and to keep what it says: an exception ends by itself, on its day.
"""

from collections.abc import Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from components.cell.spec import Environment
from policies.config import SCOPE
from policies.contract import Level, Policy, Scope
from policies.discover import policies
from stacks import request
from stacks.fleet import Cell, Fleet
from stacks.policy_spec import PolicyException, PolicySettings
from stacks.rendition.make import protected
from stacks.stack import Stack
from stacks.today import today


def settings(fleet: Fleet) -> PolicySettings:
    """What fleet.yaml says of policies."""
    return fleet.settings.policies if fleet.settings else PolicySettings()


def exception(fleet: Fleet, stack: str, policy: str) -> PolicyException | None:
    """The exception by which a stack leaves a policy today."""
    now = today().isoformat()
    return next(
        (
            one
            for one in settings(fleet).exceptions
            if one.policy == policy and now <= one.until and any(fnmatchcase(stack, glob) for glob in one.stacks)
        ),
        None,
    )


def own_level(fleet: Fleet, policy: Policy, environment: Environment) -> Level:
    """How strict a policy is in an environment, exceptions apart."""
    said = settings(fleet).levels.get(policy.name, {})
    return said.get(environment) or policy.levels.get(environment, "mandatory")


def level(fleet: Fleet, stack: Stack, policy: Policy) -> Level:
    """How strict a policy is for a stack today. What is excepted is still told, and refuses nothing."""
    own = own_level(fleet, policy, environment(fleet, stack))
    return "advisory" if own in ("mandatory", "remediate") and exception(fleet, stack.name, policy.name) else own


def environment(fleet: Fleet, stack: Stack) -> Environment:
    """dev, staging or prod: the cluster's for services and apps, the cell's for a cell."""
    if stack.cluster:
        return fleet.clusters[stack.cluster].spec.environment
    found: Environment = fleet.cells[stack.cell].environment  # type: ignore[assignment]  # its spec has checked it
    return found


def scope(fleet: Fleet, stack: Stack, policy: Policy | None = None) -> Scope:
    """Where policies are asked; with the settings of one of them."""
    cell = fleet.cells[stack.cell]
    found = Scope(
        stack=stack.name,
        environment=environment(fleet, stack),
        production=stack.production,
        cloud=cell.spec.cloud,
        tags=_tags(fleet, stack, cell),
        offered_as_a_service=bool(fleet.settings and fleet.settings.offered_as_a_service),
        given_up=stack.production and not protected(fleet, stack),
        today=today(),
    )
    if policy is None:
        return found
    return replace(found, settings=settings(fleet).settings.get(policy.name, {}).get(environment(fleet, stack), {}))


def config(fleet: Fleet, stack: Stack) -> dict[str, dict[str, Any]]:
    """The pack's configuration for a stack, as `--policy-pack-config` takes it: every policy's level is said."""
    where = scope(fleet, stack)
    said: dict[str, dict[str, Any]] = {
        SCOPE: {
            "enforcementLevel": "mandatory",
            "stack": where.stack,
            "environment": where.environment,
            "production": where.production,
            "cloud": where.cloud,
            "tags": dict(where.tags),
            "offered_as_a_service": where.offered_as_a_service,
            "given_up": where.given_up,
            "today": where.today.isoformat(),
        }
    }
    for policy in policies().values():
        told = dict(scope(fleet, stack, policy).settings)
        said[policy.name] = {
            "enforcementLevel": level(fleet, stack, policy),
            **({"settings": told} if told else {}),
        }
    return said


def _tags(fleet: Fleet, stack: Stack, cell: Cell) -> Mapping[str, str]:
    """Ownership and cost of the stack: a cell's as on its cloud, a cluster's and an app's by their own team."""
    tags = request.tags(fleet, cell)
    if not stack.cluster:
        return tags
    cluster = fleet.clusters[stack.cluster]
    team = fleet.apps[(stack.cluster, stack.app)].team if stack.app else cluster.team
    center = getattr(cluster.spec, "cost_center", "") or tags["cost-center"]
    return {**tags, "owner": team, "cost-center": str(center).lower(), "environment": cluster.spec.environment}


def leavers(fleet: Fleet, policy: str) -> list[str]:
    """Who leaves a policy today, for people: day, owner and stacks."""
    now = today().isoformat()
    return [
        f"{one.until} ({one.owner}: {', '.join(one.stacks)})"
        for one in settings(fleet).exceptions
        if one.policy == policy and now <= one.until
    ]
