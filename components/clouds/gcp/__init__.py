"""GCP: a VPC network of its own for each cell, and GKE in it.

Owns      the entry record of the cloud.
Refuses   any SDK: reading a fleet file imports this.
"""

from components.clouds.contract import Cloud
from components.services.contract import LoadBalancer

ENTRY = Cloud(
    name="gcp",
    title="GCP",
    kubernetes_title="GKE",
    account_word="project",
    account_pattern=r"^[a-z][a-z0-9-]{4,28}[a-z0-9]$",
    principal_pattern=r"^[a-z][a-z0-9-]{4,28}[a-z0-9]@[a-z][a-z0-9-]{4,28}[a-z0-9]\.iam\.gserviceaccount\.com$",
    region_pattern=r"^[a-z]+-[a-z]+\d{1,2}$",
    zone_pattern=r"^[a-z]+-[a-z]+\d{1,2}-(?P<slot>[a-h])$",
    spec="components.clouds.gcp.spec:GcpSpec",
    provider="components.clouds.gcp.provider:provider",
    network="components.clouds.gcp.network:Network",
    kubernetes="components.clouds.gcp.kubernetes:Kubernetes",
    exec_credential="components.clouds.gcp.access:exec_credential",
    storage_classes="components.clouds.gcp.storage:storage_classes",
    subject="components.clouds.gcp.access:subject",
    zone_form="{region}-{letter}",
    load_balancers={
        "network": LoadBalancer(
            annotations={
                "networking.gke.io/internal-load-balancer-allow-global-access": "true",
                "networking.gke.io/load-balancer-type": "Internal",
            }
        ),
        "external": LoadBalancer(annotations={"cloud.google.com/l4-rbs": "enabled"}),
    },
)
