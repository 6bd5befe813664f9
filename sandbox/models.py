"""The clouds that the sandbox plays, found by looking.

Owns      finding each cloud's `MODEL` in sandbox/clouds/*, and what stands in where a cloud has none yet.
Refuses   a list of resource types: a folder is enough.
"""

import functools
import importlib
import importlib.util
from collections.abc import Mapping

from sandbox.contract import CloudModel, Properties, Request, Scope, TypeModel, World

PROVIDERS = {
    "aws": ("aws", "pulumi_aws"),
    "gcp": ("gcp", "pulumi_gcp"),
    "azure": ("azure-native", "pulumi_azure_native"),
    "kubernetes": ("kubernetes", "pulumi_kubernetes"),
}
"""Folder of a cloud -> provider name on the wire, and the SDK's package."""


def _bare_scope(provider: str) -> CloudModel:
    def scope(config: Properties) -> Scope:
        account = config.get("clusterIdentifier") or config.get("project") or config.get("subscriptionId") or ""
        region = config.get("region") or config.get("location") or ""
        return Scope(provider, str(account), str(region))

    sdk = next(package for name, package in PROVIDERS.values() if name == provider)
    return CloudModel(provider, sdk, {}, {}, scope, lambda _config: ())


@functools.cache
def clouds() -> Mapping[str, CloudModel]:
    """Provider name -> model of its cloud. A cloud without a model accepts what its SDK accepts."""
    found = {}
    for folder, (provider, _sdk) in PROVIDERS.items():
        module = f"sandbox.clouds.{folder}"
        if importlib.util.find_spec("sandbox.clouds") and importlib.util.find_spec(module):
            model = getattr(importlib.import_module(module), "MODEL", None)
            if model is not None:
                found[provider] = model
                continue
        found[provider] = _bare_scope(provider)
    return found


def _identify(request: Request, world: World) -> str:
    tail = request.type.rsplit(":", 1)[-1].lower()
    number = world.sequence(f"{request.scope.cloud}/{request.scope.account}/{request.type}")
    return f"{tail}-{number:012x}"


def _outputs(request: Request, _world: World, _id: str) -> Properties:
    return dict(request.inputs)


@functools.cache
def unmodelled(token: str) -> TypeModel:
    """What stands in for a type that only the SDK judges: an id of the type's name, and its inputs as outputs."""
    return TypeModel(token=token, api=None, identify=_identify, outputs=_outputs, immutable={})
