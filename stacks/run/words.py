"""What the end of an engine process means where its events do not say it.

Owns      the classification of exit codes and of the few fixed sentences of the CLI that concern a whole run.
Refuses   passing the CLI's text on: it is matched against known sentences, and our own are told.
"""

import re
from dataclasses import dataclass

from stacks.run.engine import Exit
from stacks.run.outcome import Result


@dataclass(frozen=True)
class Ending:
    """How a run ended, and the sentence for a person."""

    result: Result
    reason: str = ""


_SENTENCES: tuple[tuple[str, Result, str], ...] = (
    (
        r"the stack is currently locked by|Another update is currently in progress",
        "busy",
        "another run holds the stack's lock in the backend; wait for it to end. If that run is known to be dead, "
        "look at what it left with `fleet status`, then `pulumi cancel` removes the lock",
    ),
    (
        r"incorrect passphrase",
        "refused",
        "the passphrase is not the one that this state was encrypted with; set PULUMI_CONFIG_PASSPHRASE_FILE",
    ),
    (
        r"could not load plugin|no resource plugin|failed to load plugin|plugin .* not found",
        "failed",
        "a provider plugin is missing; install it with `pulumi plugin install`, or start the sandbox",
    ),
    (
        r"could not attach to|connection refused",
        "failed",
        "a provider could not be reached; with a sandbox: see `fleet sandbox status`",
    ),
    (
        r"unable to open bucket|could not list bucket|open bucket|AccessDenied|NoCredentialProviders|read \".*\": blob",
        "failed",
        "the backend could not be opened; check KAFKA_FLEET_STATE and the credentials for it",
    ),
    (r"unknown flag", "failed", "the engine is too old for this fleet; see `python -m tools.engine`"),
)
_CANCELLED = 8
"""The CLI's exit code after a request to stop that did not come from here (somebody's own signal)."""
_KILLED = -9


def classify(ended: Exit, *, finished: bool = False) -> Ending:
    """The meaning of an engine's end; `finished` says that its events held a summary."""
    if ended.code == 0:
        return Ending("ok")
    if ended.stopped or ended.code == _CANCELLED:
        return Ending("cancelled", _stopped(ended.code))
    for pattern, result, reason in _SENTENCES:
        if re.search(pattern, ended.words):
            return Ending(result, reason)
    if finished:
        return Ending("failed", "a step failed")
    return Ending("failed", f"the engine ended with code {ended.code} before it began")


def _stopped(code: int) -> str:
    if code == _KILLED:
        return (
            "killed while it worked: its lock and the steps under way stay recorded in the backend; "
            "`fleet status` shows them"
        )
    return "stopped on request after the steps under way"
