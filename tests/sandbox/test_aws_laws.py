"""AWS's laws, each seen red with its words and green beside it, in a world in memory."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.api.coverage import coverage
from sandbox.clouds.aws import MODEL, offers
from sandbox.clouds.aws.quotas import PER_PARENT, QUOTAS
from sandbox.contract import UNKNOWN, Record, Refusal, Scope
from tests.sandbox import bootstrap_types
from tests.sandbox.aws_links import Links
from tests.sandbox.aws_world import ACCOUNT, HERE, TOKENS, World, kind_of

ELSEWHERE = Scope("aws", ACCOUNT, "eu-central-1")
OTHERS = Scope("aws", "999988887777", "eu-west-1")


def policy(**statement: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", **statement}]})


def trusted(service: str) -> str:
    return policy(Action="sts:AssumeRole", Principal={"Service": service})


ROOT = policy(Action="kms:*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, Resource="*")


class Cell:
    """A small cell: everything that the laws need to see something to name."""

    def __init__(self) -> None:
        w = self.world = World()
        self.vpc = w.make("Vpc", cidrBlock="10.0.128.0/20")
        self.range = w.make("VpcIpv4CidrBlockAssociation", vpcId=self.vpc.id, cidrBlock="10.0.0.0/20")
        self.gateway = w.make("InternetGateway", vpcId=self.vpc.id)
        self.public = w.make("Subnet", "p", vpcId=self.vpc.id, cidrBlock="10.0.128.0/23", availabilityZone="eu-west-1a")
        self.a = w.make("Subnet", "a", vpcId=self.vpc.id, cidrBlock="10.0.0.0/22", availabilityZone="eu-west-1a")
        self.b = w.make("Subnet", "b", vpcId=self.vpc.id, cidrBlock="10.0.4.0/22", availabilityZone="eu-west-1b")
        self.eip = w.make("Eip", domain="vpc")
        self.nat = w.make("NatGateway", allocationId=self.eip.id, subnetId=self.public.id)
        self.table = w.make("RouteTable", vpcId=self.vpc.id)
        self.free_table = w.make("RouteTable", "free", vpcId=self.vpc.id)
        self.route = w.make(
            "Route", routeTableId=self.table.id, destinationCidrBlock="0.0.0.0/0", natGatewayId=self.nat.id
        )
        self.routed = w.make("RouteTableAssociation", routeTableId=self.table.id, subnetId=self.a.id)
        self.group = w.make("SecurityGroup", name="kafka", vpcId=self.vpc.id)
        self.rule = w.make(
            "SecurityGroupIngressRule",
            securityGroupId=self.group.id,
            ipProtocol="tcp",
            fromPort=9092,
            toPort=9094,
            cidrIpv4="10.0.0.0/16",
        )
        self.key = w.make("Key", policy=ROOT)
        self.eks_role = w.make("Role", "eks", name="eks", assumeRolePolicy=trusted("eks.amazonaws.com"))
        self.node_role = w.make("Role", "node", name="node", assumeRolePolicy=trusted("ec2.amazonaws.com"))
        self.pod_role = w.make("Role", "pod", name="pod", assumeRolePolicy=trusted("pods.eks.amazonaws.com"))
        self.flow_role = w.make("Role", "flow", name="flow", assumeRolePolicy=trusted("vpc-flow-logs.amazonaws.com"))
        self.logs = w.make("LogGroup", name="/flow", retentionInDays=30)
        self.cluster = w.make("Cluster", **self.cluster_inputs())
        self.template = w.make(
            "LaunchTemplate", name="nodes", instanceType="m7g.large", vpcSecurityGroupIds=[self.group.id]
        )
        self.nodes = w.make("NodeGroup", **self.node_inputs())
        self.entry = w.make("AccessEntry", clusterName="kf", principalArn=f"arn:aws:iam::{ACCOUNT}:role/platform")
        # A second network, to be wrong with.
        self.far = w.make("Vpc", "far", cidrBlock="10.9.0.0/16")
        self.far_subnet = w.make(
            "Subnet", "far", vpcId=self.far.id, cidrBlock="10.9.0.0/24", availabilityZone="eu-west-1b"
        )
        self.far_group = w.make("SecurityGroup", "far", name="far", vpcId=self.far.id)
        self.far_table = w.make("RouteTable", "far", vpcId=self.far.id)

    def cluster_inputs(self) -> dict[str, Any]:
        return {
            "name": "kf",
            "version": "1.33",
            "roleArn": self.eks_role.outputs["arn"],
            "accessConfig": {"authenticationMode": "API"},
            "encryptionConfig": {"provider": {"keyArn": self.key.outputs["arn"]}, "resources": ["secrets"]},
            "kubernetesNetworkConfig": {"ipFamily": "ipv4", "serviceIpv4Cidr": "10.0.160.0/20"},
            "vpcConfig": {"endpointPrivateAccess": True, "subnetIds": [self.a.id, self.b.id]},
        }

    def node_inputs(self) -> dict[str, Any]:
        return {
            "clusterName": "kf",
            "nodeGroupName": "kafka",
            "nodeRoleArn": self.node_role.outputs["arn"],
            "subnetIds": [self.a.id],
            "amiType": "AL2023_ARM_64_STANDARD",
            "scalingConfig": {"minSize": 1, "desiredSize": 2, "maxSize": 3},
            "launchTemplate": {"id": self.template.id, "version": "1"},
        }

    def good(self) -> dict[str, dict[str, Any]]:
        """Inputs of one more resource of each kind, which the world accepts."""
        nodes = {**self.node_inputs(), "nodeGroupName": "more"}
        return {
            "AccessEntry": {"clusterName": "kf", "principalArn": f"arn:aws:iam::{ACCOUNT}:role/apps"},
            "AccessPolicyAssociation": {
                "clusterName": "kf",
                "principalArn": self.entry.inputs["principalArn"],
                "policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
                "accessScope": {"type": "cluster"},
            },
            "Addon": {"clusterName": "kf", "addonName": "vpc-cni"},
            "Alias": {"name": "alias/kf", "targetKeyId": self.key.id},
            "Cluster": {**self.cluster_inputs(), "name": "other"},
            "DefaultSecurityGroup": {"vpcId": self.vpc.id},
            "Eip": {"domain": "vpc"},
            "FlowLog": {
                "vpcId": self.vpc.id,
                "trafficType": "ALL",
                "logDestination": self.logs.outputs["arn"],
                "iamRoleArn": self.flow_role.outputs["arn"],
            },
            "InternetGateway": {"vpcId": self.far.id},
            "Key": {"policy": ROOT},
            "LaunchTemplate": {"name": "other", "instanceType": "m7i.large"},
            "LogGroup": {"name": "/other", "retentionInDays": 7},
            "NatGateway": {"connectivityType": "private", "subnetId": self.a.id},
            "NodeGroup": nodes,
            "Role": {"name": "other", "assumeRolePolicy": trusted("ec2.amazonaws.com")},
            "RolePolicy": {"name": "own", "role": "node", "policy": policy(Resource="*")},
            "RolePolicyAttachment": {
                "role": "node",
                "policyArn": "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
            },
            "Route": {
                "routeTableId": self.free_table.id,
                "destinationCidrBlock": "0.0.0.0/0",
                "gatewayId": self.gateway.id,
            },
            "RouteTable": {"vpcId": self.vpc.id},
            "RouteTableAssociation": {"routeTableId": self.table.id, "subnetId": self.b.id},
            "SecurityGroup": {"name": "more", "vpcId": self.vpc.id},
            "SecurityGroupEgressRule": {"securityGroupId": self.group.id, "ipProtocol": "-1", "cidrIpv4": "0.0.0.0/0"},
            "SecurityGroupIngressRule": {
                "securityGroupId": self.group.id,
                "ipProtocol": "tcp",
                "fromPort": 9092,
                "toPort": 9094,
                "cidrIpv4": "203.0.113.0/24",
            },
            "Subnet": {"vpcId": self.vpc.id, "cidrBlock": "10.0.8.0/22", "availabilityZone": "eu-west-1c"},
            "Vpc": {"cidrBlock": "10.5.0.0/16"},
            "VpcEndpoint": {
                "vpcId": self.vpc.id,
                "serviceName": "com.amazonaws.eu-west-1.s3",
                "routeTableIds": [self.table.id],
            },
            "VpcIpv4CidrBlockAssociation": {"vpcId": self.vpc.id, "cidrBlock": "10.0.16.0/20"},
            "Zone": {"name": "kafka.internal", "vpcs": [{"vpcId": self.vpc.id}]},
        }


@pytest.fixture(scope="module")
def cell() -> Cell:
    return Cell()


LINKS = frozenset(Links().good())
"""Kinds that link networks: tests/sandbox/test_aws_networks.py has their examples."""

KINDS = sorted(set(TOKENS) - LINKS - {kind_of(token) for token in bootstrap_types.AWS})


def test_every_type_has_a_good_example_here(cell: Cell) -> None:
    assert set(cell.good()) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_good_example_is_accepted(cell: Cell, kind: str) -> None:
    assert cell.world.refusals(kind, cell.good()[kind]) == []


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_values_pass_every_law(cell: Cell, kind: str) -> None:
    unknown = {
        key: UNKNOWN if key.endswith(("Id", "Arn", "Ids", "ame", "role")) else v for key, v in cell.good()[kind].items()
    }
    assert cell.world.refusals(kind, unknown, operation="check") == []
    assert cell.world.refusals(kind, dict.fromkeys(cell.good()[kind], UNKNOWN), operation="check") == []


Change = Callable[[Cell], dict[str, Any]]


def nested(key: str, **values: Any) -> Change:
    """A change inside a mapping of the good example."""
    return lambda c: {key: values}


RED: list[tuple[str, Change, str, str]] = [
    # networks
    ("Vpc", lambda c: {"cidrBlock": "10.0.0.0/12"}, "InvalidVpc.Range", "between a /16 and a /28"),
    ("Vpc", lambda c: {"cidrBlock": "10.0.0.300/16"}, "InvalidParameterValue", "no IPv4 range"),
    (
        "Vpc",
        lambda c: {"enableDnsHostnames": True, "enableDnsSupport": False},
        "InvalidParameterCombination",
        "enableDnsHostnames cannot be true",
    ),
    ("Vpc", lambda c: {"instanceTenancy": "shared"}, "value-not-allowed", "allowed are default, dedicated, host"),
    ("Vpc", lambda c: {"tags": {"aws:mine": "x"}}, "InvalidTagKey", "cannot start with 'aws:'"),
    ("Vpc", lambda c: {"tags": {"k": "a<b"}}, "InvalidTagValue", "cannot hold"),
    ("Vpc", lambda c: {"tags": {"k" * 129: "v"}}, "InvalidTagKey", "too long"),
    ("Vpc", lambda c: {"tags": {f"k{n}": "v" for n in range(51)}}, "TagLimitExceeded", "at most 50"),
    ("VpcIpv4CidrBlockAssociation", lambda c: {"cidrBlock": "10.0.128.0/24"}, "InvalidVpc.Range", "already has"),
    ("VpcIpv4CidrBlockAssociation", lambda c: {"cidrBlock": "10.0.0.0/24"}, "InvalidVpc.Range", "conflicts with"),
    ("VpcIpv4CidrBlockAssociation", lambda c: {"vpcId": "vpc-0"}, "InvalidVpcID.NotFound", "does not exist"),
    ("Subnet", lambda c: {"vpcId": "vpc-0"}, "InvalidVpcID.NotFound", "vpc ID 'vpc-0' does not exist in account"),
    ("Subnet", lambda c: {"cidrBlock": "10.7.0.0/24"}, "InvalidSubnet.Range", "none of the ranges of"),
    ("Subnet", lambda c: {"cidrBlock": "10.0.4.0/24"}, "InvalidSubnet.Conflict", "conflicts with subnet"),
    ("Subnet", lambda c: {"cidrBlock": "10.0.8.0/29"}, "InvalidSubnet.Range", "between a /16 and a /28"),
    ("Subnet", lambda c: {"availabilityZone": "eu-west-1f"}, "InvalidParameterValue", "eu-west-1a, eu-west-1b"),
    (
        "InternetGateway",
        lambda c: {"vpcId": c.vpc.id},
        "Resource.AlreadyAssociated",
        "already has the internet gateway",
    ),
    ("Vpc", lambda c: {"cidrBlock": None}, "MissingParameter", "a VPC needs a range"),
    ("VpcIpv4CidrBlockAssociation", lambda c: {"cidrBlock": None}, "MissingParameter", "needs a range"),
    ("Subnet", lambda c: {"cidrBlock": None}, "MissingParameter", "a subnet needs a range"),
    ("SecurityGroup", lambda c: {"vpcId": None}, "VPCIdNotSpecified", "no default VPC"),
    ("RouteTableAssociation", lambda c: {"subnetId": None}, "MissingParameter", "give subnetId or gatewayId"),
    ("NatGateway", lambda c: {"subnetId": None}, "MissingParameter", "needs a subnetId"),
    ("VpcEndpoint", lambda c: {"serviceName": None}, "MissingParameter", "what it leads to"),
    ("FlowLog", lambda c: {"trafficType": None}, "MissingParameter", "its kind of traffic"),
    (
        "LaunchTemplate",
        lambda c: {"tagSpecifications": [{"resourceType": "volume"}, {"resourceType": "volume"}]},
        "InvalidParameterValue",
        "tagSpecifications has resourceType 'volume' twice",
    ),
    (
        "Addon",
        lambda c: {"configurationValues": '{"enbleNetworkPolicy":"true"}'},
        "InvalidParameterException",
        "enbleNetworkPolicy is no setting of this add-on",
    ),
    (
        "LaunchTemplate",
        lambda c: {"blockDeviceMappings": [{"ebs": {"volumeSize": 10}}]},
        "MissingParameter",
        "deviceName",
    ),
    (
        "LaunchTemplate",
        lambda c: {"blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": {"encrypted": "yes"}}]},
        "InvalidParameterValue",
        "must be true or false",
    ),
    ("NodeGroup", lambda c: {"subnetIds": []}, "InvalidParameterException", "at least one subnet"),
    ("NodeGroup", lambda c: {"launchTemplate": {"version": "1"}}, "InvalidParameterException", "an id or a name"),
    ("Addon", lambda c: {"resolveConflictsOnCreate": "PRESERVE"}, "InvalidParameterException", "NONE, OVERWRITE"),
    ("Addon", lambda c: {"resolveConflictsOnUpdate": "KEEP"}, "InvalidParameterException", "PRESERVE"),
    (
        "Role",
        lambda c: {"assumeRolePolicy": trusted("ec2.amazonaws.con")},
        "MalformedPolicyDocument",
        "'ec2.amazonaws.con' is no AWS service",
    ),
    (
        "Role",
        lambda c: {"assumeRolePolicy": policy(Action="s3:GetObject", Principal={"AWS": ACCOUNT})},
        "MalformedPolicyDocument",
        "STS AssumeRole actions, not 's3:GetObject'",
    ),
    (
        "Role",
        lambda c: {"assumeRolePolicy": policy(Action="sts:AssumeRole", Principal={"User": "x"})},
        "MalformedPolicyDocument",
        "unknown kind of principal 'User'",
    ),
    (
        "Role",
        lambda c: {"assumeRolePolicy": policy(Action="sts:AssumeRole", Principal={"AWS": "me"})},
        "MalformedPolicyDocument",
        "invalid principal: 'me'",
    ),
    (
        "RolePolicy",
        lambda c: {"policy": policy(Action="GetObject", Resource="*")},
        "MalformedPolicyDocument",
        "prefaced by a vendor",
    ),
    ("RolePolicy", lambda c: {"policy": policy(Resource="bucket")}, "MalformedPolicyDocument", "in ARN format or '*'"),
    (
        "RolePolicy",
        lambda c: {"policy": policy(Resource="*", Condition={"StringEqual": {}})},
        "MalformedPolicyDocument",
        "condition type 'StringEqual'",
    ),
    # routes
    ("Route", lambda c: {"natGatewayId": c.nat.id}, "InvalidParameterCombination", "has 2 targets"),
    ("Route", lambda c: {"gatewayId": None}, "InvalidParameterCombination", "has no target"),
    ("Route", lambda c: {"destinationCidrBlock": None}, "InvalidParameterCombination", "has no destination"),
    ("Route", lambda c: {"gatewayId": "igw-0"}, "InvalidGatewayID.NotFound", "gateway ID 'igw-0'"),
    ("Route", lambda c: {"routeTableId": c.far_table.id}, "InvalidParameterValue", "belong to different networks"),
    ("Route", lambda c: {"routeTableId": c.table.id}, "RouteAlreadyExists", "0.0.0.0/0 already exists"),
    ("Route", lambda c: {"destinationCidrBlock": "all"}, "InvalidParameterValue", "no IPv4 range"),
    (
        "RouteTableAssociation",
        lambda c: {"subnetId": c.a.id},
        "Resource.AlreadyAssociated",
        "already has an association",
    ),
    ("RouteTableAssociation", lambda c: {"subnetId": c.far_subnet.id}, "InvalidParameterValue", "different networks"),
    ("RouteTableAssociation", lambda c: {"routeTableId": "rtb-0"}, "InvalidRouteTableID.NotFound", "'rtb-0'"),
    (
        "NatGateway",
        lambda c: {"connectivityType": "public", "allocationId": c.eip.id},
        "Resource.AlreadyAssociated",
        "already associated with NAT gateway",
    ),
    ("NatGateway", lambda c: {"connectivityType": "public"}, "MissingParameter", "needs an allocationId"),
    ("NatGateway", lambda c: {"allocationId": c.eip.id}, "InvalidParameterCombination", "cannot have an allocationId"),
    (
        "NatGateway",
        lambda c: {"connectivityType": "public", "allocationId": "eipalloc-1", "subnetId": c.far_subnet.id},
        "Gateway.NotAttached",
        "has no internet gateway",
    ),
    ("NatGateway", lambda c: {"subnetId": "subnet-0"}, "InvalidSubnetID.NotFound", "'subnet-0'"),
    ("Eip", lambda c: {"domain": "classic"}, "value-not-allowed", "allowed are vpc, standard"),
    # firewalls
    ("SecurityGroup", lambda c: {"name": "sg-kafka"}, "InvalidParameterValue", "not starting with sg-"),
    ("SecurityGroup", lambda c: {"description": "größe"}, "InvalidParameterValue", "parameter description is invalid"),
    (
        "SecurityGroupIngressRule",
        lambda c: {"cidrIpv4": "10.0.0.0/16"},
        "InvalidPermission.Duplicate",
        "already exists",
    ),
    ("SecurityGroupIngressRule", lambda c: {"fromPort": 9095}, "InvalidParameterValue", "port range (9095:9094)"),
    ("SecurityGroupIngressRule", lambda c: {"toPort": None}, "MissingParameter", "needs fromPort and toPort"),
    ("SecurityGroupIngressRule", lambda c: {"ipProtocol": "TLS"}, "InvalidPermission.Malformed", "'TLS'"),
    ("SecurityGroupIngressRule", lambda c: {"cidrIpv4": None}, "InvalidParameterCombination", "has 0"),
    ("SecurityGroupIngressRule", lambda c: {"prefixListId": "pl-1"}, "InvalidParameterCombination", "has 2"),
    ("SecurityGroupIngressRule", lambda c: {"cidrIpv4": "10.0.0.0/40"}, "InvalidParameterValue", "no IPv4 range"),
    ("SecurityGroupIngressRule", lambda c: {"securityGroupId": "sg-0"}, "InvalidGroup.NotFound", "'sg-0'"),
    ("SecurityGroupEgressRule", lambda c: {"fromPort": 1}, "InvalidParameterCombination", "has no ports"),
    # endpoints, flow logs
    ("VpcEndpoint", lambda c: {"serviceName": "com.amazonaws.eu-west-2.s3"}, "InvalidServiceName", "does not exist"),
    ("VpcEndpoint", lambda c: {"subnetIds": [c.a.id]}, "InvalidParameter", "cannot have subnetIds"),
    ("VpcEndpoint", lambda c: {"routeTableIds": [c.far_table.id]}, "InvalidParameter", "belongs to"),
    ("VpcEndpoint", lambda c: {"routeTableIds": ["rtb-0"]}, "InvalidRouteTableId.NotFound", "'rtb-0'"),
    ("VpcEndpoint", lambda c: {"vpcEndpointType": "gateway"}, "value-not-allowed", "did you mean 'Gateway'"),
    ("FlowLog", lambda c: {"maxAggregationInterval": 300}, "InvalidParameter", "it must be 60 or 600"),
    ("FlowLog", lambda c: {"subnetId": c.a.id}, "InvalidParameter", "exactly one of"),
    ("FlowLog", lambda c: {"iamRoleArn": None}, "MissingParameter", "needs the role"),
    ("FlowLog", lambda c: {"logDestination": None}, "MissingParameter", "needs a logDestination"),
    ("FlowLog", lambda c: {"iamRoleArn": f"arn:aws:iam::{ACCOUNT}:role/no"}, "InvalidParameter", "does not exist"),
    ("FlowLog", lambda c: {"logDestination": "/flow"}, "LogDestinationNotFound", "is not the ARN of a log group"),
    ("FlowLog", lambda c: {"trafficType": "all"}, "value-not-allowed", "ACCEPT, REJECT, ALL"),
    # launch templates
    ("LaunchTemplate", lambda c: {"name": "x"}, "InvalidLaunchTemplateName.MalformedException", "3 to 128"),
    ("LaunchTemplate", lambda c: {"instanceType": "m7g.huge"}, "InvalidInstanceType", "'m7g.huge' does not exist"),
    ("LaunchTemplate", lambda c: {"vpcSecurityGroupIds": ["sg-0"]}, "InvalidGroup.NotFound", "'sg-0'"),
    (
        "LaunchTemplate",
        lambda c: {"vpcSecurityGroupIds": [c.group.id, c.far_group.id]},
        "InvalidParameter",
        "different networks",
    ),
    (
        "LaunchTemplate",
        nested("metadataOptions", httpPutResponseHopLimit=65),
        "InvalidParameterValue",
        "between 1 and 64",
    ),
    ("LaunchTemplate", nested("metadataOptions", httpTokens="needed"), "value-not-allowed", "optional, required"),
    (
        "LaunchTemplate",
        lambda c: {"blockDeviceMappings": [{"ebs": {"kmsKeyId": c.key.outputs["arn"]}}]},
        "InvalidParameterDependency",
        "must be encrypted",
    ),
    (
        "LaunchTemplate",
        lambda c: {"blockDeviceMappings": [{"ebs": {"kmsKeyId": "key", "encrypted": "true"}}]},
        "InvalidKey.NotFound",
        "is not the ARN of a KMS key",
    ),
    (
        "LaunchTemplate",
        lambda c: {"blockDeviceMappings": [{"ebs": {"volumeType": "gp3", "volumeSize": 10, "iops": 9000}}]},
        "InvalidParameterCombination",
        "500 a GiB",
    ),
    (
        "LaunchTemplate",
        lambda c: {"blockDeviceMappings": [{"ebs": {"volumeType": "gp3", "volumeSize": 10, "throughput": 900}}]},
        "InvalidParameterCombination",
        "a quarter of its IOPS",
    ),
    (
        "LaunchTemplate",
        lambda c: {"blockDeviceMappings": [{"ebs": {"volumeType": "gp3", "volumeSize": 99999}}]},
        "InvalidParameterValue",
        "1 to 65536",
    ),
    # clusters
    ("Cluster", lambda c: {"version": "1.99"}, "InvalidParameterException", "unsupported Kubernetes version '1.99'"),
    (
        "Cluster",
        lambda c: {"roleArn": c.node_role.outputs["arn"]},
        "InvalidParameterException",
        "cannot be assumed by eks",
    ),
    ("Cluster", nested("vpcConfig", subnetIds=["subnet-0"]), "InvalidParameterException", "'subnet-0' does not exist"),
    (
        "Cluster",
        lambda c: {"vpcConfig": {"subnetIds": [c.a.id, c.public.id]}},
        "InvalidParameterException",
        "at least two different AZs",
    ),
    (
        "Cluster",
        lambda c: {"vpcConfig": {"subnetIds": [c.a.id, c.far_subnet.id]}},
        "InvalidParameterException",
        "must be in the same VPC",
    ),
    (
        "Cluster",
        lambda c: {"vpcConfig": {"subnetIds": [c.a.id, c.b.id], "endpointPublicAccess": False}},
        "InvalidParameterException",
        "cannot both be disabled",
    ),
    (
        "Cluster",
        lambda c: {"vpcConfig": {"subnetIds": [c.a.id, c.b.id], "publicAccessCidrs": ["10.0.0.0/8"]}},
        "InvalidParameterException",
        "not allowed in publicAccessCidrs",
    ),
    (
        "Cluster",
        lambda c: {
            "vpcConfig": {
                "subnetIds": [c.a.id, c.b.id],
                "endpointPrivateAccess": True,
                "endpointPublicAccess": False,
                "publicAccessCidrs": ["203.0.113.0/24"],
            }
        },
        "InvalidParameterException",
        "only while endpointPublicAccess is true",
    ),
    (
        "Cluster",
        lambda c: {"vpcConfig": {"subnetIds": [c.a.id, c.b.id], "securityGroupIds": ["sg-0"]}},
        "InvalidGroup.NotFound",
        "'sg-0'",
    ),
    (
        "Cluster",
        nested("kubernetesNetworkConfig", serviceIpv4Cidr="10.0.0.0/20"),
        "InvalidParameterException",
        "overlaps",
    ),
    (
        "Cluster",
        nested("kubernetesNetworkConfig", serviceIpv4Cidr="8.8.0.0/16"),
        "InvalidParameterException",
        "a /24 to a /12",
    ),
    (
        "Cluster",
        nested("kubernetesNetworkConfig", serviceIpv4Cidr="many"),
        "InvalidParameterException",
        "no IPv4 range",
    ),
    ("Cluster", nested("encryptionConfig", resources=["pods"]), "InvalidParameterException", "exactly ['secrets']"),
    (
        "Cluster",
        nested(
            "encryptionConfig", provider={"keyArn": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/no"}, resources=["secrets"]
        ),
        "InvalidParameterException",
        "KMS key",
    ),
    ("Cluster", nested("accessConfig", authenticationMode="IAM"), "value-not-allowed", "API_AND_CONFIG_MAP"),
    ("Cluster", lambda c: {"enabledClusterLogTypes": ["audits"]}, "value-not-allowed", "did you mean 'audit'"),
    ("Cluster", lambda c: {"name": "-kf"}, "pattern-mismatch", "must match"),
    # nodes
    ("NodeGroup", lambda c: {"clusterName": "no"}, "ResourceNotFoundException", "cluster 'no' does not exist"),
    ("NodeGroup", lambda c: {"subnetIds": [c.far_subnet.id]}, "InvalidParameterException", "cluster 'kf' in"),
    (
        "NodeGroup",
        nested("scalingConfig", minSize=3, desiredSize=2, maxSize=3),
        "InvalidParameterException",
        "minimum capacity 3",
    ),
    (
        "NodeGroup",
        nested("scalingConfig", minSize=1, desiredSize=4, maxSize=3),
        "InvalidParameterException",
        "max size 3",
    ),
    (
        "NodeGroup",
        nested("scalingConfig", minSize=0, desiredSize=0, maxSize=0),
        "InvalidParameterException",
        "at least 0 and 1",
    ),
    ("NodeGroup", lambda c: {"launchTemplate": {"id": "lt-0", "version": "1"}}, "InvalidRequestException", "'lt-0'"),
    (
        "NodeGroup",
        lambda c: {"launchTemplate": {"id": c.template.id, "version": "7"}},
        "InvalidRequestException",
        "has no version 7: it has 1 to 1",
    ),
    ("NodeGroup", lambda c: {"instanceTypes": ["m7g.large"]}, "InvalidParameterException", "in the launch template"),
    ("NodeGroup", lambda c: {"diskSize": 50}, "InvalidParameterException", "diskSize cannot be given"),
    (
        "NodeGroup",
        lambda c: {"amiType": "AL2023_x86_64_STANDARD"},
        "InvalidParameterException",
        "not a valid instance type",
    ),
    ("NodeGroup", lambda c: {"amiType": "AL2024_ARM"}, "value-not-allowed", "amiType"),
    (
        "NodeGroup",
        lambda c: {"nodeRoleArn": c.eks_role.outputs["arn"]},
        "InvalidParameterException",
        "ec2.amazonaws.com",
    ),
    ("NodeGroup", lambda c: {"version": "1.34"}, "InvalidParameterException", "newer than its cluster's, 1.33"),
    ("NodeGroup", lambda c: {"version": "1.29"}, "InvalidParameterException", "4 minors behind"),
    ("NodeGroup", lambda c: {"version": "latest"}, "InvalidParameterException", "no Kubernetes version"),
    (
        "NodeGroup",
        nested("updateConfig", maxUnavailable=1, maxUnavailablePercentage=10),
        "InvalidParameterException",
        "exclude each other",
    ),
    ("NodeGroup", nested("updateConfig", maxUnavailable=200), "InvalidParameterException", "between 1 and 100"),
    ("NodeGroup", nested("labels", **{"eks.amazonaws.com/x": "y"}), "InvalidParameterException", "reserved prefix"),
    (
        "NodeGroup",
        lambda c: {"taints": [{"key": "k", "value": v, "effect": "NO_SCHEDULE"} for v in "ab"]},
        "InvalidParameterException",
        "is there twice",
    ),
    ("NodeGroup", lambda c: {"taints": [{"key": "k", "effect": "NoSchedule"}]}, "value-not-allowed", "NO_SCHEDULE"),
    # inside the cluster
    ("Addon", lambda c: {"addonName": "vpc-cny"}, "InvalidParameterException", "addon 'vpc-cny' is not supported"),
    ("Addon", lambda c: {"addonVersion": "1.20"}, "InvalidParameterException", "v1.2.3-eksbuild.4"),
    ("Addon", lambda c: {"configurationValues": "yes: no"}, "InvalidParameterException", "is not a JSON object"),
    (
        "Addon",
        lambda c: {"configurationValues": '{"enableNetworkPolicy": true}'},
        "InvalidParameterException",
        "must be one of 'true', 'false'",
    ),
    (
        "Addon",
        lambda c: {"podIdentityAssociations": [{"serviceAccount": "cni", "roleArn": c.pod_role.outputs["arn"]}]},
        "InvalidParameterException",
        "service account 'cni'",
    ),
    (
        "Addon",
        lambda c: {"podIdentityAssociations": [{"serviceAccount": "aws-node", "roleArn": c.node_role.outputs["arn"]}]},
        "InvalidParameterException",
        "cannot be assumed by pods.eks",
    ),
    ("Addon", lambda c: {"resolveConflictsOnCreate": "FORCE"}, "value-not-allowed", "OVERWRITE"),
    ("AccessEntry", lambda c: {"principalArn": "root"}, "InvalidParameterException", "no IAM role or user"),
    ("AccessEntry", lambda c: {"kubernetesGroups": ["system:masters"]}, "InvalidParameterException", "reserved prefix"),
    ("AccessEntry", lambda c: {"type": "ADMIN"}, "InvalidParameterException", "is not one of STANDARD"),
    (
        "AccessEntry",
        lambda c: {"type": "EC2_LINUX", "kubernetesGroups": ["x"]},
        "InvalidParameterException",
        "has no Kubernetes groups",
    ),
    ("AccessPolicyAssociation", lambda c: {"policyArn": "arn:x"}, "InvalidParameterException", "policyArn parameter"),
    (
        "AccessPolicyAssociation",
        nested("accessScope", type="namespace"),
        "InvalidParameterException",
        "names its namespaces",
    ),
    (
        "AccessPolicyAssociation",
        nested("accessScope", type="cluster", namespaces=["a"]),
        "InvalidParameterException",
        "has no namespaces",
    ),
    ("AccessPolicyAssociation", nested("accessScope", type="all"), "value-not-allowed", "cluster, namespace"),
    (
        "AccessPolicyAssociation",
        lambda c: {"principalArn": f"arn:aws:iam::{ACCOUNT}:role/stranger"},
        "ResourceNotFoundException",
        "has no access entry",
    ),
    # identities
    ("Role", lambda c: {"assumeRolePolicy": "{"}, "MalformedPolicyDocument", "not valid JSON"),
    ("Role", lambda c: {"assumeRolePolicy": "[]"}, "MalformedPolicyDocument", "not a JSON object"),
    ("Role", lambda c: {"assumeRolePolicy": policy(Resource="*")}, "MalformedPolicyDocument", "names no Principal"),
    (
        "Role",
        lambda c: {"assumeRolePolicy": trusted("ec2.amazonaws.com").replace("2012", "2011")},
        "MalformedPolicyDocument",
        "it must be 2012-10-17",
    ),
    (
        "Role",
        lambda c: {"assumeRolePolicy": json.dumps({"Version": "2012-10-17"})},
        "MalformedPolicyDocument",
        "empty or not an object",
    ),
    (
        "Role",
        lambda c: {"assumeRolePolicy": trusted("ec2.amazonaws.com").replace("Allow", "allow")},
        "MalformedPolicyDocument",
        "must be Allow or Deny",
    ),
    ("Role", lambda c: {"name": "a b"}, "pattern-mismatch", "'name' is"),
    ("RolePolicy", lambda c: {"policy": trusted("x")}, "MalformedPolicyDocument", "an identity's own policy cannot"),
    ("RolePolicy", lambda c: {"policy": policy()}, "MalformedPolicyDocument", "names no Resource"),
    ("RolePolicy", lambda c: {"policy": policy(Resource="*", Actions="*")}, "MalformedPolicyDocument", "['Actions']"),
    (
        "RolePolicy",
        lambda c: {
            "policy": json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*"}]})
        },
        "MalformedPolicyDocument",
        "names no Action",
    ),
    ("RolePolicy", lambda c: {"role": "no"}, "NoSuchEntity", "role with name 'no'"),
    (
        "RolePolicyAttachment",
        lambda c: {"policyArn": "arn:aws:iam::aws:policy/AmazonEKSNodePolicy"},
        "NoSuchEntity",
        "is not attachable",
    ),
    (
        "RolePolicyAttachment",
        lambda c: {"policyArn": f"arn:aws:iam::{ACCOUNT}:policy/mine"},
        "NoSuchEntity",
        "is not attachable",
    ),
    # keys, logs, names
    (
        "Key",
        lambda c: {"policy": trusted("x")},
        "MalformedPolicyDocumentException",
        "update the key policy in the future",
    ),
    (
        "Key",
        lambda c: {
            "policy": policy(
                Action="kms:*",
                Principal={"AWS": [f"arn:aws:iam::{ACCOUNT}:root", f"arn:aws:iam::{ACCOUNT}:role/no"]},
                Resource="*",
            )
        },
        "MalformedPolicyDocumentException",
        "invalid principal",
    ),
    ("Key", lambda c: {"deletionWindowInDays": 5}, "ValidationException", "between 7 and 30"),
    ("Key", lambda c: {"rotationPeriodInDays": 30}, "ValidationException", "between 90 and 2560"),
    ("Key", lambda c: {"keyUsage": "ENCRYPT"}, "value-not-allowed", "did you mean 'ENCRYPT_DECRYPT'"),
    ("Alias", lambda c: {"name": "kf"}, "ValidationException", "must begin with 'alias/'"),
    ("Alias", lambda c: {"name": "alias/aws/kf"}, "NotAuthorizedException", "AWS's own keys"),
    ("Alias", lambda c: {"targetKeyId": "no"}, "NotFoundException", "key 'no'"),
    ("LogGroup", lambda c: {"retentionInDays": 8}, "InvalidParameterException", "it must be one of 0, 1, 3"),
    (
        "LogGroup",
        lambda c: {"kmsKeyId": c.key.outputs["arn"]},
        "InvalidParameterException",
        "not allowed to be used with",
    ),
    ("LogGroup", lambda c: {"name": "/a b"}, "pattern-mismatch", "must match"),
    ("Zone", lambda c: {"name": "kafka_.-internal"}, "InvalidDomainName", "is not valid"),
    ("Zone", lambda c: {"vpcs": [{"vpcId": "vpc-0"}]}, "InvalidVPCId", "'vpc-0'"),
    ("Zone", lambda c: {"vpcs": [{"vpcId": c.vpc.id, "vpcRegion": "us-east-1"}]}, "InvalidVPCId", "region us-east-1"),
]


@pytest.mark.parametrize(("kind", "change", "code", "text"), RED, ids=[f"{k}-{c}-{t[:24]}" for k, _, c, t in RED])
def test_the_wrong_input_is_refused_with_the_vendors_code(
    cell: Cell, kind: str, change: Change, code: str, text: str
) -> None:
    inputs = {key: value for key, value in (cell.good()[kind] | change(cell)).items() if value is not None}
    said = [r for r in cell.world.refusals(kind, inputs) if r.code == code]
    assert any(text in r.message for r in said), cell.world.refusals(kind, inputs)


def test_every_type_with_laws_of_its_own_is_seen_red() -> None:
    """Two have only what others judge: nothing can be wrong about an address or a table but its network."""
    without = {"RouteTable", "DefaultSecurityGroup"}
    assert {kind for kind, *_ in RED} == set(KINDS) - without


@pytest.mark.parametrize("kind", ["RouteTable", "DefaultSecurityGroup"])
def test_a_network_of_another_account_or_region_does_not_exist(cell: Cell, kind: str) -> None:
    for scope, text in ((ELSEWHERE, "region eu-west-1"), (OTHERS, f"account {ACCOUNT}")):
        (refused,) = cell.world.refusals(kind, {"vpcId": cell.vpc.id}, scope=scope)
        assert refused.code == "InvalidVpcID.NotFound"
        assert f"it is in account {ACCOUNT}, {text}" in refused.message or text in refused.message


def codes(refusals: list[Refusal]) -> set[str]:
    return {refusal.code for refusal in refusals}


IN_USE: list[tuple[str, str, str]] = [
    ("vpc", "DependencyViolation", "has dependencies"),
    ("range", "InvalidCidrBlock.InUse", "in use by subnet"),
    ("gateway", "DependencyViolation", "mapped public addresses"),
    ("table", "DependencyViolation", "RouteTableAssociation"),
    ("eip", "InvalidIPAddress.InUse", "in use by NAT gateway"),
    ("group", "DependencyViolation", "nodes of node group 'kf:kafka'"),
    ("template", "Ec2LaunchTemplateNotFound", "in use by node group"),
    ("cluster", "ResourceInUseException", "NodeGroup 'kf:kafka' uses it"),
]


@pytest.mark.parametrize(("what", "code", "text"), IN_USE)
def test_what_is_in_use_stays(cell: Cell, what: str, code: str, text: str) -> None:
    said = [r.message for r in cell.world.refused_delete(getattr(cell, what)) if r.code == code]
    assert any(text in message for message in said), said


def test_what_nobody_uses_may_go() -> None:
    fresh = Cell()
    for what in ("nodes", "template", "rule", "group", "entry", "cluster", "route", "nat", "eip", "routed", "table"):
        record: Record = getattr(fresh, what)
        assert fresh.world.refused_delete(record) == [], what
        fresh.world.records.remove(record)
    assert fresh.world.refused_delete(fresh.gateway) == []


def test_a_role_goes_only_without_policies_and_a_role_is_found_by_its_name() -> None:
    world = World()
    role = world.make("Role", name="r", assumeRolePolicy=trusted("ec2.amazonaws.com"))
    attached = world.make(
        "RolePolicyAttachment", role="r", policyArn="arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"
    )
    assert codes(world.refused_delete(role)) == {"DeleteConflict"}
    world.records.remove(attached)
    assert world.refused_delete(role) == []


def test_deletion_protection_holds_until_it_is_lifted() -> None:
    cell = Cell()
    cell.world.records.remove(cell.nodes)
    guarded = cell.world.update(cell.cluster, deletionProtection=True)
    (refused,) = cell.world.refused_delete(guarded)
    assert "cluster 'kf' has deletion protection enabled" in refused.message
    assert cell.world.refused_delete(cell.world.update(guarded, deletionProtection=False)) == []
    logs = cell.world.make("LogGroup", "kept", name="/kept", deletionProtectionEnabled=True)
    assert codes(cell.world.refused_delete(logs)) == {"OperationAbortedException"}


def test_an_access_entry_outlives_its_policies_only() -> None:
    cell = Cell()
    association = cell.world.make("AccessPolicyAssociation", **cell.good()["AccessPolicyAssociation"])
    assert codes(cell.world.refused_delete(cell.entry)) == {"ResourceInUseException"}
    cell.world.records.remove(association)
    assert cell.world.refused_delete(cell.entry) == []


def test_a_cluster_rises_by_one_minor_and_never_falls(cell: Cell) -> None:
    assert cell.world.refused_update(cell.cluster, version="1.34") == []
    for version in ("1.35", "1.32"):
        (refused,) = cell.world.refused_update(cell.cluster, version=version)
        assert f"from 1.33 to {version}" in refused.message


def test_the_way_in_is_never_taken_back(cell: Cell) -> None:
    back = cell.world.refused_update(cell.cluster, accessConfig={"authenticationMode": "CONFIG_MAP"})
    assert "cannot be taken back" in back[0].message


def test_entries_need_a_cluster_that_reads_them() -> None:
    cell = Cell()
    old = {**cell.cluster_inputs(), "name": "old", "accessConfig": {"authenticationMode": "CONFIG_MAP"}}
    cell.world.make("Cluster", "old", **old)
    inputs = {**cell.good()["AccessEntry"], "clusterName": "old"}
    assert codes(cell.world.refusals("AccessEntry", inputs)) == {"InvalidRequestException"}


def test_pods_of_an_addon_need_nodes_but_a_preview_does_not() -> None:
    cell = Cell()
    inputs = {"clusterName": "kf", "addonName": "coredns"}
    assert cell.world.refusals("Addon", inputs) == []
    cell.world.records.remove(cell.nodes)
    assert codes(cell.world.refusals("Addon", inputs)) == {"ResourceNotReady"}
    assert cell.world.refusals("Addon", inputs, operation="check") == []


@pytest.mark.parametrize(("kind", "key"), [("Addon", "clusterName"), ("RolePolicyAttachment", "role")])
def test_a_name_that_a_preview_will_make_is_judged_at_the_effect(cell: Cell, kind: str, key: str) -> None:
    inputs = {**cell.good()[kind], key: "soon"}
    assert cell.world.refusals(kind, inputs, operation="check") == []
    assert "'soon' does not exist" in cell.world.refusals(kind, inputs)[0].message


def test_a_preview_judges_nothing_by_what_the_same_run_may_change(cell: Cell) -> None:
    """Each is refused at the effect; before it, the other resource may be about to change."""
    for kind, change in (
        ("Subnet", {"cidrBlock": "10.0.16.0/24"}),
        ("NodeGroup", {"launchTemplate": {"id": cell.template.id, "version": "2"}}),
        ("NodeGroup", {"amiType": "AL2023_x86_64_STANDARD"}),
        ("Cluster", {"roleArn": cell.node_role.outputs["arn"]}),
        ("LogGroup", {"kmsKeyId": cell.key.outputs["arn"]}),
    ):
        inputs = cell.good()[kind] | change
        assert cell.world.refusals(kind, inputs, operation="check") == [], kind
        assert cell.world.refusals(kind, inputs) != [], kind


def test_a_machine_is_refused_where_the_zone_lacks_it() -> None:
    zone, machine = next(
        (zone, machine)
        for zone in offers.zones("us-east-1")
        for machine in ("m8g.large", "r8g.large", "m7i.large", "t4g.large", "m7g.large")
        if not offers.offered(machine, zone)
    )
    world, scope = World(), Scope("aws", ACCOUNT, "us-east-1")
    vpc = world.make("Vpc", scope=scope, cidrBlock="10.0.0.0/16")
    subnet = world.make("Subnet", scope=scope, vpcId=vpc.id, cidrBlock="10.0.0.0/24", availabilityZone=zone)
    image = "AL2023_ARM_64_STANDARD" if offers.architecture(machine) == "arm64" else "AL2023_x86_64_STANDARD"
    inputs = {"clusterName": UNKNOWN, "subnetIds": [subnet.id], "amiType": image, "instanceTypes": [machine]}
    inputs |= {"nodeGroupName": "x", "nodeRoleArn": UNKNOWN}
    (refused,) = world.refusals("NodeGroup", inputs, scope=scope)
    assert f"({machine}) is not supported in your requested zone ({zone})" in refused.message


def test_a_log_groups_key_must_let_logs_in_for_that_group() -> None:
    world = World()
    arn = f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/mine"
    let_in = json.loads(ROOT)
    let_in["Statement"].append(
        {
            "Effect": "Allow",
            "Action": "kms:Encrypt*",
            "Principal": {"Service": "logs.eu-west-1.amazonaws.com"},
            "Resource": "*",
            "Condition": {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": arn}},
        }
    )
    key = world.make("Key", policy=json.dumps(let_in)).outputs["arn"]
    assert world.refusals("LogGroup", {"name": "/mine", "kmsKeyId": key}) == []
    assert codes(world.refusals("LogGroup", {"name": "/other", "kmsKeyId": key})) == {"InvalidParameterException"}


def test_one_network_sees_one_private_zone_of_a_name(cell: Cell) -> None:
    world = World()
    vpc = world.make("Vpc", cidrBlock="10.0.0.0/16")
    world.make("Zone", "first", name="Kafka.Internal.", vpcs=[{"vpcId": vpc.id}])
    same = {"name": "kafka.internal", "vpcs": [{"vpcId": vpc.id}]}
    assert codes(world.refusals("Zone", same)) == {"ConflictingDomainExists"}
    assert world.refusals("Zone", {**same, "name": "other.internal"}) == []


def test_a_route_table_has_one_endpoint_of_a_service() -> None:
    cell = Cell()
    cell.world.make("VpcEndpoint", "first", **cell.good()["VpcEndpoint"])
    assert codes(cell.world.refusals("VpcEndpoint", cell.good()["VpcEndpoint"])) == {"RouteAlreadyExists"}
    other = {**cell.good()["VpcEndpoint"], "routeTableIds": [cell.free_table.id]}
    assert cell.world.refusals("VpcEndpoint", other) == []


def test_a_template_counts_versions_but_not_for_its_tags() -> None:
    cell = Cell()
    tagged = cell.world.update(cell.template, tags={"cost-center": "CC-2"}, description="said otherwise")
    assert tagged.outputs["latestVersion"] == 1
    assert cell.world.update(tagged, instanceType="m7g.xlarge").outputs["latestVersion"] == 2


@pytest.mark.parametrize("token", sorted(QUOTAS))
def test_a_quota_counts_within_the_region(token: str) -> None:
    world, quota = World(), QUOTAS[token]
    kind = kind_of(token)
    for number in range(quota.limit):
        world.records.append(Record(f"urn:{number}", token, str(number), HERE, {}, {}))
    found = [r for r in world.refusals(kind, {}, operation="check") if r.code == quota.code]
    assert f"{quota.limit} of {quota.limit}" in found[0].message
    assert not [r for r in world.refusals(kind, {}, scope=OTHERS, operation="check") if r.code == quota.code]
    old = world.records[0]
    assert not [r for r in world.refusals(kind, {}, operation="check", old=old) if r.code == quota.code]


@pytest.mark.parametrize(("token", "parent"), sorted(PER_PARENT))
def test_a_quota_counts_within_the_parent(token: str, parent: str) -> None:
    world, quota = World(), PER_PARENT[token, parent]
    kind = kind_of(token)
    for number in range(quota.limit):
        world.records.append(Record(f"urn:{number}", token, str(number), HERE, {parent: "mine"}, {}))
    found = [r for r in world.refusals(kind, {parent: "mine"}, operation="check") if "maximum number" in r.message]
    assert codes(found) == {quota.code}
    other = world.refusals(kind, {parent: "other"}, operation="check")
    assert not [r for r in other if "maximum number" in r.message]


@pytest.mark.parametrize("kind", KINDS)
def test_normal_forms_are_idempotent_and_change_no_input(cell: Cell, kind: str) -> None:
    model = MODEL.types[TOKENS[kind]]
    given = cell.good()[kind]
    before = json.dumps(given, sort_keys=True)
    once = model.normalize(given)
    assert model.normalize(once) == once
    assert json.dumps(given, sort_keys=True) == before


def test_sets_documents_ranges_and_names_are_compared_by_meaning() -> None:
    def normal(kind: str, **inputs: Any) -> Any:
        return MODEL.types[TOKENS[kind]].normalize(inputs)

    one = normal("NodeGroup", subnetIds=["b", "a", "b"], taints=[{"key": "z"}, {"key": "a"}])
    assert one == normal("NodeGroup", subnetIds=["a", "b"], taints=[{"key": "a"}, {"key": "z"}])
    assert normal("NodeGroup", instanceTypes=["b", "a"])["instanceTypes"] == ["b", "a"]
    assert normal("VpcEndpoint", routeTableIds=[UNKNOWN, "a"])["routeTableIds"] == ["a", UNKNOWN]
    assert normal("RolePolicy", policy='{"a": 1,\n "b": 2}') == normal("RolePolicy", policy='{"b":2,"a":1}')
    assert normal("RolePolicy", policy="{") == {"policy": "{"}
    assert normal("Subnet", cidrBlock="10.0.0.18/16")["cidrBlock"] == "10.0.0.0/16"
    assert normal("Zone", name="Kafka.Internal.")["name"] == "kafka.internal"
    assert normal("Cluster", vpcConfig={"subnetIds": []})["vpcConfig"]["endpointPublicAccess"] is True
    assert normal("Vpc", tags={}) == normal("Vpc")


@pytest.mark.parametrize("kind", sorted(TOKENS))
def test_every_mapping_to_the_vendors_model_leads_somewhere(kind: str) -> None:
    found = coverage("pulumi_aws", MODEL.types[TOKENS[kind]])
    assert found.broken == ()
    assert found.unmapped == ()


@pytest.mark.parametrize("kind", sorted(TOKENS))
def test_immutable_properties_are_inputs_and_have_a_source(kind: str) -> None:
    from sandbox.sdk.types import resource_type

    model = MODEL.types[TOKENS[kind]]
    shape = resource_type("pulumi_aws", model.token)
    assert shape is not None
    known = shape.shapes[shape.root].properties
    assert all(path.split(".")[0] in known for path in model.immutable)
    assert all(model.immutable.values())


def test_ids_are_like_the_vendors_and_the_same_again() -> None:
    first, second = Cell(), Cell()
    assert [r.id for r in first.world.records] == [r.id for r in second.world.records]
    assert len(first.vpc.id) == len("vpc-0123456789abcdef0")
    assert first.nodes.id == "kf:kafka"
    assert first.route.id == f"r-{first.table.id}1080289494"
    assert first.cluster.outputs["endpoint"].endswith(".gr7.eu-west-1.eks.amazonaws.com")
    assert first.eks_role.outputs["arn"] == f"arn:aws:iam::{ACCOUNT}:role/eks"


def test_a_cluster_made_again_has_another_endpoint() -> None:
    cell = Cell()
    again = cell.world.make("Cluster", "again", **{**cell.cluster_inputs(), "name": "again"})
    assert again.outputs["endpoint"] != cell.cluster.outputs["endpoint"]
    assert cell.world.update(cell.cluster, version="1.34").outputs["endpoint"] == cell.cluster.outputs["endpoint"]


@pytest.mark.parametrize(
    ("config", "code"),
    [
        ({"allowedAccountIds": [ACCOUNT]}, "MissingRegion"),
        ({"region": "", "allowedAccountIds": [ACCOUNT]}, "MissingRegion"),
        ({"region": "eu-west-9", "allowedAccountIds": [ACCOUNT]}, "InvalidRegion"),
        ({"region": "eu-west-1"}, "AccountNotAllowed"),
        ({"region": "eu-west-1", "allowedAccountIds": []}, "AccountNotAllowed"),
        ({"region": "eu-west-1", "allowedAccountIds": [ACCOUNT, "999988887777"]}, "AccountNotAllowed"),
        ({"region": "eu-west-1", "allowedAccountIds": ["my-account"]}, "AccountNotAllowed"),
        (
            {"region": "eu-west-1", "allowedAccountIds": [ACCOUNT], "forbiddenAccountIds": [ACCOUNT]},
            "AccountNotAllowed",
        ),
    ],
)
def test_a_provider_without_region_or_account_is_refused(config: dict[str, Any], code: str) -> None:
    assert codes(list(MODEL.check_config(config))) == {code}


def test_a_provider_with_region_and_account_works_for_them() -> None:
    config = {"region": "eu-west-1", "allowedAccountIds": [ACCOUNT], "defaultTags": {"tags": {"owner": "x"}}}
    assert list(MODEL.check_config(config)) == []
    assert list(MODEL.check_config({"region": UNKNOWN, "allowedAccountIds": UNKNOWN})) == []
    assert MODEL.scope(config) == HERE


def test_the_caller_and_the_zones_can_be_asked() -> None:
    caller = MODEL.functions["aws:index/getCallerIdentity:getCallerIdentity"]({}, HERE, World())
    assert caller["accountId"] == ACCOUNT
    zones = MODEL.functions["aws:index/getAvailabilityZones:getAvailabilityZones"]({}, HERE, World())
    assert zones["names"] == ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
    assert MODEL.functions["aws:index/getRegion:getRegion"]({}, HERE, World())["name"] == "eu-west-1"


def test_the_sandbox_knows_nothing_of_the_product() -> None:
    from pathlib import Path

    from sandbox.clouds import aws

    for file in Path(aws.__file__).parent.glob("*.py"):
        text = file.read_text("utf-8")
        assert "components" not in text.replace("component creates", ""), file
        assert "stacks" not in text, file
