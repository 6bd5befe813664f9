"""Laws of the scheduler, over random graphs, failures and numbers of workers."""

import threading
import time
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stacks.run.schedule import Cycle, Schedule

Graph = Mapping[str, frozenset[str]]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Names that need some of those before them, so that there is no cycle."""
    names = [f"n{number}" for number in range(draw(st.integers(0, 12)))]
    return {
        name: frozenset(draw(st.lists(st.sampled_from(names[:at]), max_size=3)) if at else ())
        for at, name in enumerate(names)
    }


class Watched:
    """Work that notes who runs when."""

    def __init__(self, graph: Graph, failing: frozenset[str]) -> None:
        self.graph = graph
        self.failing = failing
        self.lock = threading.Lock()
        self.running: set[str] = set()
        self.most = 0
        self.began: list[str] = []
        self.succeeded: set[str] = set()
        self.too_early: list[str] = []

    def work(self, name: str) -> str:
        with self.lock:
            self.began.append(name)
            self.running.add(name)
            self.most = max(self.most, len(self.running))
            if not self.graph[name] <= self.succeeded:
                self.too_early.append(name)
        time.sleep(0.0005)
        with self.lock:
            self.running.discard(name)
            if name not in self.failing:
                self.succeeded.add(name)
        return "failed" if name in self.failing else "ok"

    def schedule(self, stop_after: int | None = None) -> "Schedule[str]":
        return Schedule(
            self.graph,
            self.work,
            good=lambda result: result == "ok",
            skipped=lambda _name, culprit: f"skipped for {culprit}",
            stopped=lambda _name: "stopped",
            stopping=lambda: stop_after is not None and len(self.began) >= stop_after,
        )


@given(graphs(), st.sets(st.integers(0, 11)), st.integers(1, 5))
@settings(deadline=None, max_examples=150)
def test_order_limit_and_isolation_hold(graph: Graph, failing: set[int], jobs: int) -> None:
    watched = Watched(graph, frozenset(f"n{number}" for number in failing))
    results = watched.schedule().run(jobs)
    assert results.keys() == graph.keys()
    assert len(watched.began) == len(set(watched.began))
    assert watched.most <= jobs
    assert watched.too_early == []

    def doomed(name: str) -> bool:
        return any(need in watched.failing or doomed(need) for need in graph[name])

    for name, result in results.items():
        if doomed(name):
            # The one that is named is itself a failure, and one that it stands on.
            culprit = result.removeprefix("skipped for ")
            assert culprit in watched.failing & _below(graph, name)
        else:
            assert result == ("failed" if name in watched.failing else "ok")


def _below(graph: Graph, name: str) -> set[str]:
    found = set(graph[name])
    return found.union(*(_below(graph, need) for need in graph[name])) if found else found


@given(graphs(), st.integers(1, 4), st.integers(0, 6))
@settings(deadline=None, max_examples=80)
def test_a_stop_starts_nothing_more_and_forgets_nobody(graph: Graph, jobs: int, after: int) -> None:
    watched = Watched(graph, frozenset())
    results = watched.schedule(stop_after=after).run(jobs)
    assert results.keys() == graph.keys()
    assert {name for name, result in results.items() if result == "ok"} == set(watched.began)
    # Those that were being started at the moment of the stop may finish; no more than there are workers.
    assert len(watched.began) <= after + jobs


def test_a_cycle_is_named() -> None:
    graph: Graph = {"a": frozenset({"b"}), "b": frozenset({"a"})}
    with pytest.raises(Cycle, match=r"a -> b -> a|b -> a -> b"):
        Watched(graph, frozenset()).schedule()


def test_what_most_others_wait_for_starts_first() -> None:
    graph: Graph = {
        "lonely": frozenset(),
        "base": frozenset(),
        "middle": frozenset({"base"}),
        "top": frozenset({"middle"}),
    }
    watched = Watched(graph, frozenset())
    watched.schedule().run(1)
    assert watched.began == ["base", "middle", "lonely", "top"]


def test_ten_thousand_names_cost_less_than_a_second() -> None:
    graph: dict[str, frozenset[str]] = {}
    for number in range(10_000):
        graph[f"s{number}"] = frozenset({f"s{number // 40}"} if number >= 40 else ())
    began = time.process_time()
    results = Schedule(
        graph,
        lambda _name: "ok",
        good=lambda _result: True,
        skipped=lambda _name, _culprit: "",
        stopped=lambda _name: "",
    ).run(4)
    assert len(results) == 10_000
    assert time.process_time() - began < 3
