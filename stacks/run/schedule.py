"""Which piece of work starts when: dependencies first, never more than so many at a time, each exactly once.

Owns      the order, the limit, and what a failure means for those that depend on it.
Refuses   knowing stacks or engines: names and functions go in, results come out, so that its laws can be tested.
"""

import graphlib
import heapq
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Generic, TypeVar

T = TypeVar("T")


class Cycle(ValueError):  # noqa: N818 - reads as what it is
    """Some names need each other."""


class Schedule(Generic[T]):
    """Runs `work` once for each name.

    after    name -> names that must have succeeded; names that are not scheduled themselves do not count
    work     does it; must not raise
    good     whether those that depend on a result may start
    skipped  result of a name that is not started because of another one
    stopped  result of a name that is not started because `stopping()` became true
    """

    def __init__(
        self,
        after: Mapping[str, Collection[str]],
        work: Callable[[str], T],
        *,
        good: Callable[[T], bool],
        skipped: Callable[[str, str], T],
        stopped: Callable[[str], T],
        stopping: Callable[[], bool] = lambda: False,
        on_result: Callable[[str, T], None] = lambda _name, _result: None,
    ) -> None:
        self._after = {name: frozenset(needs) & after.keys() for name, needs in after.items()}
        self._work = work
        self._good = good
        self._skipped = skipped
        self._stopped = stopped
        self._stopping = stopping
        self._on_result = on_result
        self._sorter = graphlib.TopologicalSorter(self._after)
        try:
            self._sorter.prepare()
        except graphlib.CycleError as error:
            raise Cycle(f"these need each other: {' -> '.join(error.args[1])}") from None
        self._height = _heights(self._after)
        self._ready: list[tuple[int, str]] = []
        self._broken: dict[str, str] = {}
        self._results: dict[str, T] = {}

    def run(self, jobs: int) -> dict[str, T]:
        """All results, in the order in which they came."""
        running: dict[Future[T], str] = {}
        with ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="stack") as pool:
            self._collect()
            while self._ready or running:
                while self._ready and len(running) < jobs:
                    name = heapq.heappop(self._ready)[1]
                    if self._stopping():
                        self._finish(name, self._stopped(name))
                    elif culprit := self._culprit(name):
                        self._broken[name] = culprit
                        self._finish(name, self._skipped(name, culprit))
                    else:
                        running[pool.submit(self._work, name)] = name
                if running:
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        name = running.pop(future)
                        result = future.result()
                        if not self._good(result):
                            self._broken[name] = name
                        self._finish(name, result)
        return self._results

    def _culprit(self, name: str) -> str:
        """The first failure that keeps `name` from starting, or nothing."""
        return next((self._broken[need] for need in sorted(self._after[name]) if need in self._broken), "")

    def _finish(self, name: str, result: T) -> None:
        self._results[name] = result
        self._on_result(name, result)
        self._sorter.done(name)
        self._collect()

    def _collect(self) -> None:
        # What most others wait for starts first: it is what the whole run waits for.
        for name in self._sorter.get_ready():
            heapq.heappush(self._ready, (-self._height[name], name))


def _heights(after: Mapping[str, Collection[str]]) -> dict[str, int]:
    """How long a chain of others waits for each name."""
    heights = dict.fromkeys(after, 0)
    for name in reversed(tuple(graphlib.TopologicalSorter(after).static_order())):
        for need in after[name]:
            heights[need] = max(heights[need], heights[name] + 1)
    return heights
