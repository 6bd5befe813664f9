"""Exit codes of the `fleet` command. Scripts depend on them: they are never renumbered.

Owns      the numbers and their meaning; docs/cli.md repeats them from here.
"""

from enum import IntEnum


class Exit(IntEnum):
    """How a command ended."""

    OK = 0
    FAILED = 1
    """A stack failed, was refused or was skipped; or the sandbox or engine could not be used."""
    USAGE = 2
    """The command line is wrong: an unknown option, or a stack that no file declares."""
    PROBLEMS = 3
    """The fleet files have errors; nothing was run."""
    CHANGES = 4
    """With --expect-no-changes: there are changes."""
    BUSY = 5
    """Another run holds a stack's lock."""
    NOT_APPROVED = 6
    """With --plan: something would go further than what was approved, or the file approves nothing."""
    INTERRUPTED = 130
    """Stopped by Ctrl-C."""
