"""Kubernetes in the sandbox. What it judges and what it doesn't: README.md beside this file."""

from dataclasses import replace

from sandbox.clouds.kubernetes import configuration, gateway_crds, helm, kinds, objects
from sandbox.contract import CloudModel

MODEL = CloudModel(
    provider="kubernetes",
    sdk="pulumi_kubernetes",
    types={
        **{token: objects.model(token) for token in (f"kubernetes:{served}" for served in kinds.SERVED)},
        helm.TOKEN: replace(helm.MODEL, laws=[*helm.MODEL.laws, gateway_crds.emptied]),
    },
    functions={},
    scope=configuration.scope,
    check_config=configuration.check_config,
    model_for=objects.model_for,
)
