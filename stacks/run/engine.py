"""Engine processes: started, waited for, told to stop.

Owns      every CLI process of this run, each in a process group of its own.
Refuses   breaking an engine off without need: the first request to stop is the one that the engine ends its step on.
"""

import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_MOST_WORDS = 64 * 1024


class Stopping(Exception):  # noqa: N818 - not an error of anyone's
    """The run is being stopped, and no engine is started any more."""


@dataclass(frozen=True)
class Exit:
    """How an engine process ended. `words` is what it printed (also in `file`): only ever classified, never shown.

    stopped  it ended after `Engines.stop`
    """

    code: int
    words: str
    file: Path
    printed: str = ""
    stopped: bool = False


class Engines:
    """The engine processes of one run of `fleet`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._stops = 0

    @property
    def stopping(self) -> bool:
        """Whether a stop was asked for."""
        return self._stops > 0

    def run(
        self,
        command: Sequence[str],
        directory: Path,
        environment: Mapping[str, str],
        words: Path,
        *,
        keep_output: bool = False,
    ) -> Exit:
        """Run one engine command to its end. What it prints goes to the file `words`."""
        with words.open("wb") as file:
            with self._lock:
                if self._stops:
                    raise Stopping
                # A group of its own, so that Ctrl-C in the terminal reaches it once, from `stop`, and not twice.
                process = subprocess.Popen(  # noqa: S603 - the CLI that this module exists for
                    command,
                    cwd=directory,
                    env=dict(environment),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE if keep_output else subprocess.DEVNULL,
                    stderr=file,
                    start_new_session=True,
                )
                self._running.add(process)
            try:
                printed = process.communicate()[0] if keep_output else b""
                code = process.wait()
            finally:
                with self._lock:
                    self._running.discard(process)
        with words.open("rb") as file:
            text = file.read(_MOST_WORDS).decode(errors="replace")
        return Exit(code, text, words, printed.decode() if printed else "", self.stopping)

    def stop(self) -> int:
        """Ask all engines to end after the step under way; from the second time on, kill them. Says which time it is.

        A killed engine leaves its lock and its pending operations in the backend, where the next run finds them.
        """
        with self._lock:
            self._stops += 1
            which = signal.SIGINT if self._stops == 1 else signal.SIGKILL
            for process in self._running:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, which)
            return self._stops
