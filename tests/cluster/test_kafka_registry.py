"""A cluster's schema registry here: an app's subjects are in it as its files say, and it holds to their modes."""

import http.client
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from sandbox.address import process_start
from sandbox.kafka import control
from sandbox.kafka.declared import Cluster, read, registry_of
from sandbox.kafka.place import Place, write_json
from sandbox.kafka.process import Process
from sandbox.kafka.registry import Registry
from sandbox.kafka.serve import leave
from sandbox.kafka.subjects import FILE, carry_out
from stacks.connect.told import lines
from tests.engine.fleet_copy import FleetCopy
from tools.kafka import KafkaError, registry

CLUSTER, APP, SUBJECT = "payments-prod", "payments-api", "payments.settled-value"
SERVICE = f"{CLUSTER}-schema-registry"
FIELDS = [{"name": "id", "type": "string"}, {"name": "cents", "type": "long"}]


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FleetCopy]:
    made = FleetCopy(tmp_path_factory.mktemp("registry"))
    file = made.root / f"fleet/apps/payments/{APP}.yaml"
    text = file.read_text("utf-8")
    # Without its connector the app stands on fewer stacks.
    file.write_text(text[: text.index("secrets:")] + text[text.index("subjects_image:") :], "utf-8")
    try:
        made.sandbox("start", "--kafka", "real", "--registry", "--cluster", CLUSTER)
        run = made.run(
            "up", "cell.aws-euw1-prod", f"kafka.{CLUSTER}", f"schema_registry.{CLUSTER}", f"app.{CLUSTER}.{APP}"
        )
        assert run.code == 0, (run.results(), run.said())
        yield made
    finally:
        made.sandbox("stop")


@pytest.fixture(scope="module")
def state(fleet: FleetCopy) -> Path:
    return fleet.root / ".fleet" / "sandbox"


@pytest.fixture(scope="module")
def said(state: Path) -> dict[str, Any]:
    """The status once the app's Job has ended."""
    control.wait(state, [CLUSTER])
    deadline = time.monotonic() + 120
    while True:
        found = control.of(state, CLUSTER)
        jobs = [one for one in found["objects"] if one["kind"] == "Job"]
        if jobs and all(one["ready"] for one in jobs):
            return found
        assert time.monotonic() < deadline, jobs
        time.sleep(0.2)


def ask(url: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    at = urlsplit(url)
    connection = http.client.HTTPConnection(str(at.hostname), at.port, timeout=30)
    connection.request(method, f"{at.path}{path}", json.dumps(body), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    found = answer.status, json.loads(answer.read())
    connection.close()
    return found


def schema(*fields: dict[str, Any]) -> dict[str, str]:
    record = {"type": "record", "name": "Settled", "namespace": "acme.payments", "fields": list(fields)}
    return {"schema": json.dumps(record), "schemaType": "AVRO"}


def test_the_app_s_subject_is_registered_with_its_compatibility(said: dict[str, Any]) -> None:
    url = said["registries"][SERVICE]
    assert url.startswith("http://127.0.0.1:")
    assert ask(url, "GET", f"/config/{SUBJECT}") == (200, {"compatibilityLevel": "FULL_TRANSITIVE"})
    # What the registry's own object says of subjects that state nothing: not what the program begins with.
    assert ask(url, "GET", "/config") == (200, {"compatibilityLevel": "BACKWARD"})
    status, version = ask(url, "GET", f"/subjects/{SUBJECT}/versions/1")
    assert status == 200
    assert json.loads(version["schema"])["fields"] == FIELDS
    job = next(one for one in said["objects"] if one["kind"] == "Job")
    assert job["name"].startswith(f"{APP}-subjects-")
    assert job["note"].startswith(f"{SUBJECT}: compatibility FULL_TRANSITIVE, schema ")


def test_a_schema_that_breaks_readers_is_refused_and_another_taken(said: dict[str, Any]) -> None:
    url = said["registries"][SERVICE]
    broken = schema({"name": "id", "type": "int"}, FIELDS[1])
    status, answer = ask(url, "POST", f"/subjects/{SUBJECT}/versions", broken)
    assert (status, answer["error_code"]) == (409, 409)
    more = schema(*FIELDS, {"name": "currency", "type": ["null", "string"], "default": None})
    assert ask(url, "POST", f"/subjects/{SUBJECT}/versions", more)[0] == 200
    assert ask(url, "GET", f"/subjects/{SUBJECT}/versions") == (200, [1, 2])


def test_what_stands_in_for_what_is_said(said: dict[str, Any]) -> None:
    text = "\n".join(lines([said]))
    assert f"{SERVICE} {said['registries'][SERVICE]}" in text
    assert "Apicurio Registry 2.6.13 stands in for ghcr.io/aiven-open/karapace:" in text
    assert "its schemas are in a file of this machine, not in topics" in text


@pytest.mark.parametrize("client", ["java", "librdkafka", "kcat"])
def test_a_client_is_told_of_the_registry(fleet: FleetCopy, said: dict[str, Any], client: str) -> None:
    url = said["registries"][SERVICE]
    done = fleet.command("connect", CLUSTER, "--app", APP, "--user", "api", "--client", client, "--output", "json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["schema_registry"] == url
    main = Path(told["properties"]).read_text("utf-8")
    assert (f"schema.registry.url={url}\n" in main) is (client == "java")
    own = Path(told["folder"]) / "registry.properties"
    assert (own.read_text("utf-8") if own.exists() else "") == (f"url={url}\n" if client == "librdkafka" else "")


def test_a_job_is_tried_as_often_as_it_says_and_not_again_once_done(
    state: Path, said: dict[str, Any], tmp_path: Path
) -> None:
    objects = read(state)[CLUSTER].subjects
    job = next(one for one in objects if one["kind"] == "Job")
    assert registry_of(job) == (SERVICE, f"kafka-{CLUSTER}")
    job = {**job, "spec": {**job["spec"], "backoffLimit": 1}}
    nobody = "http://127.0.0.1:1/apis"
    tries = [carry_out(tmp_path, [job], objects, nobody)[0].message for _ in range(3)]
    assert [one.partition(":")[0] for one in tries] == ["after 1 tries", "after 2 tries", "after 2 tries"]
    assert "Connection refused" in tries[0]
    write_json(tmp_path / FILE, {job["metadata"]["name"]: {"tries": 1, "done": True, "said": "it is there"}})
    assert carry_out(tmp_path, [job], objects, nobody)[0].note == "it is there"


def test_it_ends_with_the_sandbox_and_keeps_what_it_was_told(
    fleet: FleetCopy, state: Path, said: dict[str, Any]
) -> None:
    url = said["registries"][SERVICE]
    before = ask(url, "GET", f"/subjects/{SUBJECT}/versions")
    fleet.sandbox("stop")
    with pytest.raises(OSError, match="refused"):
        ask(url, "GET", "/subjects")
    again = Registry(Place(state, CLUSTER))
    try:
        deadline = time.monotonic() + 120
        while not (outcome := again.reconcile(read(state)[CLUSTER])).settled:
            assert [one.reason for one in outcome.told] == ["Starting", "Waiting"]
            assert time.monotonic() < deadline
            time.sleep(0.2)
        assert outcome.addresses == {SERVICE: url}
        assert ask(url, "GET", f"/subjects/{SUBJECT}/versions") == before
        pid = json.loads((state / f"kafka/{CLUSTER}/registry/{SERVICE}/registry.json").read_text())["pid"]
        os.kill(pid, 9)
        while process_start(pid):  # a killed process is there for a moment more
            time.sleep(0.02)
        assert [one.reason for one in again.reconcile(read(state)[CLUSTER]).told] == ["Ended", "Waiting"]
    finally:
        again.stop()


def test_another_command_than_the_script_is_not_run(tmp_path: Path) -> None:
    containers = [{"args": ["/x/other.py", "/x/wished.json", "http://a.b.svc"]}]
    pod = {"containers": containers, "volumes": [{"configMap": {"name": "given"}}]}
    job = {"kind": "Job", "metadata": {"name": "odd"}, "spec": {"template": {"spec": pod}}}
    given = {"kind": "ConfigMap", "metadata": {"name": "given"}, "data": {"other.py": "", "wished.json": "{}"}}
    told = carry_out(tmp_path, [job], [given], "http://127.0.0.1:1")[0]
    assert "nothing else is run here" in told.message


def test_another_archive_than_the_recorded_one_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "archive.tar.gz"
    archive.write_bytes(b"something else")
    with pytest.raises(KafkaError, match="recorded is 3cda1b34aa02…"):
        registry.unpack(archive, tmp_path / "fresh")
    assert not (tmp_path / "fresh").exists()


def test_one_whose_keeper_was_killed_is_stopped_too(tmp_path: Path) -> None:
    folder = tmp_path / f"kafka/{CLUSTER}/registry/{SERVICE}"
    folder.mkdir(parents=True)
    process = Process(folder / "registry.json")
    process.start([sys.executable, "-c", "import time; time.sleep(60)"], folder / "registry.log")
    assert leave(tmp_path, keep={CLUSTER}) == 0
    assert process.pid
    assert leave(tmp_path, keep=set()) == 1
    assert not process.pid


def test_objects_alone_never_fetch_the_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KAFKA_FLEET_CACHE", str(tmp_path / "cache"))
    body = {"metadata": {"name": SERVICE}, "spec": {"template": {"spec": {"containers": [{"image": "declared:1"}]}}}}
    cluster = Cluster(CLUSTER, "kafka", "account", {}, registries=[body])
    outcome = Registry(Place(tmp_path, CLUSTER)).reconcile(cluster)
    assert (outcome.addresses, outcome.told, outcome.settled) == ({}, [], True)
    assert [(one.declared, one.here) for one in outcome.adapted] == [("declared:1", "not run, nor its subjects")]
    assert "`fleet sandbox start --kafka real --registry`" in outcome.adapted[0].why
    assert list(tmp_path.iterdir()) == []
