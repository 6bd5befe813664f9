"""What an engine's run came to, from its events and its end.

Owns      the outcome of one engine process.
Refuses   the engine's words: they stay in their file, which is kept where nothing else says what went wrong.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from stacks.run.engine import Exit
from stacks.run.events import Digest
from stacks.run.outcome import Diagnostic, Operation, Outcome, Result
from stacks.run.words import classify
from stacks.stack import Stack

_OTHER_VERSION = re.compile(r"resource plugin \S+ is expected to have version")
_OWN_PACK = re.compile(r"using pulumi-analyzer-policy-kafka-fleet from \$PATH at ")


def ending(
    operation: Operation,
    stack: Stack,
    digest: Digest,
    ended: Exit,
    *,
    outputs: Callable[[], Mapping[str, Any]],
    sandbox: bool,
) -> Outcome:
    """The outcome. `outputs` is asked where the events of a finished change hold none."""
    found = classify(ended, finished=digest.finished)
    result: Result = found.result
    if result == "ok" and digest.finished and not digest.succeeded:
        result = "failed"
    silent = result == "failed" and not digest.diagnostics
    if not silent:
        ended.file.unlink(missing_ok=True)
    return Outcome(
        stack=stack.name,
        operation=operation,
        result=result,
        reason=found.reason,
        counts=digest.counts,
        resources=tuple(digest.resources.values()),
        outputs=digest.outputs if digest.has_outputs or operation == "preview" else dict(outputs()),
        diagnostics=tuple(one for one in digest.diagnostics if not _expected(one, sandbox)),
        policies=tuple(digest.policies),
        remediations=tuple(digest.remediations),
        details=str(ended.file) if silent else "",
    )


def _expected(message: Diagnostic, sandbox: bool) -> bool:
    """Whether it is no news: where the fleet's own pack is, or that a sandbox's provider has a version of its own."""
    return bool(_OWN_PACK.match(message.message)) or (sandbox and bool(_OTHER_VERSION.match(message.message)))
