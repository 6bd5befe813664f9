"""Federated credentials: which Kubernetes service account a managed identity trusts.

Owns      the form of issuer, subject and audience, and how many there may be.
Refuses   asking whether a token of that issuer exists: Azure does not either.
"""

import re
from collections.abc import Iterator

from sandbox.clouds.azure import arm, identity, quotas
from sandbox.clouds.azure.model import api, model
from sandbox.contract import Refusal, Request, World

_KIND = "Microsoft.ManagedIdentity/userAssignedIdentities"


def _said(request: Request, _world: World) -> Iterator[Refusal]:
    issuer = arm.text(request.inputs, "issuer")
    if issuer and not re.fullmatch(r"https://[^\s/]+(/\S*)?", issuer):
        yield arm.refuse("BadRequest", f"issuer '{issuer}' is not an https URL", "issuer")
    audiences = request.inputs.get("audiences")
    if isinstance(audiences, list) and len(audiences) != 1:
        yield arm.refuse(
            "BadRequest", f"a federated credential has one audience, and {len(audiences)} are given", "audiences"
        )
    subject = request.inputs.get("subject")
    if isinstance(subject, str) and not 1 <= len(subject) <= 600:
        yield arm.refuse("BadRequest", "subject has 1 to 600 characters", "subject")


def _once(request: Request, world: World) -> Iterator[Refusal]:
    keys = ("resourceGroupName", "resourceName")
    there = [
        one
        for one in world.all(request.type, request.scope)
        if one.id != (request.old.id if request.old else "")
        and all(arm.text(one.inputs, key).lower() == arm.text(request.inputs, key).lower() for key in keys)
    ]
    name = "federated credentials of an identity"
    holder = arm.text(request.inputs, "resourceName")
    yield from quotas.over(name, len(there) + 1, holder, "FederatedIdentityCredentialLimitReached")
    for one in there:
        if all(one.inputs.get(key) == request.inputs.get(key) for key in ("issuer", "subject")):
            yield arm.refuse(
                "Conflict",
                "Issuer and subject combination already exists for this Managed Identity: " + one.id,
                "subject",
            )


TYPES = (
    model(
        "managedidentity:FederatedIdentityCredential",
        f"{_KIND}/federatedIdentityCredentials",
        api("msi.v2024_11_30", "FederatedIdentityCredential"),
        name="federatedIdentityCredentialResourceName",
        parents=("resourceName",),
        version="2023-01-31",
        laws=(
            arm.well_named(
                "federatedIdentityCredentialResourceName",
                r"[A-Za-z0-9][-\w]{2,119}",
                "3 to 120 letters, digits, '_' or '-', starting with a letter or digit",
                "InvalidFederatedIdentityCredentialName",
            ),
            arm.under(identity.IDENTITY, _KIND, resourceName="resourceName", resourceGroupName="resourceGroupName"),
            arm.said(_said),
            arm.standing(_once),
        ),
        tracked=False,
    ),
)
