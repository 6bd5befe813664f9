"""CI's credentials: short-lived, for one role, in nobody else's hands; with a stand-in for GitHub's service."""

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from stacks.ci import login
from stacks.ci.error import CiError
from stacks.ci.login import run, signed_in
from stacks.ci_spec import CiSettings
from tests.ci.pipelines import COMPANY

CANARY = "canary-of-the-request-token"


class Service(BaseHTTPRequestHandler):
    """Gives a new token for each request, to whoever knows the request token."""

    given = 0
    broken = False

    def do_GET(self) -> None:
        audience = parse_qs(urlsplit(self.path).query).get("audience", [""])[0]
        good = self.headers["Authorization"] == f"bearer {CANARY}" and not Service.broken
        Service.given += good
        self.send_response(200 if good else 500)
        self.end_headers()
        self.wfile.write(json.dumps({"value": f"token {Service.given} for {audience}"} if good else {}).encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def job() -> Iterator[dict[str, str]]:
    """The environment of a job that may ask for tokens."""
    Service.given, Service.broken = 0, False
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield {
        "PATH": os.environ["PATH"],
        "ACTIONS_ID_TOKEN_REQUEST_URL": f"http://127.0.0.1:{server.server_port}/token?api-version=2.0",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": CANARY,
    }
    server.shutdown()
    server.server_close()


def test_each_cloud_gets_a_token_of_its_own(job: dict[str, str]) -> None:
    with signed_in("preview", COMPANY, job) as given:
        google = json.loads(Path(given["GOOGLE_APPLICATION_CREDENTIALS"]).read_text())
        files = {
            "aws": Path(given["AWS_WEB_IDENTITY_TOKEN_FILE"]),
            "azure": Path(given["ARM_OIDC_TOKEN_FILE_PATH"]),
            "gcp": Path(google["credential_source"]["file"]),
        }
        tokens = {cloud: file.read_text().partition(" for ")[2] for cloud, file in files.items()}
        assert all(file.stat().st_mode & 0o077 == 0 for file in files.values())
        assert (given["AWS_ROLE_ARN"], given["ARM_CLIENT_ID"]) == ("arn:p", "1")
    assert tokens == {
        "aws": "sts.amazonaws.com",
        "azure": "api://AzureADTokenExchange",
        "gcp": "https://iam.googleapis.com/projects/42/locations/global/workloadIdentityPools/kafka-fleet/providers/forge",
    }
    assert not any(file.exists() for file in files.values())


def test_the_command_is_another_role_for_another_word(job: dict[str, str]) -> None:
    with signed_in("apply", COMPANY, job) as given:
        assert given["AWS_ROLE_ARN"] == "arn:a"
        assert "a@x:generateAccessToken" in Path(given["GOOGLE_APPLICATION_CREDENTIALS"]).read_text()


def test_the_command_cannot_ask_for_more(job: dict[str, str]) -> None:
    with signed_in("preview", COMPANY, {**job, "FLEET_TOKEN_AWS": "gitlabs"}) as given:
        assert CANARY not in json.dumps(given)
        assert not {"ACTIONS_ID_TOKEN_REQUEST_URL", "FLEET_TOKEN_AWS"} & set(given)
        assert Path(given["AWS_WEB_IDENTITY_TOKEN_FILE"]).read_text() == "gitlabs"


def test_tokens_are_renewed_while_it_runs(job: dict[str, str]) -> None:
    with signed_in("preview", COMPANY, job, renew_seconds=0.02) as given:
        file = Path(given["AWS_WEB_IDENTITY_TOKEN_FILE"])
        first = file.read_text()
        until = time.monotonic() + 10
        while file.read_text() == first and time.monotonic() < until:
            time.sleep(0.01)
        assert file.read_text() != first
        Service.broken = True
        time.sleep(0.1)
        assert file.read_text().endswith("for sts.amazonaws.com")


def test_the_commands_exit_code_is_ours(job: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    code = "import os; print(os.environ['AWS_ROLE_ARN']); raise SystemExit(7)"
    assert run("preview", [sys.executable, "-c", code], COMPANY, job) == 7
    said = capfd.readouterr()
    assert said.out == "arn:p\n"
    assert CANARY not in said.out + said.err


def test_without_clouds_it_runs_as_it_is() -> None:
    assert run("apply", [sys.executable, "-c", ""], CiSettings(), {"PATH": os.environ["PATH"]}) == 0


def test_a_forge_that_gives_nothing_is_told_without_its_address(job: dict[str, str]) -> None:
    Service.broken = True
    with pytest.raises(CiError, match="gave no token for aws") as told, signed_in("preview", COMPANY, job):
        pass
    assert "127.0.0.1" not in str(told.value)


def test_a_person_is_told_what_to_do() -> None:
    with pytest.raises(CiError) as told, signed_in("preview", COMPANY, {}):
        pass
    assert "id-token: write" in told.value.hint


def test_a_cloud_without_a_role_is_told() -> None:
    ci = CiSettings.model_validate(
        {"repository": "a/b", "clouds": {"aws": {"account": "111111111111", "region": "eu-west-1"}}}
    )
    with pytest.raises(CiError, match="who applies as 'preview' in aws"), signed_in("preview", ci, {}):
        pass


def test_the_folder_is_gone_after_a_failure(
    job: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(login.tempfile, "tempdir", str(tmp_path))
    with pytest.raises(CiError, match="does not start"):
        run("preview", ["/nowhere/fleet"], COMPANY, job)
    assert list(tmp_path.iterdir()) == []
