"""An apply that is held to what was approved.

Owns      the check right before, the apply under the engine's own plan, the judgement of what it then did, and the
          deletion of a stack whose file is gone.
Refuses   knowing what was approved: it asks a `Limit`.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from stacks.run import guard
from stacks.run.checkpoint import StackState
from stacks.run.outcome import Beyond, Diagnostic, Operation, Outcome, ResourceChange
from stacks.run.workdir import WorkDirectory
from stacks.stack import Stack

Limit = Callable[[Sequence[ResourceChange]], tuple[Beyond, ...]]
"""What of these steps goes beyond what was approved; nothing where all of it is allowed."""

Engine = Callable[[Operation, Sequence[str]], Outcome]
"""Run one operation on the stack, with these arguments beside the usual ones."""

BEFORE = "it would go further than what was approved, and nothing was done; preview it again and have that approved"
_DURING = (
    "the stack was changed between its check and its apply; the engine stopped at what the check had not shown, and "
    "did only approved steps before; preview it again and have that approved"
)
_ROUNDS = 3
"""Components of components can each have an output that was not known: a cell has them two deep."""
_AFTER = "the apply went further than what was approved, though its check had not; look at what is listed"


def apply(work: WorkDirectory, limit: Limit, engine: Engine) -> Outcome:
    """Preview, compare, and apply exactly what was compared."""
    for _ in range(_ROUNDS - 1):
        done = _once(work, limit, engine)
        if not _speechless(done):
            return done
        if done.details:
            Path(done.details).unlink(missing_ok=True)
    return _once(work, limit, engine)


def _once(work: WorkDirectory, limit: Limit, engine: Engine) -> Outcome:
    plan = work.run_file("plan")
    try:
        seen = engine("preview", ["--save-plan", str(plan)])
        if not seen.good:
            return checked(seen)
        if beyond := limit(seen.resources):
            return _refused(seen, "up", BEFORE, beyond)
        guard.loosen(plan)
        return _judged(engine("up", ["--plan", str(plan)]), limit)
    finally:
        plan.unlink(missing_ok=True)


def _speechless(done: Outcome) -> bool:
    """Whether an apply under a plan ended with no word of what is wrong, at a step or in a message.

    So ends one in which a component, or the stack, has an output more than in the preview (3.250). All steps before it
    are made and recorded; after them a preview knows that output.
    """
    return (
        done.operation == "up"
        and done.result == "failed"
        and bool(done.resources)
        and not any(one.severity == "error" for one in done.diagnostics)
        and not done.policies
        and not done.beyond
        and not any(one.failed for one in done.resources)
    )


def checked(seen: Outcome) -> Outcome:
    """The outcome of an up whose check before it was not good: nothing was done."""
    reason = f"in the check before its apply: {seen.reason}" if seen.reason else ""
    return _undone(seen, "up", reason=reason)


def preview_deletion(stack: Stack, state: StackState) -> Outcome:
    """What deleting the whole stack would do: no program says it, for the stack's file is gone."""
    if not state.exists:
        return Outcome(stack=stack.name, operation="preview", result="ok", reason="the stack was never applied")
    steps = _deletions(state)
    kept = tuple(
        Diagnostic(severity="error", message="is protected, and will not be deleted", urn=one.urn)
        for one in state.held
        if one.protect
    )
    reason = (
        f"{len(kept)} resources are protected; a change that ends their protection is applied first" if kept else ""
    )
    return Outcome(
        stack=stack.name,
        operation="preview",
        result="refused" if kept else "ok",
        reason=reason,
        counts={"delete": len(steps)} if steps else {},
        resources=steps,
        diagnostics=kept,
    )


def delete(stack: Stack, state: StackState, limit: Limit, engine: Engine) -> Outcome:
    """Delete what is in the state, and only that: the engine refuses when it finds more than it was told."""
    seen = preview_deletion(stack, state)
    if not state.exists or not seen.good:
        return _undone(seen, "destroy")
    if beyond := limit(seen.resources):
        return _refused(seen, "destroy", BEFORE, beyond)
    if not state.held:
        return _undone(seen, "destroy", reason="there is nothing left in it")
    return _judged(engine("destroy", [part for one in state.held for part in ("--target", one.urn)]), limit)


def _deletions(state: StackState) -> tuple[ResourceChange, ...]:
    # What is only read is forgotten, not deleted.
    return tuple(
        ResourceChange(urn=one.urn, type=one.type, op="discard" if one.external else "delete") for one in state.held
    )


def _refused(seen: Outcome, operation: Operation, reason: str, beyond: tuple[Beyond, ...]) -> Outcome:
    return _undone(seen, operation, result="refused", reason=reason, beyond=beyond)


def _undone(seen: Outcome, operation: Operation, **more: Any) -> Outcome:
    """The outcome of a change that was looked at and not begun: no step of it happened."""
    return seen.model_copy(update={"operation": operation, "resources": (), "counts": {}, **more})


def _judged(done: Outcome, limit: Limit) -> Outcome:
    """The outcome of an apply, its breaches told in our own words."""
    types = {one.urn: one.type for one in done.resources}
    found = guard.breached(done.diagnostics)
    if found:
        urns = sorted({one.urn for one in found if one.urn})
        beyond = tuple(Beyond(urn=urn, type=types.get(urn, ""), approved="", now="") for urn in urns)
        kept = tuple(one for one in done.diagnostics if one not in found)
        return done.model_copy(
            update={"result": "failed", "reason": _DURING, "beyond": beyond, "diagnostics": kept, "details": ""}
        )
    if beyond := limit(done.resources):
        return done.model_copy(update={"result": "failed", "reason": _AFTER, "beyond": beyond})
    return done
