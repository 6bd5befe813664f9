"""What the stock engine is told: refusals, unknown values, secrets, and programs that are not idempotent."""

import itertools
import json
import sqlite3
from collections.abc import Iterator
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from sandbox import control
from tests.engine.harness import Engine

SECRET = "correct-horse-battery-staple"  # noqa: S105 - what must never be seen


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    made = Engine(tmp_path_factory.mktemp("judged"), models="tests.engine.cloud:models")
    yield made
    made.close()


def options(account: str, **more: Any) -> pulumi.ResourceOptions:
    provider = aws.Provider("aws", region="eu-west-1", allowed_account_ids=[account])
    return pulumi.ResourceOptions(provider=provider, **more)


def test_everything_wrong_with_a_resource_is_told_at_once(engine: Engine) -> None:
    def program() -> None:
        wrong = {
            "cidrBlok": "10.0.0.0/24",
            "mapPublicIpOnLaunch": "yes",
            "vpcId": "vpc-404",
            "cidrBlock": "10.0.0.0/24",
            "tags": {"a": 1},
        }
        pulumi.CustomResource("aws:ec2/subnet:Subnet", "subnet", wrong, options("200000000001"))

    refused = engine.run(program, "preview", "wrong")
    assert not refused.ok
    for told in (
        "unknown property 'cidrBlok' in aws:ec2/subnet:Subnet: did you mean 'cidrBlock'?",
        "'mapPublicIpOnLaunch' of aws:ec2/subnet:Subnet is \"yes\": it must be true or false",
        "'tags.a' of aws:ec2/subnet:Subnet is 1: it must be a string",
        "[law] InvalidVpcID.NotFound at 'vpcId': the vpc ID 'vpc-404' does not exist",
    ):
        assert told in refused.text
    assert control.ls(engine.state_dir, account="200000000001") == []


def test_the_api_model_and_the_sdk_refuse_what_is_only_wrong_there(engine: Engine) -> None:
    def program() -> None:
        vpc = {"cidrBlock": "10.0.0.0/16", "instanceTenancy": "dedicate"}
        pulumi.CustomResource("aws:ec2/vpc:Vpc", "vpc", vpc, options("200000000002"))

    refused = engine.run(program, "preview", "enum")
    assert "'instanceTenancy' is \"dedicate\": allowed are default, dedicated, host; did you mean 'dedicated'?" in (
        refused.text
    )

    def unknown_type() -> None:
        pulumi.CustomResource("aws:ec2/vpc:Vcp", "vpc", {}, options("200000000002"))

    refused = engine.run(unknown_type, "preview", "type")
    assert "has no resource type 'aws:ec2/vpc:Vcp': did you mean 'aws:ec2/vpc:Vpc'?" in refused.text


def test_a_provider_without_what_it_needs_is_refused(engine: Engine) -> None:
    def program() -> None:
        provider = aws.Provider("aws", allowed_account_ids=["200000000003"])
        aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(provider=provider))

    assert "MissingRegion" in engine.run(program, "preview", "provider").text


def test_a_law_sees_what_only_an_apply_knows(engine: Engine) -> None:
    def program() -> None:
        opts = options("200000000004")
        vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", opts=opts)
        aws.ec2.Subnet("subnet", vpc_id=vpc.id, cidr_block="10.1.0.0/24", tags={"vpc": vpc.arn}, opts=opts)

    # The VPC's id is unknown here, so that nobody can know that the subnet lies outside of it.
    assert engine.run(program, "preview", "unknown").ok
    refused = engine.run(program, "up", "unknown")
    assert not refused.ok
    assert "InvalidSubnet.Range" in refused.text
    assert [one.type for one in control.ls(engine.state_dir, account="200000000004")] == ["aws:ec2/vpc:Vpc"]


def test_secrets_are_seen_by_nobody(engine: Engine) -> None:
    def program(name: str, more: dict[str, Any]) -> Any:
        def run() -> None:
            parameter = {"name": name, "type": "SecureString", "value": pulumi.Output.secret(SECRET), **more}
            made = aws.ssm.Parameter("parameter", opts=options("200000000005"), **parameter)
            pulumi.export("value", made.value)
            pulumi.export("computed", made.insecure_value)

        return run

    made = engine.run(program("/a", {}), "up", "secret")
    assert made.ok, made.text
    assert set(made.outputs) == {"value", "computed"}
    assert "[secret]" in str(made.outputs["value"])
    assert "[secret]" in str(made.outputs["computed"])
    assert SECRET not in json.dumps(engine.export("secret"))
    assert engine.run(program("/a", {}), "preview", "secret").summary == {"same": 3}
    assert engine.run(program("/a", {}), "refresh", "secret").ok
    assert SECRET not in json.dumps(engine.export("secret"))

    shown = control.get(engine.state_dir, "/a")[0]
    assert shown.inputs["value"] == "[secret]"
    assert shown.outputs["insecureValue"] == "[secret]"

    refused = engine.run(program("/b", {"tier": SECRET}), "preview", "secret")
    assert not refused.ok
    assert SECRET not in refused.text
    with sqlite3.connect(engine.state_dir / "sandbox.sqlite") as file:
        assert SECRET not in str(file.execute("SELECT detail FROM log").fetchall())


def test_what_a_vendor_normalises_is_no_change(engine: Engine) -> None:
    runs = itertools.count()

    def program() -> None:
        turned = ["subnet-b", "subnet-a"] if next(runs) % 2 else ["subnet-a", "subnet-b"]
        aws.rds.SubnetGroup("set", name="set", subnet_ids=turned, opts=options("200000000006"))

    assert engine.run(program, "up", "set").ok
    assert engine.run(program, "preview", "set").summary == {"same": 3}


def test_what_a_vendor_does_not_normalise_is_a_change(engine: Engine) -> None:
    runs = itertools.count()

    def program() -> None:
        run = next(runs)
        opts = options("200000000007")
        zones = ["eu-west-1a", "eu-west-1b"]
        aws.ec2.Vpc("clock", cidr_block="10.0.0.0/16", tags={"at": f"12:0{run}"}, opts=opts)
        aws.ec2.Vpc("case", cidr_block="10.0.0.0/16", tags={"team": "Orders" if run % 2 else "orders"}, opts=opts)
        aws.alb.LoadBalancer("order", subnets=zones if run % 2 else zones[::-1], opts=opts)

    assert engine.run(program, "up", "changes").ok
    again = engine.run(program, "preview", "changes")
    assert again.summary == {"same": 2, "update": 3}
    assert set(again.details) == {"clock", "case", "order"}


def test_types_without_a_model_are_judged_by_the_sdk_and_said_to_be(engine: Engine) -> None:
    def program() -> None:
        aws.sqs.Queue("queue", name="orders", opts=options("200000000008"))

    assert engine.run(program, "up", "unmodelled").ok
    told = {one.type: one for one in control.status(engine.state_dir).judged}
    assert told["aws:sqs/queue:Queue"].note == "judged by SDK types only"
