"""One operation of the stock engine on one stack, by the shortest way.

Owns      preview, up, destroy and refresh of one stack: what is asked of the CLI, and in which order.
Refuses   repairing: locks are never broken and pending operations never dropped unless a person said to.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stacks.run import checkpoint, held, unfinished
from stacks.run.beside import beside
from stacks.run.checkpoint import StackState
from stacks.run.command import Command
from stacks.run.end import ending
from stacks.run.engine import Engines, Exit, Stopping
from stacks.run.events import Digest, EventLog
from stacks.run.held import Limit
from stacks.run.home import prepare_home
from stacks.run.outcome import Operation, Outcome
from stacks.run.rules import Rules, packs
from stacks.run.secrets import Secrets
from stacks.run.settings import RunSettings
from stacks.run.workdir import Occupied, WorkDirectory
from stacks.stack import Stack

_STACK_NOT_FOUND = 6
"""The CLI's exit code, a part of its contract (pkg/cmd/pulumi/cmd/exit_codes.go)."""


@dataclass(frozen=True)
class Options:
    """What may be added to an operation.

    policy_packs   folders of policy packs that judge previews and ups beside the fleet's own
    clear_pending  the person has looked: creations whose end is unknown are dealt with, forget them
    preview_only   a refresh that writes nothing
    limit          an up may go no further than this
    gone           the stack's file is gone: a preview is of its deletion, and an up within its limit deletes it
    cell           outputs of the stack's cell, for a preview of a stack that the backend does not have
    """

    policy_packs: Sequence[str] = ()
    clear_pending: bool = False
    preview_only: bool = False
    limit: Limit | None = None
    gone: bool = False
    cell: Mapping[str, Any] = field(default_factory=dict)


OnStart = Callable[[Stack, EventLog], None]


class Operator:
    """Runs operations on stacks; one object serves all workers of a run."""

    def __init__(
        self,
        settings: RunSettings,
        address: str,
        engines: Engines,
        on_start: OnStart = lambda _stack, _log: None,
        rules: Rules | None = None,
        secrets: Secrets | None = None,
    ) -> None:
        self.settings = settings
        self._address = address
        self._on_start = on_start
        self._rules = rules
        self._secrets = secrets or Secrets()
        self._command = Command(settings, engines)
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
        outcome = self._secrets.scrub(outcome)
        self._secrets.forget(stack.name)
        return outcome.model_copy(update={"seconds": round(time.monotonic() - began, 3)})

    def ensure(self, stack: Stack) -> None:
        """See that the backend has the stack, if only empty."""
        work = WorkDirectory(self.settings, stack)
        work.prepare()
        if (failed := self._command.create(stack, work)) is not None:
            failed.file.unlink(missing_ok=True)

    def state(self, stack: Stack) -> StackState:
        """What the backend has of the stack."""
        return self._command.state(stack)

    def _run(self, operation: Operation, stack: Stack, options: Options) -> Outcome:
        work = WorkDirectory(self.settings, stack)
        work.prepare()
        if operation == "preview":
            if options.gone:
                return held.preview_deletion(stack, self.state(stack))
            return self._preview(stack, work, options)
        with work.changing():
            known = self.settings.local and checkpoint.exists(self.settings, stack)
            state = self.state(stack) if known or not self.settings.local else StackState(exists=False)
            deletes = operation == "destroy" or options.gone
            if not state.exists and (deletes or operation == "refresh"):
                return Outcome(stack=stack.name, operation=operation, result="ok", reason="the stack was never applied")
            if operation == "up" and (refusal := self._settle(stack, work, state, options)):
                return refusal
            work.salt(state.salt)
            begun = None if state.exists else self._command.create(stack, work)
            outcome = self._change(operation, stack, work, options, begun)
        if deletes and outcome.good:
            unfinished.forget(work)
        return outcome

    def _preview(self, stack: Stack, work: WorkDirectory, options: Options) -> Outcome:
        """Where the backend has the stack; beside it where not, for a preview writes nothing there."""
        if checkpoint.exists(self.settings, stack) is not False:
            work.salt(self.state(stack).salt if self.settings.local and not work.salted else "")
            seen, found = self._found("preview", stack, work, options)
            if found:
                return seen
            if seen.details:
                Path(seen.details).unlink(missing_ok=True)
        with beside(self.settings, stack, options.cell) as elsewhere:
            seen = self._engine("preview", stack, elsewhere, options)
            return seen.model_copy(update={"details": work.keep(seen.details)})

    def _change(
        self, operation: Operation, stack: Stack, work: WorkDirectory, options: Options, begun: Exit | None
    ) -> Outcome:
        """An operation that changes the stack, after what must be known before it."""

        def engine(which: Operation, arguments: Sequence[str] = ()) -> Outcome:
            return self._engine(which, stack, work, options, more=arguments)

        if begun is not None:
            return self._outcome(operation, stack, Digest(), begun)
        if operation == "up" and options.limit is not None:
            if options.gone:
                # Read again: what was pending has been dealt with.
                return held.delete(stack, self.state(stack), options.limit, engine)
            return held.apply(work, options.limit, engine)
        if operation == "up" and self._rules is not None and stack.kind == "cell":
            # Policies of a whole stack are asked at the end of a run: in an apply that is too late. What other stacks
            # register is known without an engine, and judged before it is asked for (`many.Request.judged`).
            seen = engine("preview")
            if not seen.good:
                return held.checked(seen)
        return engine(operation)

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
            work.salt(state.salt)
            repaired = self._engine("refresh", stack, work, Options(), more=["--clear-pending-creates"])
            if not repaired.good:
                return repaired.model_copy(update={"operation": "up", "reason": f"clearing: {repaired.reason}"})
        unfinished.forget(work)
        return None

    def _engine(
        self, operation: Operation, stack: Stack, work: WorkDirectory, options: Options, *, more: Sequence[str] = ()
    ) -> Outcome:
        """One engine process."""
        return self._found(operation, stack, work, options, more)[0]

    def _found(
        self, operation: Operation, stack: Stack, work: WorkDirectory, options: Options, more: Sequence[str] = ()
    ) -> tuple[Outcome, bool]:
        """One engine process, and whether its backend has the stack."""
        log = EventLog(work.run_file("events"))
        self._on_start(stack, log)
        judged = operation in ("preview", "up")
        with packs(self._rules if judged else None, options.policy_packs if judged else (), stack) as told:
            asked = [*_words(operation, options), *told.arguments, *more, *self._common(stack)]
            asked += ["--event-log", str(log.path)]
            ended = self._command.call(stack, work, asked, environment=told.environment)
        outcome = self._outcome(operation, stack, log.read(), ended)
        log.path.unlink(missing_ok=True)
        if operation != "preview":
            unfinished.remember(work, outcome)
        return outcome, ended.code != _STACK_NOT_FOUND

    def _common(self, stack: Stack) -> list[str]:
        return [
            *("--stack", stack.name, "--client", self._address, "--exec-kind", "auto.inline"),
            *("--color", "never", "--suppress-outputs", "--suppress-progress"),
            *("--parallel", str(self.settings.parallel)),
        ]

    def _outcome(self, operation: Operation, stack: Stack, digest: Digest, ended: Exit) -> Outcome:
        return ending(
            operation,
            stack,
            digest,
            ended,
            outputs=lambda: (self.state(stack).outputs or {}) if self.settings.local else {},
            sandbox=bool(self.settings.sandbox),
        )


def _words(operation: Operation, options: Options) -> list[str]:
    """The operation as the CLI takes it; nobody is there to be asked."""
    if operation == "preview":
        return ["preview"]
    if operation == "refresh" and options.preview_only:
        return ["refresh", "--preview-only"]
    return [operation, "--yes", "--skip-preview"]
