"""What CI may do in AWS, action by action.

Owns      two lists for each service that cells use: what reads, and what makes or changes; and what loses data.
Refuses   actions that return content: objects, log lines, parameters, secrets, images.
Source    the Service Authorization Reference, and the calls that terraform-provider-aws makes for the resource types
          of components/clouds/aws (general knowledge, 2026-11; no account was asked).
"""

READ = {
    "autoscaling": ("DescribeAutoScalingGroups", "DescribeScalingActivities"),
    "ec2": (
        "DescribeAccountAttributes", "DescribeAddresses", "DescribeAddressesAttribute", "DescribeAvailabilityZones",
        "DescribeDhcpOptions", "DescribeFlowLogs", "DescribeImages", "DescribeInstanceTypes",
        "DescribeInstanceTypeOfferings", "DescribeInstances", "DescribeInternetGateways",
        "DescribeLaunchTemplateVersions", "DescribeLaunchTemplates", "DescribeManagedPrefixLists",
        "DescribeNatGateways",
        "DescribeNetworkAcls", "DescribeNetworkInterfaces", "DescribePrefixLists", "DescribeRegions",
        "DescribeRouteTables", "DescribeSecurityGroupRules", "DescribeSecurityGroups", "DescribeSubnets",
        "DescribeTags",
        "DescribeTransitGatewayAttachments", "DescribeTransitGatewayRouteTables",
        "DescribeTransitGatewayVpcAttachments", "DescribeTransitGateways", "DescribeVolumes", "DescribeVpcAttribute",
        "DescribeVpcEndpointConnections", "DescribeVpcEndpointServiceConfigurations",
        "DescribeVpcEndpointServicePermissions", "DescribeVpcEndpointServices", "DescribeVpcEndpoints",
        "DescribeVpcPeeringConnections", "DescribeVpcs", "GetTransitGatewayRouteTableAssociations",
        "GetTransitGatewayRouteTablePropagations", "SearchTransitGatewayRoutes",
    ),
    "eks": (
        "DescribeAccessEntry", "DescribeAddon", "DescribeAddonVersions", "DescribeCluster", "DescribeNodegroup",
        "DescribePodIdentityAssociation", "DescribeUpdate", "ListAccessEntries", "ListAddons",
        "ListAssociatedAccessPolicies", "ListClusters", "ListNodegroups", "ListPodIdentityAssociations",
        "ListTagsForResource",
    ),
    "elasticloadbalancing": (
        "DescribeListenerAttributes", "DescribeListeners", "DescribeLoadBalancerAttributes", "DescribeLoadBalancers",
        "DescribeTags", "DescribeTargetGroupAttributes", "DescribeTargetGroups", "DescribeTargetHealth",
    ),
    "iam": (
        "GetOpenIDConnectProvider", "GetPolicy", "GetPolicyVersion", "GetRole", "GetRolePolicy",
        "ListAttachedRolePolicies", "ListInstanceProfilesForRole", "ListPolicyVersions", "ListRolePolicies",
        "ListRoleTags",
    ),
    "kms": (
        "DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListAliases", "ListResourceTags",
    ),
    "logs": ("DescribeLogGroups", "ListTagsForResource"),
    "ram": (
        "GetResourceShareAssociations", "GetResourceShareInvitations", "GetResourceShares", "ListResources",
    ),
    "route53": (
        "GetChange", "GetHostedZone", "ListHostedZones", "ListHostedZonesByVPC", "ListResourceRecordSets",
        "ListTagsForResource", "ListVPCAssociationAuthorizations",
    ),
}  # fmt: skip

CHANGE = {
    "autoscaling": (
        "AttachLoadBalancerTargetGroups", "AttachTrafficSources", "CreateOrUpdateTags",
        "DetachLoadBalancerTargetGroups", "DetachTrafficSources",
    ),
    "ec2": (
        "AcceptTransitGatewayVpcAttachment", "AcceptVpcEndpointConnections", "AcceptVpcPeeringConnection",
        "AllocateAddress", "AssociateAddress", "AssociateDhcpOptions", "AssociateRouteTable",
        "AssociateTransitGatewayRouteTable", "AssociateVpcCidrBlock", "AttachInternetGateway",
        "AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress", "CreateFlowLogs", "CreateInternetGateway",
        "CreateLaunchTemplate", "CreateLaunchTemplateVersion", "CreateNatGateway", "CreateRoute", "CreateRouteTable",
        "CreateSecurityGroup", "CreateSubnet", "CreateTags", "CreateTransitGateway", "CreateTransitGatewayRoute",
        "CreateTransitGatewayRouteTable", "CreateTransitGatewayVpcAttachment", "CreateVpc", "CreateVpcEndpoint",
        "CreateVpcEndpointServiceConfiguration", "CreateVpcPeeringConnection", "DeleteFlowLogs",
        "DeleteLaunchTemplate", "DeleteLaunchTemplateVersions", "DeleteRoute", "DeleteRouteTable",
        "DeleteSecurityGroup", "DeleteTags", "DeleteTransitGatewayRoute", "DeleteVpcEndpoints",
        "DisableTransitGatewayRouteTablePropagation", "DisassociateAddress", "DisassociateRouteTable",
        "DisassociateTransitGatewayRouteTable", "EnableTransitGatewayRouteTablePropagation",
        "ModifyLaunchTemplate", "ModifySecurityGroupRules", "ModifySubnetAttribute", "ModifyTransitGateway",
        "ModifyTransitGatewayVpcAttachment", "ModifyVpcAttribute", "ModifyVpcEndpoint",
        "ModifyVpcEndpointServiceConfiguration", "ModifyVpcEndpointServicePermissions",
        "ModifyVpcPeeringConnectionOptions", "ReplaceRoute", "ReplaceRouteTableAssociation",
        "RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress", "RunInstances",
    ),
    "eks": (
        "AssociateAccessPolicy", "AssociateEncryptionConfig", "CreateAccessEntry", "CreateAddon", "CreateCluster",
        "CreateNodegroup", "CreatePodIdentityAssociation", "DeleteAccessEntry", "DeleteAddon", "DeleteNodegroup",
        "DeletePodIdentityAssociation", "DisassociateAccessPolicy", "TagResource", "UntagResource",
        "UpdateAccessEntry", "UpdateAddon", "UpdateClusterConfig", "UpdateClusterVersion", "UpdateNodegroupConfig",
        "UpdateNodegroupVersion", "UpdatePodIdentityAssociation",
    ),
    "elasticloadbalancing": (
        "AddTags", "CreateListener", "CreateLoadBalancer", "CreateTargetGroup", "DeleteListener", "DeleteTargetGroup",
        "DeregisterTargets", "ModifyListener", "ModifyLoadBalancerAttributes", "ModifyTargetGroup",
        "ModifyTargetGroupAttributes", "RegisterTargets", "RemoveTags", "SetSecurityGroups", "SetSubnets",
    ),
    "kms": (
        "CreateAlias", "CreateGrant", "CreateKey", "EnableKeyRotation", "PutKeyPolicy", "TagResource", "UntagResource",
        "UpdateAlias", "UpdateKeyDescription",
    ),
    "logs": (
        "AssociateKmsKey", "CreateLogGroup", "PutRetentionPolicy", "TagResource", "UntagResource",
    ),
    "ram": (
        "AcceptResourceShareInvitation", "AssociateResourceShare", "CreateResourceShare", "DisassociateResourceShare",
        "TagResource", "UpdateResourceShare",
    ),
    "route53": (
        "AssociateVPCWithHostedZone", "ChangeResourceRecordSets", "ChangeTagsForResource", "CreateHostedZone",
        "CreateVPCAssociationAuthorization", "DeleteVPCAssociationAuthorization", "DisassociateVPCFromHostedZone",
    ),
}  # fmt: skip

ROLES = (
    "AttachRolePolicy", "CreateRole", "DeleteRole", "DeleteRolePolicy", "DetachRolePolicy", "PassRole",
    "PutRolePolicy", "TagRole", "UntagRole", "UpdateAssumeRolePolicy", "UpdateRole", "UpdateRoleDescription",
)  # fmt: skip
"""On roles of cells alone (`kf-*`), and never on CI's own."""

LOSES_DATA = (
    "ec2:DeleteInternetGateway", "ec2:DeleteNatGateway", "ec2:DeleteSnapshot", "ec2:DeleteSubnet",
    "ec2:DeleteTransitGateway", "ec2:DeleteTransitGatewayRouteTable", "ec2:DeleteTransitGatewayVpcAttachment",
    "ec2:DeleteVolume", "ec2:DeleteVpc", "ec2:DeleteVpcEndpointServiceConfigurations",
    "ec2:DeleteVpcPeeringConnection", "ec2:DetachInternetGateway", "ec2:ReleaseAddress",
    "eks:DeleteCluster", "elasticloadbalancing:DeleteLoadBalancer", "kms:DeleteAlias", "kms:DisableKey",
    "kms:ScheduleKeyDeletion", "logs:DeleteLogGroup", "ram:DeleteResourceShare", "route53:DeleteHostedZone",
    "s3:DeleteBucket", "s3:DeleteObjectVersion",
)  # fmt: skip
"""What the apply role can never do, whatever policy it is given, and what the destroy role is for."""


def named(service: str, actions: tuple[str, ...]) -> list[str]:
    """Actions as policies write them."""
    return [f"{service}:{action}" for action in actions]
