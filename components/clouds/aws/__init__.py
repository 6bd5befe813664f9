"""Amazon Web Services: a VPC with an EKS cluster.

Owns      the entry record by which the catalog finds this cloud.
Refuses   the China and GovCloud partitions, local zones and outposts: their names, ARNs and services differ.
"""

from components.clouds.contract import Cloud
from components.clouds.reach import DEFAULT_FAN_OUT, EVERYWHERE, Refused, Ways
from components.services.contract import LoadBalancer

ENTRY = Cloud(
    name="aws",
    title="Amazon Web Services",
    kubernetes_title="EKS",
    account_word="account",
    account_pattern=r"^\d{12}$",
    principal_pattern=r"^arn:aws:iam::\d{12}:role/([\w+=,.@-]+/)*[\w+=,.@-]{1,64}$",
    region_pattern=r"^(af|ap|ca|eu|il|me|mx|sa|us)-[a-z]+-\d$",
    zone_pattern=r"^(af|ap|ca|eu|il|me|mx|sa|us)-[a-z]+-\d(?P<slot>[a-h])$",
    spec="components.clouds.aws.spec:AwsSpec",
    provider="components.clouds.aws.provider:provider",
    network="components.clouds.aws.network:Network",
    kubernetes="components.clouds.aws.kubernetes:Kubernetes",
    exec_credential="components.clouds.aws.access:exec_credential",
    storage_classes="components.clouds.aws.storage:storage_classes",
    subject="components.clouds.aws.access:subject",
    zone_form="{region}{letter}",
    load_balancers={
        # The controller that EKS brings: instance targets, no further controller to run.
        "network": LoadBalancer(
            annotations={
                "service.beta.kubernetes.io/aws-load-balancer-cross-zone-load-balancing-enabled": "true",
                "service.beta.kubernetes.io/aws-load-balancer-internal": "true",
                "service.beta.kubernetes.io/aws-load-balancer-type": "nlb",
            }
        ),
        "external": LoadBalancer(
            annotations={
                "service.beta.kubernetes.io/aws-load-balancer-cross-zone-load-balancing-enabled": "true",
                "service.beta.kubernetes.io/aws-load-balancer-type": "nlb",
            }
        ),
    },
    least_zones=2,
    ways=Ways(
        default=DEFAULT_FAN_OUT,
        refused=EVERYWHERE,
        families={
            "dual": Refused("EKS gives pods IPv4 or IPv6 addresses, never both", "ipv4"),
            "ipv6": Refused("Kafka's clients outside of the cluster would need IPv6 too; not built here", "ipv4"),
        },
    ),
    references={
        "network": r"^vpc-[0-9a-f]{8}([0-9a-f]{9})?$",
        "subnet": r"^subnet-[0-9a-f]{8}([0-9a-f]{9})?$",
        "hub": r"^tgw-[0-9a-f]{17}$",
        "service": r"^com\.amazonaws\.vpce\.[a-z0-9-]+\.vpce-svc-[0-9a-f]{17}$",
        "request": r"^pcx-[0-9a-f]{8}([0-9a-f]{9})?$",
        "route_table": r"^rtb-[0-9a-f]{8}([0-9a-f]{9})?$",
        "connection": r"^vpce-[0-9a-f]{17}$",
        "dns_zone": r"^Z[A-Z0-9]{5,31}$",
        "account": r"^\d{12}$",
        "principal": r"^arn:aws:iam::\d{12}:role/([\w+=,.@-]+/)*[\w+=,.@-]{1,64}$",
    },
    gateway="components.clouds.aws.gateway:Gateway",
    room="components.clouds.aws.room:room",
    limits="components/clouds/aws/limits.json",
    prices="components/clouds/aws/prices.json",
    billed="components.clouds.aws.billed:BILLED",
    reserved={
        "100.64.0.0/10": "EKS takes the services' range, a part of the block, from private addresses (RFC 1918) only",
        "169.254.0.0/16": "link-local: the metadata service and the VPC's DNS stand there",
        "198.18.0.0/15": "a VPC does not take it as a further range",
    },
    check="components.clouds.aws.check:check",
    changes="components.clouds.aws.changes:changes",
    impact="components.clouds.aws.impact:judge",
)
