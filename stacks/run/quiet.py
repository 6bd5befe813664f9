"""What programs print, kept from the screen: it may hold anything, and the screen may be a file of JSON.

Owns      stdout and stderr while programs run in this process.
Refuses   to keep it anywhere: who wants to tell something uses the engine's log, which is masked.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TextIO, cast

_inside: ContextVar[bool] = ContextVar("inside a program", default=False)


class _Aside:
    """A stream that takes nothing from programs, and is the stream behind it for everyone else."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return len(text) if _inside.get() else self._stream.write(text)

    def writelines(self, lines: Any) -> None:
        if not _inside.get():
            self._stream.writelines(lines)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def inside() -> None:
    """From here on, in this context, a program runs."""
    _inside.set(True)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep what programs print from the screen meanwhile."""
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (cast("TextIO", _Aside(one)) for one in streams)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = streams
