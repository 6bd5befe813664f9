"""The networks that the company has already: one a cloud, made by a plain Pulumi program, with which cells are peered.

Owns      the program and its stack.
Refuses   the fleet's components: what stands here was made by somebody else.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_azure_native as azure
import pulumi_gcp as gcp
from pulumi import automation

from sandbox.address import Address
from tools.engine import engine
from tools.networks.fleet import PEERS, account

AWS_REGION, GCP_REGION, AZURE_REGION = "us-east-1", "europe-west4", "westeurope"


def _aws() -> None:
    here = pulumi.ResourceOptions(provider=aws.Provider("aws", region=AWS_REGION, allowed_account_ids=[account("aws")]))
    vpc = aws.ec2.Vpc("vpc", cidr_block=PEERS["aws"], enable_dns_support=True, enable_dns_hostnames=True, opts=here)
    subnet = aws.ec2.Subnet(
        "office", vpc_id=vpc.id, cidr_block="10.200.1.0/24", availability_zone=f"{AWS_REGION}a", opts=here
    )
    table = aws.ec2.RouteTable("routes", vpc_id=vpc.id, opts=here)
    aws.ec2.RouteTableAssociation("office-routed", route_table_id=table.id, subnet_id=subnet.id, opts=here)
    pulumi.export("aws", {"network": vpc.id, "route_tables": [table.id]})


def _gcp() -> None:
    project = account("gcp")
    here = gcp.Provider("gcp", project=project, region=GCP_REGION)
    api = gcp.projects.Service(
        "compute",
        project=project,
        service="compute.googleapis.com",
        disable_on_destroy=False,
        opts=pulumi.ResourceOptions(provider=here),
    )
    network = gcp.compute.Network(
        "company",
        name="company",
        project=project,
        auto_create_subnetworks=False,
        opts=pulumi.ResourceOptions(provider=here, depends_on=[api]),
    )
    gcp.compute.Subnetwork(
        "office",
        name="office",
        project=project,
        region=GCP_REGION,
        network=network.self_link,
        ip_cidr_range=PEERS["gcp"],
        opts=pulumi.ResourceOptions(provider=here),
    )
    pulumi.export("gcp", {"network": f"projects/{project}/global/networks/company"})


def _azure() -> None:
    here = pulumi.ResourceOptions(provider=azure.Provider("azure", subscription_id=account("azure")))
    group = azure.resources.ResourceGroup("company", resource_group_name="company", location=AZURE_REGION, opts=here)
    network = azure.network.VirtualNetwork(
        "company",
        virtual_network_name="company",
        resource_group_name=group.name,
        location=AZURE_REGION,
        address_space=azure.network.AddressSpaceArgs(address_prefixes=[PEERS["azure"]]),
        opts=here,
    )
    azure.network.Subnet(
        "office",
        subnet_name="office",
        virtual_network_name=network.name,
        resource_group_name=group.name,
        address_prefix="10.202.1.0/24",
        opts=here,
    )
    pulumi.export("azure", {"network": network.id})


def _program() -> None:
    _aws()
    _gcp()
    _azure()


def make(folder: Path, sandbox: Address) -> Mapping[str, Mapping[str, Any]]:
    """Apply the program in the sandbox; what a peering of each cloud has to name."""
    state, programs = folder / "company", folder / "bin"
    for each in (state, programs):
        each.mkdir()
    # The Automation API looks for an engine of this name.
    (programs / "pulumi").symlink_to(engine())
    stack = automation.create_or_select_stack(
        "company",
        project_name="company",
        program=_program,
        opts=automation.LocalWorkspaceOptions(
            pulumi_command=automation.PulumiCommand(str(folder)),
            project_settings=automation.ProjectSettings(
                name="company", runtime="python", backend=automation.ProjectBackend(f"file://{state}")
            ),
            env_vars={
                "PULUMI_CONFIG_PASSPHRASE": "company",
                "PULUMI_DEBUG_PROVIDERS": ",".join(f"{name}:{port}" for name, port in sandbox.ports.items()),
                "PULUMI_SKIP_UPDATE_CHECK": "true",
            },
        ),
    )
    return {name: output.value for name, output in stack.up().outputs.items()}
