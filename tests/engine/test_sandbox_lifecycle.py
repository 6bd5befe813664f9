"""What the stock engine sees of the sandbox in a resource's life."""

from collections.abc import Iterator
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from sandbox import control
from tests.engine.harness import Engine


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    made = Engine(tmp_path_factory.mktemp("lifecycle"), models="tests.engine.cloud:models")
    yield made
    made.close()


def options(account: str, **more: Any) -> pulumi.ResourceOptions:
    provider = aws.Provider("aws", region="eu-west-1", allowed_account_ids=[account])
    return pulumi.ResourceOptions(provider=provider, **more)


def test_created_then_same_then_updated_then_replaced_then_deleted(engine: Engine) -> None:
    def program(cidr: str = "10.0.0.0/16", team: str = "orders") -> Any:
        def run() -> None:
            opts = options("100000000001")
            vpc = aws.ec2.Vpc("vpc", cidr_block=cidr, tags={"team": team}, opts=opts)
            subnet = aws.ec2.Subnet("subnet", vpc_id=vpc.id, cidr_block=cidr.replace("/16", "/24"), opts=opts)
            pulumi.export("vpc", vpc.id)
            pulumi.export("arn", subnet.arn)

        return run

    preview = engine.run(program(), "preview", "life")
    assert preview.ok, preview.text
    assert preview.summary == {"create": 4}

    created = engine.run(program(), "up", "life")
    assert created.ok, created.text
    assert created.outputs["vpc"].startswith("vpc-")
    assert created.outputs["arn"].startswith("arn:aws:test:eu-west-1:100000000001:subnet-")

    assert engine.run(program(), "up", "life").summary == {"same": 4}

    updated = engine.run(program(team="billing"), "up", "life")
    assert updated.summary == {"same": 3, "update": 1}
    assert updated.details["vpc"] == {"tags.team": "update"}

    replaced = engine.run(program("10.1.0.0/16", "billing"), "up", "life")
    assert replaced.ok, replaced.text
    assert replaced.steps["vpc"] == ["create-replacement", "replace", "delete-replaced"]
    assert replaced.details["vpc"] == {"cidrBlock": "update-replace"}
    assert [one.type for one in control.ls(engine.state_dir, account="100000000001")] == [
        "aws:ec2/vpc:Vpc",
        "aws:ec2/subnet:Subnet",
    ]

    assert engine.run(program(), "destroy", "life").ok
    assert control.ls(engine.state_dir, account="100000000001") == []


def test_a_unique_name_is_free_before_its_replacement_takes_it(engine: Engine) -> None:
    def program(locked: bool) -> Any:
        return lambda: aws.s3.Bucket(
            "bucket", bucket="company-logs", object_lock_enabled=locked, opts=options("100000000002")
        )

    assert engine.run(program(False), "up", "bucket").ok
    replaced = engine.run(program(True), "up", "bucket")
    assert replaced.ok, replaced.text
    assert replaced.steps["bucket"][0] == "delete-replaced"


def test_drift_is_found_and_mended(engine: Engine) -> None:
    def program() -> None:
        opts = options("100000000003")
        vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", tags={"team": "orders"}, opts=opts)
        aws.s3.Bucket("bucket", bucket="drifting", opts=opts)
        pulumi.export("vpc", vpc.id)

    vpc = engine.run(program, "up", "drift").outputs["vpc"]
    control.drift(engine.state_dir, vpc, "tags.team", "somebody-else")
    control.remove(engine.state_dir, "drifting")

    seen = engine.run(program, "refresh", "drift")
    assert seen.summary == {"update": 1, "delete": 1, "same": 2}

    mended = engine.run(program, "up", "drift")
    assert mended.summary == {"update": 1, "create": 1, "same": 2}
    assert control.get(engine.state_dir, vpc)[0].inputs["tags"] == {"team": "orders"}


def test_import_takes_over_what_exists(engine: Engine) -> None:
    def make() -> None:
        vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", tags={"team": "a"}, opts=options("100000000004"))
        pulumi.export("vpc", vpc.id)

    vpc = engine.run(make, "up", "import-from").outputs["vpc"]

    def adopt(cidr: str) -> Any:
        return lambda: aws.ec2.Vpc(
            "adopted", cidr_block=cidr, tags={"team": "a"}, opts=options("100000000004", import_=vpc)
        )

    wrong = engine.run(adopt("10.9.0.0/16"), "up", "import-wrong")
    assert not wrong.ok
    right = engine.run(adopt("10.0.0.0/16"), "up", "import-right")
    assert right.ok, right.text
    assert right.steps["adopted"] == ["import"]
    assert len(control.ls(engine.state_dir, account="100000000004")) == 1


def test_protected_resources_stay(engine: Engine) -> None:
    def program() -> None:
        aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", opts=options("100000000005", protect=True))

    assert engine.run(program, "up", "protect").ok
    refused = engine.run(program, "destroy", "protect")
    assert not refused.ok
    assert "protect" in refused.text
    assert len(control.ls(engine.state_dir, account="100000000005")) == 1


def test_a_tag_of_the_provider_is_a_change_of_everything_that_takes_tags(engine: Engine) -> None:
    def program(cost_center: str) -> Any:
        def run() -> None:
            tags = aws.ProviderDefaultTagsArgs(tags={"cost-center": cost_center, "team": "nobody"})
            provider = aws.Provider("aws", region="eu-west-1", allowed_account_ids=["100000000008"], default_tags=tags)
            opts = pulumi.ResourceOptions(provider=provider)
            vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", tags={"team": "orders"}, opts=opts)
            aws.ec2.RouteTableAssociation("untagged", route_table_id="rtb-1", gateway_id="igw-1", opts=opts)
            pulumi.export("vpc", vpc.id)

        return run

    made = engine.run(program("A-1"), "up", "tags")
    assert made.ok, made.text
    (vpc,) = control.get(engine.state_dir, made.outputs["vpc"])
    assert vpc.inputs["tags"] == {"cost-center": "A-1", "team": "orders"}
    assert engine.run(program("A-1"), "preview", "tags").summary == {"same": 4}
    changed = engine.run(program("B-2"), "preview", "tags")
    assert changed.summary == {"same": 2, "update": 2}
    assert changed.details["vpc"] == {"tags.cost-center": "update"}


def test_a_function_answers_for_its_own_provider_instance(engine: Engine) -> None:
    def program() -> None:
        for account in ("100000000006", "100000000007"):
            provider = aws.Provider(f"p{account}", region="eu-west-1", allowed_account_ids=[account])
            who = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(provider=provider))
            pulumi.export(account, who.account_id)

    assert engine.run(program, "up", "whoami").outputs == {
        "100000000006": "100000000006",
        "100000000007": "100000000007",
    }
