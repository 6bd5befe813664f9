"""Networks, subnets, routes and firewalls, as the provider makes them by EC2's calls."""

from collections.abc import Mapping
from typing import Any

from tools.moto_witness.moto_side import Clients, given

Inputs = Mapping[str, Any]


def _vpc(on: Clients, i: Inputs) -> dict[str, Any]:
    ec2 = on.of("ec2")
    made = ec2.create_vpc(**given(i, CidrBlock="cidrBlock", InstanceTenancy="instanceTenancy"))["Vpc"]
    for name in ("enableDnsSupport", "enableDnsHostnames"):
        if i.get(name) is not None:
            ec2.modify_vpc_attribute(VpcId=made["VpcId"], **{f"{name[:1].upper()}{name[1:]}": {"Value": i[name]}})
    groups = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [made["VpcId"]]}])["SecurityGroups"]
    return {"id": made["VpcId"], "defaultSecurityGroupId": groups[0]["GroupId"]}


def _range(on: Clients, i: Inputs) -> dict[str, Any]:
    made = on.of("ec2").associate_vpc_cidr_block(**given(i, VpcId="vpcId", CidrBlock="cidrBlock"))
    return {"id": made["CidrBlockAssociation"]["AssociationId"]}


def _subnet(on: Clients, i: Inputs) -> dict[str, Any]:
    ec2 = on.of("ec2")
    made = ec2.create_subnet(**given(i, VpcId="vpcId", CidrBlock="cidrBlock", AvailabilityZone="availabilityZone"))
    id_ = made["Subnet"]["SubnetId"]
    if i.get("mapPublicIpOnLaunch"):
        ec2.modify_subnet_attribute(SubnetId=id_, MapPublicIpOnLaunch={"Value": True})
    return {"id": id_, "arn": made["Subnet"]["SubnetArn"]}


def _internet(on: Clients, i: Inputs) -> dict[str, Any]:
    ec2 = on.of("ec2")
    id_ = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    if i.get("vpcId"):
        ec2.attach_internet_gateway(InternetGatewayId=id_, VpcId=i["vpcId"])
    return {"id": id_}


def _address(on: Clients, _i: Inputs) -> dict[str, Any]:
    made = on.of("ec2").allocate_address(Domain="vpc")
    return {"id": made["AllocationId"], "publicIp": made["PublicIp"]}


def _nat(on: Clients, i: Inputs) -> dict[str, Any]:
    names = {"SubnetId": "subnetId", "AllocationId": "allocationId", "ConnectivityType": "connectivityType"}
    return {"id": on.of("ec2").create_nat_gateway(**given(i, **names))["NatGateway"]["NatGatewayId"]}


def _table(on: Clients, i: Inputs) -> dict[str, Any]:
    return {"id": on.of("ec2").create_route_table(VpcId=i["vpcId"])["RouteTable"]["RouteTableId"]}


def _route(on: Clients, i: Inputs) -> dict[str, Any]:
    on.of("ec2").create_route(
        **given(
            i,
            RouteTableId="routeTableId",
            DestinationCidrBlock="destinationCidrBlock",
            GatewayId="gatewayId",
            NatGatewayId="natGatewayId",
            TransitGatewayId="transitGatewayId",
            VpcPeeringConnectionId="vpcPeeringConnectionId",
        )
    )
    return {}


def _associated(on: Clients, i: Inputs) -> dict[str, Any]:
    made = on.of("ec2").associate_route_table(**given(i, RouteTableId="routeTableId", SubnetId="subnetId"))
    return {"id": made["AssociationId"]}


def _group(on: Clients, i: Inputs) -> dict[str, Any]:
    ec2 = on.of("ec2")
    told = {"Description": i.get("description") or "Managed by Pulumi", **given(i, GroupName="name", VpcId="vpcId")}
    id_ = ec2.create_security_group(**told)["GroupId"]
    everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.revoke_security_group_egress(GroupId=id_, IpPermissions=[everything])
    return {"id": id_}


def _permission(i: Inputs) -> dict[str, Any]:
    found = {"IpProtocol": str(i["ipProtocol"]), **given(i, FromPort="fromPort", ToPort="toPort")}
    if i.get("cidrIpv4"):
        found["IpRanges"] = [{"CidrIp": i["cidrIpv4"]}]
    if i.get("referencedSecurityGroupId"):
        found["UserIdGroupPairs"] = [{"GroupId": i["referencedSecurityGroupId"]}]
    return found


def _ingress(on: Clients, i: Inputs) -> dict[str, Any]:
    ec2 = on.of("ec2")
    ec2.authorize_security_group_ingress(GroupId=i["securityGroupId"], IpPermissions=[_permission(i)])
    return {}


def _egress(on: Clients, i: Inputs) -> dict[str, Any]:
    ec2 = on.of("ec2")
    ec2.authorize_security_group_egress(GroupId=i["securityGroupId"], IpPermissions=[_permission(i)])
    return {}


def _cluster_group(on: Clients, i: Inputs) -> dict[str, Any]:
    """Nothing of a cluster but the security group that EKS makes for it: firewall rules name that one."""
    ec2 = on.of("ec2")
    subnet = ec2.describe_subnets(SubnetIds=[i["vpcConfig"]["subnetIds"][0]])["Subnets"][0]
    name = f"eks-cluster-sg-{i['name']}"
    made = ec2.create_security_group(GroupName=name, Description="of a cluster", VpcId=subnet["VpcId"])
    return {"id": i["name"], "vpcConfig.clusterSecurityGroupId": made["GroupId"]}


CALLS = {
    "aws:ec2/vpc:Vpc": _vpc,
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": _range,
    "aws:ec2/subnet:Subnet": _subnet,
    "aws:ec2/internetGateway:InternetGateway": _internet,
    "aws:ec2/eip:Eip": _address,
    "aws:ec2/natGateway:NatGateway": _nat,
    "aws:ec2/routeTable:RouteTable": _table,
    "aws:ec2/route:Route": _route,
    "aws:ec2/routeTableAssociation:RouteTableAssociation": _associated,
    "aws:ec2/securityGroup:SecurityGroup": _group,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _ingress,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _egress,
    "aws:eks/cluster:Cluster": _cluster_group,
}
