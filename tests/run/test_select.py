"""What a person types becomes stacks."""

import pytest

from stacks.run.select import NoSuchStack, select
from stacks.stack import Stack

STACKS = {
    one.name: one
    for one in (
        Stack("cell.euw1", "cell", "euw1", "f", False),
        Stack("cell.orders", "cell", "orders", "f", False),
        Stack("kafka.orders", "service", "orders", "f", False, cluster="orders"),
        Stack("kafka.pay", "service", "euw1", "f", True, cluster="pay"),
        Stack("connect.pay", "service", "euw1", "f", True, cluster="pay"),
        Stack("app.pay.ledger", "app", "euw1", "f", True, cluster="pay", app="ledger"),
    )
}


@pytest.mark.parametrize(
    ("patterns", "meant"),
    [
        (["kafka.pay"], "kafka.pay"),
        (["pay"], "kafka.pay connect.pay app.pay.ledger"),
        (["orders"], "cell.orders kafka.orders"),
        (["euw1"], "cell.euw1"),
        (["*.pay"], "kafka.pay connect.pay"),
        (["app.*", "cell.*"], "cell.euw1 cell.orders app.pay.ledger"),
        (["kafka.pay", "pay", "kafka.pay"], "kafka.pay connect.pay app.pay.ledger"),
    ],
)
def test_patterns(patterns: list[str], meant: str) -> None:
    assert select(STACKS, patterns) == tuple(meant.split())


@pytest.mark.parametrize(("pattern", "near"), [("kafka.pya", "kafka.pay"), ("ordrs", "orders"), ("zzz*", "status")])
def test_nothing_found_is_an_error_that_helps(pattern: str, near: str) -> None:
    with pytest.raises(NoSuchStack, match=near):
        select(STACKS, ["kafka.pay", pattern])
