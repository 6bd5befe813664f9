"""How many of a thing an account may have.

Owns      the numbers, each with AWS's default, its source, and what the sandbox's accounts were raised to.
Refuses   rate limits: those are faults (`fleet sandbox fault`), not counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.clouds.aws.laws import region_of
from sandbox.contract import UNKNOWN, Refusal, Request, World


@dataclass(frozen=True)
class Quota:
    """`default` is what a new account has; `raised` what the sandbox assumes was granted (0: not raised)."""

    code: str
    what: str
    default: int
    raised: int
    source: str

    @property
    def limit(self) -> int:
        """What counts here."""
        return self.raised or self.default


_VPC = "Amazon VPC user guide, 'Amazon VPC quotas'"
_EKS = "Amazon EKS user guide, 'View and manage Amazon EKS service quotas'"
_TGW = "AWS Transit Gateway guide, 'Quotas for your transit gateways'"
_ELB = "Elastic Load Balancing guide, 'Quotas for your Network Load Balancers'"
_R53 = "Route 53 developer guide, 'Quotas'"
_LINK = "AWS PrivateLink guide, 'AWS PrivateLink quotas'"
_ASG = "Amazon EC2 Auto Scaling user guide, 'Quotas'"

QUOTAS = {
    "aws:ec2/vpc:Vpc": Quota("VpcLimitExceeded", "VPCs a region", 5, 50, _VPC),
    "aws:ec2/internetGateway:InternetGateway": Quota(
        "InternetGatewayLimitExceeded", "internet gateways a region", 5, 50, _VPC
    ),
    "aws:ec2/eip:Eip": Quota("AddressLimitExceeded", "Elastic IP addresses a region", 5, 150, _VPC),
    "aws:ec2/securityGroup:SecurityGroup": Quota(
        "SecurityGroupLimitExceeded", "security groups a region", 2500, 0, _VPC
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": Quota(
        "LaunchTemplateLimitExceeded", "launch templates a region", 5000, 0, "Amazon EC2 user guide, launch templates"
    ),
    "aws:eks/cluster:Cluster": Quota("ResourceLimitExceededException", "clusters a region", 100, 0, _EKS),
    "aws:ec2transitgateway/transitGateway:TransitGateway": Quota(
        "TransitGatewayLimitExceeded", "transit gateways an account", 5, 0, _TGW
    ),
    "aws:lb/targetGroup:TargetGroup": Quota("TooManyTargetGroups", "target groups a region", 3000, 0, _ELB),
    "aws:ram/resourceShare:ResourceShare": Quota(
        "ResourceShareLimitExceededException", "resource shares a region", 5000, 0, "AWS RAM guide, 'Service quotas'"
    ),
    "aws:route53/zone:Zone": Quota("TooManyHostedZones", "hosted zones an account", 500, 0, _R53),
    "aws:iam/role:Role": Quota("LimitExceeded", "roles an account", 1000, 0, "IAM user guide, 'IAM and STS quotas'"),
}
"""Counted in the whole region (IAM and Route 53: the account)."""

PER_PARENT = {
    ("aws:ec2/subnet:Subnet", "vpcId"): Quota("SubnetLimitExceeded", "subnets a VPC", 200, 0, _VPC),
    ("aws:ec2/routeTable:RouteTable", "vpcId"): Quota("RouteTableLimitExceeded", "route tables a VPC", 200, 0, _VPC),
    ("aws:ec2/route:Route", "routeTableId"): Quota("RouteLimitExceeded", "routes a route table", 50, 0, _VPC),
    ("aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation", "vpcId"): Quota(
        "CidrLimitExceeded", "IPv4 ranges that a VPC has beside its own", 4, 9, _VPC
    ),
    ("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "securityGroupId"): Quota(
        "RulesPerSecurityGroupLimitExceeded", "inbound rules a security group", 60, 0, _VPC
    ),
    ("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "securityGroupId"): Quota(
        "RulesPerSecurityGroupLimitExceeded", "outbound rules a security group", 60, 0, _VPC
    ),
    ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "role"): Quota(
        "LimitExceeded", "managed policies a role", 10, 0, "IAM user guide, 'IAM and STS quotas'"
    ),
    ("aws:ec2transitgateway/vpcAttachment:VpcAttachment", "vpcId"): Quota(
        "TransitGatewayAttachmentLimitExceeded", "transit gateway attachments a VPC", 5, 0, _TGW
    ),
    ("aws:ec2transitgateway/routeTable:RouteTable", "transitGatewayId"): Quota(
        "TransitGatewayRouteTableLimitExceeded", "route tables a transit gateway", 20, 0, _TGW
    ),
    ("aws:ec2transitgateway/route:Route", "transitGatewayRouteTableId"): Quota(
        "TransitGatewayRouteLimitExceeded", "static routes a transit gateway route table", 10000, 0, _TGW
    ),
    ("aws:lb/listener:Listener", "loadBalancerArn"): Quota(
        "TooManyListeners", "listeners a network load balancer", 50, 0, _ELB
    ),
    ("aws:autoscaling/attachment:Attachment", "autoscalingGroupName"): Quota(
        "LimitExceeded", "target groups an Auto Scaling group", 50, 0, _ASG
    ),
    ("aws:route53/record:Record", "zoneId"): Quota("LimitsExceeded", "records a hosted zone", 10000, 0, _R53),
    ("aws:route53/vpcAssociationAuthorization:VpcAssociationAuthorization", "zoneId"): Quota(
        "TooManyVPCAssociationAuthorizations", "networks that a zone may be associated with later", 100, 0, _R53
    ),
    ("aws:eks/nodeGroup:NodeGroup", "clusterName"): Quota(
        "ResourceLimitExceededException", "managed node groups a cluster", 30, 0, _EKS
    ),
}
"""Counted among the resources with the same parent."""

PEERINGS = Quota(
    "ActiveVpcPeeringConnectionPerVpcLimitExceeded",
    "active peerings a VPC",
    50,
    0,
    "Amazon VPC peering guide, 'VPC peering connection quotas' (50, raised to at most 125)",
)
PENDING_PEERINGS = Quota(
    "OutstandingVpcPeeringConnectionLimitExceeded",
    "peerings that wait for their acceptance, an account and region",
    25,
    0,
    "Amazon VPC peering guide, 'VPC peering connection quotas'",
)
INTERFACES = Quota("VpcEndpointLimitExceeded", "interface endpoints a VPC", 50, 0, _LINK)
GATEWAYS = Quota("VpcEndpointLimitExceeded", "gateway endpoints a region", 20, 0, _LINK)
BALANCERS = Quota("TooManyLoadBalancers", "network load balancers a region", 50, 0, _ELB)
ZONE_NETWORKS = Quota("LimitsExceeded", "networks a private hosted zone", 300, 0, _R53)
"""Counted by the laws of their service: only some resources of a type, or of both sides, count."""


def over(which: Quota, there: int) -> list[Refusal]:
    """One more than the limit is refused."""
    return [_over(which, there)] if there >= which.limit else []


_GLOBAL = ("aws:iam/", "aws:route53/")


def quota(request: Request, world: World) -> Iterable[Refusal]:
    """Refuses one more than the account may have."""
    if request.operation not in ("check", "create") or request.old is not None:
        return
    others = [
        record
        for record in world.all(request.type, request.scope)
        if record.urn != request.urn and (region_of(record) == request.scope.region or request.type.startswith(_GLOBAL))
    ]
    whole = QUOTAS.get(request.type)
    if whole and len(others) >= whole.limit:
        yield _over(whole, len(others))
    for (token, parent), each in PER_PARENT.items():
        mine = request.inputs.get(parent)
        if token != request.type or mine is None or mine is UNKNOWN:
            continue
        siblings = sum(record.inputs.get(parent) == mine for record in others)
        if siblings >= each.limit:
            yield _over(each, siblings)


def _over(which: Quota, there: int) -> Refusal:
    said = f"the maximum number of {which.what} has been reached: {there} of {which.limit}"
    raised = f" (raised from {which.default})" if which.raised else ""
    return Refusal("law", which.code, f"{said}{raised}")
