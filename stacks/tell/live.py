"""A run while it is under way: a table that moves on a terminal, a line a stack elsewhere.

Owns      what is shown before the summary, on stderr, so that stdout holds results alone.
Refuses   values: only names, counts and times are shown here.
"""

import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from stacks.run.events import EventLog
from stacks.run.outcome import Outcome
from stacks.stack import Stack
from stacks.tell.counting import count, signs
from stacks.tell.problems import printable

_WORDS = {
    "ok": ("✓", "green"),
    "failed": ("✗", "red"),
    "refused": ("✗", "red"),
    "busy": ("…", "yellow"),
    "skipped": ("–", "yellow"),
    "cancelled": ("–", "yellow"),
}
_SHOWN = 12


def moving(stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a table that redraws itself helps: on a terminal, and where nobody asked for plain text."""
    return stream.isatty() and not environment.get("NO_COLOR") and not environment.get("CI")


class Lines:
    """One line a stack, when it ends."""

    def __init__(self, total: int, stream: TextIO = sys.stderr) -> None:
        self._total = total
        self._stream = stream
        self._done = 0

    def __enter__(self) -> "Lines":
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.flush()

    def started(self, stack: Stack, log: EventLog) -> None:
        """Nothing: in a log, a line that says only that something began is noise."""

    def ended(self, outcome: Outcome) -> None:
        """`[3/7] ok kafka.orders +12 =3 1.2 s`."""
        self._done += 1
        parts = (outcome.result, outcome.stack, signs(count(outcome)), f"{outcome.seconds:.1f} s")
        self.note(f"[{self._done}/{self._total}] {' '.join(part for part in parts if part)}")

    def note(self, text: str) -> None:
        """A line of its own."""
        self._stream.write(f"{printable(text)}\n")
        self._stream.flush()


class Board:
    """The moving table: what runs now, what ended last, and how far the whole is."""

    def __init__(self, operation: str, total: int, console: Console | None = None) -> None:
        self._operation = operation
        self._total = total
        self._lock = threading.Lock()
        self._running: dict[str, tuple[EventLog, float]] = {}
        self._ended: list[Outcome] = []
        self._results: Counter[str] = Counter()
        self._notes: list[str] = []
        self._began = time.monotonic()
        self._live = Live(
            console=console or Console(stderr=True),
            refresh_per_second=5,
            transient=True,
            get_renderable=self._render,
        )

    def __enter__(self) -> "Board":
        self._live.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.__exit__(None, None, None)

    def started(self, stack: Stack, log: EventLog) -> None:
        """Show it among those that run."""
        with self._lock:
            self._running[stack.name] = (log, time.monotonic())

    def ended(self, outcome: Outcome) -> None:
        """Move it to those that ended."""
        with self._lock:
            self._running.pop(outcome.stack, None)
            self._ended.append(outcome)
            self._results[outcome.result] += 1

    def note(self, text: str) -> None:
        """Show it below the table."""
        with self._lock:
            self._notes.append(printable(text))

    def _render(self) -> RenderableType:
        with self._lock:
            running, ended, notes = dict(self._running), self._ended[-_SHOWN:], tuple(self._notes)
            results, done = Counter(self._results), len(self._ended)
        table = Table.grid(padding=(0, 2))
        for outcome in ended:
            sign, color = _WORDS[outcome.result]
            table.add_row(
                Text(sign, color),
                Text(outcome.stack),
                Text(signs(count(outcome)) if outcome.good else outcome.result, "" if outcome.good else color),
                Text(f"{outcome.seconds:.1f} s", "dim"),
            )
        now = time.monotonic()
        for name, (log, began) in running.items():
            table.add_row(Text("●", "cyan"), Text(name), _progress(log), Text(f"{now - began:.0f} s", "dim"))
        told = ", ".join(f"{number} {result}" for result, number in sorted(results.items()))
        head = f"{self._operation}: {done} of {self._total} stacks, {now - self._began:.0f} s" + (told and f" ({told})")
        return Group(Text(head, "bold"), table, *(Text(note, "yellow") for note in notes))


def _progress(log: EventLog) -> Text:
    resources = list(log.read().resources.values())
    if not resources:
        return Text("starting", "dim")
    last = printable(resources[-1].name)
    return Text(f"{len(resources)} resources, {last}", "cyan", overflow="ellipsis")
