"""Builds a kubeconfig from a cell's outputs: an address, a certificate and a command that logs in.

Owns      the form of the kubeconfig.
Refuses   credentials, and anything empty: a provider with an empty kubeconfig would silently use whatever cluster
          the machine's own context points to.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from components import catalog
from components.clouds.contract import ClusterAddress


class EmptyAddressError(ValueError):
    """A cell whose outputs lack what a kubeconfig needs: it was never applied, or not to its end."""


def address(outputs: Mapping[str, Any]) -> ClusterAddress:
    """The address in a cell's stack outputs. Raises EmptyAddressError where any part is missing or empty."""
    parts = {name: str(outputs.get(name) or "") for name in ClusterAddress.__dataclass_fields__}
    missing = sorted(name for name, value in parts.items() if not value)
    if missing:
        raise EmptyAddressError(f"the cell's outputs have no {', '.join(missing)}: apply the cell first")
    return ClusterAddress(**parts)


def kubeconfig(at: ClusterAddress) -> str:
    """A kubeconfig as JSON text (which is YAML), with exec authentication and no secret."""
    empty = sorted(name for name, value in asdict(at).items() if not value)
    if empty:
        raise EmptyAddressError(f"no kubeconfig without {', '.join(empty)}")
    execute = catalog.load(catalog.clouds()[at.cloud].exec_credential)(at)
    name = at.cluster_name
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [
                {"name": name, "cluster": {"server": at.endpoint, "certificate-authority-data": at.ca_certificate}}
            ],
            "users": [{"name": name, "user": {"exec": execute}}],
            "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
            "current-context": name,
        },
        sort_keys=True,
    )
