"""How a kubeconfig logs in to AKS, and what RBAC there calls a principal.

Owns      the exec plugin's arguments and the RBAC subject.
Refuses   credentials: the plugin gets a token from whoever is logged in to Azure.
"""

from typing import Any

from components.clouds.contract import ClusterAddress

AKS_SERVER_APP = "6dae42f8-4368-4678-94ff-3960e28e3630"
"""The Entra application that stands for every AKS API server; tokens are issued for it, in every tenant."""


def exec_credential(address: ClusterAddress) -> dict[str, Any]:
    """The `exec` section of a kubeconfig user. It is the same for every cluster: the token is not bound to one.

    `azurecli` takes the login of `az`; AAD_LOGIN_METHOD (such as `workloadidentity` in CI) overrides it.
    """
    return {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": "kubelogin",
        "args": ["get-token", "--server-id", AKS_SERVER_APP, "--login", "azurecli"],
        "interactiveMode": "Never",
        "installHint": f"kubelogin is needed to reach {address.cluster_name}: https://azure.github.io/kubelogin",
        "provideClusterInfo": False,
    }


def subject(principal: str, group: str) -> dict[str, str]:
    """AKS names an Entra group by its object id; `group` exists only where a cloud can map a principal to a name."""
    del group
    return {"kind": "Group", "name": principal, "apiGroup": "rbac.authorization.k8s.io"}
