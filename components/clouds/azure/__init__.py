"""Entry record of Microsoft Azure.

Owns      what the fleet must know to read a cell file that says `cloud: azure`.
Refuses   Pulumi and Azure's SDK: everything else is a string, loaded when a cell is built.
"""

from components.clouds.contract import Cloud
from components.clouds.reach import DEFAULT_FAN_OUT, EVERYWHERE, Refused, Ways
from components.services.contract import LoadBalancer

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_GROUP = rf"/subscriptions/{_UUID}/resourceGroups/[\w.()-]{{1,90}}/providers"

ENTRY = Cloud(
    name="azure",
    title="Microsoft Azure",
    kubernetes_title="AKS",
    account_word="subscription",
    account_pattern=rf"^{_UUID}$",
    principal_pattern=rf"^{_UUID}$",
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
    ways=Ways(
        default=DEFAULT_FAN_OUT,
        refused={
            **EVERYWHERE,
            **{
                (reachability, "direct"): Refused(
                    "AKS gives pods addresses of an overlay, which no other network can route to", "lb-per-broker"
                )
                for reachability in ("private", "peering", "hub")
            },
        },
        families={
            "dual": Refused("AKS has it, but the cell's address layout has IPv4 ranges only", "ipv4"),
            "ipv6": Refused("AKS has no clusters with IPv6 alone", "ipv4"),
        },
    ),
    references={
        "network": rf"^{_GROUP}/Microsoft\.Network/virtualNetworks/[\w.-]{{1,80}}$",
        "subnet": rf"^{_GROUP}/Microsoft\.Network/virtualNetworks/[\w.-]{{1,80}}/subnets/[\w.-]{{1,80}}$",
        "hub": rf"^{_GROUP}/Microsoft\.Network/virtualHubs/[\w.-]{{1,80}}$",
        "service": rf"^({_GROUP}/Microsoft\.Network/privateLinkServices/[\w.-]{{1,80}}"
        rf"|[\w-]{{1,80}}\.{_UUID}\.[a-z0-9]+\.azure\.privatelinkservice)$",
        "connection": r"^[\w.-]{1,80}$",
        "dns_zone": rf"^{_GROUP}/Microsoft\.Network/privateDnsZones/[\w.-]{{1,253}}$",
        "account": rf"^{_UUID}$",
        "principal": rf"^{_UUID}$",
    },
    gateway="components.clouds.azure.gateway:Gateway",
    room="components.clouds.azure.room:room",
    limits="components/clouds/azure/limits.json",
    prices="components/clouds/azure/prices.json",
    billed="components.clouds.azure.billed:BILLED",
    reserved={
        "100.64.0.0/12": "pods of every cell on Azure have addresses of it, so they would never leave a node",
        "168.63.129.16/32": "Azure's own resolver and health probes",
        "169.254.0.0/16": "AKS refuses it for services, pods and nodes",
        "172.30.0.0/16": "AKS refuses it for services, pods and nodes",
        "172.31.0.0/16": "AKS refuses it for services, pods and nodes",
        "192.0.2.0/24": "AKS refuses it for services, pods and nodes",
    },
    check="components.clouds.azure.check:check",
    changes="components.clouds.azure.changes:changes",
    impact="components.clouds.azure.impact:judge",
    answers="components.clouds.azure.answers:answer",
    regional_subnets=True,
    hub_block=(23, 24),
)
