"""How results are written for people: without markup, and wide enough where nobody's window limits them.

Owns      the console that summaries and tables are written to.
Refuses   markup, emoji codes and highlighting: what is shown comes from files and clouds.
"""

import sys
from typing import TextIO

from rich.console import Console

_WIDE = 200
"""Columns of a log or a pipe: names are never cut there."""


def console(stream: TextIO | None = None) -> Console:
    """A console on stdout, or on `stream`. Colours only on a terminal, and not where NO_COLOR is set."""
    file = stream or sys.stdout
    width = None if file.isatty() else _WIDE
    return Console(file=file, width=width, highlight=False, markup=False, emoji=False)
