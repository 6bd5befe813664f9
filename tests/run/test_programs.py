"""The host of programs: what a run costs does not grow with the square of what it registers."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.runtime import configure, mocks, run_in_stack

from stacks.rendition.answers import Answering
from stacks.rendition.record import isolated, record
from stacks.run.programs import _Host
from stacks.run.secrets import Secrets

RESOURCES = 100


class Thing(pulumi.CustomResource):
    """A resource of no cloud."""

    def __init__(self, name: str) -> None:
        super().__init__("test:index:Thing", name, {})


def program() -> None:
    for number in range(RESOURCES):
        Thing(f"thing-{number}")


def ran(whole: Callable[[], Any]) -> None:
    """Run a program as the host does, against a monitor that takes everything."""

    def alone() -> None:
        monitor = mocks.MockMonitor(Answering())
        configure(
            mocks.MockSettings(  # type: ignore[no-untyped-call]
                monitor=monitor,
                monitor_features=set(),
                engine=mocks.MockEngine(None),
                project="p",
                stack="s",
                dry_run=False,
                organization="o",
                callbacks=None,
                outputs=set(),
            )
        )
        asyncio.get_event_loop().run_until_complete(run_in_stack(whole))

    isolated(alone)


@pytest.mark.parametrize("hosted", [True, False])
def test_the_end_of_a_program_waits_for_each_thing_once(hosted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    touched = 0
    wait = asyncio.wait

    async def counting(tasks: Any, **options: Any) -> Any:
        nonlocal touched
        touched += len(tasks)
        return await wait(tasks, **options)

    monkeypatch.setattr(asyncio, "wait", counting)
    ran(_Host(program, Path(), Secrets())._whole if hosted else program)
    # The SDK alone shows what is meant: should it ever wait better by itself, `_whole` has nothing to do.
    assert (touched > 10 * RESOURCES) is not hosted


class Refusing(Answering):
    """Refuses everything."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if args.name == "bad":
            raise ValueError("the cloud says no")
        return super().new_resource(args)


def test_the_next_recording_hears_nothing_of_one_that_failed() -> None:
    with pytest.raises(ValueError, match="the cloud says no"):
        record(lambda: Thing("bad").id.apply(lambda given: given), Refusing())
    assert "fine" in {one.name for one in record(lambda: Thing("fine")).seen}
