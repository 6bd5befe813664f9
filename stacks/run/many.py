"""One operation on many stacks, in order, several at once.

Owns      the order between stacks for each operation, what keeps a stack from being tried, and the report.
Refuses   choosing stacks (the command does) and showing anything (`stacks/tell` does).
"""

import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from stacks.run.engine import Engines
from stacks.run.interrupt import Interrupt
from stacks.run.journal import Journal, Past
from stacks.run.operate import Operator, Options
from stacks.run.outcome import Operation, Outcome
from stacks.run.programs import ProgramFile, Programs
from stacks.run.report import Observer, Report, Silent
from stacks.run.schedule import Schedule
from stacks.run.settings import RunSettings
from stacks.stack import Stack


@dataclass(frozen=True)
class Request:
    """What is asked for.

    stacks   the stacks to work on
    fleet    every stack there is, to know what stands on what
    digests  input digest of each stack, for the journal
    past     the run that is resumed
    """

    operation: Operation
    stacks: Collection[str]
    fleet: Mapping[str, Stack]
    options: Options = field(default_factory=Options)
    digest: Callable[[Stack], str] = lambda _stack: ""
    past: Past | None = None


def run_many(request: Request, settings: RunSettings, observer: Observer | None = None) -> Report:
    """Do it. Returns when every stack has an outcome, also after Ctrl-C."""
    began = time.monotonic()
    watcher = observer or Silent()
    engines = Engines()
    with Programs(ProgramFile(settings.program), settings.root, settings.jobs) as programs:
        operator = Operator(settings, programs.address, engines, watcher.started)
        run = _Run(request, settings, operator, watcher)
        with Interrupt(engines, watcher.note):
            outcomes = Schedule(
                run.order(),
                run.work,
                good=lambda outcome: outcome.good or request.operation in ("preview", "refresh"),
                skipped=run.skipped,
                stopped=run.stopped,
                stopping=lambda: engines.stopping,
                on_result=lambda _name, outcome: run.ended(outcome),
            ).run(settings.jobs)
        run.finish()
    return Report(
        run=run.id,
        operation=request.operation,
        seconds=round(time.monotonic() - began, 3),
        outcomes=tuple(outcomes[name] for name in sorted(outcomes)),
        not_applied=tuple(sorted(run.missing_cells)),
    )


class _Run:
    """The parts of one run that its workers share."""

    def __init__(self, request: Request, settings: RunSettings, operator: Operator, watcher: Observer) -> None:
        self._request = request
        self._operator = operator
        self._watcher = watcher
        changing = request.operation != "preview"
        self._journal = Journal(settings, request.operation, request.stacks) if changing else None
        self._applied: dict[str, bool] = {}
        self._lock = threading.Lock()
        self.missing_cells: set[str] = set()
        self.id = self._journal.id if self._journal else ""

    def order(self) -> dict[str, set[str]]:
        """Name -> names that go first: as the fleet says for up, turned round for destroy, none to look only."""
        fleet, asked = self._request.fleet, set(self._request.stacks)
        needs = {name: set(fleet[name].after) & asked for name in asked}
        if self._request.operation == "up":
            return needs
        if self._request.operation == "destroy":
            return {name: {other for other in asked if name in needs[other]} for name in asked}
        return {name: set() for name in asked}

    def work(self, name: str) -> Outcome:
        """One stack, from the questions before to the journal after."""
        request, stack = self._request, self._request.fleet[name]
        digest = request.digest(stack) if self._journal else ""
        if request.past is not None and digest and request.past.done.get(name) == digest:
            return self._outcome(name, "ok", f"already done in run {request.past.id}, and its inputs are the same")
        if refusal := self._refusal(stack):
            return self._outcome(name, "refused", refusal)
        if self._journal:
            self._journal.started(name, digest)
        applied = None if stack.kind == "cell" or request.operation == "destroy" else self._cell_applied(stack)
        outcome = self._operator.run(request.operation, stack, request.options)
        if request.operation == "up" and outcome.good:
            with self._lock:
                self._applied[name] = True
        if applied is False:
            self.missing_cells.add(stack.cell)
        return outcome.model_copy(update={"cell_applied": applied})

    def ended(self, outcome: Outcome) -> None:
        """Write it down and show it."""
        if self._journal:
            self._journal.ended(outcome)
        self._watcher.ended(outcome)

    def finish(self) -> None:
        """The run came to its end, which is what a resumed run asks first."""
        if self._journal:
            self._journal.finish()

    def skipped(self, name: str, culprit: str) -> Outcome:
        """A stack that another one kept from starting."""
        return self._outcome(name, "skipped", f"{culprit} did not succeed")

    def stopped(self, name: str) -> Outcome:
        """A stack that was not started because the run was stopped."""
        return self._outcome(name, "cancelled", "the run was stopped before it began")

    def _outcome(self, name: str, result: str, reason: str) -> Outcome:
        return Outcome.model_validate(
            {"stack": name, "operation": self._request.operation, "result": result, "reason": reason}
        )

    def _refusal(self, stack: Stack) -> str:
        """Why a stack may not be tried at all, or nothing."""
        operation, fleet = self._request.operation, self._request.fleet
        if operation == "up":
            for need in stack.after:
                if need not in self._request.stacks and not self._is_applied(need):
                    return f"{need} is not applied, and this stack stands on it; first: fleet up {need}"
        if operation == "destroy":
            if stack.production:
                return "it is production; destroying production is refused until a reviewed deletion exists"
            for other in fleet.values():
                if (
                    stack.name in other.after
                    and other.name not in self._request.stacks
                    and self._is_applied(other.name)
                ):
                    return f"{other.name} still stands on it; first: fleet destroy {other.name}"
        return ""

    def _cell_applied(self, stack: Stack) -> bool:
        """Whether the stack's cell exists; an absent one is made empty, so that it can be referred to."""
        cell = f"cell.{stack.cell}"
        applied = self._is_applied(cell)
        if not applied and cell in self._request.fleet:
            self._operator.ensure(self._request.fleet[cell])
        return applied

    def _is_applied(self, name: str) -> bool:
        """Whether a stack exists, asked of the backend once a run."""
        with self._lock:
            if name in self._applied:
                return self._applied[name]
        applied = name in self._request.fleet and self._operator.state(self._request.fleet[name]).applied
        with self._lock:
            return self._applied.setdefault(name, applied)
