"""A Java process that outlives whoever started it, and is found again.

Owns      starting it detached, the file that says which process it is, and ending that one and no other.
Refuses   to trust a process id alone: the time of the process's start is compared too (sandbox/address.py).
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sandbox.address import process_start

STOP_SECONDS = 20.0
LOG_KEEPS = 5_000_000


class Process:
    """One process, known by the file `path`. `facts` are what its starter wants to find again with it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def _read(self) -> dict[str, Any]:
        try:
            found = json.loads(self.path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def pid(self) -> int:
        """The id of the live process; 0 where it does not live."""
        found = self._read()
        pid, started = int(found.get("pid", 0)), int(found.get("started", 0))
        # A child that has ended stays a zombie until it is asked for.
        with contextlib.suppress(ChildProcessError, OSError):
            os.waitpid(pid, os.WNOHANG) if pid else None
        return pid if pid and started and process_start(pid) == started else 0

    @property
    def facts(self) -> dict[str, Any]:
        """What the starter said of it."""
        return dict(self._read().get("facts", {}))

    def start(self, command: Sequence[str | Path], log: Path, facts: dict[str, Any] | None = None) -> int:
        """Start it in a session of its own, so that it lives on when its starter is killed; its id."""
        if log.exists() and log.stat().st_size > LOG_KEEPS:
            log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as sink:
            child = subprocess.Popen(  # noqa: S603 - a Java that was found, our own arguments
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                start_new_session=True,
                cwd=log.parent,
                env={name: value for name, value in os.environ.items() if not name.startswith("KAFKA_")},
            )
        # It is told from a later process with the same id by the time of its start; it may take a moment to be seen.
        text = json.dumps({"pid": child.pid, "started": process_start(child.pid), "facts": facts or {}})
        draft = self.path.with_name(f".{self.path.name}")
        draft.write_text(text, "utf-8")
        draft.replace(self.path)
        child.returncode = 0  # nobody waits for it through this object, which would warn when it goes
        return child.pid

    def stop(self, seconds: float = STOP_SECONDS) -> bool:
        """End it, first kindly; False where it did not live."""
        pid = self.pid
        if not pid:
            self.path.unlink(missing_ok=True)
            return False
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.pid:
            time.sleep(0.02)
        if self.pid:
            os.kill(pid, signal.SIGKILL)
            while self.pid:
                time.sleep(0.02)
        self.path.unlink(missing_ok=True)
        return True


def free_port(wanted: int = 0) -> int:
    """A port of this machine that nobody listens on: the wanted one where it is free."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return int(probe.getsockname()[1])
    raise OSError("no port of 127.0.0.1 is free")


def answers(port: int) -> bool:
    """Whether somebody listens on a port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log."""
    try:
        return "\n".join(log.read_text("utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
