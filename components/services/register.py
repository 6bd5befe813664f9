"""Registers Kubernetes objects given as plain mappings, built-in kinds and custom resources alike.

Owns      which Pulumi type stands for which apiVersion and kind, logical names, order and protection.
Refuses   changes to an object: what `fleet render --manifests` prints is what is registered.
Identity  a logical name is `<owner>-<role>`, and the Pulumi type follows from apiVersion and kind: both are in URNs.
"""

import importlib
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource

from components.base import Component
from components.services.contract import Manifest

_ENVELOPE = {"apiVersion", "kind"}


def _typed(api_version: str, kind: str) -> Any:
    """The SDK's class of a built-in kind, or None. Groups outside of `*.k8s.io` with a dot are custom resources."""
    group, _, version = api_version.rpartition("/")
    if "." in group and not group.endswith(".k8s.io"):
        return None
    package = group.split(".")[0] or "core"
    try:
        module = importlib.import_module(f"pulumi_kubernetes.{package}.{version}")
    except ModuleNotFoundError:
        return None
    return getattr(module, kind, None)


def register(
    owner: Component,
    prefix: str,
    manifests: Sequence[Manifest],
    provider: pulumi.ProviderResource,
    *,
    protect: bool,
) -> Mapping[str, pulumi.Resource]:
    """Register every manifest as a child of `owner`, by role. `after` names roles that stand earlier in the list.

    protect  whether manifests that say so are protected: in production, until their data is given up
    """
    made: dict[str, pulumi.Resource] = {}
    for manifest in manifests:
        body = manifest.body
        options = owner.child(
            provider,
            protect=manifest.protect and protect,
            after=[made[role] for role in manifest.after],
            ignore_changes=manifest.ignore,
        )
        fields = {key: value for key, value in body.items() if key not in _ENVELOPE}
        name = f"{prefix}-{manifest.role}"
        typed = _typed(body["apiVersion"], body["kind"])
        if typed is None:
            made[manifest.role] = CustomResource(
                name, api_version=body["apiVersion"], kind=body["kind"], opts=options, **fields
            )
        else:
            arguments = {_snake(key): value for key, value in fields.items()}
            made[manifest.role] = typed(name, opts=options, **arguments)
    return made


def _snake(key: str) -> str:
    """A top-level field as the SDK's constructor calls it, e.g. `string_data`. Deeper ones are translated by it."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in key)
