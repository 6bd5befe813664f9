"""Creations whose end nobody recorded: remembered until a person has looked.

Owns      `.fleet/work/<stack>/unfinished.json` and the advice that goes with it.
Refuses   guessing whether a resource exists.

The engine keeps a pending operation where *it* died. Where the *provider* died in the middle of a creation the engine
records a failed step and forgets it, though the resource may exist: that case is remembered here.
"""

import json
import re
from collections.abc import Sequence

from stacks.run.outcome import Outcome, PendingOperation
from stacks.run.workdir import WorkDirectory
from stacks.stack import Stack

_BROKEN = re.compile(
    r"error reading from server|transport is closing|connection reset|unexpected EOF|"
    r"code = (Unavailable|Canceled|DeadlineExceeded)|the plugin .* exited|provider .* (crashed|exited)"
)
"""The connection broke after the request was sent. A refused connection is none of these: nothing was asked for."""


def remember(work: WorkDirectory, outcome: Outcome) -> None:
    """Note the creations of this run that broke off."""
    broken = {one.urn for one in outcome.diagnostics if _BROKEN.search(one.message)}
    found = [
        PendingOperation(kind="creating", urn=one.urn, type=one.type)
        for one in outcome.resources
        if one.urn in broken and one.op.startswith("create")
    ]
    if found:
        known = {one.urn: one for one in (*read(work), *found)}
        (work.path / "unfinished.json").write_text(json.dumps([one.model_dump() for one in known.values()]))


def read(work: WorkDirectory) -> tuple[PendingOperation, ...]:
    """What was noted and not yet settled."""
    path = work.path / "unfinished.json"
    if not path.exists():
        return ()
    return tuple(PendingOperation.model_validate(one) for one in json.loads(path.read_text()))


def forget(work: WorkDirectory) -> None:
    """A person has settled it."""
    (work.path / "unfinished.json").unlink(missing_ok=True)


def advice(stack: Stack, pending: Sequence[PendingOperation]) -> str:
    """What a person must look at, and what to say then.

    `pulumi refresh --import-pending-creates` is not offered: engine 3.250 drops such an operation without importing it.
    """
    lines = [f"an earlier run broke off, and it is not known how {len(pending)} step(s) ended:"]
    lines += [f"  {one.kind} {one.urn.rpartition('::')[2]} ({one.type})" for one in pending]
    if not any(one.kind == "creating" for one in pending):
        return "\n".join((*lines, f"have the engine read them from the cloud first: fleet refresh {stack.name}"))
    return "\n".join(
        (
            *lines,
            "look in the cloud whether each one being created exists (physical names are deterministic and tagged);",
            f'one that does: delete it there, or `eval "$(fleet env {stack.name})"` and '
            f"`pulumi import <type> <name> <id> --stack {stack.name}`",
            f"then: fleet up {stack.name} --clear-pending",
        )
    )
