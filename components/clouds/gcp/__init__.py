"""GCP: a VPC network of its own for each cell, and GKE in it.

Owns      the entry record of the cloud.
Refuses   any SDK: reading a fleet file imports this.
"""

from components.clouds.contract import Cloud
from components.clouds.reach import DEFAULT_FAN_OUT, EVERYWHERE, Refused, Ways
from components.services.contract import LoadBalancer

_SERVICE_ACCOUNT = r"^[a-z][a-z0-9-]{4,28}[a-z0-9]@[a-z][a-z0-9-]{4,28}[a-z0-9]\.iam\.gserviceaccount\.com$"

ENTRY = Cloud(
    name="gcp",
    title="GCP",
    kubernetes_title="GKE",
    account_word="project",
    account_pattern=r"^[a-z][a-z0-9-]{4,28}[a-z0-9]$",
    principal_pattern=_SERVICE_ACCOUNT,
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
    ways=Ways(
        default=DEFAULT_FAN_OUT,
        refused=EVERYWHERE,
        families={
            "dual": Refused("GKE has it, but the cell's address layout has IPv4 ranges only", "ipv4"),
            "ipv6": Refused("GKE has no clusters with IPv6 alone", "ipv4"),
        },
    ),
    references={
        "network": r"^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/global/networks/[a-z]([-a-z0-9]{0,61}[a-z0-9])?$",
        "subnet": r"^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$",
        "hub": r"^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/locations/global/hubs/[a-z]([-a-z0-9]{0,61}[a-z0-9])?$",
        "service": r"^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/regions/[a-z0-9-]+/serviceAttachments/"
        r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?$",
        "connection": r"^[a-z][a-z0-9-]{4,28}[a-z0-9]$",
        "dns_zone": r"^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$",
        "account": r"^[a-z][a-z0-9-]{4,28}[a-z0-9]$",
        "principal": _SERVICE_ACCOUNT,
    },
    gateway="components.clouds.gcp.gateway:Gateway",
    room="components.clouds.gcp.room:room",
    limits="components/clouds/gcp/limits.json",
    prices="components/clouds/gcp/prices.json",
    billed="components.clouds.gcp.billed:BILLED",
    check="components.clouds.gcp.check:check",
    changes="components.clouds.gcp.changes:changes",
    impact="components.clouds.gcp.impact:judge",
    reserved={
        "0.0.0.0/8": "no subnetwork of GCP may have it",
        "127.0.0.0/8": "no subnetwork of GCP may have it",
        "169.254.0.0/16": "link-local: the metadata server answers there",
        "172.17.0.0/16": "the bridge of container images that are built on a machine stands there",
        "199.36.153.4/30": "restricted.googleapis.com",
        "199.36.153.8/30": "private.googleapis.com",
        "224.0.0.0/4": "no subnetwork of GCP may have it",
    },
    regional_subnets=True,
)
