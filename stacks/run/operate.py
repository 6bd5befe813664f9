"""One operation of the stock engine on one stack, by the shortest way.

Owns      preview, up, destroy and refresh of one stack: what is asked of the CLI, and what its end means.
Refuses   repairing: locks are never broken and pending operations never dropped unless a person said to.
"""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from stacks.run import checkpoint, unfinished
from stacks.run.checkpoint import StackState
from stacks.run.engine import Engines, Exit, Stopping
from stacks.run.environment import engine_environment
from stacks.run.events import Digest, EventLog
from stacks.run.home import prepare_home
from stacks.run.outcome import Diagnostic, Operation, Outcome, Result
from stacks.run.settings import RunSettings
from stacks.run.words import classify
from stacks.run.workdir import Occupied, WorkDirectory
from stacks.stack import Stack

_OTHER_VERSION = re.compile(r"resource plugin \S+ is expected to have version")
_STACK_NOT_FOUND = 6
"""The CLI's exit code, a part of its contract (pkg/cmd/pulumi/cmd/exit_codes.go)."""


@dataclass(frozen=True)
class Options:
    """What a person may add to an operation.

    policy_packs   folders of policy packs that judge previews and ups
    clear_pending  the person has looked: creations whose end is unknown are dealt with, forget them
    """

    policy_packs: Sequence[str] = ()
    clear_pending: bool = False


OnStart = Callable[[Stack, EventLog], None]


class Operator:
    """Runs operations on stacks; one object serves all workers of a run."""

    def __init__(
        self, settings: RunSettings, address: str, engines: Engines, on_start: OnStart = lambda _stack, _log: None
    ) -> None:
        self.settings = settings
        self._address = address
        self._engines = engines
        self._on_start = on_start
        prepare_home(settings)

    def run(self, operation: Operation, stack: Stack, options: Options | None = None) -> Outcome:
        """Do it, and say what came of it; never raises for what a stack, a provider or a person did."""
        began = time.monotonic()
        try:
            outcome = self._run(operation, stack, options or Options())
        except Stopping:
            outcome = Outcome(
                stack=stack.name, operation=operation, result="cancelled", reason="stopped before it began"
            )
        except Occupied:
            outcome = Outcome(
                stack=stack.name,
                operation=operation,
                result="busy",
                reason="another fleet command on this machine is changing the stack; wait for it to end",
            )
        return outcome.model_copy(update={"seconds": round(time.monotonic() - began, 3)})

    def ensure(self, stack: Stack) -> None:
        """See that the backend has the stack, if only empty: a reference to an absent one fails even in a preview."""
        work = WorkDirectory(self.settings, stack)
        work.prepare()
        if (failed := self._create(stack, work)) is not None:
            failed.file.unlink(missing_ok=True)

    def state(self, stack: Stack) -> StackState:
        """What the backend has of the stack."""
        return checkpoint.read_state(self.settings, stack, self._export)

    def _run(self, operation: Operation, stack: Stack, options: Options) -> Outcome:
        work = WorkDirectory(self.settings, stack)
        work.prepare()
        if operation == "preview":
            return self._engine(operation, stack, work, options, self._begin(stack, work))
        with work.changing():
            known = self.settings.local and checkpoint.exists(self.settings, stack)
            state = self.state(stack) if known or not self.settings.local else StackState(exists=False)
            if not state.exists and operation in ("destroy", "refresh"):
                return Outcome(stack=stack.name, operation=operation, result="ok", reason="the stack was never applied")
            if operation == "up" and (refusal := self._settle(stack, work, state, options)):
                return refusal
            work.salt(state.salt)
            begun = self._create(stack, work) if self.settings.local and not state.exists else None
            outcome = self._engine(operation, stack, work, options, begun)
        if operation == "destroy" and outcome.good:
            unfinished.forget(work)
        return outcome

    def _begin(self, stack: Stack, work: WorkDirectory) -> Exit | None:
        """See that a preview finds its stack; an engine that fails at it says how."""
        if checkpoint.exists(self.settings, stack) is False:
            return self._create(stack, work)
        if not work.salted and self.settings.local:
            work.salt(self.state(stack).salt)
        else:
            work.salt("")
        return None

    def _settle(self, stack: Stack, work: WorkDirectory, state: StackState, options: Options) -> Outcome | None:
        """Deal with creations whose end is unknown; an outcome where the run may not go on."""
        known = {one.urn for one in state.pending}
        pending = (*state.pending, *(one for one in unfinished.read(work) if one.urn not in known))
        if pending and not options.clear_pending:
            return Outcome(
                stack=stack.name,
                operation="up",
                result="refused",
                reason=unfinished.advice(stack, pending),
                pending=pending,
            )
        if state.pending:
            command = ["refresh", "--yes", "--skip-preview", "--clear-pending-creates"]
            work.salt(state.salt)
            repaired = self._engine("refresh", stack, work, Options(), None, command=command)
            if not repaired.good:
                return repaired.model_copy(update={"operation": "up", "reason": f"clearing: {repaired.reason}"})
        unfinished.forget(work)
        return None

    def _create(self, stack: Stack, work: WorkDirectory) -> Exit | None:
        """Make the stack in the backend; the CLI writes the salt that it chose into the settings file."""
        with work.beginning():
            if checkpoint.exists(self.settings, stack):
                work.salt(self.state(stack).salt)
                return None
            command = ["stack", "init", stack.name, "--no-select"]
            if self.settings.local:
                self.settings.backend_directory(stack.cell).mkdir(parents=True, exist_ok=True)
            if self.settings.secrets_provider != "passphrase":
                command += ["--secrets-provider", self.settings.secrets_provider]
            ended = self._cli(stack, work, command)
        if ended.code and "already exists" not in ended.words:
            return ended
        ended.file.unlink(missing_ok=True)
        return None

    def _engine(
        self,
        operation: Operation,
        stack: Stack,
        work: WorkDirectory,
        options: Options,
        begun: Exit | None,
        *,
        command: Sequence[str] = (),
    ) -> Outcome:
        if begun is not None:
            return self._outcome(operation, stack, Digest(), begun)
        log = EventLog(work.run_file("events"))
        self._on_start(stack, log)
        asked = [*(command or self._command(operation, options)), *self._common(stack), "--event-log", str(log.path)]
        ended = self._cli(stack, work, asked)
        if ended.code == _STACK_NOT_FOUND and operation in ("preview", "up"):
            ended.file.unlink(missing_ok=True)
            ended = self._create(stack, work) or self._cli(stack, work, asked)
        outcome = self._outcome(operation, stack, log.read(), ended)
        log.path.unlink(missing_ok=True)
        if operation != "preview":
            unfinished.remember(work, outcome)
        return outcome

    def _command(self, operation: Operation, options: Options) -> list[str]:
        command: list[str] = [operation]
        if operation != "preview":
            command += ["--yes", "--skip-preview"]
        if operation in ("preview", "up"):
            command += [part for pack in options.policy_packs for part in ("--policy-pack", pack)]
        return command

    def _common(self, stack: Stack) -> list[str]:
        return [
            *("--stack", stack.name, "--client", self._address, "--exec-kind", "auto.inline"),
            *("--color", "never", "--suppress-outputs", "--suppress-progress"),
            *("--parallel", str(self.settings.parallel)),
        ]

    def _cli(self, stack: Stack, work: WorkDirectory, command: Sequence[str], *, keep_output: bool = False) -> Exit:
        return self._engines.run(
            [str(self.settings.engine), *command, "--non-interactive"],
            work.path,
            engine_environment(self.settings, stack.cell),
            work.run_file("words"),
            keep_output=keep_output,
        )

    def _export(self, stack: Stack) -> str | None:
        work = WorkDirectory(self.settings, stack)
        work.prepare()
        ended = self._cli(stack, work, ["stack", "export", "--stack", stack.name], keep_output=True)
        ended.file.unlink(missing_ok=True)
        return ended.printed if ended.code == 0 else None

    def _expected(self, message: Diagnostic) -> bool:
        """Whether it says only that a provider is the sandbox's, which has a version of its own."""
        return bool(self.settings.sandbox) and bool(_OTHER_VERSION.match(message.message))

    def _outcome(self, operation: Operation, stack: Stack, digest: Digest, ended: Exit) -> Outcome:
        ending = classify(ended, finished=digest.finished)
        result: Result = ending.result
        if result == "ok" and digest.finished and not digest.succeeded:
            result = "failed"
        silent = result == "failed" and not digest.diagnostics
        if not silent:
            ended.file.unlink(missing_ok=True)
        outputs = digest.outputs
        if not digest.has_outputs and operation != "preview" and self.settings.local:
            outputs = dict(self.state(stack).outputs or {})
        return Outcome(
            stack=stack.name,
            operation=operation,
            result=result,
            reason=ending.reason,
            counts=digest.counts,
            resources=tuple(digest.resources.values()),
            outputs=outputs,
            diagnostics=tuple(one for one in digest.diagnostics if not self._expected(one)),
            policies=tuple(digest.policies),
            details=str(ended.file) if silent else "",
        )
