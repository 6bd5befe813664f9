"""The stock engine with the policies' pack and a provider that takes everything.

Owns      a backend and a work folder of its own, and one call of the engine with its events.
Refuses   the sandbox: what breaks a policy would break its laws first.
"""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2_grpc

from policies.config import SCOPE
from policies.host import hosted
from tools.engine import engine as find_engine
from tools.policies.provider import permissive

Config = Mapping[str, Mapping[str, Any]]


@dataclass
class Run:
    """What one run said. `events` holds the engine's own, in order."""

    ok: bool
    said: str
    seconds: float
    events: list[dict[str, Any]] = field(default_factory=list)

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The events of one kind, e.g. `policyEvent`."""
        return [event[kind] for event in self.events if kind in event]


class Engine:
    """Previews and applies of programs; a stack is made when a configuration first names it."""

    def __init__(self, folder: Path, providers: str, made: dict[str, Any]) -> None:
        self.folder = folder
        self.made = made
        (folder / "backend").mkdir(parents=True)
        (folder / "Pulumi.yaml").write_text("name: policies\nruntime: python\n", encoding="utf-8")
        self.variables = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PULUMI_DEBUG_PROVIDERS": providers,
            "PULUMI_BACKEND_URL": f"file://{folder}/backend",
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DEBUG_COMMANDS": "true",  # without it the engine knows no `--event-log`
            "PULUMI_DIY_BACKEND_NO_LEGACY_WARNING": "1",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        }
        self.language = LanguageServer(lambda: None)
        self.server = grpc.server(ThreadPoolExecutor(4))
        language_pb2_grpc.add_LanguageRuntimeServicer_to_server(self.language, self.server)
        self.port = self.server.add_insecure_port("127.0.0.1:0")
        self.server.start()
        self._stacks: set[str] = set()

    def call(self, arguments: list[str], variables: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
        """One call of the command line."""
        command = [str(find_engine()), *arguments, "--non-interactive"]
        environment = {**self.variables, **variables}
        return subprocess.run(  # noqa: S603 - the engine
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )

    def run(
        self,
        program: Callable[[], None],
        config: Config | None,
        operation: str = "preview",
        arguments: tuple[str, ...] = (),
        variables: Mapping[str, str] | None = None,
        stack: str = "",
    ) -> Run:
        """Run a program under the pack with this configuration, in the stack that it names; None: without our pack."""
        name = stack or str((config or {}).get(SCOPE, {}).get("stack") or "test")
        if name not in self._stacks:
            self._stacks.add(name)
            self.call(["stack", "init", name], {}).check_returncode()
        self.language.program = program
        events = self.folder / "events"
        events.unlink(missing_ok=True)
        given = [operation, f"--stack={name}", f"--client=127.0.0.1:{self.port}", "--exec-kind=auto.inline", *arguments]
        given += ["--yes", "--skip-preview"] if operation != "preview" else []
        added = dict(variables or {})
        with ExitStack() as opened:
            if config is not None:
                session = opened.enter_context(hosted(config))
                given += session.arguments
                added |= session.environment(self.variables["PATH"])
            started = time.perf_counter()
            done = self.call([*given, f"--event-log={events}"], added)
            seconds = time.perf_counter() - started
        lines = events.read_text(encoding="utf-8").splitlines() if events.exists() else []
        return Run(done.returncode == 0, done.stdout + done.stderr, seconds, [json.loads(line) for line in lines])

    def close(self) -> None:
        """Stop serving programs."""
        self.server.stop(grace=None)


@contextmanager
def engine() -> Iterator[Engine]:
    """An engine in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="fleet-policies-") as folder, permissive() as (providers, made):
        found = Engine(Path(folder) / "engine", providers, made)
        try:
            yield found
        finally:
            found.close()
