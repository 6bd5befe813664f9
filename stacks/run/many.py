"""One operation on many stacks, in order, several at once.

Owns      what keeps a stack from being tried, the journal of each, and the report.
Refuses   choosing stacks (the command does) and showing anything (`stacks/tell` does).
"""

import dataclasses
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from stacks.run.engine import Engines
from stacks.run.held import Limit
from stacks.run.interrupt import Interrupt
from stacks.run.journal import Journal, Past
from stacks.run.operate import Operator, Options
from stacks.run.order import order
from stacks.run.outcome import Operation, Outcome, PolicyViolation
from stacks.run.programs import ProgramFile, Programs
from stacks.run.report import Observer, Report, Silent
from stacks.run.rules import Rules
from stacks.run.schedule import Schedule
from stacks.run.settings import RunSettings
from stacks.run.standing import Standing
from stacks.stack import Stack


@dataclass(frozen=True)
class Approval:
    """What an up was approved for; of no other stack is anything done.

    digest    of the approved plan
    limits    how far each stack may go
    refusals  stacks that are not what was approved, and why
    """

    digest: str
    limits: Mapping[str, Limit]
    refusals: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """What is asked for.

    stacks    the stacks to work on
    fleet     every stack there is, to know what stands on what; those of `gone` too
    digests   input digest of each stack, for the journal
    past      the run that is resumed
    rules     the fleet's own policies, for previews and ups
    judged    what they say of a stack without an engine: an up that they refuse does not begin
    gone      stacks whose file is gone: an up deletes them; each with those that stood on it and are still there
    approval  an up is held to it; without one nothing of `gone` is deleted
    """

    operation: Operation
    stacks: Collection[str]
    fleet: Mapping[str, Stack]
    options: Options = field(default_factory=Options)
    digest: Callable[[Stack], str] = lambda _stack: ""
    past: Past | None = None
    rules: Rules | None = None
    judged: Callable[[Stack], tuple[PolicyViolation, ...]] = lambda _stack: ()
    gone: Mapping[str, Collection[str]] = field(default_factory=dict)
    approval: Approval | None = None


def run_many(request: Request, settings: RunSettings, observer: Observer | None = None) -> Report:
    """Do it. Returns when every stack has an outcome, also after Ctrl-C."""
    began = time.monotonic()
    watcher = observer or Silent()
    engines = Engines()
    with Programs(ProgramFile(settings.program), settings.root, settings.jobs) as programs:
        operator = Operator(settings, programs.address, engines, watcher.started, request.rules, programs.secrets)
        run = _Run(request, settings, operator, watcher)
        with Interrupt(engines, watcher.note):
            outcomes = Schedule(
                order(request.operation, request.stacks, request.fleet, request.gone),
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
        approved=request.approval.digest if request.approval else "",
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
        self._standing = Standing(request.fleet, request.stacks, operator)
        looks = request.operation == "preview" or request.options.preview_only
        self._journal = None if looks else Journal(settings, request.operation, request.stacks)
        self.missing_cells: set[str] = set()
        self.id = self._journal.id if self._journal else ""

    def work(self, name: str) -> Outcome:
        """One stack, from the questions before to the journal after."""
        request, stack = self._request, self._request.fleet[name]
        digest = request.digest(stack) if self._journal else ""
        if request.past is not None and digest and request.past.done.get(name) == digest:
            return self._outcome(name, "ok", f"already done in run {request.past.id}, and its inputs are the same")
        if refusal := self._refusal(stack):
            return self._outcome(name, "refused", refusal)
        if told := self._judged(stack):
            return self._outcome(name, "failed", "policies refuse it").model_copy(update={"policies": told})
        if self._journal:
            self._journal.started(name, digest)
        leaves = request.operation == "destroy" or name in request.gone
        applied = None if stack.kind == "cell" or leaves else self._standing.cell_applied(stack)
        outcome = self._operator.run(request.operation, stack, self._options(stack))
        if request.operation == "up" and outcome.good and not leaves:
            self._standing.made(name)
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

    def _options(self, stack: Stack) -> Options:
        request, name = self._request, stack.name
        limit = request.approval.limits[name] if request.approval else None
        apart = stack.kind == "cell" or request.operation != "preview" or name in request.gone
        cell = {} if apart else self._standing.cell_outputs(stack)
        return dataclasses.replace(request.options, limit=limit, gone=name in request.gone, cell=cell)

    def _refusal(self, stack: Stack) -> str:
        """Why a stack may not be tried at all, or nothing."""
        operation, approval = self._request.operation, self._request.approval
        if approval is not None and (refusal := approval.refusals.get(stack.name)):
            return refusal
        if stack.name not in self._request.gone:
            return self._standing.refusal(operation, stack)
        if operation == "preview":
            return ""
        if approval is None:
            return "its file is gone; it is deleted by an approved plan only"
        return self._standing.stood_on(stack)

    def _judged(self, stack: Stack) -> tuple[PolicyViolation, ...]:
        """What policies say of a stack whose up they refuse. A preview and an approved plan ask the engine instead."""
        request = self._request
        if request.operation != "up" or request.approval is not None or stack.name in request.gone:
            return ()
        told = request.judged(stack)
        return told if any(one.level == "mandatory" for one in told) else ()

    def _outcome(self, name: str, result: str, reason: str) -> Outcome:
        return Outcome.model_validate(
            {"stack": name, "operation": self._request.operation, "result": result, "reason": reason}
        )
