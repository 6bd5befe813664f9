"""Locks that keep a thing, and what is below it, from being deleted.

Owns      their levels, and that a lock holds what is under it.
Refuses   `ReadOnly` beyond deletion: nothing here makes one.
Source    learn.microsoft.com/azure/azure-resource-manager/management/lock-resources, read 2026-11.
"""

from collections.abc import Iterator

from sandbox.clouds.azure import arm
from sandbox.contract import Properties, Refusal, Request, TypeModel, World

LOCK = "authorization:ManagementLockByScope"
_ADDRESS = (
    "azure-native: the property is part of the resource's address, and the provider replaces what has another one"
)


def _lock_id(request: Request, _world: World) -> str:
    scope = arm.text(request.inputs, "scope").strip("/")
    return f"/{scope}/providers/Microsoft.Authorization/locks/{arm.text(request.inputs, 'lockName')}"


def _lock_outputs(request: Request, _world: World, id: str) -> Properties:
    return {
        **request.inputs,
        **arm.common("Microsoft.Authorization/locks", id.rpartition("/")[2], api_version="2020-05-01"),
    }


def _level(request: Request, _world: World) -> Iterator[Refusal]:
    level = arm.text(request.inputs, "level")
    if level and level not in ("CanNotDelete", "ReadOnly", "NotSpecified"):
        yield arm.refuse("InvalidLockLevel", f"level '{level}': CanNotDelete or ReadOnly", "level")
    scope = arm.text(request.inputs, "scope")
    if scope and not scope.strip("/").startswith("subscriptions/"):
        yield arm.refuse("InvalidScope", f"scope '{scope}' is not an id", "scope")


def held(request: Request, world: World) -> Iterator[Refusal]:
    """Nothing under a lock is deleted."""
    mine = request.old.id.lower() if request.old else ""
    for lock in world.all(arm.AZURE + LOCK, request.scope):
        under = f"/{arm.text(lock.inputs, 'scope').strip('/').lower()}"
        if mine == under or mine.startswith(f"{under}/"):
            message = f"The scope '{mine}' cannot perform delete operation because the following is locked: '{under}'"
            yield arm.refuse("ScopeLocked", f"{message}. Please remove the lock and try again.")


TYPES = (
    TypeModel(
        token=arm.AZURE + LOCK,
        # The package of its API model is not among those that judge here.
        api=None,
        identify=_lock_id,
        outputs=_lock_outputs,
        immutable={"lockName": _ADDRESS, "scope": _ADDRESS},
        laws=(
            arm.well_named("lockName", r"[A-Za-z0-9_.() -]{1,90}", "1 to 90 letters, digits and ' _-.()'"),
            arm.said(_level),
        ),
        normalize=arm.normal(),
        unique=("lockName", "scope"),
    ),
)
