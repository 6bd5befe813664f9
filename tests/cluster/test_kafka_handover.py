"""`fleet connect`: properties that work, in files that nobody else reads, and no secret anywhere else."""

import json
import stat
from pathlib import Path

import pytest

from sandbox.kafka.admin import Admin
from stacks.connect.properties import Client, declared, local
from stacks.connect.target import ConnectError, target
from stacks.fleet import Fleet
from stacks.snapshot import snapshot
from tests.cluster.kafka_world import CLUSTER, World
from tools.fleet_copy import REPOSITORY
from tools.kafka import trial

APP = "routes-trial"


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    return snapshot(REPOSITORY)


@pytest.mark.parametrize(
    ("cluster", "app", "user", "hint"),
    [
        ("payments-prd", "payments-api", None, "did you mean 'payments-prod'?"),
        ("payments-prod", "payment-api", None, "did you mean 'payments-api'?"),
        ("payments-prod", "payments-api", "apii", "did you mean 'api'?"),
    ],
)
def test_a_wrong_name_gets_the_nearest(fleet: Fleet, cluster: str, app: str, user: str | None, hint: str) -> None:
    with pytest.raises(ConnectError) as found:
        target(fleet, cluster, app, user)
    assert found.value.hint == hint


@pytest.mark.parametrize("client", list(Client))
@pytest.mark.parametrize(("app", "user"), [("payments-api", "api"), ("fraud-detection", "scorer")])
def test_for_a_pod_the_secrets_are_named_and_not_there(fleet: Fleet, client: Client, app: str, user: str) -> None:
    meant = target(fleet, "payments-prod", app, user)
    text = declared(meant, client)
    assert f"Secret {meant.user} " in text
    assert "Secret payments-prod-cluster-ca-cert (key ca.crt)" in text
    assert f"bootstrap.servers={meant.way.bootstrap}" in text
    assert not [line for line in text.splitlines() if line.startswith("sasl.password=")]


@pytest.mark.parametrize("client", list(Client))
def test_a_password_stands_in_one_file(fleet: Fleet, client: Client) -> None:
    made = local(target(fleet, "payments-prod", "payments-api", "api"), client, "127.0.0.1:1", "/folder", "hidden")
    assert [name for name, text in made.files.items() if "hidden" in text] == [made.main]
    assert set(made.copies) == {"ca.crt"}


@pytest.mark.parametrize(("user", "client"), [("writer", "librdkafka"), ("streams", "kcat"), ("keeper", "java")])
def test_files_are_private_and_their_properties_work(world: World, tmp_path: Path, user: str, client: str) -> None:
    done = world.fleet.command("connect", CLUSTER, "--app", APP, "--user", user, "--client", client, "--output", "json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    folder, properties = Path(told["folder"]), Path(told["properties"])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    credential = world.credential(f"{APP}.{user}").properties
    assert credential.get("sasl.password", "PRIVATE KEY") not in done.stdout + done.stderr
    if client == "java":
        admin = Admin(tmp_path / "admin.log")
        try:
            admin.open("mine", dict(line.split("=", 1) for line in properties.read_text("utf-8").splitlines()))
            assert "trial.orders" in admin.state("mine")["topics"]
        finally:
            admin.stop()
    else:
        topic = "trial.orders" if user == "writer" else "trial.totals"
        assert trial.produce(properties, topic, trial.unique()) == ""
        assert trial.produce(properties, "other.private", "x").startswith("TOPIC_AUTHORIZATION_FAILED")


def test_without_a_user_the_app_s_users_are_named(world: World) -> None:
    done = world.fleet.command("connect", CLUSTER, "--app", APP)
    assert done.returncode == 2
    assert "choose one with --user: changing, keeper, mover, reader, streams, writer" in done.stderr
