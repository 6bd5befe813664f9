"""What a role that reads may do, by the stock engine: a preview, of a new stack too, writes nothing where the state is.

The shared backend is an object store by moto that refuses what changes an object, as it refuses a role that reads.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from stacks.run.operate import Options
from tests.run.project import Project, ops


@dataclass
class ObjectStore:
    """An S3 that can be closed for writing, but for the one object that a preview may write (docs/bootstrap.md).

    refused  keys that somebody tried to write then
    """

    port: int = 0
    closed: bool = False
    refused: list[str] = field(default_factory=list)
    _application: Any = field(default_factory=lambda: DomainDispatcherApplication(create_backend_app))

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        reads = environ["REQUEST_METHOD"] in ("GET", "HEAD") or environ["PATH_INFO"].endswith("/.pulumi/meta.yaml")
        if self.closed and not reads:
            self.refused.append(environ["PATH_INFO"])
            start_response("403 Forbidden", [("Content-Type", "application/xml")])
            return [b"<Error><Code>AccessDenied</Code><Message>this role reads</Message></Error>"]
        return self._application(environ, start_response)

    @property
    def bucket(self) -> str:
        """One of its own: moto keeps what is in them for the whole process."""
        return f"state-{self.port}"

    @property
    def backend(self) -> str:
        return f"s3://{self.bucket}/fleet?region=us-east-1&endpoint=http://127.0.0.1:{self.port}&use_path_style=true"

    def client(self) -> Any:
        return boto3.client("s3", endpoint_url=f"http://127.0.0.1:{self.port}", region_name="us-east-1")

    def keys(self) -> set[str]:
        return {one["Key"] for one in self.client().list_objects_v2(Bucket=self.bucket).get("Contents", [])}


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
    made = ObjectStore()
    server = make_server("127.0.0.1", 0, made, threaded=True)
    made.port = server.port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    for name, value in {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_REGION": "us-east-1"}.items():
        monkeypatch.setenv(name, value)
    made.client().create_bucket(Bucket=made.bucket)
    yield made
    server.shutdown()
    thread.join()


@pytest.fixture
def project(tmp_path: Path, tiny: str) -> Project:
    made = Project(tmp_path, tiny)
    made.declare("cell.one")
    made.declare("kafka.a", after=["cell.one"])
    made.plan(
        {
            "cell.one": {"outputs": {"greeting": "hello"}, "things": {"t": {"password": "hunter2-hunter2"}}},
            "kafka.a": {"cell": "cell.one", "things": {"t": {}}},
        }
    )
    return made


def expect(project: Project, greeting: str | None) -> None:
    plan = {"cell": "cell.one", "expects": greeting, "things": {"t": {"password": "hunter2-hunter2"}}}
    project.plan({"kafka.a": plan})


def left(project: Project) -> list[Path]:
    return [path for folder in ("state", "beside") for path in (project.root / ".fleet" / folder).rglob("*")]


def test_a_preview_of_a_new_fleet_leaves_nothing(project: Project) -> None:
    seen = project.run("preview")
    assert {one.stack: (one.result, ops(one), one.cell_applied) for one in seen.outcomes} == {
        "cell.one": ("ok", {"box": "create", "t": "create"}, None),
        "kafka.a": ("ok", {"box": "create", "t": "create"}, False),
    }
    assert seen.not_applied == ("one",)
    assert left(project) == []


def test_a_new_stack_sees_the_outputs_of_its_cell(project: Project) -> None:
    assert project.one("up", "cell.one").result == "ok"
    before = left(project)
    for greeting, result in (("hello", "ok"), ("goodbye", "failed")):
        expect(project, greeting)
        seen = project.one("preview", "kafka.a")
        assert (seen.result, seen.cell_applied) == (result, True), seen.diagnostics
    assert left(project) == before


def test_what_a_failed_preview_printed_is_kept(project: Project) -> None:
    project.plan({"kafka.a": {"fail": "no"}})
    seen = project.one("preview", "kafka.a")
    assert seen.result == "failed"
    assert any("no" in one.message for one in seen.diagnostics)
    assert not seen.details or Path(seen.details).is_file()


def test_a_role_that_reads_previews_new_stacks_of_a_shared_backend(project: Project, store: ObjectStore) -> None:
    project.backend = store.backend
    store.closed = True
    assert [one.result for one in project.run("preview").outcomes] == ["ok", "ok"]
    assert store.keys() == {"fleet/one/.pulumi/meta.yaml"}
    store.closed = False
    assert project.one("up", "cell.one").result == "ok"
    before = store.keys()
    assert any(key.endswith("one/.pulumi/stacks/kafka-fleet/cell.one.json") for key in before)
    store.closed = True
    for greeting, result in (("hello", "ok"), ("goodbye", "failed")):
        expect(project, greeting)
        assert project.one("preview", "kafka.a").result == result
    assert store.refused == []
    assert store.keys() == before
    project.plan({"cell.one": {"outputs": {"greeting": "hello"}, "things": {"t": {}, "more": {}}}})
    again = project.one("preview", "cell.one")
    assert (again.result, ops(again)["more"]) == ("ok", "create")
    assert project.one("up", "cell.one").result == "failed"
    assert store.refused != []


def test_a_role_that_reads_looks_for_drift(project: Project, store: ObjectStore) -> None:
    project.backend = store.backend
    assert project.one("up", "cell.one").result == "ok"
    before = store.keys()
    store.closed = True
    seen = project.one("refresh", "cell.one", Options(preview_only=True))
    assert (seen.result, seen.counts) == ("ok", {"same": 4})
    assert (store.refused, store.keys()) == ([], before)


def test_a_new_stack_is_made_in_a_shared_backend_by_its_up(project: Project, store: ObjectStore) -> None:
    project.backend = store.backend
    assert {one.result for one in project.run("up").outcomes} == {"ok"}
    assert {one.changes for one in project.run("up").outcomes} == {0}
    assert {one.result for one in project.run("destroy").outcomes} == {"ok"}
