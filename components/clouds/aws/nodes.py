"""The nodes of a cell: one launch template a pool, one node group a pool and zone.

Owns      disks, metadata service, images, counts, taints and labels of nodes.
Refuses   ownership and cost tags on instances: they would stand in the launch template, whose change replaces every
          node, so a new cost centre would roll every broker. Instances carry `fleet` and `cell`, which never change.
Identity  the node type stands in the launch template, so another size rolls nodes inside their group. Another
          architecture needs another image type, which EKS replaces: the group's name holds it, so old and new can
          stand side by side while pods move.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import names
from components.clouds.aws.builder import Builder
from components.clouds.aws.network import Network
from components.clouds.aws.roles import role, trust
from components.clouds.aws.spec import AwsSpec
from components.clouds.contract import NodePool
from components.clouds.machines import machines
from components.clouds.resources import KubernetesRequest

IMAGES = {
    ("al2023", "amd64"): "AL2023_x86_64_STANDARD",
    ("al2023", "arm64"): "AL2023_ARM_64_STANDARD",
    ("bottlerocket", "amd64"): "BOTTLEROCKET_x86_64",
    ("bottlerocket", "arm64"): "BOTTLEROCKET_ARM_64",
}

STABLE_TAGS = ("cell", "fleet")


@dataclass(frozen=True)
class Pool:
    """One kind of node. `kind` is its label `dedicated`; `firewalls` join EKS's own security group."""

    kind: str
    size: NodePool
    tainted: bool
    firewalls: tuple[pulumi.Output[str], ...]


@dataclass(frozen=True)
class Fleet:
    """What all pools of one cluster share. `after`: the add-ons without which no node becomes ready."""

    build: Builder
    spec: AwsSpec
    request: KubernetesRequest
    network: Network
    cluster: aws.eks.Cluster
    disk_key_arn: pulumi.Output[str]
    after: Sequence[pulumi.Resource]


def nodes(fleet: Fleet) -> Mapping[tuple[str, str], aws.eks.NodeGroup]:
    """Make the Kafka pool and the system pool, each with one node group a zone: kind and zone -> node group."""
    node = role(
        fleet.build,
        "node",
        f"Nodes of EKS cluster {fleet.build.cluster_name}",
        trust("ec2.amazonaws.com"),
        managed=["AmazonEC2ContainerRegistryPullOnly", "AmazonEKSWorkerNodePolicy"],
    )
    after = [*fleet.network.ready, *fleet.after, *node.ready]
    groups: dict[tuple[str, str], aws.eks.NodeGroup] = {}
    for pool in (
        Pool("kafka", fleet.request.kafka_nodes, tainted=True, firewalls=(fleet.network.kafka_firewall_id,)),
        Pool("system", fleet.request.system_nodes, tainted=False, firewalls=()),
    ):
        template = _launch_template(fleet, pool)
        for zone in sorted(fleet.network.node_subnet_ids):
            groups[pool.kind, zone] = _node_group(
                fleet, pool, template, zone=zone, options=fleet.build.plain(after=after), role_arn=node.arn
            )
    return groups


def scaling_group(group: aws.eks.NodeGroup) -> pulumi.Output[str]:
    """Name of the scaling group that EKS made for a node group: what runs in it is a target of load balancers."""
    return group.resources.apply(
        lambda found: next(each.name or "" for part in found for each in part.autoscaling_groups or ())
    )


def _disks(fleet: Fleet) -> list[aws.ec2.LaunchTemplateBlockDeviceMappingArgs]:
    # Bottlerocket keeps images and logs on a second disk, and its system on a small first one.
    sizes = {"/dev/xvda": fleet.spec.root_volume_gib}
    if fleet.spec.ami_family == "bottlerocket":
        sizes = {"/dev/xvda": 4, "/dev/xvdb": fleet.spec.root_volume_gib}
    return [
        aws.ec2.LaunchTemplateBlockDeviceMappingArgs(
            device_name=device,
            ebs=aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
                # The provider's type of both is a string that holds a truth value.
                delete_on_termination="true",
                encrypted="true",
                kms_key_id=fleet.disk_key_arn,
                volume_size=gib,
                volume_type="gp3",
            ),
        )
        for device, gib in sorted(sizes.items())
    ]


def _launch_template(fleet: Fleet, pool: Pool) -> aws.ec2.LaunchTemplate:
    build = fleet.build
    stable = {tag: build.identity.tags[tag] for tag in STABLE_TAGS if tag in build.identity.tags}
    own_firewall = fleet.cluster.vpc_config.cluster_security_group_id
    return aws.ec2.LaunchTemplate(
        build.logical(f"{pool.kind}-nodes"),
        aws.ec2.LaunchTemplateArgs(
            name=build.physical(f"{pool.kind}-nodes"),
            description=f"{pool.kind} nodes of cell {build.identity.cell}",
            instance_type=pool.size.machine,
            block_device_mappings=_disks(fleet),
            metadata_options=aws.ec2.LaunchTemplateMetadataOptionsArgs(
                http_endpoint="enabled",
                # One hop: a pod cannot take the node's role. What needs AWS has a pod identity.
                http_put_response_hop_limit=1,
                http_tokens="required",
            ),
            vpc_security_group_ids=[own_firewall, *pool.firewalls],
            tag_specifications=[
                aws.ec2.LaunchTemplateTagSpecificationArgs(
                    resource_type=kind, tags=build.tags(f"{pool.kind}-node", **stable)
                )
                for kind in ("instance", "network-interface", "volume")
            ],
            tags=build.tags(f"{pool.kind}-nodes"),
            update_default_version=True,
        ),
        build.plain(),
    )


def _node_group(
    fleet: Fleet,
    pool: Pool,
    template: aws.ec2.LaunchTemplate,
    *,
    zone: str,
    options: pulumi.ResourceOptions,
    role_arn: pulumi.Output[str],
) -> aws.eks.NodeGroup:
    build, size = fleet.build, pool.size
    architecture = machines("aws")[size.machine].architecture
    running = size.most_per_zone if fleet.spec.nodes_run == "most" else size.least_per_zone
    taint = aws.eks.NodeGroupTaintArgs(key="dedicated", value=pool.kind, effect="NO_SCHEDULE")
    return aws.eks.NodeGroup(
        build.logical(f"{pool.kind}-{zone}"),
        aws.eks.NodeGroupArgs(
            cluster_name=fleet.cluster.name,
            # Zone and architecture are short and must be told apart, so it is the cell's name that gives way.
            node_group_name=names.bounded(f"{build.physical(pool.kind, 40)}-{architecture}-{zone}", 63),
            node_role_arn=role_arn,
            subnet_ids=[fleet.network.node_subnet_ids[zone]],
            ami_type=IMAGES[fleet.spec.ami_family, architecture],
            capacity_type="ON_DEMAND",
            version=fleet.request.version,
            launch_template=aws.eks.NodeGroupLaunchTemplateArgs(
                id=template.id, version=template.latest_version.apply(str)
            ),
            scaling_config=aws.eks.NodeGroupScalingConfigArgs(
                desired_size=running, max_size=size.most_per_zone, min_size=size.least_per_zone
            ),
            # Not forced: an upgrade waits for the pod disruption budgets that keep partitions in sync.
            force_update_version=False,
            update_config=aws.eks.NodeGroupUpdateConfigArgs(max_unavailable=1),
            labels={"dedicated": pool.kind},
            taints=[taint] if pool.tainted else None,
            tags=build.tags(f"{pool.kind}-{zone}"),
        ),
        options,
    )
