"""The vendors' SDKs as judges: what they refuse at any depth, and the private names that this rests on."""

from typing import Any

import pulumi
import pytest
from pulumi import _types

from sandbox.contract import UNKNOWN
from sandbox.sdk.judge import judge, nearest
from sandbox.sdk.types import provider_type, resource_type, tokens

CLUSTER = {"roleArn": "r", "vpcConfig": {"subnetIds": ["a", "b"]}}

WRONG: list[tuple[str, str, dict[str, Any], str, tuple[str | int, ...]]] = [
    ("pulumi_aws", "aws:eks/cluster:Cluster", {"roleArn": "r"}, "missing-required-property", ("vpcConfig",)),
    (
        "pulumi_aws",
        "aws:eks/cluster:Cluster",
        {**CLUSTER, "vpcConfig": {}},
        "missing-required-property",
        ("vpcConfig", "subnetIds"),
    ),
    ("pulumi_aws", "aws:eks/cluster:Cluster", {**CLUSTER, "vpcConfig": ["a"]}, "wrong-type", ("vpcConfig",)),
    ("pulumi_aws", "aws:eks/cluster:Cluster", {**CLUSTER, "tags": {"a": 1}}, "wrong-type", ("tags", "a")),
    (
        "pulumi_aws",
        "aws:eks/cluster:Cluster",
        {**CLUSTER, "vpcConfig": {"subnetIds": ["a", 2]}},
        "wrong-type",
        ("vpcConfig", "subnetIds", 1),
    ),
    (
        "pulumi_aws",
        "aws:ec2/subnet:Subnet",
        {"vpcId": "v", "ipv4NetmaskLength": 1.5},
        "wrong-type",
        ("ipv4NetmaskLength",),
    ),
    (
        "pulumi_aws",
        "aws:ec2/subnet:Subnet",
        {"vpcId": "v", "ipv4NetmaskLength": True},
        "wrong-type",
        ("ipv4NetmaskLength",),
    ),
    (
        "pulumi_gcp",
        "gcp:compute/subnetwork:Subnetwork",
        {"network": "n", "logConfig": {"agregationInterval": "x"}},
        "unknown-property",
        ("logConfig", "agregationInterval"),
    ),
    (
        "pulumi_azure_native",
        "azure-native:network:VirtualNetwork",
        {"resourceGroupName": "g", "subnets": [{"natGatway": {}}]},
        "unknown-property",
        ("subnets", 0, "natGatway"),
    ),
    (
        "pulumi_kubernetes",
        "kubernetes:core/v1:Namespace",
        {"apiVersion": "v2", "metadata": {"name": "n"}},
        "value-not-allowed",
        ("apiVersion",),
    ),
    (
        "pulumi_kubernetes",
        "kubernetes:apps/v1:Deployment",
        {"spec": {"selector": {}, "template": {"spec": {"containers": [{"name": "a", "imagePullpolicy": "Always"}]}}}},
        "unknown-property",
        ("spec", "template", "spec", "containers", 0, "imagePullpolicy"),
    ),
]


@pytest.mark.parametrize(("sdk", "token", "inputs", "code", "path"), WRONG)
def test_refused(sdk: str, token: str, inputs: dict[str, Any], code: str, path: tuple[str | int, ...]) -> None:
    kind = resource_type(sdk, token)
    assert kind is not None
    assert [(one.judge, one.code, one.path) for one in judge(kind, inputs)] == [("sdk", code, path)]


def test_closed_enums_of_azure_are_closed_and_open_ones_are_open() -> None:
    kind = resource_type("pulumi_azure_native", "azure-native:managedidentity:UserAssignedIdentity")
    assert kind is not None
    kind = resource_type("pulumi_azure_native", "azure-native:keyvault:Vault")
    assert kind is not None
    sku = {"family": "A", "name": "premum"}
    inputs = {"resourceGroupName": "g", "properties": {"tenantId": "t", "sku": sku}}
    assert [(one.code, one.path) for one in judge(kind, inputs)] == [
        ("value-not-allowed", ("properties", "sku", "name"))
    ]
    sku["name"], sku["family"] = "premium", "a family that Azure may add later"
    assert judge(kind, inputs) == []


def test_what_is_not_known_yet_is_not_refused() -> None:
    kind = resource_type("pulumi_aws", "aws:eks/cluster:Cluster")
    assert kind is not None
    assert judge(kind, {"roleArn": UNKNOWN, "vpcConfig": {"subnetIds": [UNKNOWN]}, "tags": UNKNOWN}) == []


def test_the_nearest_right_name_is_told() -> None:
    assert nearest("cidr_block", ["cidrBlock", "vpcId"]) == "cidrBlock"
    assert nearest("cidrBlok", ["cidrBlock", "vpcId"]) == "cidrBlock"
    assert nearest("zzz", ["cidrBlock", "vpcId"]) is None


@pytest.mark.parametrize("sdk", ["pulumi_aws", "pulumi_gcp", "pulumi_azure_native", "pulumi_kubernetes"])
def test_every_sdk_has_types_and_a_provider(sdk: str) -> None:
    assert len(tokens(sdk)) > 100
    assert provider_type(sdk).shapes[provider_type(sdk).root].properties
    assert resource_type(sdk, "nothing:like/this:Type") is None


def test_where_the_sdk_has_both_the_resource_has_its_own_inputs() -> None:
    kind = resource_type("pulumi_azure_native", "azure-native:network:VirtualNetwork")
    assert kind is not None
    assert kind.root.endswith("virtual_network.VirtualNetworkInitArgs")
    assert "resourceGroupName" in kind.shapes[kind.root].properties


def test_the_private_names_of_pulumi_do_what_is_relied_upon() -> None:
    @pulumi.input_type
    class Inner:
        @property
        @pulumi.getter(name="someName")
        def some_name(self) -> pulumi.Input[str]:
            raise NotImplementedError

        @property
        @pulumi.getter
        def other(self) -> pulumi.Input[int | None]:
            raise NotImplementedError

    assert set(_types._raw_return_hints(Inner)) == {"someName", "other"}
    assert _types._required_property_names(Inner) == {"someName"}
    assert _types.is_input_type(Inner)
