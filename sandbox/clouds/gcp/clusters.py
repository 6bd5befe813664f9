"""Google Kubernetes Engine: clusters.

Owns      their API model, id, computed outputs, immutable properties; `cluster_laws.py` has the laws.
Refuses   Autopilot, zonal clusters and pools written inside a cluster: no component makes any.
"""

import base64
import ipaddress

from sandbox.clouds.gcp import cluster_laws, tokens
from sandbox.clouds.gcp.forms import normal
from sandbox.clouds.gcp.links import (
    CONTAINER,
    cidr,
    decimal,
    existing,
    fingerprint,
    network_name,
    project,
    regional_name,
    relative,
    value,
)
from sandbox.clouds.gcp.networks import FORCE_NEW
from sandbox.clouds.gcp.rules import api_on, deletable, given, labels, matches, own_project, refers, within_quota
from sandbox.clouds.gcp.versions import patch
from sandbox.contract import ApiModel, Properties, Request, TypeModel, World


def cluster_id(request: Request, _: World) -> str:
    """`projects/<p>/locations/<l>/clusters/<n>`."""
    return f"projects/{project(request)}/locations/{request.inputs['location']}/clusters/{request.inputs['name']}"


def _certificate(id: str) -> str:
    body = base64.b64encode(f"certificate authority of {id}, made up by the sandbox".encode()).decode()
    return base64.b64encode(f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n".encode()).decode()


def _range(request: Request, world: World, name: object) -> str:
    subnetwork = regional_name(
        str(request.inputs.get("subnetwork")), "subnetworks", project(request), str(request.inputs["location"])
    )
    found = existing(world, tokens.SUBNETWORK, subnetwork, request)
    listed = (found.inputs.get("secondaryIpRanges") or ()) if found else ()
    return next((str(item["ipCidrRange"]) for item in listed if item.get("rangeName") == name), "")


def cluster_outputs(request: Request, world: World, id: str) -> Properties:
    """Addresses, certificate and versions as GKE would choose them; the same for the life of the cluster."""
    inputs = request.inputs
    private = dict(inputs.get("privateClusterConfig") or {})
    control_plane = cidr(private.get("masterIpv4CidrBlock"))
    inside = str(control_plane[2]) if control_plane else "172.16.0.2"
    outside = str(ipaddress.IPv4Address(int(ipaddress.IPv4Address("34.76.0.0")) + int(decimal(id, 5)) % 65000))
    public = private.get("enablePrivateEndpoint") is not True
    endpoints = dict(inputs.get("controlPlaneEndpointsConfig") or {})
    dns = dict(endpoints.get("dnsEndpointConfig") or {})
    dns["endpoint"] = (
        f"gke-{fingerprint(id).rstrip('=').lower()}-{decimal(project(request), 12)}.{inputs['location']}.gke.goog"
    )
    old = request.old.outputs if request.old else {}
    wanted = inputs.get("minMasterVersion")
    version = patch(wanted) if isinstance(wanted, str) else str(old.get("masterVersion", "1.34.3-gke.1245000"))
    labelled = dict(inputs.get("resourceLabels") or {})
    policy = value(inputs, "ipAllocationPolicy") or {}
    return {
        **inputs,
        "clusterIpv4Cidr": _range(request, world, policy.get("clusterSecondaryRangeName")),
        "controlPlaneEndpointsConfig": {**endpoints, "dnsEndpointConfig": dns},
        "effectiveLabels": labelled,
        "endpoint": outside if public else inside,
        "labelFingerprint": fingerprint(repr(sorted(labelled.items()))),
        "masterAuth": {**dict(inputs.get("masterAuth") or {}), "clusterCaCertificate": _certificate(id)},
        "masterVersion": version,
        "networkingMode": inputs.get("networkingMode", "VPC_NATIVE"),
        "nodeVersion": old.get("nodeVersion", version),
        "operation": "",
        "privateClusterConfig": {
            **private,
            "peeringName": "",
            "privateEndpoint": inside,
            "publicEndpoint": outside if public else "",
        },
        "pulumiLabels": labelled,
        "selfLink": f"{CONTAINER}{id}",
        "servicesIpv4Cidr": _range(request, world, policy.get("servicesSecondaryRangeName")),
    }


RENAME = {
    "project": "",
    "deletionProtection": "",
    "deletionPolicy": "",
    "ignoreNodeCountChanges": "",
    "skipNodePoolRefresh": "",
    "removeDefaultNodePool": "",
    "networkingMode": "",
    "nodeLocations": "locations",
    "minMasterVersion": "initialClusterVersion",
    "enableShieldedNodes": "shieldedNodes.enabled",
    "enableL4IlbSubsetting": "networkConfig.enableL4ilbSubsetting",
    "enableIntranodeVisibility": "networkConfig.enableIntraNodeVisibility",
    "datapathProvider": "networkConfig.datapathProvider",
    "gatewayApiConfig": "networkConfig.gatewayApiConfig",
    "dnsConfig": "networkConfig.dnsConfig",
    "defaultSnatStatus": "networkConfig.defaultSnatStatus",
    "defaultMaxPodsPerNode": "defaultMaxPodsConstraint.maxPodsPerNode",
    "enableLegacyAbac": "legacyAbac.enabled",
    "clusterAutoscaling": "autoscaling",
    "podSecurityPolicyConfig": "",
    "loggingConfig.enableComponents": "loggingConfig.componentConfig.enableComponents",
    "monitoringConfig.enableComponents": "monitoringConfig.componentConfig.enableComponents",
    "monitoringConfig.managedPrometheus": "monitoringConfig.managedPrometheusConfig",
    "maintenancePolicy.recurringWindow.startTime": "maintenancePolicy.window.recurringWindow.window.startTime",
    "maintenancePolicy.recurringWindow.endTime": "maintenancePolicy.window.recurringWindow.window.endTime",
    "maintenancePolicy.recurringWindow.recurrence": "maintenancePolicy.window.recurringWindow.recurrence",
    "maintenancePolicy.dailyMaintenanceWindow": "maintenancePolicy.window.dailyMaintenanceWindow",
    # A list here, a mapping by name in the API: `cluster_laws.exclusions` judges it.
    "maintenancePolicy.maintenanceExclusions": "",
    "addonsConfig.cloudrunConfig": "addonsConfig.cloudRunConfig",
    "nodePools": "",
}

IMMUTABLE = (
    "name", "location", "project", "description", "network", "subnetwork", "networkingMode", "datapathProvider",
    "defaultMaxPodsPerNode", "initialNodeCount", "clusterIpv4Cidr", "ipAllocationPolicy",
    "privateClusterConfig.masterIpv4CidrBlock", "privateClusterConfig.privateEndpointSubnetwork",
    "masterAuth.clientCertificateConfig", "confidentialNodes", "enableKubernetesAlpha", "nodeConfig",
)  # fmt: skip

TYPES = (
    TypeModel(
        token=tokens.CLUSTER,
        api=ApiModel(
            source="discovery",
            service="container.v1",
            shape="Cluster",
            rename=RENAME,
            constants={"ipAllocationPolicy.useIpAliases": True, "masterAuthorizedNetworksConfig.enabled": True},
        ),
        identify=cluster_id,
        outputs=cluster_outputs,
        immutable=dict.fromkeys(IMMUTABLE, FORCE_NEW),
        laws=(
            matches("name", r"[a-z]([-a-z0-9]{0,38}[a-z0-9])?", "must be 1 to 40 of [-a-z0-9] from a letter"),
            given("name", "location"),
            own_project,
            matches("nodeConfig.serviceAccount", r"default|[a-z0-9-]+@[a-z0-9.-]+\.gserviceaccount\.com"),
            labels("resourceLabels"),
            *cluster_laws.LAWS,
            refers("network", tokens.NETWORK, lambda r, v: network_name(v, project(r))),
            refers(
                "subnetwork",
                tokens.SUBNETWORK,
                lambda r, v: regional_name(v, "subnetworks", project(r), str(r.inputs.get("location"))),
            ),
            refers("databaseEncryption.keyName", tokens.CRYPTO_KEY, lambda _, v: relative(v)),
            api_on("container"),
            within_quota,
            deletable,
        ),
        normalize=normal(
            {"deletionProtection": True, "enableShieldedNodes": True, "removeDefaultNodePool": False},
            sets=("nodeLocations", "masterAuthorizedNetworksConfig.cidrBlocks", "nodeConfig.oauthScopes"),
        ),
        unique=("name",),
        unique_in="parent:location",
    ),
)
