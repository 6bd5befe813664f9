"""The clouds' own API models as judges: where a wire property goes there, and what is refused."""

from typing import Any

import pytest

from sandbox.api.judge import judge, judgeable, matches
from sandbox.api.schema import load
from sandbox.api.translate import translate
from sandbox.contract import UNKNOWN, ApiModel

EKS = ApiModel("botocore", "eks", "CreateCluster", {"vpcConfig": "resourcesVpcConfig", "tags": ""}, {})
SUBNETWORK = ApiModel("discovery", "compute.v1", "Subnetwork", {"project": ""}, {})
ROUTE = ApiModel("botocore", "ec2", "CreateRoute", {"gatewayId": "GatewayId"}, {})
INGRESS = ApiModel(
    "botocore",
    "ec2",
    "AuthorizeSecurityGroupIngress",
    {"cidrBlocks[]": "IpPermissions[].IpRanges[].CidrIp", "type": ""} | {"fromPort": "IpPermissions[].FromPort"},
    {},
)
NODES = ApiModel(
    "botocore", "eks", "CreateNodegroup", {}, dict.fromkeys(("clusterName", "nodegroupName", "subnets", "nodeRole"))
)
VNET = ApiModel("azure-mgmt", "azure.mgmt.network.models", "VirtualNetwork", {"resourceGroupName": ""}, {})

GOOD: dict[str, Any] = {"name": "orders", "roleArn": "arn:role", "vpcConfig": {"subnetIds": ["a"]}}

REFUSED: list[tuple[ApiModel, dict[str, Any], str, tuple[str | int, ...]]] = [
    (EKS, {**GOOD, "name": "white space"}, "pattern-mismatch", ("name",)),
    (EKS, {**GOOD, "name": "x" * 101}, "too-large", ("name",)),
    (
        EKS,
        {**GOOD, "accessConfig": {"authenticationMode": "api"}},
        "value-not-allowed",
        ("accessConfig", "authenticationMode"),
    ),
    (EKS, {"name": "orders", "vpcConfig": {}}, "missing-required-member", ("roleArn",)),
    (
        NODES,
        {"updateConfig": {"maxUnavailablePercentage": 101}},
        "too-large",
        ("updateConfig", "maxUnavailablePercentage"),
    ),
    (NODES, {"scalingConfig": {"minSize": -1}}, "too-small", ("scalingConfig", "minSize")),
    (NODES, {"taints": {"effect": "NO"}}, "value-not-allowed", ("taints", "effect")),
    (SUBNETWORK, {"name": "Upper", "network": "n"}, "pattern-mismatch", ("name",)),
    (SUBNETWORK, {"name": "a", "stackType": "IPV4"}, "value-not-allowed", ("stackType",)),
    (
        VNET,
        {"subnets": [{"privateEndpointNetworkPolicies": "Off"}]},
        "value-not-allowed",
        ("subnets", 0, "privateEndpointNetworkPolicies"),
    ),
]


@pytest.mark.parametrize(("model", "inputs", "code", "path"), REFUSED)
def test_refused(model: ApiModel, inputs: dict[str, Any], code: str, path: tuple[str | int, ...]) -> None:
    told = [(one.judge, one.code, one.path) for one in judge(model, inputs)]
    assert told == [("api", code, path)]


@pytest.mark.parametrize(
    ("model", "inputs"),
    [
        (EKS, GOOD),
        (EKS, {**GOOD, "name": UNKNOWN, "accessConfig": UNKNOWN}),
        (SUBNETWORK, {"name": "a", "network": "n", "ipCidrRange": "10.0.0.0/24", "project": "p"}),
        (VNET, {"resourceGroupName": "g", "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}),
    ],
)
def test_accepted(model: ApiModel, inputs: dict[str, Any]) -> None:
    assert judge(model, inputs) == []


def test_what_the_provider_fills_by_itself_is_not_missing() -> None:
    filled = ApiModel(EKS.source, EKS.service, EKS.shape, EKS.rename, {"roleArn": "the provider's own"})
    assert judge(filled, {"name": "a", "vpcConfig": {}}) == []


def test_properties_go_where_the_model_has_them() -> None:
    schema = load(INGRESS)
    translated = translate(INGRESS, schema, {"cidrBlocks": ["10.0.0.0/8", "10.1.0.0/16"], "fromPort": 1, "type": "x"})
    ranges = [{"CidrIp": "10.0.0.0/8"}, {"CidrIp": "10.1.0.0/16"}]
    assert translated.document == {"IpPermissions": [{"IpRanges": ranges, "FromPort": 1}]}
    assert translated.unmapped == []


def test_what_has_no_place_is_listed() -> None:
    translated = translate(ROUTE, load(ROUTE), {"gatewayId": "g", "nonsense": {"deep": ["x"]}})
    assert translated.unmapped == [("nonsense", "deep", 0)]


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ("[a-z]+", "abc", True),
        ("[a-z]+", "abc1", False),
        ("^[a-z]+$", "abc1", False),
        ("^[0-9A-Za-z][A-Za-z0-9\\-_]*", "a b", False),
        ("^arn:", "arn:aws:iam", True),
        ("^arn:", "aws:iam", False),
        (r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*", "Größe 1", True),
    ],
)
def test_patterns(pattern: str, value: str, expected: bool) -> None:
    assert judgeable(pattern)
    assert matches(pattern, value) is expected


@pytest.mark.parametrize(
    "model",
    [
        ApiModel("botocore", "nothing", "X", {}, {}),
        ApiModel("botocore", "eks", "CreateNothing", {}, {}),
        ApiModel("discovery", "nothing.v1", "X", {}, {}),
        ApiModel("discovery", "compute.v1", "Nothing", {}, {}),
        ApiModel("elsewhere", "a", "b", {}, {}),
    ],
)
def test_a_model_that_is_not_there_is_said_to_be(model: ApiModel) -> None:
    with pytest.raises(LookupError):
        load(model)
