"""What a program marks as secret is in no text that comes back, in whatever way it was written there."""

import base64
import json
import sys
from typing import Any
from urllib.parse import quote

import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import resource_pb2

from stacks.run.outcome import Diagnostic, Outcome, PolicyViolation
from stacks.run.quiet import inside, quiet
from stacks.run.secrets import Secrets, Watched
from stacks.run.values import MASK, veiled

MARK, SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"
KEY = '-----BEGIN KEY-----\nfirst"line/+é\nsecond&line<>\n-----END KEY-----\n'


def marked(value: Any) -> Struct:
    made = Struct()
    made.update({"plain": "in the open", "deep": [{"secret": {MARK: SECRET, "value": value}}]})
    return made


def told(secrets: Secrets, message: str) -> str:
    outcome = Outcome(
        stack="s",
        operation="up",
        result="failed",
        reason=message,
        outputs={"a": [message]},
        diagnostics=(Diagnostic(severity="error", message=message),),
        policies=(PolicyViolation(pack="p", policy="p", level="advisory", message=message),),
    )
    clean = secrets.scrub(outcome)
    texts: set[str] = {clean.reason, clean.outputs["a"][0], clean.diagnostics[0].message, clean.policies[0].message}
    assert len(texts) == 1
    return texts.pop()


@pytest.fixture
def secrets() -> Secrets:
    made = Secrets()
    made.watch("s", resource_pb2.RegisterResourceRequest(object=marked(KEY)))
    return made


@pytest.mark.parametrize(
    "text",
    [
        KEY,
        'first"line/+é',
        json.dumps(KEY),
        json.dumps(KEY, ensure_ascii=False),
        quote(KEY),
        quote(KEY, safe=""),
        KEY.encode().hex(),
        base64.b64encode(KEY.encode()).decode(),
        base64.urlsafe_b64encode(KEY.encode()).decode(),
        base64.b64encode(f"user:{KEY}".encode()).decode(),
        base64.b64encode(f"me:{KEY}".encode()).decode(),
    ],
)
def test_a_secret_is_taken_out_however_it_is_written(secrets: Secrets, text: str) -> None:
    clean = told(secrets, f"refused: {text} by the cloud")
    assert MASK in clean
    assert clean.startswith("refused: ")
    assert clean.endswith(" by the cloud")
    assert not any(word in clean for word in ("first", "second", KEY.encode().hex()[60:90]))


def test_what_is_no_secret_of_the_stack_stays(secrets: Secrets) -> None:
    assert told(secrets, "in the open, -----BEGIN KEY-----") == "in the open, -----BEGIN KEY-----"
    other = Outcome(stack="other", operation="up", result="ok", reason=KEY)
    assert secrets.scrub(other).reason == KEY
    secrets.forget("s")
    assert told(secrets, KEY) == KEY


def test_a_short_secret_does_not_blacken_words() -> None:
    secrets = Secrets()
    secrets.watch("s", resource_pb2.RegisterResourceRequest(object=marked("kafka")))
    assert told(secrets, "kafka is not ready") == "kafka is not ready"


def test_what_the_program_says_in_the_open_is_no_secret() -> None:
    def labels(mark: bool) -> Struct:
        made = Struct()
        said = {"cell": "gcp-ew1-prod", "environment": "staging"}
        made.update({"labels": {MARK: SECRET, "value": said} if mark else said})
        return made

    secrets = Secrets()
    # A provider marks the labels of a thing whole, which its program gave in the open.
    secrets.watch("s", resource_pb2.RegisterResourceResponse(object=labels(mark=True)))
    assert told(secrets, "gcp-ew1-prod in staging") == f"{MASK} in {MASK}"
    secrets.watch("s", resource_pb2.RegisterResourceRequest(object=labels(mark=False)))
    assert told(secrets, "gcp-ew1-prod in staging") == f"{MASK} in {MASK}"
    secrets.watch("s", resource_pb2.RegisterResourceRequest(object=labels(mark=False)), asked=True)
    assert told(secrets, "gcp-ew1-prod in staging") == "gcp-ew1-prod in staging"


def test_what_a_secret_decodes_to_is_secret() -> None:
    secrets = Secrets()
    encoded = base64.b64encode(b"hunter2-hunter2").decode()
    secrets.watch("s", resource_pb2.RegisterResourceResponse(object=marked(encoded)))
    assert told(secrets, "the password hunter2-hunter2 is wrong") == f"the password {MASK} is wrong"


def test_calls_are_watched_on_their_way_there_and_back() -> None:
    class Stub:
        def register(self, request: object, timeout: int) -> object:
            assert timeout == 3
            return resource_pb2.RegisterResourceResponse(object=marked("given-back"))

    secrets = Secrets()
    sent = resource_pb2.RegisterResourceRequest(object=marked("sent-there"))
    Watched(Stub(), secrets, "s").register(sent, timeout=3)
    assert told(secrets, "sent-there given-back") == f"{MASK} {MASK}"


@pytest.mark.parametrize(
    ("value", "other", "told"),
    [
        ("old", "[secret]", MASK),
        ("old", {MARK: SECRET, "ciphertext": "x"}, MASK),
        ({"a": "old", "b": "open"}, {"a": "[secret]", "b": "open"}, {"a": MASK, "b": "open"}),
        ([{"a": "old"}], [{"a": "[secret]"}], [{"a": MASK}]),
        (["old"], ["[secret]", "x"], MASK),
        ({"a": "old"}, {"a": "new"}, {"a": "old"}),
        (None, "[secret]", None),
    ],
)
def test_a_value_that_turns_into_a_secret_is_not_shown_as_it_was(value: object, other: object, told: object) -> None:
    assert veiled(value, other) == told


def test_what_a_program_prints_is_not_on_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    import contextvars

    def program() -> None:
        inside()
        sys.stdout.write("secret\n")
        sys.stderr.write("secret\n")
        sys.stdout.writelines(["secret"])

    with quiet():
        contextvars.copy_context().run(program)
        sys.stdout.write("progress\n")
    sys.stdout.write("after\n")
    assert capsys.readouterr() == ("progress\nafter\n", "")
