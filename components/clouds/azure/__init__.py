"""Entry record of Microsoft Azure.

Owns      what the fleet must know to read a cell file that says `cloud: azure`.
Refuses   Pulumi and Azure's SDK: everything else is a string, loaded when a cell is built.
"""

from components.clouds.contract import Cloud
from components.services.contract import LoadBalancer

_UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"

ENTRY = Cloud(
    name="azure",
    title="Microsoft Azure",
    kubernetes_title="AKS",
    account_word="subscription",
    account_pattern=_UUID,
    principal_pattern=_UUID,
    region_pattern=r"^[a-z]+[0-9]?$",
    # Azure numbers the zones of a region 1 to 3 and has no name for them across regions; cells write the region too.
    zone_pattern=r"^[a-z]+[0-9]?-(?P<slot>[1-3])$",
    spec="components.clouds.azure.spec:AzureSpec",
    provider="components.clouds.azure.provider:provider",
    network="components.clouds.azure.network:Network",
    kubernetes="components.clouds.azure.kubernetes:Kubernetes",
    exec_credential="components.clouds.azure.access:exec_credential",
    storage_classes="components.clouds.azure.storage:storage_classes",
    subject="components.clouds.azure.access:subject",
    zone_form="{region}-{digit}",
    load_balancers={
        "network": LoadBalancer(annotations={"service.beta.kubernetes.io/azure-load-balancer-internal": "true"}),
        # Longer than the 4 minutes after which Azure forgets an idle connection that a slow consumer still needs.
        "external": LoadBalancer(annotations={"service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout": "30"}),
    },
)
