"""`fleet plan` on a terminal: everything that decides is on it, and nothing of a file acts on the terminal."""

import io

import pytest
from rich.console import Console

from stacks.plan.document import Affected, Bill, Cost, Effect, Estimate, Plan, Refusal, Through
from stacks.tell.plan import last_line, told, write_plan


def affected(stack: str = "kafka.orders", impact: str = "rolls brokers", reason: str = "brokers restart") -> Affected:
    return Affected(
        stack=stack,
        kind="service",
        action="update",
        cell="a",
        owner="payments",
        environment="prod",
        production=True,
        ring="prod",
        wave=1,
        file="fleet/clusters/payments/orders.yaml",
        through=(Through(kind="profile", file="fleet/profiles/critical.yaml", line=3, what="x"),),
        impact=impact,
        effects=(
            Effect(
                impact=impact,
                reason=reason,
                file="fleet/profiles/critical.yaml",
                line=3,
                column=9,
                path="services.kafka.version",
                old='"4.2.1"',
                new='"4.3.1"',
                nodes=tuple(f"orders-broker-{number}" for number in range(6)),
                estimate=Estimate(seconds=1080, formula="6 brokers × 180 s"),
            ),
        ),
        estimate=Estimate(seconds=1080),
    )


def written(plan: Plan) -> str:
    stream = io.StringIO()
    write_plan(plan, Console(file=stream, width=160, highlight=False, markup=False, emoji=False))
    return stream.getvalue()


def test_all_that_decides_is_told() -> None:
    plan = Plan(
        base="b",
        head="worktree",
        stacks=(affected(),),
        refusals=(
            Refusal(file="fleet/x.yaml", line=2, column=3, code="no-way", message="it may not", hint="leave it"),
        ),
        cost=Cost(bills=(Bill(name="cluster.orders", before=1000, after=2500),)),
        estimate=Estimate(seconds=1080),
        notes=("the base is shallow",),
    )
    text = written(plan)
    for words in (
        "note: the base is shallow",
        "error: fleet/x.yaml:2:3: no-way: it may not; leave it",
        "~ kafka.orders",
        "profile",
        "rolls brokers: brokers restart",
        'fleet/profiles/critical.yaml:3:9: services.kafka.version: "4.2.1" → "4.3.1"; 6 pods: orders-broker-0',
        "6 brokers × 180 s",
        "cluster.orders: 1,000 → 2,500 (+1,500)",
        "1 stack affected in 1 wave, the worst: rolls brokers; about 18 min; refused for 1 reason",
    ):
        assert words in text


def test_nothing_affected_is_said() -> None:
    assert last_line(Plan(base="b", head="h", stacks=())) == "no stack is affected"


def test_what_a_file_says_does_not_act_on_the_terminal() -> None:
    text = written(Plan(base="b", head="h", stacks=(affected(reason="\x1b[31mred\x07 \u202eevil\r\n"),)))
    assert not {"\x1b", "\x07", "\u202e", "\r"} & set(text)


@pytest.mark.parametrize(("seconds", "words"), [(0, "0 s"), (89, "89 s"), (90, "2 min"), (5400, "1 h 30 min")])
def test_durations_are_rounded_for_people(seconds: int, words: str) -> None:
    assert told(seconds) == words
