"""What the stock engine meets when a fault was asked for, and what is left after a kill."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from sandbox import address, control
from tests.engine.harness import Engine


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    made = Engine(tmp_path_factory.mktemp("faults"), models="tests.engine.cloud:models")
    yield made
    made.close()


@pytest.fixture(autouse=True)
def no_faults_left(engine: Engine) -> Iterator[None]:
    yield
    control.fault_clear(engine.state_dir)


def buckets(account: str, count: int = 6) -> Any:
    def program() -> None:
        provider = aws.Provider("aws", region="eu-west-1", allowed_account_ids=[account])
        before: list[pulumi.Resource] = []
        for number in range(count):
            opts = pulumi.ResourceOptions(provider=provider, depends_on=before)
            before = [aws.s3.Bucket(f"b{number}", bucket=f"{account}-{number}", opts=opts)]

    return program


def names(engine: Engine, account: str) -> list[str]:
    return [one.id for one in control.ls(engine.state_dir, account=account)]


def test_killed_before_an_effect_nothing_is_lost_and_the_next_run_completes(engine: Engine) -> None:
    account = "300000000001"
    control.fault_add(engine.state_dir, "kill-before", "aws:s3/bucket:Bucket", method="create", count=1)
    # The rule hits the first create; the kill itself is on disk before it happens, so it does not repeat.
    broken = engine.run(buckets(account), "up", "before")
    assert not broken.ok
    assert address.live(engine.state_dir) is None
    assert names(engine, account) == []

    engine.start()
    completed = engine.run(buckets(account), "up", "before")
    assert completed.ok, completed.text
    assert names(engine, account) == [f"{account}-{number}" for number in range(6)]
    assert engine.run(buckets(account), "up", "before").summary == {"same": 8}


def test_killed_in_the_middle_what_took_effect_is_found_again(engine: Engine) -> None:
    account = "300000000002"
    assert engine.run(buckets(account, 3), "up", "middle").ok
    control.fault_add(engine.state_dir, "kill-after", "aws:s3/bucket:Bucket", method="create", count=1)
    assert not engine.run(buckets(account), "up", "middle").ok

    # The fourth bucket exists although its creator never heard of it: exactly what a cloud does.
    assert names(engine, account) == [f"{account}-{number}" for number in range(4)]
    engine.start()
    assert names(engine, account) == [f"{account}-{number}" for number in range(4)]
    again = engine.run(buckets(account), "up", "middle")
    assert not again.ok
    assert "already-exists" in again.text

    control.remove(engine.state_dir, f"{account}-3")
    mended = engine.run(buckets(account), "up", "middle")
    assert mended.ok, mended.text
    assert engine.run(buckets(account), "preview", "middle").summary == {"same": 8}


def test_throttled_once_then_through(engine: Engine) -> None:
    account = "300000000003"
    control.fault_add(engine.state_dir, "throttle", "aws:s3/*", method="create", count=1)
    refused = engine.run(buckets(account, 2), "up", "throttle")
    assert "ThrottlingException" in refused.text
    assert engine.run(buckets(account, 2), "up", "throttle").ok
    assert control.fault_list(engine.state_dir)[0].fired == 1


def test_a_quota_refuses_the_one_too_many(engine: Engine) -> None:
    account = "300000000004"
    control.fault_add(engine.state_dir, "quota", "aws:s3/*", method="create", parameters={"limit": 2})
    refused = engine.run(buckets(account, 3), "up", "quota")
    assert "ServiceQuotaExceededException" in refused.text
    assert names(engine, account) == [f"{account}-0", f"{account}-1"]


def test_a_partial_failure_leaves_the_resource_in_both_states(engine: Engine) -> None:
    account = "300000000005"
    control.fault_add(engine.state_dir, "partial", "aws:s3/*", method="create", count=1)
    broken = engine.run(buckets(account, 1), "up", "partial")
    assert not broken.ok
    assert names(engine, account) == [f"{account}-0"]
    kept = [one for one in engine.export("partial")["resources"] if one["type"] == "aws:s3/bucket:Bucket"]
    assert kept[0]["id"] == f"{account}-0"
    assert kept[0]["initErrors"]

    mended = engine.run(buckets(account, 1), "up", "partial")
    assert mended.ok, mended.text
    assert engine.run(buckets(account, 1), "preview", "partial").summary == {"same": 3}


def test_latency_is_waited_for(engine: Engine) -> None:
    control.fault_add(engine.state_dir, "latency", "aws:s3/*", method="create", parameters={"seconds": 1.0})
    assert engine.run(buckets("300000000006", 1), "up", "latency").seconds > 1.0


def test_draws_are_the_same_on_every_run(engine: Engine, tmp_path: Path) -> None:
    from sandbox.faults import Faults, add
    from sandbox.store import Store

    def draws(folder: str) -> list[bool]:
        store = Store(tmp_path / folder)
        add(store.connection(), "throttle", "*", probability=0.5, seed=7)
        faults = Faults(store, "aws")
        return [bool(faults.draw("create", "aws:s3/bucket:Bucket")) for _ in range(20)]

    assert draws("one") == draws("two")
    assert 0 < sum(draws("three")) < 20
