"""An approved plan on its way into a run.

Owns      which stacks an apply works on, how far each may go, and which are refused before anything is tried.
Refuses   the engine, and stacks that the plan does not hold.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from stacks.approve.compare import beyond, other_inputs
from stacks.approve.document import Approved, Step, stack_of
from stacks.run.many import Approval
from stacks.stack import Stack


@dataclass(frozen=True)
class Gate:
    """What a run is given.

    stacks  every stack by name: the fleet's, and those of the plan that the fleet has no more
    gone    stacks to delete, each with those that are applied before
    """

    stacks: Mapping[str, Stack]
    gone: Mapping[str, tuple[str, ...]]
    approval: Approval


def gate(
    plan: Approved, fleet: Mapping[str, Stack], names: tuple[str, ...], inputs: Callable[[Stack], Mapping[str, str]]
) -> Gate:
    """The plan for some of its stacks."""
    steps = {name: plan.stacks[name] for name in names}
    missing = {name: stack_of(name, step.stack) for name, step in steps.items() if name not in fleet}
    refusals = {name: told for name, step in steps.items() if (told := _refusal(step, fleet.get(name), inputs))}
    return Gate(
        {**fleet, **missing},
        {name: step.first for name, step in steps.items() if step.does == "delete"},
        Approval(plan.digest, {name: partial(beyond, step) for name, step in steps.items()}, refusals),
    )


def _refusal(step: Step, stack: Stack | None, inputs: Callable[[Stack], Mapping[str, str]]) -> str:
    if step.result != "ok":
        return f"it was not approved: its preview ended as {step.result}"
    if step.does == "delete":
        return "it was approved to be deleted, and fleet/ declares it" if stack else ""
    if stack is None:
        return "it was approved to be applied, and no file in fleet/ declares it any more"
    return other_inputs(step.inputs, inputs(stack))
