"""Runs a Pulumi program without an engine and returns every registration as plain data.

Assertions belong outside of the program: inside `apply` a false one passes unseen. Every registration is awaited.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pulumi.runtime import mocks, rpc, stack
from pulumi.runtime.sync_await import _sync_await


@dataclass(frozen=True)
class Registered:
    """One registration as it went over the wire. `parent` and `after` are logical names, `urn` is whole."""

    type: str
    name: str
    urn: str
    inputs: Mapping[str, Any]
    parent: str
    provider: str
    protect: bool
    after: tuple[str, ...]
    aliases: tuple[Any, ...]


@dataclass(frozen=True)
class Recording:
    """All registrations of one program, in no certain order; `outputs` by logical name of the component."""

    seen: tuple[Registered, ...]
    outputs: Mapping[str, Mapping[str, Any]]

    def __getitem__(self, name: str) -> Registered:
        (found,) = [r for r in self.seen if r.name == name]
        return found

    def under(self, parent: str) -> list[Registered]:
        """The children of a component, by its logical name."""
        return [r for r in self.seen if r.parent == parent]


class _Answers(mocks.Mocks):
    """Says yes to everything: what is asked for is what there is."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        return f"{args.name}-id", dict(args.inputs)

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], None]:
        raise AssertionError(f"the program asks the cloud: {args.token}")


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]


class _Monitor(mocks.MockMonitor):
    def __init__(self, answers: mocks.Mocks) -> None:
        super().__init__(answers)
        self.seen: list[Registered] = []
        self.outputs: dict[str, Mapping[str, Any]] = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the wire's own name
        answer = super().RegisterResource(request)  # type: ignore[no-untyped-call]  # the SDK's mocks have no types
        self.seen.append(
            Registered(
                type=request.type,
                name=request.name,
                urn=answer.urn,
                inputs=rpc.deserialize_properties(request.object),
                parent=_name(request.parent),
                provider=_name(request.provider.rpartition("::")[0]),
                protect=request.protect,
                after=tuple(sorted(_name(urn) for urn in request.dependencies)),
                aliases=tuple(request.aliases),
            )
        )
        return answer

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 - the wire's own name
        self.outputs[_name(request.urn)] = rpc.deserialize_properties(request.outputs)
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]


def record(program: Callable[[], object], answers: mocks.Mocks | None = None, *, preview: bool = False) -> Recording:
    """Run `program` and return what it registered. An exception of the program is raised here."""
    answers = answers or _Answers()
    monitor = _Monitor(answers)
    # Runs of the engine in this process close the loops that they made, and may leave a closed one behind.
    asyncio.set_event_loop(asyncio.new_event_loop())
    mocks.set_mocks(answers, project="kafka-fleet", stack="test", preview=preview, monitor=monitor)

    async def run() -> None:
        program()

    _sync_await(stack.run_pulumi_func(run))
    return Recording(tuple(monitor.seen), monitor.outputs)
