"""Diagnostic settings: which logs of a resource go where.

Owns      categories, destinations, and that no two settings send the same log to the same place.
Refuses   metrics and destinations other than storage, which nothing of the fleet uses.
"""

import re
from collections.abc import Iterator

from sandbox.clouds.azure import arm
from sandbox.clouds.azure.facts import facts
from sandbox.clouds.azure.model import URI, api
from sandbox.contract import Properties, Refusal, Request, TypeModel, World

_SINKS = ("storageAccountId", "workspaceId", "eventHubAuthorizationRuleId", "marketplacePartnerId", "serviceBusRuleId")


def _setting(request: Request, _world: World) -> Iterator[Refusal]:
    if not any(key in request.inputs for key in _SINKS):
        yield arm.refuse("BadRequest", f"a diagnostic setting needs a destination: one of {', '.join(_SINKS)}")
    if not (request.inputs.get("logs") or request.inputs.get("metrics")):
        yield arm.refuse("BadRequest", "a diagnostic setting needs at least one log or metric", "logs")
    seen: set[str] = set()
    for index, log in enumerate(arm.items(request.inputs, "logs")):
        category, group = arm.text(log, "category"), arm.text(log, "categoryGroup")
        if bool(category) == bool(group) and arm.wholly_known(log):
            yield arm.refuse("BadRequest", "a log has either a category or a category group", "logs", index)
        if category and category.lower() in seen:
            yield arm.refuse("BadRequest", f"category '{category}' is given twice", "logs", index, "category")
        seen.add(category.lower())
        cluster = "/managedclusters/" in arm.text(request.inputs, "resourceUri").lower()
        if cluster and category and category not in facts()["audit_categories"]:
            yield arm.refuse(
                "BadRequest",
                f"Category '{category}' is not supported (allowed: {', '.join(facts()['audit_categories'])})",
                "logs",
                index,
                "category",
            )


def _target(request: Request, world: World) -> Iterator[Refusal]:
    target = arm.text(request.inputs, "resourceUri")
    if target and not re.match(r"/?subscriptions/[^/]+(/|$)", target, re.IGNORECASE):
        yield arm.refuse("InvalidResourceId", f"'{target}' is no id of an Azure resource", "resourceUri")
    if "/managedclusters/" in target.lower():
        yield from arm.reference(
            request, world, "containerservice:ManagedCluster", target, ("resourceUri",), "ResourceNotFound"
        )
    sink = arm.text(request.inputs, "storageAccountId")
    mine = {arm.text(log, "category") for log in arm.items(request.inputs, "logs") if log.get("enabled")}
    others = [
        other
        for other in (world.mentions(target) if target else ())
        if other.type == request.type and other.id != (request.old.id if request.old else "")
    ]
    for other in others:
        theirs = {arm.text(log, "category") for log in arm.items(other.inputs, "logs") if log.get("enabled")}
        if sink and arm.text(other.inputs, "storageAccountId") == sink and mine & theirs:
            yield arm.refuse(
                "Conflict",
                f"Data sink '{sink}' is already used in diagnostic setting '{other.outputs.get('name')}' for category "
                f"'{min(mine & theirs)}'. Data sinks can't be reused in different settings on the same category for "
                "the same resource.",
                "storageAccountId",
            )
    if request.operation == "create" and len(others) >= 5:
        yield arm.refuse("BadRequest", f"{target} has 5 diagnostic settings, which is the limit", "resourceUri")


def _id(request: Request, _world: World) -> str:
    target = arm.text(request.inputs, "resourceUri").rstrip("/")
    return f"{target}/providers/microsoft.insights/diagnosticSettings/{arm.name_of(request, 'name')}"


def _outputs(request: Request, _world: World, id: str) -> Properties:
    return {
        **request.inputs,
        **arm.common("Microsoft.Insights/diagnosticSettings", id.rpartition("/")[2], api_version="2021-05-01-preview"),
    }


TYPES = (
    TypeModel(
        token="azure-native:monitor:DiagnosticSetting",  # noqa: S106 - a type token
        api=api("monitor.v2021_05_01_preview", "DiagnosticSettingsResource", {"resourceUri": "", "name": ""}),
        identify=_id,
        outputs=_outputs,
        immutable={"resourceUri": URI, "name": URI},
        laws=(
            arm.well_named("name", r"[^*#&+:<>?/\\]{1,260}", "1 to 260 characters without * # & + : < > ?"),
            arm.said(_setting),
            arm.standing(_target),
            arm.refers("storage:StorageAccount", "storageAccountId"),
        ),
        normalize=arm.normal(),
        unique=("resourceUri", "name"),
    ),
)
