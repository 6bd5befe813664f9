"""A command with the credentials of one of CI's two roles, for as long as it runs.

Owns      a private folder with a token a cloud, renewed every few minutes, and what the SDKs are told of it.
Refuses   credentials in files that outlive the command, in the job's environment or in its log; other roles: a command
          is given what it was asked for, and cannot ask the forge for more.
"""

import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from components.bootstrap import bootstraps
from components.bootstrap.contract import SignIn
from stacks.ci.error import CiError
from stacks.ci.token import ASKS, renews, token, variable
from stacks.ci_spec import CiSettings

RENEW_SECONDS = 120
"""A token of GitHub's lives five minutes, and an engine that starts late must still find a good one."""


def run(role: str, command: Sequence[str], settings: CiSettings, environment: Mapping[str, str] = os.environ) -> int:
    """Run it, and return its exit code. Without `ci.clouds` it is run as it is."""
    with signed_in(role, settings, environment) as given:
        try:
            process = subprocess.Popen(command, env=given)  # noqa: S603 - what the caller typed after `--`
        except OSError as error:
            raise CiError(f"{command[0]} does not start: {error.strerror}") from error
        with _passing_on(process):
            return process.wait()


@contextmanager
def signed_in(
    role: str, settings: CiSettings, environment: Mapping[str, str], renew_seconds: float = RENEW_SECONDS
) -> Iterator[dict[str, str]]:
    """The environment of a command that acts as `role`."""
    if not settings.logins:
        yield dict(environment)
        return
    with tempfile.TemporaryDirectory(prefix="fleet-login-") as folder:
        ways = dict(_ways(role, settings, Path(folder)))
        given = {
            name: value
            for name, value in environment.items()
            if name not in ASKS and name not in {variable(cloud) for cloud in ways}
        }
        _write(ways, environment)
        for cloud, way in ways.items():
            given |= bootstraps()[cloud].environment(way)
        if not renews(environment):
            yield given
            return
        over = threading.Event()
        keeper = threading.Thread(target=_renew, args=(ways, environment, over, renew_seconds), daemon=True)
        keeper.start()
        try:
            yield given
        finally:
            over.set()
            keeper.join()


def _ways(role: str, settings: CiSettings, folder: Path) -> Iterator[tuple[str, SignIn]]:
    for cloud, login in settings.logins.items():
        who = login.preview if role == "preview" else login.apply
        if not who:
            raise CiError(f"fleet.yaml does not say who applies as '{role}' in {cloud}", f"fleet bootstrap {cloud}")
        own = folder / cloud
        own.mkdir(mode=0o700)
        yield (
            cloud,
            SignIn(login.account, login.region, login.tenant, login.number, who, role, own / "token", own),
        )


def _write(ways: Mapping[str, SignIn], environment: Mapping[str, str]) -> None:
    for cloud, way in ways.items():
        value = token(cloud, bootstraps()[cloud].audience(way), environment)
        draft = way.folder / "token.new"
        draft.touch(mode=0o600)
        draft.write_text(value, "utf-8")
        draft.replace(way.token)


def _renew(ways: Mapping[str, SignIn], environment: Mapping[str, str], over: threading.Event, seconds: float) -> None:
    while not over.wait(seconds):
        # The token that is there may still be good, and the next try comes soon.
        with suppress(CiError):
            _write(ways, environment)


@contextmanager
def _passing_on(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """A forge that cancels a job tells this process; the engine below has to end its step."""
    before = {
        which: signal.signal(which, lambda got, _frame: process.send_signal(got))
        for which in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for which, handler in before.items():
            signal.signal(which, handler)
