"""The built-in kinds that the sandbox serves.

Owns      which they are, whether they live in a namespace, and what Pulumi's provider replaces them for.
Refuses   schemas: those are Kubernetes' own (`builtin.py`).
"""

from collections.abc import Mapping

CLUSTER_SCOPED = frozenset(
    {
        *("ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "IngressClass", "Namespace", "Node"),
        *("PersistentVolume", "PriorityClass", "RuntimeClass", "StorageClass", "VolumeAttributesClass", "APIService"),
        *("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "ValidatingAdmissionPolicy"),
        *("ValidatingAdmissionPolicyBinding", "CSIDriver"),
    }
)

SERVED = (
    *("core/v1:ConfigMap", "core/v1:LimitRange", "core/v1:Namespace", "core/v1:PersistentVolumeClaim"),
    *("core/v1:ResourceQuota", "core/v1:Secret", "core/v1:Service", "core/v1:ServiceAccount"),
    *("apps/v1:DaemonSet", "apps/v1:Deployment", "apps/v1:StatefulSet", "batch/v1:CronJob", "batch/v1:Job"),
    *("autoscaling/v2:HorizontalPodAutoscaler", "policy/v1:PodDisruptionBudget"),
    *("networking.k8s.io/v1:NetworkPolicy", "networking.k8s.io/v1:Ingress"),
    *("rbac.authorization.k8s.io/v1:ClusterRole", "rbac.authorization.k8s.io/v1:ClusterRoleBinding"),
    *("rbac.authorization.k8s.io/v1:Role", "rbac.authorization.k8s.io/v1:RoleBinding"),
    *(
        "scheduling.k8s.io/v1:PriorityClass",
        "storage.k8s.io/v1:StorageClass",
        "storage.k8s.io/v1:VolumeAttributesClass",
    ),
    "apiextensions.k8s.io/v1:CustomResourceDefinition",
    "admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy",
    "admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding",
    "admissionregistration.k8s.io/v1:ValidatingWebhookConfiguration",
)

_SOURCE = "pulumi-kubernetes, forceNewProperties (provider/pkg/provider/diff.go)"
_MUTABLE = f"{_SOURCE}; the provider's default: enableConfigMapMutable and enableSecretMutable are off"
_API = "Kubernetes API: the field is immutable"

IMMUTABLE: Mapping[str, Mapping[str, str]] = {
    "ClusterRoleBinding": {"roleRef": _SOURCE},
    "ConfigMap": {"binaryData": _MUTABLE, "data": _MUTABLE},
    "DaemonSet": {"spec.selector": _SOURCE},
    "Deployment": {"spec.selector": _SOURCE},
    "Job": {"spec.selector": _SOURCE, "spec.template": _SOURCE},
    "PersistentVolumeClaim": {
        "spec.accessModes": _SOURCE,
        "spec.storageClassName": _SOURCE,
        "spec.volumeName": _SOURCE,
    },
    "PriorityClass": {"value": _API},
    "RoleBinding": {"roleRef": _SOURCE},
    "Secret": {"data": _MUTABLE, "stringData": _MUTABLE, "type": _SOURCE},
    "Service": {"spec.clusterIP": _SOURCE},
    "StatefulSet": {
        "spec.podManagementPolicy": _SOURCE,
        "spec.selector": _SOURCE,
        "spec.serviceName": _SOURCE,
        "spec.volumeClaimTemplates": _SOURCE,
    },
    "StorageClass": {"parameters": _SOURCE, "provisioner": _SOURCE},
    "VolumeAttributesClass": {"driverName": _API, "parameters": _API},
}

EVERY: Mapping[str, str] = {
    "apiVersion": _SOURCE,
    "kind": _SOURCE,
    "metadata.name": _SOURCE,
    "metadata.namespace": _SOURCE,
}


def immutable(kind: str) -> Mapping[str, str]:
    """Property path -> source, of what replaces an object of this kind."""
    return {**EVERY, **IMMUTABLE.get(kind, {})}
