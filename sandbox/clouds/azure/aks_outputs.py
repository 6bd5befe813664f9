"""What AKS says of a cluster that it was not told: addresses, issuer, versions, the kubeconfig.

Owns      computed outputs of a cluster, all of them from its id, so that a second look finds the same.
Refuses   credentials: the kubeconfig that AKS gives out with Entra login holds none.
"""

import base64
from typing import Any

import yaml

from sandbox.clouds.azure import arm, identity, pool_rules
from sandbox.contract import Properties, Record, Request, Scope, World

_SERVER_APP = "6dae42f8-4368-4678-94ff-3960e28e3630"


def outputs(request: Request, world: World, id: str) -> Properties:
    """The computed outputs of a cluster."""
    given = request.inputs
    place, version = arm.place(request), arm.text(given, "kubernetesVersion")
    prefix = arm.text(given, "dnsPrefix") or arm.text(given, "fqdnSubdomain")
    tenant = arm.text(given, "aadProfile", "tenantID") or arm.guid(request.scope.account, "tenant")
    private = arm.known(given, "apiServerAccessProfile", "enablePrivateCluster") is True
    host = f"{prefix}-{arm.digest(id)}"
    found: dict[str, Any] = {
        "currentKubernetesVersion": pool_rules.patch(version),
        "kubernetesVersion": version,
        # A private cluster without a public name has no public name.
        "fqdn": "" if private else f"{host}.hcp.{place}.azmk8s.io",
        "azurePortalFQDN": f"{host}.portal.hcp.{place}.azmk8s.io",
        "powerState": {"code": "Running"},
        "maxAgentPools": 100,
        "resourceUID": arm.digest(id, 24),
        "eTag": arm.guid(id),
        "agentPoolProfiles": [
            {
                **pool,
                "currentOrchestratorVersion": pool_rules.patch(arm.text(pool, "orchestratorVersion") or version),
                "powerState": {"code": "Running"},
                "provisioningState": "Succeeded",
            }
            for pool in arm.items(given, "agentPoolProfiles")
        ],
        "identity": identity.given_back(arm.known(given, "identity") or {}, world),
        "nodeResourceGroup": arm.text(given, "nodeResourceGroup") or f"MC_{id.rpartition('/')[2]}_{place}",
    }
    if private:
        found["privateFQDN"] = f"{host}.{arm.guid(id)}.privatelink.{place}.azmk8s.io"
    if arm.known(given, "oidcIssuerProfile", "enabled") is True:
        issuer = f"https://{place}.oic.prod-aks.azure.com/{tenant}/{arm.guid(id)}/"
        found["oidcIssuerProfile"] = {"enabled": True, "issuerURL": issuer}
    return found


def credentials(arguments: Properties, scope: Scope, world: World) -> Properties:
    """`listManagedClusterUserCredentials`: a kubeconfig that logs in through Entra."""
    group, name = arm.text(arguments, "resourceGroupName"), arm.text(arguments, "resourceName")
    cluster = arm.named(world, "containerservice:ManagedCluster", scope, resourceGroupName=group, resourceName=name)
    if cluster is None:
        raise LookupError(
            f"ResourceNotFound: The Resource 'Microsoft.ContainerService/managedClusters/{name}' under resource group "
            f"'{group}' was not found."
        )
    return {"kubeconfigs": [{"name": "clusterUser", "value": _kubeconfig(cluster)}]}


def _kubeconfig(cluster: Record) -> str:
    name = str(cluster.outputs.get("name"))
    host = arm.text(cluster.outputs, "privateFQDN") or arm.text(cluster.outputs, "fqdn")
    body = base64.b64encode(arm.digest(cluster.id, 64).encode()).decode()
    authority = f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {
                "name": name,
                "cluster": {
                    "server": f"https://{host}:443",
                    "certificate-authority-data": base64.b64encode(authority.encode()).decode(),
                },
            }
        ],
        "contexts": [{"name": name, "context": {"cluster": name, "user": "clusterUser"}}],
        "current-context": name,
        "users": [
            {
                "name": "clusterUser",
                "user": {
                    "exec": {
                        "apiVersion": "client.authentication.k8s.io/v1beta1",
                        "command": "kubelogin",
                        "args": ["get-token", "--server-id", _SERVER_APP],
                    }
                },
            }
        ],
    }
    return base64.b64encode(yaml.safe_dump(document, sort_keys=True).encode()).decode()
