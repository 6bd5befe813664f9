"""A server that belongs to the sandbox's process: started, waited for, stopped, and found again after a kill.

Owns      one child: its log, and the file that names it (process id and time of start).
Refuses   to end a process that it cannot tell to be its own: ids are reused, so the time of the start is compared.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sandbox.address import process_start

READY_SECONDS = 120
_STOP_SECONDS = 5
_LOG_BYTES = 20_000_000


class ServerError(Exception):
    """A server did not start; the text holds the end of its log."""


class Owned:
    """One server of a folder."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.name = name
        self.log = folder / f"{name}.log"
        self._file = folder / f"{name}.process.json"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, command: Sequence[str | Path], ready: Callable[[], bool]) -> None:
        """Start it and wait until it is ready; what a killed sandbox left running is ended first."""
        end_leftover(self._file)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.log.exists() and self.log.stat().st_size > _LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the binaries that the project pins
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # A group of its own: an interrupt at the terminal is the sandbox's to answer.
                start_new_session=True,
            )
        told = {"pid": self._process.pid, "started": process_start(self._process.pid)}
        self._file.write_text(json.dumps(told) + "\n", encoding="utf-8")
        deadline = time.monotonic() + READY_SECONDS
        while not ready():
            code = self._process.poll()
            if code is not None:
                raise ServerError(f"{self.name} ended with code {code} before it was ready:\n{self._tail()}")
            if time.monotonic() > deadline:
                self.stop()
                raise ServerError(f"{self.name} was not ready after {READY_SECONDS} s:\n{self._tail()}")
            time.sleep(0.05)

    def runs(self) -> bool:
        """Whether it was started here and still lives."""
        return self._process is not None and self._process.poll() is None

    def ask_to_stop(self) -> None:
        """Send the signal and don't wait: several servers stop at once."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def stop(self) -> None:
        """Stop it; kill it where it takes too long."""
        self.ask_to_stop()
        if self._process is not None:
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        self._file.unlink(missing_ok=True)

    def _tail(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
        return "\n".join(line[:400] for line in lines)


def end_leftover(file: Path) -> bool:
    """End the process that a file names, if it still is that process; whether one was ended."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        pid, started = int(told["pid"]), int(told["started"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
    found = started != 0 and process_start(pid) == started
    if found:
        for number, seconds in ((signal.SIGTERM, _STOP_SECONDS), (signal.SIGKILL, _STOP_SECONDS)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            deadline = time.monotonic() + seconds
            while process_start(pid) == started and time.monotonic() < deadline:
                time.sleep(0.02)
            if process_start(pid) != started:
                break
    file.unlink(missing_ok=True)
    return found


def free_port(wanted: int = 0) -> int:
    """A port of 127.0.0.1 that nobody has now: the wanted one where it is free."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            # Without it a port whose last connections are still being forgotten would seem taken.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ServerError("this machine has no free port on 127.0.0.1")
