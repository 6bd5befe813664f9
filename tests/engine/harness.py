"""Real engine runs against a sandbox of their own.

Owns      a temporary backend and work folder, the engine's environment, and one result type for all operations.
Refuses   the network, the user's Pulumi home and any running sandbox.
"""

import asyncio
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import pytest
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2_grpc

from sandbox import control
from tools.engine import engine as find_engine

Program = Callable[[], None]


@dataclass
class Result:
    """What one run did. `steps` maps a URN's name to its operations, in order."""

    ok: bool
    error: str = ""
    summary: dict[str, int] = field(default_factory=dict)
    steps: dict[str, list[str]] = field(default_factory=dict)
    details: dict[str, dict[str, str]] = field(default_factory=dict)
    diagnostics: list[str] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def text(self) -> str:
        """Everything that was said about what went wrong."""
        return "\n".join([*self.diagnostics, self.error])


class Engine:
    """One backend and one sandbox; stacks are made when first named.

    The engine is called without the Automation API's conveniences (they start three more processes an `up`), but with
    its language server, so that inline programs run as they do there.
    """

    def __init__(self, folder: Path, models: str = control.CLOUDS) -> None:
        self.folder = folder
        self.state_dir = folder / "sandbox"
        self.work = folder / "work"
        self.models = models
        (folder / "backend").mkdir(parents=True)
        self.work.mkdir()
        (self.work / "Pulumi.yaml").write_text("name: engine-tests\nruntime: python\n", encoding="utf-8")
        self.stacks: set[str] = set()
        self.language = LanguageServer(lambda: None)
        self.server = grpc.server(ThreadPoolExecutor(4))
        language_pb2_grpc.add_LanguageRuntimeServicer_to_server(self.language, self.server)
        self.port = self.server.add_insecure_port("127.0.0.1:0")
        self.server.start()
        self.start()

    def start(self) -> None:
        """Start the sandbox, again after it was killed."""
        control.start(self.state_dir, models=self.models)

    def call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Call the engine's command line."""
        variables = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PULUMI_DEBUG_PROVIDERS": control.debug_providers(self.state_dir),
            "PULUMI_BACKEND_URL": f"file://{self.folder}/backend",
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_HOME": str(self.folder / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            # The state is written once, at the end of a run, and not after each step: nobody kills these engines.
            # Runs that are killed are those of `fleet`, which has its own environment.
            "PULUMI_SKIP_CHECKPOINTS": "true",
            "PULUMI_EXPERIMENTAL": "true",
            "PULUMI_DEBUG_COMMANDS": "true",  # without it the engine knows no `--event-log`
            "PULUMI_DIY_BACKEND_NO_LEGACY_WARNING": "1",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        }
        command = [str(find_engine()), *arguments, "--non-interactive"]
        return subprocess.run(command, cwd=self.work, env=variables, capture_output=True, text=True, check=False)

    def run(self, program: Program, operation: str = "up", name: str = "test", *flags: str) -> Result:
        """Run `up`, `preview`, `refresh` or `destroy`, and say what happened; a failure is a result too."""
        if name not in self.stacks:
            made = self.call("stack", "init", name)
            assert made.returncode == 0, made.stderr
            self.stacks.add(name)
        self.language.program = _begun(program)
        events = self.work / f"{name}.events"
        events.unlink(missing_ok=True)
        arguments = [f"--stack={name}", f"--client=127.0.0.1:{self.port}", "--exec-kind=auto.inline", *flags]
        if operation != "preview":
            arguments += ["--yes", "--skip-preview"]
        started = time.perf_counter()
        done = self.call(operation, *arguments, f"--event-log={events}")
        result = Result(ok=done.returncode == 0, error=done.stderr, seconds=time.perf_counter() - started)
        for line in events.read_text(encoding="utf-8").splitlines() if events.exists() else ():
            _collect(result, json.loads(line))
        return result

    def export(self, name: str = "test") -> dict[str, Any]:
        """The stack's state, as the engine keeps it."""
        deployment: dict[str, Any] = json.loads(self.call("stack", "export", f"--stack={name}").stdout)["deployment"]
        return deployment

    def close(self) -> None:
        self.server.stop(None)
        control.stop(self.state_dir)


def _begun(program: Program) -> Callable[[], Any]:
    """The program, whose registrations begin before the SDK waits for them (stacks/run/programs.py says why)."""

    async def whole() -> None:
        program()
        await asyncio.sleep(0)

    return whole


def _collect(result: Result, event: dict[str, Any]) -> None:
    if "resourcePreEvent" in event:
        step = event["resourcePreEvent"]["metadata"]
        name = step["urn"].rsplit("::", 1)[-1]
        result.steps.setdefault(name, []).append(step["op"])
        if step.get("detailedDiff"):
            result.details[name] = {path: one["diffKind"] for path, one in step["detailedDiff"].items()}
    elif "resOutputsEvent" in event:
        step = event["resOutputsEvent"]["metadata"]
        if step["type"] == "pulumi:pulumi:Stack" and step.get("new"):
            result.outputs = step["new"].get("outputs") or {}
    elif "summaryEvent" in event:
        result.summary = event["summaryEvent"]["resourceChanges"]
    elif "diagnosticEvent" in event and event["diagnosticEvent"]["severity"] == "error":
        result.diagnostics.append(event["diagnosticEvent"]["message"])


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine with a sandbox, for the tests of one module; each test names its own stack."""
    made = Engine(tmp_path_factory.mktemp("engine"))
    yield made
    made.close()
