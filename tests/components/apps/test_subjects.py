"""Subjects: the wished state, the job that brings it, and the program in the job against a registry."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from components.apps import avro, register_subjects
from components.apps.contract import AppRequest
from components.apps.objects import objects
from components.apps.subject_rules import check
from tests.components.services.judge import all_refusals
from tests.components.services.requests import request as kafka

from .requests import REGISTRY, app

IMAGE = "docker.io/library/python:3.13-slim"
RECORD = {"type": "record", "name": "A", "fields": [{"name": "x", "type": "int"}]}


def with_subjects(subjects: dict[str, Any], **how: Any) -> AppRequest:
    image = how.pop("image", IMAGE)
    return app({"subjects": subjects, **({"subjects_image": image} if image else {})}, **how)


def schema(text: Any, kind: str = "AVRO") -> dict[str, Any]:
    return {"orders.a-value": {"content": {"type": kind, "text": text if isinstance(text, str) else json.dumps(text)}}}


def job(request: AppRequest) -> Any:
    (found,) = [manifest.body for manifest in objects(request) if manifest.body["kind"] == "Job"]
    return found


def test_another_wish_is_another_job_and_the_same_wish_is_none() -> None:
    first, again = (job(with_subjects(schema(RECORD)))["metadata"]["name"] for _ in range(2))
    other = job(with_subjects({"orders.a-value": {"compatibility": "FULL"}}))["metadata"]["name"]
    assert first == again != other
    assert job(with_subjects(schema(RECORD), image="docker.io/library/python:3.14"))["metadata"]["name"] != first


def test_the_job_sees_no_secret_but_the_certificate_and_has_no_rights() -> None:
    request = with_subjects(schema(RECORD))
    pod = job(request)["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    (certificate,) = [volume["secret"] for volume in pod["volumes"] if "secret" in volume]
    assert certificate == {"secretName": REGISTRY.ca_secret, "items": [{"key": "ca.crt", "path": "ca.crt"}]}
    (container,) = pod["containers"]
    assert container["args"][2] == REGISTRY.url
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert all_refusals(objects(request)) == []


def test_images_come_through_the_cells_mirror() -> None:
    from dataclasses import replace

    on = kafka()
    mirrored = replace(on, place=replace(on.place, image_registry="mirror.example.com/all"))
    (container,) = job(with_subjects(schema(RECORD), cluster=mirrored))["spec"]["template"]["spec"]["containers"]
    assert container["image"] == "mirror.example.com/all/library/python:3.13-slim"


def told(request: AppRequest) -> set[str]:
    return {f"{f.code} {'.'.join(map(str, f.path))}" for f in check(request)}


BAD = [
    (with_subjects({"other-value": {}}), "subject-outside-prefix subjects.other-value"),
    (with_subjects({"orders.a-value": {}}, image=""), "subjects-image-missing subjects"),
    (with_subjects({"orders.a-value": {}}, image="docker.io/library/python"), "image-not-pinned subjects_image"),
    (with_subjects({"orders.a-value": {}}, registry=None), "subject-without-registry subjects"),
    (with_subjects(schema("{")), "bad-schema subjects.orders.a-value.content.text"),
    (with_subjects(schema({"type": "recrod"})), "bad-schema subjects.orders.a-value.content.text"),
    (with_subjects(schema({"type": "objekt"}, "JSON")), "bad-schema subjects.orders.a-value.content.text"),
    (with_subjects(schema("nothing", "PROTOBUF")), "bad-schema subjects.orders.a-value.content.text"),
    (with_subjects(schema("message A {", "PROTOBUF")), "bad-schema subjects.orders.a-value.content.text"),
]


@pytest.mark.parametrize(("request_", "expected"), BAD, ids=[f"{n}-{e}" for n, (_, e) in enumerate(BAD)])
def test_a_subject_that_no_registry_takes_is_told(request_: AppRequest, expected: str) -> None:
    assert told(request_) == {expected}


GOOD = [
    schema(RECORD),
    schema({"type": "object", "properties": {"x": {"type": ["integer", "null"]}}, "required": ["x"]}, "JSON"),
    schema('syntax = "proto3";\nmessage A {\n  int32 x = 1;\n}\n', "PROTOBUF"),
    {"orders.a-value": {"compatibility": "NONE"}},
]


@pytest.mark.parametrize("subjects", GOOD)
def test_the_nearest_right_subject_passes(subjects: dict[str, Any]) -> None:
    assert told(with_subjects(subjects)) == set()


AVRO_GOOD: list[Any] = [
    "string",
    ["null", "long"],
    {"type": "array", "items": "int"},
    {"type": "map", "values": {"type": "fixed", "name": "F", "size": 4}},
    {"type": "enum", "name": "E", "symbols": ["A", "B"], "default": "A"},
    {"type": "long", "logicalType": "timestamp-millis"},
    {
        "type": "record",
        "name": "Node",
        "namespace": "com.example",
        "fields": [
            {"name": "value", "type": "int", "default": 1},
            {"name": "next", "type": ["null", "Node"], "default": None},
            {"name": "other", "type": ["null", "com.example.Node"]},
        ],
    },
]


@pytest.mark.parametrize("text", AVRO_GOOD, ids=range(len(AVRO_GOOD)))
def test_what_avros_specification_allows_passes(text: Any) -> None:
    assert list(avro.wrong(text)) == []


def record(*fields: Any) -> Any:
    return {"type": "record", "name": "R", "fields": list(fields)}


AVRO_BAD: list[tuple[Any, str]] = [
    (1, "1 is no type"),
    ("strin", "'strin' is not defined"),
    ([], "no branches"),
    (["null", ["int"]], "directly in a union"),
    (["int", "int"], "'int' twice"),
    ([{"type": "array", "items": "int"}, {"type": "array", "items": "string"}], "'array' twice"),
    ({}, "no 'type'"),
    ({"type": "array"}, "no 'items'"),
    ({"type": "map"}, "no 'values'"),
    ({"type": "fixed", "name": "F"}, "no size"),
    ({"type": "enum", "name": "E", "symbols": ["a b"]}, "no list of symbols"),
    ({"type": "enum", "name": "E", "symbols": ["A", "A"]}, "symbol twice"),
    ({"type": "enum", "name": "E", "symbols": ["A"], "default": "B"}, "none of its symbols"),
    ({"type": "record", "name": "1R", "fields": []}, "'1R' is no name"),
    ({"type": "record", "name": "R"}, "no list of fields"),
    (record({"name": "x y", "type": "int"}), "'x y' is no name of a field"),
    (record({"name": "x"}), "has no type"),
    (record({"name": "x", "type": "int"}, {"name": "x", "type": "int"}), "'x' twice"),
    (record({"name": "x", "type": "int", "default": "1"}), "none of int"),
    (record({"name": "x", "type": "int", "default": True}), "none of int"),
    (record({"name": "x", "type": ["null", "int"], "default": "a"}), "none of null, int"),
    (record({"name": "x", "type": record()}), "defined twice"),
]


@pytest.mark.parametrize(("text", "reason"), AVRO_BAD, ids=[reason for _, reason in AVRO_BAD])
def test_what_avros_specification_forbids_is_said(text: Any, reason: str) -> None:
    assert any(reason in said for said in avro.wrong(text))


class Registry(BaseHTTPRequestHandler):
    """As much of Confluent's API as the program asks for."""

    modes: dict[str, str]
    schemas: dict[str, list[str]]
    writes: list[str]

    def _answer(self, status: int, body: Any) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def _body(self) -> Any:
        self.writes.append(f"{self.command} {self.path}")
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

    def do_GET(self) -> None:
        subject = self.path.removeprefix("/config/")
        known = subject in self.modes
        self._answer(200 if known else 404, {"compatibilityLevel": self.modes.get(subject, "")})

    def do_PUT(self) -> None:
        self.modes[self.path.removeprefix("/config/")] = self._body()["compatibility"]
        self._answer(200, {})

    def do_POST(self) -> None:
        subject, body = self.path.split("/")[2], self._body()
        if "bad" in body["schema"]:
            self._answer(409, {"error_code": 409, "message": "incompatible with an earlier schema"})
            return
        versions = self.schemas.setdefault(subject, [])
        if body["schema"] not in versions:
            versions.append(body["schema"])
        self._answer(200, {"id": versions.index(body["schema"]) + 1})

    def log_message(self, format: str, *args: Any) -> None:
        """Silence."""


@pytest.fixture
def registry() -> Iterator[tuple[str, type[Registry]]]:
    handler = type("One", (Registry,), {"modes": {}, "schemas": {}, "writes": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", handler
    server.shutdown()
    thread.join()
    server.server_close()


def run(request: AppRequest, url: str, folder: Path) -> int:
    """The program of the Job with the input of its ConfigMap."""
    (data,) = [m.body["data"] for m in objects(request) if m.body["kind"] == "ConfigMap"]
    assert data["register_subjects.py"] == Path(register_subjects.__file__).read_text("utf-8")
    (folder / "wished.json").write_text(data["wished.json"], "utf-8")
    return register_subjects.main([str(folder / "wished.json"), url])


def test_the_program_brings_the_wished_state_and_then_changes_nothing(
    registry: tuple[str, type[Registry]], tmp_path: Path
) -> None:
    url, seen = registry
    wish = with_subjects({**schema(RECORD), "orders.b-value": {"compatibility": "NONE"}})
    assert run(wish, url, tmp_path) == 0
    assert seen.modes == {"orders.a-value": "BACKWARD", "orders.b-value": "NONE"}
    assert seen.schemas == {"orders.a-value": [json.dumps(RECORD)]}
    seen.writes.clear()
    assert run(wish, url, tmp_path) == 0
    assert seen.writes == ["POST /subjects/orders.a-value/versions"]
    assert seen.schemas == {"orders.a-value": [json.dumps(RECORD)]}


def test_what_the_registry_refuses_fails_the_job_after_the_rest_was_done(
    registry: tuple[str, type[Registry]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url, seen = registry
    wish = with_subjects({**schema('{"type": "string", "doc": "bad"}'), "orders.b-value": {"compatibility": "NONE"}})
    assert run(wish, url, tmp_path) == 1
    assert seen.modes["orders.b-value"] == "NONE"
    assert "409: incompatible with an earlier schema" in capsys.readouterr().err


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no address of a registry"):
        register_subjects.Registry("file:///etc/passwd")
