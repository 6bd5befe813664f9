"""AWS in the sandbox. What it judges and what it doesn't: README.md beside this file."""

from sandbox.clouds.aws import (
    configuration,
    ec2_endpoint,
    ec2_firewall,
    ec2_launch,
    ec2_network,
    ec2_routes,
    eks_cluster,
    eks_inside,
    eks_nodes,
    iam,
    kms,
    logs,
    route53,
)
from sandbox.contract import CloudModel

_SERVICES = (
    ec2_network,
    ec2_routes,
    ec2_firewall,
    ec2_endpoint,
    ec2_launch,
    eks_cluster,
    eks_nodes,
    eks_inside,
    iam,
    kms,
    logs,
    route53,
)

MODEL = CloudModel(
    provider="aws",
    sdk="pulumi_aws",
    types={model.token: model for service in _SERVICES for model in service.TYPES},
    functions=configuration.FUNCTIONS,
    scope=configuration.scope,
    check_config=configuration.check_config,
)
