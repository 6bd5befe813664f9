# ruff: noqa: S106, A006 - tokens of resource types, and `id` is the word of the contract
"""A small cloud for tests of the sandbox itself: two of AWS's types, a bucket, a parameter, and plain laws.

Owns      one type for each thing that a `TypeModel` can say.
Refuses   likeness to AWS: what AWS does is tested with sandbox/clouds/aws.
"""

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.contract import UNKNOWN, ApiModel, CloudModel, Properties, Refusal, Request, Scope, TypeModel, World
from sandbox.models import clouds


def _numbered(prefix: str) -> Any:
    return lambda request, world: f"{prefix}-{world.sequence(prefix):08x}"


def _with_arn(request: Request, _world: World, id: str) -> Properties:
    arn = f"arn:aws:test:{request.scope.region}:{request.scope.account}:{id}"
    return {**request.inputs, "arn": arn, "tagsAll": request.inputs.get("tags", {})}


def _sorted_groups(inputs: Properties) -> Properties:
    if isinstance(inputs.get("subnetIds"), list):
        return {**inputs, "subnetIds": sorted(inputs["subnetIds"], key=str)}
    return inputs


def _inside_vpc(request: Request, world: World) -> Iterable[Refusal]:
    vpc_id, cidr = request.inputs.get("vpcId"), request.inputs.get("cidrBlock")
    if request.operation == "delete" or vpc_id is UNKNOWN or cidr is UNKNOWN:
        return
    vpc = world.find("aws:ec2/vpc:Vpc", str(vpc_id), request.scope)
    if vpc is None:
        yield Refusal("law", "InvalidVpcID.NotFound", f"the vpc ID '{vpc_id}' does not exist", ("vpcId",))
        return
    if not ipaddress.ip_network(str(cidr)).subnet_of(ipaddress.ip_network(vpc.inputs["cidrBlock"])):  # type: ignore[arg-type] # both are IPv4 here
        yield Refusal("law", "InvalidSubnet.Range", f"the CIDR '{cidr}' is outside of {vpc_id}", ("cidrBlock",))


def _account(config: Properties) -> Scope:
    accounts = config.get("allowedAccountIds") or ["000000000000"]
    return Scope("aws", str(accounts[0]), str(config.get("region", "")))


def _needs_region(config: Properties) -> Iterable[Refusal]:
    if not config.get("region"):
        yield Refusal("law", "MissingRegion", "no region is configured: give the provider one", ("region",))


def _whoami(_arguments: Properties, scope: Scope, _world: World) -> Properties:
    return {"accountId": scope.account, "arn": f"arn:aws:iam::{scope.account}:root", "id": scope.account, "userId": "x"}


def _types() -> Iterable[TypeModel]:
    yield TypeModel(
        token="aws:ec2/vpc:Vpc",
        api=ApiModel("botocore", "ec2", "CreateVpc", {"tags": ""}, {}),
        identify=_numbered("vpc"),
        outputs=_with_arn,
        immutable={"cidrBlock": "a VPC keeps its range"},
        in_use_code="DependencyViolation",
    )
    yield TypeModel(
        token="aws:ec2/subnet:Subnet",
        api=ApiModel("botocore", "ec2", "CreateSubnet", {"tags": ""}, {}),
        identify=_numbered("subnet"),
        outputs=_with_arn,
        immutable={"cidrBlock": "a subnet keeps its range", "vpcId": "and its VPC"},
        laws=[_inside_vpc],
    )
    yield TypeModel(
        token="aws:s3/bucket:Bucket",
        api=None,
        identify=lambda request, _world: str(request.inputs["bucket"]),
        outputs=_with_arn,
        immutable={"bucket": "its name", "objectLockEnabled": "only when it is made"},
        unique=("bucket",),
        unique_in="cloud",
    )
    yield TypeModel(
        token="aws:ssm/parameter:Parameter",
        api=ApiModel("botocore", "ssm", "PutParameter", {"tags": "", "arn": ""}, {}),
        identify=lambda request, _world: str(request.inputs["name"]),
        outputs=lambda request, world, id: {**_with_arn(request, world, id), "version": 1, "insecureValue": "hidden"},
        immutable={"name": "its name"},
        unique=("name",),
        secrets=("insecureValue",),
    )
    yield TypeModel(
        token="aws:rds/subnetGroup:SubnetGroup",
        api=None,
        identify=lambda request, _world: str(request.inputs["name"]),
        outputs=_with_arn,
        immutable={"name": "its name"},
        normalize=_sorted_groups,
    )


def models() -> Mapping[str, CloudModel]:
    """The four providers, with the small cloud in AWS's place."""
    small = CloudModel(
        provider="aws",
        sdk="pulumi_aws",
        types={model.token: model for model in _types()},
        functions={"aws:index/getCallerIdentity:getCallerIdentity": _whoami},
        scope=_account,
        check_config=_needs_region,
    )
    return {**clouds(), "aws": small}
