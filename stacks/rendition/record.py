"""Runs a Pulumi program without an engine and returns every registration as plain data.

Owns      the monitor that writes down what the engine would be asked for. Every registration is awaited.
Refuses   questions to a cloud; judgement: inside `apply` a false assertion passes unseen, so it belongs outside.
"""

import asyncio
import contextvars
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pulumi
from pulumi.runtime import mocks, rpc, stack
from pulumi.runtime.settings import SETTINGS
from pulumi.runtime.sync_await import _sync_await

from stacks.rendition.answers import Answering

T = TypeVar("T")

PATIENCE = 90.0
"""Seconds that a program of some hundred registrations may take on a busy machine; it takes one or two."""


def isolated(program: Callable[[], T]) -> T:
    """Run something that uses the SDK's runtime in a thread, an event loop and a context of its own.

    The runtime's settings are context variables, and its loop is the thread's: what an earlier program of this process
    left unfinished must not be waited for here. In long test runs one program in some thousands was seen to wait for
    ever on an idle loop, so it is given a second try, and then fails by name.
    """
    for _ in range(2):
        done: list[T] = []
        failed: list[BaseException] = []
        thread = threading.Thread(target=_alone, args=(program, done, failed), daemon=True)
        thread.start()
        thread.join(PATIENCE)
        if failed:
            raise failed[0]
        if done:
            return done[0]
    raise TimeoutError(f"the program did not end within {PATIENCE:.0f} seconds, twice")


def _alone(program: Callable[[], T], done: list[T], failed: list[BaseException]) -> None:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        done.append(contextvars.Context().run(_fresh, program))
    except BaseException as error:  # noqa: BLE001 - whatever it is belongs to the caller, who raises it
        failed.append(error)
    finally:
        # An open loop keeps three files open: a process that records some hundred cells would run out of them. The
        # runtime closes the loop of a program that failed.
        if not loop.is_closed():
            for task in asyncio.all_tasks(loop):
                task.cancel()
            loop.run_until_complete(asyncio.sleep(0))
            loop.close()


def _fresh(program: Callable[[], T]) -> T:
    # What failed stays among the outputs, which a new context shares with all others until it has some of its own.
    SETTINGS.outputs = set()
    return program()


@dataclass(frozen=True)
class Registered:
    """One registration as it went over the wire. `parent` and `after` are logical names, `urn` is whole.

    options  others that were given: `replace_on_changes`, `delete_before_replace`, `retain_on_delete`
    """

    type: str
    name: str
    urn: str
    inputs: Mapping[str, Any]
    parent: str
    provider: str
    protect: bool
    after: tuple[str, ...]
    aliases: tuple[Any, ...]
    ignore: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


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


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]


def _options(request: Any) -> dict[str, Any]:
    given = {
        "replace_on_changes": list(request.replaceOnChanges),
        "delete_before_replace": request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
        "retain_on_delete": request.retainOnDelete or None,
    }
    return {name: value for name, value in given.items() if value not in (None, [])}


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
                ignore=tuple(request.ignoreChanges),
                options=_options(request),
            )
        )
        return answer

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 - the wire's own name
        self.outputs[_name(request.urn)] = rpc.deserialize_properties(request.outputs)
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]


def _own_names(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
    """Without the old names of a type that its SDK knows: Azure's has hundreds of each, and to make URNs of them was
    nine tenths of a cell. They follow from the SDK's version; what our own code gives stays."""
    given = args.opts.aliases
    if isinstance(given, Sequence):
        args.opts.aliases = [each for each in given if not _of_sdk(each)]
    return pulumi.ResourceTransformationResult(args.props, args.opts)


def _of_sdk(alias: Any) -> bool:
    return (
        isinstance(alias, pulumi.Alias) and isinstance(alias.type_, str) and not alias.type_.startswith("kafkafleet:")
    )


def record(program: Callable[[], object], answers: mocks.Mocks | None = None, *, preview: bool = False) -> Recording:
    """Run `program` and return what it registered. An exception of the program is raised here."""
    return isolated(lambda: _record(program, answers or Answering(), preview))


def _record(program: Callable[[], object], answers: mocks.Mocks, preview: bool) -> Recording:
    monitor = _Monitor(answers)
    mocks.set_mocks(answers, project="kafka-fleet", stack="test", preview=preview, monitor=monitor)

    async def run() -> None:
        pulumi.runtime.register_stack_transformation(_own_names)
        program()

    _sync_await(stack.run_pulumi_func(run))
    return Recording(tuple(monitor.seen), monitor.outputs)
