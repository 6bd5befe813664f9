"""What Azure would answer to the questions that a cell's program asks it, for a plan, which asks no cloud.

Owns      stand-ins in the form of the real answers.
Refuses   anything true: no value of these reaches a cloud.
"""

import base64
from collections.abc import Mapping
from typing import Any

_KUBECONFIG = "clusters: [{name: cluster, cluster: {certificate-authority-data: c3RhbmQtaW4=}}]\n"


def answer(token: str, _arguments: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The result of a function of the provider by its token; None for one that no cell asks."""
    if token == "azure-native:containerservice:listManagedClusterUserCredentials":  # noqa: S105 - a type token
        return {"kubeconfigs": [{"name": "clusterUser", "value": base64.b64encode(_KUBECONFIG.encode()).decode()}]}
    return None
