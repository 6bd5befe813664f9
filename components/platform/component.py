"""The in-cluster part of a cell, as a Pulumi component.

Owns      turning manifests and releases into typed resources, and what service stacks wait for.
Refuses   to decide anything: the objects are built, and can be rendered, without an engine.
Identity  type token `kafkafleet:cells:Platform`; logical names are `<cell>-<role>`.
"""

import re
from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from components.base import Component
from components.platform import dns
from components.platform.crds import typed
from components.platform.objects import manifests
from components.platform.operator import HelmRelease, in_order, releases
from components.platform.request import PlatformRequest
from components.services.contract import Manifest

_TYPES: dict[tuple[str, str], Any] = {
    ("v1", "Namespace"): kubernetes.core.v1.Namespace,
    ("storage.k8s.io/v1", "StorageClass"): kubernetes.storage.v1.StorageClass,
    ("networking.k8s.io/v1", "NetworkPolicy"): kubernetes.networking.v1.NetworkPolicy,
    ("rbac.authorization.k8s.io/v1", "ClusterRole"): kubernetes.rbac.v1.ClusterRole,
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"): kubernetes.rbac.v1.ClusterRoleBinding,
    ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy"): (
        kubernetes.admissionregistration.v1.ValidatingAdmissionPolicy
    ),
    ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding"): (
        kubernetes.admissionregistration.v1.ValidatingAdmissionPolicyBinding
    ),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition"): kubernetes.apiextensions.v1.CustomResourceDefinition,
}


def _snake(key: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: f"_{match[1].lower()}", key)


class Platform(Component):
    """Strimzi's CRDs, the operator and its companions, storage classes, rights, DNS and the gateway of one cell."""

    def __init__(
        self,
        name: str,
        request: PlatformRequest,
        provider: kubernetes.Provider,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Register every object, then the releases; `ready` is what a Kafka cluster needs before it can start."""
        super().__init__("cells", name, opts)
        self._request = request
        self._cluster = provider
        self._made: dict[str, pulumi.Resource] = {}
        crds = [each.role for each in manifests(request) if each.role.startswith("crd-")]
        for each in in_order([*manifests(request), *releases(request)]):
            if isinstance(each, Manifest):
                self._made[each.role] = self._object(each)
            else:
                self._made[each.role] = self._release(each, crds if each.role == "operator" else ())
        self.ready: Sequence[pulumi.Resource] = [
            made for role, made in self._made.items() if role not in {"cert-manager", "drain-cleaner", dns.RELEASE}
        ]
        self.done({"operator_version": request.strimzi_version})

    def _object(self, manifest: Manifest) -> pulumi.Resource:
        body = dict(manifest.body)
        name, api, word = f"{self._request.cell}-{manifest.role}", body.pop("apiVersion"), body.pop("kind")
        opts = self.child(
            self._cluster,
            protect=manifest.protect and self._request.production,
            after=[self._made[role] for role in manifest.after],
        )
        kind = _TYPES.get((api, word))
        if kind is None:
            return kubernetes.apiextensions.CustomResource(name, api_version=api, kind=word, opts=opts, **body)
        if kind is kubernetes.apiextensions.v1.CustomResourceDefinition:
            body = typed(body)
        made: pulumi.Resource = kind(name, **{_snake(key): value for key, value in body.items()}, opts=opts)
        return made

    def _release(self, each: HelmRelease, after: Sequence[str]) -> pulumi.Resource:
        return kubernetes.helm.v3.Release(
            f"{self._request.cell}-{each.role}",
            name=each.name,
            namespace=each.namespace,
            chart=each.chart,
            version=each.version,
            values=each.values,
            repository_opts={"repo": each.repository} if each.repository else None,
            skip_crds=True,
            # A half-installed operator is taken back, so that the next run starts from what was there before.
            atomic=True,
            timeout=600,
            opts=self.child(
                self._cluster,
                # Without its operator a cluster keeps running and nothing looks after it: never removed by accident.
                protect=each.role == "operator" and self._request.production,
                after=[self._made[role] for role in (*each.after, *after)],
            ),
        )
