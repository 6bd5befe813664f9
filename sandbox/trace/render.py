"""A trace for people and for programs.

Owns      the table and the JSON.
Refuses   colours and widths: it is text that may go anywhere.
"""

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

from sandbox.trace.result import Hop, Target, Trace

_LONG = re.compile(
    r"(?:https://www\.googleapis\.com/compute/v1/)?(?:/subscriptions/|projects/)[^\s,;:)]+|arn:aws:[^\s,;)]+"
)
_MARKS = {"pass": "ok", "assumed": "assumed", "fail": "FAILS", "unknown": "unknown"}


def _line(number: int, hop: Hop) -> str:
    by = f" [{_short(hop.resource)}]" if hop.resource else ""
    return f"    {number}. {hop.kind}: {_short(hop.looked_up)}: {_MARKS[hop.verdict]}: {_short(hop.reason)}{by}"


def _short(text: str) -> str:
    """Long ids by their last part, ARNs by what follows the account: the JSON has all of them."""
    return _LONG.sub(lambda match: _last(match[0]), text)


def _last(id_: str) -> str:
    if id_.startswith("arn:"):
        return id_.split(":", 5)[-1]
    return id_.rstrip("/").rpartition("/")[2]


def _result(target: Target) -> str:
    if target.broken is not None:
        return f"broken at hop {target.broken_at} ({target.broken.kind}): {_short(target.broken.reason)}"
    unknown = next((hop for hop in target.hops if hop.verdict == "unknown"), None)
    if unknown is not None:
        return f"unknown ({unknown.kind}): {_short(unknown.reason)}"
    assumed = sum(hop.verdict == "assumed" for hop in target.hops)
    return "reachable" + (f", with {assumed} thing{'s' * (assumed != 1)} assumed" if assumed else "")


def lines(trace: Trace, *, every_hop: bool) -> Iterator[str]:
    """The answer, a line a target; the hops of each, or only of those that are not reachable."""
    yield f"{trace.cluster}, listener {trace.listener}, from {_short(trace.source)}"
    width = max((len(target.name) for target in trace.targets), default=0)
    address = max((len(f"{target.host}:{target.port}") for target in trace.targets), default=0)
    for target in trace.targets:
        yield f"  {target.name:<{width}}  {f'{target.host}:{target.port}':<{address}}  {_result(target)}"
        if every_hop or target.result != "reachable":
            yield from (_line(number, hop) for number, hop in enumerate(target.hops, 1))


def plain(trace: Trace) -> dict[str, Any]:
    """The answer as plain data."""
    return {
        "from": trace.source,
        "cluster": trace.cluster,
        "listener": trace.listener,
        "reachable": trace.reachable,
        "targets": [
            {
                "name": target.name,
                "host": target.host,
                "port": target.port,
                "result": target.result,
                "broken_at": target.broken_at,
                "hops": [dataclasses.asdict(hop) for hop in target.hops],
            }
            for target in trace.targets
        ],
    }
