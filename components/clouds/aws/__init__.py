"""Amazon Web Services: a VPC with an EKS cluster.

Owns      the entry record by which the catalog finds this cloud.
Refuses   the China and GovCloud partitions, local zones and outposts: their names, ARNs and services differ.
"""

from components.clouds.contract import Cloud
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
)
