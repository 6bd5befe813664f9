"""Ctrl-C, told to the engines in two steps: end cleanly, then at once.

Owns      the handlers of SIGINT and SIGTERM while a run is under way.
Refuses   ending this process itself: it reports what became of every stack first.
"""

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any

from stacks.run.engine import Engines


class Interrupt:
    """While entered, the first signal asks engines to end after their step, and the second kills them.

    tell  is told in one sentence what happens; it runs inside a signal handler
    """

    def __init__(self, engines: Engines, tell: Callable[[str], None] = lambda _text: None) -> None:
        self._engines = engines
        self._tell = tell
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> "Interrupt":
        # Handlers belong to the main thread; elsewhere (tests, a server) whoever owns it decides.
        if threading.current_thread() is threading.main_thread():
            for which in (signal.SIGINT, signal.SIGTERM):
                self._before[which] = signal.signal(which, self._handle)
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        for which, handler in self._before.items():
            signal.signal(which, handler)

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        # In a thread of its own: the main thread may hold the lock that `stop` needs.
        threading.Thread(target=self._stop, daemon=True).start()

    def _stop(self) -> None:
        if self._engines.stop() == 1:
            self._tell("stopping: no more stacks are started, and running steps are ended; once more kills them")
        else:
            self._tell("killed: steps under way stay recorded as unfinished")
