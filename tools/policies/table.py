"""Each policy against the stock engine, and what the pack costs a preview.

Owns      the table that `python -m tools.policies` prints, and its measurement.
Refuses   to judge the figures: it prints pairs of runs, one with the pack and one without, taken in turns.
"""

import statistics
from collections.abc import Iterator
from dataclasses import replace

from policies.contract import Later, Resource
from policies.discover import policies
from policies.samples import PROD
from tools.policies import trial
from tools.policies.engine import Engine, engine
from tools.policies.trial import Batch, Case

PAIRS = 7


def rows(stock: Engine) -> Iterator[tuple[str, dict[str, list[bool]]]]:
    """By policy and kind of sample: whether each sample was judged as it says."""
    found: dict[str, dict[str, list[bool]]] = {name: {"good": [], "bad": [], "unknown": []} for name in policies()}
    for batch in trial.batches():
        told = trial.said(stock.run(lambda batch=batch: trial.program(batch), batch.config()))  # type: ignore[misc]
        for case in batch.cases:
            found[case.policy.name][case.sample.says].append(_right(case, set(trial.levels(case, told))))
    for policy in policies().values():
        if policy.judge_fleet is not None:
            for sample in policy.samples:
                found[policy.name][sample.says].append(_right_across(Case(policy, sample, 0)))
    yield from found.items()


def _right(case: Case, levels: set[str]) -> bool:
    if case.sample.says == "bad":
        return "mandatory" in levels
    return levels == (set() if case.sample.says == "good" else {"advisory"})


def _right_across(case: Case) -> bool:
    judge = case.policy.judge_fleet
    if judge is None:
        return False
    stacks: dict[str, list[Resource]] = {}
    for one in case.sample.resources:
        stacks.setdefault(one.urn, []).append(one)
    scopes = {name: replace(case.sample.scope, stack=name) for name in stacks}
    refused = [one for _, one in judge(stacks, scopes) if not isinstance(one, Later)]
    return bool(refused) == (case.sample.says == "bad")


def added(stock: Engine) -> tuple[list[float], list[float], int]:
    """Seconds of previews without and with the pack, in turns, and how many resources each had.

    The program registers what a cluster's stack has: resources that most rules are asked about.
    """
    batch = Batch(replace(PROD, stack="test"))
    batch.cases = [
        Case(policy, sample, number)
        for policy in policies().values()
        for number, sample in enumerate(policy.samples)
        if sample.says == "good" and policy.judge is not None
    ][:60]
    number = sum(len(case.resources) for case in batch.cases)
    without: list[float] = []
    with_pack: list[float] = []
    for turn in range(PAIRS + 1):
        for config, taken in ((None, without), (batch.config("advisory"), with_pack)):
            seconds = stock.run(lambda: trial.program(batch), config).seconds
            if turn:  # the first pair warms the caches
                taken.append(seconds)
    return without, with_pack, number


def text() -> str:
    """Both, for people."""
    with engine() as stock:
        lines = [f"{'policy':<26} {'good':<9} {'bad':<9} {'unknown':<9} under"]
        wrong = 0
        for name, kinds in rows(stock):
            cells = [f"{sum(right)}/{len(right)}" if right else "–" for right in kinds.values()]
            wrong += sum(not one for right in kinds.values() for one in right)
            under = "no engine: across stacks" if policies()[name].judge_fleet else "the engine"
            lines.append(f"{name:<26} {cells[0]:<9} {cells[1]:<9} {cells[2]:<9} {under}")
        without, with_pack, number = added(stock)
    pairs = [after - before for before, after in zip(without, with_pack, strict=True)]
    lines += [
        "",
        f"{len(policies())} policies, {wrong} samples judged otherwise than they say",
        f"preview of {number} resources: {statistics.median(without):.3f} s without the pack, "
        f"{statistics.median(with_pack):.3f} s with it; added {statistics.median(pairs):.3f} s "
        f"(median of {PAIRS} pairs, {min(pairs):.3f} to {max(pairs):.3f})",
    ]
    return "\n".join(lines) + "\n"
