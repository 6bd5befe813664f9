"""Real engine runs against a sandbox of their own.

Owns      a temporary backend and work folder, the engine's environment, and one result type for all operations.
Refuses   the network, the user's Pulumi home and any running sandbox.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pulumi import automation

from sandbox import control

Program = Callable[[], None]


def engine_root() -> Path:
    """Folder with `bin/pulumi`, made of the cached binary (or the one that KAFKA_FLEET_PULUMI names)."""
    cache = Path.home() / ".cache" / "kafka-fleet"
    binary = Path(os.environ.get("KAFKA_FLEET_PULUMI", cache / "bin" / "pulumi-v3.250.0"))
    if not binary.exists():
        raise FileNotFoundError(f"no engine at {binary}: run `make engine`, or name one in KAFKA_FLEET_PULUMI")
    root = cache / "engine-tests"
    link = root / "bin" / "pulumi"
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.exists() or link.resolve() != binary.resolve():
        temporary = link.with_name(f"pulumi.{os.getpid()}")
        temporary.symlink_to(binary)
        temporary.replace(link)
    return root


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
    secret_outputs: set[str] = field(default_factory=set)
    seconds: float = 0.0

    @property
    def text(self) -> str:
        """Everything that was said about what went wrong."""
        return "\n".join([*self.diagnostics, self.error])


class Engine:
    """One backend and one sandbox; stacks are made when first named."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state_dir = folder / "sandbox"
        (folder / "backend").mkdir(parents=True)
        self.command = automation.PulumiCommand(root=str(engine_root()))
        control.start(self.state_dir)

    def _variables(self) -> dict[str, str]:
        return {
            "PULUMI_DEBUG_PROVIDERS": control.debug_providers(self.state_dir),
            "PULUMI_BACKEND_URL": f"file://{self.folder}/backend",
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_HOME": str(self.folder / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DIY_BACKEND_NO_LEGACY_WARNING": "1",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        }

    def stack(self, program: Program, name: str = "test") -> automation.Stack:
        work = self.folder / f"work-{name}"
        work.mkdir(exist_ok=True)
        options = automation.LocalWorkspaceOptions(
            work_dir=str(work),
            pulumi_command=self.command,
            env_vars=self._variables(),
            project_settings=automation.ProjectSettings(name="engine-tests", runtime="python"),
        )
        return automation.create_or_select_stack(
            stack_name=name, project_name="engine-tests", program=program, opts=options
        )

    def run(self, program: Program, operation: str = "up", name: str = "test", **options: Any) -> Result:
        """Run `up`, `preview`, `refresh` or `destroy`, and say what happened; a failure is a result too."""
        result = Result(ok=True)
        stack = self.stack(program, name)
        started = time.perf_counter()
        try:
            done = getattr(stack, operation)(on_event=lambda event: _collect(result, event), **options)
        except automation.CommandError as error:
            result.ok, result.error = False, str(error)
        else:
            if operation in ("up", "refresh"):
                changes = done.summary.resource_changes or {}
                result.summary = {str(getattr(key, "value", key)): count for key, count in changes.items()}
            elif operation == "preview":
                result.summary = {str(getattr(key, "value", key)): count for key, count in done.change_summary.items()}
            for key, output in getattr(done, "outputs", {}).items():
                result.outputs[key] = output.value
                if output.secret:
                    result.secret_outputs.add(key)
        result.seconds = time.perf_counter() - started
        return result

    def export(self, program: Program, name: str = "test") -> dict[str, Any]:
        """The stack's state, as the engine keeps it."""
        return dict(self.stack(program, name).export_stack().deployment)

    def close(self) -> None:
        control.stop(self.state_dir)


def _collect(result: Result, event: Any) -> None:
    if event.resource_pre_event is not None:
        step = event.resource_pre_event.metadata
        name = step.urn.rsplit("::", 1)[-1]
        result.steps.setdefault(name, []).append(step.op.value)
        if step.detailed_diff:
            result.details[name] = {path: one.diff_kind.value for path, one in step.detailed_diff.items()}
    elif event.diagnostic_event is not None and event.diagnostic_event.severity == "error":
        result.diagnostics.append(event.diagnostic_event.message)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """An engine with a sandbox, for the tests of one module; each test names its own stack."""
    made = Engine(tmp_path_factory.mktemp("engine"))
    yield made
    made.close()
