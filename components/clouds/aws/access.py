"""How a kubeconfig logs in to EKS, and what RBAC calls an IAM role there.

Owns      the exec section of a kubeconfig user, and the mapping of principals to RBAC subjects.
Refuses   credentials: `aws eks get-token` signs with whatever role runs it, so a state never holds a token.
"""

from typing import Any

from components.clouds.contract import ClusterAddress
from components.model import Json


def exec_credential(address: ClusterAddress) -> Json:
    """The `exec` section: v1beta1, because that is what every released AWS CLI prints."""
    arguments: list[Any] = ["eks", "get-token", "--cluster-name", address.cluster_name]
    return {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "aws",
        "args": [*arguments, "--region", address.region, "--output", "json"],
        "interactiveMode": "Never",
    }


def subject(principal: str, group: str) -> Json:
    """The Kubernetes group that the principal's access entry puts it into; EKS knows no user by an ARN alone."""
    del principal
    return {"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": group}
