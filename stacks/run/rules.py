"""Policy packs on their way to an engine: the fleet's own in every preview and apply, a person's beside it.

Owns      how one engine process is told of packs.
Refuses   policies (`policies/`), and leaving the fleet's own pack out: no option does that.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

from stacks.stack import Stack


class Session(Protocol):
    """The fleet's own pack for one engine process (`policies.host.Session`)."""

    @property
    def arguments(self) -> list[str]:
        """For the CLI."""

    def environment(self, path: str) -> dict[str, str]:
        """Variables over the engine's own, whose PATH is `path`."""


Rules = Callable[[Stack], AbstractContextManager[Session]]
"""The fleet's own pack, told what it must know of a stack, for as long as one engine runs."""


@dataclass(frozen=True)
class Told:
    """Arguments and environment of one engine process."""

    arguments: Sequence[str]
    environment: Callable[[Mapping[str, str]], Mapping[str, str]] = lambda environment: environment


@contextmanager
def packs(rules: Rules | None, others: Sequence[str], stack: Stack) -> Iterator[Told]:
    """What an engine is told; the fleet's own pack answers while this is entered."""
    mine = [part for folder in others for part in ("--policy-pack", folder)]
    if rules is None:
        yield Told(mine)
        return
    with rules(stack) as session:
        yield Told(
            [*session.arguments, *mine],
            lambda environment: {**environment, **session.environment(environment.get("PATH", ""))},
        )
