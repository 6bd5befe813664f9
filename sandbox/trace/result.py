"""What a trace says: targets, and the hops on the way to each.

Owns      the verdicts, and what follows from them for a target and for the trace as a whole.
Refuses   to look anything up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["dns", "route", "firewall", "peering", "hub", "endpoint", "balancer", "gateway", "pod"]
KINDS: tuple[Kind, ...] = get_args(Kind)

Verdict = Literal["pass", "assumed", "fail", "unknown"]
"""pass     the records of the sandbox say so
assumed  it lies outside of what any record could say (an office's router), and is taken to be right; always told
fail     the way ends here
unknown  it depends on something that is not modelled or not in the sandbox: such a way never counts as reachable
"""


@dataclass(frozen=True)
class Hop:
    """One thing on the way.

    looked_up  the question that was asked
    resource   what answered it: a type's last part and an id, or empty where nothing did
    reason     why the verdict is what it is
    """

    kind: Kind
    looked_up: str
    resource: str
    verdict: Verdict
    reason: str


@dataclass(frozen=True)
class Target:
    """The bootstrap, or one broker, and the way to it. `broken_at` counts hops from 1; 0 where none fails."""

    name: str
    host: str
    port: int
    hops: tuple[Hop, ...]

    @property
    def broken_at(self) -> int:
        """Number of the first hop that fails."""
        return next((n for n, hop in enumerate(self.hops, 1) if hop.verdict == "fail"), 0)

    @property
    def result(self) -> Literal["reachable", "broken", "unknown"]:
        """What follows from the hops. Nothing is reachable without one that says so."""
        if self.broken_at:
            return "broken"
        if not self.hops or any(hop.verdict == "unknown" for hop in self.hops):
            return "unknown"
        return "reachable"

    @property
    def broken(self) -> Hop | None:
        """The hop at which the way ends."""
        return self.hops[self.broken_at - 1] if self.broken_at else None


@dataclass(frozen=True)
class Trace:
    """The answer for one client and one listener of a cluster."""

    source: str
    cluster: str
    listener: str
    targets: tuple[Target, ...]

    @property
    def reachable(self) -> bool:
        """Whether the bootstrap and every broker are."""
        return bool(self.targets) and all(target.result == "reachable" for target in self.targets)


class TraceError(Exception):
    """A question that cannot be asked: no such place, cluster or listener."""


def broken(hops: Iterable[Hop]) -> bool:
    """Whether a way ends in these hops."""
    return any(hop.verdict == "fail" for hop in hops)
