"""The flags of `fleet sandbox` and the answers of `fleet connect` that no broker is needed for."""

import json
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sandbox import control
from sandbox.kafka import control as kafkas
from sandbox.kafka.place import Place, write_secret
from stacks.cli import application
from tools.fleet_copy import copy_fleet


@dataclass
class Said:
    """One run of the command."""

    code: int
    out: str
    err: str


class Fleet:
    """A copy of the example fleet, and the command in it."""

    def __init__(self, root: Path) -> None:
        self.root = copy_fleet(root)
        self.state = root / ".fleet" / "sandbox"
        self._application = application()

    def __call__(self, *arguments: str) -> Said:
        done = CliRunner().invoke(self._application, arguments, prog_name="fleet", env={"FLEET_ROOT": str(self.root)})
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return Said(done.exit_code, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    made = Fleet(tmp_path_factory.mktemp("flags"))
    try:
        yield made
    finally:
        made("sandbox", "stop")


@pytest.fixture
def stopped(fleet: Fleet) -> Fleet:
    fleet("sandbox", "stop")
    return fleet


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--cluster", "payments-prod"), "--cluster says which clusters get a real Kafka; add --kafka real"),
        (("--kafka", "none", "--cluster", "lab"), "--cluster says which clusters get a real Kafka; add --kafka real"),
        (("--registry",), "--registry is for a real Kafka's schema registries; add --kafka real"),
        (("--kafka", "none", "--registry"), "--registry is for a real Kafka's schema registries; add --kafka real"),
        (
            ("--kafka", "real", "--cluster", "lab", "--cluster", "payments-prd"),
            "no file declares cluster 'payments-prd'; did you mean 'payments-prod'?",
        ),
    ],
)
def test_flags_that_make_no_sense_start_nothing(stopped: Fleet, flags: tuple[str, ...], said: str) -> None:
    done = stopped("sandbox", "start", *flags)
    assert (done.code, done.out, done.err) == (2, "", f"fleet: {said}\n")
    assert stopped("sandbox", "stop").out == "no sandbox was running\n"


@pytest.mark.parametrize(("flag", "allowed"), [("--kafka", "'none', 'real'"), ("--kubernetes", "'model', 'real'")])
def test_a_value_that_is_none_of_a_flag_s_is_told_with_those_that_are(fleet: Fleet, flag: str, allowed: str) -> None:
    done = fleet("sandbox", "start", flag, "reall")
    assert done.code == 2
    assert f"'reall' is not one of {allowed}" in done.err


def test_start_and_stop_say_what_they_did_also_the_second_time(stopped: Fleet) -> None:
    first = stopped("sandbox", "start")
    assert first.code == 0
    assert first.out.startswith("the sandbox runs as process ")
    assert "real Kafka" not in first.out
    assert stopped("sandbox", "start").out == first.out
    other = stopped("sandbox", "start", "--kubernetes", "real")
    assert other.code == 1
    assert other.err == "fleet: the sandbox runs with Kubernetes 'model': stop it, then start it with 'real'\n"
    assert json.loads(stopped("sandbox", "status", "--output", "json").out)["kafka"] == []
    assert stopped("sandbox", "stop").out == "the sandbox was stopped\n"
    assert stopped("sandbox", "stop").out == "no sandbox was running\n"
    assert "sandbox: not running; its state is kept\n" in stopped("sandbox", "status").out


def test_a_later_start_says_which_clusters_get_a_kafka(stopped: Fleet) -> None:
    first = stopped("sandbox", "start", "--kafka", "real", "--cluster", "payments-prod")
    assert "real Kafka (payments-prod) is kept by process " in first.out
    keeper = kafkas.process(stopped.state)
    chosen = {"payments-prod", "lab"}
    assert {name for name in chosen if kafkas.wanted(stopped.state, name)} == {"payments-prod"}
    assert "real Kafka (as before) is kept by process " in stopped("sandbox", "start").out
    assert {name for name in chosen if kafkas.wanted(stopped.state, name)} == {"payments-prod"}
    again = stopped("sandbox", "start", "--kafka", "real", "--cluster", "lab")
    assert f"real Kafka (lab) is kept by process {keeper};" in again.out
    assert {name for name in chosen if kafkas.wanted(stopped.state, name)} == {"lab"}
    everyone = stopped("sandbox", "start", "--kafka", "real")
    assert "real Kafka (every cluster that has one)" in everyone.out
    assert all(kafkas.wanted(stopped.state, name) for name in chosen)
    assert "real Kafka" not in stopped("sandbox", "start", "--kafka", "none").out
    assert (kafkas.process(stopped.state), kafkas.wanted(stopped.state)) == (0, False)


def test_a_machine_without_kafka_says_why(stopped: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafkas, "missing", lambda: "no Java here")
    done = stopped("sandbox", "start", "--kafka", "real")
    assert (done.code, done.err) == (1, "fleet: no real Kafka on this machine: no Java here\n")


def test_a_status_before_any_start_says_how_to_start(tmp_path: Path) -> None:
    done = Fleet(tmp_path)("sandbox", "status")
    assert done.code == 1
    assert done.err.endswith("holds no sandbox: start one with `fleet sandbox start`\n")


def test_a_kubeconfig_needs_a_real_api_server(stopped: Fleet) -> None:
    done = stopped("sandbox", "kubeconfig", "aws-euw1-prod")
    assert (done.code, done.out) == (1, "")
    assert "no API server runs: start the sandbox with `fleet sandbox start --kubernetes real`" in done.err


def test_a_kubeconfig_is_written_for_its_owner_alone(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "kubeconfig", lambda _state, cell: f"secret of {cell}\n")
    done = fleet("sandbox", "kubeconfig", "aws-euw1-prod")
    path = Path(done.out.strip())
    assert path == fleet.root / ".fleet" / "connect" / "kubeconfig-aws-euw1-prod.yaml"
    assert path.read_text("utf-8") == "secret of aws-euw1-prod\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "secret of" not in done.out + done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("payments-prd", "--app", "payments-api"),
            "no file declares cluster 'payments-prd'; did you mean 'payments-prod'?",
        ),
        (("payments-prod", "--app", "payment-api"), "has no app 'payment-api'; did you mean 'payments-api'?"),
        (("lab", "--app", "payments-api"), "cluster 'lab' has no app 'payments-api'; "),
        (("payments-prod", "--app", "payments-api", "--user", "apii"), "has no user 'apii'; did you mean 'api'?"),
        (("payments-prod", "--app", "payments-api"), "app 'payments-api' has several users; choose one with --user: "),
        (("payments-prod", "--app", "payments-api", "--user", "api", "--client", "jav"), "'jav' is not one of 'java'"),
        (("payments-prod", "--user", "api"), "--user is a user of an app; name it with --app"),
        (("payments-prd",), "no file declares cluster 'payments-prd'; did you mean 'payments-prod'?"),
    ],
)
def test_who_is_not_found_is_told_with_the_nearest(fleet: Fleet, arguments: tuple[str, ...], said: str) -> None:
    done = fleet("connect", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


@pytest.mark.parametrize("client", ["java", "librdkafka", "kcat"])
def test_without_a_real_kafka_the_cell_s_address_and_secrets_are_named(stopped: Fleet, client: str) -> None:
    # Left from a cluster that was here once.
    leftover = Place(stopped.state, "payments-prod").secret("payments-api.api") / "password"
    write_secret(leftover, "a-leftover-password")
    done = stopped("connect", "payments-prod", "--app", "payments-api", "--user", "api", "--client", client)
    assert done.code == 0
    assert "\nbootstrap.servers=payments-prod-kafka-bootstrap.kafka-payments-prod.svc:" in done.out
    assert "Secret payments-api.api (key " in done.out
    assert "Secret payments-prod-cluster-ca-cert (key ca.crt)" in done.out
    assert "127.0.0.1" not in done.out
    assert "schema.registry.url" not in done.out
    assert "a-leftover-password" not in done.out + done.err
    assert not (stopped.root / ".fleet" / "connect" / "payments-prod").exists()


def test_the_document_for_a_program_names_the_same(stopped: Fleet) -> None:
    done = stopped("connect", "payments-prod", "--app", "payments-api", "--user", "api", "--output", "json")
    told = json.loads(done.out)
    assert (told["where"], told["namespace"]) == ("cell", "kafka-payments-prod")
    assert told["secrets"] == {"credentials": "payments-api.api", "ca": "payments-prod-cluster-ca-cert"}
    assert "schema_registry" not in told
