"""How a kubeconfig logs in to GKE, and what Kubernetes calls a principal of GCP.

Owns      the `exec` section and the RBAC subject.
Refuses   tokens: `gke-gcloud-auth-plugin` asks for one with whatever identity the caller has.
"""

from typing import Any

from components.clouds.contract import ClusterAddress


def exec_credential(address: ClusterAddress) -> dict[str, Any]:  # noqa: ARG001 - GKE's plugin needs no name
    """The `exec` section of a kubeconfig user."""
    return {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "gke-gcloud-auth-plugin",
        "installHint": "install gke-gcloud-auth-plugin (gcloud components install gke-gcloud-auth-plugin)",
        "interactiveMode": "Never",
        "provideClusterInfo": True,
    }


def subject(principal: str, group: str) -> dict[str, str]:  # noqa: ARG001 - GKE maps accounts to users, not groups
    """The subject that `principal`, a service account's e-mail address, is in Kubernetes."""
    return {"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": principal}
