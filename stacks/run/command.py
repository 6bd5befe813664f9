"""Calls of the CLI for one stack: its directory, its environment, and the few commands that are no operation.

Owns      how a CLI is called, and making a stack in its backend.
Refuses   operations (`operate.py`), and telling what the CLI printed.
"""

from collections.abc import Callable, Mapping, Sequence

from stacks.run import checkpoint
from stacks.run.checkpoint import StackState
from stacks.run.engine import Engines, Exit
from stacks.run.environment import engine_environment
from stacks.run.settings import RunSettings
from stacks.run.workdir import WorkDirectory
from stacks.stack import Stack


class Command:
    """The CLI as all operations call it; one object serves all workers of a run."""

    def __init__(self, settings: RunSettings, engines: Engines) -> None:
        self.settings = settings
        self._engines = engines

    def call(
        self,
        stack: Stack,
        work: WorkDirectory,
        command: Sequence[str],
        *,
        keep_output: bool = False,
        environment: Callable[[Mapping[str, str]], Mapping[str, str]] = lambda environment: environment,
    ) -> Exit:
        """Run one command to its end, on the backend that `work` is of.

        environment  makes the process's environment from the one that it would have
        """
        return self._engines.run(
            [str(self.settings.engine), *command, "--non-interactive"],
            work.path,
            environment(engine_environment(work.settings, stack.cell)),
            work.run_file("words"),
            keep_output=keep_output,
        )

    def state(self, stack: Stack) -> StackState:
        """What the backend has of the stack."""
        return checkpoint.read_state(self.settings, stack, self._export)

    def create(self, stack: Stack, work: WorkDirectory) -> Exit | None:
        """Make the stack in the backend, unless it is there; the end of a command that failed at it.

        The CLI writes the salt that it chose into the settings file.
        """
        with work.beginning():
            if checkpoint.exists(self.settings, stack):
                work.salt(self.state(stack).salt)
                return None
            command = ["stack", "init", stack.name, "--no-select"]
            if self.settings.local:
                self.settings.backend_directory(stack.cell).mkdir(parents=True, exist_ok=True)
            if self.settings.secrets_provider != "passphrase":
                command += ["--secrets-provider", self.settings.secrets_provider]
            ended = self.call(stack, work, command)
        if ended.code and "already exists" not in ended.words:
            return ended
        ended.file.unlink(missing_ok=True)
        return None

    def _export(self, stack: Stack) -> str | None:
        work = WorkDirectory(self.settings, stack)
        work.prepare()
        ended = self.call(stack, work, ["stack", "export", "--stack", stack.name], keep_output=True)
        ended.file.unlink(missing_ok=True)
        return ended.printed if ended.code == 0 else None
