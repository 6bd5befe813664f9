"""A preview becomes an approved plan.

Owns      what of a report goes into the plan.
Refuses   everything else of it: values, messages, times.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime

from stacks.approve.compare import words
from stacks.approve.document import Approved, Shard, Step, identity, sealed
from stacks.run.outcome import Outcome
from stacks.run.report import Report
from stacks.stack import Stack


def approved(
    report: Report,
    fleet: Mapping[str, Stack],
    gone: Mapping[str, Collection[str]],
    inputs: Callable[[Stack], Mapping[str, str]],
    *,
    head: str,
    base: str,
    engine: str,
    shard: Shard | None = None,
) -> Approved:
    """The plan of a preview.

    fleet   every stack of the report by name
    gone    those whose file is gone, each with the stacks that stood on it and stay
    inputs  digests of a stack's inputs; not asked of those that are gone
    """

    def step(one: Outcome) -> Step:
        stack = fleet[one.stack]
        told = words(one.resources)
        return Step(
            does="delete" if one.stack in gone else "apply",
            result=one.result,
            stack=identity(stack),
            inputs={} if one.stack in gone else dict(inputs(stack)),
            resources=told,
            unchanged=len(one.resources) - len(told),
            cell_applied=one.cell_applied,
            first=tuple(sorted(gone.get(one.stack, ()))),
        )

    return sealed(
        Approved(
            format=1,
            head=head,
            base=base,
            made=datetime.now(UTC).replace(microsecond=0),
            engine=engine,
            shard=shard,
            stacks={one.stack: step(one) for one in report.outcomes},
        )
    )
