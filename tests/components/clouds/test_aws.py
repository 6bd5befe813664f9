"""The AWS cell: what it registers with the engine, looked at as plain data."""

import json
import re
from collections import Counter
from dataclasses import asdict, replace
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from components.cell.spec import CellSpec
from components.clouds.aws import ENTRY, access, storage
from components.clouds.aws.spec import AddonVersions, AwsSpec
from components.clouds.contract import KUBERNETES_GROUPS, ClusterAddress, NodePool
from components.clouds.machines import machines, volumes
from tests.components.clouds.aws_plan import ACCOUNT, CELL, IDENTITY, ROLE, ZONES, Plan, plan, request

FOLDER = Path(access.__file__).parent


@pytest.fixture(scope="module")
def cell() -> Plan:
    return plan()


def roles_of(found: Plan) -> dict[str, dict[str, Any]]:
    """Inputs by logical name: what two plans are compared by."""
    return {r.name: r.inputs for r in found.seen if not r.type.startswith("pulumi:pulumi")}


def statements(recorded: Any, field: str = "policy") -> list[dict[str, Any]]:
    parsed = json.loads(recorded.inputs[field])
    assert parsed["Version"] == "2012-10-17"
    found: list[dict[str, Any]] = parsed["Statement"]
    return found


def test_a_cell_of_three_zones_is_made_of_these_types(cell: Plan) -> None:
    assert Counter(r.type.rpartition(":")[2] for r in cell.cloud) == {
        "AccessEntry": 4,
        "AccessPolicyAssociation": 1,
        "Addon": 5,
        "Alias": 4,
        "Cluster": 1,
        "DefaultSecurityGroup": 1,
        "Eip": 3,
        "FlowLog": 1,
        "InternetGateway": 1,
        "Key": 4,
        "LaunchTemplate": 2,
        "LogGroup": 2,
        "NatGateway": 3,
        "NodeGroup": 6,
        "PodIdentityAssociation": 1,
        "Role": 6,
        "RolePolicy": 4,
        "RolePolicyAttachment": 5,
        "Route": 4,
        "RouteTable": 4,
        "RouteTableAssociation": 6,
        "SecurityGroup": 1,
        "SecurityGroupEgressRule": 1,
        "SecurityGroupIngressRule": 1,
        "Subnet": 6,
        "Vpc": 1,
        "VpcEndpoint": 1,
        "VpcIpv4CidrBlockAssociation": 3,
        "Zone": 1,
    }


def test_every_resource_has_a_component_as_parent_and_the_cells_own_provider(cell: Plan) -> None:
    components = {f"{CELL}-network", f"{CELL}-kubernetes"}
    assert {r.parent for r in cell.cloud} == components
    assert {r.provider for r in cell.cloud} == {f"{CELL}-provider"}
    assert components <= cell.finished


def test_the_provider_is_pinned_to_account_and_region_and_tags_everything(cell: Plan) -> None:
    (found,) = [r for r in cell.seen if r.type == "pulumi:providers:aws"]
    # The engine hands provider settings over as JSON texts.
    assert found.inputs["region"] == "eu-west-1"
    assert json.loads(found.inputs["allowedAccountIds"]) == [ACCOUNT]
    assert json.loads(found.inputs["defaultTags"]) == {"tags": dict(IDENTITY.tags)}
    # Everything else about AWS (credentials, endpoints) is the caller's; these two are the SDK's own constants.
    assert set(found.inputs) - {"region", "allowedAccountIds", "defaultTags"} == {
        "skipCredentialsValidation",
        "skipRegionValidation",
    }


def test_what_carries_data_is_protected_in_production_and_nothing_elsewhere(cell: Plan) -> None:
    protected = {r.type.rpartition(":")[2] for r in cell.cloud if r.protect}
    assert protected == {"Vpc", "VpcIpv4CidrBlockAssociation", "Subnet", "Eip", "Key", "Zone", "Cluster"}
    assert all(r.protect for kind in protected for r in cell.of(kind).values())
    assert cell.one("eks").inputs["deletionProtection"] is True

    dev = plan(request(replace(IDENTITY, production=False)))
    assert not any(r.protect for r in dev.cloud)
    assert dev.one("eks").inputs["deletionProtection"] is False


def test_two_runs_register_the_same_inputs(cell: Plan) -> None:
    assert roles_of(plan()) == roles_of(cell)


def test_physical_names_are_given_wherever_aws_would_make_one_up(cell: Plan) -> None:
    assert cell.one("eks").inputs["name"] == f"kf-{CELL}"
    assert cell.one("kafka-eu-west-1a").inputs["nodeGroupName"] == f"kf-{CELL}-kafka-arm64-eu-west-1a"
    assert cell.one("disks-key-alias").inputs["name"] == f"alias/kf-{CELL}-disks"
    for kind in ("Cluster", "LaunchTemplate", "LogGroup", "Role", "RolePolicy", "SecurityGroup", "Alias", "Zone"):
        assert all(r.inputs["name"] for r in cell.of(kind).values()), kind


def test_the_longest_cell_name_still_gives_names_that_aws_takes() -> None:
    long = replace(IDENTITY, cell="c" * 40, region="ap-southeast-1", zones=("ap-southeast-1a", "ap-southeast-1b"))
    found = plan(request(long))
    names = [r.inputs.get("name") or r.inputs.get("nodeGroupName") or "" for r in found.cloud]
    groups = [r.inputs["nodeGroupName"] for r in found.cloud if r.type.endswith(":NodeGroup")]
    assert len(set(groups)) == 4
    assert all(len(name) <= 63 for name in groups)
    assert all(len(r.inputs["name"]) <= 64 for r in found.cloud if r.type.endswith(":Role"))
    assert all(len(name) <= 255 for name in names)


def test_every_subnet_lies_in_one_range_of_the_vpc_and_none_overlap(cell: Plan) -> None:
    parts = [IPv4Network(cell.one("vpc").inputs["cidrBlock"])]
    parts += [IPv4Network(r.inputs["cidrBlock"]) for r in cell.of("VpcIpv4CidrBlockAssociation").values()]
    subnets = [IPv4Network(r.inputs["cidrBlock"]) for r in cell.of("Subnet").values()]
    assert all(sum(subnet.subnet_of(part) for part in parts) == 1 for subnet in subnets)
    assert not any(a.overlaps(b) for a in subnets for b in subnets if a is not b)
    services = IPv4Network(cell.one("eks").inputs["kubernetesNetworkConfig"]["serviceIpv4Cidr"])
    assert not any(services.overlaps(part) for part in parts)


@pytest.mark.parametrize("block", ["10.0.0.0/12", "10.16.0.0/16", "10.16.0.0/20"])
def test_ranges_stay_within_what_a_vpc_may_have(block: str) -> None:
    found = plan(request(block=block))
    ranges = [r.inputs["cidrBlock"] for kind in ("Vpc", "VpcIpv4CidrBlockAssociation") for r in found.of(kind).values()]
    assert all(16 <= IPv4Network(r).prefixlen <= 28 for r in ranges)


def test_adding_a_zone_changes_nothing_of_the_others() -> None:
    two = plan(request(replace(IDENTITY, zones=ZONES[:2])))
    three = plan(request(IDENTITY))
    changed = {name for name, inputs in roles_of(two).items() if roles_of(three)[name] != inputs}
    # The lists of all zones' subnets and route tables grow; everything else is the same.
    assert changed == {f"{CELL}-eks", f"{CELL}-s3"}


def test_each_zone_has_its_own_way_out_unless_one_nat_is_asked_for(cell: Plan) -> None:
    for zone in ZONES:
        assert cell.one(f"private-{zone}-out").inputs["natGatewayId"] == f"{CELL}-nat-{zone}-id"
        assert cell.one(f"nat-{zone}").inputs["subnetId"] == f"{CELL}-public-{zone}-id"
    single = plan(request(nat="single"))
    assert set(single.of("NatGateway")) == {"nat-eu-west-1a"}
    assert {r.inputs["natGatewayId"] for role, r in single.of("Route").items() if role != "public-out"} == {
        f"{CELL}-nat-eu-west-1a-id"
    }
    assert len(single.outputs["egress_ips"]) == 1


def test_kafka_is_reached_from_the_block_and_with_public_from_the_allowed_ranges_only(cell: Plan) -> None:
    assert {r.inputs["cidrIpv4"] for r in cell.of("SecurityGroupIngressRule").values()} == {"10.20.0.0/16"}
    public = plan(request(reachability="public", allowed_cidrs=("203.0.113.0/24", "198.51.100.0/24")))
    rules = public.of("SecurityGroupIngressRule")
    assert {r.inputs["cidrIpv4"] for r in rules.values()} == {"10.20.0.0/16", "203.0.113.0/24", "198.51.100.0/24"}
    assert {(r.inputs["fromPort"], r.inputs["toPort"], r.inputs["ipProtocol"]) for r in rules.values()} == {
        (9092, 9099, "tcp")
    }
    assert public.outputs["load_balancer_subnet_ids"] == {z: f"{CELL}-public-{z}-id" for z in ZONES}
    assert cell.outputs["load_balancer_subnet_ids"] == cell.outputs["node_subnet_ids"]


def test_only_a_public_cell_lets_a_service_find_public_subnets(cell: Plan) -> None:
    def tagged(found: Plan) -> set[str]:
        return {r for r, s in found.of("Subnet").items() if s.inputs["tags"].get("kubernetes.io/role/elb") == "1"}

    assert tagged(cell) == set()
    assert tagged(plan(request(reachability="public"))) == {f"public-{z}" for z in ZONES}
    internal = {r for r, s in cell.of("Subnet").items() if "kubernetes.io/role/internal-elb" in s.inputs["tags"]}
    assert internal == {f"private-{z}" for z in ZONES}


def test_the_default_security_group_has_no_rule(cell: Plan) -> None:
    assert set(cell.one("default-firewall").inputs) == {"vpcId", "tags"}


def test_logs_are_encrypted_and_kept_as_long_as_asked() -> None:
    found = plan(request(flow_logs_retention_days=7), log_retention_days=365)
    assert found.one("flow-logs-key").inputs["enableKeyRotation"] is True
    flow, control = (
        next(r for r in found.cloud if r.name == f"{CELL}-{n}" and r.type.endswith(":LogGroup"))
        for n in ("flow-logs", "control-plane-logs")
    )
    assert (flow.inputs["retentionInDays"], control.inputs["retentionInDays"]) == (7, 365)
    assert flow.inputs["kmsKeyId"] == f"arn:{CELL}-flow-logs-key"
    assert control.inputs["kmsKeyId"] == f"arn:{CELL}-control-plane-logs-key"
    assert control.inputs["name"] == f"/aws/eks/kf-{CELL}/cluster"
    for name, group in (("flow-logs", flow), ("control-plane-logs", control)):
        (writer,) = statements(found.one(f"{name}-key"))[1:]
        assert writer["Condition"]["ArnEquals"]["kms:EncryptionContext:aws:logs:arn"].endswith(group.inputs["name"])


def test_the_control_plane_is_closed_encrypted_and_entered_by_entries_only(cell: Plan) -> None:
    inputs = cell.one("eks").inputs
    assert inputs["accessConfig"] == {
        "authenticationMode": "API",
        "bootstrapClusterCreatorAdminPermissions": False,
    }
    assert inputs["encryptionConfig"] == {
        "provider": {"keyArn": f"arn:{CELL}-secrets-key"},
        "resources": ["secrets"],
    }
    assert inputs["vpcConfig"] == {
        "endpointPrivateAccess": True,
        "endpointPublicAccess": False,
        "subnetIds": [f"{CELL}-private-{z}-id" for z in ZONES],
    }
    opened = plan(api="public", api_allowed_cidrs=("203.0.113.0/24", "198.51.100.0/24"))
    assert opened.one("eks").inputs["vpcConfig"]["publicAccessCidrs"] == ["198.51.100.0/24", "203.0.113.0/24"]


def test_the_principals_enter_and_only_the_platform_is_administrator(cell: Plan) -> None:
    groups = {r.inputs["principalArn"]: r.inputs.get("kubernetesGroups") for r in cell.of("AccessEntry").values()}
    assert groups == {
        f"{ROLE}platform": None,
        f"{ROLE}services": [KUBERNETES_GROUPS["services"]],
        f"{ROLE}apps": [KUBERNETES_GROUPS["apps"]],
        f"{ROLE}preview": [KUBERNETES_GROUPS["preview"]],
    }
    (association,) = cell.of("AccessPolicyAssociation").values()
    assert association.inputs["principalArn"] == f"{ROLE}platform"
    assert association.inputs["policyArn"].endswith("/AmazonEKSClusterAdminPolicy")


def test_kafka_nodes_are_tainted_labelled_and_guarded_by_kafkas_firewall(cell: Plan) -> None:
    kafka, system = cell.one("kafka-eu-west-1b").inputs, cell.one("system-eu-west-1b").inputs
    assert kafka["taints"] == [{"effect": "NO_SCHEDULE", "key": "dedicated", "value": "kafka"}]
    assert "taints" not in system
    assert (kafka["labels"], system["labels"]) == ({"dedicated": "kafka"}, {"dedicated": "system"})
    assert kafka["subnetIds"] == [f"{CELL}-private-eu-west-1b-id"]
    assert cell.one("kafka-nodes").inputs["vpcSecurityGroupIds"] == ["sg-eks", f"{CELL}-kafka-firewall-id"]
    assert cell.one("system-nodes").inputs["vpcSecurityGroupIds"] == ["sg-eks"]


def test_counts_follow_the_declared_capacity(cell: Plan) -> None:
    assert cell.one("kafka-eu-west-1a").inputs["scalingConfig"] == {"desiredSize": 3, "maxSize": 3, "minSize": 1}
    least = plan(spec=AwsSpec(nodes_run="least"), kafka_nodes=NodePool("m7g.xlarge", 2, 5))
    assert least.one("kafka-eu-west-1a").inputs["scalingConfig"] == {"desiredSize": 2, "maxSize": 5, "minSize": 2}


@pytest.mark.parametrize(
    ("machine", "family", "image"),
    [
        ("m7g.xlarge", "al2023", "AL2023_ARM_64_STANDARD"),
        ("m7i.xlarge", "al2023", "AL2023_x86_64_STANDARD"),
        ("m7g.xlarge", "bottlerocket", "BOTTLEROCKET_ARM_64"),
        ("t3.large", "bottlerocket", "BOTTLEROCKET_x86_64"),
    ],
)
def test_the_image_follows_the_machine(machine: str, family: Any, image: str) -> None:
    found = plan(spec=AwsSpec(ami_family=family), kafka_nodes=NodePool(machine, 1, 1))
    assert found.one("kafka-eu-west-1a").inputs["amiType"] == image
    assert found.one("kafka-nodes").inputs["instanceType"] == machine


def test_root_disks_are_encrypted_and_the_metadata_service_needs_a_token(cell: Plan) -> None:
    for role in ("kafka-nodes", "system-nodes"):
        inputs = cell.one(role).inputs
        for disk in inputs["blockDeviceMappings"]:
            assert disk["ebs"]["encrypted"] == "true"
            assert disk["ebs"]["kmsKeyId"] == f"arn:{CELL}-disks-key"
        assert inputs["metadataOptions"]["httpTokens"] == "required"
        assert inputs["metadataOptions"]["httpPutResponseHopLimit"] == 1


def test_a_new_cost_centre_rolls_no_node(cell: Plan) -> None:
    tags = {**IDENTITY.tags, "cost-center": "CC-2", "owner": "other", "environment": "staging"}
    other = plan(request(replace(IDENTITY, tags=tags)))
    for kind in ("LaunchTemplate", "NodeGroup"):
        assert {n: r.inputs for n, r in other.of(kind).items()} == {n: r.inputs for n, r in cell.of(kind).items()}
    for specification in cell.one("kafka-nodes").inputs["tagSpecifications"]:
        assert set(specification["tags"]) == {"Name", "cell", "fleet"}


def test_network_addons_come_before_nodes_and_the_others_after(cell: Plan) -> None:
    before = {f"{CELL}-{n}" for n in ("eks-pod-identity-agent", "kube-proxy", "vpc-cni")}
    node_groups = {r.name for r in cell.of("NodeGroup").values()}
    for group in cell.of("NodeGroup").values():
        assert before <= set(group.after)
        assert f"{CELL}-private-eu-west-1a-out" in group.after
    for addon in ("aws-ebs-csi-driver", "coredns"):
        assert node_groups <= set(cell.one(addon).after)
    assert before & set(cell.outputs["ready"]) == set()
    assert {f"{CELL}-coredns", f"{CELL}-aws-ebs-csi-driver"} <= set(cell.outputs["ready"])


def test_the_driver_and_the_pod_network_have_identities_of_their_own(cell: Plan) -> None:
    for addon, purpose, account in (
        ("aws-ebs-csi-driver", "disk-driver", "ebs-csi-controller-sa"),
        ("vpc-cni", "pod-network", "aws-node"),
    ):
        assert cell.one(addon).inputs["podIdentityAssociations"] == [
            {"roleArn": f"arn:{CELL}-{purpose}", "serviceAccount": account}
        ]
        (statement,) = statements(cell.one(purpose), "assumeRolePolicy")
        assert statement["Principal"] == {"Service": "pods.eks.amazonaws.com"}
        assert statement["Condition"]["StringEquals"]["aws:RequestTag/kubernetes-service-account"] == account


def test_no_policy_allows_everything_on_everything(cell: Plan) -> None:
    for recorded in (*cell.of("RolePolicy").values(),):
        for statement in statements(recorded):
            # The list of zones' names knows no resource.
            assert statement["Resource"] not in ("*", ["*"]) or statement["Action"] == ["route53:ListHostedZones"]
            assert "*" not in statement["Action"]
    for recorded in cell.of("Key").values():
        for statement in statements(recorded)[1:]:
            assert statement["Condition"], statement["Sid"]


@pytest.mark.parametrize(
    "spec",
    [
        AwsSpec(support_type="EXTENDED"),
        AwsSpec(ami_family="bottlerocket"),
        AwsSpec(root_volume_gib=51),
        AwsSpec(nodes_run="least"),
        AwsSpec(key_deletion_days=7),
        *(AwsSpec(addon_versions=AddonVersions(**{n: "v1.2.3-eksbuild.1"})) for n in AddonVersions.model_fields),
    ],
    ids=lambda spec: str(spec.model_dump(exclude_defaults=True)),
)
def test_every_field_of_the_section_reaches_the_plan(cell: Plan, spec: AwsSpec) -> None:
    assert roles_of(plan(spec=spec)) != roles_of(cell)


@pytest.mark.parametrize("field", ["kafka_nodes", "system_nodes"])
def test_a_pool_of_another_size_changes_its_template_and_no_groups_name(cell: Plan, field: str) -> None:
    other = plan(**{field: NodePool("m7g.4xlarge" if field == "kafka_nodes" else "m7i.4xlarge", 1, 3)})
    kind = field.removesuffix("_nodes")
    assert other.one(f"{kind}-nodes").inputs["instanceType"].endswith(".4xlarge")
    names = {n: r.inputs["nodeGroupName"] for n, r in other.of("NodeGroup").items()}
    assert names == {n: r.inputs["nodeGroupName"] for n, r in cell.of("NodeGroup").items()}


def test_the_outputs_are_complete_and_hold_an_id_that_a_new_cluster_would_not_share(cell: Plan) -> None:
    assert all(value for key, value in cell.outputs.items() if key != "told")
    assert cell.outputs["told"] == {}
    assert cell.outputs["cluster_id"] == cell.outputs["endpoint"]
    assert cell.outputs["disk_key"] == f"arn:{CELL}-disks-key"


def test_a_kubeconfig_logs_in_with_the_callers_own_role() -> None:
    address = ClusterAddress("aws", ACCOUNT, "eu-west-1", "kf-x", "id", "https://x", "Q0E=")
    assert access.exec_credential(address) == {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "aws",
        "args": ["eks", "get-token", "--cluster-name", "kf-x", "--region", "eu-west-1", "--output", "json"],
        "interactiveMode": "Never",
    }
    assert access.subject(f"{ROLE}apps", "kafka-fleet:apps") == {
        "apiGroup": "rbac.authorization.k8s.io",
        "kind": "Group",
        "name": "kafka-fleet:apps",
    }


def test_storage_classes_sustain_what_the_volumes_file_says() -> None:
    found = {c.name: c for c in storage.storage_classes("arn:key")}
    assert list(found) == ["kafka", "kafka-fast"]
    for name, volume in volumes("aws").items():
        parameters = found[name].parameters
        assert parameters["encrypted"] == "true"
        assert parameters["kmsKeyId"] == "arn:key"
        assert parameters["csi.storage.k8s.io/fstype"] == "xfs"
        assert volume.iops == int(parameters["iops"])
        assert volume.throughput_mb_per_s == int(int(parameters["throughput"]) * 1024 * 1024 / 1e6)
        # EBS: at most 500 IOPS a GiB and a quarter MiB/s an IOPS.
        assert volume.iops <= max(3000, 500 * volume.least_gib)
        assert int(parameters["throughput"]) <= volume.iops / 4


def test_no_machine_promises_more_than_it_has() -> None:
    for machine in machines("aws").values():
        assert machine.allocatable_cpu < machine.vcpu
        assert machine.allocatable_memory_gib < machine.memory_gib
        assert (machine.architecture == "arm64") == ("g." in machine.name)
        assert machine.source


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (ENTRY.account_pattern, "123456789012", "12345678901"),
        (ENTRY.region_pattern, "eu-west-1", "cn-north-1"),
        (ENTRY.region_pattern, "ap-southeast-2", "us-gov-west-1"),
        (ENTRY.zone_pattern, "us-east-1f", "us-east-1-bos-1a"),
        (ENTRY.zone_pattern, "eu-west-1a", "euw1-az1"),
        (ENTRY.principal_pattern, f"{ROLE}platform", f"arn:aws:iam::{ACCOUNT}:user/me"),
        (ENTRY.principal_pattern, f"arn:aws:iam::{ACCOUNT}:role/team/x", f"arn:aws:sts::{ACCOUNT}:assumed-role/x/y"),
    ],
)
def test_patterns_take_the_good_and_refuse_the_bad(pattern: str, good: str, bad: str) -> None:
    assert re.fullmatch(pattern, good)
    assert not re.fullmatch(pattern, bad)


def test_the_section_refuses_unknown_keys_and_wrong_values() -> None:
    for wrong in ({"support": "STANDARD"}, {"support_type": "standard"}, {"root_volume_gib": "50"}):
        with pytest.raises(ValidationError):
            AwsSpec.model_validate(wrong)
    with pytest.raises(ValidationError, match="pattern"):
        AddonVersions(coredns="1.12.3")


def test_the_full_example_sets_every_field_of_the_section() -> None:
    section = yaml.safe_load((FOLDER / "examples/full.yaml").read_text("utf-8"))["aws"]
    given = AwsSpec.model_validate(section)
    assert given.model_fields_set == set(AwsSpec.model_fields)
    assert given.addon_versions.model_fields_set == set(AddonVersions.model_fields)
    assert all(getattr(given, name) != getattr(AwsSpec(), name) for name in AwsSpec.model_fields)


@pytest.mark.parametrize("name", ["minimal", "full"])
def test_the_examples_use_what_the_cloud_has(name: str) -> None:
    cell_file = yaml.safe_load((FOLDER / f"examples/{name}.yaml").read_text("utf-8"))
    assert isinstance(CellSpec.model_validate(cell_file).section(), AwsSpec)
    assert re.fullmatch(ENTRY.account_pattern, cell_file["account"])
    assert len(cell_file["zones"]) >= ENTRY.least_zones
    for zone in cell_file["zones"]:
        assert re.fullmatch(ENTRY.zone_pattern, zone)
        assert zone.startswith(cell_file["region"])
    for pool in ("kafka_nodes", "system_nodes"):
        assert cell_file["kubernetes"][pool]["machine"] in machines("aws")
    assert all(re.fullmatch(ENTRY.principal_pattern, p) for p in cell_file["kubernetes"]["access"].values())


def test_the_entry_names_nothing_that_is_not_there() -> None:
    from components import catalog
    from components.cost.contract import Billed

    for field, value in asdict(ENTRY).items():
        if isinstance(value, str) and value.startswith("components."):
            found = catalog.load(value)
            assert callable(found) or isinstance(found, Billed), field
